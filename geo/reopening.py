"""Comparing a table with what a file of it reads back as."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Difference:
    """The first thing that differs.

    Attributes
    ----------
    what
        ``names``, ``rows``, ``crs``, ``geometry`` or ``values``, with the two readings.
    row, column
        Record number from 1 and column, where it is one cell.
    """

    what: str
    row: int | None = None
    column: str | None = None


def first_difference(wanted: gpd.GeoDataFrame, found: gpd.GeoDataFrame) -> Difference | None:
    """Return the first difference between what was to be written and what was read back.

    Compared are the names and order of the columns, the number of records, the CRS, of every
    geometry its bounds and number of coordinates, and every value: texts to the letter,
    numbers to 12 digits, missing as missing.

    Parameters
    ----------
    wanted, found
        Tables with index 0, 1, 2 …; columns may differ in dtype.
    """
    names = [list(table.columns.drop(table.geometry.name)) for table in (wanted, found)]
    if names[0] != names[1]:
        return Difference(f"names: {names[0]} / {names[1]}")
    if len(wanted) != len(found):
        return Difference(f"rows: {len(wanted)} / {len(found)}")
    if found.crs is None or not wanted.crs.equals(found.crs, ignore_axis_order=True):
        return Difference(f"crs: {wanted.crs} / {found.crs}")
    moved = _geometries_differ(wanted.geometry.to_numpy(), found.geometry.to_numpy())
    if moved.any():
        return Difference("geometry", row=int(moved.argmax()) + 1)
    for name in names[0]:
        changed = _values_differ(wanted[name], found[name])
        if changed.any():
            row = int(changed.argmax())
            # The values stay out of the message: they may be somebody's income.
            return Difference("values", row=row + 1, column=name)
    return None


def _geometries_differ(wanted: npt.NDArray[np.object_], found: npt.NDArray[np.object_]) -> _Mask:
    # An empty shape and none are the same to most formats.
    gone = [shapely.is_missing(shapes) | shapely.is_empty(shapes) for shapes in (wanted, found)]
    counts = [shapely.get_num_coordinates(shapes) for shapes in (wanted, found)]
    bounds = [shapely.bounds(shapes) for shapes in (wanted, found)]
    moved = ~np.isclose(bounds[0], bounds[1], rtol=1e-12, atol=0, equal_nan=True).all(axis=1)
    changed = moved | (counts[0] != counts[1])
    return _unless_missing(gone, changed)


def _values_differ(wanted: pd.Series, found: pd.Series) -> _Mask:
    gone = [values.isna().to_numpy() for values in (wanted, found)]
    if _is_number(wanted) and (_is_number(found) or gone[1].all()):
        numbers = [values.to_numpy("float64", na_value=np.nan) for values in (wanted, found)]
        close = np.isclose(numbers[0], numbers[1], rtol=1e-12, atol=0, equal_nan=True)
        return _unless_missing(gone, ~close)
    texts = [_as_text(values) for values in (wanted, found)]
    return _unless_missing(gone, texts[0] != texts[1])


def _unless_missing(gone: list[_Mask], changed: _Mask) -> _Mask:
    """Return what changed where both have something, else where only one has."""
    return np.asarray(np.where(gone[0] | gone[1], gone[0] != gone[1], changed), dtype=bool)


def _is_number(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values.dtype)


def _as_text(values: pd.Series) -> npt.NDArray[np.object_]:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        values = values.dt.strftime("%Y-%m-%dT%H:%M:%S.%f")
    text = values.astype("object").where(values.notna(), "")
    return np.array([str(value) for value in text], dtype=object)
