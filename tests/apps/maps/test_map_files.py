"""What a map fetches says the same as what it was made of."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from phaenthi.apps.maps import legends
from phaenthi.apps.maps.files import (
    GRID,
    VILLAGE_GRID,
    as_bytes,
    name_places,
    pack_areas,
    pack_codes,
    pack_marks,
    pack_values,
    pack_villages,
)
from phaenthi.apps.screens.area_map import Figure


def areas_of(*shapes: shapely.Geometry | None) -> gpd.GeoDataFrame:
    codes = [f"46{number:02d}" for number in range(1, len(shapes) + 1)]
    table = {"code": codes, "name_th": codes, "name_en": codes}
    return gpd.GeoDataFrame(table, geometry=list(shapes), crs="EPSG:4326")


def rings_of(packed: dict[str, Any], area: int) -> list[np.ndarray]:
    """Return the rings of an area in degrees, as the browser adds them up."""
    return [
        np.cumsum(np.reshape(ring, (-1, 2)), axis=0) / packed["grid"]
        for ring in packed["shapes"][area]
    ]


def shape_of(packed: dict[str, Any], area: int) -> shapely.Geometry:
    """Return an area by the even-odd rule that it is drawn by."""
    shape = shapely.Polygon()
    for ring in rings_of(packed, area):
        shape = shape.symmetric_difference(shapely.make_valid(shapely.Polygon(ring)))
    return shape


def codes_of(packed: Any) -> list[str]:
    """Return codes as the browser adds them up."""
    if isinstance(packed, list):
        return packed
    numbers = np.cumsum(packed["steps"], dtype=float)
    return [f"{int(number):0{packed['digits']}d}" for number in numbers]


def test_an_area_with_holes_and_islands_is_told_whole() -> None:
    land = shapely.box(103, 16, 104, 17).difference(shapely.box(103.2, 16.2, 103.6, 16.6))
    both = shapely.union(land, shapely.box(104.5, 16, 104.6, 16.1))
    packed = json.loads(as_bytes(pack_areas(areas_of(both, shapely.box(103.3, 16.3, 103.4, 16.4)))))
    assert len(packed["shapes"][0]) == 3
    assert shape_of(packed, 0).equals(both)
    assert shape_of(packed, 1).equals(shapely.box(103.3, 16.3, 103.4, 16.4))


def test_neighbours_keep_their_shared_edge_when_coordinates_are_shortened() -> None:
    west = shapely.Polygon([(103, 16), (103.123456, 16.00004), (103.123456, 17), (103, 17)])
    east = shapely.Polygon([(103.123456, 16.00004), (104, 16), (104, 17), (103.123456, 17)])
    packed = pack_areas(areas_of(west, east))
    corners = [{tuple(corner) for corner in rings_of(packed, area)[0]} for area in (0, 1)]
    assert corners[0] & corners[1] == {(103.1235, 16.0), (103.1235, 17.0)}


def test_an_area_without_a_shape_is_left_out_and_the_others_keep_their_codes() -> None:
    packed = pack_areas(areas_of(None, shapely.box(103, 16, 104, 17), shapely.Polygon()))
    assert packed["codes"] == ["4602"]
    assert len(packed["shapes"]) == 1


def test_no_areas_at_all_make_an_empty_file() -> None:
    packed = pack_areas(areas_of())
    assert packed["codes"] == packed["shapes"] == packed["places"] == []


def test_an_area_too_small_for_the_grid_stays_in_the_file() -> None:
    speck = shapely.box(103.00001, 16.00001, 103.00002, 16.00002)
    packed = pack_areas(areas_of(speck))
    assert [len(rings) for rings in packed["shapes"]] == [1]


def test_islets_too_small_to_see_are_dropped() -> None:
    land = shapely.box(103, 16, 104, 17)
    speck = shapely.box(105.00001, 16.00001, 105.00002, 16.00002)
    packed = pack_areas(areas_of(shapely.union(land, speck)))
    assert [len(rings) for rings in packed["shapes"]] == [1]


@given(
    st.lists(
        st.tuples(
            st.floats(97.5, 105.5), st.floats(5.7, 20.3), st.floats(0.001, 0.8), st.integers(3, 40)
        ),
        min_size=1,
        max_size=6,
    )
)
def test_every_corner_comes_back_within_half_a_step(
    circles: list[tuple[float, float, float, int]],
) -> None:
    turns = [np.linspace(0, 2 * np.pi, corners, endpoint=False) for *_, corners in circles]
    shapes = [
        shapely.Polygon(np.column_stack((x + size * np.cos(turn), y + size * np.sin(turn))))
        for (x, y, size, _), turn in zip(circles, turns, strict=True)
    ]
    packed = json.loads(as_bytes(pack_areas(areas_of(*shapes))))
    for area, shape in enumerate(shapes):
        [ring] = rings_of(packed, area)
        wanted = np.rint(shapely.get_coordinates(shape)[:-1] * GRID) / GRID
        kept = np.r_[True, (wanted[1:] != wanted[:-1]).any(axis=1)]
        assert ring == pytest.approx(wanted[kept], abs=1e-9)


def test_names_stand_inside_their_areas_the_widest_first() -> None:
    areas = areas_of(shapely.box(103, 16, 103.1, 16.1), shapely.box(104, 16, 105, 17))
    places = name_places(pack_areas(areas), "th")
    assert [name for _, _, name in places] == ["4602", "4601"]
    for (latitude, longitude, _), shape in zip(places, areas.geometry[::-1], strict=True):
        assert shape.covers(shapely.Point(longitude, latitude))


def test_every_area_has_the_colour_of_its_class() -> None:
    values = pd.Series([1.0, 2.0, None, 4.0], index=["4601", "4602", "4603", "4604"])
    hidden = pd.Series([False, False, True, False], index=values.index)
    classes = legends.classify(values, hidden)
    codes = ["4604", "4603", "4601"]
    packed = pack_values(codes, classes, ["four", "hidden", "one"])
    colours = [packed["colours"][int(letter, 36)] for letter in packed["classes"]]
    assert colours == [classes.colour_of[code] for code in codes]
    assert colours[1] == legends.HIDDEN_COLOUR


@given(
    st.lists(
        st.tuples(st.floats(97.5, 105.5), st.floats(5.7, 20.3), st.sampled_from(["ก", "ข", "ค"])),
        max_size=30,
    )
)
def test_every_village_comes_back_within_a_metre(villages: list[tuple[float, float, str]]) -> None:
    codes = [f"4601{number:04d}" for number in range(len(villages))]
    points = np.array([shapely.Point(x, y) for x, y, _ in villages], dtype=object)
    where = [line for *_, line in villages]
    packed = json.loads(as_bytes(pack_villages(codes, points, codes, where)))
    words = packed["words"]
    assert codes_of(packed["codes"]) == words["titles"] == codes
    assert [words["places"][place] for place in words["place"]] == where
    for axis, wanted in (("x", shapely.get_x(points)), ("y", shapely.get_y(points))):
        back = np.cumsum(packed[axis]) / VILLAGE_GRID
        assert back == pytest.approx(wanted, abs=0.5 / VILLAGE_GRID + 1e-9)


@given(
    st.one_of(
        st.lists(st.from_regex(r"[0-9]{8}", fullmatch=True)),
        st.lists(st.text("0123456789abcกข๑", max_size=18)),
    )
)
def test_codes_come_back_whatever_they_are_and_in_their_order(codes: list[str]) -> None:
    assert codes_of(json.loads(as_bytes(pack_codes(codes)))) == codes


def test_the_codes_of_neighbouring_villages_are_told_as_steps() -> None:
    packed = pack_codes(["01010101", "01010102", "01010201"])
    assert packed == {"digits": 8, "steps": [1010101, 1, 99]}


def test_a_figure_is_told_of_the_asked_areas_in_their_order() -> None:
    codes = pd.Index(["4601", "4602", "4603"], dtype="string")
    values = pd.Series([1, None, 3], index=codes, dtype="Int64")
    figure = Figure(values, pd.Series([False, True, False], index=codes), "poor", "households", "")
    asked = ["4603", "9999", "4602"]
    shown = asdict(figure.of(asked))
    assert shown["values"].fillna(-1).to_dict() == {"4603": 3, "9999": -1, "4602": -1}
    assert shown["hidden"].tolist() == [False, False, True]
    nothing = Figure(values.iloc[:0], shown["hidden"].iloc[:0], "poor", "households", "")
    assert asdict(nothing.of(["4601"]))["values"].isna().tolist() == [True]


def test_a_village_that_a_filter_hides_has_a_mark_of_its_own() -> None:
    assert pack_marks([0, None, 4, 11]) == "0-4b"
