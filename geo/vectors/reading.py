"""Reading any vector file: unpacked, its encoding found out, its coordinate system checked."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyogrio
import pyogrio.errors
import pyproj.exceptions
import shapely
import shapely.errors
from pyarrow import parquet

from phaenthi.geo.notes import Note, counted_note
from phaenthi.geo.texts.stray import table_without_stray
from phaenthi.geo.vectors.crs_checks import settle_crs
from phaenthi.geo.vectors.dbf import Encoding, find_encoding, is_cut_short, python_name
from phaenthi.geo.vectors.kinds import IN_TEXT, Kind
from phaenthi.geo.vectors.transcoding import in_utf8
from phaenthi.geo.vectors.unpacking import PlainFile, members, unpacked
from phaenthi.wording import Problem

LARGEST_COORDINATE = 1e9
"""In metres 25 times round the Earth: beyond it a number is damaged."""
_READING_ERRORS = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.FieldError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.CRSError,
    shapely.errors.ShapelyError,
    UnboundLocalError,  # pyogrio 0.13 stumbles so over a damaged .prj
)

# What pyarrow and geopandas raise over damaged bytes and a damaged description of the columns.
_PARQUET_ERRORS = (
    pa.ArrowException,
    pyproj.exceptions.CRSError,
    shapely.errors.ShapelyError,
    OSError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
)


@dataclass(frozen=True)
class VectorFile:
    """A vector file as read.

    Attributes
    ----------
    table
        The records in the order of the file, index 0, 1, 2 …; ``crs`` is always set; a record
        may have no geometry.
    path, driver, encoding
        The file, its format, and the encoding of its text in Python's words.
    notes
        What a person should know of how it was read.
    stray
        How many characters that no text means (see ``phaenthi.geo.texts.stray``) were left out.
    """

    table: gpd.GeoDataFrame
    path: Path
    driver: str
    encoding: str
    notes: tuple[Note, ...]
    stray: int = 0


def read(
    path: Path, *, layer: str | None = None, encoding: str | None = None, crs: str | None = None
) -> VectorFile:
    """Read a shapefile, GeoPackage, GeoJSON, TopoJSON, KML/KMZ, FlatGeobuf or GeoParquet.

    Each may come zipped or as ``.gz``. What the file is, is judged by its content; encoding and
    coordinate system are found out, and mended where that is certain, with a note.

    Parameters
    ----------
    path
        The file.
    layer
        Layer of a file of several, or member of a zip of several files (``member/layer`` for
        both); the only one if not given. ``list_layers`` tells them.
    encoding
        Encoding of the text if the user knows better than the file.
    crs
        Coordinate system if the user knows better than the file, such as ``EPSG:32648``.

    Raises
    ------
    Problem
        ``geo.file_missing``, ``geo.format_unknown``, ``geo.content_unknown``,
        ``geo.file_empty``, ``geo.zip_damaged``, ``geo.zip_locked``, ``geo.zip_too_large``,
        ``geo.zip_without_layer``, ``geo.choose_layer``, ``geo.shapefile_incomplete``,
        ``geo.file_cut_short``, ``geo.file_damaged``, ``geo.text_not_utf8``,
        ``geo.no_geometry``, ``geo.no_records``, and those of ``crs_checks.settle_crs``.
    """
    file = read_as_declared(path, layer=layer, encoding=encoding)
    table, notes = settle_crs(file.table, file.path, crs)
    return replace(file, table=table, notes=(*file.notes, *notes))


def read_as_declared(
    path: Path, *, layer: str | None = None, encoding: str | None = None
) -> VectorFile:
    """Read as ``read`` does, but leave coordinates and their system as the file has them."""
    path = Path(path)
    if not path.is_file():
        raise Problem("geo.file_missing", file=path)
    with unpacked(path, layer) as file, tempfile.TemporaryDirectory() as folder:
        table, how, of_shapes = _read_plain(file, encoding, Path(folder), path)
        notes = (*file.notes, *_encoding_notes(how), *of_shapes)
    if not isinstance(table, gpd.GeoDataFrame):
        raise Problem("geo.no_geometry", file=path)
    if table.empty:
        raise Problem("geo.no_records", file=path)
    table, of_numbers = _without_impossible_shapes(table.reset_index(drop=True))
    table, stray = table_without_stray(table)
    of_texts = (Note("geo.note.stray_characters", {"letters": f"{stray:,}"}),) if stray else ()
    told = (*notes, *of_numbers, *of_texts)
    return VectorFile(table, path, file.kind.value, how.name, told, stray)


def _without_impossible_shapes(
    table: gpd.GeoDataFrame,
) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    """Take away shapes with coordinates that are no numbers on Earth, and tell of which rows."""
    shapes = table.geometry.to_numpy()
    places, of_shape = shapely.get_coordinates(shapes, return_index=True)
    impossible = ~(np.abs(places) <= LARGEST_COORDINATE).all(axis=1)  # also where not a number
    if not impossible.any():
        return table, ()
    rows = np.unique(of_shape[impossible])
    shapes = shapes.copy()
    shapes[rows] = None
    kept = table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=table.crs))
    return kept, (counted_note("geo.note.coordinates_impossible", rows),)


def list_layers(path: Path) -> tuple[str, ...]:
    """Return every name that ``read`` takes as ``layer`` of this file, in the file's order.

    Raises
    ------
    Problem
        Those of ``read`` that tell of a file that cannot be opened.
    """
    path = Path(path)
    if not path.is_file():
        raise Problem("geo.file_missing", file=path)
    inside = members(path)
    if len(inside) < 2:
        return _layers_of(path, None)
    return tuple(
        name if len(layers) == 1 else f"{name}/{inner}"
        for name in inside
        for layers in [_layers_of(path, name)]
        for inner in layers
    )


def _layers_of(path: Path, member: str | None) -> tuple[str, ...]:
    with unpacked(path, member) as file, tempfile.TemporaryDirectory() as folder:
        if file.kind in {Kind.SHAPEFILE, Kind.GEOPARQUET}:
            return (file.name,)
        found = file.path
        if file.kind in IN_TEXT:
            found, _ = in_utf8(found, None, Path(folder), path)
        return _layers_with_shapes(found, path)


def _read_plain(
    file: PlainFile, encoding: str | None, folder: Path, path: Path
) -> tuple[object, Encoding, tuple[Note, ...]]:
    """Return the records, the encoding of their text, and what is to be told of the shapes."""
    if file.kind is Kind.SHAPEFILE:
        how = _shapefile_encoding(file.path, encoding, path)
        table, notes = _read_layer(file.path, None, how.name, path)
        return table, how, notes
    how, found = Encoding("utf-8", "format", ""), file.path
    if file.kind is Kind.GEOPARQUET:
        return _read_parquet(found, path), how, ()
    if file.kind in IN_TEXT:
        found, how = in_utf8(found, encoding, folder, path)
    if file.kind is Kind.GEOPACKAGE:
        _check_database(found, path)
    layer = _choose_layer(_layers_with_shapes(found, path), file.layer, path)
    table, notes = _read_layer(found, layer, None, path)
    return table, how, notes


def _shapefile_encoding(shp: Path, encoding: str | None, path: Path) -> Encoding:
    dbf = _side_file(shp, ".dbf")
    if dbf is None or _side_file(shp, ".shx") is None:
        raise Problem("geo.shapefile_incomplete", file=path)
    if is_cut_short(dbf) or _shapes_are_cut_short(shp):
        raise Problem("geo.file_cut_short", file=path)
    if encoding is not None:
        return Encoding(python_name(encoding) or encoding, "user", encoding)
    return find_encoding(dbf, _side_file(shp, ".cpg"))


def _shapes_are_cut_short(shp: Path) -> bool:
    """Tell whether a .shp holds fewer bytes than its header says (in 16-bit words at 24)."""
    with shp.open("rb") as file:
        head = file.read(28)
    return shp.stat().st_size < 2 * int.from_bytes(head[24:28], "big")


def _side_file(shp: Path, suffix: str) -> Path | None:
    for candidate in (shp.with_suffix(suffix), shp.with_suffix(suffix.upper())):
        if candidate.exists():
            return candidate
    return None


def _encoding_notes(how: Encoding) -> tuple[Note, ...]:
    if how.found_by not in {"language_byte", "content"}:
        return ()
    declared = how.declared or "–"
    return (Note("geo.note.encoding_found_out", {"encoding": how.name, "declared": declared}),)


def _layers_with_shapes(found: Path, path: Path) -> tuple[str, ...]:
    with _readable(path):
        return tuple(str(name) for name, geometry in pyogrio.list_layers(found) if geometry)


def _choose_layer(layers: tuple[str, ...], layer: str | None, path: Path) -> str:
    if layer in layers:
        return str(layer)
    if layer is not None or len(layers) > 1:
        raise Problem("geo.choose_layer", file=path, layers=", ".join(layers) or "–")
    if not layers:
        raise Problem("geo.no_geometry", file=path)
    return layers[0]


def _read_layer(
    found: Path, layer: str | None, encoding: str | None, path: Path
) -> tuple[object, tuple[Note, ...]]:
    """Return the records, with rings closed and a note where the file leaves some open."""
    with _readable(path):
        try:
            return pyogrio.read_dataframe(found, layer=layer, encoding=encoding), ()
        except shapely.errors.GEOSException:
            table = pyogrio.read_dataframe(found, layer=layer, encoding=encoding, on_invalid="fix")
            return table, (Note("geo.note.rings_closed"),)


def _read_parquet(found: Path, path: Path) -> object:
    try:
        # Text that is not UTF-8 would only be found out when somebody looks at it.
        parquet.read_table(found).validate(full=True)
        return gpd.read_parquet(found)
    except _PARQUET_ERRORS as error:
        if "Missing geo metadata" in str(error):
            raise Problem("geo.no_geometry", file=path) from error
        raise Problem("geo.file_damaged", file=path, detail=_detail(error)) from error


def _check_database(found: Path, path: Path) -> None:
    """Refuse a GeoPackage with damaged pages: the driver reads around them without a word."""
    try:
        connection = sqlite3.connect(f"{found.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            state = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        raise Problem("geo.file_damaged", file=path, detail=_detail(error)) from error
    if state[0] != "ok":
        raise Problem("geo.file_damaged", file=path, detail=str(state[0]).splitlines()[0])


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (*_READING_ERRORS, UnicodeDecodeError) as error:
        raise Problem("geo.file_damaged", file=path, detail=_detail(error)) from error


def _detail(error: Exception) -> str:
    """Return what the library says without the folders of this machine."""
    return re.sub(r"[^\s'\"]*[/\\]", "", str(error))
