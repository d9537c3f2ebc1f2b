"""GeoJSON, TopoJSON and KML whose text is not UTF-8, brought to UTF-8 before they are opened."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from phaenthi.geo.vectors.dbf import THAI, Encoding, python_name
from phaenthi.wording import Problem

_BEYOND_ASCII = re.compile(rb"[\x80-\xff]{2,}")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)[\"'][^>]*\?>")
_LEAST_THAI = 0.9


def in_utf8(
    path: Path, encoding: str | None, folder: Path, shown_as: Path
) -> tuple[Path, Encoding]:
    """Return the path of the same text in UTF-8, and the encoding that it had.

    The user's word comes first, then a byte order mark, then whether it is valid UTF-8, then
    what its XML declares, then cp874 if that makes nine tenths of the letters Thai and no part
    of the text is UTF-8: a UTF-8 file with damaged bytes is damaged, not cp874.

    Parameters
    ----------
    path
        GeoJSON, TopoJSON or KML.
    encoding
        The encoding that the user names, if any.
    folder
        Where a copy may be written; the file itself is returned where it needs none.
    shown_as
        The name that the user knows.

    Raises
    ------
    Problem
        ``geo.text_not_utf8`` if it is neither UTF-8 nor Thai.
    """
    raw = path.read_bytes()
    declared = _XML_DECLARATION.match(raw[:1000].decode("latin-1"))
    how = _find(raw, encoding, declared[1] if declared else "")
    try:
        text = raw.decode("utf-8-sig" if how.name == "utf-8" else how.name)
    except (UnicodeDecodeError, LookupError) as error:
        raise Problem("geo.text_not_utf8", file=shown_as) from error
    declared = _XML_DECLARATION.match(text)
    plain = how.name == "utf-8" and not raw.startswith(codecs.BOM_UTF8)
    if plain and (declared is None or declared[1].lower() == "utf-8"):
        return path, how
    if declared:  # the parser believes the declaration more than the bytes
        text = text[declared.end() :]
    copy = folder / f"utf8{path.suffix.lower()}"
    copy.write_text(text, encoding="utf-8")
    return copy, how


def _find(raw: bytes, encoding: str | None, declared: str) -> Encoding:
    if encoding is not None:
        return Encoding(python_name(encoding) or encoding, "user", declared)
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding("utf-16", "content", declared)
    if _decodes(raw, "utf-8"):
        return Encoding("utf-8", "format", declared)
    by_declaration = python_name(declared)
    if by_declaration not in {None, "utf-8"} and _decodes(raw, str(by_declaration)):
        return Encoding(str(by_declaration), "declaration", declared)
    if _is_thai(raw):
        return Encoding(THAI, "content", declared)
    return Encoding("utf-8", "format", declared)


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_thai(raw: bytes) -> bool:
    """Tell whether bytes are Thai in cp874 rather than damaged UTF-8 or another language."""
    pieces = _BEYOND_ASCII.findall(raw)
    if not pieces or any(_decodes(piece, "utf-8") for piece in pieces):
        return False
    letters = b"".join(pieces).decode(THAI, "replace")
    return sum("ก" <= letter <= "๛" for letter in letters) >= _LEAST_THAI * len(letters)
