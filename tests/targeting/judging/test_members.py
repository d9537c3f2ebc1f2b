"""Households fall into tiers as the guideline says, and gaps in the data stay gaps."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phaenthi.targeting.judging import members
from phaenthi.targeting.programme.programme import Programme, load
from tests.targeting.evidence_by_hand import Case, Household, poor, registered

VILLAGE = "46010101"
PROGRAMME = load("ne-poverty-2563")
ELDERLY_TOO = PROGRAMME.with_readings({"developable": "also-elderly-or-disabled"})


def tiers_of(households: list[Household], programme: Programme = PROGRAMME) -> pd.DataFrame:
    evidence = Case(households).evidence()
    return members.classify(programme, evidence).sort("household_id").collect().to_pandas()


def tier_of(household: Household, programme: Programme = PROGRAMME) -> object:
    found = tiers_of([household], programme)["tier"].iloc[0]
    return None if pd.isna(found) else int(found)


@pytest.mark.parametrize(
    ("income", "tier"),
    [
        (0, 2),
        (37_999, 2),
        (37_999.99, 2),
        (38_000, 3),
        (38_001, 3),
        (99_999, 3),
        (100_000, 3),
        (100_000.01, 0),
        (100_001, 0),
    ],
)
def test_the_income_of_the_survey_decides_between_tiers_2_and_3(income: float, tier: int) -> None:
    assert tier_of(Household(VILLAGE, income)) == tier


@pytest.mark.parametrize(("income", "tier"), [(37_999, 1), (38_000, 0), (38_001, 0)])
def test_the_income_of_the_poverty_register_decides_on_tier_1(income: float, tier: int) -> None:
    assert tier_of(registered(VILLAGE, income=200_000, tpmap_income=income)) == tier


def test_tier_1_asks_for_welfare_registration_as_well() -> None:
    assert tier_of(registered(VILLAGE, registered_for_welfare=False)) == 2


@pytest.mark.parametrize("flag", ["relief_only", "moved_or_died"])
def test_a_household_that_cannot_be_developed_is_in_neither_tier_1_nor_2(flag: str) -> None:
    household = replace(registered(VILLAGE), **{flag: True})
    assert tier_of(household) == 3


def test_the_elderly_and_disabled_are_left_out_only_where_the_planner_reads_it_so() -> None:
    household = poor(VILLAGE, only_elderly_or_disabled=True)
    assert tier_of(household) == 2
    assert tier_of(household, ELDERLY_TOO) == 3


def test_drug_treatment_completed_is_tier_4_only_above_the_income_of_tier_3() -> None:
    assert tier_of(Household(VILLAGE, 100_001, drug_treatment_completed=True)) == 4
    assert tier_of(Household(VILLAGE, 100_000, drug_treatment_completed=True)) == 3


def test_a_household_off_the_poverty_register_is_certainly_not_tier_1() -> None:
    assert tier_of(poor(VILLAGE)) == 2


def test_an_unknown_income_leaves_the_tier_open_from_2_to_none() -> None:
    row = tiers_of([Household(VILLAGE, None)]).iloc[0]
    assert pd.isna(row["tier"])
    assert (row["tier_possible"], row["tier_proven"]) == (2, 0)


def test_a_not_a_number_income_is_unknown_and_not_large() -> None:
    row = tiers_of([Household(VILLAGE, float("nan"))]).iloc[0]
    assert (row["tier_possible"], row["tier_proven"]) == (2, 0)


def test_an_unknown_flag_leaves_a_poor_household_between_tiers_2_and_3() -> None:
    row = tiers_of([poor(VILLAGE, relief_only=None)]).iloc[0]
    assert (row["tier_possible"], row["tier_proven"]) == (2, 3)


def test_an_unknown_registration_leaves_a_poor_household_between_tiers_1_and_2() -> None:
    row = tiers_of([registered(VILLAGE, registered_for_welfare=None)]).iloc[0]
    assert (row["tier_possible"], row["tier_proven"]) == (1, 2)


def test_a_registered_household_that_was_not_surveyed_stays_open() -> None:
    row = tiers_of([registered(VILLAGE, surveyed=False)]).iloc[0]
    assert (row["tier_possible"], row["tier_proven"]) == (1, 0)


def test_another_year_of_the_survey_says_nothing() -> None:
    evidence = Case([poor(VILLAGE)], year=2561).evidence()
    assert members.classify(PROGRAMME, evidence).collect().is_empty()


unknown_or = st.sampled_from([True, False, None])
incomes = st.sampled_from([None, 0, 37_999, 38_000, 38_001, 100_000, 100_001])
households = st.builds(
    Household,
    village_code=st.sampled_from(["46010101", "46010102", "46020101"]),
    income=incomes,
    relief_only=unknown_or,
    only_elderly_or_disabled=unknown_or,
    moved_or_died=unknown_or,
    drug_treatment_completed=unknown_or,
    surveyed=st.sampled_from([True, True, True, False]),
    in_tpmap=st.booleans(),
    tpmap_income=incomes,
    registered_for_welfare=unknown_or,
)


def tier_when_known(h: Household) -> int:
    """Return the tier of a household of which everything is known, as a person would find it."""
    developable = not h.relief_only and not h.moved_or_died
    assert h.income is not None
    if h.in_tpmap and (h.tpmap_income or 0) < 38_000 and h.registered_for_welfare and developable:
        return 1
    if h.income < 38_000 and developable:
        return 2
    if h.income <= 100_000:
        return 3
    return 4 if h.drug_treatment_completed else 0


def completions(h: Household) -> list[Household]:
    """Return every household that this one may turn out to be once its gaps are filled."""
    if not h.surveyed:
        h = replace(
            h,
            surveyed=True,
            income=None,
            relief_only=None,
            moved_or_died=None,
            drug_treatment_completed=None,
        )
    found = [h]
    for name in ("relief_only", "moved_or_died", "drug_treatment_completed"):
        if getattr(h, name) is None:
            found = [replace(one, **{name: value}) for one in found for value in (True, False)]
    if h.income is None:
        found = [replace(one, income=value) for one in found for value in (0, 50_000, 200_000)]
    if h.in_tpmap and h.registered_for_welfare is None:
        found = [
            replace(one, registered_for_welfare=value) for one in found for value in (True, False)
        ]
    if h.in_tpmap and h.tpmap_income is None:
        found = [replace(one, tpmap_income=value) for one in found for value in (0, 200_000)]
    return found


@settings(max_examples=150, deadline=None)
@given(st.lists(households, min_size=1, max_size=12))
def test_tiers_are_what_every_way_to_fill_the_gaps_allows(rows: list[Household]) -> None:
    rows = [h if h.surveyed else replace(h, in_tpmap=True) for h in rows]
    found = tiers_of(rows)
    assert len(found) == len(rows)
    for household, (_, row) in zip(rows, found.iterrows(), strict=True):
        tiers = {tier_when_known(one) for one in completions(household)}
        worst_first = sorted(tiers, key=lambda tier: tier or 99)
        assert row["tier_possible"] == worst_first[0]
        assert row["tier_proven"] == worst_first[-1]
        assert (None if pd.isna(row["tier"]) else row["tier"]) == (
            worst_first[0] if len(tiers) == 1 else None
        )


@settings(max_examples=60, deadline=None)
@given(st.lists(households, min_size=1, max_size=12), st.randoms())
def test_counts_by_village_are_those_of_the_households_one_by_one(
    rows: list[Household], random: object
) -> None:
    evidence = Case(rows).evidence()
    classified = members.classify(PROGRAMME, evidence)
    counts = members.count_by_village(PROGRAMME, classified).set_index("village_code")
    each = classified.collect().to_pandas()
    for village, here in each.groupby("village_code"):
        for tier in (1, 2, 3, 4):
            expected = int((here["tier_proven"] == tier).sum())
            assert counts.loc[village, f"household_tier_{tier}"] == expected
        assert counts.loc[village, "target_households"] == (here["tier_proven"] > 0).sum()
        possible = counts.loc[village, "target_households_possible"]
        assert possible == (here["tier_possible"] > 0).sum()


def test_the_members_are_filled_tier_by_tier_then_by_income_then_by_code() -> None:
    rows = [
        Household(VILLAGE, 90_000),
        Household(VILLAGE, 40_000),
        poor(VILLAGE, income=30_000),
        poor(VILLAGE, income=10_000),
        poor(VILLAGE, income=10_000),
        registered(VILLAGE, tpmap_income=37_000),
        Household(VILLAGE, 200_000, drug_treatment_completed=True),
        Household(VILLAGE, 200_000),
    ]
    ids = [f"{n:020x}" for n in (9, 8, 7, 6, 5, 4, 3, 2)]
    evidence = Case(rows, ids=ids).evidence()
    chosen = members.pick(PROGRAMME, members.classify(PROGRAMME, evidence), [VILLAGE])
    assert chosen["household_id"].str[-1].tolist() == ["4", "5", "6", "7", "8", "9", "3"]
    assert chosen["tier"].tolist() == [1, 2, 2, 2, 3, 3, 4]
    assert chosen["place"].tolist() == [1, 2, 3, 4, 5, 6, 7]


def test_no_more_members_are_chosen_than_the_programme_pays_for() -> None:
    evidence = Case([poor(VILLAGE, income=n) for n in range(30)]).evidence()
    chosen = members.pick(PROGRAMME, members.classify(PROGRAMME, evidence), [VILLAGE])
    assert chosen["place"].tolist() == list(range(1, 21))


def test_a_household_that_was_helped_before_is_neither_counted_nor_chosen() -> None:
    helped = poor(VILLAGE, helped_by=(("sammachip", 2562),))
    evidence = Case([helped, poor(VILLAGE)]).evidence()
    classified = members.classify(PROGRAMME, evidence)
    counts = members.count_by_village(PROGRAMME, classified).iloc[0]
    assert (counts["target_households"], counts["helped_households"]) == (1, 1)
    chosen = members.pick(PROGRAMME, classified, [VILLAGE])
    assert chosen["household_id"].tolist() == [f"{1:020x}"]


def test_a_programme_that_may_be_repeated_takes_no_household_away() -> None:
    helped = poor(VILLAGE, helped_by=(("sammachip", 2561),))
    classified = members.classify(PROGRAMME, Case([helped]).evidence())
    assert members.count_by_village(PROGRAMME, classified)["target_households"].tolist() == [1]
