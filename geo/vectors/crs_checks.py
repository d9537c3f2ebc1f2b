"""Does the coordinate system of a file put its records in Thailand, and where their codes say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import pyproj.exceptions
import shapely
from pyproj.transformer import TransformerGroup

from phaenthi.geo.notes import Note, counted_note
from phaenthi.geo.places.code_columns import find_provinces
from phaenthi.geo.places.extents import in_province
from phaenthi.geo.shapes.crs import (
    GEOGRAPHIC,
    THAILAND_BOUNDS,
    UTM_47_NORTH,
    UTM_48_NORTH,
    from_indian_1975,
    is_indian_1975,
)
from phaenthi.wording import Problem

_Numbers = npt.NDArray[np.float64]
_Mask = npt.NDArray[np.bool_]

NEARLY_ALL = 0.95
"""Share of the records that a reading must put in the right place to be taken."""
HALF = 0.5
"""A reading that puts fewer in the right place is doubted."""
# UTM zones 47 and 48 by the datum of the file: WGS 84, Indian 1975.
_ZONES = {4326: (UTM_47_NORTH, UTM_48_NORTH), 4240: ("EPSG:24047", "EPSG:24048")}
_LARGEST_DEGREE = 360.0


@dataclass(frozen=True)
class _Reading:
    """One way to read the coordinates of a file.

    ``message_id`` is the note that tells of it; ``swapped``: the first number is the northern.
    """

    crs: pyproj.CRS
    swapped: bool
    message_id: str


def settle_crs(
    table: gpd.GeoDataFrame, path: Path, crs: str | None = None
) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    """Return the table with a coordinate system that puts its records where they belong.

    A declared system is kept if it puts the records in Thailand and, where the table has codes,
    in the provinces of their codes. Otherwise the usual mistakes are tried: longitude and
    latitude swapped, degrees said to be metres, metres said to be degrees, the other UTM zone.
    If just one of them puts nearly all records right, it is taken and told in a note; if none
    or several do, nothing is guessed.

    Parameters
    ----------
    table
        Records as the file has them, with or without a CRS.
    path
        The file, for the messages.
    crs
        The coordinate system that the user names; it goes before what the file says.

    Raises
    ------
    Problem
        ``geo.crs_missing``, ``geo.crs_missing_metres``, ``geo.crs_unusable``,
        ``geo.metres_in_degrees``, ``geo.coordinates_outside_thailand``.
    """
    if crs is not None:
        table = table.set_crs(_named_crs(crs, path), allow_override=True)
    table, notes = _settled(table, path)
    if is_indian_1975(table.crs):
        declared = {"declared": _name(table.crs), "crs": GEOGRAPHIC}
        table = from_indian_1975(table)
        notes = (*notes, Note("geo.note.indian_1975", declared))
    return table, notes


def _settled(table: gpd.GeoDataFrame, path: Path) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    places = _centres(table)
    if not len(places):
        return (table if table.crs is not None else table.set_crs(GEOGRAPHIC)), ()
    provinces = find_provinces(table)
    if provinces is not None:
        provinces = provinces[_has_place(table)]
    if table.crs is None:
        return _without_crs(table, places, path)
    _check_datum(table.crs, path)
    declared = _Reading(table.crs, swapped=False, message_id="")
    in_country, with_code = _shares(declared, places, provinces)
    if in_country >= HALF and with_code >= HALF:
        return _mend_single_records(table)
    found = [
        reading
        for reading in _mistakes(table.crs)
        if min(_shares(reading, places, provinces)) >= NEARLY_ALL
    ]
    if len(found) == 1:
        return _as_read(table, found[0])
    if in_country > 0:
        return table, (*_outside_note(table), *_code_note(with_code, provinces))
    if table.crs.is_geographic and np.abs(places).max() > _LARGEST_DEGREE:
        raise Problem("geo.metres_in_degrees", file=path, crs=_name(table.crs))
    raise Problem("geo.coordinates_outside_thailand", file=path)


def _named_crs(crs: str, path: Path) -> pyproj.CRS:
    try:
        return pyproj.CRS(crs)
    except pyproj.exceptions.CRSError as error:
        raise Problem("geo.crs_unusable", file=path, crs=crs) from error


def _has_place(table: gpd.GeoDataFrame) -> _Mask:
    shapes = table.geometry.to_numpy()
    return np.asarray(np.isfinite(shapely.bounds(shapes)).all(axis=1), dtype=bool)


def _centres(table: gpd.GeoDataFrame) -> _Numbers:
    """Return the middles of the bounds of the records that have a place (n × 2)."""
    bounds = shapely.bounds(table.geometry.to_numpy())[_has_place(table)]
    # Halved before they are added: the sum of two huge numbers is none.
    return np.asarray(bounds[:, :2] / 2 + bounds[:, 2:] / 2, dtype=np.float64)


def _without_crs(
    table: gpd.GeoDataFrame, places: _Numbers, path: Path
) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    degrees = pyproj.CRS(GEOGRAPHIC)
    for swapped, message_id in ((False, "geo.note.crs_assumed"), (True, "geo.note.swapped")):
        reading = _Reading(degrees, swapped, message_id)
        if _shares(reading, places, None)[0] >= NEARLY_ALL:
            mended, notes = _as_read(table, reading)
            return mended, (*notes, *_outside_note(mended))
    zones = [
        zone
        for zone in _ZONES[4326]
        if _shares(_Reading(pyproj.CRS(zone), swapped=False, message_id=""), places, None)[0]
        >= NEARLY_ALL
    ]
    if zones:
        raise Problem("geo.crs_missing_metres", file=path, candidates=" / ".join(zones))
    raise Problem("geo.crs_missing", file=path)


def _check_datum(crs: pyproj.CRS, path: Path) -> None:
    """Refuse a system from which no way to WGS 84 is known: shapes would be off unnoticed."""
    if crs == GEOGRAPHIC:
        return
    try:
        known = TransformerGroup(crs, GEOGRAPHIC, always_xy=True).transformers
    except pyproj.exceptions.ProjError:
        known = []
    if not known or "ballpark" in known[0].description.lower():
        raise Problem("geo.crs_unusable", file=path, crs=_name(crs))


def _mistakes(declared: pyproj.CRS) -> list[_Reading]:
    """Return the other ways to read coordinates that are declared to be of a system."""
    base = declared.geodetic_crs or pyproj.CRS(GEOGRAPHIC)
    datum = base.to_epsg() or 0
    readings = [_Reading(declared, swapped=True, message_id="geo.note.swapped")]
    zones = [pyproj.CRS(zone) for zone in _ZONES.get(datum, ())]
    if declared.is_geographic:
        readings += [_Reading(zone, False, "geo.note.metres_in_degrees") for zone in zones]
        readings += [_Reading(zone, True, "geo.note.metres_in_degrees") for zone in zones]
        return readings
    others = [zone for zone in zones if zone != declared]
    readings += [_Reading(zone, False, "geo.note.other_zone") for zone in others]
    readings += [_Reading(zone, True, "geo.note.other_zone") for zone in others]
    if datum == 4326:  # degrees of another datum would be 400 m off: who knows which they are
        degrees = pyproj.CRS(GEOGRAPHIC)
        readings += [
            _Reading(degrees, swap, "geo.note.degrees_in_metres") for swap in (False, True)
        ]
    return readings


def _shares(
    reading: _Reading, places: _Numbers, provinces: pd.Series | None
) -> tuple[float, float]:
    """Return the share of records in Thailand, and of those with a code in its province (1)."""
    columns = (places[:, 1], places[:, 0]) if reading.swapped else (places[:, 0], places[:, 1])
    transformer = pyproj.Transformer.from_crs(reading.crs, GEOGRAPHIC, always_xy=True)
    longitude, latitude = (np.asarray(values) for values in transformer.transform(*columns))
    west, south, east, north = THAILAND_BOUNDS
    inside = (west <= longitude) & (longitude <= east) & (south <= latitude) & (latitude <= north)
    if provinces is None or not provinces.notna().any():
        return float(inside.mean()), 1.0
    known = provinces.notna().to_numpy()
    right = in_province(longitude[known], latitude[known], provinces[known])
    return float(inside.mean()), float(right.mean())


def _as_read(
    table: gpd.GeoDataFrame, reading: _Reading
) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    shapes = table.geometry.to_numpy()
    mended = table.set_geometry(
        gpd.GeoSeries(
            swap(shapes) if reading.swapped else shapes, index=table.index, crs=reading.crs
        )
    )
    names = {"crs": _name(reading.crs), "declared": _name(table.crs)}
    notes = [Note(reading.message_id, names)]
    if reading.swapped and reading.message_id != "geo.note.swapped":
        notes.append(Note("geo.note.swapped", names))
    return mended, tuple(notes)


def _mend_single_records(table: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    """Swap the coordinates of single records: in Thailand no latitude can be a longitude."""
    if not table.crs.is_geographic:
        return table, _outside_note(table)
    shapes = table.geometry.to_numpy()
    bounds = shapely.bounds(shapes)
    wrong = _in_thailand(bounds[:, [1, 0, 3, 2]])
    notes: tuple[Note, ...] = ()
    if wrong.any():
        shapes = shapes.copy()
        shapes[wrong] = swap(shapes[wrong])
        table = table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=table.crs))
        notes = (counted_note("geo.note.some_swapped", np.flatnonzero(wrong)),)
    return table, (*notes, *_outside_note(table))


def _outside_note(table: gpd.GeoDataFrame) -> tuple[Note, ...]:
    if not table.crs.is_geographic:
        table = table.to_crs(GEOGRAPHIC)
    bounds = shapely.bounds(table.geometry.to_numpy())
    outside = _has_place(table) & ~_in_thailand(bounds)
    rows = np.flatnonzero(outside)
    return (counted_note("geo.note.outside_thailand", rows),) if rows.size else ()


def _code_note(with_code: float, provinces: pd.Series | None) -> tuple[Note, ...]:
    if provinces is None or with_code >= NEARLY_ALL:
        return ()
    count = round((1 - with_code) * int(provinces.notna().sum()))
    return (Note("geo.note.codes_elsewhere", {"count": count}),)


def _in_thailand(bounds: _Numbers) -> _Mask:
    west, south, east, north = THAILAND_BOUNDS
    with np.errstate(invalid="ignore"):
        inside = (bounds[:, 0] >= west) & (bounds[:, 2] <= east)
        inside &= (bounds[:, 1] >= south) & (bounds[:, 3] <= north)
    return np.asarray(inside, dtype=bool)


def swap(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return shapes with their first and second coordinate exchanged; heights stay."""
    swapped = np.asarray(shapely.transform(shapes, _exchange), dtype=object)
    high = shapely.has_z(shapes)
    if high.any():
        swapped[high] = shapely.transform(shapes[high], _exchange, include_z=True)
    return swapped


def _exchange(places: _Numbers) -> _Numbers:
    return places[:, [1, 0, *range(2, places.shape[1])]]


def _name(crs: pyproj.CRS | None) -> str:
    if crs is None:
        return "–"
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.name)
