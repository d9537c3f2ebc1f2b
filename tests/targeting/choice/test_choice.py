"""The choice under rules of every kind equals trying every choice, and so does every price."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phaenthi.targeting.choice import independent_parts as parts
from phaenthi.targeting.choice import integer_programme as mixed
from phaenthi.targeting.choice import nested_groups as nested
from phaenthi.targeting.choice import solve as choice
from phaenthi.targeting.choice.prices import price_all
from phaenthi.targeting.choice.rows import write_out
from phaenthi.targeting.choice.solve import Workings
from phaenthi.targeting.limits import recount as recheck
from phaenthi.targeting.limits.problem import (
    ALL,
    AnyLimit,
    Budget,
    ChoiceProblem,
    Count,
    Group,
    Share,
    limit_from,
    record_of,
)
from tests.targeting import problems_by_hand as by_hand

# Seeds in groups, so that a failure names a small range.
SEEDS = [range(start, start + 200) for start in range(0, 2_400, 200)]


@pytest.mark.parametrize("seeds", SEEDS, ids=str)
def test_the_choice_and_every_price_equal_trying_every_choice(seeds: range) -> None:
    for seed in seeds:
        problem = by_hand.problem(seed, 8)
        ranked = sorted(by_hand.choices(problem), key=lambda c: recheck.rank(problem, c))
        workings = Workings(problem)
        answer = choice.solve_laid(workings)
        assert answer.possible == choice.is_possible(problem) == bool(ranked), seed
        if not ranked:
            continue
        best = ranked[-1]
        assert answer.chosen == best, seed
        prices = price_all(workings, answer)
        assert tuple(prices) == problem.codes
        for code, price in prices.items():
            others = [one for one in ranked if (code in one) != (code in best)]
            if not others:
                assert price.points is None, (seed, code)
                continue
            other = others[-1]
            assert set(price.incoming) == set(other) - set(best), (seed, code)
            assert set(price.outgoing) == set(best) - set(other), (seed, code)
            if code in best:
                assert price.points == need(problem, best) - need(problem, other), (seed, code)


@pytest.mark.parametrize("seeds", [range(3_000, 3_150)], ids=str)
def test_the_missing_points_make_a_unit_chosen_and_one_fewer_does_not(seeds: range) -> None:
    for seed in seeds:
        problem = by_hand.problem(seed, 6)
        workings = Workings(problem)
        answer = choice.solve_laid(workings)
        if not answer.possible:
            continue
        for code, price in price_all(workings, answer).items():
            if code in answer.chosen:
                continue
            assert price.limit is not None or price.binding in ("cap", "areas", "allotment")
            if price.points is None:
                assert code not in choice.solve(richer(problem, code, 1_000)).chosen, (seed, code)
                continue
            assert code in choice.solve(richer(problem, code, price.points)).chosen, (seed, code)
            if price.points > 0:
                less = choice.solve(richer(problem, code, price.points - 1))
                assert code not in less.chosen, (seed, code)


def test_every_way_of_choosing_was_tried() -> None:
    ways = Counter(way for seed in range(1_600) for way in ways_of(by_hand.problem(seed, 8)))
    assert {"nested", "mixed", "recursion"} <= set(ways)
    assert ways["nested"] > 100
    assert ways["mixed"] > 100


@pytest.mark.parametrize("seed", range(60))
def test_taking_the_best_first_equals_the_solver_where_groups_lie_inside_one_another(
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    units = by_hand.table(rng, 60)
    limits = [
        one
        for kind in ("cap", "least", "lock", "total")
        for one in by_hand.limit(rng, kind, units)
        if rng.random() < 0.8
    ]
    problem = ChoiceProblem(units, tuple(limits))
    keys = parts.keys_of(problem.levels, len(units))
    for part in parts.take_apart(write_out(problem)) or ():
        tree = nested.tree_of(part, keys)
        assert tree is not None
        solved = mixed.best(part, [numbers for _, numbers in problem.levels], keys)
        assert tree.best() == (None if solved is None else solved.chosen)


def test_a_budget_that_is_the_same_for_every_unit_only_counts_them() -> None:
    units = by_hand.table(np.random.default_rng(1), 12).assign(cost_baht=80_000)
    allotment = Count("allotment", ALL, 5, 5)
    enough = ChoiceProblem(units, (allotment, Budget("budget", ALL, 400_000)))
    assert choice.solve(enough).ways == {"nested": 1}
    assert not choice.is_possible(ChoiceProblem(units, (allotment, Budget("budget", ALL, 399_999))))


def test_a_group_to_be_filled_reports_what_is_missing_and_is_not_filled_from_elsewhere() -> None:
    units = by_hand.table(np.random.default_rng(3), 12)
    here = int((units["amphoe_code"] == "4601").sum())
    fill = Count("allotment", Group("amphoe_code", "4601"), 0, here + 2, fill=True)
    answer = choice.solve(ChoiceProblem(units, (fill, Count("allotment", ALL, 0, here))))
    assert answer.shortfalls == {fill: 2}
    assert {code[:4] for code in answer.chosen} == {"4601"}


def test_the_first_tier_is_filled_before_the_next_however_great_the_need() -> None:
    units = by_hand.table(np.random.default_rng(4), 6).assign(
        unit_tier=[2, 1, 2, 1, 2, 2], need=[9, 0, 9, 0, 9, 8], target_households=0
    )
    problem = ChoiceProblem(units, (Count("allotment", ALL, 3, 3),), tiers_first=True)
    assert choice.solve(problem).chosen == tuple(units["unit_code"].iloc[[0, 1, 3]])


@pytest.mark.parametrize(
    ("rounding", "units", "asked"),
    [("up", 17_456, 8_728), ("up", 11, 2), ("down", 19, 1), ("nearest", 15, 2), ("nearest", 14, 1)],
)
def test_a_share_is_rounded_as_the_rule_says(rounding: str, units: int, asked: int) -> None:
    half = units > 100
    share = Share("share", ALL, ALL, 50 if half else 10, 100, rounding)  # type: ignore[arg-type]
    assert share.asked(units) == asked


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    number=st.integers(1, 6),
    percent=st.integers(5, 95),
    rounding=st.sampled_from(["up", "down", "nearest"]),
    by_province=st.booleans(),
)
def test_a_share_of_a_fixed_number_is_a_count_of_its_part(
    seed: int, number: int, percent: int, rounding: str, by_province: bool
) -> None:
    units = by_hand.table(np.random.default_rng(seed), 8)
    groups = [Group("province_code", code) for code in sorted(units["province_code"].unique())]
    limits: list[AnyLimit] = [
        Count("allotment", group, min(number, 3), min(number, 3)) for group in groups
    ]
    if not by_province:
        limits = [Count("allotment", ALL, number, number)]
    limits.append(Share("share", ALL, Group("menu", "ผ้า"), percent, 100, rounding))  # type: ignore[arg-type]
    problem = ChoiceProblem(units, tuple(limits))
    answer = choice.solve(problem)
    best = by_hand.best(problem)
    assert (answer.chosen if answer.possible else None) == best
    if not by_province:
        # Nothing crosses any more, so no solver is asked.
        assert set(ways_of(problem)) <= {"nested"}


def test_the_order_of_the_limits_changes_nothing() -> None:
    for seed in range(100):
        problem = by_hand.problem(seed, 8)
        turned = replace(problem, limits=tuple(reversed(problem.limits)))
        assert choice.solve(turned).chosen == choice.solve(problem).chosen


def test_a_limit_is_read_back_from_its_record() -> None:
    for seed in range(200):
        for limit in by_hand.problem(seed).limits:
            assert limit_from(record_of(limit)) == limit


def need(problem: ChoiceProblem, codes: tuple[str, ...]) -> int:
    return int(problem.units.set_index("unit_code")["need"].loc[list(codes)].sum())


def richer(problem: ChoiceProblem, code: str, points: int) -> ChoiceProblem:
    units = problem.units.copy()
    units.loc[units["unit_code"] == code, "need"] += points
    return replace(problem, units=units)


def ways_of(problem: ChoiceProblem) -> list[str]:
    return [laid.way for laid in Workings(problem).parts or ()]
