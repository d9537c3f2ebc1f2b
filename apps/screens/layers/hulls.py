"""Hulls as areas that can be seen: a point or a line of members gets some room around it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from phaenthi.geo.shapes.crs import GEOGRAPHIC

ROOM_DEGREES = 0.004
"""About 400 metres; on a map of a province that is a pixel or two."""


def as_polygons(shapes: gpd.GeoSeries, room: float = ROOM_DEGREES) -> gpd.GeoSeries:
    """Return shapes with room around them, as polygons; what has no shape stays without."""
    hulls = shapes.to_crs(GEOGRAPHIC).to_numpy()
    drawn = shapely.buffer(hulls, room, quad_segs=4)
    empty = shapely.is_missing(drawn) | shapely.is_empty(drawn)
    return gpd.GeoSeries(np.where(empty, None, drawn), index=shapes.index, crs=GEOGRAPHIC)
