"""Density clusters of 100,000 producers against scikit-learn's by haversine, in one run.

Run from the project's folder: ``python -m benchmarks.clusters``. Made-up places in knots over the
country; both find clusters with the same distance and number, and their labels must be the same.
The figures go into ``benchmarks/clusters.md``.
"""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import sklearn
from scipy.spatial import cKDTree
from sklearn.cluster import DBSCAN
from sklearn.neighbors import BallTree

from geo.clusters import density_clusters
from geo.crs import THAILAND_BOUNDS
from geo.sphere import EARTH_RADIUS_METRES, chord_of, unit_vectors

PRODUCERS = 100_000
KNOTS = 3_000
SPREAD_DEGREES = 0.05
CASES = ((1_000, 5), (2_000, 5), (5_000, 5), (5_000, 2))
GOAL = 4.0
REPEATS = 3
SEED = 2563
TEXT = """# Clusters

`python -m benchmarks.clusters` writes this page. {producers} made-up producers in {knots} knots
over the country; medians of {repeats} runs, {machine}, scikit-learn {sklearn}. Both run in one
process on one core, turn about.

| within | at least | clusters | ours, s | DBSCAN(metric="haversine"), s | ratio | same labels |
|---:|---:|---:|---:|---:|---:|---|
{table}

Goal: at least {goal:g} times as fast with the same labels. {met}

Neighbour pairs at 2,000 m, the tree built anew: `scipy.spatial.cKDTree` {kdtree:.3f} s,
`sklearn.neighbors.BallTree` {ball:.3f} s; so the first is used.
"""


def places() -> npt.NDArray[np.float64]:
    """Return longitudes and latitudes of the producers."""
    west, south, east, north = THAILAND_BOUNDS
    rng = np.random.default_rng(SEED)
    knots = np.column_stack([rng.uniform(west, east, KNOTS), rng.uniform(south, north, KNOTS)])
    found = knots[rng.integers(0, KNOTS, PRODUCERS)]
    found += rng.normal(0, SPREAD_DEGREES, (PRODUCERS, 2))
    return np.clip(found, [west, south], [east, north])


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compare(
    where: npt.NDArray[np.float64], within_metres: float, at_least: int
) -> tuple[int, float, float, bool]:
    """Return the number of clusters, our seconds, theirs, and whether the labels are the same."""
    x, y = where.T
    radians = np.radians(where[:, ::-1])
    model = DBSCAN(within_metres / EARTH_RADIUS_METRES, min_samples=at_least, metric="haversine")
    ours, theirs = [], []
    for _ in range(REPEATS):
        ours.append(seconds(lambda: density_clusters(x, y, within_metres, at_least)))
        theirs.append(seconds(lambda: model.fit(radians)))
    found = density_clusters(x, y, within_metres, at_least)
    same = bool(np.array_equal(found.labels, model.labels_))
    return found.count, statistics.median(ours), statistics.median(theirs), same


def main() -> None:
    """Measure and write the figures down."""
    where = places()
    rows, ratios, alike = [], [], True
    for within, at_least in CASES:
        count, ours, theirs, same = compare(where, within, at_least)
        ratios.append(theirs / ours)
        alike &= same
        told = "yes" if same else "NO"
        rows.append(
            f"| {within:,} m | {at_least} | {count:,} | {ours:.2f} | {theirs:.2f} "
            f"| {theirs / ours:.1f} | {told} |"
        )
    vectors, chord = unit_vectors(*where.T), chord_of(2_000)
    pairs = [seconds(lambda: cKDTree(vectors).query_pairs(chord, output_type="ndarray"))]
    ball = [seconds(lambda: BallTree(vectors).query_radius(vectors, chord))]
    met = alike and min(ratios) >= GOAL
    text = TEXT.format(
        producers=f"{PRODUCERS:,}",
        knots=f"{KNOTS:,}",
        repeats=REPEATS,
        machine=f"{platform.machine()}, Python {platform.python_version()}",
        sklearn=sklearn.__version__,
        table="\n".join(rows),
        goal=GOAL,
        met=f"Least ratio {min(ratios):.1f}: {'met' if met else 'not met'}.",
        kdtree=min(pairs),
        ball=min(ball),
    )
    Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
