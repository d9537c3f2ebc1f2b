"""Where the rows of a register lie: their amphoe of today and how far from a tambon."""

from __future__ import annotations

from functools import cached_property

import geopandas
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from phaenthi.geo.places import gazetteer
from phaenthi.geo.places.codes import Level
from phaenthi.geo.shapes.crs import ELLIPSOID


class Places:
    """The rows' places, worked out once they are asked for."""

    def __init__(
        self,
        known: pd.DataFrame,
        areas: pd.DataFrame,
        listed: pd.DataFrame,
        tambons: geopandas.GeoDataFrame | None,
    ) -> None:
        self._known, self._areas, self._listed = known, areas, listed
        self._tambons = tambons

    @cached_property
    def rows_with_tambon(self) -> set[object]:
        """Rows that name a tambon, or lie in one."""
        return set(self._known.index[self._known["tambon_code"].notna()])

    @cached_property
    def amphoe_today(self) -> pd.Series:
        """Amphoe code of today of each row; that of its tambon's successor where that is one."""
        codes = self._known["amphoe_code"]
        first = self._areas.drop_duplicates("row").set_index("row")["tambon_code"]
        moved = first.str[: Level.AMPHOE.digits].reindex(codes.index)
        today = set(self._listed["amphoe_code"])
        successor = {
            code: new[0]
            for code in set(codes.dropna()) - today
            if len(new := gazetteer.successors(code)) == 1
        }
        return moved.fillna(codes.replace(successor)).astype("string")

    def metres_to_tambon(
        self, rows: pd.Series, village_codes: pd.Series
    ) -> npt.NDArray[np.float64]:
        """Return how far each row's point lies from the tambon of a village.

        Parameters
        ----------
        rows, village_codes
            Row by row.

        Returns
        -------
        numpy.ndarray
            Metres on the ellipsoid, 0 inside; infinite where point or tambon is not known.
        """
        metres = np.full(len(rows), np.inf)
        if self._tambons is None or not len(rows):
            return metres
        shapes = self._tambons.set_index("code").geometry
        codes = village_codes.str[: Level.TAMBON.digits]
        x = rows.map(self._known["longitude"]).to_numpy(dtype="float64")
        y = rows.map(self._known["latitude"]).to_numpy(dtype="float64")
        known = np.flatnonzero(codes.isin(shapes.index).to_numpy() & ~np.isnan(x) & ~np.isnan(y))
        if not known.size:
            return metres
        polygons = shapes.loc[codes.iloc[known]].to_numpy()
        # Longitude shrinks by the cosine of the latitude, so that nearest means nearest.
        points = shapely.points(x[known], y[known])
        ends = shapely.get_coordinates(shapely.shortest_line(points, polygons)).reshape(-1, 2, 2)
        _, _, far = ELLIPSOID.inv(ends[:, 0, 0], ends[:, 0, 1], ends[:, 1, 0], ends[:, 1, 1])
        metres[known] = far
        return metres
