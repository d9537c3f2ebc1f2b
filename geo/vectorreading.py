"""Reading any vector file with its encoding found out."""

from __future__ import annotations

import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import pyogrio
import pyogrio.errors

from geo.crs import GEOGRAPHIC, THAILAND_BOUNDS
from geo.dbf import Encoding, find_encoding, is_cut_short, python_name
from geo.notes import Note
from wording import Problem

_DRIVERS = {
    ".shp": "ESRI Shapefile",
    ".gpkg": "GPKG",
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".kml": "KML",
    ".fgb": "FlatGeobuf",
    ".parquet": "GeoParquet",
}
_READING_ERRORS = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.FieldError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.CRSError,
)
_SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


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
    """

    table: gpd.GeoDataFrame
    path: Path
    driver: str
    encoding: str
    notes: tuple[Note, ...]


def read(path: Path, *, layer: str | None = None, encoding: str | None = None) -> VectorFile:
    """Read a shapefile (also zipped), GeoPackage, GeoJSON, KML, FlatGeobuf or GeoParquet.

    Parameters
    ----------
    path
        The file; a ``.zip`` may hold one file of any of these formats.
    layer
        Layer of a file of several, or member of a zip of several files; the only one if not
        given.
    encoding
        Encoding of a shapefile's text if the user knows better than the file.

    Raises
    ------
    Problem
        ``geo.file_missing``, ``geo.format_unknown``, ``geo.zip_damaged``,
        ``geo.zip_without_layer``, ``geo.choose_layer``, ``geo.shapefile_incomplete``,
        ``geo.zip_locked``, ``geo.file_cut_short``, ``geo.file_damaged``, ``geo.text_not_utf8``,
        ``geo.no_geometry``, ``geo.no_records``, ``geo.crs_missing``.
    """
    path = Path(path)
    if not path.exists():
        raise Problem("geo.file_missing", file=path)
    with _unpacked(path, layer) as (found, inner_layer):
        driver = _DRIVERS.get(found.suffix.lower())
        if driver is None:
            raise Problem("geo.format_unknown", file=path, found=found.suffix or found.name)
        if driver == "ESRI Shapefile":
            how = _shapefile_encoding(found, encoding, path)
            table, notes = _read_layer(found, None, how.name, path), _encoding_notes(how)
        elif driver == "GeoParquet":
            how, notes = Encoding("utf-8", "format", ""), ()
            table = _read_parquet(found, path)
        else:
            how, notes = Encoding("utf-8", "format", ""), ()
            _check_utf8(found, path)
            table = _read_layer(found, _choose_layer(found, inner_layer, path), None, path)
    table = _checked(table, path)
    table, crs_notes = _with_crs(table, path)
    return VectorFile(table, path, driver, how.name, (*notes, *crs_notes))


@contextmanager
def _unpacked(path: Path, layer: str | None) -> Iterator[tuple[Path, str | None]]:
    """Give the file to read and the layer in it; what a zip holds is unpacked meanwhile."""
    if path.suffix.lower() != ".zip":
        yield path, layer
        return
    try:
        with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
            _check_members(archive, path)
            member, inner_layer = _choose_member(archive, layer, path)
            yield _extract(archive, member, Path(folder)), inner_layer
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Problem("geo.zip_damaged", file=path) from error


def _check_members(archive: zipfile.ZipFile, path: Path) -> None:
    if any(info.flag_bits & 0x1 for info in archive.infolist()):
        raise Problem("geo.zip_locked", file=path)
    if archive.testzip() is not None:
        raise Problem("geo.zip_damaged", file=path)


def _choose_member(
    archive: zipfile.ZipFile, layer: str | None, path: Path
) -> tuple[zipfile.ZipInfo, str | None]:
    # Folders that macOS adds hold shadows of the files under the same names.
    members = [
        info
        for info in archive.infolist()
        if Path(info.filename).suffix.lower() in _DRIVERS and "__MACOSX" not in info.filename
    ]
    if not members:
        raise Problem("geo.zip_without_layer", file=path)
    named = [info for info in members if Path(info.filename).stem == layer]
    if len(named) == 1:
        return named[0], None
    if len(members) > 1:
        names = ", ".join(Path(info.filename).stem for info in members)
        raise Problem("geo.choose_layer", file=path, layers=names)
    return members[0], layer


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> Path:
    """Unpack a member, of a shapefile with its side files, under a plain ASCII name."""
    wanted = Path(member.filename)
    suffixes = _SHAPEFILE_PARTS if wanted.suffix.lower() == ".shp" else (wanted.suffix.lower(),)
    for info in archive.infolist():
        name = Path(info.filename)
        same_layer = name.with_suffix("").as_posix() == wanted.with_suffix("").as_posix()
        if same_layer and name.suffix.lower() in suffixes:
            (folder / f"layer{name.suffix.lower()}").write_bytes(archive.read(info))
    return folder / f"layer{wanted.suffix.lower()}"


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


def _check_utf8(found: Path, path: Path) -> None:
    """Refuse GeoJSON and KML in an old Thai encoding, which would be read as other letters."""
    if found.suffix.lower() not in {".geojson", ".json", ".kml"}:
        return
    try:
        found.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem("geo.text_not_utf8", file=path) from error


def _choose_layer(found: Path, layer: str | None, path: Path) -> str | None:
    with _readable(path):
        layers = [str(name) for name, geometry in pyogrio.list_layers(found) if geometry]
    if layer in layers:
        return layer
    if layer is not None or len(layers) > 1:
        raise Problem("geo.choose_layer", file=path, layers=", ".join(layers) or "–")
    if not layers:
        raise Problem("geo.no_geometry", file=path)
    return layers[0]


def _read_layer(
    found: Path, layer: str | None, encoding: str | None, path: Path
) -> gpd.GeoDataFrame:
    with _readable(path):
        return pyogrio.read_dataframe(found, layer=layer, encoding=encoding)


def _read_parquet(found: Path, path: Path) -> gpd.GeoDataFrame:
    try:
        return gpd.read_parquet(found)
    except (pa.ArrowInvalid, OSError) as error:
        raise Problem("geo.file_damaged", file=path, detail=_detail(error)) from error
    except ValueError as error:  # geopandas: "Missing geo metadata"
        raise Problem("geo.no_geometry", file=path) from error


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (*_READING_ERRORS, UnicodeDecodeError) as error:
        raise Problem("geo.file_damaged", file=path, detail=_detail(error)) from error


def _detail(error: Exception) -> str:
    """Return what the library says without the folders of this machine."""
    return re.sub(r"[^\s'\"]*[/\\]", "", str(error))


def _checked(table: gpd.GeoDataFrame, path: Path) -> gpd.GeoDataFrame:
    if not isinstance(table, gpd.GeoDataFrame):
        raise Problem("geo.no_geometry", file=path)
    if table.empty:
        raise Problem("geo.no_records", file=path)
    return table.reset_index(drop=True)


def _with_crs(table: gpd.GeoDataFrame, path: Path) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    """Return the table with a CRS; degrees inside Thailand need no file to say so."""
    if table.crs is not None:
        return table, ()
    west, south, east, north = table.total_bounds
    least_west, least_south, most_east, most_north = THAILAND_BOUNDS
    inside = least_west <= west <= east <= most_east and least_south <= south <= north <= most_north
    if not inside:
        raise Problem("geo.crs_missing", file=path)
    return table.set_crs(GEOGRAPHIC), (Note("geo.note.crs_assumed", {"crs": GEOGRAPHIC}),)
