"""Reasons that a choice needs, dates that keep their order, shares, near villages, progress."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from phaenthi.targeting.judging import members
from phaenthi.targeting.judging.justify import reasons_missing, reasons_needed
from phaenthi.targeting.judging.nearby import fill_up, near_targets, pick_with_fill_up
from phaenthi.targeting.programme.programme import load
from phaenthi.targeting.programme.steps import check_dates
from phaenthi.targeting.rules.of_areas import ShareRule
from phaenthi.targeting.rules.rule import NearRule, OrderRule
from phaenthi.wording import LANGUAGES
from tests.targeting.evidence_by_hand import Case, poor

COMMUNITIES = load("otop-nawatwithi-2563")


def communities(*tiers: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "unit_code": [f"u{n}" for n in range(len(tiers))],
            "province_code": "42",
            "verdict": "met",
            "unit_tier": tiers,
        }
    )


def test_a_class_a_community_while_b_remains_needs_reasons_on_both_sides() -> None:
    needed = reasons_needed(COMMUNITIES, communities(1, 1, 2, 2), {"u0", "u2"})
    assert dict(zip(needed["unit_code"], needed["side"], strict=True)) == {
        "u2": "taken",
        "u1": "passed_over",
    }
    assert reasons_missing(needed, {"u2": "พร้อมกว่า", "u1": " "}) == ["u1"]


@pytest.mark.parametrize("chosen", [{"u0", "u1"}, {"u0", "u1", "u2"}, {"u0"}])
def test_no_reason_is_needed_as_long_as_b_goes_first(chosen: set[str]) -> None:
    assert reasons_needed(COMMUNITIES, communities(1, 1, 2), chosen).empty


def sessions(gap: int, days: int = 3, exhibition: int = 3) -> dict[str, tuple[date, date]]:
    first = date(2020, 2, 1)
    end_1 = first + timedelta(2)
    begin_2 = end_1 + timedelta(gap)
    end_2 = begin_2 + timedelta(days - 1)
    show = end_2 + timedelta(30)
    return {
        "session-1": (first, end_1),
        "session-2": (begin_2, end_2),
        "booklet": (end_2 + timedelta(5), end_2 + timedelta(20)),
        "exhibition": (show, show + timedelta(exhibition - 1)),
    }


@pytest.mark.parametrize(
    ("dates", "faults"),
    [
        (sessions(4), [("session-2", "gap_too_short")]),
        (sessions(5), []),
        (sessions(7), []),
        (sessions(8), [("session-2", "gap_too_long")]),
        (sessions(-1), [("session-2", "too_early")]),
        (sessions(5, days=2), [("session-2", "too_short")]),
        (sessions(5, exhibition=2), [("exhibition", "too_short")]),
        ({k: v for k, v in sessions(5).items() if k != "booklet"}, [("booklet", "missing")]),
        ({k: v for k, v in sessions(5).items() if k == "session-1"}, []),
    ],
)
def test_two_sessions_lie_five_to_seven_days_apart_and_the_booklet_comes_first(
    dates: dict[str, tuple[date, date]], faults: list[tuple[str, str]]
) -> None:
    rule = COMMUNITIES.rule("order")
    assert isinstance(rule, OrderRule)
    found = check_dates(rule, dates)
    assert [(one.step, one.fault) for one in found] == faults
    for one in found:
        for language in LANGUAGES:
            assert one.sentence(rule, language)


def test_read_as_at_least_five_days_a_longer_gap_is_allowed() -> None:
    rule = COMMUNITIES.with_readings({"sessions": "at-least-five"}).rule("order")
    assert isinstance(rule, OrderRule)
    assert check_dates(rule, sessions(12)) == []


@pytest.mark.parametrize(
    ("size", "up", "down", "nearest"),
    [
        (0, 0, 0, 0),
        (4, 1, 0, 0),
        (5, 1, 0, 1),
        (14, 2, 1, 1),
        (15, 2, 1, 2),
        (16_000, 1_600, 1_600, 1_600),
    ],
)
def test_ten_percent_is_rounded_as_the_reading_says(
    size: int, up: int, down: int, nearest: int
) -> None:
    programme = load("sammachip-2563")
    for reading, expected in {"up": up, "down": down, "nearest": nearest}.items():
        rule = programme.with_readings({"groups": reading}).rule("share")
        assert isinstance(rule, ShareRule)
        assert rule.number(size) == expected


def test_half_of_17456_villages_is_8728_groups() -> None:
    rule = load("savings-groups-2566").rule("share")
    assert isinstance(rule, ShareRule)
    assert rule.number(17_456) == 8_728


KALASIN = load("sammachip-2565-kalasin")
SMALL, SAME_TAMBON, SAME_AMPHOE, ELSEWHERE = "46010101", "46010102", "46010201", "46020101"
YEARS = [
    *(("sammachip", year) for year in range(2560, 2565)),
    ("occupation-security", 2563),
    ("occupation-security", 2564),
    ("sufficiency-village", 2565),
]


def kalasin(*extra: str) -> Case:
    households = [poor(SMALL)] * 18 + [poor(village) for village in extra for _ in range(3)]
    history = [(village, "sammachip", 2564) for village in extra]
    return Case(households, history=history, registers=YEARS, year=2564)


def test_a_small_village_is_filled_up_from_near_villages_the_same_tambon_first() -> None:
    evidence = kalasin(SAME_AMPHOE, SAME_TAMBON, ELSEWHERE).evidence()
    classified = members.classify(KALASIN, evidence)
    picked = members.pick(KALASIN, classified, [SMALL])
    assert len(picked) == 18
    added = fill_up(KALASIN, evidence, classified, picked, [SMALL])
    assert added["from_village"].tolist() == [SAME_TAMBON] * 2
    assert added["place"].tolist() == [19, 20]
    assert not set(added["household_id"]) & set(picked["household_id"])


def test_the_people_of_a_plan_tell_from_which_village_they_fill_up() -> None:
    evidence = kalasin(SAME_TAMBON).evidence()
    people = pick_with_fill_up(KALASIN, evidence, [SMALL])
    assert people["place"].tolist() == list(range(1, 21))
    assert people["from_village"].isna().sum() == 18
    assert people["from_village"].dropna().tolist() == [SAME_TAMBON] * 2


def test_two_small_villages_never_take_the_same_household() -> None:
    evidence = kalasin(SAME_TAMBON).evidence()
    classified = members.classify(KALASIN, evidence)
    chosen = [SMALL, "46010103"]
    added = fill_up(
        KALASIN, evidence, classified, members.pick(KALASIN, classified, chosen), chosen
    )
    assert added["household_id"].is_unique
    assert len(added) == 2


def test_a_chosen_village_fills_up_no_other() -> None:
    evidence = kalasin(SAME_TAMBON).evidence()
    classified = members.classify(KALASIN, evidence)
    chosen = [SMALL, SAME_TAMBON]
    picked = members.pick(KALASIN, classified, chosen)
    assert fill_up(KALASIN, evidence, classified, picked, chosen).empty


def test_trainers_come_from_the_same_tambon_or_amphoe_and_never_from_the_village_itself() -> None:
    rule = load("sammachip-2563").rule("near")
    assert isinstance(rule, NearRule)
    assert rule.target_of is not None
    history = [(code, "sammachip", 2561) for code in (SMALL, SAME_TAMBON, SAME_AMPHOE, ELSEWHERE)]
    evidence = Case(
        villages=[SMALL, SAME_TAMBON, SAME_AMPHOE, ELSEWHERE], history=history
    ).evidence()
    villages = evidence.villages.assign(unit_code=evidence.villages["village_code"])
    here = villages[villages["village_code"] == SMALL]
    near = near_targets(rule.target_of, rule.within, evidence, here)
    assert near[["village_code", "within", "place"]].to_numpy().tolist() == [
        [SAME_TAMBON, "tambon", 1],
        [SAME_AMPHOE, "amphoe", 2],
    ]
