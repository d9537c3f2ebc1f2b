"""A file that cannot be trusted is refused with its place, and the workspace stays as it was."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pytest
import shapely

from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem
from tests.layers.office import HOUSEHOLDS, VILLAGE_LIST, open_office, state, write
from tests.layers.tables.test_tablefile import write_workbook


class Bad(NamedTuple):
    """A file's text, the layer it is meant for, and what must be told."""

    layer: str
    text: str
    message: str
    row: int | None = None
    column: str | None = None
    told: str = ""


VILLAGE, YEAR, INCOME = "รหัสหมู่บ้าน", "ปี", "รายได้เฉลี่ยต่อคนต่อปี"
CASES = {
    "village code of seven digits": Bad(
        "villages",
        VILLAGE_LIST.replace("46010202", "4601022"),
        "geo.code_unreadable",
        3,
        VILLAGE,
        "4601022",
    ),
    "household in a village of seven digits": Bad(
        "households",
        HOUSEHOLDS.replace("46010202", "4601020"),
        "geo.code_unreadable",
        4,
        VILLAGE,
        "4601020",
    ),
    "negative income": Bad(
        "households", HOUSEHOLDS.replace("38000", "-38000"), "layers.number_negative", 3, INCOME
    ),
    "income that is no number": Bad(
        "households",
        HOUSEHOLDS.replace("38000", "สามหมื่น"),
        "layers.private_number_unreadable",
        3,
        INCOME,
    ),
    "unknown province": Bad(
        "villages",
        VILLAGE_LIST.replace("46010202", "98010202"),
        "layers.province_unknown",
        3,
        VILLAGE,
        "98",
    ),
    "unknown province in history": Bad(
        "history",
        "รหัสหมู่บ้าน,โครงการ,ปีงบประมาณ\n46010201,สัมมาชีพ,2562\n28010201,สัมมาชีพ,2562\n",
        "layers.province_unknown",
        3,
        VILLAGE,
        "28",
    ),
    "duplicated village code": Bad(
        "villages",
        VILLAGE_LIST.replace("46010301", "46010201"),
        "layers.key_twice",
        4,
        VILLAGE,
        "row 2",
    ),
    "household twice in one year": Bad(
        "households",
        HOUSEHOLDS.replace("46010000003", "46010000001"),
        "layers.key_twice",
        4,
        "รหัสครัวเรือน",
        "row 2",
    ),
    "missing column": Bad(
        "households",
        HOUSEHOLDS.replace("รหัสหมู่บ้าน", "หมู่"),
        "layers.column_missing",
        1,
        "village_code",
        VILLAGE,
    ),
    "missing village code in the village list": Bad(
        "villages", VILLAGE_LIST.replace("46010202", ""), "layers.value_missing", 3, VILLAGE
    ),
    "year of the common era": Bad(
        "households",
        HOUSEHOLDS.replace("2562,38000", "2019,38000"),
        "layers.year_not_buddhist",
        3,
        YEAR,
        "2562",
    ),
    "year of two digits": Bad(
        "households",
        HOUSEHOLDS.replace("2562,38000", "62,38000"),
        "layers.year_unreadable",
        3,
        YEAR,
        "62",
    ),
    "household id rounded by a spreadsheet": Bad(
        "households",
        HOUSEHOLDS.replace("46010000002", "4.601E+10"),
        "layers.household_id_rounded",
        3,
        "รหัสครัวเรือน",
    ),
    "value shifted by a comma": Bad(
        "households", HOUSEHOLDS.replace('"37,999"', "37,999"), "layers.row_too_long", 2
    ),
    "half a person": Bad(
        "households",
        HOUSEHOLDS.replace("38000,3", "38000,2.5"),
        "layers.number_unreadable",
        3,
        "จำนวนสมาชิก",
        "2.5",
    ),
    "neither yes nor no": Bad(
        "poverty",
        "household_id,village_code,ปี,ด้านสุขภาพ\n1,46010201,2562,บางที\n",
        "layers.yes_no_unreadable",
        2,
        "ด้านสุขภาพ",
    ),
    "swapped coordinates": Bad(
        "villages",
        VILLAGE_LIST.replace("16.43,103.50", "103.50,16.43"),
        "layers.coordinates_swapped",
        2,
    ),
    "no programme known": Bad(
        "history",
        "รหัสหมู่บ้าน,โครงการ,ปีงบประมาณ\n46010201,ขุดบ่อ,2562\n",
        "layers.programmes_unknown",
        None,
        "โครงการ",
        "ขุดบ่อ",
    ),
    "no rows": Bad("villages", "รหัสหมู่บ้าน,ชื่อหมู่บ้าน\n", "layers.table_empty"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_bad_file_is_refused_with_file_row_and_column(tmp_path: Path, case: Bad) -> None:
    workspace = open_office(tmp_path)
    import_file(workspace, "households", write(tmp_path, "good.csv", HOUSEHOLDS))
    before = state(workspace)
    with pytest.raises(Problem) as raised:
        import_file(workspace, case.layer, write(tmp_path, "bad.csv", case.text))
    problem = raised.value
    assert problem.message_id == case.message
    assert problem.file == "bad.csv"
    assert problem.row == case.row
    if case.column:
        assert problem.column == case.column
    assert case.told in problem.sentence("en")
    assert problem.sentence("th")
    assert state(Workspace.open(workspace.folder)) == before


def test_an_income_or_household_id_is_never_repeated_in_a_message(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    for change in (("38000", "-38000"), ("38000", "38000x"), ("46010000003", "46010000001")):
        with pytest.raises(Problem) as raised:
            import_file(
                workspace, "households", write(tmp_path, "bad.csv", HOUSEHOLDS.replace(*change))
            )
        for language in ("th", "en"):
            assert "38000" not in raised.value.sentence(language)  # type: ignore[arg-type]
            assert "46010000001" not in raised.value.sentence(language)  # type: ignore[arg-type]


def test_in_a_workbook_the_sheet_is_named_too(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    rows: list[list[object]] = [["รหัสหมู่บ้าน", "ชื่อหมู่บ้าน"], [46010201, "ก"], [4601020, "ข"]]
    path = write_workbook(tmp_path / "bad.xlsx", {"หมู่บ้าน": rows})
    with pytest.raises(Problem) as raised:
        import_file(workspace, "villages", path)
    problem = raised.value
    assert (problem.file, problem.sheet, problem.row) == ("bad.xlsx", "หมู่บ้าน", 3)


def test_households_before_the_village_list_are_refused(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "w")
    with pytest.raises(Problem) as raised:
        import_file(workspace, "households", write(tmp_path, "h.csv", HOUSEHOLDS))
    assert raised.value.message_id == "layers.villages_first"


def areas(columns: dict[str, list[str]]) -> gpd.GeoDataFrame:
    count = len(next(iter(columns.values())))
    shapes = [shapely.box(103 + n, 16, 104 + n, 17) for n in range(count)]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)


def test_boundaries_without_codes_are_refused(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    before = state(workspace)
    areas({"ชื่อ": ["หลุบ", "ไผ่"]}).to_file(tmp_path / "nameless.gpkg")
    with pytest.raises(Problem) as raised:
        import_file(workspace, "boundaries_tambon", tmp_path / "nameless.gpkg")
    assert raised.value.message_id == "geo.boundary_without_codes"
    assert raised.value.file == "nameless.gpkg"
    assert state(Workspace.open(workspace.folder)) == before


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_zip_cut_short_is_refused(tmp_path: Path, share: float) -> None:
    workspace = open_office(tmp_path)
    before = state(workspace)
    path = tmp_path / "areas.zip"
    whole = tmp_path / "whole.shp.zip"
    areas({"ADM3_PCODE": ["TH460102", "TH460103"]}).to_file(whole, driver="ESRI Shapefile")
    content = whole.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(Problem) as raised:
        import_file(workspace, "boundaries_tambon", path)
    assert raised.value.file == "areas.zip"
    assert state(Workspace.open(workspace.folder)) == before
