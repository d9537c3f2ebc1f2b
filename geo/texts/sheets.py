"""Texts in the cells of a workbook: a name that begins with ``=`` is a name and no formula."""

from __future__ import annotations

from openpyxl.cell import Cell

from phaenthi.geo.texts.stray import without_stray

TEXT_FORMAT = "@"
"""Keeps a text a text, and the zeros of a code, also when somebody types in the cell."""


def storable(text: str) -> str:
    """Return a text without the characters that a workbook cannot hold."""
    return without_stray(text)[0]


def put_text(cell: Cell, text: str) -> None:
    """Put a text into a cell that is empty."""
    cell.value = storable(text)
    cell.data_type = "s"
    cell.number_format = TEXT_FORMAT
