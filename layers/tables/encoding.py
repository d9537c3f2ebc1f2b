"""In which encoding a table of text is written, and the same text as UTF-8."""

from __future__ import annotations

import codecs
from pathlib import Path

from phaenthi.geo.texts.stray import has_stray, without_stray
from phaenthi.wording import Problem

_BYTES_AT_A_TIME = 1 << 20


def find_encoding(path: Path) -> tuple[str, bool]:
    """Return the encoding that the whole file can be read in: UTF-8, UTF-16 by its mark, cp874.

    With it comes whether the text holds characters that none means; see
    ``phaenthi.geo.texts.stray``.

    Raises
    ------
    Problem
        ``layers.encoding_unknown``.
    """
    with path.open("rb") as file:
        start = file.read(4)
    wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8", "cp874"):
        holds_stray = _look_through(path, encoding)
        if holds_stray is not None:
            return encoding, holds_stray
    raise Problem("layers.encoding_unknown", file=path)


def _look_through(path: Path, encoding: str) -> bool | None:
    """Tell whether a file holds characters that none means; None if it is not so encoded."""
    decoder = codecs.getincrementaldecoder(encoding)()
    found = False
    try:
        with path.open("rb") as file:
            for part in iter(lambda: file.read(_BYTES_AT_A_TIME), b""):
                text = decoder.decode(part)
                found = found or has_stray(text)
            decoder.decode(b"", final=True)
    except UnicodeError:
        return None
    return found


def rewrite_as_utf8(path: Path, encoding: str, folder: Path) -> tuple[Path, int]:
    """Write a copy of a file, in a folder, as UTF-8 without the characters that none means.

    Returns
    -------
    tuple of pathlib.Path and int
        The copy, and how many such characters there were.
    """
    utf8, stray = folder / "table.csv", 0
    with (
        path.open(encoding=encoding, newline="") as file,
        utf8.open("w", encoding="utf-8", newline="") as copy,
    ):
        for part in iter(lambda: file.read(_BYTES_AT_A_TIME), ""):
            text, count = without_stray(part)
            copy.write(text)
            stray += count
    return utf8, stray
