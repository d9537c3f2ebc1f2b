"""Coordinate systems by place, areas on the ellipsoid, and ไร่-งาน-ตารางวา."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from phaenthi.wording import Language, say

GEOGRAPHIC = "EPSG:4326"
UTM_47_NORTH, UTM_48_NORTH = "EPSG:32647", "EPSG:32648"
ZONE_EDGE = 102.0
"""Longitude in degrees between UTM zones 47 and 48."""
THAILAND_BOUNDS = (97.3, 5.5, 105.7, 20.6)
"""West, south, east, north in degrees."""
ELLIPSOID = pyproj.Geod(ellps="WGS84")

INDIAN_1975_NOTE = "geo.note.indian_1975_written"
"""Other programs may take another shift and put a file of Indian 1975 190 m away."""

_INDIAN_1975 = "EPSG:4240"
# EPSG:1304 "Indian 1975 to WGS 84 (2)", 5 m, within 3 m of the parameters that the Royal Thai
# Survey Department uses (206, 837, 295). PROJ would take EPSG:1812, which puts everything
# 190 m away: its rotations have the wrong sign (QGIS issue 36337, sf issue 1634).
_INDIAN_1975_TO_WGS_84 = (
    "proj=pipeline step proj=unitconvert xy_in=deg xy_out=rad step proj=push v_3 "
    "step proj=cart ellps=evrst30 step proj=helmert x=210 y=814 z=289 "
    "step inv proj=cart ellps=WGS84 step proj=pop v_3 step proj=unitconvert xy_in=rad xy_out=deg"
)
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


def is_indian_1975(crs: pyproj.CRS) -> bool:
    """Tell whether a coordinate system (EPSG:24047, 24048, 4240) is of the datum Indian 1975."""
    base = crs.geodetic_crs
    return base is not None and base.to_epsg() == pyproj.CRS(_INDIAN_1975).to_epsg()


def from_indian_1975(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return records of the datum Indian 1975 in EPSG:4326, right to about 5 m.

    Source: EPSG:1304, three translations for Thailand. ``to_crs`` must not be used here.
    """
    old = table.geometry.to_crs(_INDIAN_1975)
    shift = pyproj.Transformer.from_pipeline(_INDIAN_1975_TO_WGS_84)
    shapes = shapely.transform(
        old.to_numpy(), lambda places: np.column_stack(shift.transform(*places.T))
    )
    return table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=GEOGRAPHIC))


def to_indian_1975(table: gpd.GeoDataFrame, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Return records of EPSG:4326 in a system of the datum Indian 1975, right to about 5 m.

    Source: EPSG:1304 the other way round; see ``from_indian_1975``.

    Parameters
    ----------
    crs
        EPSG:24047, EPSG:24048 or EPSG:4240.
    """
    shift = pyproj.Transformer.from_pipeline(_INDIAN_1975_TO_WGS_84)
    shapes = shapely.transform(
        table.geometry.to_numpy(),
        lambda places: np.column_stack(
            shift.transform(places[:, 0], places[:, 1], direction="INVERSE")
        ),
    )
    old = gpd.GeoSeries(shapes, index=table.index, crs=_INDIAN_1975)
    return table.set_geometry(old.to_crs(crs))


def in_crs(table: gpd.GeoDataFrame, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Return records in another coordinate system, to and from Indian 1975 by EPSG:1304."""
    if table.crs.equals(crs, ignore_axis_order=True):
        return table
    if is_indian_1975(table.crs) == is_indian_1975(crs):
        return table.to_crs(crs)
    if is_indian_1975(crs):
        return to_indian_1975(table.to_crs(GEOGRAPHIC), crs)
    return from_indian_1975(table).to_crs(crs)


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
