"""The register can be printed and filed: codes as text, years in พ.ศ., headings on every page."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from phaenthi.apps.papers.register import write_register
from phaenthi.apps.papers.workbook import Sheet, write_workbook
from phaenthi.targeting.plan.record import Override
from phaenthi.wording import Problem
from tests.apps.demo_plan import demo_publication

SHEETS = ["ทะเบียนหมู่บ้านเป้าหมาย", "สำรอง", "ทุกหมู่บ้าน", "สรุปรายอำเภอ", "ที่มาและกติกา"]


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    path = tmp_path_factory.mktemp("register") / "register.xlsx"
    write_register(demo_publication(), path)
    return openpyxl.load_workbook(path)


def head_row(page: Worksheet) -> int:
    return int(str(page.print_title_rows).strip("$").split(":")[0])


def records(page: Worksheet) -> list[dict[str, object]]:
    first = head_row(page)
    heads = [str(cell.value) for cell in page[first]]
    rows = page.iter_rows(min_row=first + 1, values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_the_register_has_its_sheets_in_order(register):
    assert register.sheetnames == SHEETS


def test_target_villages_stand_by_their_places(register):
    rows = records(register["ทะเบียนหมู่บ้านเป้าหมาย"])
    plan = demo_publication().plan
    assert [row["ลำดับ"] for row in rows] == list(range(1, 12))
    assert {row["รหัสหมู่บ้าน"] for row in rows} == set(plan.result("42").chosen)
    assert all(row["เหตุผล"] for row in rows)


def test_every_village_has_a_verdict_and_a_reason(register):
    rows = records(register["ทุกหมู่บ้าน"])
    assert len(rows) == len(demo_publication().plan.units)
    assert {row["ผลตามเกณฑ์"] for row in rows} == {"ผ่าน", "ไม่ผ่าน", "ยังไม่ทราบ"}
    assert all(row["เหตุผล"] for row in rows)


def test_codes_are_text_in_excel(register):
    page = register["ทุกหมู่บ้าน"]
    cell = page.cell(head_row(page) + 1, 1)
    assert cell.value.isdigit()
    assert (cell.data_type, cell.number_format) == ("s", "@")


def test_the_amphoe_add_up_to_the_total(register):
    *rows, total = records(register["สรุปรายอำเภอ"])
    for name in ("หมู่บ้านทั้งหมด", "เป้าหมาย", "สำรอง", "ไม่เข้าเกณฑ์"):
        assert sum(int(str(row[name])) for row in rows) == total[name]
    assert total["เป้าหมาย"] == 11


def test_headings_stay_in_sight_and_on_every_page(register):
    for page in register:
        first = head_row(page)
        assert page.freeze_panes == f"A{first + 1}"
        assert page.page_setup.orientation == "landscape"
        assert page.sheet_properties.pageSetUpPr.fitToPage


def test_days_are_written_in_thai_with_the_buddhist_year(register):
    page = register["ทะเบียนหมู่บ้านเป้าหมาย"]
    above = [str(page.cell(row, 1).value) for row in range(1, head_row(page))]
    assert any("2 ธันวาคม 2562" in line for line in above)


def test_the_sources_sheet_names_clauses_readings_layers_and_proof(register):
    rows = records(register["ที่มาและกติกา"])
    subjects = {row["เรื่อง"] for row in rows}
    assert {"เอกสารแนวทาง", "ข้อพิสูจน์", "กติกา", "ทางตีความที่ใช้", "ชั้นข้อมูล"} <= subjects
    told = "\n".join(str(row["รายละเอียด"]) for row in rows)
    assert demo_publication().plan.programme_digest in told
    assert all(digest in told for digest in demo_publication().plan.inputs.values())


def test_a_decision_against_the_proposal_is_told_with_its_reason(tmp_path):
    plain = demo_publication().plan
    left_out = plain.result("42").chosen[0]
    decision = Override(left_out, "out", "หมู่บ้านขอถอนตัว", "ศจพ.อ.เมืองเลย")
    write_register(demo_publication(decision), tmp_path / "register.xlsx")
    book = openpyxl.load_workbook(tmp_path / "register.xlsx")
    told = [row for row in records(book["ที่มาและกติกา"]) if row["รายการ"] == left_out]
    assert len(told) == 1
    assert "หมู่บ้านขอถอนตัว" in str(told[0]["รายละเอียด"])
    assert "ศจพ.อ.เมืองเลย" in str(told[0]["รายละเอียด"])


def test_the_register_speaks_english_when_asked(tmp_path):
    write_register(demo_publication(), tmp_path / "register.xlsx", "en")
    book = openpyxl.load_workbook(tmp_path / "register.xlsx")
    assert book.sheetnames[0] == "Target villages"
    assert records(book["Target villages"])[0]["Village code"]


def one_sheet(*rows: list[str | int | None]) -> Sheet:
    return Sheet("ก", "ทะเบียน", [], [], ["รหัส", "ชื่อ"], rows)


def test_a_name_that_begins_with_an_equals_sign_is_no_formula(tmp_path):
    path = tmp_path / "a.xlsx"
    write_workbook([one_sheet(["01010101", "=HYPERLINK(1)"])], path, "ก", "th")
    cell = openpyxl.load_workbook(path)["ก"]["B3"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_a_workbook_that_would_not_read_back_is_not_put_in_place(tmp_path: Path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"the register of yesterday")
    # Excel holds 32,767 characters a cell.
    with pytest.raises(Problem) as refused:
        write_workbook([one_sheet(["01010101", "ก" * 40_000])], path, "ก", "th")
    assert refused.value.message_id == "geo.export_differs"
    assert (refused.value.sheet, refused.value.row, refused.value.column) == ("ก", 3, "ชื่อ")
    assert path.read_bytes() == b"the register of yesterday"
