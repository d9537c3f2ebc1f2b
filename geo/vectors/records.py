"""The records of a vector file as Arrow columns beside their shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyproj

Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Records:
    """The records of a layer.

    Attributes
    ----------
    columns
        Text, whole numbers, decimals, yes/no, days and moments; missing is null.
    shapes
        A shapely geometry or ``None`` for each record.
    crs
        The coordinate system, ``None`` where a file tells none.
    """

    columns: pa.Table
    shapes: Shapes
    crs: pyproj.CRS | None

    @property
    def names(self) -> list[str]:
        """The names of the columns in order."""
        return [str(name) for name in self.columns.column_names]

    def take(self, rows: npt.NDArray[np.int64]) -> Records:
        """Return some of the records, in the order given."""
        return Records(self.columns.take(pa.array(rows)), self.shapes[rows], self.crs)


def records_of(table: gpd.GeoDataFrame, columns: Sequence[str] | None = None) -> Records:
    """Return a table's records; columns are all but the geometry unless they are named.

    Raises
    ------
    UnicodeEncodeError
        If a text holds half a surrogate pair, which no encoding can.
    """
    names = table.columns.drop(table.geometry.name) if columns is None else columns
    arrays = {str(name): arrow_column(table[name]) for name in names}
    rows = pa.table(arrays) if arrays else pa.table({"": pa.nulls(len(table))}).select([])
    return Records(rows, table.geometry.to_numpy(), table.crs)


def arrow_column(values: pd.Series) -> pa.Array:
    """Return a column in one of six types: text, int64, float64, bool, date32, timestamp[ms].

    What is neither a number, a truth value nor a time becomes text; not-a-number is missing.
    """
    kind = values.dtype
    if pd.api.types.is_bool_dtype(kind):
        return _whole(pa.array(values, type=pa.bool_(), from_pandas=True))
    if pd.api.types.is_datetime64_any_dtype(kind):
        return _times(values)
    if pd.api.types.is_integer_dtype(kind):
        return _whole(pa.array(values, type=pa.int64(), from_pandas=True))
    if pd.api.types.is_numeric_dtype(kind):
        return _whole(pa.array(values, type=pa.float64(), from_pandas=True))
    return _other(values)


def _times(values: pd.Series) -> pa.Array:
    plain = values.dt.tz_localize(None)
    known = plain.dropna()
    whole_days = bool((known == known.dt.normalize()).all())
    moments = _whole(pa.array(plain.astype("datetime64[ms]"), from_pandas=True))
    return moments.cast(pa.date32() if whole_days else pa.timestamp("ms"))


def _other(values: pd.Series) -> pa.Array:
    """Return a column of no number type by what its values are: all alike, or text."""
    try:
        found = _whole(pa.array(values, from_pandas=True))
    except (pa.ArrowTypeError, pa.ArrowInvalid):  # numbers or dates among the texts
        return _as_texts(values)
    for kind in (pa.bool_(), pa.int64(), pa.float64()):
        if found.type == kind:
            return found
    if pa.types.is_null(found.type) or pa.types.is_large_string(found.type):
        return found.cast(pa.string())
    return found if pa.types.is_string(found.type) else _as_texts(values)


def _as_texts(values: pd.Series) -> pa.Array:
    told = [None if pd.isna(value) else str(value) for value in values.astype("object")]
    return pa.array(told, type=pa.string())


def _whole(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
