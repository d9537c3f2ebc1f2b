"""The choice of the whole country like P1 out of a national budget, so many baht a village."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from benchmarks.country_problem import NATIONAL
from benchmarks.steps import choice_areas
from benchmarks.steps.choice_areas import baseline, compared, note, ours
from phaenthi.targeting.limits.problem import ALL, Budget, ChoiceProblem

__all__ = ["baseline", "compared", "load", "note", "ours"]
TITLE = "choice, whole country, with a national budget (80,000 baht a village)"
BASELINE = choice_areas.BASELINE
REPEATS = {"ours": 5, "baseline": 1}
LEAST_RATIO = 20.0
LIMIT = choice_areas.LIMIT
BAHT = 80_000


def load(folder: Path, small: bool) -> ChoiceProblem:
    """Return the problem of P1 with a budget in the place of the national number."""
    problem = choice_areas.load(folder, small)
    limits = tuple(one for one in problem.limits if one.rule != "national-allotment")
    return replace(problem, limits=(*limits, Budget("budget", ALL, BAHT * NATIONAL)))
