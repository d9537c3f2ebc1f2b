"""Villages are met, not met or unknown, each with what was found; overlaps have their outcomes."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phaenthi.targeting.judging import members
from phaenthi.targeting.judging.judge import Judgement, judge, sentence
from phaenthi.targeting.judging.verdict import Verdict, all_of
from phaenthi.targeting.programme.programme import load
from phaenthi.wording import LANGUAGES, Problem
from tests.targeting.evidence_by_hand import REGISTERS, Case, Household, poor, registered

VILLAGE, OTHER = "46010101", "46020101"
PROGRAMME = load("ne-poverty-2563")
SAMMACHIP_2562 = ("sammachip", 2562)
LISTED = replace(poor(VILLAGE), helped_by=(SAMMACHIP_2562,))
FROM_SAMMACHIP = ((VILLAGE, *SAMMACHIP_2562),)


def judged(case: Case, **readings: str) -> Judgement:
    programme = PROGRAMME.with_readings({k.replace("_", "-"): v for k, v in readings.items()})
    return judge(programme, case.evidence())


def unit(judgement: Judgement, village: str = VILLAGE) -> pd.Series:
    return judgement.units.set_index("village_code").loc[village]


def finding(judgement: Judgement, rule: str, village: str = VILLAGE) -> pd.Series:
    rows = judgement.findings
    return rows[(rows["village_code"] == village) & (rows["rule"] == rule)].iloc[0]


@pytest.mark.parametrize(("households", "verdict"), [(19, "not_met"), (20, "met"), (21, "met")])
def test_a_village_needs_as_many_target_households_as_are_chosen_in_it(
    households: int, verdict: str
) -> None:
    judgement = judged(Case([poor(VILLAGE)] * households))
    assert unit(judgement)["verdict"] == verdict
    found = finding(judgement, "target-households")
    assert (found["value"], found["limit"]) == (str(households), "≥ 20")


def test_read_as_at_least_one_a_single_target_household_is_enough() -> None:
    assert unit(judged(Case([poor(VILLAGE)]), target_households="one"))["verdict"] == "met"


@pytest.mark.parametrize(
    ("certain", "open_", "verdict"),
    [
        (20, 3, "met"),
        (19, 1, "unknown"),
        (0, 20, "unknown"),
        (18, 1, "not_met"),
        (0, 19, "not_met"),
    ],
)
def test_unknown_incomes_make_the_count_an_interval(certain: int, open_: int, verdict: str) -> None:
    judgement = judged(Case([poor(VILLAGE)] * certain + [Household(VILLAGE, None)] * open_))
    found = unit(judgement)
    assert found["verdict"] == verdict
    assert found["target_households"] == certain
    assert found["target_households_possible"] == certain + open_
    assert finding(judgement, "target-households")["value"] == f"{certain}–{certain + open_}"


def test_need_counts_only_what_is_certain_by_the_tier_that_is_proven() -> None:
    households = [
        *[registered(VILLAGE)] * 2,
        registered(VILLAGE, registered_for_welfare=None),
        *[Household(VILLAGE, 38_000)] * 3,
        Household(VILLAGE, 200_000, drug_treatment_completed=True),
        Household(VILLAGE, None),
    ]
    found = unit(judged(Case(households)))
    assert [found[f"household_tier_{n}"] for n in (1, 2, 3, 4)] == [2, 1, 3, 1]
    assert found["target_households"] == 7
    parts = [found[f"need_{part}"] for part in ("registered_poor", "poor", "low_income")]
    assert parts == [20, 3, 3]
    assert found["need"] == 26


def test_a_village_without_a_survey_is_unknown_and_not_empty() -> None:
    judgement = judged(Case([poor(OTHER)] * 20, villages=[VILLAGE, OTHER]))
    assert unit(judgement)["verdict"] == "unknown"
    assert pd.isna(unit(judgement)["target_households_possible"])
    found = finding(judgement, "target-households")
    assert found["outcome"] == "source_missing"
    assert "จปฐ" in sentence(PROGRAMME, found, "en")


@pytest.mark.parametrize("layer", ["households", "poverty", "history"])
def test_a_layer_that_was_never_imported_makes_no_village_met(layer: str) -> None:
    case = Case([poor(VILLAGE)] * 30, missing_layers=frozenset({layer}))
    assert unit(judged(case))["verdict"] == "unknown"


def test_an_amphoe_that_the_poverty_register_does_not_cover_is_unknown_there() -> None:
    households = [registered(VILLAGE)] + [poor(VILLAGE)] * 20 + [poor(OTHER)] * 20
    judgement = judged(Case(households, tpmap_everywhere=False))
    assert unit(judgement)["verdict"] == "met"
    assert unit(judgement, OTHER)["verdict"] == "unknown"
    assert finding(judgement, "target-households", OTHER)["missing_sources"] == "tpmap"


def test_too_few_households_stay_too_few_without_the_poverty_register() -> None:
    case = Case([poor(VILLAGE)] * 5, missing_layers=frozenset({"poverty"}))
    assert unit(judged(case))["verdict"] == "not_met"


def test_a_village_that_no_programme_chose_is_clear() -> None:
    judgement = judged(Case([poor(VILLAGE)] * 20))
    assert unit(judgement)["overlap"] == "clear"
    assert finding(judgement, "no-sammachip")["outcome"] == "clear"


def test_a_sammachip_village_whose_households_are_known_is_usable_with_those_that_remain() -> None:
    case = Case([LISTED] * 7 + [poor(VILLAGE)] * 25, history=FROM_SAMMACHIP)
    judgement = judged(case)
    assert unit(judgement)["verdict"] == "met"
    assert unit(judgement)["overlap"] == "usable"
    found = finding(judgement, "no-sammachip")
    assert (found["outcome"], found["households"], found["helped_households"]) == ("usable", 25, 7)
    assert "25" in sentence(PROGRAMME, found, "th")
    assert "สัมมาชีพชุมชน 2562" in sentence(PROGRAMME, found, "th")


def test_a_sammachip_village_without_its_list_is_unknown_and_not_lost() -> None:
    judgement = judged(Case([poor(VILLAGE)] * 40, history=FROM_SAMMACHIP))
    found = unit(judgement)
    assert (found["verdict"], found["overlap"]) == ("unknown", "list_needed")
    assert (found["target_households"], found["target_households_possible"]) == (0, 40)
    assert finding(judgement, "no-sammachip")["missing_lists"] == "sammachip 2562"


def test_a_village_is_blocked_when_the_households_that_remain_are_too_few() -> None:
    case = Case([LISTED] * 20 + [poor(VILLAGE)] * 19, history=FROM_SAMMACHIP)
    judgement = judged(case)
    assert (unit(judgement)["verdict"], unit(judgement)["overlap"]) == ("not_met", "blocked")


def test_a_missing_list_does_not_save_a_village_that_is_too_small_anyway() -> None:
    judgement = judged(Case([poor(VILLAGE)] * 10, history=FROM_SAMMACHIP))
    assert unit(judgement)["verdict"] == "not_met"
    assert unit(judgement)["overlap"] == "list_needed"


def test_a_list_for_one_programme_is_no_list_for_another() -> None:
    history = (*FROM_SAMMACHIP, (VILLAGE, "sufficiency-village", 2563))
    judgement = judged(Case([LISTED] * 3 + [poor(VILLAGE)] * 30, history=history))
    assert finding(judgement, "no-sammachip")["outcome"] == "usable"
    assert finding(judgement, "no-sufficiency-village")["outcome"] == "list_needed"
    assert (unit(judgement)["verdict"], unit(judgement)["overlap"]) == ("unknown", "list_needed")


def test_two_years_of_a_programme_need_both_lists() -> None:
    history = (*FROM_SAMMACHIP, (VILLAGE, "sammachip", 2563))
    found = finding(judged(Case([LISTED] + [poor(VILLAGE)] * 30, history=history)), "no-sammachip")
    assert (found["outcome"], found["missing_lists"]) == ("list_needed", "sammachip 2563")


def test_households_helped_by_any_rule_are_left_out() -> None:
    again = poor(VILLAGE, helped_by=(("ne-poverty", 2562),))
    history = (*FROM_SAMMACHIP, (VILLAGE, "ne-poverty", 2562))
    judgement = judged(Case([LISTED] * 2 + [again] * 3 + [poor(VILLAGE)] * 20, history=history))
    assert unit(judgement)["target_households"] == 20
    assert unit(judgement)["verdict"] == "met"


def test_a_list_alone_shows_that_the_village_was_a_target() -> None:
    judgement = judged(Case([LISTED] + [poor(VILLAGE)] * 25))
    assert finding(judgement, "no-sammachip")["outcome"] == "usable"


def test_a_list_none_of_whose_households_is_in_the_survey_is_no_list() -> None:
    stranger = poor(VILLAGE, surveyed=False, helped_by=(SAMMACHIP_2562,))
    judgement = judged(Case([stranger] + [poor(VILLAGE)] * 30, history=FROM_SAMMACHIP))
    assert finding(judgement, "no-sammachip")["outcome"] == "list_needed"


@pytest.mark.parametrize("year", [2561, 2564])
def test_years_that_the_rule_does_not_name_do_not_count(year: int) -> None:
    judgement = judged(Case([poor(VILLAGE)] * 20, history=((VILLAGE, "sammachip", year),)))
    assert unit(judgement)["overlap"] == "clear"


def test_a_register_that_is_not_here_leaves_its_rule_unknown_unless_taken_as_complete() -> None:
    registers = [pair for pair in REGISTERS if pair != ("sammachip", 2563)]
    case = Case([poor(VILLAGE)] * 20, registers=registers)
    judgement = judged(case)
    assert (unit(judgement)["verdict"], unit(judgement)["overlap"]) == (
        "unknown",
        "register_needed",
    )
    found = finding(judgement, "no-sammachip")
    assert found["missing_registers"] == "sammachip 2563"
    assert finding(judgement, "no-repeat")["verdict"] == "met"
    assert unit(judged(case, no_sammachip="as-imported"))["verdict"] == "met"


def test_without_any_history_nothing_can_be_taken_as_complete() -> None:
    case = Case([poor(VILLAGE)] * 20, missing_layers=frozenset({"history"}))
    rules = ("no_sammachip", "no_sufficiency_village", "no_repeat")
    judgement = judged(case, **dict.fromkeys(rules, "as-imported"))
    assert unit(judgement)["verdict"] == "unknown"


def test_only_the_provinces_asked_for_are_judged_and_others_are_refused() -> None:
    evidence = Case([poor(VILLAGE)] * 20 + [poor("31010101")] * 20).evidence()
    assert judge(PROGRAMME, evidence, "46").units["village_code"].tolist() == [VILLAGE]
    both = judge(PROGRAMME, evidence, ("31", "46")).units
    assert both["village_code"].tolist() == ["31010101", VILLAGE]
    with pytest.raises(Problem, match="83"):
        judge(PROGRAMME, evidence, "83")


def test_villages_outside_the_scope_are_not_judged() -> None:
    evidence = Case([poor("83010101")] * 20 + [poor(VILLAGE)] * 20).evidence()
    assert judge(PROGRAMME, evidence).units["village_code"].tolist() == [VILLAGE]


def test_a_scope_without_villages_gives_empty_tables_with_the_same_columns() -> None:
    full = judged(Case([poor(VILLAGE)] * 20))
    empty = judge(PROGRAMME, Case([poor("83010101")]).evidence())
    assert empty.units.empty
    assert list(empty.units.columns) == list(full.units.columns)
    assert list(empty.findings.columns) == list(full.findings.columns)
    assert empty.findings.dtypes.tolist() == full.findings.dtypes.tolist()


pairs = st.sampled_from([*REGISTERS, ("sammachip", 2561)])
villages = st.sampled_from([VILLAGE, "46010102", OTHER, "31010101"])
some_households = st.builds(
    Household,
    village_code=villages,
    income=st.sampled_from([None, 20_000, 50_000, 150_000]),
    relief_only=st.sampled_from([True, False, None]),
    drug_treatment_completed=st.sampled_from([True, False, None]),
    helped_by=st.lists(pairs, max_size=2, unique=True).map(tuple),
)
cases = st.builds(
    Case,
    households=st.lists(some_households, min_size=1, max_size=40),
    villages=st.lists(villages, max_size=3),
    history=st.lists(st.builds(lambda v, p: (v, *p), villages, pairs), max_size=4, unique=True),
    registers=st.one_of(
        st.just(list(REGISTERS)), st.lists(st.sampled_from(list(REGISTERS)), unique=True)
    ),
    missing_layers=st.frozensets(
        st.sampled_from(["households", "poverty", "history", "beneficiaries"]), max_size=1
    ),
)


@settings(max_examples=100, deadline=None)
@given(cases, st.sampled_from(["one", "twenty"]))
def test_every_judgement_holds_together(case: Case, minimum: str) -> None:
    programme = PROGRAMME.with_readings({"target-households": minimum})
    case = replace(case, villages=[VILLAGE, *case.villages])
    evidence = case.evidence()
    judgement = judge(programme, evidence)
    units, findings = judgement.units, judgement.findings
    assert units["village_code"].is_monotonic_increasing
    assert units["village_code"].is_unique
    rules = ["target-households", "no-sammachip", "no-sufficiency-village", "no-repeat"]
    assert findings["rule"].tolist() == [rule for rule in rules for _ in range(len(units))]
    for row in units.to_dict("records"):
        here = findings[findings["village_code"] == row["village_code"]]
        assert row["verdict"] == all_of(Verdict(one) for one in here["verdict"])
        parts = [value for name, value in row.items() if str(name).startswith("need_")]
        assert row["need"] == sum(parts)
        tiers = [row[f"household_tier_{n}"] for n in (1, 2, 3, 4)]
        assert row["target_households"] == sum(tiers)
        if not pd.isna(row["target_households_possible"]):
            assert row["target_households"] <= row["target_households_possible"]
        if row["verdict"] == "met":
            assert row["overlap"] in ("clear", "usable")
            assert not case.missing_layers & {"households", "poverty", "history"}
        if row["overlap"] in ("list_needed", "register_needed", "blocked"):
            assert row["verdict"] != "met"
    for found in findings.to_dict("records"):
        for language in LANGUAGES:
            assert sentence(programme, found, language)
    met = units.loc[units["verdict"] == "met", "village_code"].tolist()
    chosen = members.pick(programme, members.classify(programme, evidence), met)
    least = 20 if minimum == "twenty" else 1
    assert (chosen.groupby("village_code").size() >= least).sum() == len(met)
