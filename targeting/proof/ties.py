"""What ties units together, read off the limits: counts of sets of units, sums, and areas.

A share of units whose number is fixed is a count of its part, and a budget over units that all
cost the same is a count too: written so, a proof says more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from phaenthi.targeting.limits.problem import (
    AnyLimit,
    Areas,
    Average,
    Budget,
    Count,
    Distinct,
    Lock,
    Share,
)
from phaenthi.targeting.proof.units import Units


@dataclass(frozen=True)
class Tie:
    """``least ≤ Σ weight · unit ≤ most`` over some units, or a statement on their areas.

    Attributes
    ----------
    limit
        Place of the limit that it comes from.
    weights
        Unit → weight; 1 where units are counted.
    area_of
        Unit → area, for a limit on the number of areas; ``weights`` then only names the units.
    """

    limit: int
    weights: Mapping[int, int]
    least: int | None = None
    most: int | None = None
    area_of: Mapping[int, str] | None = None

    @property
    def counts(self) -> bool:
        """Whether it counts units one by one."""
        return self.area_of is None and all(weight == 1 for weight in self.weights.values())


def read_ties(units: Units, limits: Sequence[AnyLimit], *, as_counts: bool) -> list[Tie]:
    """Return the ties of some limits.

    Parameters
    ----------
    as_counts
        Write shares of a fixed number and budgets of one cost as counts.
    """
    fixed = _fixed_sets(units, limits) if as_counts else None
    return [tie for place, limit in enumerate(limits) for tie in _ties(units, place, limit, fixed)]


def converted(units: Units, limits: Sequence[AnyLimit]) -> list[Tie]:
    """Return the ties that can be written as counts although their limits are no counts."""
    fixed = _fixed_sets(units, limits)
    return [
        tie
        for place, limit in enumerate(limits)
        if isinstance(limit, Budget | Share)
        for tie in _ties(units, place, limit, fixed)
        if tie.counts
    ]


_Fixed = Sequence[tuple[frozenset[int], int]]


def _fixed_sets(units: Units, limits: Sequence[AnyLimit]) -> _Fixed:
    """Return the sets of units of which a limit fixes the number, the smallest first."""
    found = [
        (frozenset(units.inside(one.group)), one.least)
        for one in limits
        if isinstance(one, Count) and one.least == one.most
    ]
    return sorted(found, key=lambda one: len(one[0]))


def _ties(units: Units, place: int, limit: AnyLimit, fixed: _Fixed | None) -> Iterator[Tie]:
    if isinstance(limit, Count):
        yield Tie(place, _ones(units.inside(limit.group)), limit.least or None, limit.most)
    elif isinstance(limit, Areas | Average):
        inside = units.areas_of(limit.group, limit.area_column)
        area_of = {unit: area for area, members in inside.items() for unit in members}
        yield Tie(place, _ones(units.inside(limit.group)), area_of=area_of)
    elif isinstance(limit, Budget):
        yield _money(units, place, limit, as_counts=fixed is not None)
    elif isinstance(limit, Share):
        yield _share(units, place, limit, fixed)
    elif isinstance(limit, Distinct):
        for members in _repeats(units, limit):
            yield Tie(place, _ones(members), None, 1)
    elif isinstance(limit, Lock):
        unit = units.place.get(limit.unit_code)
        if unit is not None or limit.taken:
            number = int(limit.taken)
            yield Tie(place, {} if unit is None else {unit: 1}, number, number)
    else:
        for code in limit.unit_codes:
            if code in units.place:
                yield Tie(place, {units.place[code]: 1}, None, 0)


def _money(units: Units, place: int, limit: Budget, *, as_counts: bool) -> Tie:
    costs = {unit: units.cost[unit] for unit in units.inside(limit.group)}
    each = set(costs.values())
    if as_counts and len(each) == 1 and (one := each.pop()) > 0:
        return Tie(place, _ones(costs), None, limit.baht // one)
    return Tie(place, costs, None, limit.baht)


def _share(units: Units, place: int, limit: Share, fixed: _Fixed | None) -> Tie:
    """Return a share: in whole numbers, or as a count where the number of its units is known."""
    inside = set(units.inside(limit.group))
    part = inside & set(units.inside(limit.part))
    number = _number_of(inside, fixed)
    if number is not None:
        return Tie(place, _ones(part), limit.asked(number), None)
    # At least ⌈a/b⌉, ⌊a/b⌋ or the nearest whole number, each without rounding.
    twice = 2 if limit.rounding == "nearest" else 1
    given, taken = twice * limit.denominator, twice * limit.numerator
    weights = {unit: (given if unit in part else 0) - taken for unit in inside}
    return Tie(place, weights, 0 if limit.rounding == "up" else 1 - limit.denominator)


def _number_of(inside: set[int], fixed: _Fixed | None) -> int | None:
    """Return how many of some units are chosen, where fixed sets make them up."""
    left, number = set(inside), 0
    for members, count in reversed(fixed or ()):
        if members and members <= left:
            left -= members
            number += count
    return None if left else number


def _repeats(units: Units, limit: Distinct) -> list[list[int]]:
    values = units.values(limit.value_column)
    alike: dict[tuple[str, str], list[int]] = {}
    for area, members in units.by_value(limit.area_column).items():
        for unit in members:
            value = values[unit]
            if value is not None:
                alike.setdefault((area, value), []).append(unit)
    return [members for _, members in sorted(alike.items()) if len(members) > 1]


def _ones(units: Iterable[int]) -> dict[int, int]:
    return dict.fromkeys(units, 1)
