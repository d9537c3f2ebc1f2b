"""Approximate village areas fill their tambon, say so, and leave the doubtful blank."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box

from phaenthi.geo.boundaries.reading import read_boundaries
from phaenthi.geo.boundaries.village_cells import draw_cells
from phaenthi.geo.shapes.crs import area_square_metres

WEST, EAST = box(103.0, 16.0, 103.1, 16.1), box(103.1, 16.0, 103.2, 16.1)
TAMBONS = gpd.GeoDataFrame({"code": ["460101", "460102"]}, geometry=[WEST, EAST], crs=4326)


def villages(**points: Point | None) -> gpd.GeoDataFrame:
    codes = [name.removeprefix("v") for name in points]
    return gpd.GeoDataFrame({"code": codes}, geometry=list(points.values()), crs=4326)


def test_each_place_goes_to_the_nearest_village_of_its_own_tambon() -> None:
    cells = draw_cells(
        villages(
            v46010102=Point(103.08, 16.05),
            v46010101=Point(103.02, 16.05),
            v46010201=Point(103.11, 16.05),
        ),
        TAMBONS,
    )
    table = cells.table
    assert list(table.columns) == ["code", "tambon_code", "approximate", "geometry"]
    assert table["code"].to_list() == ["46010101", "46010102", "46010201"]
    assert table["approximate"].all()
    assert table.geometry[0].bounds == pytest.approx((103.0, 16.0, 103.05, 16.1))
    assert table.geometry[1].bounds == pytest.approx((103.05, 16.0, 103.1, 16.1))
    assert table.geometry[2].equals(EAST)  # 46010102 is nearer to some of it, but not of it
    assert cells.not_drawn.empty


def test_villages_that_cannot_be_drawn_are_listed_with_the_reason() -> None:
    cells = draw_cells(
        villages(
            v46010101=Point(103.02, 16.05),
            v46010102=Point(103.08, 16.05),
            v46010103=Point(103.08, 16.05),
            v46010104=None,
            v46010105=Point(103.15, 16.05),
            v46990101=Point(103.05, 16.05),
        ),
        TAMBONS,
    )
    assert cells.table["code"].to_list() == ["46010101"]
    assert cells.table.geometry[0].bounds == pytest.approx((103.0, 16.0, 103.05, 16.1))
    assert dict(zip(cells.not_drawn["code"], cells.not_drawn["reason"], strict=True)) == {
        "46010102": "geo.reason.same_point",
        "46010103": "geo.reason.same_point",
        "46010104": "geo.reason.no_point",
        "46010105": "geo.reason.outside_tambon",
        "46990101": "geo.reason.no_tambon",
    }


def test_no_village_gives_no_cell() -> None:
    cells = draw_cells(villages(v46010101=None), TAMBONS)
    assert cells.table.empty
    assert list(cells.table.columns) == ["code", "tambon_code", "approximate", "geometry"]
    assert cells.table.crs.to_epsg() == 4326


places = st.tuples(st.floats(103.001, 103.099), st.floats(16.001, 16.099)).map(
    lambda place: (round(place[0], 5), round(place[1], 5))
)


@settings(max_examples=60)
@given(st.lists(places, min_size=1, max_size=15, unique=True))
def test_the_cells_of_a_tambon_are_the_tambon_and_hold_their_points(
    found: list[tuple[float, float]],
) -> None:
    points = {f"v460101{moo + 1:02d}": Point(place) for moo, place in enumerate(found)}
    drawn = villages(**points)
    table = draw_cells(drawn, TAMBONS).table
    assert shapely.area(shapely.symmetric_difference(table.union_all(), WEST)) < 1e-12
    assert shapely.area(table.geometry.to_numpy()).sum() == pytest.approx(WEST.area)
    apart = shapely.distance(table.geometry.to_numpy(), drawn.geometry.to_numpy())
    assert apart.max() < 1e-9


@pytest.mark.real_data
def test_the_cells_of_kalasin_cover_its_tambons_but_for_shared_points(real_data: Path) -> None:
    tambons = read_boundaries(real_data / "country" / "tambon.parquet").table
    points = gpd.read_parquet(real_data / "country" / "village_points_2012.parquet")
    exact = points[(points["match"] == "exact") & points["village_code"].str.startswith("46")]
    exact = exact.rename(columns={"village_code": "code"})[["code", "geometry"]]
    cells = draw_cells(exact, tambons)
    assert len(cells.table) + len(cells.not_drawn) == len(exact)
    assert set(cells.not_drawn["reason"]) == {"geo.reason.same_point"}
    whole = cells.table.assign(area=area_square_metres(cells.table))
    drawn = whole.groupby("tambon_code")["area"].sum()
    shared = set(cells.not_drawn["code"].str[:6])
    full = tambons.set_index("code").loc[drawn.index.difference(pd.Index(shared))]
    # Geodesic edges cut at more corners enclose a little less.
    expected = area_square_metres(full).to_numpy()
    assert drawn[full.index].to_numpy() == pytest.approx(expected, rel=1e-4)
