"""Points are placed by a stated rule, on edges and outside too."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import Point, box

from phaenthi.geo.places.locate import locate

# Two neighbours that share the edge at 102° E, the border of the UTM zones; the one with the
# lower code stands second.
AREAS = gpd.GeoDataFrame(
    {"code": ["420102", "420101"]},
    geometry=[box(102.0, 17.0, 102.1, 17.1), box(101.9, 17.0, 102.0, 17.1)],
    crs="EPSG:4326",
)


def points(*places: tuple[float, float] | None) -> gpd.GeoSeries:
    shapes = [None if place is None else Point(place) for place in places]
    return gpd.GeoSeries(shapes, index=[f"p{n}" for n in range(len(shapes))], crs="EPSG:4326")


def test_a_point_inside_an_area_gets_its_code() -> None:
    found = locate(points((102.05, 17.05), (101.95, 17.05)), AREAS)
    assert found["code"].to_list() == ["420102", "420101"]
    assert found["how"].eq("inside").all()
    assert found["distance_metres"].eq(0).all()
    assert list(found.index) == ["p0", "p1"]


def test_a_point_on_a_shared_edge_goes_to_the_lowest_code_and_is_counted() -> None:
    found = locate(points((102.0, 17.05), (102.05, 17.05)), AREAS)
    assert found["code"].to_list() == ["420101", "420102"]
    assert found["how"].value_counts().to_dict() == {"edge": 1, "inside": 1}


def test_a_point_just_outside_gets_the_nearest_area_and_the_geodesic_distance() -> None:
    place = (102.1 + 0.002, 17.05)
    found = locate(points(place), AREAS, nearest_within_metres=300).iloc[0]
    _, _, metres = Geod(ellps="WGS84").inv(102.1, 17.05, *place)
    assert (found["code"], found["how"]) == ("420102", "nearest")
    assert found["distance_metres"] == pytest.approx(metres, abs=0.05)


def test_a_point_too_far_away_stays_unplaced() -> None:
    found = locate(points((102.102, 17.05), (103.0, 17.05)), AREAS, nearest_within_metres=200)
    assert found["how"].eq("unplaced").all()
    assert found["code"].isna().all()
    assert found["distance_metres"].isna().all()
    never = locate(points((102.1001, 17.05)), AREAS, nearest_within_metres=0)
    assert never["how"].eq("unplaced").all()


def test_a_point_equally_near_to_two_areas_goes_to_the_lowest_code() -> None:
    found = locate(points((102.0, 17.101)), AREAS, nearest_within_metres=300)
    assert found["code"].to_list() == ["420101"]
    assert found["how"].to_list() == ["nearest"]


def test_a_missing_point_is_unplaced_and_keeps_its_row() -> None:
    found = locate(points(None, (102.05, 17.05)), AREAS)
    assert found["how"].to_list() == ["unplaced", "inside"]


def test_no_points_at_all_give_an_empty_table() -> None:
    assert locate(points(), AREAS).empty


def test_points_of_another_crs_are_understood_and_without_one_refused() -> None:
    place = points((102.05, 17.05))
    assert locate(place.to_crs("EPSG:32648"), AREAS)["code"].to_list() == ["420102"]
    with pytest.raises(ValueError, match="CRS"):
        locate(gpd.GeoSeries([Point(102, 17)]), AREAS)


@given(st.lists(st.tuples(st.floats(101.89, 102.11), st.floats(16.99, 17.11)), max_size=30))
def test_every_point_is_placed_as_a_plain_search_would(places: list[tuple[float, float]]) -> None:
    found = locate(points(*places), AREAS, nearest_within_metres=0)
    for place, row in zip(places, found.itertuples(), strict=True):
        touching = [
            code
            for code, shape in zip(AREAS["code"], AREAS.geometry, strict=True)
            if shape.intersects(Point(place))
        ]
        assert (min(touching) if touching else None) == (None if pd.isna(row.code) else row.code)


@pytest.mark.real_data
def test_the_real_villages_fall_where_another_tool_placed_them(real_data) -> None:
    villages = gpd.read_parquet(real_data / "country" / "village_points_2012.parquet")
    tambons = gpd.read_parquet(real_data / "country" / "tambon.parquet")
    areas = tambons.assign(code=tambons["ADM3_PCODE"].str.removeprefix("TH"))
    found = locate(villages.geometry, areas)
    placed = villages["tambon_code_by_location"].notna()
    assert found.loc[placed, "code"].eq(villages.loc[placed, "tambon_code_by_location"]).all()
    assert set(found.loc[~placed, "how"]) == {"nearest", "unplaced"}
    near = found.loc[found["how"] == "nearest", "distance_metres"]
    assert np.all((near > 0) & (near <= 500))
