"""Hulls, centres and distances of clusters, checked against looking at every pair."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from phaenthi.geo.shapes.cluster_shapes import shape_clusters
from phaenthi.geo.shapes.clusters import NOISE
from phaenthi.geo.shapes.sphere import sphere_metres


@settings(max_examples=50, deadline=None)
@given(count=st.integers(0, 60), clusters=st.integers(1, 5), seed=st.integers(0, 9999))
def test_distances_are_those_of_looking_at_every_pair(count: int, clusters: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(102, 104, count).round(1), rng.uniform(14, 16, count).round(1)
    labels = rng.integers(NOISE, clusters, count)
    found = shape_clusters(x, y, labels)
    metres = sphere_metres(x[:, None], y[:, None], x, y)
    for row in range(count):
        fellows = np.flatnonzero((labels == labels[row]) & (np.arange(count) != row))
        answer = found.members.iloc[row]
        if labels[row] == NOISE or not fellows.size:
            assert answer["nearest"] == -1
            assert np.isnan(answer["nearest_metres"])
            continue
        assert int(answer["nearest"]) in fellows
        assert answer["nearest_metres"] == pytest.approx(metres[row, fellows].min(), abs=1e-3)
        assert metres[row, int(answer["nearest"])] == pytest.approx(
            metres[row, fellows].min(), abs=1e-3
        )
    for label in np.unique(labels[labels != NOISE]):
        of = labels == label
        cluster = found.clusters.loc[label]
        assert cluster["members"] == of.sum()
        assert cluster["span_metres"] == pytest.approx(metres[np.ix_(of, of)].max(), abs=1e-3)
        grown = shapely.buffer(cluster.geometry, 1e-9)
        assert shapely.covers(grown, shapely.points(x[of], y[of])).all()


def test_the_span_of_many_members_is_found_on_the_hull() -> None:
    rng = np.random.default_rng(8)
    x, y = rng.normal(103, 0.3, 1_500), rng.normal(15, 0.3, 1_500)
    found = shape_clusters(x, y, np.zeros(1_500, dtype=int))
    most = max(sphere_metres(x[row], y[row], x, y).max() for row in range(1_500))
    assert found.clusters.loc[0, "span_metres"] == pytest.approx(most, abs=1e-3)


def test_one_spot_is_a_point_two_a_line_and_three_an_area() -> None:
    x = [103.0, 103.0, 103.2, 103.3, 103.5, 103.6, 103.5]
    y = [15.0, 15.0, 15.0, 15.1, 15.0, 15.0, 15.1]
    found = shape_clusters(x, y, [0, 0, 1, 1, 2, 2, 2]).clusters
    assert found.geom_type.tolist() == ["Point", "LineString", "Polygon"]
    assert found.loc[0, "span_metres"] == 0
    assert found.loc[1, "longitude"] == pytest.approx(103.25, abs=1e-4)
    assert found.loc[1, "latitude"] == pytest.approx(15.05, abs=1e-4)
