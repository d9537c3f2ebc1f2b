"""Density clusters of 100,000 producers by great-circle distance."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.cluster import DBSCAN

from phaenthi.geo.shapes.clusters import DensityClusters, density_clusters
from phaenthi.geo.shapes.sphere import EARTH_RADIUS_METRES

TITLE = "clusters of 100,000 producers (2,000 m, at least 5)"
BASELINE = '`sklearn.cluster.DBSCAN(metric="haversine")`'
REPEATS = {"ours": 5, "baseline": 5}
LEAST_RATIO = 4.0
LIMIT = "one core: the pairs of neighbours"
WITHIN_METRES, AT_LEAST = 2_000, 5


def load(folder: Path, small: bool) -> npt.NDArray[np.float64]:  # noqa: ARG001
    """Return longitudes and latitudes."""
    return pd.read_parquet(folder / "producers.parquet")[["longitude", "latitude"]].to_numpy()


def ours(places: npt.NDArray[np.float64]) -> DensityClusters:
    """Cluster on the sphere."""
    return density_clusters(*places.T, WITHIN_METRES, AT_LEAST)


def baseline(places: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Cluster by haversine."""
    model = DBSCAN(WITHIN_METRES / EARTH_RADIUS_METRES, min_samples=AT_LEAST, metric="haversine")
    return model.fit(np.radians(places[:, ::-1])).labels_.astype(np.int64)


def compared(answer: DensityClusters | npt.NDArray[np.int64]) -> list[int]:
    """Return the labels."""
    labels = answer.labels if isinstance(answer, DensityClusters) else answer
    return [int(label) for label in labels]
