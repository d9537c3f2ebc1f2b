"""Control characters on every way in: tables lose them with a note, written words are refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.imports.by_place import import_matched
from phaenthi.layers.matching.match_decisions import keep_decisions
from tests.layers.office import VILLAGE_LIST, open_office, write

REGISTER = """อำเภอ,จังหวัด,ตำบล,ชื่อหมู่บ้าน,โครงการ,ปีงบประมาณ
เมืองกาฬสินธุ์,กาฬสินธุ์,เหนือ,=บ้านที่ไม่มี,สัมมาชีพชุมชน,2562
"""


def test_an_import_tells_how_many_it_left_out(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    hostile = VILLAGE_LIST.replace("บ้านโนนสูง", "บ้าน\x00โนน\u202eสูง")
    report = import_file(workspace, "villages", write(tmp_path, "again.csv", hostile))
    assert "บ้านโนนสูง" in workspace.table("villages")["name_th"].tolist()
    [told] = [note for note in report.notes if note.message_id.endswith("stray_characters")]
    assert "2" in told.sentence("th")
    assert "2" in told.sentence("en")


def test_decisions_lose_them_and_keep_the_place_that_a_spreadsheet_might_run(
    tmp_path: Path,
) -> None:
    workspace = open_office(tmp_path)
    path = write(tmp_path, "history.csv", REGISTER)
    waiting = import_matched(workspace, "history", path)
    assert waiting.write_queue(tmp_path / "queue.csv") == 1
    queue = pd.read_csv(tmp_path / "queue.csv", dtype=str, keep_default_na=False)
    assert not queue["สถานที่ตามแฟ้ม"].str.startswith("=").any()
    queue[["คำตัดสิน", "ผู้ตัดสิน"]] = ["46010301", "พัฒนา\x07การ"]
    queue.to_csv(tmp_path / "queue.csv", index=False, encoding="utf-8-sig")
    report = keep_decisions(workspace, tmp_path / "queue.csv")
    assert [note.message_id for note in report.notes] == ["layers.notes.stray_characters"]
    assert workspace.table("decisions")["decided_by"].tolist() == ["พัฒนาการ"]
    again = import_matched(workspace, "history", path)
    assert again.places["how"].tolist() == ["decided"]
