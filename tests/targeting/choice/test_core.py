"""What a relaxed choice settles is so in every best choice, and the rest is chosen exactly."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from phaenthi.targeting.choice import integer_programme as mixed
from phaenthi.targeting.choice import reduced_cost_fixing as core
from phaenthi.targeting.choice import solve as choice
from phaenthi.targeting.choice.rows import write_out
from phaenthi.targeting.limits.problem import (
    ALL,
    AnyLimit,
    Areas,
    Budget,
    ChoiceProblem,
    Count,
    Group,
)
from tests.targeting import problems_by_hand as by_hand


@pytest.fixture
def small_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take even a few units for many."""
    monkeypatch.setattr(mixed, "MANY_UNITS", 0)
    monkeypatch.setattr(core, "FIRST_CORE", 2)
    monkeypatch.setattr(core, "_LARGEST_SHARE", 1.0)


@pytest.mark.parametrize("seeds", [range(s, s + 150) for s in range(0, 600, 150)], ids=str)
@pytest.mark.usefixtures("small_cores")
def test_the_choice_by_way_of_a_core_equals_trying_every_choice(seeds: range) -> None:
    for seed in seeds:
        problem = by_hand.problem(seed, 8)
        best = by_hand.best(problem)
        answer = choice.solve(problem)
        assert answer.possible == (best is not None), seed
        assert answer.chosen == (best or ()), seed


@pytest.mark.parametrize("seeds", [range(s, s + 100) for s in range(0, 300, 100)], ids=str)
@pytest.mark.usefixtures("small_cores")
def test_every_choice_of_the_most_need_holds_what_is_settled(seeds: range) -> None:
    for seed in seeds:
        problem = by_hand.problem(seed, 8)
        needs = problem.numbers("need")
        allowed = [{problem.place[c] for c in one} for one in by_hand.choices(problem)]
        if not allowed:
            continue
        most = max(sum(needs[unit] for unit in one) for one in allowed)
        settled = core.settle(write_out(problem).rows, dict(enumerate(needs)))
        for one in allowed:
            if sum(needs[unit] for unit in one) == most:
                units = {unit for unit in settled if unit < len(needs)}
                assert all((unit in one) == settled[unit] for unit in units), seed


def test_no_choice_passes_the_ceiling_of_the_relaxed_choice() -> None:
    for seed in range(200):
        problem = by_hand.problem(seed, 8)
        needs = problem.numbers("need")
        relaxed = core.relax(write_out(problem).rows, dict(enumerate(needs)))
        for codes in by_hand.choices(problem):
            reached = sum(needs[problem.place[code]] for code in codes)
            assert relaxed is None or reached * core._FINENESS <= relaxed.ceiling, seed


@pytest.mark.parametrize("seed", range(4))
def test_a_budget_over_many_villages_is_chosen_as_it_is_without_a_core(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = provinces_with_a_budget(seed)
    monkeypatch.setattr(mixed, "MANY_UNITS", 10**9)
    plain = choice.solve(problem)
    monkeypatch.setattr(mixed, "MANY_UNITS", 10)
    monkeypatch.setattr(core, "FIRST_CORE", 24)
    monkeypatch.setattr(core, "_LARGEST_SHARE", 1.0)
    settled: list[int] = []
    settle = core.settle

    def counted(*given: object) -> dict[int, bool]:
        found = settle(*given)  # type: ignore[arg-type]
        settled.append(len(found))
        return found

    monkeypatch.setattr(core, "settle", counted)
    by_core = choice.solve(problem)
    assert by_core.chosen == plain.chosen
    assert by_core.proved
    assert settled[0] > 0


def provinces_with_a_budget(seed: int) -> ChoiceProblem:
    """Return two provinces with villages, amphoe and caps of their own, and one budget."""
    rng = np.random.default_rng([seed, 75])
    codes = [f"{p}{a:02d}01{n:02d}" for p in (46, 47) for a in range(1, 7) for n in range(1, 11)]
    units = pd.DataFrame(
        {
            "unit_code": codes,
            "need": rng.integers(0, 400, len(codes)),
            "target_households": rng.integers(20, 120, len(codes)),
            "cost_baht": rng.integers(60, 101, len(codes)) * 1_000,
            "unit_tier": 1,
            "amphoe_code": [code[:4] for code in codes],
            "province_code": [code[:2] for code in codes],
        }
    )
    limits: list[AnyLimit] = [Budget("budget", ALL, 16 * 74_000)]
    for province in ("46", "47"):
        group = Group("province_code", province)
        limits += [Count("allotment", group, 8, 8), Areas("areas", group, "amphoe_code", 4)]
    for amphoe in sorted(units["amphoe_code"].unique()):
        limits.append(Count("cap", Group("amphoe_code", amphoe), 0, 3))
    return ChoiceProblem(units, tuple(limits))
