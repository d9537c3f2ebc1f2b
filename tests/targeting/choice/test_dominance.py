"""Leaving out what no best choice can hold changes no choice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from phaenthi.targeting.choice import dominance
from phaenthi.targeting.choice import solve as choice
from phaenthi.targeting.choice.solve import Workings
from phaenthi.targeting.limits.problem import ALL, Barred, ChoiceProblem, Count, Group, Lock
from tests.targeting import problems_by_hand as by_hand


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave units out also where few of them would go."""
    monkeypatch.setattr(dominance, "_LEAST_UNITS", 0)
    monkeypatch.setattr(dominance, "_WORTH_WHILE", 1.0)


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("seeds", [range(s, s + 400) for s in range(0, 2_400, 400)], ids=str)
def test_the_best_choice_of_any_limits_stays_and_none_appears(seeds: range) -> None:
    fewer = 0
    for seed in seeds:
        problem = by_hand.problem(seed, 8)
        least = dominance.reduce(problem)
        fewer += len(least.units) < len(problem.units)
        answer = choice.solve_laid(Workings(least))
        assert answer.possible == any(True for _ in by_hand.choices(problem)), seed
        if answer.possible:
            assert answer.chosen == by_hand.best(problem), seed
    assert fewer > len(seeds) // 10


def of_one_amphoe(units: int) -> pd.DataFrame:
    rng = np.random.default_rng(units)
    return pd.DataFrame(
        {
            "unit_code": [f"4601{n:04d}" for n in range(units)],
            "need": rng.integers(0, 50, units),
            "target_households": rng.integers(0, 9, units),
            "cost_baht": 1,
            "unit_tier": 1,
            "amphoe_code": "4601",
        }
    )


def test_of_an_amphoe_with_a_cap_of_three_the_three_best_are_left() -> None:
    units = of_one_amphoe(400)
    problem = ChoiceProblem(units, (Count("cap", Group("amphoe_code", "4601"), 0, 3),))
    best = units.sort_values(
        ["need", "target_households", "unit_code"], ascending=[False, False, True]
    )["unit_code"].head(3)
    assert sorted(best) == dominance.reduce(problem).units["unit_code"].tolist()
    assert choice.solve(problem).chosen == tuple(sorted(best))
    assert choice.solve(problem).problem is problem


def test_what_a_person_put_in_stays_and_what_is_barred_goes() -> None:
    units = of_one_amphoe(400)
    cap = Count("cap", Group("amphoe_code", "4601"), 0, 3)
    ranked = units.sort_values(["need", "target_households"], ascending=False)["unit_code"].tolist()
    weakest, strongest = ranked[-1], ranked[0]
    limits = (cap, Lock("lock", weakest, taken=True), Barred("bar", (strongest,)))
    answer = choice.solve(ChoiceProblem(units, limits))
    assert weakest in answer.chosen
    assert strongest not in answer.chosen
    assert len(answer.chosen) == 3


def test_where_no_cap_is_set_or_few_would_go_nothing_is_left_out() -> None:
    units = of_one_amphoe(400)
    free = ChoiceProblem(units, (Count("least", ALL, 5),))
    assert dominance.reduce(free) is free
    loose = replace(free, limits=(Count("cap", ALL, 0, 390),))
    assert dominance.reduce(loose) is loose
