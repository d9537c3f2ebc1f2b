"""The choice of the whole country like P1, and a national budget over costs that differ."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.country_problem import NATIONAL, SEED
from benchmarks.steps import choice_areas
from benchmarks.steps.choice_areas import baseline, compared, note, ours
from phaenthi.targeting.limits.problem import ALL, Budget, ChoiceProblem

__all__ = ["baseline", "compared", "load", "note", "ours"]
TITLE = "choice, whole country, with a national budget over costs that differ"
BASELINE = choice_areas.BASELINE
REPEATS = {"ours": 3, "baseline": 1}
LEAST_RATIO = 20.0
IN_SMALL = False
MOST_WAIT_SECONDS = 180
LIMIT = (
    "one core of Python: laying the units out, then a relaxed choice by HiGHS; such a budget ties "
    "every part of the country together. Proven to the last tie, where the raw model stops at need"
)
# Less than the choice without a budget costs, so that the budget decides.
MEAN_BAHT = 78_000


def load(folder: Path, small: bool) -> ChoiceProblem:
    """Return the problem with costs of 60,000 to 100,000 baht and a budget."""
    problem = choice_areas.load(folder, small)
    rng = np.random.default_rng(SEED)
    costs = rng.integers(60, 101, len(problem.units)) * 1_000
    budget = Budget("budget", ALL, MEAN_BAHT * NATIONAL)
    return replace(
        problem, units=problem.units.assign(cost_baht=costs), limits=(*problem.limits, budget)
    )
