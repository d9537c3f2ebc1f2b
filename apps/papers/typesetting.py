"""Pages set by Typst, which shapes Thai: PDF, PNG and SVG from one source, the same each time."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from pathlib import Path

from phaenthi.apps.papers.fonts import installed_families
from phaenthi.geo.extras import from_extra
from phaenthi.geo.files import atomic_write
from phaenthi.wording import Language, Problem

PRINT_DOTS_PER_INCH = 300
FORMATS = (".pdf", ".png", ".svg")


def quote(text: str) -> str:
    """Return a text as Typst's string literal: whatever it holds is shown and nothing is run."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def millimetres(value: float) -> str:
    """Return a length for Typst, to a hundredth of a millimetre."""
    return f"{value:.2f}mm"


def quoted_list(texts: Iterable[str]) -> str:
    """Return texts as Typst's array of strings."""
    return "(" + "".join(f"{quote(text)}, " for text in texts) + ")"


def page_source(
    body: str, *, width: float, height: float, margin: float, size: float, language: Language
) -> str:
    """Return the source of one page.

    Parameters
    ----------
    body
        Typst markup.
    width, height, margin
        Millimetres.
    size
        Points of the running text.
    """
    return "\n".join(
        [
            f"#set page(width: {millimetres(width)}, height: {millimetres(height)})",
            f"#set page(margin: {millimetres(margin)})",
            # Ragged right: justified lines of Thai open gaps between words that nobody reads as
            # one line.
            f"#set text(font: {quoted_list(installed_families())}, fallback: true)",
            f"#set text(size: {size}pt, lang: {quote(language)})",
            "#set par(leading: 0.7em, spacing: 0.8em, justify: false)",
            body,
        ]
    )


def typeset(source: str, path: Path, day: date, title: str = "") -> None:
    """Compile a source into the file; the ending of its name says what it becomes.

    Parameters
    ----------
    path
        ``.pdf``, ``.png`` (300 dots an inch) or ``.svg`` (letters as outlines).
    day
        The day that a PDF bears; the same source and day give the same bytes.
    title
        The title in a PDF's properties.

    Raises
    ------
    Problem
        ``papers.picture_format`` for another ending; ``papers.no_thai_font``;
        ``papers.not_on_one_page`` when it takes more than the one page; ``extras.pictures``.
    """
    with from_extra("pictures"):
        import typst  # noqa: PLC0415
    if path.suffix not in FORMATS:
        raise Problem("papers.picture_format", file=path, known=", ".join(FORMATS))
    titled = f"#set document(title: {quote(title)})\n{source}"
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    given = titled.encode("utf-8")
    match path.suffix:
        case ".png":
            content = _one_page(typst.compile(given, format="png", ppi=PRINT_DOTS_PER_INCH), path)
            content = _with_resolution(content)
        case ".svg":
            content = _one_page(typst.compile(given, format="svg"), path)
        case _:
            # A PDF does not tell how many pages it has; a picture of each page does.
            _one_page(typst.compile(given, format="svg"), path)
            content = typst.compile(given, format="pdf", timestamp=noon)
    with atomic_write(path) as temporary:
        temporary.write_bytes(content)


def _one_page(pages: object, path: Path) -> bytes:
    """Return the only page; Typst gives a list when there are several."""
    if not isinstance(pages, bytes):
        raise Problem("papers.not_on_one_page", file=path)
    return pages


def _with_resolution(picture: bytes) -> bytes:
    """Return a PNG that says how many dots it has to the metre, so that it prints at its size."""
    dots_a_metre = round(PRINT_DOTS_PER_INCH / 0.0254)
    chunk = b"pHYs" + struct.pack(">IIB", dots_a_metre, dots_a_metre, 1)
    framed = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    # After the signature (8 bytes) and the header (25 bytes).
    return picture[:33] + framed + picture[33:]
