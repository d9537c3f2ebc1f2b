"""Characters that nobody means: taken out of files with a count, refused where a person wrote."""

from __future__ import annotations

import json
import re
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phaenthi.geo.texts.stray import PARTING, STRAY, has_stray, refuse_stray, without_stray
from phaenthi.geo.vectors import files as vectorfile
from phaenthi.layers.tables.table_file import open_table
from phaenthi.wording import Problem

# A zero byte, a bell, an escape, a C1 control, an override of the line's direction, an isolate,
# a byte order mark turned round, the last of a plane, a character that Unicode keeps free.
STRAYS = "\x00\x07\x1b\x90\u202e\u2066\ufffe\U0001ffff\ufdd0"
MEANT = ("บ้านโนนสูง", "ก\tข\nค\r\nง", "น้ำ\u200bใส", "e\u0301", "👍🏽", "สระอำ")


@pytest.mark.parametrize("text", MEANT)
def test_letters_tabs_and_line_ends_are_meant(text: str) -> None:
    assert without_stray(text) == (text, 0)


def test_every_stray_character_is_taken_out_and_counted() -> None:
    assert without_stray("บ้าน" + "โนน".join(STRAYS)) == ("บ้าน" + "โนน" * 8, 9)
    assert without_stray("ก\ud800ข") == ("กข", 1)


def test_what_parts_words_becomes_a_space() -> None:
    assert without_stray("บ้าน\x0bโนนสูง\x0cหมู่ 3") == ("บ้าน โนนสูง หมู่ 3", 2)


@given(st.text())
def test_nothing_stray_is_left_and_nothing_else_is_lost(text: str) -> None:
    bare, count = without_stray(text)
    assert not has_stray(bare)
    assert without_stray(bare) == (bare, 0)
    assert len(bare) + count >= len(text)


@given(st.text(st.sampled_from(STRAYS + "\x0b\x1c\x85 กa\n")))
def test_polars_takes_out_the_same(text: str) -> None:
    frame = pl.DataFrame({"text": [text]})
    bare = pl.col("text").str.replace_all(PARTING, " ").str.replace_all(STRAY, "")
    told = frame.select(bare, count=pl.col("text").str.count_matches(STRAY)).row(0)
    assert told == without_stray(text)


def test_what_a_person_writes_is_refused_by_the_number_of_the_character() -> None:
    with pytest.raises(Problem) as refused:
        refuse_stray("มติ\u202eที่ประชุม", "เหตุผล")
    assert "U+202E" in refused.value.sentence("th")
    assert "เหตุผล" in refused.value.sentence("en")


# -- the readers of files --------------------------------------------------------------------------

ROWS = [["รหัส", "ชื่\x00อ"], ["46010201", f"บ้าน{STRAYS}หนองไผ่"], ["46010202", "บ้านโนนสูง"]]
COUNT = 1 + len(STRAYS)


def as_csv(folder: Path, encoding: str) -> Path:
    path = folder / "villages.csv"
    path.write_bytes("".join(f"{','.join(row)}\n" for row in ROWS).encode(encoding))
    return path


def as_parquet(folder: Path, _: str) -> Path:
    path = folder / "villages.parquet"
    pl.DataFrame(ROWS[1:], schema=ROWS[0], orient="row").write_parquet(path)
    return path


@pytest.mark.parametrize(
    ("write", "encoding", "count"),
    [(as_csv, "utf-8", COUNT), (as_csv, "utf-16", COUNT), (as_parquet, "", COUNT - 1)],
)
def test_a_table_loses_them_in_cells_and_headings(
    tmp_path: Path, write: object, encoding: str, count: int
) -> None:
    with open_table(write(tmp_path, encoding), known=["รหัส", "ชื่อ"]) as table:  # type: ignore[operator]
        assert table.headers == ("รหัส", "ชื่อ")
        assert table.frame.collect()["ชื่อ"].to_list() == ["บ้านหนองไผ่", "บ้านโนนสูง"]
        assert table.raw is not None
        assert table.raw.collect()["ชื่อ"].to_list() == ["บ้านหนองไผ่", "บ้านโนนสูง"]
        assert table.stray == count


def test_a_workbook_loses_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in ROWS:
        # A workbook cannot hold a zero byte; it can turn the line about.
        book.active.append([re.sub("[\x00-\x1f\ufffe]", "", cell) for cell in row])
    book.save(tmp_path / "villages.xlsx")
    with open_table(tmp_path / "villages.xlsx", known=["รหัส", "ชื่อ"]) as table:
        assert table.frame.collect()["ชื่อ"].to_list() == ["บ้านหนองไผ่", "บ้านโนนสูง"]
        assert table.stray > 3


def test_a_map_loses_them_and_says_so(tmp_path: Path) -> None:
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [103.5, 16.4]},
        "properties": {"ชื่อ": "บ้าน\u202eหนองไผ่\u0007"},
    }
    path = tmp_path / "villages.geojson"
    text = json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
    found = vectorfile.read(path)
    assert found.table["ชื่อ"].tolist() == ["บ้านหนองไผ่"]
    assert found.stray == 2
    assert any("ควบคุมที่มองไม่เห็นออกจากข้อความ 2" in note.sentence("th") for note in found.notes)
