"""Comparing records with what a file of them reads back as."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from phaenthi.geo.vectors.records import Records, Shapes

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


def first_difference(
    wanted: Records, found: Records, *, decimals: int | None = None
) -> Difference | None:
    """Return the first difference between what was to be written and what was read back.

    Compared are the names and order of the columns, the number of records, the CRS, of every
    geometry its bounds, number of coordinates, length and area, and every value: texts to the
    letter, numbers to 12 digits, missing as missing.

    Parameters
    ----------
    wanted, found
        Columns may differ in type.
    decimals
        Decimals of numbers that the format keeps, where that is fewer than 12 digits.
    """
    if wanted.names != found.names:
        return Difference(f"names: {wanted.names} / {found.names}")
    if len(wanted.shapes) != len(found.shapes):
        return Difference(f"rows: {len(wanted.shapes)} / {len(found.shapes)}")
    if wanted.crs is None or not wanted.crs.equals(found.crs, ignore_axis_order=True):
        return Difference(f"crs: {wanted.crs} / {found.crs}")
    moved = _shapes_differ(wanted.shapes, found.shapes)
    if moved.any():
        return Difference("geometry", row=int(moved.argmax()) + 1)
    for name in wanted.names:
        pair = wanted.columns.column(name), found.columns.column(name)
        changed = _values_differ(*pair, decimals)
        if changed.any():
            row = int(changed.argmax())
            # The values stay out of the message: they may be somebody's income.
            return Difference("values", row=row + 1, column=name)
    return None


def _shapes_differ(wanted: Shapes, found: Shapes) -> _Mask:
    # An empty shape and none are the same to most formats.
    gone = [shapely.is_missing(shapes) | shapely.is_empty(shapes) for shapes in (wanted, found)]
    changed = shapely.get_num_coordinates(wanted) != shapely.get_num_coordinates(found)
    measures = [
        np.column_stack([shapely.bounds(shapes), shapely.length(shapes), shapely.area(shapes)])
        for shapes in (wanted, found)
    ]
    # A ring that begins elsewhere adds its area up in another order.
    close = np.isclose(measures[0][:, :4], measures[1][:, :4], rtol=1e-12, atol=0, equal_nan=True)
    sizes = np.isclose(measures[0][:, 4:], measures[1][:, 4:], rtol=1e-6, atol=1e-9, equal_nan=True)
    return _unless_missing(gone, changed | ~close.all(axis=1) | ~sizes.all(axis=1))


def _values_differ(wanted: pa.ChunkedArray, found: pa.ChunkedArray, decimals: int | None) -> _Mask:
    gone = [values.is_null().to_numpy() for values in (wanted, found)]
    if gone[1].all() or gone[0].all():
        return np.asarray(gone[0] != gone[1], dtype=bool)
    if _is_number(wanted) and _is_number(found):
        if pa.types.is_integer(wanted.type) and pa.types.is_integer(found.type):
            return _unless_missing(gone, _unlike(wanted.cast(pa.int64()), found.cast(pa.int64())))
        numbers = [
            values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
            for values in (wanted, found)
        ]
        least = 0.0 if decimals is None else 10.0**-decimals
        close = np.isclose(numbers[0], numbers[1], rtol=1e-12, atol=least, equal_nan=True)
        return _unless_missing(gone, ~close)
    if pa.types.is_timestamp(wanted.type) and pa.types.is_string(found.type):
        try:
            found = found.cast(pa.timestamp("ms"))
        except pa.ArrowInvalid:
            return np.ones(len(found), dtype=bool)
    return _unless_missing(gone, _unlike(_as_text(wanted), _as_text(found)))


def _unlike(wanted: pa.ChunkedArray, found: pa.ChunkedArray) -> _Mask:
    unlike = pc.fill_null(pc.not_equal(wanted, found), fill_value=True)
    return np.asarray(unlike.to_numpy(), dtype=bool)


def _unless_missing(gone: list[_Mask], changed: _Mask) -> _Mask:
    """Return what changed where both have something, else where only one has."""
    return np.asarray(np.where(gone[0] | gone[1], gone[0] != gone[1], changed), dtype=bool)


def _is_number(values: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_integer(values.type) or pa.types.is_floating(values.type))


def _as_text(values: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_timestamp(values.type):
        plain = values.cast(pa.timestamp("ms"), safe=False)
        return pc.strftime(plain, format="%Y-%m-%dT%H:%M:%S")
    return values.cast(pa.string())
