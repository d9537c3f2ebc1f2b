"""The water in ponds with sloping sides, against sums that anybody can do."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st

from phaenthi.geo.land.pond import box_volume, depth_reached, shape_volumes


def one(*numbers):
    return tuple(np.array([number], dtype=float) for number in numbers)


def test_a_square_pond_is_the_well_known_frustum():
    rim, floor, depth = 40.0**2, 28.0**2, 4.0
    expected = depth / 3 * (rim + floor + np.sqrt(rim * floor))
    assert box_volume(*one(40, 40, 4, 1.5))[0] == pytest.approx(expected)


@example(2.0, 2.0, 1.0, 3.6e-208, 4.6)
@given(
    st.floats(2, 200), st.floats(2, 200), st.floats(0.1, 10), st.floats(0, 3), st.floats(0, 6.28)
)
def test_any_rectangle_is_the_sum_of_thin_layers(width, length, depth, slope, turn):
    reached = min(depth, min(width, length) / (2 * slope) if slope else np.inf)
    edges = np.linspace(0, reached, 4001)
    middle = (edges[1:] + edges[:-1]) / 2
    layers = (width - 2 * slope * middle) * (length - 2 * slope * middle)
    expected = float(layers.sum() * (edges[1] - edges[0]))
    assert box_volume(*one(width, length, depth, slope))[0] == pytest.approx(expected, rel=1e-4)
    rim = shapely.affinity.rotate(shapely.box(0, 0, width, length), turn, use_radians=True)
    volume, bottom = shape_volumes(np.array([rim], dtype=object), *one(depth, slope))
    assert volume[0] == pytest.approx(expected, rel=2e-2)
    assert bottom[0] == pytest.approx(reached, rel=1e-2, abs=0.02)


def test_a_pond_ends_where_its_sides_meet():
    assert depth_reached(*one(10, 40, 4, 1.5))[0] == pytest.approx(10 / 3)
    assert depth_reached(*one(12, 40, 4, 1.5))[0] == 4  # just reached
    assert depth_reached(*one(10, 40, 4, 0))[0] == 4


@pytest.mark.parametrize("missing", range(4))
def test_what_is_missing_leaves_the_water_unknown(missing):
    numbers = [40.0, 40.0, 4.0, 1.5]
    numbers[missing] = np.nan
    assert np.isnan(box_volume(*one(*numbers))[0])


def test_a_round_pond_is_nearly_a_cone_cut_off():
    rim = shapely.Point(0, 0).buffer(20, quad_segs=64)
    volume, _ = shape_volumes(
        np.array([rim, None], dtype=object), *(np.array([4.0, 4.0]), np.array([1.5, 1.5]))
    )
    cone = np.pi * 4 / 3 * (20**2 + 14**2 + 20 * 14)
    assert volume[0] == pytest.approx(cone, rel=3e-3)
    assert np.isnan(volume[1])
