"""Coordinate systems by place, areas on the ellipsoid, and ไร่-งาน-ตารางวา."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from wording import Language, say

GEOGRAPHIC = "EPSG:4326"
UTM_47_NORTH, UTM_48_NORTH = "EPSG:32647", "EPSG:32648"
ZONE_EDGE = 102.0
"""Longitude in degrees between UTM zones 47 and 48."""
THAILAND_BOUNDS = (97.3, 5.5, 105.7, 20.6)
"""West, south, east, north in degrees."""
ELLIPSOID = pyproj.Geod(ellps="WGS84")

_SQUARE_METRES_A_WA, _WA_A_NGAN, _NGAN_A_RAI = 4, 100, 4


def metric_crs(geometries: gpd.GeoSeries | gpd.GeoDataFrame) -> pyproj.CRS:
    """Return the UTM zone in which to measure: 47N west of 102° E, 48N from there on.

    Parameters
    ----------
    geometries
        Geometries of any CRS; their common centroid decides.

    Raises
    ------
    ValueError
        If there is no geometry or no CRS.
    """
    if geometries.crs is None:
        raise ValueError("geometries without a CRS")
    degrees = geometries.geometry.to_crs(GEOGRAPHIC).to_numpy()
    centroid = shapely.centroid(shapely.geometrycollections(degrees))
    if centroid.is_empty:
        raise ValueError("no geometry to choose a metric CRS by")
    longitude = shapely.get_x(centroid)
    return pyproj.CRS(UTM_47_NORTH if longitude < ZONE_EDGE else UTM_48_NORTH)


def area_square_metres(table: gpd.GeoDataFrame | gpd.GeoSeries) -> pd.Series:
    """Return the geodesic area of each geometry on the WGS 84 ellipsoid in square metres.

    Missing geometries have no area (NaN). Karney's polygon areas, as in ``pyproj.Geod``.
    """
    geometries = table.geometry.to_crs(GEOGRAPHIC)
    square_metres = [
        np.nan if geometry is None else abs(ELLIPSOID.geometry_area_perimeter(geometry)[0])
        for geometry in shapely.orient_polygons(geometries.to_numpy())
    ]
    return pd.Series(square_metres, index=table.index, name="square_metres", dtype="float64")


@dataclass(frozen=True)
class LandArea:
    """An area as land is measured: 1 ไร่ = 4 งาน = 400 ตร.ว. = 1,600 m².

    Attributes
    ----------
    rai, ngan
        Whole ไร่ and งาน (0–3).
    square_wa
        Square wa, 0 up to under 100, to a tenth.
    """

    rai: int
    ngan: int
    square_wa: float

    def sentence(self, language: Language = "th") -> str:
        """Return the area in words: ``3 ไร่ 2 งาน 45.5 ตร.ว.``."""
        wa = f"{self.square_wa:g}"
        return say("geo.land_area", language, rai=f"{self.rai:,}", ngan=self.ngan, square_wa=wa)


def land_area(square_metres: float) -> LandArea:
    """Return an area in ไร่-งาน-ตารางวา, rounded to a tenth of a square wa (0.4 m²).

    Raises
    ------
    ValueError
        If the area is negative or not a number.
    """
    if not square_metres >= 0:
        raise ValueError(f"no area: {square_metres}")
    tenths = round(square_metres / _SQUARE_METRES_A_WA * 10)
    ngan, wa_tenths = divmod(tenths, _WA_A_NGAN * 10)
    rai, ngan = divmod(ngan, _NGAN_A_RAI)
    return LandArea(rai, ngan, wa_tenths / 10)


def outside_thailand(points: gpd.GeoSeries) -> pd.Series:
    """Tell which points (EPSG:4326) lie outside the country's bounds, as swapped ones do.

    Returns
    -------
    pandas.Series
        bool, index of the points; a missing point is not outside.
    """
    west, south, east, north = THAILAND_BOUNDS
    missing = points.isna() | points.is_empty
    within = points.x.between(west, east) & points.y.between(south, north)
    outside: pd.Series = ~(within | missing)
    return outside
