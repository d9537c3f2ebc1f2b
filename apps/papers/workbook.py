"""Workbooks ready to print: one table a sheet, text kept as text, read back and compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook
from rich.cells import cell_len

from phaenthi.apps.papers.digits import thai_digits as in_thai_digits
from phaenthi.apps.papers.same_bytes import settle
from phaenthi.geo.files import atomic_write
from phaenthi.geo.texts.sheets import put_text, storable
from phaenthi.wording import Language, Problem, say
from phaenthi.wording.digits import THAI_DIGITS

# The face that Thai offices write letters in; a machine without it shows its own.
FACE = "TH Sarabun New"
SIZE = 16
WIDEST = 75
# A column's unit is a digit at 11 points; letters at 16 points are that much wider.
WIDTH_OF_A_LETTER = 1.55
NARROWEST_HEAD, HEAD_LINES = 12.0, 3
LINE_HEIGHT, TALLEST = 27.0, 409.0
THIN = Side(style="thin", color="9AA9AF")
BOX = Border(THIN, THIN, THIN, THIN)
HEAD_FILL = PatternFill("solid", fgColor="DDE9EC")
WARNING_COLOUR = "B45309"
NUMBER = "#,##0"
# D is the shape of Thai digits in a cell's format; the value stays a number.
THAI_NUMBER = "[$-D00041E]#,##0"
Value = str | int | None


@dataclass(frozen=True)
class Sheet:
    """One sheet: sentences above, then a table with one line of headings.

    Attributes
    ----------
    title
        Name of the sheet, at most 31 characters.
    heading
        First line.
    warnings
        Lines that must not be overlooked; they follow the heading.
    sentences
        Further lines above the table.
    heads
        Headings of the columns.
    rows
        Values; text stays text (codes keep their zeros), ``None`` is an empty cell.
    """

    title: str
    heading: str
    warnings: Sequence[str]
    sentences: Sequence[str]
    heads: Sequence[str]
    rows: Sequence[Sequence[Value]]

    @property
    def head_row(self) -> int:
        """Number of the row with the headings, from 1."""
        return 1 + len(self.warnings) + len(self.sentences) + 1


def write_workbook(
    sheets: Sequence[Sheet],
    path: Path,
    title: str,
    language: Language,
    *,
    thai_digits: bool = False,
    page_head: str = "",
    made_on: date | None = None,
) -> None:
    """Write sheets into a workbook, read it back and put it in its place.

    Parameters
    ----------
    thai_digits
        Whether digits show as Thai ones; numbers stay numbers that Excel adds up.
    page_head
        A line at the head of every printed page.
    made_on
        The day that the file bears; with it the same sheets give the same bytes.

    Raises
    ------
    Problem
        ``geo.export_differs`` with sheet, row and column if a cell does not read back the same.
    """
    workbook = Workbook()
    workbook.remove(workbook.active)
    workbook.properties.title = title
    workbook.properties.creator = say("app.name", language)
    if thai_digits:
        sheets = [_in_thai_digits(sheet) for sheet in sheets]
    number_form = THAI_NUMBER if thai_digits else NUMBER
    for sheet in sheets:
        page = workbook.create_sheet(sheet.title)
        _lay_out(page, sheet, number_form)
        _set_print(page, sheet, page_head, language)
    with atomic_write(path) as temporary:
        workbook.save(temporary)
        if made_on is not None:
            settle(temporary, made_on)
        _compare(sheets, temporary, path)


def _in_thai_digits(sheet: Sheet) -> Sheet:
    """Return a sheet whose texts have Thai digits; its numbers are left to the cells' format."""
    return replace(
        sheet,
        heading=in_thai_digits(sheet.heading),
        warnings=[in_thai_digits(line) for line in sheet.warnings],
        sentences=[in_thai_digits(line) for line in sheet.sentences],
        heads=[in_thai_digits(head) for head in sheet.heads],
        rows=[
            [in_thai_digits(value) if isinstance(value, str) else value for value in row]
            for row in sheet.rows
        ],
    )


def _lay_out(page: Worksheet, sheet: Sheet, number_form: str) -> None:
    lines = [
        (sheet.heading, Font(name=FACE, size=SIZE + 4, bold=True)),
        *(
            (line, Font(name=FACE, size=SIZE, bold=True, color=WARNING_COLOUR))
            for line in sheet.warnings
        ),
        *((line, Font(name=FACE, size=SIZE)) for line in sheet.sentences),
    ]
    for number, (sentence, font) in enumerate(lines, 1):
        _write(page, number, 1, sentence).font = font
    for column, head in enumerate(sheet.heads, 1):
        cell = _write(page, sheet.head_row, column, head)
        cell.font = Font(name=FACE, size=SIZE, bold=True)
        cell.fill = HEAD_FILL
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = BOX
    font, alignment = Font(name=FACE, size=SIZE), Alignment(vertical="top", wrap_text=True)
    for number, row in enumerate(sheet.rows, sheet.head_row + 1):
        for column, value in enumerate(row, 1):
            cell = _write(page, number, column, value, number_form)
            cell.font, cell.alignment, cell.border = font, alignment, BOX
    _set_widths(page, sheet)


def _write(page: Worksheet, row: int, column: int, value: Value, number_form: str = NUMBER) -> Cell:
    cell = page.cell(row, column)
    if isinstance(value, str):
        put_text(cell, value)
    elif value is not None:
        cell.value = value
        cell.number_format = number_form
    return cell


def _set_widths(page: Worksheet, sheet: Sheet) -> None:
    """Set widths by what the columns hold, and heights so that no program cuts a line off."""
    heads, rows = sheet.heads, sheet.rows
    widths = []
    for column, head in enumerate(heads):
        body = max((_width(row[column]) for row in rows), default=0)
        # A long heading takes several lines rather than a wide column.
        width = max(body, min(_width(head), max(NARROWEST_HEAD, _width(head) / HEAD_LINES)))
        widths.append(min(width + 2, WIDEST))
        page.column_dimensions[get_column_letter(column + 1)].width = widths[-1]
    for number, row in enumerate([heads, *rows], sheet.head_row):
        lines = max(ceil(_width(v) / (w - 1)) for v, w in zip(row, widths, strict=True))
        # Words of a narrow heading do not fill its lines.
        lines += number == sheet.head_row and lines > 1
        page.row_dimensions[number].height = min(max(lines, 1) * LINE_HEIGHT, TALLEST)
    for number in range(1, sheet.head_row):
        page.row_dimensions[number].height = LINE_HEIGHT * (1.3 if number == 1 else 1)


def _width(value: Value) -> float:
    """Return about how wide a value is in the units of column widths."""
    shown = f"{value:,}" if isinstance(value, int) else value or ""
    wider = sum(letter in THAI_DIGITS for letter in shown)
    return cell_len(shown) * WIDTH_OF_A_LETTER + wider * 0.6


def _set_print(page: Worksheet, sheet: Sheet, page_head: str, language: Language) -> None:
    page.freeze_panes = page.cell(sheet.head_row + 1, 1)
    page.print_title_rows = f"{sheet.head_row}:{sheet.head_row}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    if page_head:
        # There an ampersand begins a code, such as that of the file's name.
        page.oddHeader.center.text = storable(page_head).replace("&", "&&")
    page.oddFooter.center.text = say("documents.page", language)
    if sheet.rows:
        last = get_column_letter(len(sheet.heads))
        page.auto_filter.ref = f"A{sheet.head_row}:{last}{sheet.head_row + len(sheet.rows)}"


def _compare(sheets: Sequence[Sheet], written: Path, path: Path) -> None:
    """Read the workbook with another library and refuse it where a cell differs."""
    book = CalamineWorkbook.from_path(written)
    for sheet in sheets:
        found = book.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False)
        for number, row in enumerate([sheet.heads, *sheet.rows], sheet.head_row):
            there = found[number - 1] if number <= len(found) else []
            for column, wanted in enumerate(row):
                value = there[column] if column < len(there) else ""
                if value != (
                    ""
                    if wanted is None
                    else storable(wanted)
                    if isinstance(wanted, str)
                    else wanted
                ):
                    raise Problem(
                        "geo.export_differs",
                        file=path,
                        sheet=sheet.title,
                        row=number,
                        column=sheet.heads[column],
                        found="values",
                    )
