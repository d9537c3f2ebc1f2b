"""Where clusters of places lie: hull, centre, span, and how near the members are to each other."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree
from scipy.spatial.distance import pdist

from phaenthi.geo.shapes.clusters import NOISE
from phaenthi.geo.shapes.crs import GEOGRAPHIC
from phaenthi.geo.shapes.sphere import metres_of, sphere_metres, unit_vectors

_DECIMALS = 6
# Farther apart than any two places on the unit sphere.
_APART = 4.0
_FEW = 400

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ClusterShapes:
    """Clusters and their members on the map.

    Attributes
    ----------
    clusters
        Index: the label. geometry (convex hull: a polygon, a line for two spots, a point for one;
        EPSG:4326), longitude, latitude of the centre (mean direction of the members), members,
        span_metres (between the two farthest members).
    members
        One row for each place: nearest (row of the nearest fellow member, -1 for none),
        nearest_metres and centre_metres; missing for places in no cluster.
    """

    clusters: gpd.GeoDataFrame
    members: pd.DataFrame


def shape_clusters(
    longitude: npt.ArrayLike, latitude: npt.ArrayLike, labels: npt.ArrayLike
) -> ClusterShapes:
    """Return hull, centre and span of each cluster, and the distances of its members.

    Parameters
    ----------
    longitude, latitude
        Degrees; known for every place that has a label.
    labels
        Cluster of each place, ``NOISE`` for none.

    Notes
    -----
    All distances are great-circle distances. The centre is the mean of the unit vectors, turned
    back into degrees: the place with the least sum of squared chords to the members.
    """
    x, y = (np.asarray(values, dtype=np.float64) for values in (longitude, latitude))
    label = np.asarray(labels, dtype=np.int64)
    inside = np.flatnonzero(label != NOISE)
    inside = inside[np.argsort(label[inside], kind="stable")]
    of = label[inside]
    numbers, first, count = np.unique(of, return_index=True, return_counts=True)
    place = np.repeat(np.arange(numbers.size), count)
    vectors = unit_vectors(x[inside], y[inside])

    sums = np.column_stack([np.bincount(place, axis, numbers.size) for axis in vectors.T])
    centre_x = np.degrees(np.arctan2(sums[:, 1], sums[:, 0])).round(_DECIMALS)
    centre_y = np.degrees(np.arctan2(sums[:, 2], np.hypot(sums[:, 0], sums[:, 1])))
    centre_y = centre_y.round(_DECIMALS)
    spots = np.asarray(shapely.points(x[inside], y[inside]), dtype=object)
    gathered = shapely.multipoints(spots, indices=place) if inside.size else spots
    hulls = shapely.convex_hull(gathered)
    spans = [_span(vectors[start : start + size]) for start, size in zip(first, count, strict=True)]
    clusters = gpd.GeoDataFrame(
        {
            "longitude": centre_x,
            "latitude": centre_y,
            "members": count.astype(np.int64),
            "span_metres": metres_of(np.asarray(spans, dtype=np.float64)),
        },
        geometry=gpd.GeoSeries(hulls, index=numbers, crs=GEOGRAPHIC),
        index=pd.Index(numbers, name="label"),
    )

    nearest = np.full(label.size, -1, dtype=np.int64)
    nearest_metres, centre_metres = np.full((2, label.size), np.nan)
    fellow, metres = _nearest_fellows(vectors, place)
    nearest[inside] = np.where(fellow < 0, -1, inside[fellow])
    nearest_metres[inside] = metres
    centre_metres[inside] = sphere_metres(x[inside], y[inside], centre_x[place], centre_y[place])
    members = pd.DataFrame(
        {"nearest": nearest, "nearest_metres": nearest_metres, "centre_metres": centre_metres}
    )
    return ClusterShapes(clusters, members)


def _nearest_fellows(
    vectors: Numbers, place: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], Numbers]:
    """Return the row of each member's nearest fellow (-1 for none) and the metres to it."""
    count = len(vectors)
    if count < 2:
        return np.full(count, -1, dtype=np.int64), np.full(count, np.nan)
    apart = np.column_stack([vectors, place * _APART])
    chords, rows = cKDTree(apart).query(apart, k=2, distance_upper_bound=_APART / 2 + 1)
    # At one spot a member may be found second itself: the other one is the fellow.
    own = rows[:, 0] == np.arange(count)
    fellow = np.where(own, rows[:, 1], rows[:, 0])
    chord = np.where(own, chords[:, 1], chords[:, 0])
    alone = ~np.isfinite(chord)
    metres = np.where(alone, np.nan, metres_of(np.where(alone, 0.0, chord)))
    return np.where(alone, -1, fellow).astype(np.int64), metres


def _span(vectors: Numbers) -> float:
    """Return the chord between the two farthest places."""
    if len(vectors) > _FEW:
        vectors = _corners(np.unique(vectors, axis=0))
    return float(pdist(vectors).max(initial=0.0))


def _corners(vectors: Numbers) -> Numbers:
    """Leave the places on the hull; seen from the earth's middle great circles are straight.

    The two farthest places of a region smaller than a hemisphere lie on its spherical hull, and
    the gnomonic projection makes that a plane one.
    """
    centre = vectors.mean(axis=0)
    centre /= np.linalg.norm(centre)
    east = np.cross([0.0, 0.0, 1.0], centre)
    east /= np.linalg.norm(east)
    north = np.cross(centre, east)
    flat = np.column_stack([vectors @ east, vectors @ north]) / (vectors @ centre)[:, None]
    hull = shapely.get_coordinates(shapely.convex_hull(shapely.multipoints(flat)))
    on_hull = cKDTree(flat).query(np.unique(hull, axis=0))[1]
    return np.asarray(vectors[np.unique(on_hull)], dtype=np.float64)
