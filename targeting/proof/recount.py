"""A choice counted again, limit by limit, in whole numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

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
from phaenthi.targeting.proof.verdict import Failure


def broken(units: Units, limits: Sequence[AnyLimit], chosen: set[int]) -> Iterator[Failure]:
    """Yield each limit that a choice does not keep."""
    for limit in limits:
        for found, asked, place in _found(units, limit, chosen):
            yield Failure(
                "certificate.limit",
                {"rule": limit.rule, "found": found, "asked": asked, "place": place},
            )


def shortfalls(
    units: Units, limits: Sequence[AnyLimit], chosen: set[int]
) -> list[tuple[Count, int]]:
    """Return how many units are missing in each group that was to be filled and is not full."""
    found = [
        (one, (one.most or 0) - len(chosen.intersection(units.inside(one.group))))
        for one in limits
        if isinstance(one, Count) and one.fill
    ]
    return [(limit, missing) for limit, missing in found if missing > 0]


def _found(units: Units, limit: AnyLimit, chosen: set[int]) -> Iterator[tuple[int, int, str]]:
    """Yield what was found, what is asked and where, for each way in which a limit is broken."""
    if isinstance(limit, Count):
        number = len(chosen.intersection(units.inside(limit.group)))
        place = limit.group.value
        if number < limit.least:
            yield number, limit.least, place
        if limit.most is not None and number > limit.most:
            yield number, limit.most, place
    elif isinstance(limit, Areas | Average):
        yield from _areas_found(units, limit, chosen)
    elif isinstance(limit, Budget):
        spent = sum(units.cost[unit] for unit in chosen.intersection(units.inside(limit.group)))
        if spent > limit.baht:
            yield spent, limit.baht, limit.group.value
    elif isinstance(limit, Share):
        inside = chosen.intersection(units.inside(limit.group))
        both, asked = len(inside.intersection(units.inside(limit.part))), limit.asked(len(inside))
        if both < asked:
            yield both, asked, limit.group.value
    elif isinstance(limit, Distinct):
        areas, values = units.values(limit.area_column), units.values(limit.value_column)
        seen = Counter((areas[u], values[u]) for u in chosen if areas[u] and values[u] is not None)
        for (area, value), number in sorted(seen.items(), key=str):
            if number > 1:
                yield number, 1, f"{area} {value}"
    else:
        yield from _singly(units, limit, chosen)


def _areas_found(
    units: Units, limit: Areas | Average, chosen: set[int]
) -> Iterator[tuple[int, int, str]]:
    areas = units.values(limit.area_column)
    inside = chosen.intersection(units.inside(limit.group))
    used = Counter(area for unit in inside if (area := areas[unit]) is not None)
    if isinstance(limit, Average):
        if len(inside) > limit.most * len(used):
            yield len(inside), limit.most * len(used), limit.group.value
        return
    if len(used) != limit.areas:
        yield len(used), limit.areas, limit.group.value
    for area, number in sorted(used.items()):
        if number < limit.each_at_least:
            yield number, limit.each_at_least, area


def _singly(units: Units, limit: AnyLimit, chosen: set[int]) -> Iterator[tuple[int, int, str]]:
    """Yield what is wrong with single units: a decision not kept, or one that a rule keeps out."""
    if isinstance(limit, Lock):
        taken = units.place.get(limit.unit_code) in chosen
        if taken != limit.taken:
            yield int(taken), int(limit.taken), limit.unit_code
        return
    for code in getattr(limit, "unit_codes", ()):
        if units.place.get(code) in chosen:
            yield 1, 0, code
