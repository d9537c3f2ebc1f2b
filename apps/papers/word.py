"""Word files as Thai offices expect them: one typeface for every script, tables that repeat heads.

Thai is "complex script" to Word: its typeface, size and weight stand in attributes of their own
(``w:cs``, ``w:szCs``, ``w:bCs``) beside those of Latin letters, and all of them are set here.
Nothing is put between Thai words: Word and LibreOffice break lines by their dictionaries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from phaenthi.apps.papers.digits import thai_digits
from phaenthi.apps.papers.same_bytes import settle
from phaenthi.apps.papers.workbook import FACE, SIZE, WARNING_COLOUR
from phaenthi.geo.files import atomic_write
from phaenthi.geo.texts.stray import without_stray
from phaenthi.wording import Language, say

A4 = (21.0, 29.7)
"""Width and height of the paper in centimetres."""
LONGEST_TITLE = 255
"""Letters that the properties of a Word file can hold."""
Align = Literal["left", "center", "right", "justify"]
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    # Widens the gaps between letters, as Thai letters are set, and not those between phrases.
    "justify": WD_ALIGN_PARAGRAPH.THAI_JUSTIFY,
}
Value = str | int | None


@dataclass(frozen=True)
class Margins:
    """Margins of a page in centimetres."""

    top: float = 2.5
    right: float = 2.0
    bottom: float = 2.0
    left: float = 3.0


@dataclass(frozen=True)
class Style:
    """How a line is set.

    Attributes
    ----------
    size
        Points.
    first_line, left
        Indents in centimetres: of the first line, of all lines. A negative first line hangs.
    before, after
        Points above and below the paragraph.
    exactly
        Height of a line in points, where it is fixed.
    colour
        Six digits of red, green and blue.
    with_next, new_page
        Whether it stays on the page of the next paragraph; whether it begins a page.
    """

    size: float = SIZE
    bold: bool = False
    align: Align = "left"
    first_line: float = 0
    left: float = 0
    before: float = 0
    after: float = 0
    exactly: float | None = None
    colour: str | None = None
    with_next: bool = False
    new_page: bool = False


@dataclass(frozen=True)
class PaperTable:
    """A table on paper.

    Attributes
    ----------
    heads
        Headings, repeated on every page.
    rows
        Numbers are set right with thousands commas; ``None`` is an empty cell.
    widths
        Of the columns, in centimetres.
    centred
        Positions of columns set in the middle.
    total
        Whether the last row is a total.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[Value]]
    widths: Sequence[float]
    centred: frozenset[int] = field(default_factory=frozenset)
    total: bool = False
    size: float = 14


class WordWriter:
    """Writes one Word file line by line.

    Parameters
    ----------
    language
        Thai papers get Thai digits.
    notices
        Lines at the head of every page that must not be overlooked, such as made-up data.
    landscape
        Whether the pages lie on their side.
    """

    def __init__(
        self,
        title: str,
        language: Language,
        *,
        notices: Sequence[str] = (),
        landscape: bool = False,
        margins: Margins | None = None,
    ) -> None:
        """Begin an empty paper of A4."""
        self.language: Language = language
        self.document: WordDocument = Document()
        self.document.core_properties.title = without_stray(title)[0][:LONGEST_TITLE]
        self.document.core_properties.author = say("app.name", language)
        self.document.core_properties.comments = ""
        _set_defaults(self.document)
        self._set_page(landscape=landscape, margins=margins or Margins())
        self._set_heads(notices)

    # -- pages ------------------------------------------------------------------------------------

    def _set_page(self, *, landscape: bool, margins: Margins) -> None:
        section = self.document.sections[0]
        width, height = A4[::-1] if landscape else A4
        section.page_width, section.page_height = Cm(width), Cm(height)
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.top_margin, section.bottom_margin = Cm(margins.top), Cm(margins.bottom)
        section.left_margin, section.right_margin = Cm(margins.left), Cm(margins.right)
        section.header_distance = section.footer_distance = Cm(0.9)
        self.width = width - margins.left - margins.right

    def _set_heads(self, notices: Sequence[str]) -> None:
        """Put the notices on every page, and the number of the page from the second page on."""
        section = self.document.sections[0]
        section.different_first_page_header_footer = True
        if self.language == "th":
            numbers = OxmlElement("w:pgNumType")
            numbers.set(qn("w:fmt"), "thaiNumbers")
            # Its place among the settings of a section is fixed: before the columns.
            section._sectPr.find(qn("w:cols")).addprevious(numbers)
        numbered = section.header.paragraphs[0]
        self._dress(numbered, Style(align="center"))
        self._run(numbered, "- ")
        _add_page_number(self._run(numbered, ""))
        self._run(numbered, " -")
        if notices:
            warning = Style(size=13, bold=True, align="center", colour=WARNING_COLOUR, after=4)
            told = " · ".join(notices)
            self._fill(section.header.add_paragraph(), told, warning)
            self._fill(section.first_page_header.paragraphs[0], told, warning)

    # -- lines ------------------------------------------------------------------------------------

    def line(self, text: str, style: Style | None = None) -> Paragraph:
        """Write one paragraph."""
        return self._fill(self.document.add_paragraph(), text, style or Style())

    def labelled(
        self, label: str, text: str, *, hang: float, label_size: float = SIZE, bold: bool = False
    ) -> None:
        """Write a label and, at a distance of ``hang`` centimetres, what it names."""
        style = Style(left=hang, first_line=-hang, before=6)
        paragraph = self.document.add_paragraph()
        self._dress(paragraph, style)
        self._run(paragraph, label, replace(style, size=label_size, bold=bold))
        self._run(paragraph, f"\t{text}", style)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(hang))

    def dotted(
        self, parts: Sequence[tuple[str, str]], *, label_size: float = SIZE, bold: bool = False
    ) -> None:
        """Write labels that share a line; dots run from what is known to the next label."""
        paragraph = self.document.add_paragraph()
        self._dress(paragraph, Style())
        for number, (label, text) in enumerate(parts, 1):
            self._run(paragraph, label, Style(size=label_size, bold=bold))
            self._run(paragraph, f" {text}\t" if text else " \t")
            paragraph.paragraph_format.tab_stops.add_tab_stop(
                Cm(self.width * number / len(parts)), WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.DOTS
            )

    def signature(self, name: str, position: str, *, indent: float) -> None:
        """Write the block that is signed: a dotted line, the name in brackets, the position."""
        style = Style(align="center", left=indent, with_next=True)
        self.line("", style)
        self.line(say("papers.sign.line", self.language), style)
        blank = say("papers.sign.blank", self.language)
        self.line(f"({name or blank})", style)
        label = say("papers.sign.position", self.language, position=blank)
        self.line(position or label, replace(style, with_next=False))

    def picture(self, path: Path, width: float, *, align: Align = "center") -> None:
        """Put a picture, ``width`` centimetres wide."""
        paragraph = self.document.add_paragraph()
        self._dress(paragraph, Style(align=align))
        paragraph.add_run().add_picture(str(path), width=Cm(width))

    # -- tables -----------------------------------------------------------------------------------

    def table(self, table: PaperTable) -> None:
        """Write a table: heads on every page, no row torn between two."""
        grid = self.document.add_table(rows=0, cols=len(table.heads))
        grid.style = "Table Grid"
        _fix_widths(grid, table.widths)
        _narrow_cells(grid)
        self._row(grid, table.heads, table, head=True)
        for number, row in enumerate(table.rows, 1):
            self._row(grid, row, table, last=table.total and number == len(table.rows))

    def _row(
        self,
        grid: WordTable,
        values: Sequence[Value],
        table: PaperTable,
        *,
        head: bool = False,
        last: bool = False,
    ) -> None:
        row = grid.add_row()  # type: ignore[no-untyped-call]  # python-docx names no types here
        settings = row._tr.get_or_add_trPr()
        settings.append(OxmlElement("w:cantSplit"))
        if head:
            settings.append(OxmlElement("w:tblHeader"))
        for position, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
            cell.width = Cm(table.widths[position])
            if head:
                _shade(cell)
                cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            centred = head or position in table.centred
            align: Align = "center" if centred else "right" if isinstance(value, int) else "left"
            style = Style(size=table.size, bold=head or last, align=align)
            self._fill(cell.paragraphs[0], _shown(value), style)

    def columns(self, widths: Sequence[float]) -> list[_Cell]:
        """Lay cells without lines side by side; see :meth:`in_cell`."""
        grid = self.document.add_table(rows=1, cols=len(widths))
        _fix_widths(grid, widths)
        cells = list(grid.rows[0].cells)
        for cell, width in zip(cells, widths, strict=True):
            cell.width = Cm(width)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
        return cells

    def in_cell(self, cell: _Cell, lines: Sequence[str], style: Style | None = None) -> None:
        """Write lines into a cell."""
        for number, text in enumerate(lines):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            self._fill(paragraph, text, style or Style())

    def add_to_cell(self, cell: _Cell, text: str, style: Style) -> None:
        """Write one more line under what a cell holds."""
        self._fill(cell.add_paragraph(), text, style)

    def picture_in_cell(self, cell: _Cell, path: Path, *, height: float) -> None:
        """Put a picture, ``height`` centimetres high, into the middle of a cell."""
        self._dress(cell.paragraphs[0], Style(align="center"))
        cell.paragraphs[0].add_run().add_picture(str(path), height=Cm(height))

    # -- letters ----------------------------------------------------------------------------------

    def _fill(self, paragraph: Paragraph, text: str, style: Style) -> Paragraph:
        self._dress(paragraph, style)
        self._run(paragraph, text, style)
        return paragraph

    def _dress(self, paragraph: Paragraph, style: Style) -> None:
        shape = paragraph.paragraph_format
        shape.alignment = _ALIGN[style.align]
        shape.left_indent, shape.first_line_indent = Cm(style.left), Cm(style.first_line)
        shape.space_before, shape.space_after = Pt(style.before), Pt(style.after)
        shape.line_spacing = 1.0 if style.exactly is None else Pt(style.exactly)
        shape.keep_with_next, shape.page_break_before = style.with_next, style.new_page

    def _run(self, paragraph: Paragraph, text: str, style: Style | None = None) -> Run:
        style = style or Style()
        run = paragraph.add_run(self.written(text))
        # Word wants these children in this order.
        properties = run._r.get_or_add_rPr()
        properties.append(_faces())
        if style.bold:
            properties.append(OxmlElement("w:b"))
            properties.append(OxmlElement("w:bCs"))
        if style.colour is not None:
            run.font.color.rgb = RGBColor.from_string(style.colour)
        for name in ("w:sz", "w:szCs"):
            properties.append(_valued(name, str(round(style.size * 2))))
        properties.append(_thai_language())
        return run

    def written(self, text: str) -> str:
        """Return a text with the digits of the paper's language, without what XML cannot hold."""
        told, _ = without_stray(text)
        return thai_digits(told) if self.language == "th" else told

    def save(self, path: Path, day: date) -> None:
        """Write the file whole; the same content and day give the same bytes."""
        with atomic_write(path) as temporary:
            self.document.save(str(temporary))
            settle(temporary, day)


def _shown(value: Value) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else value


def _valued(name: str, value: str) -> Any:
    element = OxmlElement(name)
    element.set(qn("w:val"), value)
    return element


def _faces() -> Any:
    faces = OxmlElement("w:rFonts")
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        faces.set(qn(f"w:{script}"), FACE)
    return faces


def _thai_language() -> Any:
    language = _valued("w:lang", "en-US")
    language.set(qn("w:bidi"), "th-TH")
    return language


def _set_defaults(document: WordDocument) -> None:
    """Take the template's theme typefaces away, so that every script has the office's own."""
    styles = document.styles.element
    defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for child in list(defaults):
        defaults.remove(child)
    size = str(SIZE * 2)
    defaults.extend([_faces(), _valued("w:sz", size), _valued("w:szCs", size), _thai_language()])
    for faces in styles.iter(qn("w:rFonts")):
        for attribute in list(faces.attrib):
            del faces.attrib[attribute]
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            faces.set(qn(f"w:{script}"), FACE)


def _fix_widths(grid: WordTable, widths: Sequence[float]) -> None:
    grid.autofit = False
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Cm(width)


def _narrow_cells(grid: WordTable) -> None:
    """Leave a millimetre at the sides of the cells, so that words keep to their lines."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "57")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    # Its place among the settings of a table is fixed: before the look.
    settings = grid._tbl.tblPr
    look = settings.find(qn("w:tblLook"))
    settings.append(margins) if look is None else look.addprevious(margins)


def _shade(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), "E8EEF0")
    cell._tc.get_or_add_tcPr().append(shade)


def _add_page_number(run: Run) -> None:
    for kind in ("begin", None, "end"):
        if kind is None:
            code = OxmlElement("w:instrText")
            code.text = "PAGE"
            run._r.append(code)
            continue
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        run._r.append(mark)
