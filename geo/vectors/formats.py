"""The vector formats that are written: what each can hold, and by which library it is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import pyproj

from phaenthi.geo.shapes.crs import GEOGRAPHIC, UTM_47_NORTH, UTM_48_NORTH
from phaenthi.geo.vectors.dbf import TEXT_BYTES, THAI, python_name
from phaenthi.wording import Problem

UTF_8 = "utf-8"
OFFERED_CRS = (GEOGRAPHIC, UTM_47_NORTH, UTM_48_NORTH, "EPSG:24047", "EPSG:24048")
"""WGS 84 in degrees and in the UTM zones 47N and 48N, Indian 1975 in the same zones."""

Holds = Literal["typed", "dbf", "text"]


@dataclass(frozen=True)
class Format:
    """A vector format.

    Attributes
    ----------
    name
        What people type: ``geojson``.
    title
        What people read: ``GeoJSON``.
    suffix
        With its dot; a shapefile is handed over as a zip.
    holds
        ``typed`` keeps numbers, yes/no and dates apart; ``dbf`` has no yes/no, no time and no
        empty text; ``text`` holds everything as text.
    driver
        GDAL's driver, or empty where another library writes it.
    options
        What the driver is told about the layer.
    encodings
        Encodings to choose from, the usual one first.
    short_names
        Whether fields have their names of ten ASCII letters.
    geographic
        Whether the format allows EPSG:4326 alone.
    mixed
        Whether points, lines and areas may be in one layer.
    shapes
        Kinds of shapes that it can hold; all where empty.
    xml
        Whether the letters that XML 1.0 forbids cannot be in it.
    empty_is_missing
        Whether it knows no difference between an empty text and none.
    places_only
        Whether a record without a place cannot be in it.
    text_bytes
        Bytes of a text at most; 0 for no limit.
    layers
        Whether several layers may be in one file.
    """

    name: str
    title: str
    suffix: str
    holds: Holds = "typed"
    driver: str = ""
    options: dict[str, str] = field(default_factory=dict)
    encodings: tuple[str, ...] = (UTF_8,)
    short_names: bool = False
    geographic: bool = False
    mixed: bool = True
    shapes: tuple[str, ...] = ()
    xml: bool = False
    empty_is_missing: bool = False
    places_only: bool = False
    text_bytes: int = 0
    layers: bool = False


SHAPEFILE = Format(
    "shapefile",
    "Shapefile",
    ".zip",
    holds="dbf",
    driver="ESRI Shapefile",
    encodings=(UTF_8, THAI),
    short_names=True,
    mixed=False,
    empty_is_missing=True,
    text_bytes=TEXT_BYTES,
    layers=True,
)
GEOPACKAGE = Format("gpkg", "GeoPackage", ".gpkg", driver="GPKG", mixed=False, layers=True)
GEOJSON = Format(
    "geojson",
    "GeoJSON",
    ".geojson",
    driver="GeoJSON",
    # Else the driver rounds to 7 decimals and turns a text such as “{}” into an object.
    options={"RFC7946": "YES", "COORDINATE_PRECISION": "15", "AUTODETECT_JSON_STRINGS": "NO"},
    geographic=True,
)
GEOPARQUET = Format("parquet", "GeoParquet", ".parquet")
# The index would put the records in another order and allows none without a place.
FLATGEOBUF = Format(
    "fgb", "FlatGeobuf", ".fgb", driver="FlatGeobuf", options={"SPATIAL_INDEX": "NO"}
)
KML = Format("kml", "KML", ".kml", holds="text", geographic=True, xml=True, layers=True)
KMZ = Format("kmz", "KMZ", ".kmz", holds="text", geographic=True, xml=True, layers=True)
GPX = Format(
    "gpx",
    "GPX",
    ".gpx",
    holds="text",
    geographic=True,
    shapes=("Point", "LineString", "MultiLineString"),
    xml=True,
    places_only=True,
    layers=True,
)
CSV = Format(
    "csv", "CSV (WKT)", ".csv", holds="text", encodings=(UTF_8, THAI), empty_is_missing=True
)
FORMATS: dict[str, Format] = {
    one.name: one
    for one in (SHAPEFILE, GEOPACKAGE, GEOJSON, GEOPARQUET, FLATGEOBUF, KML, KMZ, GPX, CSV)
}
_OTHER_NAMES = {
    "shp": "shapefile",
    "zip": "shapefile",
    "geopackage": "gpkg",
    "json": "geojson",
    "geoparquet": "parquet",
    "flatgeobuf": "fgb",
}


def format_of(text: str) -> Format:
    """Return a format by its name or the suffix of its files, whatever the capitals.

    Raises
    ------
    Problem
        ``geo.format_not_offered``.
    """
    name = text.strip().lower().removeprefix(".")
    name = _OTHER_NAMES.get(name, name)
    if name not in FORMATS:
        raise Problem("geo.format_not_offered", found=text, formats=", ".join(FORMATS))
    return FORMATS[name]


def crs_for(text: str, kind: Format) -> pyproj.CRS:
    """Return the coordinate system to write in: ``EPSG:32648``, ``32648``.

    Raises
    ------
    Problem
        ``geo.crs_not_offered``; ``geo.format_is_geographic`` where the format allows no other
        than EPSG:4326.
    """
    number = text.strip().upper().removeprefix("EPSG:")
    name = f"EPSG:{number}"
    if name not in OFFERED_CRS:
        raise Problem("geo.crs_not_offered", found=text, offered=", ".join(OFFERED_CRS))
    if kind.geographic and name != GEOGRAPHIC:
        raise Problem("geo.format_is_geographic", format=kind.title, found=name)
    return pyproj.CRS(name)


def encoding_for(text: str | None, kind: Format) -> str:
    """Return the encoding of a format's text, the usual one unless another is wanted.

    Raises
    ------
    Problem
        ``geo.encoding_not_offered``.
    """
    if text is None:
        return kind.encodings[0]
    name = python_name(text)
    if name is None or name not in kind.encodings:
        offered = ", ".join(kind.encodings)
        raise Problem("geo.encoding_not_offered", found=text, format=kind.title, offered=offered)
    return name
