"""Density clusters on the sphere: DBSCAN by distance in metres, HDBSCAN without one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from phaenthi.geo.shapes.sphere import (
    EARTH_RADIUS_METRES,
    check_in_thailand,
    chord_of,
    haversine,
    unit_vectors,
)
from phaenthi.wording import Problem

NOISE = -1
"""Label of a place that is in no cluster."""
MOST_FOR_NATURAL = 20_000
"""Places up to which `natural_clusters` answers within a few seconds."""

# Neighbour pairs held in memory at a time: 16 bytes each, and as much again to work on them.
_PAIRS_AT_ONCE = 20_000_000
_BLOCK = 2_000
# A pair this near to the limit is judged by the haversine formula itself, not by its chord.
_UNSURE = 1e-9
# Farther apart than any two places on the unit sphere.
_APART = 4.0

Labels = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Pairs = tuple[Labels, Labels]


@dataclass(frozen=True)
class DensityClusters:
    """Which cluster each place is in.

    Attributes
    ----------
    labels
        0, 1, 2 … in the order in which the clusters' first core places come in the table;
        ``NOISE`` for places in none, and for places that are not known.
    core
        Whether a place has enough neighbours to found a cluster.
    """

    labels: Labels
    core: Mask

    @property
    def count(self) -> int:
        """Number of clusters."""
        return int(self.labels.max(initial=NOISE)) + 1


def density_clusters(
    longitude: npt.ArrayLike,
    latitude: npt.ArrayLike,
    within_metres: float,
    at_least: int,
    *,
    apart: npt.ArrayLike | None = None,
) -> DensityClusters:
    """Return the density clusters of places (DBSCAN), by great-circle distance.

    A place with ``at_least`` places within the distance, itself counted, is a core place; core
    places within the distance of each other are in one cluster. Any other place within the
    distance of a core place is on the border of the first such cluster, "first" as labels are
    numbered. Labels are those of ``sklearn.cluster.DBSCAN(metric="haversine")`` with ``eps =
    within_metres / EARTH_RADIUS_METRES`` and ``min_samples = at_least``, border places and
    numbering included. To have the same clusters whatever the order of rows, sort them first.

    Parameters
    ----------
    longitude, latitude
        Degrees; missing where a place is not known.
    within_metres
        Distance up to which two places are neighbours, itself included.
    at_least
        Places that make a core place; 1 or more.
    apart
        A number for each place; places of different numbers are never neighbours, as if each
        set were clustered alone.

    Raises
    ------
    Problem
        ``geo.places_swapped`` or ``geo.places_outside``.

    Notes
    -----
    Ester, Kriegel, Sander, Xu (1996), "A density-based algorithm for discovering clusters", on
    a KD-tree of unit vectors. Places at one spot are one place with a weight, so a register with
    thousands of rows on one village point costs no more than its villages.
    """
    if not within_metres > 0 or at_least < 1:
        raise ValueError("a distance over 0 and at least 1 place are needed")
    known = check_in_thailand(longitude, latitude)
    labels = np.full(known.size, NOISE, dtype=np.int64)
    core = np.zeros(known.size, dtype=bool)
    if known.any():
        x = np.asarray(longitude, dtype=np.float64)[known]
        y = np.asarray(latitude, dtype=np.float64)[known]
        groups = np.zeros(x.size, dtype=np.int64)
        if apart is not None:
            groups = pd.factorize(np.asarray(apart)[known])[0].astype(np.int64)
        spot = _spots(x, y, groups)
        first = np.unique(spot, return_index=True)[1]
        weight = np.bincount(spot)
        neighbours = _Neighbours(x[first], y[first], groups[first], within_metres)
        of_spot, core_spot = _label_spots(neighbours, weight, at_least)
        labels[known], core[known] = of_spot[spot], core_spot[spot]
    return DensityClusters(labels, core)


def _spots(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], groups: Labels) -> Labels:
    """Return the number of each place's spot, in the order in which spots first come."""
    position = pd.factorize(x + 1j * y)[0].astype(np.int64)
    pair = position * (int(groups.max()) + 1) + groups
    return np.asarray(pd.factorize(pair)[0], dtype=np.int64)


class _Neighbours:
    """The pairs of spots within a distance, in parts that fit into memory."""

    def __init__(
        self,
        x: npt.NDArray[np.float64],
        y: npt.NDArray[np.float64],
        groups: Labels,
        within_metres: float,
    ) -> None:
        self.count = x.size
        self._x, self._y = np.radians(x), np.radians(y)
        self._vectors = unit_vectors(x, y)
        if groups.any():
            self._vectors = np.column_stack([self._vectors, groups * _APART])
        self._chord = chord_of(within_metres)
        self._limit = np.sin(0.5 * within_metres / EARTH_RADIUS_METRES) ** 2
        self._reach = self._chord * (1 + _UNSURE)
        # A balanced tree takes longer to build than it saves here.
        self._tree = cKDTree(self._vectors, balanced_tree=False)
        self._few = self._most_pairs(groups) < _PAIRS_AT_ONCE or (
            self._tree.count_neighbors(self._tree, self._reach) / 2 < _PAIRS_AT_ONCE
        )
        self._kept: Pairs | None = None

    def _most_pairs(self, groups: Labels) -> float:
        """Return a number that there cannot be more pairs than, without looking for any.

        Laid into cubes as wide as the reach, neighbours share a cube or are in two of the 27
        that touch; and for two cubes of a and b places a·b is at most (a² + b²) / 2.
        """
        cubes = np.floor((self._vectors[:, :3] + 1) / self._reach).astype(np.int64)
        along = int(cubes.max()) + 1
        # Should the product run over, cubes are counted as one: the number only grows.
        key = ((cubes[:, 0] * along + cubes[:, 1]) * along + cubes[:, 2]) * (groups.max() + 1)
        numbers = np.bincount(pd.factorize(key + groups)[0]).astype(np.float64)
        return float(27 * (numbers**2).sum() / 2)

    def parts(self) -> Iterator[Pairs]:
        """Give every pair once, the one with the lower number first."""
        if self._few:
            if self._kept is None:
                pairs = self._tree.query_pairs(self._reach, output_type="ndarray")
                self._kept = self._sure(pairs[:, 0].astype(np.int64), pairs[:, 1].astype(np.int64))
            yield self._kept
            return
        for start in range(0, self.count, _BLOCK):
            block = cKDTree(self._vectors[start : start + _BLOCK])
            found = block.sparse_distance_matrix(self._tree, self._reach, output_type="ndarray")
            one = found["i"].astype(np.int64) + start
            other = found["j"].astype(np.int64)
            later = other > one
            yield self._sure(one[later], other[later])

    def _sure(self, one: Labels, other: Labels) -> Pairs:
        """Leave the pairs that are within the limit by the haversine formula."""
        square = np.zeros(one.size)
        for axis in self._vectors.T[:3]:
            square += np.square(axis[one] - axis[other])
        within = square <= (self._chord * (1 - _UNSURE)) ** 2
        unsure = np.flatnonzero(~within)
        a, b = one[unsure], other[unsure]
        exact = haversine(self._x[a], self._y[a], self._x[b], self._y[b])
        within[unsure] = exact <= self._limit
        return one[within], other[within]


def _label_spots(neighbours: _Neighbours, weight: Labels, at_least: int) -> tuple[Labels, Mask]:
    count = neighbours.count
    near = weight.astype(np.int64).copy()
    for one, other in neighbours.parts():
        near += np.bincount(one, weights=weight[other], minlength=count).astype(np.int64)
        near += np.bincount(other, weights=weight[one], minlength=count).astype(np.int64)
    core = near >= at_least

    joined = np.arange(count)
    for one, other in neighbours.parts():
        both = core[one] & core[other]
        joined = _join(joined, one[both], other[both])
    labels = np.full(count, NOISE, dtype=np.int64)
    labels[core] = pd.factorize(joined[core])[0]

    lowest = np.full(count, count, dtype=np.int64)
    for one, other in neighbours.parts():
        for border, inner in ((one, other), (other, one)):
            touches = ~core[border] & core[inner]
            np.minimum.at(lowest, border[touches], labels[inner[touches]])
    reached = ~core & (lowest < count)
    labels[reached] = lowest[reached]
    return labels, core


def _join(joined: Labels, one: Labels, other: Labels) -> Labels:
    """Return the component of each spot after more pairs have been joined."""
    edges = coo_matrix(
        (np.ones(one.size, dtype=bool), (joined[one], joined[other])), shape=(joined.size,) * 2
    )
    return np.asarray(connected_components(edges, directed=False)[1], dtype=np.int64)[joined]


def natural_clusters(
    longitude: npt.ArrayLike, latitude: npt.ArrayLike, at_least: int
) -> DensityClusters:
    """Return clusters without a distance (HDBSCAN): each as dense as its own surroundings.

    Parameters
    ----------
    longitude, latitude
        Degrees; missing where a place is not known.
    at_least
        Places that make a cluster, 2 or more; nothing else is to be chosen.

    Returns
    -------
    DensityClusters
        ``core`` is True for every place in a cluster.

    Raises
    ------
    Problem
        ``geo.places_swapped``, ``geo.places_outside``, or ``geo.too_many_for_natural`` for more
        than ``MOST_FOR_NATURAL`` places: take a province at a time.

    Notes
    -----
    Campello, Moulavi, Sander (2013), as ``sklearn.cluster.HDBSCAN`` has it, on unit vectors: a
    chord grows with the great-circle distance, so the same places are neighbours.
    """
    from sklearn.cluster import HDBSCAN  # noqa: PLC0415 - slow to load, seldom asked for

    if at_least < 2:
        raise ValueError("a cluster has at least 2 places")
    known = check_in_thailand(longitude, latitude)
    labels = np.full(known.size, NOISE, dtype=np.int64)
    count = int(known.sum())
    if count > MOST_FOR_NATURAL:
        raise Problem("geo.too_many_for_natural", count=f"{count:,}", most=f"{MOST_FOR_NATURAL:,}")
    if count >= at_least:
        vectors = unit_vectors(
            np.asarray(longitude, dtype=np.float64)[known],
            np.asarray(latitude, dtype=np.float64)[known],
        )
        # One group alone is an answer too: a province may have just one place of weavers.
        model = HDBSCAN(min_cluster_size=at_least, allow_single_cluster=True, copy=True)
        found = model.fit(vectors).labels_.astype(np.int64)
        numbers, ranked = pd.factorize(found[found >= 0])[0], np.full(count, NOISE, dtype=np.int64)
        ranked[found >= 0] = numbers
        labels[known] = ranked
    return DensityClusters(labels, labels >= 0)
