"""The hardest Thai goes into every format and comes out of a second library as it was."""

from __future__ import annotations

import tempfile
import unicodedata
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import regex
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from phaenthi.geo.vectors.dbf import fit
from phaenthi.geo.vectors.files import Field, letters_not_held, write_vector
from phaenthi.geo.vectors.formats import FORMATS, format_of
from phaenthi.wording import Problem
from tests.geo.second_readers import SECOND

MARKS = "ัิีึืฺุู็่้๊๋์ํ๎"
THAI = "กขฃคฅฆงจฉชซฌญฎฏฐณนปผฝพฟภมยรฤลฦวศษสหฬอฮะาำๅเแโใไๆฯ๏๚๛฿๐๑๒๓๔๕๖๗๘๙" + MARKS
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
LINE_BREAKS = "\r\n\t\x0b\u2028\x85"
PLAIN = " ,;\"'<>&{}[]=@-+\\/%#0123456789aZ"
HARD = [
    "",
    " ",
    "น้ำ",
    "นํ้า",
    "น้ํา",
    "ํา",
    "่้๊",
    "  เว้นหน้าหลัง  ",
    "บรรทัดแรก\nบรรทัดสอง\r\nสาม\rสี่",
    "บ้าน\u200bน้ำ\u200bเกลี้ยง",
    "๑๒๓๔",
    "0123",
    "2563-01-01",
    "2020-01-31T08:30:00",
    '{"ก": 1}',
    "[1, 2]",
    "true",
    "null",
    "NULL",
    "nan",
    "1e5",
    "=1+1",
    '"อ้าง"',
    "ก,ข;ค\tง",
    "<b>&amp;</b>",
    "]]>",
    "👨‍👩‍👧‍👦🇹🇭",
    "ก" + MARKS * 3,
    "เก้า" * 30,
    "ก้" * 200,
    "ก" + "้" * 300,
    "👨‍👩‍👧‍👦" * 20,
]
letters = st.sampled_from(THAI + ZERO_WIDTH + LINE_BREAKS + PLAIN)
texts = st.one_of(
    st.sampled_from(HARD),
    st.text(letters, max_size=30),
    st.text(letters, min_size=60, max_size=200),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
)
cells = st.one_of(st.none(), texts)
NAMES = ("ชื่อ", "names", "count", "share", "usable")
FIELDS = [
    Field("ชื่อ", "NAME_TH", "ชื่อหมู่บ้าน", "name"),
    Field("names", "NAMES", "ชื่ออื่น", "other names"),
    Field("count", "COUNT", "จำนวน", "count"),
    Field("share", "SHARE", "สัดส่วน", "share"),
    Field("usable", "USABLE", "ใช้ได้", "usable"),
]
rows = st.lists(
    st.tuples(
        cells,
        cells,
        st.one_of(st.none(), st.integers(-(2**53), 2**53)),
        st.one_of(st.none(), st.floats(-1e8, 1e8, allow_subnormal=False)),
        st.one_of(st.none(), st.booleans()),
    ),
    min_size=1,
    max_size=4,
)
quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def table_of(found: list[tuple[object, ...]]) -> gpd.GeoDataFrame:
    table = pd.DataFrame(found, columns=list(NAMES), dtype="object")
    table = table.astype(
        {"ชื่อ": "string", "names": "object", "count": "Int64", "share": "Float64"}
    ).assign(usable=table["usable"].astype("boolean"))
    places = [Point(100 + number / 7, 16.25) for number in range(len(table))]
    return gpd.GeoDataFrame(table, geometry=places, crs=4326)


def may_hold(text: str, kind: str) -> bool:
    """Tell whether XML 1.0 may hold a text, where the format is XML."""
    if kind not in ("kml", "kmz", "gpx"):
        return True
    return not any((ord(one) < 32 and one not in "\t\n\r") or one in "\ufffe\uffff" for one in text)


def expected(text: object, kind: str) -> object:
    """Return what a format is known to make of a text that is short enough."""
    if not isinstance(text, str):
        return None
    if kind == "shapefile":
        return text.strip() or None
    return (text or None) if kind == "csv" else text


def seen(value: object, kind: str) -> object:
    """Return what a second reader saw; pyshp and polars tell missing text as empty."""
    if isinstance(value, str) and kind == "shapefile":
        return value.strip() or None
    return None if value == "" and kind == "csv" else value


def number(value: object) -> float | None:
    return None if value is None or value == "" else float(str(value))


def truth(value: object) -> bool | None:
    return None if value is None or value == "" else bool(int(value))  # type: ignore[call-overload]


@pytest.mark.parametrize("kind", FORMATS)
@quick
@given(found=rows)
@example(found=[(text, text[::-1], 1, 0.1, True) for text in HARD])
def test_names_and_values_are_the_same_in_a_second_library(
    kind: str, found: list[tuple[object, ...]]
) -> None:
    table = table_of(found)
    assume(all(may_hold(str(text), kind) for name in NAMES[:2] for text in table[name].dropna()))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"ตาราง{format_of(kind).suffix}"
        report = write_vector(table, path, FIELDS, format=kind)
        second = SECOND[kind](path)
    short = kind in ("shapefile", "gpx")
    names = [field.short_name if kind == "shapefile" else field.column for field in FIELDS]
    if kind == "gpx":  # an XML element has no Thai name here
        names = ["NAME_TH", *NAMES[1:]]
    assert short or names == list(NAMES)
    assert [list(row) for row in second] == [names] * len(found)
    cut = {(row, column) for row, column in report.truncated[["row", "column"]].to_numpy().tolist()}
    for place, (row, wanted) in enumerate(zip(second, table.to_dict("records"), strict=True), 1):
        values = list(row.values())
        for column, value in zip(NAMES[:2], values[:2], strict=True):
            text = wanted[column] if isinstance(wanted[column], str) else None
            if (place, column) in cut:
                assert str(text).strip().startswith(str(seen(value, kind) or ""))
                assert len(str(value).encode()) <= 254
                continue
            assert seen(value, kind) == expected(text, kind)
        count, share, usable = (None if pd.isna(wanted[n]) else wanted[n] for n in NAMES[2:])
        assert number(values[2]) == (None if count is None else float(count))
        told = number(values[3])
        assert (told is None) == (share is None)
        assert told is None or told == pytest.approx(float(share), rel=1e-12, abs=1e-15)
        assert truth(values[4]) == (None if usable is None else bool(usable))
    assert not cut or kind == "shapefile"


@quick
@given(found=st.lists(st.text(st.sampled_from(THAI + PLAIN + "\n"), max_size=300), min_size=1))
def test_text_of_the_thai_code_page_is_the_same_in_a_second_library(found: list[str]) -> None:
    table = gpd.GeoDataFrame({"ชื่อ": found}, geometry=[Point(100, 16)] * len(found), crs="EPSG:4326")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.zip"
        report = write_vector(table, path, FIELDS[:1], format="shapefile", encoding="tis-620")
        second = [str(row["NAME_TH"]).strip() for row in SECOND["shapefile"](path)]
    cut = set(report.truncated["row"])
    for row, (text, told) in enumerate(zip(found, second, strict=True), 1):
        assert text.strip().startswith(told) if row in cut else text.strip() == told


@given(texts)
@example("\u0e33" * 100)
@example("🇹🇭" * 60)
@example("a" * 253 + "👍🏽")
def test_a_text_is_cut_between_letters_only(text: str) -> None:
    kept = fit(text, "utf-8", 60)
    assert text.startswith(kept)
    assert len(kept.encode()) <= 60
    letters = regex.findall(r"\X", text)
    ends = {0}
    for letter in letters:
        ends.add(max(ends) + len(letter))
    assert len(kept) in ends
    # A mark after a line end or a zero-width letter has nothing to stand on.
    if kept != text and kept and unicodedata.category(kept[-1])[0] not in "CZ":
        assert unicodedata.category(text[len(kept)]) != "Mn"
        assert kept[-1] not in "เแโใไ"
        assert text[len(kept)] not in "ะาำๅ"


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("letter", ["\0", "\ud800"])
def test_a_letter_that_no_file_holds_is_refused_with_its_record_and_column(
    kind: str, letter: str, tmp_path: Path
) -> None:
    table = table_of([("ก", "ข", 1, 0.5, True), ("ก", f"ข{letter}ค", 1, 0.5, True)])
    path = tmp_path / f"a{format_of(kind).suffix}"
    with pytest.raises(Problem) as problem:
        write_vector(table, path, FIELDS, format=kind)
    assert (problem.value.row, problem.value.column) == (2, "names")
    assert f"U+{ord(letter):04X}" in problem.value.sentence("th")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["kml", "kmz", "gpx"])
def test_what_xml_forbids_is_refused_and_told(kind: str, tmp_path: Path) -> None:
    table = table_of([("ก\x0bข", "ค", 1, 0.5, True), ("ก", "\x01", 1, 0.5, True)])
    with pytest.raises(Problem, match=r"U\+000B.*2 cells"):
        write_vector(table, tmp_path / "a.kml", FIELDS, format=kind)
    told = letters_not_held(table, FIELDS, format=kind)
    assert told.to_numpy().tolist() == [[1, "ชื่อ", "\x0b"], [2, "names", "\x01"]]


def test_letters_that_the_thai_code_page_lacks_are_all_told(tmp_path: Path) -> None:
    table = table_of(
        [
            ("บ้าน\u200bน้ำ", "–“”…€", 1, 0.5, True),
            ("ก", "ข", 1, 0.5, True),
            ("ก", "ñ𝒙ñ", 1, 0.5, True),
        ]
    )
    told = letters_not_held(table, FIELDS, format="shapefile", encoding="cp874")
    assert told.to_numpy().tolist() == [[1, "ชื่อ", "\u200b"], [3, "names", "ñ𝒙"]]
    with pytest.raises(Problem, match=r"row 1 column ชื่อ.*cp874.*U\+200B.*2 cells"):
        write_vector(table, tmp_path / "a.zip", FIELDS, format="shapefile", encoding="cp874")
    fine = table.iloc[[1]]
    assert letters_not_held(fine, FIELDS, format="csv", encoding="cp874").empty
