"""The choice of the whole country under limits that lie inside one another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from benchmarks.steps import choice_areas
from benchmarks.steps.choice_areas import baseline, compared, note, ours
from phaenthi.targeting.limits.problem import Areas, ChoiceProblem

__all__ = ["baseline", "compared", "load", "note", "ours"]
TITLE = "choice, whole country, nested limits"
BASELINE = choice_areas.BASELINE
REPEATS = {"ours": 5, "baseline": 1}
LEAST_RATIO = 500.0
LIMIT = (
    "one core: sorting 75,000 units by group is half of it, laying the best of each group out the "
    "rest; where limits lie inside one another HiGHS takes seconds, so that the goal is 0.01 s"
)


def load(folder: Path, small: bool) -> ChoiceProblem:
    """Return the problem with caps and allotments only."""
    problem = choice_areas.load(folder, small)
    nested = tuple(limit for limit in problem.limits if not isinstance(limit, Areas))
    return replace(problem, limits=nested)
