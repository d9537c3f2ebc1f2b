"""Which column is which: proposed, corrected, remembered; headers in several rows; Thai days."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phaenthi.layers.contracts.catalogue import contract_of
from phaenthi.layers.imports.by_place import import_matched
from phaenthi.layers.registers.mapping import (
    correct,
    load_mapping,
    open_mapped,
    propose,
    save_mapping,
)
from phaenthi.layers.tables.thai_dates import read_date
from phaenthi.wording import Problem
from tests.layers.office import open_office, write

HISTORY = contract_of("history")
FILE = """ที่,รหัสมท.,บ้าน,โครงการที่ได้รับ,วันที่อนุมัติ,ผู้ประสานงาน
1,46010201,บ้านหนองไผ่,สัมมาชีพชุมชน,1 ต.ค. 2561,นายสมชาย ใจดี
2,46010202,บ้านโนนสูง,สัมมาชีพชุมชน,๓๐/๐๙/๒๕๖๑,นางสมหญิง ใจดี
"""


def test_columns_are_proposed_with_the_reason_and_a_sample(tmp_path: Path) -> None:
    proposal = propose(write(tmp_path, "f.csv", FILE), HISTORY)
    assert proposal.mapping.columns["village_code"] == "รหัสมท."
    assert proposal.mapping.columns["place_name"] == "บ้าน"
    table = proposal.columns.set_index("header")
    assert table.loc["บ้าน", "samples"] == "บ้านหนองไผ่, บ้านโนนสูง"
    # What nobody knows may be about a person: no sample of it is shown.
    assert table.loc["ผู้ประสานงาน", "samples"] == ""


def test_a_corrected_mapping_is_remembered_and_read_the_same(tmp_path: Path) -> None:
    path = write(tmp_path, "f.csv", FILE)
    mapping = correct(
        propose(path, HISTORY, source="ทะเบียนอำเภอ").mapping,
        HISTORY,
        columns={"programme": "โครงการที่ได้รับ", "fiscal_year_date": "วันที่อนุมัติ"},
    )
    save_mapping(mapping, tmp_path / "mapping.yaml")
    loaded = load_mapping(tmp_path / "mapping.yaml")
    assert loaded == mapping
    workspace = open_office(tmp_path)
    import_matched(workspace, "history", path, mapping=loaded)
    assert workspace.table("history")["fiscal_year"].tolist() == [2562, 2561]


def test_a_column_that_the_layer_does_not_have_cannot_be_mapped(tmp_path: Path) -> None:
    mapping = propose(write(tmp_path, "f.csv", FILE), HISTORY).mapping
    with pytest.raises(Problem) as raised:
        correct(mapping, HISTORY, columns={"income": "ที่"})
    assert raised.value.message_id == "layers.mapping_column_unknown"


def test_a_file_without_a_mapped_header_is_refused(tmp_path: Path) -> None:
    mapping = propose(write(tmp_path, "f.csv", FILE), HISTORY).mapping
    other = write(tmp_path, "g.csv", FILE.replace("รหัสมท.", "เลขที่"))
    with (
        pytest.raises(Problem) as raised,
        open_mapped(other, HISTORY, mapping),
    ):
        pass
    assert raised.value.message_id == "layers.mapping_header_missing"


def test_a_damaged_mapping_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(Problem) as raised:
        load_mapping(write(tmp_path, "m.yaml", "source: [1"))
    assert raised.value.message_id == "layers.mapping_unreadable"


@pytest.mark.parametrize(
    ("headers", "shape"),
    [
        ("ADM3_PCODE,ADM3_TH,ADM2_PCODE,ADM2_TH,ADM1_PCODE,ADM1_TH", "cod_ab_adm3"),
        ("NAME_3,NL_NAME_3,CC_3,NL_NAME_2,NL_NAME_1", "gadm"),
        ("TA_ID,TAMBON_T,AM_ID,AMPHOE_T,CH_ID,CHANGWAT_T,LAT,LONG", "dopa_ta"),
        ("VILL_ID,NAME,TAM_NAME,AMP_NAME,PRV_NAME", "village_points_2012"),
    ],
)
def test_known_shapes_are_recognised_without_asking(
    tmp_path: Path, headers: str, shape: str
) -> None:
    row = ",".join("1" for _ in headers.split(","))
    proposal = propose(write(tmp_path, "f.csv", f"{headers}\n{row}\n"), HISTORY)
    assert proposal.shape == shape
    assert "place_province" in proposal.mapping.columns


def test_merged_headers_in_two_rows_are_one_header_a_column(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["ทะเบียนหมู่บ้านเป้าหมาย"])
    sheet.append(["ที่", "สถานที่", None, None, "โครงการ", "ปีงบประมาณ", "ครัวเรือน", None])
    sheet.append([None, "หมู่บ้าน", "ตำบล", "อำเภอ", None, None, "ชาย", "หญิง"])
    sheet.append([1, "บ้านหนองไผ่", "เหนือ", "เมืองกาฬสินธุ์", "สัมมาชีพชุมชน", "๒๕๖๒", 3, 4])
    sheet.append(["รวม", None, None, None, None, None, 3, 4])
    for merged in ("A2:A3", "B2:D2", "E2:E3", "F2:F3", "G2:H2", "A1:H1"):
        sheet.merge_cells(merged)
    path = tmp_path / "merged.xlsx"
    book.save(path)
    with open_mapped(path, HISTORY, None) as table:
        assert table.headers == (
            *("ที่", "หมู่บ้าน", "ตำบล", "อำเภอ", "โครงการ", "ปีงบประมาณ"),
            *("ครัวเรือน / ชาย", "ครัวเรือน / หญิง"),
        )
        assert table.frame.collect()["row number"].to_list() == [4, 5]
    workspace = open_office(tmp_path)
    result = import_matched(workspace, "history", path)
    assert workspace.table("history")["fiscal_year"].tolist() == [2562]
    assert workspace.set_aside("history")["reason"].tolist() == ["layers.set_aside.total_row"]
    assert result.places["how"].tolist() == ["name_in_tambon"]


@pytest.mark.parametrize(
    "text",
    [
        "2562-10-01",
        "2019-10-01 00:00:00",
        "1/10/2562",
        "๑ ต.ค. ๒๕๖๒",
        "1 ตุลาคม พ.ศ. 2562",
        "01.10.2019",
    ],
)
def test_a_day_is_read_however_an_office_writes_it(text: str) -> None:
    assert read_date(text) == date(2019, 10, 1)


@pytest.mark.parametrize("text", ["1/10/62", "31/2/2562", "ตุลาคม", "", "12/13/2562"])
def test_what_is_no_day_for_certain_is_not_read(text: str) -> None:
    assert read_date(text) is None


@given(day=st.dates(date(1960, 1, 1), date(2100, 12, 31)))
def test_a_day_written_in_thai_years_is_read_back(day: date) -> None:
    assert read_date(f"{day.day}/{day.month}/{day.year + 543}") == day
    assert read_date(f"{day.year + 543}-{day.month:02d}-{day.day:02d}") == day


def test_the_mapping_of_another_layer_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "f.csv", FILE)
    mapping = propose(path, contract_of("beneficiaries")).mapping
    with pytest.raises(Problem) as raised:
        import_matched(open_office(tmp_path), "history", path, mapping=mapping)
    assert raised.value.message_id == "layers.mapping_of_other_layer"
