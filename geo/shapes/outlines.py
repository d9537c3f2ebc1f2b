"""Outlines and centres of groups of places, and lines through places in their order."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from phaenthi.geo.shapes.crs import ELLIPSOID, GEOGRAPHIC, metric_crs

MARGIN_METRES = 200.0
"""Width of the outline around its outermost places, so that one place has an outline too."""


def group_outlines(
    places: gpd.GeoDataFrame, by: str, margin_metres: float = MARGIN_METRES
) -> gpd.GeoDataFrame:
    """Return the convex outline of each group of places.

    Parameters
    ----------
    places
        Points with a CRS; rows without a group or a point are left out.
    by
        Column of the groups.
    margin_metres
        How far the outline lies outside its places.

    Returns
    -------
    geopandas.GeoDataFrame
        The group, members (places in it), Polygon; EPSG:4326, sorted by group.
    """
    flat, counts = _grouped(places, by)
    hulls = flat.convex_hull.buffer(margin_metres).to_crs(GEOGRAPHIC)
    return gpd.GeoDataFrame({by: counts.index, "members": counts.to_numpy()}, geometry=hulls.array)


def group_centres(places: gpd.GeoDataFrame, by: str) -> gpd.GeoDataFrame:
    """Return the mean position of each group of places; columns as of ``group_outlines``."""
    flat, counts = _grouped(places, by)
    centres = flat.centroid.to_crs(GEOGRAPHIC)
    return gpd.GeoDataFrame(
        {by: counts.index, "members": counts.to_numpy()}, geometry=centres.array
    )


def _grouped(places: gpd.GeoDataFrame, by: str) -> tuple[gpd.GeoSeries, pd.Series]:
    """Return the points of each group as one shape in metres, and how many they are."""
    located = places[~(places.geometry.isna() | places.geometry.is_empty) & places[by].notna()]
    if located.empty:
        empty = pd.Series([], dtype="int64", index=pd.Index([], dtype=places[by].dtype))
        return gpd.GeoSeries([], crs=GEOGRAPHIC), empty
    flat = located.to_crs(metric_crs(located))
    groups = flat.geometry.groupby(flat[by].to_numpy(), sort=True)
    shapes = groups.agg(lambda points: shapely.MultiPoint(list(points)))
    return gpd.GeoSeries(shapes, crs=flat.crs), groups.size()


def lines_through(places: gpd.GeoDataFrame, by: str, order: str) -> gpd.GeoDataFrame:
    """Return the line through the places of each group in their order.

    Parameters
    ----------
    places
        Points with a CRS; rows without a group or a point are left out.
    by, order
        Columns of the groups and of the place in the group.

    Returns
    -------
    geopandas.GeoDataFrame
        The group, stops, kilometres (geodesic, straight between stops), LineString; EPSG:4326.
        A group of one place has no line and is left out.
    """
    there = places[~(places.geometry.isna() | places.geometry.is_empty) & places[by].notna()]
    located = there.to_crs(GEOGRAPHIC).sort_values([by, order])
    rows = []
    for group, part in located.groupby(by, sort=True):
        if len(part) < 2:
            continue
        line = shapely.LineString(np.column_stack([part.geometry.x, part.geometry.y]))
        rows.append(
            {
                by: group,
                "stops": len(part),
                "kilometres": round(ELLIPSOID.geometry_length(line) / 1000, 3),
                "geometry": line,
            }
        )
    columns = [by, "stops", "kilometres", "geometry"]
    return gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=columns), geometry="geometry", crs=GEOGRAPHIC
    )
