"""Rows with names or old codes find their village, and what is not clear waits."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phaenthi.geo.places import gazetteer
from phaenthi.geo.places.codes import Level
from phaenthi.layers.matching.parents import find_parents
from phaenthi.layers.matching.villages import (
    EVIDENCE,
    UNSURE,
    Matches,
    match_villages,
)
from phaenthi.wording import LANGUAGES, say

VILLAGES = pd.DataFrame(
    {
        "village_code": [
            *("38010101", "38010102", "38010201", "38010202", "38010203", "38010204"),
            *("46010201", "46010202", "46010203", "46010301", "46010302"),
        ],
        "name_th": [
            *("บ้านบึงกาฬเหนือ", "บ้านท่าโพธิ์", "บ้านโนนสมบูรณ์", "บ้านโนนสวรรค์", "บ้านหนองแสง", "บ้านหนองแสง"),
            *("บ้านหนองไผ่", "บ้านโนนสูง", "บ้านโนนสูงใต้", "บ้านดอนยาง", "บ้านคำม่วง"),
        ],
    }
)


def match(**row: object) -> pd.Series:
    """Match one row and return what became of it."""
    return matches(**row).table.iloc[0]


def matches(**row: object) -> Matches:
    return match_villages(pd.DataFrame([row]), VILLAGES)


def test_the_same_code_with_a_compatible_name_is_the_village() -> None:
    found = match(village_code="46010201", name="บ.หนองไผ่")
    assert (found["village_code"], found["how"]) == ("46010201", "same_code_and_name")
    assert found["confidence"] == 1.0


def test_the_same_code_without_a_name_is_taken_with_less_confidence() -> None:
    found = match(village_code="46010201")
    assert (found["village_code"], found["how"]) == ("46010201", "same_code")
    assert found["confidence"] < 1.0


def test_a_code_of_one_village_with_the_name_of_another_waits_with_both() -> None:
    result = matches(village_code="46010201", name="บ้านโนนสูง")
    assert result.table["how"].iloc[0] == "code_or_name"
    assert pd.isna(result.table["village_code"].iloc[0])
    assert {"46010201", "46010202"} <= set(result.candidates["village_code"])


def test_an_old_code_of_nong_khai_leads_to_bueng_kan_with_the_date() -> None:
    found = match(village_code="43030102", name="บ้านท่าโพธิ์")
    assert (found["village_code"], found["how"]) == ("38010102", "successor_name_and_moo")
    assert found["since"] == date(2011, 3, 23)


def test_an_old_code_without_a_name_keeps_its_moo_in_the_successor() -> None:
    found = match(village_code="43030302")
    assert (found["village_code"], found["how"]) == ("38010202", "successor_moo")
    assert found["since"] == date(2011, 3, 23)


def test_a_village_that_got_another_moo_at_the_split_is_found_by_its_name() -> None:
    found = match(village_code="43030309", name="บ้านโนนสวรรค์")
    assert (found["village_code"], found["how"]) == ("38010202", "successor_name")


def test_a_spelling_in_the_successor_keeps_the_date_as_evidence() -> None:
    found = match(tambon_code="430303", name="บ้านโนนสวรรณ์")
    assert (found["village_code"], found["how"]) == ("38010202", "spelling_in_tambon")
    assert found["since"] == date(2011, 3, 23)


def test_two_villages_of_one_name_wait_with_both_as_candidates() -> None:
    result = matches(tambon_code="380102", name="บ้านหนองแสง")
    assert result.table["how"].iloc[0] == "several_alike"
    assert set(result.candidates.loc[result.candidates["score"] == 100, "village_code"]) == {
        "38010203",
        "38010204",
    }


def test_the_moo_decides_between_two_villages_of_one_name() -> None:
    found = match(tambon_code="380102", name="บ้านหนองแสง หมู่ที่ ๔")
    assert (found["village_code"], found["how"]) == ("38010204", "name_and_moo")


def test_a_name_damaged_in_spelling_is_found_inside_its_tambon() -> None:
    found = match(tambon_code="460103", name="บานดอนยาง")
    assert (found["village_code"], found["how"]) == ("46010301", "spelling_in_tambon")
    assert found["confidence"] < 0.95


def test_a_word_that_tells_neighbours_apart_is_never_overlooked() -> None:
    found = match(tambon_code="460103", name="บ้านคำม่วงเหนือ")
    assert pd.isna(found["village_code"])
    assert found["how"] == "near_spelling"


def test_a_name_unique_in_the_amphoe_is_taken_if_no_tambon_is_named() -> None:
    found = match(amphoe_code="4601", name="บ้านดอนยาง")
    assert (found["village_code"], found["how"]) == ("46010301", "name_in_amphoe")


def test_a_name_in_another_tambon_than_the_one_named_waits() -> None:
    result = matches(tambon_code="460102", name="บ้านดอนยาง")
    assert result.table["how"].iloc[0] == "too_far"
    assert result.candidates["village_code"].iloc[0] == "46010301"


def test_nothing_is_ever_matched_across_provinces_without_a_dated_successor() -> None:
    found = match(tambon_code="430101", name="บ้านหนองไผ่")
    assert found["how"] == "nothing_found"
    assert found["confidence"] == 0.0


def test_each_point_of_a_list_gets_another_village() -> None:
    rows = pd.DataFrame({"tambon_code": ["460102"] * 3, "name": ["หนองไผ่", "บ้านหนองไผ่", "โนนสูง"]})
    one_each = match_villages(rows, VILLAGES, one_each=True).table
    assert one_each["how"].tolist() == ["several_rows", "several_rows", "name_in_tambon"]
    several = match_villages(rows, VILLAGES).table
    assert several["village_code"].tolist() == ["46010201", "46010201", "46010202"]


def test_a_name_in_brackets_is_a_second_name() -> None:
    found = match(tambon_code="460103", name="บ้านใหม่พัฒนา (บ้านดอนยาง)")
    assert pd.isna(found["village_code"])  # พัฒนา is no village here, but ใหม่ tells neighbours apart
    found = match(tambon_code="460103", name="บ้านดอนยาง (วัดป่า)")
    assert found["village_code"] == "46010301"


def test_rows_named_twice_by_their_index_are_refused() -> None:
    rows = pd.DataFrame({"name": ["ก", "ข"]}, index=[1, 1])
    with pytest.raises(ValueError, match="index"):
        match_villages(rows, VILLAGES)


def test_every_kind_of_evidence_has_words_in_both_languages() -> None:
    for language in LANGUAGES:
        for how in (*EVIDENCE, *UNSURE, "nothing_found", "decided", "decided_none", "municipal"):
            assert say(f"layers.how.{how}", language)


TAMBONS = st.sampled_from(["380101", "380102", "460102", "460103", "430301", "430303", "990101"])
NAMES = st.one_of(
    st.sampled_from(VILLAGES["name_th"].tolist()),
    st.text(alphabet="บ้านหนองไผ่สูง โน ()123๔.ใต้เหนือ", max_size=14),
    st.none(),
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "tambon_code": st.one_of(st.none(), TAMBONS),
            "village_code": st.one_of(
                st.none(), st.sampled_from(VILLAGES["village_code"].tolist())
            ),
            "name": NAMES,
            "moo": st.one_of(st.none(), st.integers(0, 12)),
        }
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=30)
@given(rows=ROWS, one_each=st.booleans())
def test_whatever_a_row_says_it_is_matched_inside_its_province_or_waits(
    rows: list[dict[str, object]], one_each: bool
) -> None:
    frame = pd.DataFrame(rows)
    result = match_villages(frame, VILLAGES, one_each=one_each)
    table = result.table
    assert table.index.equals(frame.index)
    sure = table["village_code"].notna()
    assert (table.loc[sure, "confidence"] >= 0.8).all()
    assert (table.loc[~sure, "confidence"] == 0).all()
    assert set(table.loc[sure, "how"]) <= set(EVIDENCE)
    assert set(table.loc[~sure, "how"]) <= {*UNSURE, "nothing_found"}
    assert not set(result.candidates["row"]) & set(table.index[sure])
    if one_each:
        assert table.loc[sure, "village_code"].is_unique
    for row in table.index[sure]:
        named = frame.loc[row, "tambon_code"]
        tambon = str(frame.loc[row, "village_code"] if pd.isna(named) else named)
        same_province = str(table.loc[row, "village_code"])[:2] == tambon[:2]
        assert same_province or table.loc[row, "since"] is not None


@settings(max_examples=20)
@given(rows=ROWS)
def test_the_order_of_the_rows_changes_nothing(rows: list[dict[str, object]]) -> None:
    frame = pd.DataFrame(rows)
    forward = match_villages(frame, VILLAGES).table
    backward = match_villages(frame.iloc[::-1], VILLAGES).table.loc[frame.index]
    pd.testing.assert_frame_equal(forward, backward)


def test_names_lead_to_the_codes_of_today_or_of_then() -> None:
    rows = pd.DataFrame(
        {
            "province": ["จ.กาฬสินธุ์", "หนองคาย", "ไม่มีจังหวัดนี้"],
            "amphoe": ["อ.เมืองกาฬสินธุ์", "บึงกาฬ", "เมือง"],
            "tambon": ["ต.เหนือ", "โนนสมบูรณ์", "ในเมือง"],
        }
    )
    found = find_parents(rows)
    assert found["tambon_code"].tolist()[:2] == ["460102", "430303"]
    assert found.iloc[2].isna().all()


def test_a_tambon_name_that_occurs_twice_in_a_province_is_not_guessed() -> None:
    tambons = gazetteer.areas(Level.TAMBON).assign(province=lambda t: t["code"].str[:2])
    twice = tambons[tambons.duplicated(["province", "name_th"], keep=False)].iloc[0]
    rows = pd.DataFrame(
        {"province": [gazetteer.name_of(twice["province"])], "tambon": [twice["name_th"]]}
    )
    assert find_parents(rows)["tambon_code"].isna().all()
