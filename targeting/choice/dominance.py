"""Units that no best choice can hold, left out before anything is laid out.

Two units of which every limit sees the same (the same groups, areas, values and, under a budget,
cost) can stand in for each other. Of such units a best choice holds the best ones: a better one
in the place of a worse one keeps every limit. Where a limit allows at most *m* units of a group
around them, only the best *m* of them can be chosen at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from phaenthi.targeting.limits.problem import (
    Areas,
    Average,
    Barred,
    Budget,
    ChoiceProblem,
    Count,
    Distinct,
    Lock,
    Share,
)

# Sorting units out is worth its time only where many of them go.
_LEAST_UNITS = 200
_WORTH_WHILE = 0.5


def reduce(problem: ChoiceProblem) -> ChoiceProblem:
    """Return the problem without the units that no best choice can hold.

    Returns
    -------
    ChoiceProblem
        The same limits; the same problem where few units would go. Its best choice is that of
        the problem given, and it has one exactly when that has one.
    """
    units = problem.units
    if len(units) < _LEAST_UNITS or not any(map(_is_cap, problem.limits)):
        return problem
    most = _most_of_kind(problem)
    codes = units["unit_code"]
    locked = {one.unit_code for one in problem.limits if isinstance(one, Lock)}
    barred = {code for one in problem.limits if isinstance(one, Barred) for code in one.unit_codes}
    kept = codes.isin(list(locked)).to_numpy(dtype=bool, copy=True)
    # A unit that somebody put in or out takes no place among the best of the free ones.
    free = np.flatnonzero(~codes.isin([*locked, *barred]).to_numpy(dtype=bool))
    kinds = _kinds(problem)[free]
    order = np.lexsort(
        (*(numbers[free] for numbers in reversed(list(_worst_last(problem)))), kinds)
    )
    starts = np.flatnonzero(np.r_[True, np.diff(kinds[order]) != 0][: len(order)])
    within = np.arange(len(order)) - np.repeat(starts, np.diff(np.r_[starts, len(order)]))
    best = free[order]
    kept[best[within < most[best]]] = True
    if kept.sum() > _WORTH_WHILE * len(kept):
        return problem
    return replace(problem, units=units[kept].reset_index(drop=True))


def _is_cap(limit: object) -> bool:
    return isinstance(limit, Count) and limit.most is not None


def _most_of_kind(problem: ChoiceProblem) -> npt.NDArray[np.int64]:
    """Return for each unit how many of the groups around it can be chosen at most."""
    count = len(problem.units)
    most = np.full(count, count, dtype=np.int64)
    caps: dict[str, dict[str, int]] = {}
    for limit in problem.limits:
        if isinstance(limit, Count) and limit.most is not None:
            of_column = caps.setdefault(limit.group.column, {})
            of_column[limit.group.value] = min(of_column.get(limit.group.value, count), limit.most)
    for column, allowed in caps.items():
        if not column:
            most = np.minimum(most, min(allowed.values()))
            continue
        numbers, values = pd.factorize(problem.units[column])
        # Units without a value lie in no group; they take the last place.
        of_value = np.array([*(allowed.get(str(value), count) for value in values), count])
        most = np.minimum(most, of_value[numbers])
    return most


def _kinds(problem: ChoiceProblem) -> npt.NDArray[np.int64]:
    """Give one number to all units of which every limit sees the same."""
    found = np.zeros(len(problem.units), dtype=np.int64)
    for column in dict.fromkeys(_columns(problem)):
        if column:
            numbers, values = pd.factorize(problem.units[column])
            found = found * (len(values) + 1) + numbers + 1
            if len(values) * (found.max(initial=0) + 1) > 2**40:
                found = pd.factorize(found)[0].astype(np.int64)
    return found


def _columns(problem: ChoiceProblem) -> Iterator[str]:
    for limit in problem.limits:
        if isinstance(limit, Count):
            yield limit.group.column
        elif isinstance(limit, Areas | Average):
            yield from (limit.group.column, limit.area_column)
        elif isinstance(limit, Budget):
            yield from (limit.group.column, "cost_baht")
        elif isinstance(limit, Distinct):
            yield from (limit.area_column, limit.value_column)
        elif isinstance(limit, Share):
            yield from (limit.group.column, limit.part.column)


def _worst_last(problem: ChoiceProblem) -> Iterator[npt.NDArray[np.int64]]:
    """Yield what units of one kind are compared by, the first before the next, the best lowest."""
    units = problem.units
    if problem.tiers_first:
        counted = np.ones(len(units), dtype=bool)
        filled = [one for one in problem.limits if isinstance(one, Count) and one.fill]
        if filled:
            counted = np.zeros(len(units), dtype=bool)
            for limit in filled:
                group = limit.group
                counted |= (
                    (units[group.column] == group.value).fillna(value=False).to_numpy(dtype=bool)
                    if group.column
                    else True
                )
        yield np.where(counted, units["unit_tier"].to_numpy(dtype=np.int64), 0)
    yield -units["need"].to_numpy(dtype=np.int64)
    yield -units["target_households"].to_numpy(dtype=np.int64)
    yield np.arange(len(units))
