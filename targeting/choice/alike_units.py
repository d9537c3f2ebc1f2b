"""Units that no limit tells apart: of them the best are taken first, whatever else is chosen."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from phaenthi.targeting.choice.independent_parts import Key, Part
from phaenthi.targeting.choice.rows import Row


@dataclass(frozen=True)
class Kind:
    """Units that no limit tells apart, but for cost, best first, and how many can be chosen."""

    units: tuple[int, ...]
    most: int
    costs: tuple[tuple[int, ...], ...]

    @property
    def one_cost(self) -> bool:
        """Whether all its units cost the same."""
        return len(set(self.costs)) <= 1

    def worth_keeping(self) -> Iterator[int]:
        """Yield the units that can be in a best choice."""
        if all(len(cost) == 1 for cost in self.costs):
            yield from self._worth_one_cost()
            return
        for place, unit in enumerate(self.units):
            own = self.costs[place]
            better = sum(
                all(theirs <= ours for theirs, ours in zip(self.costs[one], own, strict=True))
                for one in range(place)
            )
            if better < self.most:
                yield unit

    def _worth_one_cost(self) -> Iterator[int]:
        """Yield the same where each unit has one cost: the cheapest so far are enough to know."""
        cheapest: list[int] = []
        for unit, (cost,) in zip(self.units, self.costs, strict=True):
            if bisect_right(cheapest, cost) < self.most:
                yield unit
            insort(cheapest, cost)
            del cheapest[self.most :]


def kinds_of(part: Part, keys: Sequence[Key]) -> list[Kind]:
    """Group a part's units by what the limits can see of them."""
    inside = set(part.units)
    seen: dict[int, list[tuple[str, int, int]]] = {unit: [] for unit in part.units}
    costs: dict[int, list[int]] = {unit: [] for unit in part.units}
    caps: list[int | None] = [None] * len(part.rows)
    for place, row in enumerate(part.rows):
        if _is_cost(row):
            prices = dict(row.terms)
            for unit in part.units:
                costs[unit].append(prices.get(unit, 0))
            continue
        if _says_what_an_area_is(row, inside):
            (unit, _), (variable, _) = row.terms
            seen[unit].append(("takes part", variable, 1))
            continue
        if len(row.terms) == 1 and row.limit is not None and row.terms[0][0] in inside:
            # A row on one unit is the same for every unit on which its limit says the same.
            unit, coefficient = row.terms[0]
            seen[unit].append((f"alone {row.least} {row.most}", row.limit, coefficient))
            continue
        if row.most is not None and all(c == 1 for v, c in row.terms if v in inside):
            others = sum(-c for v, c in row.terms if v not in inside and c < 0)
            caps[place] = row.most + others
        for variable, coefficient in row.terms:
            if variable in inside:
                seen[variable].append(("counts", place, coefficient))
    groups: dict[tuple[tuple[str, int, int], ...], list[int]] = {}
    for unit in part.units:
        groups.setdefault(tuple(seen[unit]), []).append(unit)
    kinds: list[Kind] = []
    for signature, units in groups.items():
        limits = [
            cap
            for kind, place, _ in signature
            if kind == "counts" and (cap := caps[place]) is not None
        ]
        ordered = tuple(sorted(units, key=lambda unit: keys[unit], reverse=True))
        most = max(min([len(units), *limits]), 0)
        kinds.append(Kind(ordered, most, tuple(tuple(costs[unit]) for unit in ordered)))
    return kinds


def alike(part: Part, keys: Sequence[Key]) -> Iterator[Kind]:
    """Yield the units of a part that no limit tells apart at all: of one kind and one cost."""
    for kind in kinds_of(part, keys):
        by_cost: dict[tuple[int, ...], list[int]] = {}
        for unit, cost in zip(kind.units, kind.costs, strict=True):
            by_cost.setdefault(cost, []).append(unit)
        for cost, units in by_cost.items():
            yield Kind(tuple(units), min(kind.most, len(units)), (cost,) * len(units))


def _is_cost(row: Row) -> bool:
    """Tell a ceiling on money: only an upper limit, and not a count."""
    return (
        row.least is None
        and all(coefficient >= 0 for _, coefficient in row.terms)
        and any(coefficient > 1 for _, coefficient in row.terms)
    )


def _says_what_an_area_is(row: Row, units: set[int]) -> bool:
    """Tell a row "no unit without its area": alike for every unit of the area."""
    return (
        row.least is None
        and row.most == 0
        and len(row.terms) == 2
        and row.terms[0][0] in units
        and row.terms[1][0] not in units
        and (row.terms[0][1], row.terms[1][1]) == (1, -1)
    )
