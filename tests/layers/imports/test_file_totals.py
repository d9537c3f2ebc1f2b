"""A household file counted without being imported: the same as importing and rolling up."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from phaenthi.geo.places.codes import Level
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.imports.file_totals import COUNTS, FileTotals, totals_of_file
from phaenthi.layers.villages.rollup import households_by_village, roll_up
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem
from tests.layers.office import VILLAGES, open_office, write

HEADERS = "รหัสครัวเรือน,รหัสหมู่บ้าน,ปีที่สำรวจ,รายได้เฉลี่ยต่อคนต่อปี,จำนวนสมาชิก"
CODES = st.sampled_from(
    [*VILLAGES, " 46010201", "TH46010202", "4601020101", "๔๖๐๑๐๓๐๑", "46010201.0", "46015101"]
)
ODD_CODES = st.sampled_from(["", "46019901", "4601021", "รวม", "99010101", "-", "46 01 02 01"])
YEARS = st.sampled_from(["2562", "2563", "๒๕๖๓", "ปี 2562", "2563.0"])
ODD_YEARS = st.sampled_from(["2019", "", "ปีนี้", "2800"])
NUMBERS = st.sampled_from(
    ["", "3", "3.0", "0", "007", '"1,250"', "ไม่ระบุ", "-", "๔", " 5", "5 คน", '""', "38000.00"]
)
ODD_NUMBERS = st.sampled_from(["-1", "1e5", "abc", "+5", ".5", "5.", "3.5", "inf", "nan", "1_0"])
ROWS = st.tuples(CODES, YEARS, NUMBERS, NUMBERS)
ODD_ROWS = st.tuples(
    CODES | ODD_CODES, YEARS | ODD_YEARS, NUMBERS | ODD_NUMBERS, NUMBERS | ODD_NUMBERS
)
FEW = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def register(folder: Path, rows: list[tuple[str, ...]]) -> Path:
    lines = [f"h{number},{','.join(row)}" for number, row in enumerate(rows)]
    return write(folder, "h.csv", "\n".join([HEADERS, *lines, ""]))


def imported(folder: Path, path: Path) -> tuple[pd.DataFrame, int]:
    """Return the village table of an import, and how many rows it set aside."""
    held = (folder / "workspace").exists()
    workspace = Workspace.open(folder / "workspace") if held else open_office(folder)
    report = import_file(workspace, "households", path)
    table = households_by_village(workspace.scan("households")).collect().to_pandas()
    return table, report.provenance.rows_set_aside


def villages_of(totals: FileTotals) -> pd.DataFrame:
    return totals.tables[Level.VILLAGE].astype({"village_code": "string", "members": "Int64"})


@FEW
@given(st.lists(ROWS | ODD_ROWS, min_size=1, max_size=12))
def test_totals_are_those_of_the_file_imported_and_rolled_up(
    tmp_path: Path, rows: list[tuple[str, ...]]
) -> None:
    path = register(tmp_path, rows)
    totals = totals_of_file(path, listed=VILLAGES)
    told = totals.told
    assert totals.rows_read == len(rows)
    try:
        wanted, aside = imported(tmp_path, path)
    except Problem:
        refusing = {"total_row", "code_missing", "village_not_listed"}
        assert not told[~told["reason"].isin(refusing)].empty
        return
    assert told["counted"].sum() == 0
    assert told["rows"].sum() == aside
    wanted = wanted.astype({"village_code": "string", "members": "Int64"})
    names = list(villages_of(totals).columns)
    assert_frame_equal(villages_of(totals), wanted[names].reset_index(drop=True), check_dtype=False)
    for level in (Level.TAMBON, Level.AMPHOE, Level.PROVINCE):
        assert_frame_equal(totals.tables[level], roll_up(wanted, level, COUNTS), check_dtype=False)


@FEW
@given(st.lists(ROWS | ODD_ROWS, min_size=1, max_size=12))
def test_every_row_is_counted_or_told(tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    totals = totals_of_file(register(tmp_path, rows))
    counted = int(totals.tables[Level.VILLAGE]["households"].sum())
    left = int(totals.told.loc[~totals.told["counted"].astype(bool), "rows"].sum())
    assert counted + totals.earlier_rows + left == totals.rows_read == len(rows)
    for level in (Level.TAMBON, Level.AMPHOE, Level.PROVINCE):
        assert totals.tables[level]["households"].sum() == counted


@FEW
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*map(int, VILLAGES), None]),
            st.sampled_from([2562, 2563, 2019, None]),
            st.sampled_from([None, 0.0, 38_000.0, 12.5, 1e-5, 1e20, -1.0, float("nan")]),
            st.sampled_from([None, 0.0, 3.0, 3.5, -1.0, 1e18]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_a_parquet_file_of_numbers_counts_like_its_text(
    tmp_path: Path, rows: list[tuple[float | None, ...]]
) -> None:
    names = ["village_code", "survey_year", "income_per_person", "members"]
    kinds = dict(zip(names, (pl.Int64, pl.Int64, pl.Float64, pl.Float64), strict=True))
    table = pl.DataFrame(rows, schema=kinds, orient="row").with_columns(house=pl.lit("h"))
    table.write_parquet(tmp_path / "h.parquet")
    table.cast(pl.String).write_parquet(tmp_path / "text.parquet")
    numbers, text = (totals_of_file(tmp_path / f"{name}.parquet") for name in ("h", "text"))
    assert numbers.told.equals(text.told)
    assert numbers.rows_read == text.rows_read == len(rows)
    for level in Level:
        assert_frame_equal(numbers.tables[level], text.tables[level])


def test_rows_are_told_with_the_first_row_number(tmp_path: Path) -> None:
    rows = [("46010201", "2562", "x", "2"), ("4601021", "2562", "1", "2"), ("46010201", "", "", "")]
    told = totals_of_file(register(tmp_path, rows)).told.set_index("reason")
    assert told["first_row"].to_dict() == {
        "code_unreadable": 3,
        "number_unreadable": 2,
        "year_missing": 4,
    }
    assert told["column"].to_dict() == {
        "code_unreadable": "village_code",
        "number_unreadable": "income_per_person",
        "year_missing": "survey_year",
    }


def test_a_row_with_more_cells_than_headers_is_told(tmp_path: Path) -> None:
    text = f"{HEADERS},\nh1,46010201,2562,1,2,\nh2,46010201,2562,1,250,3\n"
    totals = totals_of_file(write(tmp_path, "h.csv", text))
    assert totals.told["reason"].to_list() == ["row_too_long"]
    assert totals.tables[Level.VILLAGE]["households"].to_list() == [1]


def test_the_year_may_be_given_for_a_file_without_one(tmp_path: Path) -> None:
    path = write(tmp_path, "h.csv", "hc_code,vill_code\na,46010201\nb,46010201\n")
    with pytest.raises(Problem, match="survey_year"):
        totals_of_file(path)
    totals = totals_of_file(path, constants={"survey_year": "2562"})
    village = totals.tables[Level.VILLAGE].iloc[0]
    assert (village["households"], village["survey_year"]) == (2, 2562)
    assert pd.isna(village["members"])


def test_a_file_in_the_encoding_of_an_older_office_counts_the_same(tmp_path: Path) -> None:
    rows = [("46010201", "2562", "ไม่ระบุ", "2"), ("46010202", "2562", "1", "2")]
    path = register(tmp_path, rows)
    plain = totals_of_file(path)
    old = write(tmp_path, "old.csv", path.read_text("utf-8"), "cp874")
    assert totals_of_file(old).tables[Level.VILLAGE].equals(plain.tables[Level.VILLAGE])


@pytest.mark.parametrize("cell", ["5", "+5", " 5", "5.0", "-5", "5,true", '5,""', "5,x", "1_0", ""])
def test_a_single_odd_cell_changes_nothing_of_how_the_others_are_counted(
    cell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(VILLAGES[0], "2562", "30000", "4")] * 3
    path = register(tmp_path, [*rows, (VILLAGES[0], "2562", "30000", cell)])
    quick = totals_of_file(path)
    monkeypatch.setattr("phaenthi.layers.imports.file_totals._count_plain", lambda *_: None)
    careful = totals_of_file(path)
    assert_frame_equal(villages_of(quick), villages_of(careful))
    assert_frame_equal(quick.told, careful.told)
