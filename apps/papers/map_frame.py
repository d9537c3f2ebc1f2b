"""A map's frame on paper: projection, scale, scale bar and north, so that they are true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from phaenthi.geo.boundaries.reading import simplify
from phaenthi.geo.shapes.crs import GEOGRAPHIC, metric_crs

# Scales that people can reckon with, in each power of ten.
_ROUND = (1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0, 8.0)
# Half of each is told in whole numbers too.
_BAR_STEPS = (1, 2, 4, 6, 8)
_METRES_A_DEGREE = 111_000
# Finer than a pen draws.
_FINEST_MILLIMETRES = 0.12
Points = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """A rectangle of paper that shows a part of the ground in UTM.

    Attributes
    ----------
    crs
        UTM zone of the middle.
    west, north
        Grid metres of the upper left corner.
    width, height
        Of the paper, in millimetres.
    denominator
        The scale is 1 to this many, on the grid.
    """

    crs: pyproj.CRS
    west: float
    north: float
    width: float
    height: float
    denominator: int

    @property
    def metres_a_millimetre(self) -> float:
        """Grid metres that a millimetre of paper shows."""
        return self.denominator / 1000

    def place(self, points: Points) -> Points:
        """Return millimetres from the upper left corner for grid metres (n × 2)."""
        x = (points[:, 0] - self.west) / self.metres_a_millimetre
        y = (self.north - points[:, 1]) / self.metres_a_millimetre
        return np.column_stack([x, y])

    @cached_property
    def _distortion(self) -> tuple[float, float]:
        """Grid metres a metre of ground in the middle, and its convergence in degrees."""
        centre_x = self.west + self.width / 2 * self.metres_a_millimetre
        centre_y = self.north - self.height / 2 * self.metres_a_millimetre
        back = pyproj.Transformer.from_crs(self.crs, GEOGRAPHIC, always_xy=True)
        found = pyproj.Proj(self.crs).get_factors(*back.transform(centre_x, centre_y))
        return float(found.meridional_scale), float(found.meridian_convergence)

    @property
    def north_turn(self) -> float:
        """Degrees, clockwise on paper, from the top of the sheet to true north in the middle."""
        return -self._distortion[1]

    def bar(self, longest: float) -> tuple[float, float]:
        """Return a round distance on the ground and its length on paper.

        Parameters
        ----------
        longest
            Millimetres that the bar may take.

        Returns
        -------
        tuple
            Kilometres on the ground, millimetres on paper. The grid's own factor at the middle
            of the map is reckoned with: a UTM metre is not a metre of ground.
        """
        millimetres_a_metre = self._distortion[0] / self.metres_a_millimetre
        most = longest / millimetres_a_metre / 1000
        power = 10.0 ** np.floor(np.log10(most))
        kilometres = max(step * power for step in _BAR_STEPS if step * power <= most)
        return float(kilometres), float(kilometres * 1000 * millimetres_a_metre)


def fit(areas: gpd.GeoDataFrame, width: float, height: float, *, border: float = 3.0) -> Frame:
    """Return the frame of a paper's size that shows areas as large as a round scale allows.

    Parameters
    ----------
    areas
        Geometries in EPSG:4326, at least one.
    width, height
        Millimetres.
    border
        Millimetres that stay free at every side.
    """
    crs = metric_crs(areas)
    west, south, east, north = areas.geometry.to_crs(crs).total_bounds
    needed = max((east - west) / (width - 2 * border), (north - south) / (height - 2 * border))
    denominator = round_scale(needed * 1000)
    metres = denominator / 1000
    centre_x, centre_y = (west + east) / 2, (south + north) / 2
    return Frame(
        crs=crs,
        west=centre_x - width / 2 * metres,
        north=centre_y + height / 2 * metres,
        width=width,
        height=height,
        denominator=denominator,
    )


def round_scale(denominator: float) -> int:
    """Return the next round denominator of a scale that is not larger: 1:287,000 → 1:300,000."""
    denominator = max(denominator, 1.0)
    power = 10.0 ** np.floor(np.log10(denominator))
    steps = (*_ROUND, 10.0)
    return round(float(next(s * power for s in steps if s * power >= denominator - 1e-6)))


def rings(areas: gpd.GeoDataFrame, frame: Frame) -> Iterator[list[Points]]:
    """Return for each area its rings in millimetres on the paper; holes are rings too.

    Corners that the pen could not draw are left out; neighbours keep their shared edges.
    """
    tolerance = _FINEST_MILLIMETRES * frame.metres_a_millimetre / _METRES_A_DEGREE
    drawn = simplify(areas, tolerance).geometry.to_crs(frame.crs)
    for shape in drawn:
        parts = shapely.get_rings(shapely.get_parts(shape))
        yield [frame.place(shapely.get_coordinates(ring)[:-1]) for ring in parts]
