"""Tables as offices keep them, CSV or workbook: all cells as text, rows by the number one sees."""

from __future__ import annotations

import csv
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path

import polars as pl
import polars.selectors as cs
import python_calamine

from phaenthi.geo.texts.stray import PARTING, STRAY, has_stray, without_stray
from phaenthi.layers.tables.encoding import find_encoding, rewrite_as_utf8
from phaenthi.wording import Problem

ROW = "row number"
"""Column of ``TableFile.frame`` with the row number that the user sees in the file."""
BEYOND = "beyond the headers "
"""Beginning of the names of the columns that hold cells to the right of the last header."""

_SPARE_COLUMNS = 8
_ROWS_SEARCHED_FOR_HEADERS = 30
_WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
_TEXTS = {".csv", ".txt", ".tsv"}
TABLE_SUFFIXES = _WORKBOOKS | _TEXTS | {".parquet"}

Row = list[str | None]


@dataclass(frozen=True)
class TableFile:
    """A table of a file, all cells as text.

    Parameters
    ----------
    frame
        Lazy table of the columns of the file as text (null where a cell is empty) and ``row``,
        the row number in the file; rows without any value are left out. It can be read only
        inside the ``open_table`` block that gave it.
    path, sheet
        Where it comes from; ``sheet`` is None where the file has no sheets.
    encoding
        Encoding of a CSV file, else None.
    header_row
        Row number of the headers; 0 where the format keeps names apart from rows.
    other_sheets
        Sheets of the workbook that were not read.
    raw
        The same table as the file has it, where the file can be read lazily: cells with spaces
        and of the file's own types, blank rows included.
    typed
        Gives ``raw`` of a CSV file with some columns read as other types than text, and cells
        beyond the headers as Boolean; to collect it fails where a cell is not of its type.
    stray
        How many characters that no text means (see ``phaenthi.geo.texts.stray``) were left out.
    """

    frame: pl.LazyFrame
    path: Path
    sheet: str | None
    encoding: str | None
    header_row: int
    other_sheets: tuple[str, ...] = ()
    raw: pl.LazyFrame | None = None
    typed: Callable[[Mapping[str, pl.DataType]], pl.LazyFrame] | None = None
    stray: int = 0

    @property
    def headers(self) -> tuple[str, ...]:
        """Headers in the order of the file, without the nameless columns."""
        names = self.frame.collect_schema().names()
        return tuple(name for name in names if name != ROW and not name.startswith(BEYOND))


def plain_header(text: str) -> str:
    """Return a header as it is compared: no brackets, spaces, signs or capitals, sara am whole."""
    composed = unicodedata.normalize("NFC", text.replace("\u0e4d\u0e32", "\u0e33"))
    unbracketed = re.sub(r"[(\[][^)\]]*[)\]]", "", composed)
    return re.sub(r"[^\w\u0e00-\u0e7f]|_", "", unbracketed).casefold()


def read_table(
    path: str | Path, sheet: str | None = None, *, known: Collection[str] = ()
) -> TableFile:
    """Read a table into memory; see ``open_table`` for the parameters and problems."""
    with open_table(path, sheet, known=known) as table:
        frame = table.frame.collect().lazy()
    return replace(table, frame=frame, raw=None, typed=None)


@contextmanager
def open_table(
    path: str | Path, sheet: str | None = None, *, known: Collection[str] = ()
) -> Iterator[TableFile]:
    """Open a table without reading it as a whole, so that a large CSV file stays on the disk.

    Parameters
    ----------
    path
        CSV (UTF-8 with or without byte order mark, UTF-16, cp874; comma, semicolon, tab or
        bar), workbook (.xlsx, .xlsm, .xls, .xlsb, .ods) or Parquet.
    sheet
        Sheet of a workbook; the one with most known headers unless given.
    known
        Headers to look for. The header row is the one among the first 30 with most of them,
        or without any, the first with two or more cells filled.

    Raises
    ------
    Problem
        ``geo.file_missing``, ``layers.file_kind_unknown``, ``layers.encoding_unknown``,
        ``layers.workbook_unreadable``, ``layers.parquet_unreadable``,
        ``layers.sheet_missing``, ``layers.table_empty``, ``layers.header_twice``.
    """
    path = Path(path)
    if not path.is_file():
        raise Problem("geo.file_missing", file=path)
    wanted = {plain_header(name) for name in known}
    suffix = path.suffix.lower()
    if suffix in _WORKBOOKS:
        yield _read_workbook(path, sheet, wanted)
    elif suffix in _TEXTS:
        with tempfile.TemporaryDirectory(prefix="phaenthi-") as folder:
            yield _open_text(path, wanted, Path(folder))
    elif suffix == ".parquet":
        yield _open_parquet(path)
    else:
        raise Problem("layers.file_kind_unknown", file=path, found=suffix)


def _open_text(path: Path, wanted: set[str], folder: Path) -> TableFile:
    encoding, holds_stray = find_encoding(path)
    utf8, stray = path, 0
    if encoding != "utf-8" or holds_stray:
        utf8, stray = rewrite_as_utf8(path, encoding, folder)
    with utf8.open(encoding="utf-8-sig", newline="") as file:
        separator = _find_separator(list(islice(file, _ROWS_SEARCHED_FOR_HEADERS)))
        file.seek(0)
        reader = csv.reader(file, delimiter=separator)
        rows: list[Row] = []
        lines_before = [0]
        for cells in islice(reader, _ROWS_SEARCHED_FOR_HEADERS):
            rows.append([cell.strip() or None for cell in cells])
            lines_before.append(reader.line_num)
    place = _find_header(rows, wanted)
    if place is None:
        raise Problem("layers.table_empty", file=path)
    names = _column_names(rows[place], path, None, place + 1)
    spare = [f"{BEYOND}{number}" for number in range(len(names) + 1, len(names) + _SPARE_COLUMNS)]

    def scan(kinds: Mapping[str, pl.DataType]) -> pl.LazyFrame:
        return pl.scan_csv(
            utf8,
            separator=separator,
            has_header=False,
            skip_lines=lines_before[place + 1],
            schema={**dict.fromkeys([*names, *spare], pl.String()), **kinds},
            # Only as many columns as the first record has are there for certain.
            missing_columns="insert",
            row_index_name=ROW,
            row_index_offset=place + 2,
        )

    frame = scan({})
    return TableFile(
        without_blank_rows(frame),
        path,
        None,
        encoding,
        place + 1,
        raw=frame,
        typed=lambda kinds: scan({**dict.fromkeys(spare, pl.Boolean()), **kinds}),
        stray=stray,
    )


def _find_separator(lines: list[str]) -> str:
    """Return the separator that splits most lines; a title line has none and does not count."""
    counts = {mark: sum(line.count(mark) for line in lines) for mark in ("\t", ";", ",", "|")}
    best = max(counts, key=lambda mark: (_lines_with(lines, mark), counts[mark]))
    return best if counts[best] else ","


def _lines_with(lines: list[str], mark: str) -> int:
    return sum(mark in line for line in lines)


def _read_workbook(path: Path, sheet: str | None, wanted: set[str]) -> TableFile:
    try:
        book = python_calamine.load_workbook(path)
        names = list(book.sheet_names)
        if sheet is not None and sheet not in names:
            raise Problem("layers.sheet_missing", file=path, found=sheet, sheets=", ".join(names))
        read = {
            name: [
                [cell_text(cell) for cell in row]
                for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            ]
            for name in ([sheet] if sheet else names)
        }
    except (python_calamine.CalamineError, zipfile.BadZipFile, OSError) as error:
        raise Problem("layers.workbook_unreadable", file=path) from error
    chosen = max(read, key=lambda name: _known_headers(read[name], wanted))
    rows, stray = rows_without_stray(read[chosen])
    place = _find_header(rows[:_ROWS_SEARCHED_FOR_HEADERS], wanted)
    if place is None:
        raise Problem("layers.table_empty", file=path, sheet=chosen)
    headers = _column_names(rows[place], path, chosen, place + 1)
    below = rows[place + 1 :]
    columns = {name: [row[number] for row in below] for number, name in enumerate(headers)}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(headers, pl.String())).with_row_index(
        ROW, offset=place + 2
    )
    others = tuple(name for name in names if name != chosen)
    told = without_blank_rows(frame.lazy())
    return TableFile(told, path, chosen, None, place + 1, others, stray=stray)


def rows_without_stray(rows: list[Row]) -> tuple[list[Row], int]:
    """Return the cells of a sheet without characters that none means, and how many there were."""
    stray = 0

    def tidied(cell: str | None) -> str | None:
        nonlocal stray
        if cell is None or not has_stray(cell):
            return cell
        text, count = without_stray(cell)
        stray += count
        return text.strip() or None

    return [[tidied(cell) for cell in row] for row in rows], stray


def cell_text(cell: object) -> str | None:
    """Return a cell as a person would type it: 46010203 and not 46010203.0."""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return str(cell).strip() or None


def _open_parquet(path: Path) -> TableFile:
    try:
        frame = pl.scan_parquet(path)
        frame.collect_schema()
    except (pl.exceptions.ComputeError, OSError) as error:
        raise Problem("layers.parquet_unreadable", file=path) from error
    frame, stray = _without_stray(frame)
    raw = frame.with_row_index(ROW, offset=1)
    return TableFile(tidy(raw), path, None, None, 0, raw=raw, stray=stray)


def _without_stray(frame: pl.LazyFrame) -> tuple[pl.LazyFrame, int]:
    """Return a table without characters that none means, and how many its cells held."""
    schema = frame.collect_schema()
    frame = frame.rename({name: without_stray(name)[0] for name in schema if has_stray(name)})
    texts = cs.by_name(*(without_stray(n)[0] for n, kind in schema.items() if kind == pl.String))
    counts = frame.select(texts.str.count_matches(STRAY).sum()).collect(engine="streaming")
    stray = sum(int(count or 0) for count in counts.row(0)) if counts.width else 0
    if not stray:
        return frame, 0
    bare = texts.str.replace_all(PARTING, " ").str.replace_all(STRAY, "")
    return frame.with_columns(bare), stray


def tidy(raw: pl.LazyFrame) -> pl.LazyFrame:
    """Return the rows that have any value, as text; ``raw`` as in ``TableFile.raw``."""
    texts = [
        pl.col(name).cast(pl.Int8).cast(pl.String) if kind == pl.Boolean() else _as_text(name)
        for name, kind in raw.collect_schema().items()
        if name != ROW
        and (kind.is_numeric() or kind.is_temporal() or kind in (pl.String(), pl.Boolean()))
    ]
    return without_blank_rows(raw.select(ROW, *texts))


def _as_text(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String)


def _find_header(rows: list[Row], wanted: set[str]) -> int | None:
    """Return the place of the header row among the rows, counted from 0."""
    hits = [_known_cells(row, wanted) for row in rows]
    if any(hits):
        return hits.index(max(hits))
    filled = [sum(cell is not None for cell in row) for row in rows]
    # A table of one column has no row with two cells.
    for enough in (2, 1):
        for place, count in enumerate(filled):
            if count >= enough:
                return place
    return None


def _known_headers(rows: list[Row], wanted: set[str]) -> int:
    return max((_known_cells(row, wanted) for row in rows[:_ROWS_SEARCHED_FOR_HEADERS]), default=0)


def _known_cells(row: Row, wanted: set[str]) -> int:
    return sum(plain_header(cell) in wanted for cell in row if cell)


def _column_names(cells: Row, path: Path, sheet: str | None, row: int) -> list[str]:
    names = [cell or f"{BEYOND}{number}" for number, cell in enumerate(cells, 1)]
    for name in names:
        if names.count(name) > 1 or name == ROW:
            raise Problem("layers.header_twice", file=path, sheet=sheet, row=row, found=name)
    return names


def without_blank_rows(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Return the rows that have any value, with nothing before or after the text of a cell."""
    cells = [name for name in frame.collect_schema().names() if name != ROW]
    # ``replace`` would say the same, but gathers the whole table in memory.
    bare = {name: pl.col(name).str.strip_chars() for name in cells}
    tidy = [pl.when(text != "").then(text).alias(name) for name, text in bare.items()]
    filled = pl.any_horizontal(pl.col(name).is_not_null() for name in cells)
    return frame.with_columns(tidy).filter(filled)
