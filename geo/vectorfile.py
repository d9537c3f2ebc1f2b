"""Vector files: reading with the encoding found out, writing so that Thai reopens intact."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from geo.dbf import TEXT_BYTES, THAI, fit, mark_thai, python_name
from geo.files import atomic_write
from geo.reopening import first_difference
from geo.vectorreading import VectorFile, list_layers, read, read_as_declared
from wording import Problem, say

__all__ = [
    "Field",
    "VectorFile",
    "WriteReport",
    "list_layers",
    "read",
    "write_geopackage",
    "write_shapefile",
]

DICTIONARY = "fields"
"""Name of the bilingual dictionary: ``fields.csv`` in a zip, table ``fields`` in a GeoPackage."""
_NOTHING_CUT = pd.DataFrame(columns=["row", "column", "bytes"])
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Field:
    """One field of an export, as its dictionary tells it.

    Attributes
    ----------
    column
        Column of the table; the name in a GeoPackage.
    short_name
        The name in a shapefile: ASCII, at most 10 characters.
    th, en
        What it means, in Thai and English.
    unit
        Unit of its numbers, if any.
    """

    column: str
    short_name: str
    th: str
    en: str
    unit: str = ""

    def __post_init__(self) -> None:
        """Refuse a short name that a DBF would change."""
        name = self.short_name
        if not (name.isascii() and name.isidentifier() and len(name) <= 10):
            raise ValueError(f"no field name for a shapefile: {name!r}")


@dataclass(frozen=True)
class WriteReport:
    """What was written.

    Attributes
    ----------
    path
        The file.
    rows
        Records in it.
    truncated
        row (record number from 1), column, bytes (of the whole text): texts that were cut to
        254 bytes, between Thai characters.
    """

    path: Path
    rows: int
    truncated: pd.DataFrame


def write_shapefile(
    table: gpd.GeoDataFrame,
    path_zip: Path,
    fields: Sequence[Field],
    *,
    encoding: str = "utf-8",
) -> WriteReport:
    """Write a shapefile with its ``.cpg`` and bilingual dictionary into one ``.zip``.

    A shapefile knows no difference between an empty text and none, no true/false (1/0 are
    written), no time of day (dates and times are written as ISO text) and no spaces at the end.

    Parameters
    ----------
    table
        Records with a geometry of one kind and a CRS; columns without a field stay behind.
    path_zip
        The ``.zip`` to write; replaced as a whole or left as it was.
    fields
        The fields in their order.
    encoding
        ``utf-8``, or ``cp874`` for old programs.

    Raises
    ------
    Problem
        ``geo.nothing_to_export``, ``geo.crs_missing``, ``geo.mixed_geometry``,
        ``geo.text_not_in_encoding`` with record and column, ``geo.export_differs`` if the file
        does not read back the same.
    """
    encoding = python_name(encoding) or encoding
    _check(table, fields, path_zip)
    wanted = _storable(table[[field.column for field in fields] + [table.geometry.name]])
    wanted, truncated = _fitted(wanted, encoding, path_zip)
    wanted = wanted.rename(columns={field.column: field.short_name for field in fields})
    stem = path_zip.stem if path_zip.stem.isascii() else "layer"
    with atomic_write(path_zip) as temporary, tempfile.TemporaryDirectory() as folder:
        _write_parts(wanted, Path(folder) / f"{stem}.shp", encoding)
        _pack(Path(folder), temporary, fields)
        _compare(wanted, read_as_declared(temporary).table, path_zip)
    return WriteReport(path_zip, len(wanted), truncated)


def write_geopackage(
    table: gpd.GeoDataFrame, path: Path, layer_name: str, fields: Sequence[Field]
) -> WriteReport:
    """Write a GeoPackage of one layer, with the bilingual dictionary as table ``fields``.

    Parameters
    ----------
    table
        Records with geometry and a CRS; columns without a field stay behind.
    path
        The ``.gpkg`` to write; replaced as a whole or left as it was.
    layer_name
        Name of the layer, Thai or English.
    fields
        The fields in their order; names in the file are those of the columns.

    Raises
    ------
    Problem
        ``geo.nothing_to_export``, ``geo.crs_missing``, ``geo.mixed_geometry``,
        ``geo.export_differs`` if the file does not read back the same.
    """
    _check(table, fields, path)
    wanted = table[[field.column for field in fields] + [table.geometry.name]]
    wanted = wanted.reset_index(drop=True)
    with atomic_write(path) as temporary:
        pyogrio.write_dataframe(
            wanted,
            temporary,
            layer=layer_name,
            driver="GPKG",
            geometry_type=_geometry_type(wanted),
            promote_to_multi=_geometry_type(wanted).startswith("Multi"),
        )
        pyogrio.write_dataframe(_dictionary(fields), temporary, layer=DICTIONARY, driver="GPKG")
        _compare(wanted, read_as_declared(temporary, layer=layer_name).table, path)
    return WriteReport(path, len(wanted), _NOTHING_CUT.copy())


def _check(table: gpd.GeoDataFrame, fields: Sequence[Field], path: Path) -> None:
    short_names = [field.short_name.lower() for field in fields]
    if len(set(short_names)) < len(short_names):
        raise ValueError("two fields of an export have the same short name")
    missing = [field.column for field in fields if field.column not in table.columns]
    if missing:
        raise ValueError(f"the table lacks columns of the dictionary: {missing}")
    if table.empty:
        raise Problem("geo.nothing_to_export", file=path)
    if table.crs is None:
        raise Problem("geo.crs_missing", file=path)
    kinds = sorted(_kinds(table))
    if len(kinds) > 1 or "GeometryCollection" in kinds:
        raise Problem("geo.mixed_geometry", file=path, kinds=", ".join(kinds))


def _kinds(table: gpd.GeoDataFrame) -> set[str]:
    """Return the kinds of shapes, with Polygon and MultiPolygon as one."""
    return {kind.removeprefix("Multi") for kind in table.geometry.geom_type.dropna()}


def _geometry_type(table: gpd.GeoDataFrame) -> str:
    """Return the one geometry type to declare; points where no record has a place yet."""
    types = set(table.geometry.geom_type.dropna())
    if len(types) == 1:
        return str(types.pop())
    return f"Multi{_kinds(table).pop()}" if types else "Point"


def _storable(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the table in types that a DBF has: text, whole numbers, decimals."""
    columns = {
        name: _storable_column(table[name]) for name in table.columns.drop(table.geometry.name)
    }
    return gpd.GeoDataFrame(
        columns, geometry=table.geometry.to_list(), crs=table.crs, index=table.index
    ).reset_index(drop=True)


def _storable_column(values: pd.Series) -> pd.Series:
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.astype("Int32" if values.hasnans else "int32")
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        known = values.dropna()
        whole_days = (known == known.dt.normalize()).all()
        text = values.dt.strftime("%Y-%m-%d" if whole_days else "%Y-%m-%dT%H:%M:%S")
        return pd.Series(text.astype("object").where(values.notna(), None))
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values
    text = values.astype("object").map(lambda value: None if pd.isna(value) else str(value))
    return text.map(lambda value: value.rstrip() or None, na_action="ignore").astype("object")


def _fitted(
    table: gpd.GeoDataFrame, encoding: str, path: Path
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return the table with texts of 254 bytes at most, and which were cut."""
    fitted, cut = table.copy(), []
    for name in table.columns[table.dtypes == "object"]:
        texts = table[name].dropna()
        unfit = texts[~texts.map(lambda text: _encodable(text, encoding)).astype(bool)]
        if len(unfit):
            row = int(unfit.index[0]) + 1
            raise Problem(
                "geo.text_not_in_encoding", file=path, row=row, column=name, encoding=encoding
            )
        sizes = texts.map(lambda text: len(text.encode(encoding))).astype("int64")
        sizes = sizes[sizes > TEXT_BYTES]
        if sizes.empty:
            continue
        fitted[name] = table[name].map(lambda text: fit(text, encoding), na_action="ignore")
        cut.append(pd.DataFrame({"row": sizes.index + 1, "column": name, "bytes": sizes}))
    truncated = pd.concat(cut, ignore_index=True) if cut else _NOTHING_CUT.copy()
    return fitted, truncated


def _encodable(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _write_parts(table: gpd.GeoDataFrame, shp: Path, encoding: str) -> None:
    pyogrio.write_dataframe(
        table,
        shp,
        driver="ESRI Shapefile",
        encoding=encoding,
        geometry_type=_geometry_type(table),
    )
    # GDAL, QGIS and pyshp know "CP874"; "OEM 874" GDAL does not know, "874" pyshp does not.
    shp.with_suffix(".cpg").write_text(encoding.upper())
    if encoding == THAI:
        mark_thai(shp.with_suffix(".dbf"))


def _pack(folder: Path, path_zip: Path, fields: Sequence[Field]) -> None:
    with zipfile.ZipFile(path_zip, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(folder.iterdir()):
            archive.writestr(_member(part.name), part.read_bytes())
        text = io.StringIO()
        rows = _dictionary(fields)
        csv.writer(text).writerows([rows.columns.to_list(), *rows.to_numpy().tolist()])
        # Excel reads UTF-8 only with a byte order mark.
        archive.writestr(_member(f"{DICTIONARY}.csv"), text.getvalue().encode("utf-8-sig"))


def _member(name: str) -> zipfile.ZipInfo:
    """Return a zip entry without today's date, so that the same export has the same bytes."""
    member = zipfile.ZipInfo(name, _ZIP_DATE)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def _dictionary(fields: Sequence[Field]) -> pd.DataFrame:
    """Return the bilingual dictionary, one row a field."""
    names = ("short_name", "column", "th", "en", "unit")
    headers = [say(f"geo.dictionary.{name}") for name in names]
    rows = [[getattr(field, name) for name in names] for field in fields]
    return pd.DataFrame(rows, columns=headers)


def _compare(wanted: gpd.GeoDataFrame, found: gpd.GeoDataFrame, path: Path) -> None:
    difference = first_difference(wanted, found)
    if difference is not None:
        raise Problem(
            "geo.export_differs",
            file=path,
            row=difference.row,
            column=difference.column,
            found=difference.what,
        )
