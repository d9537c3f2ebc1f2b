"""Boundary sets made to fit together, and simplified, without parting a shared edge."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from phaenthi.geo.boundaries.care import SLIVER_METRES
from phaenthi.geo.boundaries.reading import clean_coverage
from phaenthi.geo.notes import Note
from phaenthi.geo.shapes.crs import area_square_metres
from phaenthi.wording import Language, Problem

_METRES_A_DEGREE = 111_000.0


@dataclass(frozen=True)
class BoundaryRepair:
    """A boundary set after repair.

    Attributes
    ----------
    table
        As given, with shapes that are valid and fit together; rows in the same order.
    changes
        code, square_metres_gained, square_metres_lost: the areas that changed by more than a
        square metre, the largest change first.
    """

    table: gpd.GeoDataFrame
    changes: pd.DataFrame

    def lines(self, language: Language = "th") -> list[str]:
        """Return what changed in sentences."""
        if self.changes.empty:
            return [Note("geo.repair.nothing").sentence(language)]
        moved = self.changes[["square_metres_gained", "square_metres_lost"]].sum().max()
        rai = moved / 1600
        values = {"count": len(self.changes), "list": ", ".join(self.changes["code"])}
        return [Note("geo.repair.changed", {**values, "rai": f"{rai:,.1f}"}).sentence(language)]


def repair(table: gpd.GeoDataFrame, *, gap_metres: float = SLIVER_METRES) -> BoundaryRepair:
    """Make the areas of one level valid and fit together.

    The rule: a shape that crosses itself is made valid; a place that two areas claim goes to
    the one that has the longer common edge with it; a gap whose inscribed circle is no wider
    than ``gap_metres`` goes to the neighbour with the longest edge on it; wider gaps stay, for
    they may be lakes or missing areas. Edges that already fit stay where they are, and every
    edge stays shared (GEOS coverage cleaning).

    Parameters
    ----------
    table
        code, geometry (EPSG:4326), all of one level.
    gap_metres
        Width of the widest gap to close; 0 for none.

    Raises
    ------
    Problem
        ``geo.area_would_vanish`` if an area lies wholly in others.
    """
    before = table.geometry.to_numpy()
    valid = before.copy()
    broken = ~shapely.is_valid(before)
    valid[broken] = shapely.make_valid(before[broken], method="structure", keep_collapsed=False)
    gap_degrees = gap_metres / _METRES_A_DEGREE
    if shapely.coverage_is_valid(valid, gap_width=gap_degrees) and not broken.any():
        after = before
    else:
        after = clean_coverage(valid, gap_degrees)
    vanished = table["code"][shapely.is_empty(after)]
    if len(vanished):
        raise Problem("geo.area_would_vanish", list=", ".join(vanished))
    repaired = table.set_geometry(gpd.GeoSeries(after, index=table.index, crs=table.crs))
    return BoundaryRepair(repaired, _changes(table.set_geometry(valid, crs=table.crs), repaired))


def _changes(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> pd.DataFrame:
    old, new = before.geometry.to_numpy(), after.geometry.to_numpy()
    touched = np.flatnonzero(
        ~shapely.equals_identical(shapely.normalize(old), shapely.normalize(new))
    )
    moved = pd.DataFrame(
        {
            "code": before["code"].to_numpy()[touched],
            "square_metres_gained": _square_metres(shapely.difference(new[touched], old[touched])),
            "square_metres_lost": _square_metres(shapely.difference(old[touched], new[touched])),
        }
    )
    size = moved[["square_metres_gained", "square_metres_lost"]].max(axis=1)
    order = size[size > 1].sort_values(ascending=False, kind="stable").index
    return moved.loc[order].reset_index(drop=True)


def _square_metres(shapes: object) -> pd.Series:
    return area_square_metres(gpd.GeoSeries(shapes, crs="EPSG:4326"))
