"""A choice counted again, limit by limit, in whole numbers: nothing that chose it takes part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from phaenthi.targeting.limits.problem import (
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
    held = _Held(problem, sorted(problem.place[code] for code in codes))
    return [breach for limit in problem.limits for breach in _broken(held, limit)]


def shortfalls(problem: ChoiceProblem, chosen: Iterable[str]) -> dict[Count, int]:
    """Return how many units are missing in each group that was to be filled and is not full."""
    held = _Held(problem, [problem.place[code] for code in chosen])
    missing = {
        limit: (limit.most or 0) - len(held.inside(limit.group))
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


@dataclass(frozen=True)
class _Held:
    """The places of a choice, looked up by the groups that they lie in."""

    problem: ChoiceProblem
    places: Sequence[int]

    def inside(self, group: Group) -> Sequence[int]:
        """Return those in a group."""
        if not group.column:
            return self.places
        if group.column not in self._by_column:
            values = self.problem.values(group.column)
            found: dict[str | None, list[int]] = {}
            for place in self.places:
                found.setdefault(values[place], []).append(place)
            self._by_column[group.column] = found
        return self._by_column[group.column].get(group.value, [])

    def used(self, limit: Areas | Average) -> tuple[Counter[str], int]:
        """Count those of a group by area, and those in any area or none."""
        values = self.problem.values(limit.area_column)
        inside = self.inside(limit.group)
        return Counter(value for p in inside if (value := values[p]) is not None), len(inside)

    @cached_property
    def _by_column(self) -> dict[str, dict[str | None, list[int]]]:
        return {}


def _broken(held: _Held, limit: AnyLimit) -> Iterator[Breach]:
    if isinstance(limit, Count):
        found = len(held.inside(limit.group))
        if found < limit.least:
            yield Breach(limit, found, limit.least)
        if limit.most is not None and found > limit.most:
            yield Breach(limit, found, limit.most)
    elif isinstance(limit, Areas):
        used, _ = held.used(limit)
        if len(used) != limit.areas:
            yield Breach(limit, len(used), limit.areas)
        for area, found in sorted(used.items()):
            if found < limit.each_at_least:
                yield Breach(limit, found, limit.each_at_least, area)
    elif isinstance(limit, Average):
        used, found = held.used(limit)
        if found > limit.most * len(used):
            yield Breach(limit, found, limit.most * len(used))
    elif isinstance(limit, Share):
        inside = held.inside(limit.group)
        asked = limit.asked(len(inside))
        both = len(set(held.inside(limit.part)) & set(inside))
        if both < asked:
            yield Breach(limit, both, asked)
    else:
        yield from _broken_singly(held, limit)


def _broken_singly(held: _Held, limit: Budget | Distinct | Lock | Barred) -> Iterator[Breach]:
    problem, places = held.problem, held.places
    if isinstance(limit, Budget):
        costs = problem.numbers("cost_baht")
        spent = sum(costs[p] for p in held.inside(limit.group))
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
        taken = problem.place.get(limit.unit_code) in places
        if taken != limit.taken:
            yield Breach(limit, int(taken), int(limit.taken), limit.unit_code)
    else:
        for code in sorted(limit.unit_codes):
            if problem.place.get(code) in places:
                yield Breach(limit, 1, 0, code)
