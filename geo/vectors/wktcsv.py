"""CSV whose shapes are well-known text, with the side files that tell GDAL its types and CRS."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyproj
import shapely

from phaenthi.geo.texts.csv import as_meant, as_text
from phaenthi.geo.vectors.formats import UTF_8
from phaenthi.geo.vectors.records import Records

WKT = "WKT"
"""Name of the column of shapes, by which GDAL knows it."""
_TYPES = (
    (pa.types.is_boolean, "Integer(Boolean)"),
    (pa.types.is_integer, "Integer64"),
    (pa.types.is_floating, "Real"),
)


def write_csv(records: Records, path: Path, encoding: str) -> None:
    """Write records as CSV, the shapes last; a missing value is empty.

    Excel reads UTF-8 only with a byte order mark.
    """
    shapes = shapely.to_wkt(records.shapes, rounding_precision=-1)
    columns = [_told(values) for values in records.columns.columns]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*map(as_text, records.names), _shape_name(records.names)])
    writer.writerows(zip(*columns, shapes.tolist(), strict=True))
    path.write_bytes(text.getvalue().encode("utf-8-sig" if encoding == UTF_8 else encoding))


def _told(values: pa.ChunkedArray) -> list[object]:
    """Return the cells of a column; no spreadsheet runs its texts."""
    return [as_text(one) if isinstance(one, str) else one for one in values.to_pylist()]


def reopen_csv(path: Path, crs: pyproj.CRS, encoding: str) -> Records:
    """Read a CSV as text; what coordinate system its shapes are in stands beside it."""
    text = path.read_bytes().decode("utf-8-sig" if encoding == UTF_8 else encoding)
    heads, *rows = csv.reader(io.StringIO(text, newline=""))
    columns = list(zip(*rows, strict=True)) or [()] * len(heads)
    arrays = {
        as_meant(name): pa.array([as_meant(value) or None for value in values], type=pa.string())
        for name, values in zip(heads[:-1], columns[:-1], strict=True)
    }
    told = np.array([value or None for value in columns[-1]], dtype=object)
    table = pa.table(arrays) if arrays else pa.table({"": pa.nulls(len(told))}).select([])
    return Records(table, shapely.from_wkt(told), crs)


def types_beside(columns: pa.Table) -> str:
    """Return the ``.csvt``: by it GDAL and QGIS keep the zeros before a code."""
    kinds = []
    for values in columns.columns:
        names = [name for is_so, name in _TYPES if is_so(values.type)]
        kinds.append(names[0] if names else "String")
    return ",".join(f'"{kind}"' for kind in [*kinds, WKT])


def _shape_name(names: list[str]) -> str:
    name = WKT
    while name.casefold() in {one.casefold() for one in names}:
        name += "_"
    return name
