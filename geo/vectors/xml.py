"""Small pieces of XML that keep every letter of a text, line ends included."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

# A bare carriage return is read back as a line feed; tabs and line feeds stay in text.
_IN_TEXT = {"\r": "&#13;"}
_IN_ATTRIBUTE = {**_IN_TEXT, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}


def text(value: str) -> str:
    """Return a text for between two tags."""
    return escape(value, _IN_TEXT)


def elements(columns: pa.Table, tags: Sequence[tuple[str, str]]) -> list[str]:
    """Return for each row its values between their tags; a missing value has no element.

    Parameters
    ----------
    columns
        Text.
    tags
        Begin and end of the element of each column.
    """
    cells = []
    for values, (begin, end) in zip(columns.columns, tags, strict=True):
        told = values.cast(pa.large_string())
        for letter, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;")):
            told = pc.replace_substring(told, letter, name)
        cells.append(pc.binary_join_element_wise(_large(begin), told, _large(end), _large("")))
    if not cells:
        return [""] * columns.num_rows
    rows = pc.binary_join_element_wise(*cells, _large(""), null_handling="replace")
    return [str(row) for row in rows.to_pylist()]


def _large(value: str) -> pa.Scalar:
    return pa.scalar(value, pa.large_string())


def attribute(value: str) -> str:
    """Return a text for between the quotes of an attribute."""
    return escape(value, _IN_ATTRIBUTE)


def places(shape: shapely.Geometry) -> Sequence[tuple[str, str]]:
    """Return longitude and latitude of every point of a shape, to the last digit they have."""
    return [(_digits(x), _digits(y)) for x, y in shapely.get_coordinates(shape).tolist()]


def _digits(value: float) -> str:
    """Return a number without an exponent, which xs:decimal does not know."""
    short = repr(value)
    return np.format_float_positional(value) if "e" in short else short
