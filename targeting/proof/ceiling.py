"""A ceiling that no choice can pass, for limits of any kind, worked out in whole numbers.

For every choice ``x`` that keeps the rows ``least ≤ A x ≤ most``, and any multipliers ``y``,

    w·x = y·(A x) + (w − yA)·x ≤ Σ rows (y > 0: y·most, y < 0: y·least) + Σ max(0, w − yA)

because every variable is 0 or 1 (weak duality). The multipliers are kept as whole numbers over
:data:`DENOMINATOR`, so anyone can add the right side up; nothing here imports a solver. Each level
of the objective has its own ceiling, with the levels before it held at what the choice reached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from phaenthi.targeting.proof.rows import Row, hold
from phaenthi.targeting.proof.units import Level

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


def reached_by(levels: Sequence[Level], chosen: Sequence[int]) -> list[int]:
    """Return what a choice has of each level."""
    return [sum(weights[unit] for unit in chosen) for _, weights in levels]


def work_out(weights: Sequence[int], rows: Sequence[Row], multipliers: Mapping[int, int]) -> int:
    """Return the ceiling that some multipliers prove for a level.

    Raises
    ------
    ValueError
        If a multiplier names no row, or leans on a side of a row that has no bound.
    """
    left = {variable: weight * DENOMINATOR for variable, weight in enumerate(weights) if weight}
    total = 0
    for place, multiplier in multipliers.items():
        if not 0 <= place < len(rows):
            raise ValueError(f"there is no row {place}")
        row = rows[place]
        side = row.most if multiplier > 0 else row.least
        if side is None:
            raise ValueError(f"row {place} has no bound on that side")
        total += multiplier * side
        for variable, coefficient in row.terms:
            left[variable] = left.get(variable, 0) - multiplier * coefficient
    total += sum(rest for rest in left.values() if rest > 0)
    return total // DENOMINATOR


def ceilings(
    levels: Sequence[Level], rows: Sequence[Row], reached: Sequence[int], told: Sequence[LevelProof]
) -> list[int | None]:
    """Return the ceiling of each level by the multipliers that a plan tells.

    Returns
    -------
    list
        One a level; ``None`` where the plan has no multipliers for it, or they prove nothing.
    """
    found: list[int | None] = []
    for place, (name, weights) in enumerate(levels):
        if place >= len(told) or told[place].level != name:
            found.append(None)
            continue
        held = [*rows, *hold(levels[:place], reached)]
        try:
            found.append(work_out(weights, held, told[place].multipliers))
        except ValueError:
            found.append(None)
    return found


def is_impossible(rows: Sequence[Row], told: Sequence[LevelProof]) -> bool:
    """Tell whether saved multipliers prove that no choice keeps the limits."""
    if len(told) != 1 or told[0].level != IMPOSSIBLE:
        return False
    try:
        return work_out((), rows, told[0].multipliers) < 0
    except ValueError:
        return False
