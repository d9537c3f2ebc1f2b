"""The check of a plan of the whole country, without a solver."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.steps import choice_areas
from phaenthi.targeting.choice import solve as choice
from phaenthi.targeting.choice.solve import Workings
from phaenthi.targeting.limits.problem import ChoiceProblem
from phaenthi.targeting.proof import multipliers
from phaenthi.targeting.proof.asked import Asked
from phaenthi.targeting.proof.check import Claim, check_choice
from phaenthi.targeting.proof.units import Units
from phaenthi.targeting.proof.verdict import Proof

TITLE = "certificate check of a country's plan, no solver"
BASELINE = "the raw model solved again by `scipy.optimize.milp`"
REPEATS = {"ours": 5, "baseline": 1}
MOST_SECONDS = 1.0
LIMIT = "one core of Python: 75,000 units in whole numbers"


@dataclass(frozen=True)
class Inputs:
    """A plan as it is kept."""

    problem: ChoiceProblem
    asked: Asked
    claim: Claim
    table: pd.DataFrame


def load(folder: Path, small: bool) -> Inputs:
    """Choose, and find the multipliers that a plan keeps."""
    problem = choice_areas.load(folder, small)
    answer = choice.solve_laid(Workings(problem))
    table = problem.units.assign(verdict="met")
    units = Units.of(table, {}, 0)
    levels = multipliers.prove(units, problem.limits, answer.chosen, tiers_first=False)
    asked = Asked(problem.limits, tiers_first=False, baht=0)
    return Inputs(problem, asked, Claim(("country",), answer.chosen, levels), table)


def ours(inputs: Inputs) -> Proof:
    """Check the plan."""
    return check_choice(inputs.table, inputs.asked, {}, inputs.claim)


def baseline(inputs: Inputs) -> int | None:
    """Solve again."""
    return choice_areas.baseline(inputs.problem)


def compared(answer: Proof | int | None) -> int | None:
    """Return the need that nothing can exceed."""
    if isinstance(answer, Proof):
        return answer.need if answer.settled and not answer.failures else None
    return answer


def note(side: str, answer: Proof | int | None, inputs: Inputs) -> str:
    """Say what was found."""
    if isinstance(answer, Proof):
        return f"ceiling {answer.ceiling:,}, {len(answer.failures)} failures"
    return choice_areas.note(side, answer, inputs.problem)
