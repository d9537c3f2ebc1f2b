"""Every spelling of a code reads back; what is no code is missing, never an exception."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phaenthi.geo.places.codes import (
    Level,
    is_municipal,
    join_code_parts,
    level_of,
    moo,
    parent_code,
    read_code,
    read_codes,
    read_codes_expr,
    try_code,
    village_code,
)
from phaenthi.wording import Problem

part = st.integers(1, 99).map("{:02d}".format)
province = st.integers(10, 99).map(str)
levels = st.sampled_from(list(Level))
THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


@st.composite
def codes(draw: st.DrawFn) -> tuple[Level, str]:
    level = draw(levels)
    parts = [draw(province)] + [draw(part) for _ in range(level.digits // 2 - 1)]
    return level, "".join(parts)


@st.composite
def spellings(draw: st.DrawFn) -> tuple[Level, str, object]:
    """A valid code and one way in which files hold it."""
    level, code = draw(codes())
    if draw(st.booleans()):
        number = draw(st.sampled_from([int, float]))
        return level, code, number(code)
    spelled = code
    if level is Level.VILLAGE and draw(st.booleans()):
        spelled += draw(st.integers(1, 99).map("{:02d}".format))
    if draw(st.booleans()):
        spelled = draw(st.sampled_from(["TH", "th", "TH "])) + spelled
    if draw(st.booleans()):
        spelled = spelled.translate(THAI_DIGITS)
    for noise in draw(st.lists(st.sampled_from([" ", "\u200b", "\ufeff", "\u00a0", "'"]))):
        place = draw(st.integers(0, len(spelled)))
        spelled = spelled[:place] + noise + spelled[place:]
    return level, code, spelled + draw(st.sampled_from(["", ".0"]))


@given(spellings())
def test_any_spelling_of_a_code_reads_back_as_the_code(case: tuple[Level, str, object]) -> None:
    level, code, spelled = case
    assert read_code(spelled, level) == code


@given(st.lists(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.booleans())), levels)
def test_what_cannot_be_read_is_missing_and_never_an_exception(
    values: list[object], level: Level
) -> None:
    read = read_codes(pd.Series(values, dtype="object", index=range(5, 5 + len(values))), level)
    assert read.dtype == "string"
    assert list(read.index) == list(range(5, 5 + len(values)))
    assert read.dropna().str.fullmatch(rf"[1-9][0-9]{{{level.digits - 1}}}").all()


@given(codes())
def test_a_code_of_another_level_is_not_read(case: tuple[Level, str]) -> None:
    level, code = case
    for other in set(Level) - {level}:
        assert read_codes(pd.Series([code]), other).isna().all()


def test_the_spellings_of_the_wild_are_read() -> None:
    wild = pd.Series(["TH460102", 460102, 460102.0, "46 01 02", "๔๖๐๑๐๒", "\ufeff460102\u200b"])
    assert read_codes(wild, Level.TAMBON).eq("460102").all()


def test_the_parts_of_a_village_in_the_survey_are_rolled_up_to_the_village() -> None:
    parts = pd.Series(["4601020301", "4601020302", 4601020301])
    assert read_codes(parts, Level.VILLAGE).eq("46010203").all()


def test_a_village_code_of_seven_digits_is_not_filled_up() -> None:
    with pytest.raises(Problem, match="4601023") as problem:
        read_code("4601023", Level.VILLAGE)
    assert "8 หลัก" in problem.value.sentence("th")


def test_half_a_surrogate_pair_is_unreadable() -> None:
    assert read_codes(pd.Series(["46\ud80001"], dtype="object"), Level.AMPHOE).isna().all()


def test_the_polars_expression_reads_numbers_and_text_alike() -> None:
    table = pl.DataFrame({"text": ["46010203", "๔๖๐๑๐๒๐๓01", "x", None], "number": [46010203] * 4})
    read = table.select(
        read_codes_expr("text", Level.VILLAGE), read_codes_expr("number", Level.VILLAGE)
    )
    assert read["text"].to_list() == ["46010203", "46010203", None, None]
    assert read["number"].to_list() == ["46010203"] * 4


def test_levels_know_their_neighbours() -> None:
    assert [level.digits for level in Level] == [2, 4, 6, 8]
    assert Level.TAMBON.parent is Level.AMPHOE
    assert Level.TAMBON.child is Level.VILLAGE
    assert Level.PROVINCE.parent is None
    assert Level.VILLAGE.child is None
    assert Level.AMPHOE.column == "amphoe_code"
    assert level_of("460102") is Level.TAMBON
    with pytest.raises(Problem):
        level_of("46010")


def test_the_parent_of_a_code_is_the_code_of_the_enclosing_area() -> None:
    villages = pd.Series(["46010203", pd.NA], dtype="string")
    assert parent_code("46010203", Level.AMPHOE) == "4601"
    assert parent_code(villages, Level.TAMBON).to_list() == ["460102", pd.NA]
    with pytest.raises(ValueError, match="tambon"):
        parent_code("4601", Level.TAMBON)


def test_municipal_areas_of_the_survey_are_told_by_a_tambon_part_of_fifty_or_more() -> None:
    assert is_municipal("460151")
    assert not is_municipal("460149")
    column = pd.Series(["46015001", "460101", "4601", pd.NA], dtype="string")
    assert is_municipal(column).to_list() == [True, False, False, False]


def test_the_moo_is_read_from_a_village_code_and_put_into_one() -> None:
    assert moo("46010203") == 3
    assert moo(pd.Series(["46010203", pd.NA], dtype="string")).to_list() == [3, pd.NA]
    assert village_code("460102", 3) == "46010203"
    with pytest.raises(ValueError, match="moo 100"):
        village_code("460102", 100)


def test_codes_in_columns_of_two_digits_a_level_are_put_together_with_their_lost_zeros() -> None:
    parts = [pd.Series(["46", 46]), pd.Series([1, "1.0"]), pd.Series(["๐๒", "2"])]
    assert join_code_parts(parts, Level.TAMBON).to_list() == ["460102", "460102"]
    assert join_code_parts([pd.Series([46]), pd.Series([None])], Level.AMPHOE).isna().all()


@pytest.mark.real_data
def test_every_code_of_the_real_village_list_reads_back(real_data) -> None:
    villages = pd.read_parquet(real_data / "tables" / "village_names_8digit.parquet")
    read = read_codes(villages["village_code"].astype("int64"), Level.VILLAGE)
    assert read.eq(villages["village_code"]).all()


@given(
    st.one_of(
        st.text(max_size=12),
        st.text("0123456789๐๑๒๓๔๕๖๗๘๙ thTH'.\u200b\x1c\n", max_size=14),
        st.integers(0, 10**10),
        st.floats(allow_nan=True),
        st.none(),
    ),
    st.sampled_from(Level),
)
def test_one_code_is_read_as_a_column_is(value, level):
    of_column = read_codes(pd.Series([value], dtype="object"), level).iloc[0]
    assert try_code(value, level) == (None if pd.isna(of_column) else of_column)
