"""CSV that leaves an office: shown by a spreadsheet and never run, read back to the letter."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phaenthi.geo.texts.csv import as_meant, as_text, csv_bytes, read_csv

ROOT = Path(__file__).parents[3]
FORMULAS = (
    '=HYPERLINK("http://elsewhere.invalid","บ้านโนนสูง")',
    "=1+1",
    "=\t1+1",
    "+1+cmd|' /C calc'!A0",
    "-1+1",
    "-บ้านโนนสูง",
    "@SUM(1,1)",
    "＝1+1",
    "＠SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "'=1+1",
    "''=1+1",
)
HARMLESS = ("บ้านโนนสูง", "", "-", "-5", "+66812345678", "-1,234.50", "1e5", "'บ้าน'", "ก - ข", "a=b")
# A cell that Excel takes for a formula: a sign first, whatever blanks stand before it.
RUN = re.compile(r"[^\S\t\r\n]*[=+\-@＝＋－＠]|[\t\r\n]")
TRICKY = st.text(st.sampled_from("'=+-@＝;\t\r\n ก5,.e\u00a0"), max_size=12)


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert as_text(text) == "'" + text.replace("\t=", "\t'=").replace("\r=", "\r'=").replace(
        "\n=", "\n'="
    )


@pytest.mark.parametrize("text", HARMLESS)
def test_names_numbers_and_the_dash_for_nothing_stay_as_they_are(text: str) -> None:
    assert as_text(text) == text


@given(st.one_of(TRICKY, st.text()))
def test_every_text_comes_back_to_the_letter(text: str) -> None:
    assert as_meant(as_text(text)) == text


@given(TRICKY)
def test_no_cell_begins_as_a_formula_by_whatever_sign_a_computer_parts_cells(text: str) -> None:
    cell = as_text(text)
    if cell not in HARMLESS and not re.fullmatch(r"[+-]?[0-9].*|-", cell):
        assert not RUN.match(cell)
    if not re.fullmatch(r"[+-]?[0-9,.eE+-]+|-", text):
        assert not any(RUN.match(part) for part in re.split(r"[;\t\r\n]", cell))


def table() -> pd.DataFrame:
    texts = [*FORMULAS, *HARMLESS]
    return pd.DataFrame(
        {
            "=1+1": texts,
            "ชื่อ": pd.array([*texts[1:], None], dtype="string"),
            "จำนวน": pd.array([-5, *range(len(texts) - 2), None], dtype="Int64"),
            "ประเภท": pd.Categorical(["=2*3", "ก"] * (len(texts) // 2)),
        }
    )


def test_a_table_is_read_back_as_it_was_and_machines_find_their_numbers() -> None:
    content = csv_bytes(table(), encoding="utf-8")
    back = read_csv(
        content, dtype={"จำนวน": "Int64"}, keep_default_na=False, na_values={"จำนวน": [""]}
    )
    assert list(back) == list(table())
    assert back["จำนวน"].tolist() == table()["จำนวน"].tolist()
    for name in ("=1+1", "ชื่อ", "ประเภท"):
        # A missing text and an empty one are the same cell of CSV.
        assert back[name].tolist() == table()[name].astype(object).fillna("").tolist()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_finds_no_formula_in_a_table(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_bytes(csv_bytes(table()))
    assert formulas_in(tmp_path / "table.csv", tmp_path) == []
    table().to_csv(tmp_path / "raw.csv", index=False, encoding="utf-8-sig")
    assert formulas_in(tmp_path / "raw.csv", tmp_path)


def formulas_in(path: Path, folder: Path) -> list[str]:
    """Return the formulas that LibreOffice makes of a CSV file."""
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"),
            # Comma, double quote, UTF-8.
            *("--infilter=CSV:44,34,76,1", "--convert-to", "xlsx", "--outdir", str(folder)),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    page = openpyxl.load_workbook(folder / f"{path.stem}.xlsx").active
    return [str(cell.value) for row in page for cell in row if cell.data_type == "f"]


# Files of a moment that only this program reads, and the digest of a table.
STAYING = {
    "apps/intake/importing.py",
    "layers/imports/waiting_places.py",
    "apps/intake/unit_tables.py",
    "geo/texts/csv.py",
    "geo/vectors/wktcsv.py",
    "targeting/judging/unit_table.py",
}


def test_every_csv_that_leaves_goes_through_this_room() -> None:
    writing = re.compile(r"\.to_csv\(|\.write_csv\((?!one)|csv\.(writer|DictWriter)\(")
    rooms = [
        path
        for floor in ("apps", "targeting", "layers", "geo")
        for path in (ROOT / floor).rglob("*.py")
        if writing.search(path.read_text(encoding="utf-8"))
    ]
    assert {path.relative_to(ROOT).as_posix() for path in rooms} == STAYING
