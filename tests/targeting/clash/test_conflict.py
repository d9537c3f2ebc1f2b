"""Every conflict is minimal, every relaxation works and is smallest: all are tried."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from phaenthi.targeting.choice import solve as choice
from phaenthi.targeting.clash import conflict
from phaenthi.targeting.clash.conflict import name_of
from phaenthi.targeting.clash.record import clash_from, record_of_clash
from phaenthi.targeting.clash.relaxing import relaxations
from phaenthi.targeting.limits import recount as recheck
from phaenthi.targeting.limits.problem import ALL, Barred, ChoiceProblem, Count, Group, Lock
from tests.targeting import problems_by_hand as by_hand

Amounts = tuple[tuple[str, int], ...]


def broken_by_choice(problem: ChoiceProblem) -> dict[tuple[str, ...], tuple[Amounts, set[str]]]:
    """Return, for every set of units, how much each rule would give way and which are broken."""
    found = {}
    for bits in range(1 << len(problem.codes)):
        codes = tuple(code for place, code in enumerate(problem.codes) if bits >> place & 1)
        amounts: Counter[str] = Counter()
        names = set()
        for breach in recheck.breaches(problem, codes):
            amounts[breach.limit.rule] += abs(breach.found - breach.asked)
            names.add(name_of(breach.limit))
        found[codes] = (tuple(sorted(amounts.items())), names)
    return found


def no_more(one: Amounts, other: Amounts) -> bool:
    limits = dict(other)
    return all(amount <= limits.get(rule, 0) for rule, amount in one)


@pytest.mark.parametrize("seeds", [range(s, s + 100) for s in range(5_000, 5_600, 100)], ids=str)
def test_conflicts_are_minimal_and_relaxations_smallest(seeds: range) -> None:
    for seed in seeds:
        problem = by_hand.problem(seed, 7)
        clash = conflict.examine(problem)
        if choice.is_possible(problem):
            assert clash is None
            continue
        assert clash is not None
        broken = broken_by_choice(problem)

        every = {amounts for amounts, _ in broken.values()}
        smallest = {
            one for one in every if not any(other != one and no_more(other, one) for other in every)
        }
        found, complete = relaxations(problem, len(smallest) + 1)
        assert complete
        assert {one.amounts for one in found} == smallest, seed
        for one in found:
            within = [
                codes for codes, (amounts, _) in broken.items() if no_more(amounts, one.amounts)
            ]
            best = max(recheck.totals(problem, codes) for codes in within)
            assert recheck.totals(problem, one.chosen) == best, seed
            told: Counter[str] = Counter()
            for change in one.changes:
                told[change.limit.rule] += change.amount
            assert tuple(sorted(told.items())) == one.amounts

        names = sorted({name_of(limit) for limit in problem.limits})
        possible = {frozenset(names) - held for _, held in broken.values()}
        minimal = {
            frozenset(rules)
            for size in range(len(names) + 1)
            for rules in combinations(names, size)
            if not any(set(rules) <= held for held in possible)
            and all(any(set(rules) - {rule} <= held for held in possible) for rule in rules)
        }
        assert {frozenset(one.rules) for one in clash.conflicts} == minimal, seed
        for one_conflict in clash.conflicts:
            narrowed = ChoiceProblem(problem.units, one_conflict.limits)
            assert not choice.is_possible(narrowed)
            for limit in one_conflict.limits:
                fewer = tuple(other for other in one_conflict.limits if other != limit)
                assert choice.is_possible(ChoiceProblem(problem.units, fewer)), seed
        assert clash_from(record_of_clash(clash)) == clash


def test_a_planner_is_told_which_amphoe_is_short_and_what_would_do() -> None:
    units = by_hand.table(np.random.default_rng(0), 9)
    amphoe = Group("amphoe_code", str(units["amphoe_code"].iloc[0]))
    here = units.loc[units["amphoe_code"] == amphoe.value, "unit_code"].tolist()
    limits = (
        Count("at-least", amphoe, len(here), None),
        Barred("no-overlap", (here[0],)),
        Count("cap", amphoe, 0, len(here)),
    )
    clash = conflict.examine(ChoiceProblem(units, limits))
    assert clash is not None
    assert [one.rules for one in clash.conflicts] == [("at-least", "no-overlap")]
    assert {one.amounts for one in clash.relaxations} == {(("at-least", 1),), (("no-overlap", 1),)}
    assert clash.no_help == ()


def test_two_decisions_against_one_allotment_are_told_one_by_one() -> None:
    units = by_hand.table(np.random.default_rng(0), 5)
    first, second = units["unit_code"].iloc[:2]
    limits = (
        Lock("override", first, True),
        Lock("override", second, True),
        Count("allotment", ALL, 1, 1),
    )
    clash = conflict.examine(ChoiceProblem(units, limits))
    assert clash is not None
    assert clash.conflicts[0].rules == ("allotment", f"override {first}", f"override {second}")
