"""Registers become layers: headers in Thai or English, cells as people fill them in."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import polars as pl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from phaenthi.layers.contracts.catalogue import CONTRACTS
from phaenthi.layers.contracts.contract import Column, Kind
from phaenthi.layers.contracts.names import LAYERS
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.registers.cells import UNKNOWN_MARKS, said, value_of
from phaenthi.layers.registers.programme_names import find_programme, programmes
from phaenthi.layers.registers.reading import find_headers
from phaenthi.layers.tables.fiscal_year import FiscalYear
from phaenthi.layers.tables.table_file import plain_header
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import LANGUAGES, Problem, has, say
from tests.layers.office import HOUSEHOLDS, VILLAGE_LIST, open_office, write
from tests.layers.tables.test_tablefile import write_workbook


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_office(tmp_path)


def notes(report: object) -> str:
    return "\n".join(note.sentence("th") for note in report.notes)  # type: ignore[attr-defined]


def test_every_layer_and_column_and_reason_has_words_in_both_languages() -> None:
    for language in LANGUAGES:
        for contract in CONTRACTS:
            assert contract.label(language)
            for column in contract.columns:
                assert column.label(language)
                assert not column.unit or say(f"layers.units.{column.unit}", language)


def test_no_alias_leads_to_two_columns_of_a_layer() -> None:
    for contract in CONTRACTS:
        spellings = [plain_header(a) for c in contract.columns for a in {c.name, *c.aliases}]
        assert len({*spellings}) >= len(spellings) - sum(len(c.aliases) for c in contract.columns)
        for column in contract.columns:
            if column.aliases:
                assert list(find_headers(contract.columns, [column.aliases[-1]]))


def test_a_village_list_in_cp874_with_semicolons_is_read(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "w")
    text = VILLAGE_LIST.replace(",", ";")
    report = import_file(workspace, "villages", write(tmp_path, "v.csv", text, "cp874"))
    table = workspace.table("villages")
    assert table["name_th"].tolist() == ["บ้านหนองไผ่", "บ้านโนนสูง", "บ้านดอนยาง"]
    assert table.geometry.isna().tolist() == [False, False, True]
    assert table.geometry.iloc[0].equals(shapely.Point(103.50, 16.43))
    assert "cp874" in notes(report)
    assert report.provenance.source == "v.csv"
    assert len(report.provenance.sha256) == 64


def test_codes_in_any_spelling_become_text_of_eight_digits(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "w")
    rows: list[list[object]] = [
        ["village_code", "name"],
        [46010201, "a"],
        ["TH46010202", "b"],
        ["๔๖ ๐๑ ๐๓ ๐๑", "c"],
    ]
    import_file(workspace, "villages", write_workbook(tmp_path / "v.xlsx", {"s": rows}))
    codes = workspace.table("villages")["village_code"].tolist()
    assert codes == ["46010201", "46010202", "46010301"]


def test_households_keep_what_is_unknown_unknown(workspace: Workspace, tmp_path: Path) -> None:
    text = """household_id,village_code,survey_year,ต้องสงเคราะห์,ย้ายหรือเสียชีวิต,จำนวนสมาชิก
1,46010201,2562,ใช่,0,-
2,46010201,2562,ไม่ใช่,,ไม่ทราบ
3,46010201,2562,,1,๔ คน
"""
    import_file(workspace, "households", write(tmp_path, "h.csv", text))
    ids = workspace.household_ids(pl.Series(["1", "2", "3"])).to_list()
    table = workspace.table("households").set_index("household_id").loc[ids]
    assert [*table["relief_only"].astype(object)] == [True, False, pd.NA]
    assert [*table["moved_or_died"].astype(object)] == [False, pd.NA, True]
    assert [*table["members"].astype(object)] == [pd.NA, pd.NA, 4]
    assert table["only_elderly_or_disabled"].isna().all()


def test_household_ids_and_names_of_a_register_are_stored_nowhere(
    workspace: Workspace, tmp_path: Path
) -> None:
    text = HOUSEHOLDS.replace("ปี,", "ปี,ชื่อ-สกุล,เลขประจำตัวประชาชน,หมายเหตุ,", 1).replace(
        ",2562,", ",2562,นายสมมุติ ไม่มีจริง,1100112345678,ลับ,"
    )
    report = import_file(workspace, "households", write(tmp_path, "h.csv", text))
    assert "ชื่อ-สกุล, เลขประจำตัวประชาชน" in notes(report)
    assert "หมายเหตุ" in notes(report)
    everything = b"".join(
        path.read_bytes() for path in workspace.folder.rglob("*") if path.is_file()
    )
    for private in ("46010000001", "สมมุติ", "1100112345678", "ลับ"):
        assert private.encode() not in everything
    stored = pl.read_parquet(next((workspace.folder / "layers").glob("households*")))
    for name in stored.columns:
        told = stored[name].cast(pl.String).to_list()
        assert not {"46010000001", "นายสมมุติ ไม่มีจริง", "1100112345678"} & {*told}


def test_the_same_household_meets_in_survey_and_register(
    workspace: Workspace, tmp_path: Path
) -> None:
    register = """รหัสครัวเรือน,รหัสหมู่บ้าน,ปีข้อมูล,ด้านรายได้,บัตรสวัสดิการแห่งรัฐ
4601-0000-001,4601020101,๒๕๖๒,จน,มี
"""
    import_file(workspace, "households", write(tmp_path, "h.csv", HOUSEHOLDS))
    report = import_file(workspace, "poverty", write(tmp_path, "p.csv", register))
    both = workspace.scan("households").join(workspace.scan("poverty"), on="household_id").collect()
    assert both["village_code"].to_list() == ["46010201"]
    assert both["village_code_right"].to_list() == ["46010201"]
    assert "10 หลัก" in notes(report)


def test_a_value_that_the_file_lacks_may_be_stated_for_all_rows(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = write(tmp_path, "target.csv", "รหัสหมู่บ้าน,ลำดับ\n46010201,1\n46010202,2\n")
    constants = {"programme": "โครงการสัมมาชีพชุมชน ปี 2562", "fiscal_year": "2562"}
    report = import_file(workspace, "history", path, constants=constants)
    table = workspace.table("history")
    assert table["programme"].tolist() == ["sammachip", "sammachip"]
    assert table["fiscal_year"].tolist() == [2562, 2562]
    assert "fiscal_year" in notes(report)


def test_rows_of_history_that_match_nothing_are_set_aside_with_reason_and_row(
    workspace: Workspace, tmp_path: Path
) -> None:
    text = """โครงการ,ปีงบประมาณ,รหัสหมู่บ้าน
สัมมาชีพชุมชน,2562,46010201
สัมมาชีพชุมชน,2562,46019901
โครงการขุดบ่อ,2562,46010202
สร้างสัมมาชีพชุมชน,2562,46010201
สัมมาชีพชุมชน,2562,
หมู่บ้านเศรษฐกิจพอเพียง,2563,46010301
รวม,,6
"""
    report = import_file(workspace, "history", write(tmp_path, "t.csv", text))
    aside = workspace.set_aside("history")
    assert dict(zip(aside["row"], aside["reason"], strict=True)) == {
        4: "layers.set_aside.programme_unknown",
        5: "layers.set_aside.repeated_row",
        6: "layers.set_aside.village_code_missing",
        8: "layers.set_aside.total_row",
    }
    assert all(has(reason) for reason in aside["reason"])
    assert aside["found"].tolist()[0] == "โครงการขุดบ่อ"
    # 460199 is a municipal area: no village list holds it, and it is kept.
    assert workspace.table("history")["village_code"].tolist() == [
        "46010201",
        "46010301",
        "46019901",
    ]
    assert (report.provenance.rows_read, report.provenance.rows_kept) == (7, 3)
    assert report.provenance.rows_set_aside == 4


def test_a_village_that_is_not_listed_is_set_aside_and_counted(
    workspace: Workspace, tmp_path: Path
) -> None:
    text = HOUSEHOLDS + "46010000004,46010299,2562,1,1\n"
    import_file(workspace, "households", write(tmp_path, "h.csv", text))
    aside = workspace.set_aside("households").to_dict("records")
    assert aside == [
        {
            "row": 5,
            "column": "รหัสหมู่บ้าน",
            "found": "46010299",
            "reason": "layers.set_aside.village_not_listed",
        }
    ]
    assert workspace.status().set_index("layer").loc["households", "set_aside"] == 1


def test_a_new_village_list_tells_of_rows_that_it_leaves_behind(
    workspace: Workspace, tmp_path: Path
) -> None:
    import_file(workspace, "households", write(tmp_path, "h.csv", HOUSEHOLDS))
    shorter = VILLAGE_LIST.replace("46010202", "46010203")
    report = import_file(workspace, "villages", write(tmp_path, "v.csv", shorter))
    assert "1 แถวของชั้นข้อมูล households" in notes(report)


def test_beneficiaries_are_households_of_a_programme(workspace: Workspace, tmp_path: Path) -> None:
    text = """รหัสครัวเรือน,รหัสหมู่บ้าน,โครงการ,ปีงบประมาณ
46010000001,46010201,สัมมาชีพชุมชน,ปี 2562
46010000001,46010201,สัมมาชีพชุมชน,ปี 2562
"""
    import_file(workspace, "beneficiaries", write(tmp_path, "b.csv", text))
    table = workspace.table("beneficiaries")
    assert len(table) == 1
    assert table["household_id"][0] == workspace.household_ids(pl.Series(["46010000001"]))[0]
    assert workspace.set_aside("beneficiaries")["row"].tolist() == [3]


def test_village_points_of_a_map_file_are_a_village_list(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "w")
    points = gpd.GeoDataFrame(
        {"VILL_CODE": ["46010201", "46010202"], "VILL_NAME": ["หนองไผ่", "โนนสูง"]},
        geometry=[shapely.Point(103.5, 16.4), shapely.Point(103.6, 16.5)],
        crs=4326,
    ).to_crs(32648)
    points.to_file(tmp_path / "v.gpkg")
    import_file(workspace, "villages", tmp_path / "v.gpkg")
    table = workspace.table("villages")
    assert table["longitude"].astype(float).tolist() == pytest.approx([103.5, 103.6])
    assert table["name_th"].tolist() == ["หนองไผ่", "โนนสูง"]


def test_a_position_outside_thailand_counts_as_none(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "w")
    text = VILLAGE_LIST.replace("16.43,103.50", "0,0")
    report = import_file(workspace, "villages", write(tmp_path, "v.csv", text))
    assert workspace.table("villages").geometry.isna().tolist() == [True, False, True]
    assert "นอกประเทศไทย" in notes(report)


def test_abolished_villages_and_impossible_tambons_are_set_aside(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "w")
    text = "village_code,name_th,obsolete\n46010201,a,false\n46010202,b,true\n46013901,c,\n"
    import_file(workspace, "villages", write(tmp_path, "v.csv", text))
    assert workspace.table("villages")["village_code"].tolist() == ["46010201"]
    assert workspace.set_aside("villages")["reason"].tolist() == [
        "layers.set_aside.village_obsolete",
        "layers.set_aside.tambon_unknown",
    ]


def test_boundaries_are_imported_like_any_layer(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "w")
    areas = gpd.GeoDataFrame(
        {"ADM3_PCODE": ["TH460102", "TH460103"], "ADM3_TH": ["หลุบ", "ไผ่"]},
        geometry=[shapely.box(103.4, 16.4, 103.5, 16.5), shapely.box(103.5, 16.4, 103.6, 16.5)],
        crs=4326,
    )
    areas.to_file(tmp_path / "t.gpkg")
    report = import_file(workspace, "boundaries_tambon", tmp_path / "t.gpkg", credit="กรมแผนที่ทหาร")
    assert workspace.table("boundaries_tambon")["code"].tolist() == ["460102", "460103"]
    assert report.provenance.credit == "กรมแผนที่ทหาร"


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("สัมมาชีพชุมชน", "sammachip"),
        ("โครงการสร้างสัมมาชีพชุมชน ปี 2562", "sammachip"),
        ("หมู่บ้านเศรษฐกิจพอเพียง ปีงบประมาณ พ.ศ. ๒๕๖๓", "sufficiency-village"),
        ("พัฒนาอาชีพและรายได้ของคนยากจน  ภาคตะวันออกเฉียงเหนือ", "ne-poverty"),
        ("กข.คจ.", "poverty-fund"),
        ("SAMMACHIP", "sammachip"),
        ("สัมมาชีพ ผลไม้", None),
        ("", None),
    ],
)
def test_a_programme_is_known_by_its_names_and_nothing_is_guessed(
    text: str, slug: str | None
) -> None:
    assert find_programme(text) == slug


def test_every_programme_is_found_by_each_of_its_names() -> None:
    for programme in programmes():
        for name in [programme["name_th"], programme["name_en"], *programme["aliases"].split("|")]:
            assert find_programme(name) == programme["slug"], name


def read_one(kind: Kind, text: str | None) -> object:
    column = Column("value", kind)
    frame = pl.DataFrame({"raw": [text]}, schema={"raw": pl.String})
    read = frame.select(said(pl.col("raw")).alias("text"))
    return read.select(value_of(column, "text", lambda ids: ids)).item()


@given(st.integers(-300, 3000), st.sampled_from(["{}", "ปี {}", "พ.ศ. {}", "ปีงบประมาณ{}", "{}.0"]))
def test_a_column_of_years_is_read_like_a_single_year(number: int, spelling: str) -> None:
    text = spelling.format(number)
    try:
        expected = FiscalYear.parse(text).buddhist
    except Problem:
        expected = None
    assert read_one(Kind.YEAR, text) == expected


@given(st.floats(0, 1e9).map(lambda number: round(number, 2)))
def test_numbers_are_read_with_and_without_grouping(number: float) -> None:
    for text in (f"{number:.2f}", f"{number:,.2f}", f" {number:,.2f} บาท"):
        assert read_one(Kind.AMOUNT, text) == number


def test_the_apostrophe_that_keeps_a_spreadsheet_from_changing_a_number_is_no_part_of_it() -> None:
    assert read_one(Kind.AMOUNT, "'38000") == 38000
    assert read_one(Kind.TEXT, "Ban Na'o\u200b") == "Ban Na'o"


@pytest.mark.parametrize("text", ["1,2", "12,34,567", "1.2.3", "สาม", "1e5", "(500)", "--"])
def test_what_is_not_plainly_a_number_is_not_guessed(text: str) -> None:
    assert read_one(Kind.AMOUNT, text) is None


@pytest.mark.parametrize("kind", [Kind.AMOUNT, Kind.COUNT, Kind.YES_NO, Kind.YEAR, Kind.TEXT])
@pytest.mark.parametrize("text", [*UNKNOWN_MARKS, " ", None])
def test_what_people_write_for_unknown_is_missing(kind: Kind, text: str | None) -> None:
    assert read_one(kind, text) is None


def test_the_names_of_the_layers_are_those_of_the_catalogue():
    assert tuple(contract.name for contract in CONTRACTS) == LAYERS
