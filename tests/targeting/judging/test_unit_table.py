"""The table of units that a planner gives: read by the pack's contract, errors with their row."""

from __future__ import annotations

import os

import pandas as pd
import pytest

from phaenthi.targeting.judging.judge import judge
from phaenthi.targeting.judging.unit_table import read_units, with_units
from phaenthi.targeting.programme.programme import load
from phaenthi.wording import LANGUAGES, Problem
from tests.targeting.evidence_by_hand import Case

FUNDS = load("community-funds-2563-savings")
PLOTS = load("khok-nong-na-hlm")


def read(**columns: list[object]) -> pd.DataFrame:
    return read_units(FUNDS, pd.DataFrame(columns))


def test_a_code_fills_in_those_of_the_areas_around_it() -> None:
    units = read(
        unit_code=["a", "b", "c"], village_code=["42010203", "", ""], amphoe_code=["", "42 02", ""]
    )
    places = units.set_index("unit_code")[
        ["village_code", "tambon_code", "amphoe_code", "province_code"]
    ]
    assert places.loc["a"].tolist() == ["42010203", "420102", "4201", "42"]
    assert places.loc["b"].isna().tolist() == [True, True, False, False]
    assert places.loc["b", "province_code"] == "42"
    assert places.loc["c"].isna().all()


def test_columns_may_stand_under_their_thai_words_and_strangers_stay_out() -> None:
    table = pd.DataFrame({"unit_code": ["a"], "ระดับธรรมาภิบาลปี 2562": ["1"], "ชื่อประธาน": ["…"]})
    units = read_units(FUNDS, table)
    assert units["level"].tolist() == ["1"]
    assert "ชื่อประธาน" not in units.columns


def test_words_for_yes_no_and_not_known_are_understood() -> None:
    words = ["ใช่", "ไม่ใช่", "yes", "0", "", "ไม่ทราบ"]
    units = read_units(PLOTS, pd.DataFrame({"unit_code": list("abcdef"), "steep": words}))
    found = [None if pd.isna(value) else bool(value) for value in units["steep"]]
    assert found == [True, False, True, False, None, None]


@pytest.mark.parametrize(
    ("columns", "message_id", "row"),
    [
        ({"level": ["1"]}, "units_without_code", None),
        ({"unit_code": ["a", ""]}, "unit_code_missing", 3),
        ({"unit_code": ["a", "b", "a"]}, "unit_twice", 4),
        ({"unit_code": ["a", "b"], "level": ["1", "9"]}, "unit_value_unreadable", 3),
        ({"unit_code": ["a"], "village_code": ["4201"]}, "unit_value_unreadable", 2),
    ],
)
def test_an_error_in_the_table_names_its_row(
    columns: dict[str, list[object]], message_id: str, row: int | None
) -> None:
    with pytest.raises(Problem) as caught:
        read(**columns)
    assert caught.value.message_id == f"targeting.{message_id}"
    assert caught.value.row == row
    for language in LANGUAGES:
        assert caught.value.sentence(language)


@pytest.mark.parametrize("value", ["-1", "1.5", "ten"])
def test_a_count_is_a_whole_number(value: str) -> None:
    table = pd.DataFrame({"unit_code": ["a"], "members": [value]})
    with pytest.raises(Problem, match=value):
        read_units(load("occupational-groups-2561-buriram"), table)


def test_units_without_a_province_are_counted_and_not_judged() -> None:
    table = pd.DataFrame(
        {"unit_code": ["a", "b"], "amphoe_code": ["4201", None], "level": ["1", "1"]}
    )
    judgement = judge(FUNDS, with_units(Case(villages=["42010101"]).evidence(), FUNDS, table), "42")
    assert judgement.units["unit_code"].tolist() == ["a"]
    assert judgement.unplaced == 1


def test_without_a_table_there_is_nothing_to_judge() -> None:
    judgement = judge(FUNDS, Case(villages=["42010101"]).evidence(), "42")
    assert judgement.units.empty
    assert {"unit_code", "village_code", "verdict", "need", "unit_tier"} <= set(judgement.units)


def test_the_table_is_part_of_what_a_plan_vouches_for() -> None:
    evidence = Case(villages=["42010101"]).evidence()
    digests = {
        with_units(evidence, FUNDS, pd.DataFrame({"unit_code": ["a"], "level": [level]})).digest[
            "units"
        ]
        for level in ("1", "2")
    }
    assert len(digests) == 2


def test_a_plan_vouches_for_the_same_table_on_every_system(monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = Case(villages=["42010101"]).evidence()
    table = pd.DataFrame({"unit_code": ["a"], "level": ["3"]})
    here = with_units(evidence, FUNDS, table).digest
    monkeypatch.setattr(os, "linesep", "\r\n")
    assert with_units(evidence, FUNDS, table).digest == here
