"""The embedded boundaries: every code of today, one coverage, and marked as what they are."""

from __future__ import annotations

import re

import geopandas as gpd
import pytest
import shapely

from phaenthi.geo.boundaries.embedded import FILE, read_embedded
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.extents import EXTENTS
from phaenthi.geo.places.gazetteer import areas
from phaenthi.geo.shapes.crs import GEOGRAPHIC

EVERY_PROVINCE = tuple(areas(Level.PROVINCE)["code"])


@pytest.fixture(scope="module")
def stored() -> gpd.GeoDataFrame:
    return gpd.read_parquet(FILE)


@pytest.fixture(scope="module", params=[Level.TAMBON, Level.AMPHOE, Level.PROVINCE])
def level_and_areas(request: pytest.FixtureRequest) -> tuple[Level, gpd.GeoDataFrame]:
    return request.param, read_embedded(request.param, EVERY_PROVINCE)


def test_every_area_of_today_has_exactly_one_polygon_under_its_name(
    level_and_areas: tuple[Level, gpd.GeoDataFrame],
) -> None:
    level, table = level_and_areas
    present = areas(level)
    assert table["code"].tolist() == present["code"].tolist()
    assert table["name_th"].tolist() == present["name_th"].tolist()
    assert table["name_en"].tolist() == present["name_en"].tolist()
    counts = {Level.PROVINCE: 77, Level.AMPHOE: 928, Level.TAMBON: 7_436}
    assert len(table) == counts[level]
    assert table.crs == GEOGRAPHIC


def test_the_country_is_one_coverage_without_overlaps_or_gaps(
    level_and_areas: tuple[Level, gpd.GeoDataFrame],
) -> None:
    _, table = level_and_areas
    shapes = table.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert set(table.geometry.geom_type) <= {"Polygon", "MultiPolygon"}
    assert shapely.coverage_is_valid(shapes)


def test_all_corners_lie_on_a_grid_of_eleven_metres(stored: gpd.GeoDataFrame) -> None:
    corners = shapely.get_coordinates(stored.geometry.to_numpy())
    assert (corners == corners.round(4)).all()


def test_the_file_itself_says_that_it_is_approximate_and_how_each_position_was_got(
    stored: gpd.GeoDataFrame,
) -> None:
    assert stored["approximate"].all()
    counts = stored["position"].value_counts().to_dict()
    assert counts == {"point": 7_195, "moved": 91, "fallback": 150}


def test_an_amphoe_is_whole_but_for_islands_or_the_credits_name_it() -> None:
    named = (FILE.parent / "CREDITS.md").read_text("utf-8")
    told = named.partition("**Amphoe in two pieces.**")[2].partition("- **")[0]
    table = read_embedded(Level.AMPHOE, EVERY_PROVINCE)
    assert _apart_on_one_land(table) == set(re.findall(r"\b\d{4}\b", told))


def test_a_province_is_whole_but_for_islands_and_the_mouth_of_songkhla_lake() -> None:
    assert _apart_on_one_land(read_embedded(Level.PROVINCE, EVERY_PROVINCE)) == {"90"}


def _apart_on_one_land(table: gpd.GeoDataFrame) -> set[str]:
    """Return the codes of areas of which two pieces lie on the same piece of land."""
    land = shapely.STRtree(shapely.get_parts(shapely.coverage_union_all(table.geometry)))
    apart = set()
    for code, shape in zip(table["code"], table.geometry, strict=True):
        inside = shapely.point_on_surface(shapely.get_parts(shape))
        if len(set(land.query(inside, predicate="within")[1])) < len(inside):
            apart.add(str(code))
    return apart


def test_only_the_provinces_asked_for_are_given() -> None:
    assert len(read_embedded(Level.TAMBON, ["96"])) == 77
    assert len(read_embedded(Level.TAMBON, ["57"])) == 124
    assert read_embedded(Level.AMPHOE, ["96", "57"])["code"].str[:2].unique().tolist() == [
        "57",
        "96",
    ]
    assert read_embedded(Level.PROVINCE, ["99"]).empty


def test_each_province_lies_where_the_coordinate_systems_look_for_it() -> None:
    bounds = read_embedded(Level.PROVINCE, EVERY_PROVINCE).set_index("code").geometry.bounds
    for code, (west, south, east, north) in EXTENTS.items():
        lies = bounds.loc[code]
        # Tambons in the coarse outline of a neighbour reach up to 0.4 degree beyond the box.
        assert west - 0.45 < lies["minx"] < lies["maxx"] < east + 0.45
        assert south - 0.45 < lies["miny"] < lies["maxy"] < north + 0.45
