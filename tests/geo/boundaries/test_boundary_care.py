"""Faults of boundary sets are found and measured; repair and simplifying keep edges shared."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

from phaenthi.geo.boundaries.care import FAULT_COLUMNS, BoundaryCare, examine
from phaenthi.geo.boundaries.reading import dissolve, read_boundaries, simplify
from phaenthi.geo.boundaries.repair import repair
from phaenthi.geo.places.code_columns import find_codes
from phaenthi.geo.places.codes import Level
from phaenthi.geo.shapes.crs import area_square_metres
from phaenthi.geo.vectors.files import read
from phaenthi.wording import Problem

WEST, EAST = box(103.0, 16.0, 103.1, 16.1), box(103.1, 16.0, 103.2, 16.1)


def is_sound(care: BoundaryCare) -> bool:
    inside = care.faults["kind"].isin(["invalid", "overlap", "gap", "edge"])
    codes = (care.gazetteer.missing, care.gazetteer.abolished, care.gazetteer.unknown)
    return not inside.any() and all(table.empty for table in codes)


def areas(*shapes: shapely.Geometry, codes: list[str] | None = None) -> gpd.GeoDataFrame:
    codes = codes or [f"4601{place + 1:02d}" for place in range(len(shapes))]
    columns = {"code": pd.array(codes, "string"), "name_th": "ก", "name_en": "a"}
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs="EPSG:4326")


def square_kilometres(shape: shapely.Geometry) -> float:
    return float(area_square_metres(gpd.GeoSeries([shape], crs=4326)).iloc[0] / 1e6)


def kinds(table: gpd.GeoDataFrame) -> list[str]:
    return examine(table).faults["kind"].to_list()


def test_areas_that_fit_have_no_fault() -> None:
    care = examine(areas(WEST, EAST))
    assert care.faults.empty
    assert list(care.faults.columns) == FAULT_COLUMNS
    assert not is_sound(care)  # the other tambons of today are missing
    assert len(care.gazetteer.missing) > 7000
    assert care.nesting.empty


def test_an_overlap_is_measured_between_its_two_areas() -> None:
    care = examine(areas(WEST, box(103.098, 16.0, 103.2, 16.1)))
    [fault] = care.faults.to_dict("records")
    assert (fault["kind"], fault["code"], fault["other_code"]) == ("overlap", "460101", "460102")
    strip = box(103.098, 16.0, 103.1, 16.1)
    assert fault["square_kilometres"] == pytest.approx(square_kilometres(strip))
    assert fault["width_metres"] == pytest.approx(210, abs=5)
    assert fault["geometry"].equals(strip)


def test_a_gap_is_measured_with_its_neighbours() -> None:
    ring = box(103.0, 16.0, 103.2, 16.1).difference(box(103.09, 16.04, 103.11, 16.06))
    halves = [
        ring.intersection(box(103.0, 16, 103.1, 17)),
        ring.intersection(box(103.1, 16, 104, 17)),
    ]
    [fault] = examine(areas(*halves)).faults.to_dict("records")
    assert (fault["kind"], fault["code"], fault["other_code"]) == ("gap", "460101", "460102")
    assert fault["square_kilometres"] == pytest.approx(
        square_kilometres(box(103.09, 16.04, 103.11, 16.06))
    )


def test_corners_that_the_neighbour_lacks_are_an_edge_fault() -> None:
    east = Polygon([(103.1, 16), (103.2, 16), (103.2, 16.1), (103.1, 16.1), (103.1, 16.05)])
    assert kinds(areas(WEST, east)) == ["edge", "edge"]
    assert shapely.coverage_is_valid(repair(areas(WEST, east)).table.geometry.to_numpy())


def test_a_broken_shape_is_shown_where_it_crosses_itself() -> None:
    bow_tie = Polygon([(103.2, 16.0), (103.3, 16.1), (103.3, 16.0), (103.2, 16.1)])
    [fault] = examine(areas(WEST, bow_tie)).faults.to_dict("records")
    assert fault["kind"] == "invalid"
    assert fault["geometry"].distance(shapely.Point(103.25, 16.05)) < 1e-9


def test_slivers_are_thin_parts_but_islets_are_not() -> None:
    thin, islet = box(103.3, 16.0, 103.4, 16.0005), box(103.5, 16.0, 103.5005, 16.0005)
    assert kinds(areas(MultiPolygon([WEST, thin]), EAST)) == ["sliver"]
    assert kinds(areas(MultiPolygon([WEST, islet]), EAST)) == []


def test_levels_that_do_not_nest_are_measured() -> None:
    above = areas(box(103.0, 16.0, 103.21, 16.1), codes=["4601"])
    care = examine(areas(WEST, EAST), above=above)
    beyond = square_kilometres(box(103.2, 16.0, 103.21, 16.1))
    assert care.nesting["square_kilometres_apart"].to_list() == pytest.approx([beyond])
    assert care.faults["kind"].to_list() == ["nesting"]
    assert examine(areas(WEST, EAST), above=dissolve(areas(WEST, EAST), Level.AMPHOE)).faults.empty


def test_codes_of_no_area_of_today_are_told_in_both_languages() -> None:
    care = examine(areas(WEST, EAST, codes=["430301", "469901"]), province="43")
    assert care.gazetteer.abolished["code"].to_list() == ["430301"]
    assert any("430301" in line for line in care.lines("th"))
    for language in ("th", "en"):
        assert len(care.lines(language)) == 3


def test_an_overlap_goes_to_the_area_with_the_longer_edge_and_is_told() -> None:
    table = areas(WEST, box(103.098, 16.0, 103.2, 16.1))
    repaired = repair(table)
    assert shapely.coverage_is_valid(repaired.table.geometry.to_numpy())
    assert kinds(repaired.table) == []
    [change] = repaired.changes.to_dict("records")
    strip = square_kilometres(box(103.098, 16.0, 103.1, 16.1)) * 1e6
    lost = change["square_metres_lost"]
    assert lost == pytest.approx(strip, rel=1e-6)
    assert change["square_metres_gained"] == pytest.approx(0, abs=1)
    assert change["code"] in repaired.lines("th")[0]
    assert table.geometry[0].equals(WEST)


def test_narrow_gaps_close_and_wide_ones_stay() -> None:
    narrow, wide = box(103.0999, 16.04, 103.1001, 16.06), box(103.04, 16.04, 103.06, 16.06)
    both = areas(
        WEST.difference(narrow).difference(wide), box(103.1, 16, 103.2, 16.1).difference(narrow)
    )
    assert kinds(both) == ["gap", "gap"]
    left = examine(repair(both).table).faults
    assert left["kind"].to_list() == ["gap"]
    assert left.geometry[0].equals(wide)
    assert kinds(repair(both, gap_metres=0).table) == ["gap", "gap"]


def test_an_area_inside_another_is_not_repaired_away() -> None:
    with pytest.raises(Problem, match="460102"):
        repair(areas(WEST, WEST))


def test_a_sound_set_comes_back_as_it_was() -> None:
    table = areas(WEST, EAST)
    repaired = repair(table)
    assert repaired.changes.empty
    assert repaired.lines("en") == ["Nothing had to be changed; all areas fit together."]
    assert shapely.equals_identical(repaired.table.geometry, table.geometry).all()


@st.composite
def disturbed_grids(draw: st.DrawFn) -> gpd.GeoDataFrame:
    """A grid of squares of 0.1 degree, some grown or shrunk by up to 50 m, some with a corner."""
    columns, rows = draw(st.integers(2, 4)), draw(st.integers(2, 3))
    shapes = []
    for x in range(columns):
        for y in range(rows):
            square = box(103 + x / 10, 16 + y / 10, 103 + (x + 1) / 10, 16 + (y + 1) / 10)
            grown = draw(st.sampled_from([0, 0, 0, 1, -1, 2, -2]))
            if grown:
                square = square.buffer(grown * 0.0002, join_style="mitre")
            if draw(st.booleans()):
                square = shapely.segmentize(square, 0.04)
            shapes.append(square)
    return areas(*shapes)


@settings(max_examples=60)
@given(disturbed_grids())
def test_after_repair_every_edge_is_shared_and_the_land_is_the_same(
    table: gpd.GeoDataFrame,
) -> None:
    repaired = repair(table).table
    shapes = repaired.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    assert shapely.is_valid(shapes).all()
    assert not set(kinds(repaired)) & {"overlap", "edge", "invalid"}
    # Nothing beyond what the areas covered but gaps of at most 0.0004 degree around each.
    before = shapely.union_all(table.geometry.to_numpy())
    after = shapely.union_all(shapes)
    assert before.difference(after).area < 1e-7
    assert after.difference(before.buffer(0.0009, join_style="mitre")).area < 1e-7
    faults = examine(table).faults
    moved = shapely.area(shapely.symmetric_difference(shapes, table.geometry.to_numpy())).sum()
    wrong = shapely.area(faults.geometry.to_numpy()).sum()
    # A gap that opens to the outside is no fault of the report, but repair closes it.
    filled = shapely.area(after.difference(before))
    assert moved <= 3 * wrong + filled + 1e-7


@settings(max_examples=60)
@given(disturbed_grids())
def test_simplified_areas_share_their_edges_also_where_they_did_not_fit(
    table: gpd.GeoDataFrame,
) -> None:
    simple = simplify(table, 0.002)
    assert shapely.coverage_is_valid(simple.geometry.to_numpy())
    assert not simple.geometry.is_empty.any()


def test_each_level_is_simplified_with_its_edges_shared() -> None:
    wavy = [(103.1 + 0.001 * (n % 2), 16 + n / 100) for n in range(11)]
    table = areas(
        Polygon([*wavy, (103.0, 16.1), (103.0, 16.0)]),
        Polygon([*wavy, (103.2, 16.1), (103.2, 16.0)]),
        codes=["460101", "460201"],
    )
    whole = repair(table).table
    asked = {Level.TAMBON: 0.0001, Level.AMPHOE: 0.01, Level.PROVINCE: 0.01}
    levels = [simplify(dissolve(whole, level), tolerance) for level, tolerance in asked.items()]
    assert [len(shapes) for shapes in levels] == [2, 2, 1]
    for shapes in levels:
        assert shapely.coverage_is_valid(shapes.geometry.to_numpy())
    points = [shapely.get_num_coordinates(s.geometry).sum() for s in levels]
    assert points[1] < points[0]


# Real sets


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["31_buriram", "42_loei", "83_phuket"])
def test_full_resolution_tambons_are_sound_and_nest_in_their_amphoe(
    real_data: Path, name: str
) -> None:
    folder = real_data / "provinces"
    table = read_boundaries(folder / f"{name}_tambon_full.zip").table
    above = read_boundaries(folder / f"{name}_amphoe_full.zip").table
    care = examine(table, above=above, province=name[:2])
    assert is_sound(care)
    assert care.nesting["square_kilometres_apart"].max() < 0.001
    assert care.lines("en")[-1].startswith("All are valid")
    repaired = repair(table)
    assert repaired.changes.empty
    for level in (Level.TAMBON, Level.AMPHOE):
        shapes = simplify(dissolve(repaired.table, level), 0.002)
        assert shapely.coverage_is_valid(shapes.geometry.to_numpy())


@pytest.mark.real_data
def test_simplified_tambons_do_not_nest_in_the_full_amphoe_of_kalasin(real_data: Path) -> None:
    country = read_boundaries(real_data / "country" / "tambon.parquet").table
    kalasin = country[country["code"].str.startswith("46")].reset_index(drop=True)
    above = read_boundaries(real_data / "provinces" / "46_kalasin_amphoe_full.zip").table
    care = examine(kalasin, above=above, province="46")
    assert len(care.nesting) == 18
    assert care.nesting["square_kilometres_apart"].sum() == pytest.approx(112.5, abs=0.5)
    # The same by plain areas in the metres of the zone.
    first = above.geometry.iloc[:1].to_crs(32648)
    parts = kalasin[kalasin["code"].str.startswith("4601")].to_crs(32648).union_all()
    apart = first.iloc[0].symmetric_difference(parts).area / 1e6
    assert care.nesting["square_kilometres_apart"][0] == pytest.approx(apart, rel=0.01)


@pytest.mark.real_data
def test_the_raw_amphoe_of_the_country_are_mended_at_the_one_broken_place(real_data: Path) -> None:
    file = read(real_data / "originals" / "tha_admbnda_adm2_shapefile.zip")
    found = find_codes(file.table, Level.AMPHOE)
    assert found is not None
    raw = areas(*file.table.geometry, codes=found[1].to_list())
    care = examine(raw)
    counts = care.faults["kind"].value_counts().to_dict()
    assert counts == {"overlap": 3, "invalid": 1}
    assert set(care.faults["code"]) <= {"8014", "8402", "8403"}
    repaired = repair(raw)
    assert set(repaired.changes["code"]) == {"8402", "8403"}
    assert repaired.changes["square_metres_lost"].max() < 10_000
    assert is_sound(examine(repaired.table))
    untouched = ~raw["code"].isin(["8014", "8402", "8403"])
    same = shapely.equals(raw.geometry[untouched], repaired.table.geometry[untouched])
    assert np.asarray(same).all()
