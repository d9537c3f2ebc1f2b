"""Density clusters on the sphere, compared with scikit-learn's on the same places."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN

from phaenthi.geo.shapes.clusters import NOISE, density_clusters, natural_clusters
from phaenthi.geo.shapes.sphere import EARTH_RADIUS_METRES
from phaenthi.wording import Problem

Places = npt.NDArray[np.float64]


def scattered(count: int, seed: int, *, west: float = 102.4, width: float = 1.5) -> Places:
    """Return places around Buri Ram, half of them in knots and some of them twice."""
    rng = np.random.default_rng(seed)
    loose = np.column_stack([rng.uniform(west, west + width, count), rng.uniform(14, 16, count)])
    knots = loose[rng.integers(0, max(count // 40, 1), count)] + rng.normal(0, 0.01, (count, 2))
    places = np.where(rng.random((count, 1)) < 0.5, loose, knots)
    again = rng.random(count) < 0.1
    places[again] = places[rng.integers(0, count, int(again.sum()))]
    return places


def by_sklearn(places: Places, within_metres: float, at_least: int) -> DBSCAN:
    return DBSCAN(
        eps=within_metres / EARTH_RADIUS_METRES,
        min_samples=at_least,
        metric="haversine",
        algorithm="ball_tree",
    ).fit(np.radians(places[:, ::-1]))


def assert_same(places: Places, within_metres: float, at_least: int) -> None:
    ours = density_clusters(places[:, 0], places[:, 1], within_metres, at_least)
    theirs = by_sklearn(places, within_metres, at_least)
    assert ours.labels.tolist() == theirs.labels_.tolist()
    assert np.flatnonzero(ours.core).tolist() == theirs.core_sample_indices_.tolist()


@pytest.mark.parametrize(
    ("within_metres", "at_least"), [(1_000, 5), (1_500, 2), (2_000, 10), (500, 1), (5_000, 60)]
)
def test_ten_thousand_places_have_the_labels_of_dbscan_by_haversine(
    within_metres: float, at_least: int
) -> None:
    assert_same(scattered(10_000, seed=at_least), within_metres, at_least)


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(1, 120),
    seed=st.integers(0, 10_000),
    within_metres=st.sampled_from([300.0, 2_000.0, 9_000.0, 60_000.0]),
    at_least=st.integers(1, 8),
)
def test_any_few_places_have_the_labels_of_dbscan_by_haversine(
    count: int, seed: int, within_metres: float, at_least: int
) -> None:
    assert_same(scattered(count, seed), within_metres, at_least)


def test_places_on_a_grid_lie_exactly_at_the_limit_for_both() -> None:
    steps = np.arange(25) * 0.01
    places = np.array([(103 + x, 15 + y) for x in steps for y in steps])
    north = np.radians(0.01) * EARTH_RADIUS_METRES
    for within in (north, np.nextafter(north, 0), np.nextafter(north, 1e9)):
        assert_same(places, float(within), 3)


def test_a_border_place_between_two_clusters_goes_to_the_first_as_in_sklearn() -> None:
    # Two knots of four; the place between them reaches one member of each.
    knot = np.array([[0.0, 0.0], [0.001, 0.0005], [0.001, -0.0005], [0.0015, 0.0]])
    east, west = knot + [103.0095, 15], knot * [-1, 1] + [102.9905, 15]  # noqa: RUF005 - a sum
    places = np.vstack([east, [[103.0, 15.0]], west])
    found = density_clusters(places[:, 0], places[:, 1], 1_030, 4)
    assert found.labels.tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1]
    assert not found.core[4]
    assert_same(places, 1_030, 4)
    assert_same(places[::-1], 1_030, 4)


def test_rows_at_one_village_point_count_each_and_cost_nothing() -> None:
    places = np.repeat([[103.0, 15.0], [103.5, 15.5]], [99_998, 2], axis=0)
    found = density_clusters(places[:, 0], places[:, 1], 1_000, 3)
    assert found.count == 1
    assert (found.labels == NOISE).sum() == 2


def test_many_pairs_are_taken_in_parts_with_the_same_labels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places = scattered(1_500, seed=3)
    whole = density_clusters(places[:, 0], places[:, 1], 5_000, 6)
    monkeypatch.setattr("phaenthi.geo.shapes.clusters._PAIRS_AT_ONCE", 10)
    monkeypatch.setattr("phaenthi.geo.shapes.clusters._BLOCK", 130)
    parts = density_clusters(places[:, 0], places[:, 1], 5_000, 6)
    assert parts.labels.tolist() == whole.labels.tolist()
    assert parts.core.tolist() == whole.core.tolist()


def test_sets_kept_apart_are_clustered_as_if_each_were_alone() -> None:
    places = scattered(3_000, seed=9)
    sets = np.random.default_rng(9).integers(0, 5, 3_000)
    together = density_clusters(places[:, 0], places[:, 1], 3_000, 3, apart=sets)
    of_label = [set(sets[together.labels == label]) for label in range(together.count)]
    assert {len(found) for found in of_label} == {1}
    for one in range(5):
        alone = density_clusters(*places[sets == one].T, 3_000, 3)
        labels = together.labels[sets == one]
        pairs = set(zip(labels.tolist(), alone.labels.tolist(), strict=True))
        assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


def test_a_cluster_may_cross_the_edge_of_the_utm_zones() -> None:
    places = np.column_stack([101.98 + np.arange(5) * 0.01, np.full(5, 14.5)])
    assert density_clusters(places[:, 0], places[:, 1], 1_200, 2).count == 1


def test_unknown_places_are_in_no_cluster() -> None:
    found = density_clusters([103.0, np.nan, 103.0], [15.0, 15.0, 15.0], 100, 2)
    assert found.labels.tolist() == [0, NOISE, 0]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_nothing_one_place_and_only_unknown_places_are_answered(count: int) -> None:
    unknown = np.full(count, np.nan)
    assert density_clusters(unknown, unknown, 100, 2).labels.tolist() == [NOISE] * count
    assert natural_clusters(unknown, unknown, 2).labels.tolist() == [NOISE] * count
    assert density_clusters([103.0], [15.0], 100, 2).labels.tolist() == [NOISE]


def test_swapped_coordinates_are_refused() -> None:
    places = scattered(50, seed=1)
    with pytest.raises(Problem) as refused:
        density_clusters(places[:, 1], places[:, 0], 1_000, 3)
    assert refused.value.message_id == "geo.places_swapped"
    assert refused.value.values["count"] == 50
    with pytest.raises(Problem) as refused:
        natural_clusters([103.0, 13.0], [15.0, 52.0], 2)
    assert refused.value.message_id == "geo.places_outside"
    assert refused.value.values["place"] == 2


def test_clusters_without_a_distance_find_knots_of_different_density() -> None:
    rng = np.random.default_rng(5)
    tight = rng.normal((102.8, 15.2), 0.003, (30, 2))
    wide = rng.normal((103.5, 14.6), 0.04, (40, 2))
    places = np.vstack([tight, wide])
    found = natural_clusters(places[:, 0], places[:, 1], 5)
    assert found.labels[0] == 0
    assert (found.labels[:30] == 0).mean() > 0.8
    assert (found.labels[30:] == 1).mean() > 0.8


def test_too_many_places_for_clusters_without_a_distance_are_refused() -> None:
    places = scattered(20_001, seed=2)
    with pytest.raises(Problem) as refused:
        natural_clusters(places[:, 0], places[:, 1], 5)
    assert refused.value.message_id == "geo.too_many_for_natural"
