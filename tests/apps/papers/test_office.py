"""The office's own settings: read with clear errors, and dotted lines where they are silent."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from docx import Document
from PIL import Image

from phaenthi.apps.papers.letter import write_letter, write_memo
from phaenthi.apps.papers.office import OFFICE_FILE, Office, read_office
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem
from tests.apps.demo_plan import demo_publication, demo_workspace

SETTINGS = """
name: สำนักงานพัฒนาชุมชนจังหวัดเลย
division: กลุ่มงานยุทธศาสตร์การพัฒนาชุมชน
telephone: "0 4281 1111"
number_prefix: ลย 0019
address: |
  ถนนมลิวรรณ
  อำเภอเมืองเลย ลย 42000
emblem: emblem.png
memo_signer: {position: พัฒนาการจังหวัดเลย}
letter_signer: {name: นายตัวอย่าง สมมติ, position: ผู้ว่าราชการจังหวัดเลย}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    folder = tmp_path / "workspace"
    shutil.copytree(demo_workspace().folder, folder)
    return Workspace.open(folder)


def settle(workspace: Workspace, text: str) -> None:
    (workspace.folder / OFFICE_FILE).write_text(text, encoding="utf-8")


def refusal(workspace: Workspace) -> Problem:
    with pytest.raises(Problem) as refused:
        read_office(workspace)
    assert refused.value.file == OFFICE_FILE
    return refused.value


def text_of(path: Path) -> str:
    document = Document(str(path))
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_without_settings_everything_is_empty(workspace):
    assert read_office(workspace) == Office()


def test_an_empty_file_sets_nothing(workspace):
    settle(workspace, "# nothing yet\n")
    assert read_office(workspace) == Office()


def test_what_the_office_says_of_itself_stands_on_its_letters(workspace, tmp_path):
    settle(workspace, SETTINGS)
    Image.new("RGB", (60, 66), "black").save(workspace.folder / "emblem.png")
    publication = Publication.of(demo_publication().plan, workspace)
    write_memo(publication, tmp_path / "memo.docx")
    write_letter(publication, tmp_path / "letter.docx")
    memo, letter = text_of(tmp_path / "memo.docx"), text_of(tmp_path / "letter.docx")
    assert "พัฒนาการจังหวัดเลย" in memo
    assert "ลย ๐๐๑๙/" in memo
    assert "โทร. ๐ ๔๒๘๑ ๑๑๑๑" in memo
    assert "(นายตัวอย่าง สมมติ)" in letter
    assert "ผู้ว่าราชการจังหวัดเลย" in letter
    assert "อำเภอเมืองเลย ลย ๔๒๐๐๐" in letter
    assert "ตราครุฑ" not in memo + letter
    assert len(Document(str(tmp_path / "letter.docx")).inline_shapes) == 1


def test_what_only_the_office_knows_is_a_dotted_line(tmp_path):
    write_memo(demo_publication(), tmp_path / "memo.docx")
    write_letter(demo_publication(), tmp_path / "letter.docx")
    letter = text_of(tmp_path / "letter.docx")
    assert "(ตราครุฑ)" in letter
    assert "(........................................)" in letter
    assert "ตำแหน่ง ......" in letter
    assert "ลงวันที่ ......" in letter
    assert "ตำแหน่ง ......" in text_of(tmp_path / "memo.docx")


def test_a_broken_file_is_named_with_its_line(workspace):
    settle(workspace, "name: ก\naddress: [เปิดแล้วไม่ปิด\ntelephone: 1\n")
    problem = refusal(workspace)
    assert problem.message_id == "papers.office_unreadable"
    assert problem.row is not None


def test_a_file_in_another_encoding_is_refused(workspace):
    (workspace.folder / OFFICE_FILE).write_bytes("name: สพจ.".encode("cp874"))
    assert refusal(workspace).message_id == "papers.office_unreadable"


def test_an_unknown_setting_is_named_beside_the_known_ones(workspace):
    settle(workspace, "phone: '1'\n")
    problem = refusal(workspace)
    assert problem.message_id == "papers.office_field_unknown"
    assert problem.values["field"] == "phone"
    assert "telephone" in str(problem.values["known"])


def test_a_number_where_text_belongs_is_refused(workspace):
    settle(workspace, "telephone: 4281\n")
    problem = refusal(workspace)
    assert (problem.message_id, problem.values["field"]) == (
        "papers.office_field_wrong",
        "telephone",
    )


def test_a_list_is_no_settings(workspace):
    settle(workspace, "- name\n")
    assert refusal(workspace).message_id == "papers.office_field_wrong"


def test_an_emblem_that_is_not_there_is_told(workspace):
    settle(workspace, "emblem: krut.png\n")
    assert refusal(workspace).message_id == "papers.emblem_missing"


def test_a_control_character_is_refused_by_the_name_of_its_setting(workspace: Workspace) -> None:
    settle(workspace, 'memo_signer: {name: "นาย\\x00ตัวอย่าง"}')
    told = refusal(workspace).sentence("th")
    assert "memo_signer.name" in told
    assert "U+0000" in told
