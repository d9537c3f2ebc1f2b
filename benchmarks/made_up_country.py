"""Areas with as many corners as official files have: the embedded ones, made rugged."""

from __future__ import annotations

from functools import cache

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from phaenthi.geo.boundaries.embedded import read_embedded
from phaenthi.geo.boundaries.reading import dissolve
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import areas

# 345,000 corners of tambons; the official simplified set has 206,000, the full one millions.
CORNER_EVERY_DEGREES = 0.007


@cache
def make_boundaries() -> dict[Level, gpd.GeoDataFrame]:
    """Make up rugged areas of every current code of three levels, for tests of load.

    The embedded boundaries have a third of the corners of the official simplified set. Corners are
    put
    in between, and every corner is moved by an amount that depends on its place alone, so that
    neighbours still share their edges.

    Returns
    -------
    dict
        Level → code, name_th, name_en, geometry (EPSG:4326), sorted by code; tambons nest exactly
        in amphoe and provinces. Kept for the next who asks, so not to be changed.
    """
    tambons = read_embedded(Level.TAMBON, areas(Level.PROVINCE)["code"])
    many = shapely.segmentize(tambons.geometry.to_numpy(), CORNER_EVERY_DEGREES)
    shapes = shapely.transform(many, _rugged, include_z=False)
    table = tambons.set_geometry(
        gpd.GeoSeries(shapely.set_precision(shapes, 1e-6, mode="pointwise"), crs=tambons.crs)
    )
    return {
        Level.PROVINCE: dissolve(table, Level.PROVINCE),
        Level.AMPHOE: dissolve(table, Level.AMPHOE),
        Level.TAMBON: table,
    }


def _rugged(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Move corners by waves of several lengths; the slopes stay below one, so nothing crosses."""
    x, y = corners.T
    east, north = np.zeros(len(x)), np.zeros(len(y))
    for number, length in enumerate((1.7, 0.61, 0.17, 0.053), 1):
        turn = 2 * np.pi / length
        size = 0.022 * length
        east += size * np.sin(turn * (0.8 * x + 0.6 * y) + number)
        north += size * np.cos(turn * (0.6 * x - 0.8 * y) + 2 * number)
    return np.column_stack((x + east, y + north))
