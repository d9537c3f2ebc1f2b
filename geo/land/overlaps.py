"""Parcels that claim the same land, or that may be the same plot twice."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from phaenthi.geo.land.parcels import Integers, Shapes, are_polygons, side_of_zone, utm_areas
from phaenthi.geo.shapes.crs import GEOGRAPHIC, metric_crs
from phaenthi.geo.shapes.sphere import chord_of, sphere_metres, unit_vectors

_POINT = 0
# A tenth of a metre: points written alike are one point.
_SAME_POINT_DECIMALS = 6
_PAIRS_AT_A_TIME = 200_000


def find_overlaps(parcels: gpd.GeoSeries) -> pd.DataFrame:
    """Return every pair of polygons that claim the same land.

    Parcels that only touch do not overlap. Of polygons drawn alike the first one stands for
    all: the others are paired with it, and their further overlaps are those of the first.

    Parameters
    ----------
    parcels
        Any CRS; points and missing shapes have no overlaps.

    Returns
    -------
    pandas.DataFrame
        first, second (labels of the index; the first comes first in the table), square_metres
        (of the land claimed twice, in UTM), share_of_first, share_of_second. Sorted by both.
    """
    degrees = parcels.to_crs(GEOGRAPHIC)
    shapes = degrees.to_numpy()
    lands = np.flatnonzero(are_polygons(degrees))
    kept, stands_for = _drawn_alike(shapes[lands])
    unique = shapes[lands[kept]]
    tree = shapely.STRtree(unique)
    one, other = tree.query(unique, predicate="intersects")
    forward = one < other
    one, other = one[forward], other[forward]
    found = [_cut_pairs(unique, one[at], other[at]) for at in _batches(len(one))]
    table = pd.concat([_no_pairs(), *found], ignore_index=True)
    table = table[table["square_metres"] > 0]
    table[["first", "second"]] = lands[kept[table[["first", "second"]].to_numpy(dtype=np.int64)]]
    again = np.flatnonzero(stands_for != np.arange(lands.size))
    size = utm_areas(shapes[lands[again]])
    alike = pd.DataFrame(
        {
            "first": lands[stands_for[again]],
            "second": lands[again],
            "square_metres": size,
            "share_of_first": 1.0,
            "share_of_second": 1.0,
        }
    )
    table = pd.concat([table, alike[alike["square_metres"] > 0]], ignore_index=True)
    table = table.sort_values(["first", "second"], ignore_index=True)
    for name in ("first", "second"):
        table[name] = parcels.index[table[name].to_numpy(dtype=np.int64)]
    return table


def _no_pairs() -> pd.DataFrame:
    names = ["square_metres", "share_of_first", "share_of_second"]
    blank = {name: pd.Series(dtype="float64") for name in names}
    return pd.DataFrame(
        {"first": pd.Series(dtype="int64"), "second": pd.Series(dtype="int64")} | blank
    )


def _drawn_alike(shapes: Shapes) -> tuple[Integers, Integers]:
    """Return the first of each group of equal shapes, and for each shape the first of its group."""
    drawn = pd.Series(shapely.to_wkb(shapely.normalize(shapes)), dtype="object")
    group, _ = pd.factorize(drawn)
    _, first = np.unique(group, return_index=True)
    # factorize numbers the groups by their first member, so these stand in order
    return first.astype(np.int64), first[group].astype(np.int64)


def _batches(count: int) -> Iterator[slice]:
    for start in range(0, count, _PAIRS_AT_A_TIME):
        yield slice(start, start + _PAIRS_AT_A_TIME)


def _cut_pairs(shapes: Shapes, one: Integers, other: Integers) -> pd.DataFrame:
    """Return how much land pairs of polygons share; each pair in the zone of its first."""
    west = side_of_zone(gpd.GeoSeries(shapes, crs=GEOGRAPHIC))
    tables = []
    for side in (True, False):
        ours = west[one] == side
        if not ours.any():
            continue
        first, second = one[ours], other[ours]
        used = np.unique(np.concatenate([first, second]))
        zone = metric_crs(gpd.GeoSeries(shapes[np.unique(first)], crs=GEOGRAPHIC))
        metres = gpd.GeoSeries(shapes[used], crs=GEOGRAPHIC).to_crs(zone).to_numpy()
        at = [np.searchsorted(used, pair) for pair in (first, second)]
        shared = shapely.area(shapely.intersection(metres[at[0]], metres[at[1]]))
        size = shapely.area(metres)
        tables.append(
            pd.DataFrame(
                {
                    "first": first,
                    "second": second,
                    "square_metres": shared,
                    "share_of_first": shared / size[at[0]],
                    "share_of_second": shared / size[at[1]],
                }
            )
        )
    return pd.concat([_no_pairs(), *tables], ignore_index=True)


def find_near_points(parcels: gpd.GeoSeries, within_metres: float) -> pd.DataFrame:
    """Return every pair of points that lie so near that they may mean the same plot.

    Parameters
    ----------
    parcels
        Any CRS; polygons and missing shapes are left out.
    within_metres
        Great-circle distance from which on points are apart (a pair that far apart is none).

    Returns
    -------
    pandas.DataFrame
        first, second (labels of the index, the first comes first), distance_metres. Of several
        points written alike the first stands for all, as in :func:`find_overlaps`.
    """
    degrees = parcels.to_crs(GEOGRAPHIC).to_numpy()
    points = np.flatnonzero(shapely.get_type_id(degrees) == _POINT)
    points = points[~shapely.is_empty(degrees[points])]
    places = shapely.get_coordinates(degrees[points]).reshape(-1, 2)
    rounded = pd.DataFrame(places.round(_SAME_POINT_DECIMALS))
    group = rounded.groupby([0, 1], sort=False).ngroup().to_numpy(dtype=np.int64)
    _, first = np.unique(group, return_index=True)
    pairs = _pairs_on_sphere(places[first], within_metres)
    one, other = first[pairs[:, 0]], first[pairs[:, 1]]
    stands_for = first[group]
    again = np.flatnonzero(stands_for != np.arange(len(points)))
    one, other = np.concatenate([one, stands_for[again]]), np.concatenate([other, again])
    metres = sphere_metres(*places[one].T, *places[other].T)
    near = metres < within_metres
    order = np.lexsort((other[near], one[near]))
    return pd.DataFrame(
        {
            "first": parcels.index[points[one[near][order]]],
            "second": parcels.index[points[other[near][order]]],
            "distance_metres": metres[near][order],
        }
    )


def _pairs_on_sphere(places: npt.NDArray[np.float64], within_metres: float) -> Integers:
    if len(places) < 2:
        return np.empty((0, 2), dtype=np.int64)
    from scipy.spatial import KDTree  # noqa: PLC0415 - a fifth of a second at every start

    tree = KDTree(unit_vectors(*places.T))
    pairs = tree.query_pairs(chord_of(within_metres), output_type="ndarray")
    return np.sort(pairs.reshape(-1, 2), axis=1).astype(np.int64)


def find_points_in_parcels(parcels: gpd.GeoSeries) -> pd.DataFrame:
    """Return the points that lie inside (not on the edge of) the polygon of another plot.

    Returns
    -------
    pandas.DataFrame
        point, parcel (labels of the index), sorted by both.
    """
    shapes = parcels.to_crs(GEOGRAPHIC).to_numpy()
    points = np.flatnonzero(shapely.get_type_id(shapes) == _POINT)
    lands = np.flatnonzero(are_polygons(parcels))
    in_land, which = shapely.STRtree(shapes[points]).query(shapes[lands], predicate="contains")
    order = np.lexsort((lands[in_land], points[which]))
    return pd.DataFrame(
        {
            "point": parcels.index[points[which[order]]],
            "parcel": parcels.index[lands[in_land[order]]],
        }
    )
