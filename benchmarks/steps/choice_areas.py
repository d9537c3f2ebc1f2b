"""The choice of the whole country by the rules of P1: exact numbers of amphoe in 20 provinces."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix

from benchmarks.country_problem import country
from phaenthi.targeting.choice import solve as choice
from phaenthi.targeting.choice.rows import write_out
from phaenthi.targeting.choice.solve import Answer
from phaenthi.targeting.limits.problem import ChoiceProblem

TITLE = "choice, whole country, exact areas (P1)"
BASELINE = "raw model, `scipy.optimize.milp`, need only"
REPEATS = {"ours": 5, "baseline": 1}
LEAST_RATIO = 40.0
LIMIT = "one core: sorting 75,000 units by group, then the recursion over amphoe"
MILP_SECONDS = 60
SMALL_VILLAGES = 6_000


def load(folder: Path, small: bool) -> ChoiceProblem:  # noqa: ARG001
    """Make the problem up."""
    return country(SMALL_VILLAGES) if small else country()


def ours(problem: ChoiceProblem) -> Answer:
    """Choose, proven the best to the last tie."""
    return choice.solve(ChoiceProblem(problem.units, problem.limits))


def baseline(problem: ChoiceProblem) -> int | None:
    """Give the raw model to HiGHS; None where it ran out of time."""
    system = write_out(problem)
    cells = [(line, v, c) for line, row in enumerate(system.rows) for v, c in row.terms]
    lines, columns, numbers = (np.array(part) for part in zip(*cells, strict=True))
    matrix = coo_matrix((numbers, (lines, columns)), shape=(len(system.rows), system.variables))
    least = [-np.inf if row.least is None else row.least for row in system.rows]
    most = [np.inf if row.most is None else row.most for row in system.rows]
    objective = np.zeros(system.variables)
    objective[: system.units] = -problem.units["need"].to_numpy(dtype=float)
    result = milp(
        objective,
        constraints=LinearConstraint(matrix.tocsr(), least, most),
        integrality=np.ones(system.variables),
        bounds=Bounds(0, 1),
        options={"time_limit": MILP_SECONDS, "mip_rel_gap": 0},
    )
    return round(-result.fun) if result.status == 0 else None


def compared(answer: Answer | int | None) -> int | None:
    """Return the need that is reached; None where the solver proved nothing."""
    return answer.need if isinstance(answer, Answer) else answer


def note(side: str, answer: Answer | int | None, problem: ChoiceProblem) -> str:  # noqa: ARG001
    """Say what was found."""
    if isinstance(answer, Answer):
        return f"need {answer.need:,}, {'proven' if answer.proved else 'NOT PROVEN'}"
    return f"no proof in {MILP_SECONDS} s" if answer is None else f"need {answer:,}"
