"""Positions as tables write them: degrees, UTM metres with a zone, or well-known text."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import polars as pl
import shapely

from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.places.extents import in_province
from phaenthi.geo.shapes.crs import GEOGRAPHIC, THAILAND_BOUNDS, from_indian_1975
from phaenthi.layers.registers.incoming import IncomingRows
from phaenthi.layers.tables.table_file import ROW

_LARGEST_DEGREE = 180.0
_ZONES = {"47": ("EPSG:32647", "EPSG:24047"), "48": ("EPSG:32648", "EPSG:24048")}
_OLD_DATUM = r"(?i)indian|อินเดีย|2404[78]|1975"
Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Metres:
    """Rows in UTM metres: zone is 47, 48 or missing; old tells of the datum Indian 1975."""

    east: Numbers
    north: Numbers
    zone: pd.Series
    old: Mask


def read_positions(incoming: IncomingRows, codes: pd.Series) -> tuple[gpd.GeoSeries, IncomingRows]:
    """Return where each of the incoming rows is, and the rows with what was to be said of it.

    Parameters
    ----------
    incoming
        Rows with any of ``MARKERS``.
    codes
        Code of a province or of something in it, as the row states it; missing where it does
        not. It settles the UTM zone where the file does not: the one zone that puts the row
        into its province.

    Returns
    -------
    geopandas.GeoSeries
        EPSG:4326, 0, 1, 2 …; None where there is no position, or none that can be trusted
        (outside Thailand, UTM metres of an unknown zone): each kind is counted in a note.

    Raises
    ------
    Problem
        ``layers.coordinates_swapped`` with the first such row, ``layers.wkt_unreadable``.
    """
    rows = incoming.rows
    shapes = np.full(rows.height, None, dtype=object)
    x, y = _numbers(rows, "longitude"), _numbers(rows, "latitude")
    east, north = _numbers(rows, "easting"), _numbers(rows, "northing")
    # A column x holds degrees or metres; the number tells which.
    in_degrees = np.isnan(x) & np.isnan(y) & (np.abs(east) <= _LARGEST_DEGREE)
    in_degrees &= np.abs(north) <= _LARGEST_DEGREE
    x, y = np.where(in_degrees, east, x), np.where(in_degrees, north, y)
    _refuse_swapped(incoming, x, y)
    told = ~(np.isnan(x) | np.isnan(y))
    shapes[told] = shapely.points(x[told], y[told])
    flat = ~told & ~(np.isnan(east) | np.isnan(north))
    unsettled = np.zeros(rows.height, dtype=bool)
    if flat.any():
        points, unsettled = _from_metres(rows, east, north, flat, codes)
        shapes[flat & ~unsettled] = points[flat & ~unsettled]
    shapes = _with_wkt(incoming, shapes)
    outside = outside_country(shapes)
    shapes[outside] = None
    for name, mask in (("plot_zone_unknown", unsettled), ("plot_outside_thailand", outside)):
        if mask.any():
            first = int(rows[ROW].to_numpy()[mask].min())
            incoming = incoming.noting(name, count=int(mask.sum()), row=first)
    return gpd.GeoSeries(shapes, crs=GEOGRAPHIC), incoming


def with_sound_positions(incoming: IncomingRows, note: str) -> IncomingRows:
    """Return rows in which longitude and latitude are both known and in Thailand, or missing.

    Parameters
    ----------
    note
        Name of the note under ``layers.notes`` that counts the positions outside Thailand.

    Raises
    ------
    Problem
        ``layers.coordinates_swapped`` with the first such row.
    """
    here = [name for name in ("longitude", "latitude") if name in incoming.rows.columns]
    if len(here) < 2:
        return incoming.with_rows(incoming.rows.drop(here))
    west, south, east, north = THAILAND_BOUNDS
    x, y = pl.col("longitude"), pl.col("latitude")
    swapped = incoming.rows.filter(x.is_between(south, north) & y.is_between(west, east)).sort(ROW)
    if swapped.height:
        raise incoming.problem("layers.coordinates_swapped", swapped[ROW][0], "longitude")
    inside = x.is_between(west, east) & y.is_between(south, north)
    outside = incoming.rows.filter(x.is_not_null() & y.is_not_null() & ~inside).sort(ROW)
    placed = incoming.with_rows(
        incoming.rows.with_columns(pl.when(inside).then(x), pl.when(inside).then(y))
    )
    if outside.is_empty():
        return placed
    return placed.noting(note, count=outside.height, row=outside[ROW][0])


def _numbers(rows: pl.DataFrame, name: str) -> Numbers:
    if name not in rows.columns:
        return np.full(rows.height, np.nan)
    return rows[name].cast(pl.Float64).fill_null(np.nan).to_numpy().astype(np.float64)


def _texts(rows: pl.DataFrame, name: str) -> pd.Series:
    values = rows[name].to_list() if name in rows.columns else [None] * rows.height
    return pd.Series(values, dtype="string")


def _refuse_swapped(incoming: IncomingRows, x: Numbers, y: Numbers) -> None:
    west, south, east, north = THAILAND_BOUNDS
    with np.errstate(invalid="ignore"):
        swapped = (x >= south) & (x <= north) & (y >= west) & (y <= east)
    if swapped.any():
        row = int(incoming.rows[ROW].to_numpy()[swapped].min())
        name = "longitude" if "longitude" in incoming.headers else "easting"
        raise incoming.problem("layers.coordinates_swapped", row, name)


def _from_metres(
    rows: pl.DataFrame, east: Numbers, north: Numbers, flat: Mask, codes: pd.Series
) -> tuple[npt.NDArray[np.object_], Mask]:
    """Return the points of rows in metres, and the rows whose zone nobody can tell."""
    zone_text, datum = _texts(rows, "utm_zone"), _texts(rows, "datum")
    zone = zone_text.str.extract(r"(4[78])\s*[A-Za-z]?\D*$", expand=False).astype("string")
    old = (zone_text.fillna("") + " " + datum.fillna("")).str.contains(_OLD_DATUM)
    metres = _Metres(east, north, zone, old.to_numpy(dtype=bool))
    in_zone = {one: _points(metres, one, flat) for one in _ZONES}
    province = parent_code(codes.astype("string").reset_index(drop=True), Level.PROVINCE)
    at_home = {}
    for one, points in in_zone.items():
        there = in_province(shapely.get_x(points), shapely.get_y(points), province)
        at_home[one] = there & ~outside_country(points)
    west, east_zone = at_home["47"], at_home["48"]
    known = zone.notna().to_numpy(dtype=bool)
    takes_48 = np.where(known, (zone == "48").fillna(value=False), east_zone & ~west)
    settled = known | (west ^ east_zone)
    points = np.where(takes_48.astype(bool), in_zone["48"], in_zone["47"])
    return points, flat & ~settled


def _points(metres: _Metres, zone: str, flat: Mask) -> npt.NDArray[np.object_]:
    """Return the points of some rows as if all were in a zone."""
    made = np.full(len(flat), None, dtype=object)
    for is_old, crs in zip((False, True), _ZONES[zone], strict=True):
        those = np.flatnonzero(flat & (metres.old == is_old))
        if not those.size:
            continue
        flat_points = gpd.GeoSeries.from_xy(metres.east[those], metres.north[those], crs=crs)
        table = gpd.GeoDataFrame(geometry=flat_points)
        table = from_indian_1975(table) if is_old else table.to_crs(GEOGRAPHIC)
        points = table.geometry.to_numpy()
        # Metres beyond the projection have no degrees.
        lost = ~np.isfinite(shapely.get_x(points)) | ~np.isfinite(shapely.get_y(points))
        points = points.copy()
        points[lost] = None
        made[those] = points
    return made


def _with_wkt(incoming: IncomingRows, shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    texts = _texts(incoming.rows, "wkt")
    given = texts.notna().to_numpy(dtype=bool)
    if not given.any():
        return shapes
    read = shapely.from_wkt(texts[given].to_numpy(dtype=object), on_invalid="ignore")
    bad = shapely.is_missing(read)
    if bad.any():
        row = int(incoming.rows[ROW].to_numpy()[given][bad].min())
        raise incoming.problem("layers.wkt_unreadable", row, "wkt")
    shapes = shapes.copy()
    shapes[given] = read
    return shapes


def outside_country(shapes: npt.NDArray[np.object_]) -> Mask:
    """Tell which shapes reach outside Thailand; a missing one does not."""
    west, south, east, north = THAILAND_BOUNDS
    bounds = shapely.bounds(shapes)
    with np.errstate(invalid="ignore"):
        inside = (bounds[:, 0] >= west) & (bounds[:, 2] <= east)
        inside &= (bounds[:, 1] >= south) & (bounds[:, 3] <= north)
    return np.asarray(~inside & ~shapely.is_missing(shapes), dtype=bool)
