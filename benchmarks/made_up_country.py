"""Areas of a country that nobody knows: today's codes laid out as rugged blocks."""

from __future__ import annotations

from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from phaenthi.geo.boundaries.reading import dissolve
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import areas
from phaenthi.geo.shapes.crs import GEOGRAPHIC

# Nearly a square inside the bounds of Thailand; no province lies where it does on the earth.
FRAME = (98.0, 7.0, 105.0, 20.0)
CORNER_EVERY_DEGREES = 0.01


@cache
def make_boundaries(
    corner_every: float = CORNER_EVERY_DEGREES,
) -> dict[Level, gpd.GeoDataFrame]:
    """Make up the areas of every current code of three levels.

    Blocks are cut in two again and again, first into provinces, each into its amphoe, each into
    its tambons. Every corner is then moved by an amount that depends on its place alone, so that
    neighbours share their edges.

    Parameters
    ----------
    corner_every
        Longest piece of an edge in degrees: the smaller, the more corners.

    Returns
    -------
    dict
        Level → code, name_th, name_en, geometry (EPSG:4326), sorted by code; tambons nest exactly
        in amphoe and provinces. Kept for the next who asks, so not to be changed.
    """
    tambons = areas(Level.TAMBON).sort_values("code", ignore_index=True)
    boxes = np.empty((len(tambons), 4))
    codes = tambons["code"].astype("string")
    _cut(FRAME, np.arange(len(tambons)), codes, (Level.PROVINCE, Level.AMPHOE, None), boxes)
    # Corners of neighbours meet on the edge of a larger block: those are corners of it as well.
    lines = shapely.union_all(shapely.boundary(shapely.box(*boxes.T)))
    pieces = shapely.get_parts(shapely.polygonize([lines]))
    owner = shapely.STRtree(pieces).query(
        shapely.centroid(shapely.box(*boxes.T)), predicate="within"
    )[1]
    shapes = shapely.transform(
        shapely.segmentize(pieces[owner], corner_every), _rugged, include_z=False
    )
    table = gpd.GeoDataFrame(
        tambons[["code", "name_th", "name_en"]],
        geometry=shapely.set_precision(shapes, 1e-6, mode="pointwise"),
        crs=GEOGRAPHIC,
    )
    return {
        Level.PROVINCE: dissolve(table, Level.PROVINCE),
        Level.AMPHOE: dissolve(table, Level.AMPHOE),
        Level.TAMBON: table,
    }


def _cut(
    box: tuple[float, float, float, float],
    rows: NDArray[np.int64],
    codes: pd.Series[str],
    levels: tuple[Level | None, ...],
    boxes: NDArray[np.float64],
) -> None:
    """Cut a block among the areas of the first level, then each among those of the next."""
    level, *below = levels
    of_rows = codes.iloc[rows]
    keys = of_rows if level is None else of_rows.str[: level.digits]
    groups = [rows[keys.to_numpy() == key] for key in pd.unique(keys)]
    for part, group in _halved(box, groups):
        if level is None:
            boxes[group[0]] = part
        else:
            _cut(part, group, codes, tuple(below), boxes)


def _halved(
    box: tuple[float, float, float, float], groups: list[NDArray[np.int64]]
) -> list[tuple[tuple[float, float, float, float], NDArray[np.int64]]]:
    """Give each group a part of a block as large as its share of the rows."""
    if len(groups) == 1:
        return [(box, groups[0])]
    sizes = np.array([len(group) for group in groups])
    total = np.cumsum(sizes)
    split = int(np.argmin(np.abs(total[:-1] - total[-1] / 2))) + 1
    share = total[split - 1] / total[-1]
    west, south, east, north = box
    if east - west > north - south:
        middle = round(west + share * (east - west), 5)
        first, second = (west, south, middle, north), (middle, south, east, north)
    else:
        middle = round(south + share * (north - south), 5)
        first, second = (west, south, east, middle), (west, middle, east, north)
    return _halved(first, groups[:split]) + _halved(second, groups[split:])


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
