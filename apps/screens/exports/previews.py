"""What a file holds, seen before it is taken away: pages, sheets, letters, pictures, maps."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from hashlib import sha256

import docx
import pandas as pd
import python_calamine
from docx.document import Document
from docx.table import Table
from docx.text.paragraph import Paragraph
from markupsafe import Markup
from PIL import Image

from phaenthi.apps.exports.export_choice import Piece
from phaenthi.apps.papers.page_picture import Drawing, office_suite
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens import working
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import html, markdown

PICTURE_WIDTH = 1100
SHEET_ROWS = 14
MAP_HEIGHT = 420
SHEET_HEIGHT = 330
LARGEST_PAGE = 8_000_000
PICTURES_KEPT = 40


def can_show(piece: Piece) -> bool:
    """Tell whether a file can be looked at on the page."""
    return piece.suffix in _SHOWN


def by_likeness(piece: Piece) -> int:
    """Order files by how well their preview shows what they are, pictures first."""
    return 0 if piece.suffix == ".png" else 1


def show(piece: Piece) -> None:
    """Show what a file holds."""
    _SHOWN[piece.suffix](piece)


@st.cache_data(show_spinner=False, max_entries=24)
def smaller(content: bytes) -> bytes:
    """Return a picture no wider than a page shows it."""
    with Image.open(io.BytesIO(content)) as picture:
        height = round(picture.height * PICTURE_WIDTH / picture.width)
        shown = picture.convert("RGB")
        if picture.width > PICTURE_WIDTH:
            shown = shown.resize((PICTURE_WIDTH, height), Image.Resampling.LANCZOS)
        file = io.BytesIO()
        shown.save(file, "PNG", optimize=True)
        return file.getvalue()


def _show_picture(piece: Piece) -> None:
    with st.container(key="exports_picture"):
        st.image(smaller(piece.content), width="stretch", caption=piece.title)


def _show_sheets(piece: Piece) -> None:
    book = python_calamine.load_workbook(io.BytesIO(piece.content))
    names = book.sheet_names
    for name, place in zip(names, st.tabs(names), strict=True):
        with place:
            rows = book.get_sheet_by_name(name).to_python(nrows=SHEET_ROWS)
            st.html(_sheet_html(rows), width="stretch")
            st.caption(tell("exports.preview.sheet", rows=len(rows)))


def _sheet_html(rows: Sequence[Sequence[object]]) -> Markup:
    width = max((len(row) for row in rows), default=0)
    lines = []
    for row in rows:
        filled = [cell for cell in row if cell not in ("", None)]
        if len(filled) == 1 and row and row[0] not in ("", None):
            wide = '<tr><td class="ph-wide" colspan="{}">{}</td></tr>'
            lines.append(html.fill(wide, width, row[0]))
            continue
        cells = html.join(html.fill("<td>{}</td>", _cell(cell)) for cell in row)
        lines.append(html.fill("<tr>{}</tr>", cells))
    return html.fill('<div class="ph-sheet" tabindex="0"><table>{}</table></div>', html.join(lines))


def _cell(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return f"{int(cell):,}"
    return "" if cell is None else str(cell)


def _show_letter(piece: Piece) -> None:
    if office_suite() is None:
        _show_words(piece)
        st.caption(tell("exports.preview.letter"))
        return
    picture = _picture_of(piece)
    if picture is None:
        _show_words(piece)
        st.caption(tell("exports.preview.letter_undrawn"))
        return
    with st.container(key="exports_picture"):
        st.image(smaller(picture), width="stretch", caption=tell("exports.preview.first_page"))
    with st.expander(tell("exports.preview.words")):
        _show_words(piece)


def _picture_of(piece: Piece) -> bytes | None:
    """Return the picture of the first page, drawn once; None where it cannot be drawn."""
    drawn = _drawn()
    key = sha256(piece.content).hexdigest()
    if key not in drawn:
        drawing, place = Drawing(piece.content), st.empty()
        for seconds in drawing.go_on():
            if seconds > working.QUIET_SECONDS:
                told = tell("working.seconds", count=int(seconds))
                words = tell("exports.preview.drawing")
                place.caption(markdown.fill(":material/hourglass_top: {} · {}", words, told))
        place.empty()
        while len(drawn) >= PICTURES_KEPT:
            drawn.pop(next(iter(drawn)))
        drawn[key] = drawing.picture
    return drawn[key]


@st.cache_resource(show_spinner=False)
def _drawn() -> dict[str, bytes | None]:
    """Return the pictures that all readers of this machine share, by the file's hash."""
    return {}


def _show_words(piece: Piece) -> None:
    body = html.join(_paper_html(docx.Document(io.BytesIO(piece.content))))
    st.html(html.fill('<div class="ph-paper" tabindex="0">{}</div>', body))


def _paper_html(document: Document) -> Iterator[Markup]:
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            rows = html.join(
                html.fill(
                    "<tr>{}</tr>",
                    html.join(html.fill("<td>{}</td>", cell) for cell in _once(block, place)),
                )
                for place in range(len(block.rows))
            )
            yield html.fill("<table>{}</table>", rows)
        elif isinstance(block, Paragraph):
            text = html.text(block.text) or html.own("&nbsp;")
            align = {1: "center", 2: "right"}.get(int(block.alignment or 0), "left")
            bold = bool(block.runs) and all(run.bold for run in block.runs if run.text.strip())
            weight = "600" if bold and block.text else "400"
            yield html.fill('<p style="text-align:{};font-weight:{}">{}</p>', align, weight, text)


def _once(table: Table, place: int) -> list[str]:
    """Return the texts of a row, a merged cell once."""
    told, last = [], None
    for cell in table.rows[place].cells:
        if cell._tc is not last:
            told.append(cell.text)
        last = cell._tc
    return told


def _show_page(piece: Piece) -> None:
    if len(piece.content) > LARGEST_PAGE:
        st.info(tell("exports.preview.too_large"))
        return
    st.iframe(piece.content.decode("utf-8"), height=MAP_HEIGHT, width="stretch")


def _show_contents(piece: Piece) -> None:
    with zipfile.ZipFile(io.BytesIO(piece.content)) as archive:
        entries = [(entry.filename, entry.file_size) for entry in archive.infolist()]
    table = pd.DataFrame(
        {
            tell("exports.preview.file"): [name for name, _ in entries],
            tell("exports.preview.size"): [told_size(size) for _, size in entries],
        }
    )
    st.dataframe(table, hide_index=True, height=SHEET_HEIGHT)


def told_size(size: int) -> str:
    """Return a number of bytes as people read it."""
    return f"{size / 1_000_000:,.1f} MB" if size >= 1_000_000 else f"{max(1, size // 1000):,} kB"


_SHOWN = {
    ".png": _show_picture,
    ".xlsx": _show_sheets,
    ".docx": _show_letter,
    ".html": _show_page,
    ".zip": _show_contents,
}
