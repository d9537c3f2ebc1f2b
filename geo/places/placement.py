"""Is each record where its code says: in its own area, in another, or in none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from phaenthi.geo.notes import Note
from phaenthi.geo.places.locate import locate
from phaenthi.geo.shapes.crs import ELLIPSOID, GEOGRAPHIC
from phaenthi.wording import Language

VERDICTS = ("inside", "other_area", "outside", "no_area", "no_point", "no_code")


@dataclass(frozen=True)
class PlacementCheck:
    """Where the records of a table lie, against what their codes say.

    Attributes
    ----------
    table
        Index of the points; code (as given), verdict: ``inside`` (in its own area or on its
        edge), ``other_area``, ``outside`` (in no area), ``no_area`` (the code has no polygon),
        ``no_point``, ``no_code``; found_code (the area that it lies in; the lowest on a shared
        edge), distance_metres (geodesic, to its own area; 0 inside, missing without one).
    repeated
        Records whose code was there before: index of the points; code, first (index of the
        record that had it first).
    """

    table: pd.DataFrame
    repeated: pd.DataFrame

    @property
    def counts(self) -> dict[str, int]:
        """Records of each verdict, 0 where there is none."""
        found = self.table["verdict"].value_counts()
        return {verdict: int(found.get(verdict, 0)) for verdict in VERDICTS}

    def lines(self, language: Language = "th") -> list[str]:
        """Return the counts in sentences."""
        notes = [
            Note(f"geo.placement.{verdict}", {"count": f"{count:,}"})
            for verdict, count in self.counts.items()
            if count
        ]
        if len(self.repeated):
            notes.append(Note("geo.placement.repeated", {"count": f"{len(self.repeated):,}"}))
        return [note.sentence(language) for note in notes]


def check_placement(
    points: gpd.GeoSeries, codes: pd.Series, areas: gpd.GeoDataFrame
) -> PlacementCheck:
    """Compare where records lie with where their codes say.

    Parameters
    ----------
    points
        Points of any CRS; missing ones are allowed.
    codes
        Code of each record, of the level of ``areas``; same index, missing where unreadable.
    areas
        code (each once), geometry.
    """
    codes = codes.astype("string")
    where = points.to_crs(GEOGRAPHIC).to_numpy()
    shapes = areas.to_crs(GEOGRAPHIC).set_index("code").geometry
    own = shapes.reindex(codes).to_numpy()
    found = locate(points, areas, nearest_within_metres=0)["code"]
    at_home = shapely.intersects(where, own)
    nowhere = shapely.is_missing(where) | shapely.is_empty(where)
    verdict = np.select(
        [codes.isna(), nowhere, shapely.is_missing(own), at_home, found.notna()],
        ["no_code", "no_point", "no_area", "inside", "other_area"],
        "outside",
    )
    away = np.isin(verdict, ["other_area", "outside"])
    metres = np.where(at_home, 0.0, np.nan)
    metres[away] = _distances(where[away], own[away])
    table = pd.DataFrame(
        {
            "code": codes,
            "verdict": pd.array(verdict, dtype="string"),
            "found_code": found.mask(at_home, codes),
            "distance_metres": metres,
        },
        index=points.index,
    )
    return PlacementCheck(table, _repeated(codes))


def _distances(
    points: npt.NDArray[np.object_], shapes: npt.NDArray[np.object_]
) -> npt.NDArray[np.float64]:
    """Return the geodesic distance from each point to the nearest place of its shape.

    The nearest place is found in degrees with longitude shrunk by the cosine of the latitude.
    """
    ends = np.empty((len(points), 2, 2))
    for place, (point, shape) in enumerate(zip(points, shapes, strict=True)):
        shrink = np.array([np.cos(np.radians(shapely.get_y(point))), 1.0])
        flat_point, flat_shape = shapely.transform(
            np.array([point, shape]), partial(np.multiply, shrink)
        )
        line = shapely.shortest_line(flat_point, flat_shape)
        ends[place] = shapely.get_coordinates(line) / shrink
    _, _, metres = ELLIPSOID.inv(ends[:, 0, 0], ends[:, 0, 1], ends[:, 1, 0], ends[:, 1, 1])
    return np.asarray(metres, dtype=np.float64)


def _repeated(codes: pd.Series) -> pd.DataFrame:
    known = codes.dropna()
    first = pd.Series(known.index, index=known.index).groupby(known).transform("first")
    again = known.duplicated()
    return pd.DataFrame({"code": known[again], "first": first[again]})
