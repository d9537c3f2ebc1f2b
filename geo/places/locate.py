"""Points placed in areas, with a stated rule for shared edges and for points outside."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from phaenthi.geo.shapes.crs import ELLIPSOID, GEOGRAPHIC

NEAREST_WITHIN_METRES = 500.0
"""How far outside every area a point may lie to be given the nearest one."""

# Metres in a degree of latitude at its shortest; longitude shrinks by the cosine.
_METRES_A_DEGREE = 110_500.0
_COSINE_OF_NORTHERN_EDGE = 0.93
# Each takes a copy of the areas near it.
_POINTS_AT_A_TIME = 2_000


def locate(
    points: gpd.GeoSeries,
    areas: gpd.GeoDataFrame,
    *,
    nearest_within_metres: float = NEAREST_WITHIN_METRES,
) -> pd.DataFrame:
    """Return the area that each point lies in.

    A point on a shared edge (or where areas overlap) goes to the lowest code. A point outside
    every area goes to the nearest one, if that is near enough.

    Parameters
    ----------
    points
        Points; missing ones are allowed.
    areas
        code, geometry (polygons).
    nearest_within_metres
        Geodesic distance up to which the nearest area is taken; 0 for never.

    Returns
    -------
    pandas.DataFrame
        Index of ``points``; code (string, missing where unplaced), how (``inside``, ``edge``,
        ``nearest``, ``unplaced``), distance_metres (0 inside and on an edge, geodesic for
        ``nearest``, missing where unplaced). Count ``how`` to know how often the tie rule and
        the nearest area decided.

    Raises
    ------
    ValueError
        If points or areas have no CRS.
    """
    if points.crs is None or areas.crs is None:
        raise ValueError("points and areas need a CRS")
    where = points.to_crs(GEOGRAPHIC).to_numpy()
    by_code = areas[["code", areas.geometry.name]].to_crs(GEOGRAPHIC).sort_values("code")
    shapes, codes = by_code.geometry.to_numpy(), by_code["code"].to_numpy()

    place, touched = _lowest_containing(where, shapes)
    how = np.select([touched > 1, touched == 1], ["edge", "inside"], "unplaced").astype(object)
    metres = np.where(touched > 0, 0.0, np.nan)
    outside = np.flatnonzero(
        (touched == 0) & ~(shapely.is_missing(where) | shapely.is_empty(where))
    )
    if outside.size and nearest_within_metres > 0:
        nearest, distance = _nearest(where[outside], shapes, nearest_within_metres)
        near = nearest >= 0
        place[outside[near]], how[outside[near]] = nearest[near], "nearest"
        metres[outside[near]] = distance[near]
    found = pd.Series(codes, dtype="string").reindex(place)  # -1 is no place: missing
    return pd.DataFrame(
        {
            "code": found.array,
            "how": pd.Series(how, dtype="string").array,
            "distance_metres": metres,
        },
        index=points.index,
    )


def _lowest_containing(
    points: npt.NDArray[np.object_], shapes: npt.NDArray[np.object_]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the place of the first shape that each point touches (-1), and how many it does."""
    # The areas are the ones to prepare: few and heavy, where points are many and light.
    in_shape, of_point = shapely.STRtree(points).query(shapes, predicate="intersects")
    first = np.full(len(points), len(shapes), dtype=np.int64)
    np.minimum.at(first, of_point, in_shape)
    touched = np.bincount(of_point, minlength=len(points)).astype(np.int64)
    return np.where(touched > 0, first, -1), touched


def _nearest(
    points: npt.NDArray[np.object_], shapes: npt.NDArray[np.object_], within_metres: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the place of the nearest shape within a distance (-1) and that distance in metres.

    Nearness is judged in degrees with longitude shrunk by the cosine of the point's latitude:
    edges stay as straight as the file has them, and there is no border of zones. The distance is
    geodesic. Of shapes equally near the first is taken.
    """
    nearest = np.full(len(points), -1, dtype=np.int64)
    metres = np.full(len(points), np.nan)
    reach = within_metres / (_METRES_A_DEGREE * _COSINE_OF_NORTHERN_EDGE)
    tree = shapely.STRtree(shapes)
    for start in range(0, len(points), _POINTS_AT_A_TIME):
        some = points[start : start + _POINTS_AT_A_TIME]
        of_point, in_shape = tree.query(some, predicate="dwithin", distance=reach)
        if not of_point.size:
            continue
        shrink = np.cos(np.radians(shapely.get_y(some[of_point])))
        flat_points = _shrunk(some[of_point], shrink)
        flat_shapes = _shrunk(shapes[in_shape], shrink)
        order = np.lexsort((in_shape, shapely.distance(flat_points, flat_shapes), of_point))
        first = order[np.unique(of_point[order], return_index=True)[1]]
        lines = shapely.shortest_line(flat_points[first], flat_shapes[first])
        ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
        ends[:, :, 0] /= shrink[first, np.newaxis]
        distance = _geodesic(ends)
        near = distance <= within_metres
        place = start + of_point[first[near]]
        nearest[place], metres[place] = in_shape[first[near]], distance[near]
    return nearest, metres


def _shrunk(
    shapes: npt.NDArray[np.object_], shrink: npt.NDArray[np.float64]
) -> npt.NDArray[np.object_]:
    """Return shapes with the longitudes of each multiplied by a number of its own."""
    places, of_shape = shapely.get_coordinates(shapes, return_index=True)
    places[:, 0] *= shrink[of_shape]
    # Shapes are written into the array that is given.
    return np.asarray(shapely.set_coordinates(shapely.force_2d(shapes), places))


def _geodesic(ends: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the distances on the ellipsoid between pairs of places (n × 2 × 2 degrees)."""
    _, _, metres = ELLIPSOID.inv(ends[:, 0, 0], ends[:, 0, 1], ends[:, 1, 0], ends[:, 1, 1])
    return np.asarray(metres, dtype=np.float64)
