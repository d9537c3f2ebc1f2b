"""The check of a plan of the whole country, without a solver."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.steps import choice_areas
from phaenthi.targeting.choice import solve as choice
from phaenthi.targeting.choice.solve import Workings
from phaenthi.targeting.limits.problem import ChoiceProblem
from phaenthi.targeting.proof import limits as general_proof
from phaenthi.targeting.proof import multipliers
from phaenthi.targeting.proof.plain import Proof
from phaenthi.targeting.proof.record import Record

TITLE = "certificate check of a country's plan, no solver"
BASELINE = "the raw model solved again by `scipy.optimize.milp`"
REPEATS = {"ours": 5, "baseline": 1}
MOST_SECONDS = 1.0
LIMIT = "one core of Python: 75,000 units in whole numbers"


@dataclass(frozen=True)
class Inputs:
    """A plan as it is kept."""

    problem: ChoiceProblem
    record: Record
    chosen: tuple[str, ...]


def load(folder: Path, small: bool) -> Inputs:
    """Choose, and find the multipliers that a plan keeps."""
    problem = choice_areas.load(folder, small)
    answer = choice.solve_laid(Workings(problem))
    levels = multipliers.prove(problem, answer.chosen)
    record = Record(("country",), problem.limits, False, 0, proved=True, levels=levels)
    return Inputs(problem, record, answer.chosen)


def ours(inputs: Inputs) -> Proof:
    """Check the plan."""
    return general_proof.check_choice(inputs.record, inputs.problem.units, inputs.chosen, {})


def baseline(inputs: Inputs) -> int | None:
    """Solve again."""
    return choice_areas.baseline(inputs.problem)


def compared(answer: Proof | int | None) -> int | None:
    """Return the need that nothing can exceed."""
    if isinstance(answer, Proof):
        return None if answer.failures else answer.optimum
    return answer


def note(side: str, answer: Proof | int | None, inputs: Inputs) -> str:
    """Say what was found."""
    if isinstance(answer, Proof):
        return f"ceiling {answer.ceiling:,}, {len(answer.failures)} failures"
    return choice_areas.note(side, answer, inputs.problem)
