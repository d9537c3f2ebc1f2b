"""The encoding of a DBF is found out; texts are cut between Thai characters only."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phaenthi.geo.vectors.dbf import find_encoding, fit, is_cut_short, python_name

THAI_LETTERS = st.characters(min_codepoint=0x0E01, max_codepoint=0x0E3A) | st.characters(
    min_codepoint=0x0E3F, max_codepoint=0x0E4E
)


def write_dbf(path: Path, values: list[bytes], language_byte: int = 0, width: int = 60) -> Path:
    """Write the smallest DBF of one text column NAME."""
    header = struct.pack("<B3BIHH20x", 3, 120, 1, 1, len(values), 65, width + 1)
    header = header[:29] + bytes([language_byte]) + header[30:]
    column = struct.pack("<11sc4xBB14x", b"NAME", b"C", width, 0)
    records = b"".join(b" " + value.ljust(width) for value in values)
    path.write_bytes(header + column + b"\r" + records + b"\x1a")
    return path


THAI = "บ้านโนนสูง ก้าวหน้า"


@pytest.mark.parametrize(
    "declared", ["OEM 874", "ANSI 874", "TIS-620", "tis620", "windows-874", "cp874", "874"]
)
def test_every_name_of_the_thai_code_page_is_understood(declared: str) -> None:
    assert python_name(declared) == "cp874"


@pytest.mark.parametrize(
    ("declared", "name"),
    [("UTF-8", "utf-8"), ("65001", "utf-8"), ("88591", "iso8859-1"), ("1252", "cp1252")],
)
def test_other_declarations_are_understood_too(declared: str, name: str) -> None:
    assert python_name(declared) == name


def test_an_unknown_declaration_is_no_encoding() -> None:
    assert python_name("klingon") is None
    assert python_name("") is None


@pytest.mark.parametrize(
    ("encoding", "cpg", "language_byte", "found", "by"),
    [
        ("cp874", "OEM 874", 0, "cp874", "cpg"),
        ("utf-8", "UTF-8", 0, "utf-8", "cpg"),
        ("cp874", None, 0x50, "cp874", "language_byte"),
        ("utf-8", None, 0, "utf-8", "content"),
        ("cp874", None, 0, "cp874", "content"),
        # What the declaration says is not what the text is.
        ("cp874", "UTF-8", 0, "cp874", "content"),
        ("utf-8", "ISO-8859-1", 0, "utf-8", "content"),
        ("cp874", "1252", 0, "cp874", "content"),
        ("utf-8", None, 0x57, "utf-8", "content"),
    ],
)
def test_the_encoding_is_found_by_cpg_then_language_byte_then_content(
    tmp_path: Path, encoding: str, cpg: str | None, language_byte: int, found: str, by: str
) -> None:
    dbf = write_dbf(tmp_path / "a.dbf", [b"plain", THAI.encode(encoding)], language_byte)
    side = None
    if cpg is not None:
        side = tmp_path / "a.cpg"
        side.write_text(cpg)
    how = find_encoding(dbf, side)
    assert (how.name, how.found_by) == (found, by)


def test_a_letter_cut_at_the_end_of_the_field_does_not_hide_utf8(tmp_path: Path) -> None:
    cut = "ตำบลยาว".encode()[:20]
    assert find_encoding(write_dbf(tmp_path / "a.dbf", [cut], width=20)).name == "utf-8"


def test_plain_ascii_needs_no_finding_out(tmp_path: Path) -> None:
    assert find_encoding(write_dbf(tmp_path / "a.dbf", [b"Loei"])).found_by == "ascii"


def test_a_table_cut_short_is_noticed(tmp_path: Path) -> None:
    dbf = write_dbf(tmp_path / "a.dbf", [b"one", b"two"])
    assert not is_cut_short(dbf)
    dbf.write_bytes(dbf.read_bytes()[:-30])
    assert is_cut_short(dbf)
    dbf.write_bytes(b"")
    assert is_cut_short(dbf)


@given(st.text(THAI_LETTERS, max_size=60), st.integers(9, 60), st.sampled_from(["utf-8", "cp874"]))
def test_a_text_that_fits_is_a_beginning_of_the_whole_and_the_rest_starts_no_mark(
    text: str, limit: int, encoding: str
) -> None:
    kept = fit(text, encoding, limit)
    assert len(kept.encode(encoding)) <= limit
    assert text.startswith(kept)
    if kept and kept != text:
        assert text[len(kept)] not in "ะัาำิีึืฺุู็่้๊๋์ํ๎ๅ"
        assert kept[-1] not in "เแโใไ"


def test_nothing_is_cut_from_a_text_of_84_thai_letters() -> None:
    assert fit("ก" * 84, "utf-8") == "ก" * 84
    assert fit("ก" * 85, "utf-8") == "ก" * 84
    assert fit("เก้า", "utf-8", 9) == ""
