"""In which encoding a table of text is written, and the same text as UTF-8."""

from __future__ import annotations

import codecs
import shutil
from pathlib import Path

from phaenthi.wording import Problem

_BYTES_AT_A_TIME = 1 << 20


def find_encoding(path: Path) -> str:
    """Return the encoding that the whole file can be read in: UTF-8, UTF-16 by its mark, cp874.

    Raises
    ------
    Problem
        ``layers.encoding_unknown``.
    """
    with path.open("rb") as file:
        start = file.read(4)
    wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8", "cp874"):
        if _decodes(path, encoding):
            return encoding
    raise Problem("layers.encoding_unknown", file=path)


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            for part in iter(lambda: file.read(_BYTES_AT_A_TIME), b""):
                decoder.decode(part)
            decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def rewrite_as_utf8(path: Path, encoding: str, folder: Path) -> Path:
    """Return a copy of a file, in a folder, whose text is UTF-8."""
    utf8 = folder / "table.csv"
    with (
        path.open(encoding=encoding, newline="") as file,
        utf8.open("w", encoding="utf-8", newline="") as copy,
    ):
        shutil.copyfileobj(file, copy, _BYTES_AT_A_TIME)
    return utf8
