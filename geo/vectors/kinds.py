"""Which kind of map file a file is: its content says so, not its name."""

from __future__ import annotations

import codecs
import re
from enum import StrEnum
from pathlib import Path

from phaenthi.geo.notes import Note
from phaenthi.wording import Problem


class Kind(StrEnum):
    """A kind of map file or of the parcel that it comes in; the value is its name on screen."""

    SHAPEFILE = "ESRI Shapefile"
    GEOPACKAGE = "GPKG"
    GEOJSON = "GeoJSON"
    TOPOJSON = "TopoJSON"
    ESRI_JSON = "ESRIJSON"
    KML = "KML"
    FLATGEOBUF = "FlatGeobuf"
    GEOPARQUET = "GeoParquet"
    ZIP = "zip"
    GZIP = "gzip"


IN_TEXT = {Kind.GEOJSON, Kind.TOPOJSON, Kind.ESRI_JSON, Kind.KML}
"""Kinds that are one text, which may be in an old encoding."""

_JSON = {Kind.GEOJSON, Kind.TOPOJSON, Kind.ESRI_JSON}
_BY_SUFFIX = {
    ".shp": {Kind.SHAPEFILE},
    ".gpkg": {Kind.GEOPACKAGE},
    ".geojson": _JSON,
    ".json": _JSON,
    ".topojson": _JSON,
    ".kml": {Kind.KML},
    ".kmz": {Kind.ZIP},
    ".fgb": {Kind.FLATGEOBUF},
    ".parquet": {Kind.GEOPARQUET},
    ".geoparquet": {Kind.GEOPARQUET},
    ".zip": {Kind.ZIP},
    ".gz": {Kind.GZIP},
}
_BY_FIRST_BYTES = {
    b"PK\x03\x04": Kind.ZIP,
    b"PK\x05\x06": Kind.ZIP,
    b"\x1f\x8b": Kind.GZIP,
    b"SQLite format 3\0": Kind.GEOPACKAGE,
    b"fgb": Kind.FLATGEOBUF,
    b"PAR1": Kind.GEOPARQUET,
    b"\x00\x00\x27\x0a": Kind.SHAPEFILE,
}
_JSON_MARKS = (
    (Kind.ESRI_JSON, re.compile(rb'"esriGeometry')),
    (Kind.TOPOJSON, re.compile(rb'"type"\s*:\s*"Topology"|"arcs"\s*:')),
    (
        Kind.GEOJSON,
        re.compile(
            rb'"type"\s*:\s*"(?:Feature|FeatureCollection|GeometryCollection|'
            rb'(?:Multi)?(?:Point|LineString|Polygon))"|"features"\s*:'
        ),
    ),
)
# Files that tell GDAL to open other files or addresses: nothing here follows them.
_POINTS_ELSEWHERE = re.compile(rb"OGRVRTDataSource|gdal_streamed_alg|<WFS|OGCAPI", re.IGNORECASE)
_HEAD_BYTES = 65_536


def is_named_as_map(name: str | Path) -> bool:
    """Tell whether the name ends as those of map files and of their parcels do."""
    return Path(name).suffix.lower() in _BY_SUFFIX


def kind_of(path: Path, shown_as: Path) -> tuple[Kind, tuple[Note, ...]]:
    """Return the kind of a file by its content, and a note if its name says another.

    Parameters
    ----------
    path
        The file.
    shown_as
        The name that the user knows, for the messages.

    Raises
    ------
    Problem
        ``geo.format_unknown`` for a name that no map file has, ``geo.file_empty``,
        ``geo.content_unknown`` if the content is of no known kind.
    """
    suffix = path.suffix.lower()
    if suffix not in _BY_SUFFIX:
        raise Problem("geo.format_unknown", file=shown_as, found=path.suffix or path.name)
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head:
        raise Problem("geo.file_empty", file=shown_as)
    kind = kind_of_bytes(head)
    if kind is None:
        raise Problem("geo.content_unknown", file=shown_as, suffix=suffix)
    if kind in _BY_SUFFIX[suffix]:
        return kind, ()
    return kind, (Note("geo.note.kind_by_content", {"suffix": suffix, "kind": kind.value}),)


def kind_of_bytes(head: bytes) -> Kind | None:
    """Return the kind that the first bytes of a file show, or None."""
    for mark, kind in _BY_FIRST_BYTES.items():
        if head.startswith(mark):
            return kind
    text = _plain(head)
    if _POINTS_ELSEWHERE.search(text):
        return None
    if text.startswith(b"<"):
        return Kind.KML if re.search(rb"<(?:\w+:)?kml[\s>]", text) else None
    if text.startswith(b"{"):
        return next((kind for kind, mark in _JSON_MARKS if mark.search(text)), None)
    return None


def _plain(head: bytes) -> bytes:
    """Return the beginning of a text without byte order mark, white space and UTF-16."""
    for mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if head.startswith(mark):
            return head.decode("utf-16", "ignore").encode("utf-8", "ignore").lstrip()
    return head.removeprefix(codecs.BOM_UTF8).lstrip()
