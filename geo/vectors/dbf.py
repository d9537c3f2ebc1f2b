"""Text in the DBF of a shapefile: in which encoding it is, and what fits into 254 bytes."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import regex

TEXT_BYTES = 254
THAI = "cp874"
_THAI_WINDOWS = 0x50
# Byte 29 of the header. Other values say too little to be trusted:
# writers put 0x57 (ANSI) or 0x03 (1252) whatever the text is.
_LANGUAGE_BYTES = {_THAI_WINDOWS: THAI}
_SINGLE_BYTE_WEST = {"iso8859-1", "cp1252", "iso8859-15", "cp437", "cp850"}
_LEADING_VOWELS = "เแโใไ"
_FOLLOWING_VOWELS = "ะาำๅ"
_LETTER = regex.compile(r"\X")


@dataclass(frozen=True)
class Encoding:
    """The encoding of a DBF and how it was found out.

    Attributes
    ----------
    name
        Python's name of it: ``utf-8``, ``cp874`` …
    found_by
        ``cpg``, ``language_byte``, ``content``, or ``ascii`` where every encoding would do.
    declared
        What the ``.cpg`` says, as written; empty without one.
    """

    name: str
    found_by: str
    declared: str


def find_encoding(dbf: Path, cpg: Path | None = None) -> Encoding:
    """Find out the encoding of a DBF.

    First the ``.cpg``, then the language byte, then whether all text is valid UTF-8, else
    cp874. A declaration that the text contradicts is passed over: bytes that it cannot
    decode, or a West European one over bytes that are Thai.

    Parameters
    ----------
    dbf
        The table of the shapefile.
    cpg
        Its code page file, if there is one.
    """
    declared = cpg.read_text(encoding="ascii", errors="replace").strip() if cpg else ""
    texts, language_byte = _texts(dbf.read_bytes())
    beyond_ascii = [text for text in texts if not text.isascii()]
    if not beyond_ascii:
        return Encoding("utf-8", "ascii", declared)
    by_cpg = python_name(declared)
    if by_cpg and _believable(by_cpg, beyond_ascii):
        return Encoding(by_cpg, "cpg", declared)
    by_byte = _LANGUAGE_BYTES.get(language_byte)
    if by_byte and _believable(by_byte, beyond_ascii):
        return Encoding(by_byte, "language_byte", declared)
    if all(_decodes(text, "utf-8") for text in beyond_ascii):
        return Encoding("utf-8", "content", declared)
    if by_cpg and not all(_decodes(text, THAI) for text in beyond_ascii):
        return Encoding(by_cpg, "cpg", declared)
    return Encoding(THAI, "content", declared)


def python_name(declared: str) -> str | None:
    """Return Python's name of an encoding as files declare it, or None if it is unknown.

    ``OEM 874``, ``ANSI 874``, ``TIS-620``, ``windows-874`` and ``874`` are all cp874.
    """
    text = declared.strip().lower()
    if re.search(r"874|tis.?620|8859[-_ ]?11$", text):
        return THAI
    number = re.fullmatch(r"(?:ansi|oem|cp|windows)?[ -]?(\d{3,5})", text)
    if number:
        text = {"65001": "utf-8", "88591": "iso8859-1"}.get(number[1], f"cp{number[1]}")
    try:
        return codecs.lookup(text).name
    except (LookupError, ValueError):  # ValueError: a null character in a damaged .cpg
        return None


def is_cut_short(dbf: Path) -> bool:
    """Tell whether a DBF holds fewer bytes than the records that its header promises."""
    with dbf.open("rb") as file:
        head = file.read(32)
    if len(head) < 32:
        return True
    records = int.from_bytes(head[4:8], "little")
    header, width = (int.from_bytes(head[at : at + 2], "little") for at in (8, 10))
    return dbf.stat().st_size < header + records * width


def mark_thai(dbf: Path) -> None:
    """Set the language byte of a DBF to Thai Windows, for programs that read no ``.cpg``."""
    with dbf.open("r+b") as file:
        file.seek(29)
        file.write(bytes([_THAI_WINDOWS]))


def _texts(table: bytes) -> tuple[list[bytes], int]:
    """Return the distinct values of a DBF's text columns as bytes, and its language byte."""
    records = int.from_bytes(table[4:8], "little")
    header, width = (int.from_bytes(table[at : at + 2], "little") for at in (8, 10))
    body = table[header:]
    rows = min(records, len(body) // width) if width else 0
    cells = np.frombuffer(body[: rows * width], dtype=np.uint8).reshape(rows, width)
    texts: set[bytes] = set()
    start = 1  # each record begins with its deletion mark
    for at in range(32, header - 1, 32):
        if table[at] == 0x0D:
            break
        kind, length = table[at + 11], table[at + 16]
        if start + length > width:  # a damaged header
            break
        if kind == ord("C") and length:
            column = np.ascontiguousarray(cells[:, start : start + length]).view(f"S{length}")
            texts.update(np.unique(column).tolist())
        start += length
    return [text.rstrip(b" \0") for text in texts], table[29] if len(table) > 29 else 0


def _believable(encoding: str, beyond_ascii: list[bytes]) -> bool:
    if encoding in _SINGLE_BYTE_WEST and beyond_ascii:
        return False
    return all(_decodes(text, encoding) for text in beyond_ascii)


def _decodes(text: bytes, encoding: str) -> bool:
    """Tell whether the bytes are text of an encoding; the last letter may be cut short."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(text, final=False)
    except UnicodeDecodeError:
        return False
    return True


def fit(text: str, encoding: str, limit: int = TEXT_BYTES) -> str:
    """Return the longest beginning of a text that fits, cut between Thai characters only.

    A vowel or tone mark is never parted from its consonant, nor a leading vowel from the
    consonant after it, nor any other letter that Unicode holds together (UAX 29).

    Parameters
    ----------
    text
        Any text that the encoding can hold.
    encoding
        Encoding in which bytes are counted.
    limit
        Bytes at most.

    Raises
    ------
    UnicodeEncodeError
        If the encoding has no such letter.
    """
    encoded = text.encode(encoding)
    if len(encoded) <= limit:
        return text
    end = len(encoded[:limit].decode(encoding, errors="ignore"))
    # No letter goes on after a space, so that from the last one on is far enough to look.
    for start in (max(text.rfind(" ", 0, end), 0), 0):
        # The letter after the end tells whether the end is one.
        ends = [letter.end() for letter in _LETTER.finditer(text, start, end + 1)]
        fitting = (at for at in reversed(ends) if at <= end and _may_cut(text, at))
        if kept := next(fitting, 0):
            return text[:kept]
    return ""


def _may_cut(text: str, at: int) -> bool:
    return text[at] not in _FOLLOWING_VOWELS and text[at - 1] not in _LEADING_VOWELS
