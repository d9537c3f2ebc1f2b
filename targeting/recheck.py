"""A choice counted again, limit by limit, in whole numbers: nothing that chose it takes part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from targeting.problem import (
    AnyLimit,
    Areas,
    Average,
    Barred,
    Budget,
    ChoiceProblem,
    Count,
    Distinct,
    Group,
    Lock,
    Share,
)


@dataclass(frozen=True)
class Breach:
    """A limit that a choice does not keep: what was found and what is asked."""

    limit: AnyLimit
    found: int
    asked: int
    place: str = ""


def breaches(problem: ChoiceProblem, chosen: Iterable[str]) -> list[Breach]:
    """Return every limit that a choice breaks.

    Parameters
    ----------
    chosen
        Unit codes of the problem, each once.

    Raises
    ------
    ValueError
        If a code is not among the problem's units, or comes twice.
    """
    codes = list(chosen)
    if len(set(codes)) != len(codes) or not set(codes) <= problem.place.keys():
        raise ValueError("the choice names a unit twice or one that is not there")
    places = sorted(problem.place[code] for code in codes)
    return [breach for limit in problem.limits for breach in _broken(problem, limit, places)]


def shortfalls(problem: ChoiceProblem, chosen: Iterable[str]) -> dict[Count, int]:
    """Return how many units are missing in each group that was to be filled and is not full."""
    places = [problem.place[code] for code in chosen]
    missing = {
        limit: (limit.most or 0) - len(_inside(problem, limit.group, places))
        for limit in problem.limits
        if isinstance(limit, Count) and limit.fill
    }
    return {limit: number for limit, number in missing.items() if number > 0}


def totals(problem: ChoiceProblem, chosen: Iterable[str]) -> tuple[int, ...]:
    """Return what a choice reaches on every level of the objective."""
    places = [problem.place[code] for code in chosen]
    return tuple(sum(numbers[p] for p in places) for _, numbers in problem.levels)


def rank(problem: ChoiceProblem, chosen: Iterable[str]) -> tuple[tuple[int, ...], list[int]]:
    """Return the declared order of choices: the levels, then the lower codes."""
    held = set(chosen)
    return totals(problem, held), [int(code in held) for code in problem.codes]


def _inside(problem: ChoiceProblem, group: Group, places: Iterable[int]) -> list[int]:
    if not group.column:
        return list(places)
    values = problem.values(group.column)
    return [place for place in places if values[place] == group.value]


def _used(
    problem: ChoiceProblem, limit: Areas | Average, places: list[int]
) -> tuple[Counter[str], int]:
    """Count the chosen units by area, and those of the group in any area or none."""
    values = problem.values(limit.area_column)
    inside = _inside(problem, limit.group, places)
    return Counter(value for p in inside if (value := values[p]) is not None), len(inside)


def _broken(problem: ChoiceProblem, limit: AnyLimit, places: list[int]) -> Iterator[Breach]:
    if isinstance(limit, Count):
        found = len(_inside(problem, limit.group, places))
        if found < limit.least:
            yield Breach(limit, found, limit.least)
        if limit.most is not None and found > limit.most:
            yield Breach(limit, found, limit.most)
    elif isinstance(limit, Areas):
        used, _ = _used(problem, limit, places)
        if len(used) != limit.areas:
            yield Breach(limit, len(used), limit.areas)
        for area, found in sorted(used.items()):
            if found < limit.each_at_least:
                yield Breach(limit, found, limit.each_at_least, area)
    elif isinstance(limit, Average):
        used, found = _used(problem, limit, places)
        if found > limit.most * len(used):
            yield Breach(limit, found, limit.most * len(used))
    elif isinstance(limit, Share):
        asked = limit.asked(len(_inside(problem, limit.group, places)))
        both = _inside(problem, limit.part, _inside(problem, limit.group, places))
        if len(both) < asked:
            yield Breach(limit, len(both), asked)
    else:
        yield from _broken_singly(problem, limit, places)


def _broken_singly(
    problem: ChoiceProblem, limit: Budget | Distinct | Lock | Barred, places: list[int]
) -> Iterator[Breach]:
    if isinstance(limit, Budget):
        costs = problem.units["cost_baht"]
        spent = sum(int(costs.iloc[p]) for p in _inside(problem, limit.group, places))
        if spent > limit.baht:
            yield Breach(limit, spent, limit.baht)
    elif isinstance(limit, Distinct):
        areas, values = problem.values(limit.area_column), problem.values(limit.value_column)
        seen = Counter(
            (area, value)
            for p in places
            if (area := areas[p]) is not None and (value := values[p]) is not None
        )
        for (area, value), found in sorted(seen.items()):
            if found > 1:
                yield Breach(limit, found, 1, f"{area} {value}")
    elif isinstance(limit, Lock):
        held = problem.place.get(limit.unit_code) in places
        if held != limit.taken:
            yield Breach(limit, int(held), int(limit.taken), limit.unit_code)
    else:
        for code in sorted(limit.unit_codes):
            if problem.place.get(code) in places:
                yield Breach(limit, 1, 0, code)
