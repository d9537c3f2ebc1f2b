"""A register of old codes or names becomes a layer; what is not sure waits for a person."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.imports.by_place import MatchedImport, import_matched
from phaenthi.layers.matching.match_decisions import keep_decisions
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem
from tests.layers.imports.stopping import Stopped
from tests.layers.office import state, write

VILLAGE_LIST = """รหัสหมู่บ้าน,ชื่อหมู่บ้าน
38010101,บ้านบึงกาฬเหนือ
38010102,บ้านท่าโพธิ์
38010201,บ้านโนนสมบูรณ์
38010202,บ้านโนนสวรรค์
38010203,บ้านหนองแสง
38010204,บ้านหนองแสง
46010201,บ้านหนองไผ่
"""
REGISTER = """ทะเบียนหมู่บ้านเป้าหมาย ปี 2553
ลำดับ,รหัสหมู่บ้าน,ชื่อหมู่บ้าน,หมู่ที่,ตำบล,อำเภอ,จังหวัด,โครงการ,ปีงบประมาณ
1,43030102,บ้านท่าโพธิ์,2,บึงกาฬ,บึงกาฬ,หนองคาย,สัมมาชีพชุมชน,2553
2,43030302,,,,,,สัมมาชีพชุมชน,2553
3,,บ้านหนองแสง,,โนนสมบูรณ์,บึงกาฬ,หนองคาย,หมู่บ้านเศรษฐกิจพอเพียง,2553
4,,บ้านหนองไผ่,,,เมืองกาฬสินธุ์,จ.กาฬสินธุ์,หมู่บ้านเศรษฐกิจพอเพียง,2553
5,,บ้านที่ไม่มี,,บึงกาฬ,บึงกาฬ,หนองคาย,หมู่บ้านเศรษฐกิจพอเพียง,2553
รวม,,,,,,,5,
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "workspace", salt="for tests")
    import_file(made, "villages", write(tmp_path, "villages.csv", VILLAGE_LIST))
    return made


@pytest.fixture
def imported(workspace: Workspace, tmp_path: Path) -> MatchedImport:
    return import_matched(workspace, "history", write(tmp_path, "history.csv", REGISTER))


def decide(
    imported: MatchedImport, path: Path, decisions: list[tuple[str, str]], by: str = "พัฒนากร"
) -> Path:
    """Fill in a queue: words of the place → decision."""
    assert imported.write_queue(path) == 2
    queue = pd.read_csv(path, dtype=str, keep_default_na=False)
    for words, decision in decisions:
        row = queue["สถานที่ตามแฟ้ม"].str.contains(words)
        assert row.sum() == 1
        queue.loc[row, ["คำตัดสิน", "ผู้ตัดสิน"]] = [decision, by]
    queue.to_csv(path, index=False, encoding="utf-8-sig")
    return path


def test_old_codes_and_names_become_villages_of_today(
    workspace: Workspace, imported: MatchedImport
) -> None:
    table = workspace.table("history")
    assert table["village_code"].tolist() == ["38010102", "38010202", "46010201"]
    assert set(table["fiscal_year"]) == {2553}
    by_name = imported.places.set_index("row")
    assert by_name.loc[3, "since"] == date(2011, 3, 23)
    source = imported.report.provenance
    assert (source.rows_read, source.rows_kept, source.rows_set_aside) == (6, 3, 3)
    assert workspace.set_aside("history")["row"].tolist() == [5, 7, 8]


def test_what_a_row_may_mean_is_told_village_by_village(
    workspace: Workspace, imported: MatchedImport
) -> None:
    possible = workspace.table("possible_targets")
    alike = possible[possible["row"] == 5]
    assert alike["village_code"].tolist() == ["38010203", "38010204"]
    assert set(alike["programme"]) == {"sufficiency-village"}
    # Of a name that is nowhere in its tambon it may be any village there.
    nowhere = possible[possible["row"] == 7]
    assert nowhere["village_code"].tolist() == ["38010101", "38010102"]


def test_the_evidence_of_each_place_is_kept(workspace: Workspace, imported: MatchedImport) -> None:
    evidence = workspace.table("matched_places").set_index("row")
    assert evidence.loc[3, "how"] == "successor_name_and_moo"
    assert evidence.loc[3, "since"] == "2011-03-23"
    assert evidence.loc[5, "how"] == "several_alike"


def test_a_decision_holds_for_the_next_file_of_the_source(
    workspace: Workspace, imported: MatchedImport, tmp_path: Path
) -> None:
    queue = decide(imported, tmp_path / "queue.csv", [("หนองแสง", "2"), ("ที่ไม่มี", "ไม่มี")])
    keep_decisions(workspace, queue, decided_on=date(2020, 1, 2))
    assert len(workspace.table("decisions")) == 2
    longer = REGISTER.replace("รวม,", "6,46010201,,,,,,สัมมาชีพชุมชน,2553\nรวม,")
    again = import_matched(workspace, "history", write(tmp_path, "next.csv", longer))
    assert {"38010204", "46010201"} <= set(workspace.table("history")["village_code"])
    assert workspace.table("possible_targets").empty
    assert again.write_queue(tmp_path / "empty.csv") == 0


def test_a_decision_of_another_source_does_not_hold(
    workspace: Workspace, imported: MatchedImport, tmp_path: Path
) -> None:
    keep_decisions(workspace, decide(imported, tmp_path / "queue.csv", [("หนองแสง", "1")]))
    path = write(tmp_path, "other.csv", REGISTER)
    other = import_matched(workspace, "history", path, source="อีกแหล่ง")
    assert other.write_queue(tmp_path / "q.csv") == 2


@pytest.mark.parametrize(
    ("decision", "by", "message"),
    [
        ("9", "ก", "layers.decision_unreadable"),
        ("46010299", "ก", "layers.decision_unknown_village"),
        ("1", "", "layers.decision_without_name"),
    ],
)
def test_a_decision_that_cannot_hold_is_refused_with_its_row(
    workspace: Workspace,
    imported: MatchedImport,
    tmp_path: Path,
    decision: str,
    by: str,
    message: str,
) -> None:
    before = state(workspace)
    path = decide(imported, tmp_path / "queue.csv", [("หนองแสง", decision)], by)
    with pytest.raises(Problem) as raised:
        keep_decisions(workspace, path)
    assert raised.value.message_id == message
    assert raised.value.row == 2
    assert state(workspace) == before


def test_a_queue_without_any_decision_is_refused(
    workspace: Workspace, imported: MatchedImport, tmp_path: Path
) -> None:
    with pytest.raises(Problem) as raised:
        keep_decisions(workspace, decide(imported, tmp_path / "queue.csv", []))
    assert raised.value.message_id == "layers.no_decision"


def test_undo_takes_back_the_layer_with_its_evidence(
    workspace: Workspace, imported: MatchedImport
) -> None:
    assert workspace.undo() == "history"
    assert workspace.layers == ("villages",)


def test_a_register_with_neither_codes_nor_names_is_refused(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = write(tmp_path, "bare.csv", "โครงการ,ปีงบประมาณ\nสัมมาชีพชุมชน,2553\n")
    with pytest.raises(Problem) as raised:
        import_matched(workspace, "history", path)
    assert raised.value.message_id == "layers.no_place_columns"


def test_a_code_that_cannot_be_read_is_refused_with_its_row(
    workspace: Workspace, tmp_path: Path
) -> None:
    text = "รหัสหมู่บ้าน,โครงการ,ปีงบประมาณ\n46010201,สัมมาชีพชุมชน,2553\n4601020,สัมมาชีพชุมชน,2553\n"
    with pytest.raises(Problem) as raised:
        import_matched(workspace, "history", write(tmp_path, "bad.csv", text))
    assert (raised.value.message_id, raised.value.row) == ("geo.code_unreadable", 3)


def test_beneficiaries_and_history_keep_their_own_possible_rows(
    workspace: Workspace, imported: MatchedImport, tmp_path: Path
) -> None:
    text = (
        "รหัสครัวเรือน,ชื่อหมู่บ้าน,ตำบล,อำเภอ,จังหวัด,โครงการ,ปีงบประมาณ\n"
        "1,บ้านหนองแสง,โนนสมบูรณ์,เมืองบึงกาฬ,บึงกาฬ,สัมมาชีพชุมชน,2553\n"
        "2,บ้านท่าโพธิ์,บึงกาฬ,เมืองบึงกาฬ,บึงกาฬ,สัมมาชีพชุมชน,2553\n"
    )
    import_matched(workspace, "beneficiaries", write(tmp_path, "b.csv", text))
    assert workspace.table("beneficiaries")["village_code"].tolist() == ["38010102"]
    possible = workspace.table("possible_targets")
    assert set(possible["layer"]) == {"history", "beneficiaries"}


def test_decisions_stopped_at_each_step_on_the_disk_are_kept_whole_or_not_at_all(
    workspace: Workspace,
    imported: MatchedImport,
    tmp_path: Path,
    stop_at: Callable[[int], list[int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = decide(imported, tmp_path / "queue.csv", [("หนองแสง", "2")])
    outcomes = []
    for step in range(1, 60):
        before = state(Workspace.open(workspace.folder))
        calls = stop_at(step)
        with contextlib.suppress(Stopped):
            keep_decisions(Workspace.open(workspace.folder), path)
        monkeypatch.undo()
        survivor = Workspace.open(workspace.folder)
        changed = survivor.generation != before["generation"]
        outcomes.append(changed)
        if changed:
            assert survivor.table("decisions")["village_code"].tolist() == ["38010204"]
            survivor.undo()
        else:
            assert state(survivor) == before
        if calls[0] < step:
            break
    assert (outcomes[0], outcomes[-1]) == (False, True)
