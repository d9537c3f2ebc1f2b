"""Metric zones by place, areas on the ellipsoid, land in rai."""

from __future__ import annotations

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, box

from phaenthi.geo.shapes.crs import (
    LandArea,
    area_square_metres,
    land_area,
    metric_crs,
    outside_thailand,
)


@pytest.mark.parametrize(("longitude", "zone"), [(98.4, 32647), (101.99, 32647), (102.01, 32648)])
def test_the_zone_changes_at_102_degrees_east(longitude: float, zone: int) -> None:
    points = gpd.GeoSeries([Point(longitude, 16)], crs="EPSG:4326")
    assert metric_crs(points).to_epsg() == zone
    assert metric_crs(points.to_crs("EPSG:24047")).to_epsg() == zone


def test_the_edge_itself_belongs_to_the_eastern_zone() -> None:
    assert metric_crs(gpd.GeoSeries([Point(102, 16)], crs="EPSG:4326")).to_epsg() == 32648


def test_no_place_has_no_zone() -> None:
    with pytest.raises(ValueError, match="no geometry"):
        metric_crs(gpd.GeoSeries([None], crs="EPSG:4326"))


def test_the_area_does_not_depend_on_the_crs_it_comes_in() -> None:
    plots = gpd.GeoSeries([box(102.5, 16.0, 102.51, 16.01), None], crs="EPSG:4326", index=[4, 9])
    degrees, metres = area_square_metres(plots), area_square_metres(plots.to_crs("EPSG:32648"))
    assert degrees[4] == pytest.approx(1_070.4 * 1_106.4, rel=2e-3)
    assert metres[4] == pytest.approx(degrees[4], rel=1e-6)
    assert degrees.isna()[9]


@given(st.floats(0, 1e9))
def test_rai_ngan_and_square_wa_add_up_to_the_area(square_metres: float) -> None:
    land = land_area(square_metres)
    assert 0 <= land.ngan < 4
    assert 0 <= land.square_wa < 100
    back = land.rai * 1600 + land.ngan * 400 + land.square_wa * 4
    assert back == pytest.approx(square_metres, abs=0.21)


def test_land_is_told_in_thai_units() -> None:
    assert land_area(1600 * 3 + 400 * 2 + 4 * 45.5) == LandArea(3, 2, 45.5)
    assert land_area(1599.99) == LandArea(1, 0, 0.0)
    assert LandArea(1234, 2, 45.5).sentence("th") == "1,234 ไร่ 2 งาน 45.5 ตร.ว."
    with pytest.raises(ValueError, match="no area"):
        land_area(-1)


def test_swapped_coordinates_are_outside_thailand_and_missing_ones_are_not() -> None:
    points = gpd.GeoSeries([Point(103, 16), Point(16, 103), None], crs="EPSG:4326")
    assert outside_thailand(points).to_list() == [False, True, False]
