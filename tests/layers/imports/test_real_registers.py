"""The real village list, points, boundaries and TPMAP counts go through the same walk."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from phaenthi.geo.places.codes import Level, is_municipal, parent_code
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.people.disclosure import hide_small_counts
from phaenthi.layers.tables.table_file import read_table
from phaenthi.layers.villages import table as villages
from phaenthi.layers.villages.rollup import roll_up
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem
from tests.layers.office import state
from tests.layers.tpmap_households import make_up_households, real_tambon_counts

pytestmark = pytest.mark.real_data
VILLAGE_LIST = "tables/village_names_8digit.parquet"
PROVINCES = ("42", "46")


@pytest.fixture(scope="module")
def country(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with every village of the country, a position where one is sure, and tambons."""
    folder = tmp_path_factory.mktemp("country")
    listed = pd.read_parquet(real_data / VILLAGE_LIST)
    points = gpd.read_parquet(real_data / "country" / "village_points_2012.parquet")
    points = points[points["match"] == "exact"].set_index("village_code").geometry
    placed = listed.set_index("village_code").assign(longitude=points.x, latitude=points.y)
    placed.reset_index().to_csv(folder / "villages.csv", index=False, encoding="utf-8-sig")
    workspace = Workspace.create(folder / "workspace")
    import_file(workspace, "villages", folder / "villages.csv")
    import_file(workspace, "boundaries_tambon", real_data / "country" / "tambon.parquet")
    return workspace


def test_the_whole_village_list_becomes_the_village_table(
    country: Workspace, real_data: Path
) -> None:
    source = country.provenance("villages")
    assert source is not None
    assert (source.rows_read, source.rows_kept, source.rows_set_aside) == (75_274, 75_207, 67)
    assert set(country.set_aside("villages")["reason"]) == {"layers.set_aside.village_obsolete"}
    table = villages.build(country)
    assert len(table) == 75_207
    assert table["village_code"].is_monotonic_increasing
    names = ["tambon_th", "amphoe_th", "province_th"]
    assert not table[names].isna().any(axis=None)
    listed = pd.read_parquet(real_data / VILLAGE_LIST).set_index("village_code")
    # One name ends in a byte order mark, a few have a space too many.
    names = listed.loc[table["village_code"], "name_th"].str.replace("\ufeff", "")
    told = names.str.split().str.join(" ")
    assert (table["name_th"].fillna("").to_numpy() == told.to_numpy()).all()


def test_the_list_as_csv_and_as_parquet_is_the_same_list(
    country: Workspace, real_data: Path, tmp_path: Path
) -> None:
    workspace = Workspace.create(tmp_path)
    import_file(workspace, "villages", real_data / VILLAGE_LIST)
    columns = ["village_code", "name_th", "name_en"]
    one, other = workspace.table("villages")[columns], country.table("villages")[columns]
    pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(other))


def test_sure_points_lie_in_the_tambon_that_the_code_names(country: Workspace) -> None:
    table = villages.build(country)
    located = table[table["located"]]
    assert len(located) > 39_000
    tambons = country.boundaries(Level.TAMBON)[["code", "geometry"]]
    met = located.sjoin(tambons, predicate="within")
    assert (met["code"] == met["tambon_code"]).mean() > 0.9999


@pytest.mark.parametrize("name", ["42_loei_tambon_full.zip", "83_phuket_tambon_full.zip"])
def test_full_boundaries_of_a_province_are_imported(
    real_data: Path, tmp_path: Path, name: str
) -> None:
    workspace = Workspace.create(tmp_path)
    report = import_file(workspace, "boundaries_tambon", real_data / "provinces" / name)
    table = workspace.boundaries(Level.TAMBON)
    assert len(table) == report.provenance.rows_kept == report.provenance.rows_read
    assert table["code"].str.startswith(name[:2]).all()
    assert table["name_th"].notna().all()
    assert table.geometry.is_valid.all()


@pytest.fixture(scope="module")
def surveyed(
    country: Workspace, real_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Workspace:
    """The country's workspace with made-up households that add up to the real counts."""
    path = tmp_path_factory.mktemp("survey") / "จปฐ 2561.csv"
    path.write_bytes(make_up_households(real_data, PROVINCES).write_csv().encode("cp874"))
    constants = {"survey_year": "2561"}
    import_file(country, "households", path, made_up=True, constants=constants)
    return country


def counted_again(workspace: Workspace, level: Level) -> pd.DataFrame:
    """Add up villages, municipal areas and the rows that were set aside."""
    columns = ["households", "members"]
    table = pd.concat([villages.build(workspace, province) for province in PROVINCES])
    known = pd.DataFrame(table[table["households"].notna()])
    towns = villages.municipal_areas(workspace)
    parts = [roll_up(part, level, columns) for part in (known, towns)]
    return pd.concat(parts).groupby("code")[columns].sum()


@pytest.mark.parametrize("level", [Level.TAMBON, Level.AMPHOE, Level.PROVINCE])
def test_households_add_up_to_the_real_counts_of_tpmap(
    surveyed: Workspace, real_data: Path, level: Level
) -> None:
    real = real_tambon_counts(real_data, PROVINCES)
    aside = surveyed.set_aside("households")
    assert aside["reason"].isin(["layers.set_aside.village_not_listed"]).all()
    strange = parent_code(aside["found"], Level.TAMBON)
    # Only tambons without any listed village can be missing, and all their rows are told.
    unlisted = real["tambon_code"].isin(strange)
    assert len(aside) == real.loc[unlisted, "households"].sum()
    expected = real[~unlisted]
    codes = parent_code(expected["tambon_code"], level).to_numpy()
    expected = expected.groupby(codes)[["households", "members"]].sum()
    found = counted_again(surveyed, level)
    assert found.index.tolist() == expected.index.tolist()
    assert (found.to_numpy() == expected.to_numpy()).all()


def test_municipal_pseudo_codes_are_kept_and_counted(surveyed: Workspace, real_data: Path) -> None:
    real = real_tambon_counts(real_data, PROVINCES)
    towns = real[is_municipal(real["tambon_code"])]
    assert len(towns) > 0
    found = villages.municipal_areas(surveyed)
    assert found["tambon_code"].tolist() == towns["tambon_code"].tolist()
    assert found["households"].tolist() == towns["households"].tolist()


def test_small_counts_of_a_real_province_are_hidden_in_its_tree(surveyed: Workspace) -> None:
    table = villages.build(surveyed, "42")
    # One in fifty incomes is unknown: a number that is often small.
    unknown = table["households"] - table["households_income_known"]
    counts = pd.DataFrame({"code": table["village_code"], "count": unknown})
    shown = hide_small_counts(counts)
    assert shown["hidden"].any()
    assert not shown["count"].dropna().between(1, 4).any()


def test_a_tambon_list_is_not_taken_for_a_village_list(
    surveyed: Workspace, real_data: Path
) -> None:
    before = state(surveyed)
    with pytest.raises(Problem) as raised:
        import_file(surveyed, "villages", real_data / "tables" / "tambon_dopa_latlon.csv")
    assert raised.value.message_id == "layers.column_missing"
    assert "TA_ID" in str(raised.value)
    assert state(Workspace.open(surveyed.folder)) == before


def test_a_real_workbook_is_read_with_its_row_numbers(real_data: Path) -> None:
    table = read_table(real_data / "originals" / "46_kalasin_tambon.xlsx")
    assert table.frame.collect().height == 135
    assert table.header_row == 1
