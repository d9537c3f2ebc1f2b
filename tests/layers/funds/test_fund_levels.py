"""The table of funds by amphoe and level: as it is printed, however it is headed."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from phaenthi.data import ALLOTMENTS
from phaenthi.layers.funds.level_file import read
from phaenthi.layers.funds.levels import areas_without_count, count_header, printed_table
from phaenthi.layers.funds.summary import choropleth, figures
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem
from tests.layers.office import write

OFFICIAL = ALLOTMENTS / "loei_fund_levels_2567_by_amphoe.csv"
YEAR = {"year": "2567"}


@pytest.fixture
def loei(tmp_path: Path) -> Workspace:
    workspace = Workspace.create(tmp_path / "w", salt="s")
    import_file(workspace, "fund_levels", OFFICIAL, constants=YEAR)
    return workspace


def test_loei_has_508_savings_groups_456_poverty_funds_and_436_mother_funds(
    loei: Workspace,
) -> None:
    table = printed_table(loei.table("fund_levels"))
    assert len(table) == 15
    whole = table.iloc[-1]
    assert whole["area_code"] == ""
    assert (whole["savings_total"], whole["savings_1"], whole["savings_2"], whole["savings_3"]) == (
        *(508, 100, 127, 281),
    )
    assert [whole[f"poverty_fund_{name}"] for name in ("total", "1", "2", "3")] == [456, 4, 63, 389]
    assert [whole[f"mother_of_land_{name}"] for name in ("total", "A", "B", "C")] == [
        *(436, 78, 349, 9),
    ]
    assert loei.provenance("fund_levels") is not None
    assert not loei.made_up


def test_levels_are_the_right_way_round_281_of_508_are_good(loei: Workspace) -> None:
    by_kind = {one.kind: one for one in figures(loei.table("fund_levels"))}
    assert by_kind["savings"].percent_good == pytest.approx(55.31, abs=0.01)
    assert by_kind["poverty_fund"].by_level == {"1": 4, "2": 63, "3": 389}
    # Nobody says which of A, B and C is best.
    assert by_kind["mother_of_land"].percent_good is None


def test_the_map_shows_where_most_is_to_be_improved(loei: Workspace) -> None:
    table = choropleth(loei.table("fund_levels"), "savings").set_index("name")
    shares = table["percent_to_improve"]
    assert shares.idxmax() == "นาแห้ว"
    assert shares["นาแห้ว"] == pytest.approx(85.7, abs=0.05)
    assert shares["ท่าลี่"] == pytest.approx(84.4, abs=0.05)
    assert shares.idxmin() == "เอราวัณ"
    assert shares["เมืองเลย"] == pytest.approx(21.7, abs=0.05)
    mother = choropleth(loei.table("fund_levels"), "mother_of_land").set_index("name")
    assert mother["percent_A"]["ผาขาว"] == pytest.approx(75.0)
    assert "percent_to_improve" not in mother


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("osg_total", ("savings", "total")),
        ("osg_level1", ("savings", "1")),
        ("maefund_A", ("mother_of_land", "A")),
        ("kkj_level3", ("poverty_fund", "3")),
        ("กลุ่มออมทรัพย์ฯ / ๑", ("savings", "1")),
        ("กลุ่มออมทรัพย์เพื่อการผลิต / จำนวน", ("savings", "total")),
        ("จำนวนกลุ่มออมทรัพย์เพื่อการผลิต", ("savings", "total")),
        ("กข.คจ. / ระดับ / 2", ("poverty_fund", "2")),
        ("กข.คจ. ระดับ 3", ("poverty_fund", "3")),
        ("กองทุนแม่ของแผ่นดิน / C", ("mother_of_land", "C")),
        ("กลุ่มออมทรัพย์ฯ ปานกลาง", ("savings", "2")),
        ("กองทุนหมู่บ้าน", ("village_fund", "total")),
        ("กลุ่มออมทรัพย์ฯ / A", None),
        ("กลุ่มออมทรัพย์ฯ / เงินออม", None),
        ("อำเภอ", None),
    ],
)
def test_a_header_says_kind_and_level(header: str, found: tuple[str, str] | None) -> None:
    assert count_header(header) == found


def merged_workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["ตารางเป้าหมายการตรวจสุขภาพทางการเงิน จังหวัดเลย"])
    sheet.append(["ที่", "อำเภอ", "กลุ่มออมทรัพย์ฯ", *[None] * 3, "กข.คจ.", *[None] * 3, "กองทุนแม่ฯ"])
    sheet.append([None, None, *["จำนวน", "1", "2", "3"] * 2, "จำนวน", "A", "B", "C"])
    sheet.append([1, "เมืองเลย", 60, 13, 0, 47, 33, 0, 0, 33, 28, 2, 26, 0])
    sheet.append([2, "อ.นาด้วง", "๓๐", 3, 7, 20, 27, 0, 5, 22, 23, 5, 18, "-"])
    sheet.append(["", "รวม", 90, 16, 7, 67, 60, 0, 5, 55, 51, 7, 44, 0])
    sheet.merge_cells("A1:N1")
    for cells in ("A2:A3", "B2:B3", "C2:F2", "G2:J2", "K2:N2"):
        sheet.merge_cells(cells)
    book.save(path)
    return path


def test_a_workbook_headed_in_merged_cells_is_read_as_it_is_printed(tmp_path: Path) -> None:
    file = merged_workbook(tmp_path / "เลย.xlsx")
    reading = read(file, constants={**YEAR, "province": "เลย"})
    table = reading.table.to_pandas()
    shown = printed_table(table)
    assert shown["area_code"].tolist() == ["4201", "4202", ""]
    assert shown["savings_total"].tolist() == [60, 30, 90]
    assert shown["mother_of_land_C"].tolist() == [0, 0, 0]
    assert [reason.rpartition(".")[2] for reason in reading.set_aside["reason"]] == ["total_row"]
    assert not [note for note in reading.notes if "differs" in note.message_id]


def test_names_of_amphoe_need_their_province(tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        read(merged_workbook(tmp_path / "t.xlsx"), constants=YEAR)
    assert caught.value.message_id == "layers.province_needed"


def test_an_amphoe_that_is_not_in_the_province_is_set_aside_and_not_guessed(
    tmp_path: Path,
) -> None:
    text = "อำเภอ,กลุ่มออมทรัพย์ฯ,ออมทรัพย์ ระดับ 1\nบึงสามพัน,5,5\nเมืองเลย,7,7\n"
    reading = read(write(tmp_path, "t.csv", text), constants={**YEAR, "province": "42"})
    assert reading.table["area_code"].unique().to_list() == ["4201"]
    assert reading.set_aside["found"].tolist() == ["บึงสามพัน"]


def test_totals_that_do_not_add_up_are_told_of_and_not_corrected(tmp_path: Path) -> None:
    text = (
        "amphoe_code,osg_total,osg_level1,osg_level2,osg_level3\n"
        "4201,61,13,0,47\n4202,30,3,7,20\nรวม,91,16,7,67\n"
    )
    reading = read(write(tmp_path, "t.csv", text), constants=YEAR)
    notes = {note.message_id: note.values for note in reading.notes}
    assert notes["layers.notes.total_of_levels_differs"] == {
        "area": "เมืองเลย",
        "kind": "กลุ่มออมทรัพย์เพื่อการผลิต",
        "printed": 61,
        "found": 60,
    }
    assert "layers.notes.total_row_differs" not in notes
    assert reading.table["funds"].sum() == 90


def test_a_printed_sum_that_its_rows_do_not_give_is_told_of(tmp_path: Path) -> None:
    text = "รหัสอำเภอ,กข.คจ.,กข.คจ. ระดับ 1\n4201,5,5\n4202,6,6\nรวม,12,11\n"
    reading = read(write(tmp_path, "t.csv", text), constants=YEAR)
    (note,) = reading.notes
    assert note.message_id == "layers.notes.total_row_differs"
    assert (note.values["printed"], note.values["found"]) == (12, 11)


def test_funds_that_are_counted_without_levels_have_an_unknown_one(tmp_path: Path) -> None:
    text = "รหัสอำเภอ,กองทุนพัฒนาบทบาทสตรี,กลุ่มออมทรัพย์ฯ\n4201,14,60\n"
    reading = read(write(tmp_path, "t.csv", text), constants=YEAR)
    assert set(reading.table["level"].to_list()) == {"unknown"}
    by_kind = {one.kind: one for one in figures(reading.table.to_pandas())}
    assert by_kind["savings"].funds == 60
    assert by_kind["savings"].percent_good is None


def test_a_row_a_count_is_read_as_well(tmp_path: Path) -> None:
    text = (
        "รหัสอำเภอ,ประเภทกองทุน,ระดับ,ปี,จำนวน\n4201,กลุ่มออมทรัพย์ฯ,ระดับ 3 (ดี),2567,47\n"
        '4201,กองทุนแม่ฯ,A,2567,"1,002"\n4201,กองทุนลับ,1,2567,3\n'
    )
    reading = read(write(tmp_path, "t.csv", text))
    assert sorted(reading.table.rows()) == [
        ("4201", "mother_of_land", "A", 2567, 1002),
        ("4201", "savings", "3", 2567, 47),
    ]
    assert len(reading.set_aside) == 1


def test_a_table_that_counts_the_other_way_is_turned_when_it_says_so(tmp_path: Path) -> None:
    text = "amphoe_code,osg_level1,osg_level2,osg_level3,maefund_A\n4201,47,0,13,2\n"
    turned = read(
        write(tmp_path, "t.csv", text), constants={**YEAR, "level_order": "1_is_good"}
    ).table.to_pandas()
    shown = printed_table(turned).iloc[0]
    assert (shown["savings_1"], shown["savings_3"], shown["mother_of_land_A"]) == (13, 47, 2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("amphoe_code,osg_total\n4201,หกสิบ\n", "layers.number_unreadable"),
        ("amphoe_code,osg_total\n42x1,60\n", "geo.code_unreadable"),
        ("amphoe_code,osg_total\n4201,60\n4201,60\n", "layers.area_twice"),
        ("amphoe_code,เงินออม\n4201,60\n", "layers.fund_columns_missing"),
        ("หมายเหตุ,osg_total\n4201,60\n", "layers.area_codes_missing"),
    ],
)
def test_what_cannot_be_trusted_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(Problem) as caught:
        read(write(tmp_path, "t.csv", text), constants=YEAR)
    assert caught.value.message_id == message


def test_the_year_of_assessment_must_be_said() -> None:
    with pytest.raises(Problem) as caught:
        read(OFFICIAL)
    assert caught.value.message_id == "layers.column_missing"


def test_amphoe_that_the_table_leaves_out_are_named(loei: Workspace) -> None:
    table = loei.table("fund_levels")
    assert areas_without_count(table, ["42"]).empty
    left = table[table["area_code"] != "4212"]
    assert areas_without_count(left, ["42"])["name_th"].tolist() == ["ผาขาว"]


def test_an_empty_layer_gives_empty_tables(tmp_path: Path) -> None:
    nothing = Workspace.create(tmp_path / "w", salt="s").table("fund_levels")
    assert printed_table(nothing).empty
    assert figures(nothing) == ()
    assert choropleth(nothing, "savings").empty
    assert len(areas_without_count(nothing, ["42"])) == 14
