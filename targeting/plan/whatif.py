"""What if a rule were another: the plan made again with a change, and who enters and leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from phaenthi.targeting.choice import solve as choice
from phaenthi.targeting.choice.solve import Workings
from phaenthi.targeting.judging.evidence import Evidence
from phaenthi.targeting.limits import pose
from phaenthi.targeting.limits.problem import ChoiceProblem
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.plan.compare import Comparison, compare
from phaenthi.targeting.plan.record import Override, Plan
from phaenthi.targeting.programme.programme import Programme


@dataclass(frozen=True)
class WhatIf:
    """A plan under a change, beside the one without."""

    plan: Plan
    comparison: Comparison


def ask(
    before: Plan,
    programme: Programme,
    evidence: Evidence,
    *,
    overrides: Iterable[Override] | None = None,
) -> WhatIf:
    """Make a plan again under changed rules or decisions and compare it.

    Parameters
    ----------
    programme
        The programme as it would be: see :func:`phaenthi.targeting.programme.changes.change` and
        :meth:`phaenthi.targeting.programme.programme.Programme.with_readings`.
    overrides
        The decisions as they would be; those of the plan without it.
    """
    decisions = before.overrides if overrides is None else tuple(overrides)
    after = plans.make(
        programme,
        evidence,
        before.provinces,
        decided_on=before.decided_on,
        overrides=decisions,
        numbers=before.numbers,
    )
    return WhatIf(after, compare(before, after))


def weight_ranges(
    programme: Programme,
    units: pd.DataFrame,
    province: str,
    *,
    locks: Mapping[str, bool] | None = None,
    most: int = 100,
) -> pd.DataFrame:
    """Return the range of each need weight over which each chosen unit stays chosen.

    Parameters
    ----------
    units
        Units of a plan or of a judgement, with ``need_<part>``.
    locks
        Unit code → taken, by a person's decision.
    most
        The largest weight looked at.

    Returns
    -------
    pandas.DataFrame
        unit_code, part, weight (in force), lowest, highest: whole weights, the others held;
        ``highest`` equal to ``most`` means at least that. Only parts with a weight above 0, for
        the counts behind a weight of 0 are not known.

    Notes
    -----
    Exact: where the best choice is the same at two weights it is the same between them, because
    total need is linear in the weight, so only the weights where it changes are searched for.
    """
    problem = pose.pose(programme, units, [province], locks)
    rule = programme.need()
    rows: list[tuple[str, str, int, int, int]] = []
    for part in rule.parts if rule else ():
        if not part.weight:
            continue
        pieces = _pieces(problem, part.id, part.weight, most)
        now = next(i for i, (low, high, _) in enumerate(pieces) if low <= part.weight <= high)
        for code in sorted(pieces[now][2]):
            first = last = now
            while first > 0 and code in pieces[first - 1][2]:
                first -= 1
            while last + 1 < len(pieces) and code in pieces[last + 1][2]:
                last += 1
            rows.append((code, part.id, part.weight, pieces[first][0], pieces[last][1]))
    return pd.DataFrame(rows, columns=["unit_code", "part", "weight", "lowest", "highest"])


def _pieces(
    problem: ChoiceProblem, part: str, weight: int, most: int
) -> list[tuple[int, int, frozenset[str]]]:
    """Return the runs of weights with one best choice: first weight, last weight, the choice."""
    points = problem.units[f"need_{part}"].astype("int64")
    rest = problem.units["need"].astype("int64") - points
    counts = points // weight
    known: dict[int, frozenset[str]] = {}
    workings = Workings(problem)

    def at(value: int) -> frozenset[str]:
        if value not in known:
            shifted = workings.with_needs(rest + value * counts)
            known[value] = frozenset(choice.solve_laid(shifted).chosen)
        return known[value]

    def changes(low: int, high: int) -> list[int]:
        """Return the weights after which the choice is another one."""
        if at(low) == at(high):
            return []
        if high - low == 1:
            return [low]
        middle = (low + high) // 2
        return [*changes(low, middle), *changes(middle, high)]

    top = max(most, weight)
    ends = [*changes(0, top), top]
    starts = [0, *(end + 1 for end in ends[:-1])]
    return [(start, end, at(start)) for start, end in zip(starts, ends, strict=True)]
