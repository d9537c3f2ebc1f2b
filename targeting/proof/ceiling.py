"""A ceiling that no choice can pass, for limits of any kind, worked out in whole numbers.

For every choice ``x`` that keeps the rows ``least ≤ A x ≤ most``, and any multipliers ``y``,

    w·x = y·(A x) + (w − yA)·x ≤ Σ rows (y > 0: y·most, y < 0: y·least) + Σ max(0, w − yA)

because every variable is 0 or 1 (weak duality). The multipliers are kept as whole numbers over
:data:`DENOMINATOR`, so anyone can add the right side up; nothing here imports a solver. Each level
of the objective has its own ceiling, with the levels before it held at what the choice reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from phaenthi.targeting.limits import recount as recheck
from phaenthi.targeting.limits.problem import ChoiceProblem
from phaenthi.targeting.limits.rows import Row, write_counts, write_out

# Fine enough that rounding a multiplier moves no ceiling by a point, even beside millions of baht.
DENOMINATOR = 10**12
IMPOSSIBLE = "impossible"


@dataclass(frozen=True)
class LevelProof:
    """How far one level of the objective is proved.

    Attributes
    ----------
    reached, ceiling
        What the choice has, and what no choice can pass.
    multipliers
        Row → multiplier times :data:`DENOMINATOR`, where it is not 0.
    """

    level: str
    reached: int
    ceiling: int
    multipliers: Mapping[int, int]

    @property
    def gap(self) -> int:
        """What the ceiling leaves open; 0 when it closes."""
        return self.ceiling - self.reached


def rows_for(problem: ChoiceProblem, reached: Sequence[int], level: int) -> tuple[Row, ...]:
    """Return the rows that a level's ceiling rests on: the limits and the levels before it.

    Limits written as counts come last: the place of a row is what a saved multiplier names.
    """
    held = tuple(
        Row(None, _terms(weights), number, None)
        for (_, weights), number in zip(problem.levels[:level], reached, strict=False)
    )
    return (*write_out(problem, cuts=True).rows, *held, *write_counts(problem))


def work_out(weights: Sequence[int], rows: Sequence[Row], multipliers: Mapping[int, int]) -> int:
    """Return the ceiling that some multipliers prove for a level.

    Raises
    ------
    ValueError
        If a multiplier leans on a side of a row that has no bound.
    """
    left = {variable: weight * DENOMINATOR for variable, weight in enumerate(weights) if weight}
    total = 0
    for place, multiplier in multipliers.items():
        row = rows[place]
        side = row.most if multiplier > 0 else row.least
        if side is None:
            raise ValueError(f"row {place} has no bound on that side")
        total += multiplier * side
        for variable, coefficient in row.terms:
            left[variable] = left.get(variable, 0) - multiplier * coefficient
    total += sum(rest for rest in left.values() if rest > 0)
    return total // DENOMINATOR


def check(
    problem: ChoiceProblem, chosen: Iterable[str], proofs: Sequence[LevelProof]
) -> list[LevelProof]:
    """Return the proofs that do not hold when they are worked out again."""
    reached = recheck.totals(problem, chosen)
    wrong = list(proofs[len(problem.levels) :])
    for level, proof in enumerate(proofs[: len(problem.levels)]):
        name, weights = problem.levels[level]
        try:
            found = work_out(weights, rows_for(problem, reached, level), proof.multipliers)
        except (ValueError, IndexError):
            wrong.append(proof)
            continue
        told = (proof.level, proof.reached, proof.ceiling)
        if told != (name, reached[level], found) or found < reached[level]:
            wrong.append(proof)
    return wrong


def is_impossible(problem: ChoiceProblem, proofs: Sequence[LevelProof]) -> bool:
    """Tell whether saved multipliers prove that no choice keeps the limits."""
    if len(proofs) != 1 or proofs[0].level != IMPOSSIBLE:
        return False
    try:
        found = work_out((), rows_for(problem, (), 0), proofs[0].multipliers)
    except (ValueError, IndexError):
        return False
    return found == proofs[0].ceiling and found < 0


def _terms(weights: Sequence[int]) -> tuple[tuple[int, int], ...]:
    return tuple((variable, weight) for variable, weight in enumerate(weights) if weight)
