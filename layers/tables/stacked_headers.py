"""Headers of workbooks that stand in several rows, with cells merged across and down."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import python_calamine

from phaenthi.layers.tables.table_file import (
    BEYOND,
    ROW,
    Row,
    TableFile,
    cell_text,
    plain_header,
    rows_without_stray,
    without_blank_rows,
)
from phaenthi.wording import Problem

SUFFIXES = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
JOINT = " / "
_ROWS_SEARCHED = 30
_MOST_ROWS = 4
_DATA = re.compile(r"^[\d๐-๙,.\-]+$|^บ้าน|^(?:รวม|ยอดรวม)")


def open_stacked(
    path: Path,
    sheet: str | None,
    known: Sequence[str],
    header_rows: tuple[int, int] | None = None,
) -> TableFile | None:
    """Read a workbook whose headers stand in several rows; None if they stand in one.

    A merged cell holds for every column or row that it covers. The header of a column is what
    stands above it from top to bottom, ``ด้านสุขภาพ / ผ่าน``; where the lowest part alone is a
    known header and no other column has it, that part alone.

    Parameters
    ----------
    path, sheet
        The workbook; the sheet with most known headers unless given.
    known
        Headers that are known.
    header_rows
        First and last row of the headers, if a person has said so.
    """
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        return None
    wanted = {plain_header(name) for name in known}
    try:
        book = python_calamine.load_workbook(path)
        names = list(book.sheet_names)
        if sheet is not None and sheet not in names:
            return None  # the reader of plain tables says so
        sheets = {
            name: [
                [cell_text(cell) for cell in row]
                for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            ]
            for name in ([sheet] if sheet else names)
        }
        chosen = max(sheets, key=lambda name: _score(sheets[name], wanted))
        merged = book.get_sheet_by_name(chosen).merged_cell_ranges or []
    except (python_calamine.CalamineError, OSError):
        return None  # the reader of plain tables says so
    rows, stray = rows_without_stray(sheets[chosen])
    first, last = header_rows or _find_rows(rows, wanted, merged)
    if last <= first:
        return None
    filled = _fill(rows, merged, last)
    headers = _join(filled[first - 1 : last], wanted)
    _refuse_twice(headers, path, chosen, first)
    below = rows[last:]
    columns = {name: [row[number] for row in below] for number, name in enumerate(headers)}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(headers, pl.String())).with_row_index(
        ROW, offset=last + 1
    )
    others = tuple(name for name in names if name != chosen)
    told = without_blank_rows(frame.lazy())
    return TableFile(told, path, chosen, None, last, others, stray=stray)


def _score(rows: list[Row], wanted: set[str]) -> int:
    cells = {plain_header(cell) for row in rows[:_ROWS_SEARCHED] for cell in row if cell}
    return len(cells & wanted)


def _find_rows(
    rows: list[Row],
    wanted: set[str],
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]],
) -> tuple[int, int]:
    """Return the first and last header row, counted from 1; equal where there is one.

    The first is the one with most known headers, or one above it that a merged cell ties to
    it; the block goes on for as long as rows are tied so and hold no data.
    """
    hits = [
        sum(plain_header(cell) in wanted for cell in row if cell) for row in rows[:_ROWS_SEARCHED]
    ]
    if not any(hits):
        return (1, 1)
    first = last = hits.index(max(hits))
    reaching = [(top, bottom) for (top, left), (bottom, right) in merged]
    across = {top for (top, left), (bottom, right) in merged if right > left and top == bottom}
    for top, bottom in reaching:
        if top <= first <= bottom and bottom > top:
            first, last = min(first, top), max(last, bottom)
    # A cell merged across columns has its parts in the row below it.
    while first > 0 and first - 1 in across and sum(bool(c) for c in rows[first - 1]) > 1:
        first -= 1
    while last in across and last + 1 < len(rows) and not _is_data(rows[last + 1]):
        last += 1
    return (first + 1, min(last, first + _MOST_ROWS - 1) + 1)


def _is_data(row: Row) -> bool:
    return any(cell and _DATA.match(cell) for cell in row)


def _fill(
    rows: list[Row],
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]],
    last: int,
) -> list[Row]:
    filled = [list(row) for row in rows[:last]]
    for (top, left), (bottom, right) in merged:
        for row in range(top, min(bottom + 1, last)):
            for column in range(left, min(right + 1, len(filled[row]))):
                filled[row][column] = rows[top][left]
    return filled


def _join(rows: list[Row], wanted: set[str]) -> list[str]:
    headers = []
    lowest = []
    for number, cells in enumerate(zip(*rows, strict=True), 1):
        parts = list(dict.fromkeys(cell for cell in cells if cell))
        headers.append(JOINT.join(parts) if parts else f"{BEYOND}{number}")
        lowest.append(parts[-1] if parts else "")
    return [
        low if plain_header(low) in wanted and lowest.count(low) == 1 else header
        for header, low in zip(headers, lowest, strict=True)
    ]


def _refuse_twice(headers: list[str], path: Path, sheet: str, row: int) -> None:
    for name in headers:
        if headers.count(name) > 1 or name == ROW:
            raise Problem("layers.header_twice", file=path, sheet=sheet, row=row, found=name)
