"""Parcels: where they lie, which claim the same land, how far a pond is from the edge."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from phaenthi.geo.land.overlaps import find_near_points, find_overlaps, find_points_in_parcels
from phaenthi.geo.land.parcels import as_parcels, by_zone, place_parcels, setback_metres
from phaenthi.geo.land.split import room_inside, split_land
from phaenthi.geo.shapes.crs import (
    ELLIPSOID,
    GEOGRAPHIC,
    UTM_47_NORTH,
    UTM_48_NORTH,
    area_square_metres,
)

KALASIN = (350_000.0, 1_820_000.0, UTM_48_NORTH)
PHUKET = (430_000.0, 880_000.0, UTM_47_NORTH)


def in_degrees(shapes, where=KALASIN, labels=None):
    """Return shapes in metres from a corner of a place as a series in degrees."""
    x, y, crs = where
    moved = [None if shape is None else affinity.translate(shape, x, y) for shape in shapes]
    return gpd.GeoSeries(moved, index=labels, crs=crs).to_crs(GEOGRAPHIC)


def square(side, x=0.0, y=0.0):
    return shapely.box(x, y, x + side, y + side)


def areas(**boxes):
    return gpd.GeoDataFrame(
        {"code": list(boxes), "geometry": list(boxes.values())}, crs=GEOGRAPHIC
    ).assign(code=[name.removeprefix("a") for name in boxes])


def test_a_polygon_lies_where_most_of_its_land_is():
    two = areas(a460102=shapely.box(103, 16, 103.5, 17), a460101=shapely.box(103.5, 16, 104, 17))
    parcels = gpd.GeoSeries(
        [
            shapely.box(103.1, 16.1, 103.11, 16.11),
            shapely.box(103.497, 16.1, 103.501, 16.11),
            shapely.box(103.499, 16.1, 103.503, 16.11),
            shapely.box(103.499, 16.2, 103.501, 16.21),
        ],
        index=list("abcd"),
        crs=GEOGRAPHIC,
    )
    placed = place_parcels(parcels, two)
    # Half and half: the lowest code, as for a point on the edge.
    assert placed["code"].tolist() == ["460102", "460102", "460101", "460101"]
    assert placed["how"].tolist() == ["inside", "most", "most", "most"]
    assert placed["share"].round(4).tolist() == [1.0, 0.75, 0.75, 0.5]


def test_points_follow_the_rule_of_locate_and_missing_ones_have_no_place():
    two = areas(a460102=shapely.box(103, 16, 103.5, 17), a460101=shapely.box(103.5, 16, 104, 17))
    points = gpd.GeoSeries(
        [shapely.Point(103.2, 16.5), shapely.Point(103.5, 16.5), None, shapely.Point(90, 10)],
        crs=GEOGRAPHIC,
    )
    placed = place_parcels(points, two)
    assert placed["how"].tolist() == ["inside", "edge", "unplaced", "unplaced"]
    assert placed["code"].tolist()[:2] == ["460102", "460101"]
    assert placed["code"].isna().tolist() == [False, False, True, True]


def test_a_parcel_half_in_the_sea_belongs_to_its_island():
    island = areas(a830101=shapely.box(98.3, 7.8, 98.4, 7.9))
    parcel = gpd.GeoSeries([shapely.box(98.399, 7.85, 98.402, 7.851)], crs=GEOGRAPHIC)
    placed = place_parcels(parcel, island).iloc[0]
    assert (placed["code"], placed["how"]) == ("830101", "most")
    assert placed["share"] == pytest.approx(1 / 3, abs=1e-3)


def test_a_walked_line_is_a_parcel_and_an_open_line_is_none():
    walked = shapely.LineString([(0, 0), (40, 0), (40, 40), (0, 40), (0, 3)])
    path = shapely.LineString([(0, 0), (40, 0), (80, 5)])
    there_and_back = shapely.LineString([(0, 0), (40, 0), (0, 0)])
    bow_tie = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    high = shapely.Point(1, 2, 300)
    many = shapely.MultiPoint([(0, 0), (1, 1)])
    made = as_parcels(gpd.GeoSeries([walked, path, there_and_back, bow_tie, high, many, None]))
    assert made.iloc[0].area == 1600
    assert made.iloc[3].is_valid
    assert made.iloc[3].area == 50
    assert not made.iloc[4].has_z
    assert made.isna().tolist() == [False, True, True, False, False, True, True]


def test_each_parcel_is_measured_in_the_zone_of_its_own_place():
    west, east = shapely.Point(101.9999, 16), shapely.Point(102.0, 16)
    places = {}
    for at, metres in by_zone(gpd.GeoSeries([west, None, east], crs=GEOGRAPHIC)):
        places[metres.crs.to_epsg()] = at.tolist()
    assert places == {32647: [0], 32648: [2]}


@pytest.mark.parametrize("longitude", [98.3, 101.9995, 102.0, 102.0005, 105.4])
def test_an_overlap_is_measured_the_same_on_both_sides_of_the_zone_edge(longitude):
    # Two parcels of 0.001° each way, half of each claimed by the other; one may lie in each zone.
    west = shapely.box(longitude - 0.001, 16, longitude, 16.001)
    east = affinity.translate(west, 0.0005, 0)
    found = find_overlaps(gpd.GeoSeries([west, east], index=["west", "east"], crs=GEOGRAPHIC))
    shared = area_square_metres(gpd.GeoSeries([west.intersection(east)], crs=GEOGRAPHIC)).iloc[0]
    assert found[["first", "second"]].to_numpy().tolist() == [["west", "east"]]
    assert found["square_metres"].iloc[0] == pytest.approx(shared, rel=2e-3)
    assert found["share_of_first"].iloc[0] == pytest.approx(0.5, abs=1e-4)


def test_neighbours_that_share_an_edge_do_not_overlap():
    row = in_degrees([square(40, 40 * place) for place in range(5)])
    assert find_overlaps(row)["square_metres"].max() < 1e-3 or find_overlaps(row).empty


def test_parcels_drawn_alike_are_paired_with_the_first():
    shape = square(40)
    again = shapely.Polygon(shape.exterior.coords[2:-1] + shape.exterior.coords[:2])
    parcels = in_degrees([shape, again, None, shapely.Point(5, 5), shape], labels=list("abcde"))
    found = find_overlaps(parcels)
    assert found[["first", "second"]].to_numpy().tolist() == [["a", "b"], ["a", "e"]]
    assert (found["share_of_second"] > 0.999999).all()


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(5, 90)),
        min_size=0,
        max_size=25,
    )
)
def test_overlaps_are_those_that_comparing_every_pair_finds(squares):
    shapes = [square(side, x, y) for x, y, side in squares]
    found = find_overlaps(in_degrees(shapes))
    for pair in found.itertuples():
        shared = shapes[pair.first].intersection(shapes[pair.second]).area
        assert pair.square_metres == pytest.approx(shared, rel=1e-3, abs=0.05)
    told = set(zip(found["first"], found["second"], strict=True))
    for one in range(len(shapes)):
        for other in range(one + 1, len(shapes)):
            alike = next(at for at, shape in enumerate(shapes) if shape == shapes[other])
            first_of_one = next(at for at, shape in enumerate(shapes) if shape == shapes[one])
            if alike < other and one != alike:
                continue  # told of the first of its kind
            if first_of_one != one and alike == other:
                continue
            if shapes[one].intersection(shapes[other]).area > 0.5:
                assert (one, other) in told


def test_points_nearer_than_the_limit_are_paired_and_those_on_it_are_not():
    x, y = 102.0, 16.0  # the pair lies across the edge of the zones
    east, _, _ = ELLIPSOID.fwd(x, y, 90, 19.9)
    far, _, _ = ELLIPSOID.fwd(x, y, 270, 20.2)
    points = gpd.GeoSeries.from_xy([x, east, far, x], [y, y, y, y], crs=GEOGRAPHIC)
    found = find_near_points(points, 20.0)
    assert found[["first", "second"]].to_numpy().tolist() == [[0, 1], [0, 3]]
    assert found["distance_metres"].iloc[0] == pytest.approx(19.9, abs=0.1)
    assert found["distance_metres"].iloc[1] == 0


def test_a_point_inside_anothers_parcel_is_found_and_one_on_the_edge_is_not():
    shapes = gpd.GeoSeries(
        [
            shapely.box(103, 16, 103.1, 16.1),
            shapely.Point(103.05, 16.05),
            shapely.Point(103, 16.05),
        ],
        index=["land", "inside", "edge"],
        crs=GEOGRAPHIC,
    )
    found = find_points_in_parcels(shapes)
    assert found.to_numpy().tolist() == [["inside", "land"]]


@pytest.mark.parametrize("where", [KALASIN, PHUKET, (180_500.0, 1_770_000.0, UTM_48_NORTH)])
def test_the_setback_is_the_shortest_way_to_the_boundary(where):
    land = square(100)
    ponds = [square(20, 8, 40), square(20, 40, 40), square(20, 0, 40), square(20, 90, 40)]
    metres = setback_metres(in_degrees(ponds, where), in_degrees([land] * 4, where))
    assert metres.to_numpy(dtype=float) == pytest.approx([8, 40, 0, 0], abs=0.02)


def test_a_hole_is_others_land():
    land = shapely.Polygon(square(100).exterior, [square(10, 50, 50).exterior])
    ponds = [square(10, 30, 50), square(4, 53, 53)]
    metres = setback_metres(in_degrees(ponds), in_degrees([land, land]))
    assert metres.to_numpy(dtype=float) == pytest.approx([10, 0], abs=0.02)


def test_nobody_measures_a_setback_without_both_shapes():
    ponds = in_degrees([None, square(5, 10, 10), shapely.Point(5, 5)])
    lands = in_degrees([square(40), None, square(40)])
    assert setback_metres(ponds, lands).isna().all()


# -- the split -------------------------------------------------------------------------------

SHARES = (30, 30, 30, 10)


def assert_divided(parcel, split, shares=SHARES):
    whole = parcel.area
    for area, share in zip(split.areas, shares, strict=True):
        assert area / whole == pytest.approx(share / sum(shares), abs=1e-6)
    assert shapely.union_all(split.parts).symmetric_difference(parcel).area < 1e-6 * whole
    for one in range(len(split.parts)):
        for other in range(one):
            assert split.parts[one].intersection(split.parts[other]).area < 1e-6 * whole


def test_a_long_rectangle_is_cut_across_its_length():
    split = split_land(shapely.box(0, 0, 200, 50), SHARES)
    assert [part.bounds for part in split.parts] == [
        pytest.approx(bounds, abs=1e-4)
        for bounds in [(0, 0, 60, 50), (60, 0, 120, 50), (120, 0, 180, 50), (180, 0, 200, 50)]
    ]
    assert split.bearing == pytest.approx(270)


@pytest.mark.parametrize(("towards", "west_edge"), [(270, 0), (300, 0), (90, 140), (45, 140)])
def test_the_first_part_lies_at_the_end_that_is_asked_for(towards, west_edge):
    split = split_land(shapely.box(0, 0, 200, 50), SHARES, first_towards=towards)
    assert split.parts[0].bounds[0] == pytest.approx(west_edge, abs=1e-4)
    assert np.cos(np.radians(split.bearing - towards)) > 0


@settings(max_examples=120)
@given(
    corners=st.lists(
        st.tuples(st.floats(0, 300), st.floats(0, 300)), min_size=3, max_size=12, unique=True
    ),
    x=st.floats(-1e6, 1e6),
    towards=st.none() | st.floats(0, 360),
)
def test_any_polygon_keeps_the_shares(corners, x, towards):
    hull = shapely.MultiPoint(corners)
    middle = hull.centroid
    around = sorted(corners, key=lambda c: np.arctan2(c[1] - middle.y, c[0] - middle.x))
    shape = as_parcels(gpd.GeoSeries([shapely.Polygon(around)])).iloc[0]
    if shape is None or shape.area < 50 or shape.minimum_clearance < 1e-6:
        return
    parcel = affinity.translate(shape, x, 1_800_000)
    assert_divided(parcel, split_land(parcel, SHARES, first_towards=towards))


@settings(max_examples=60)
@given(
    st.floats(30, 200),
    st.floats(30, 200),
    st.floats(0.1, 0.8),
    st.floats(0.1, 0.8),
    st.floats(0, 360),
)
def test_l_shapes_and_holes_keep_the_shares(width, height, notch_x, notch_y, turn):
    corner = shapely.box(width * (1 - notch_x), height * (1 - notch_y), width + 1, height + 1)
    l_shape = shapely.box(0, 0, width, height).difference(corner)
    hole = shapely.box(width * 0.3, height * 0.3, width * 0.6, height * 0.6)
    for shape in (l_shape, shapely.box(0, 0, width, height).difference(hole)):
        parcel = affinity.translate(affinity.rotate(shape, turn), 500_000, 900_000)
        assert_divided(parcel, split_land(parcel, SHARES))


def test_a_parcel_in_two_pieces_is_divided_too():
    apart = shapely.union_all([shapely.box(0, 0, 30, 30), shapely.box(200, 0, 230, 30)])
    assert_divided(apart, split_land(apart, SHARES))
    half = split_land(apart, (1, 1))  # the line falls into the gap, where any place is right
    assert half.areas == pytest.approx((900, 900))


@pytest.mark.parametrize(
    "shape", [shapely.Point(1, 1), shapely.Polygon(), shapely.LineString([(0, 0), (1, 1)])]
)
def test_what_has_no_area_cannot_be_divided(shape):
    with pytest.raises(ValueError, match="area"):
        split_land(shape, SHARES)


def test_the_room_for_a_deep_pond_keeps_its_distance_from_others_land():
    parcel = shapely.box(0, 0, 100, 40)
    water = split_land(parcel, SHARES).parts[0]
    assert room_inside(parcel, water, 8.0).bounds == pytest.approx((8, 8, 30, 32), abs=1e-3)
    assert room_inside(parcel, water, 20.0).is_empty


@pytest.mark.parametrize("rows", [0, 1])
def test_empty_and_one_row_tables_have_no_pairs(rows):
    shapes = gpd.GeoSeries([square(1)] * rows, crs=GEOGRAPHIC)
    assert find_overlaps(shapes).empty
    assert find_near_points(shapes, 20.0).empty
    assert find_points_in_parcels(shapes).empty
    nowhere = gpd.GeoDataFrame({"code": []}, geometry=[], crs=GEOGRAPHIC)
    assert place_parcels(shapes, nowhere)["how"].tolist() == ["unplaced"] * rows


def test_a_hundred_thousand_rows_survive_even_if_most_are_one_parcel():
    rng = np.random.default_rng(1)
    x, y = rng.uniform(101, 103, 50_000), rng.uniform(15, 17, 50_000)
    boxes = shapely.box(x, y, x + 0.0004, y + 0.0004)
    alike = np.repeat(boxes[:1], 20_000)
    points = shapely.points(np.repeat(103.0, 30_000), np.repeat(16.0, 30_000))
    shapes = gpd.GeoSeries(np.concatenate([boxes, alike, points]), crs=GEOGRAPHIC)
    found = find_overlaps(shapes)
    assert (found["first"] == 0).sum() >= 20_000
    assert len(find_near_points(shapes, 20.0)) == 29_999
    assert isinstance(found, pd.DataFrame)
