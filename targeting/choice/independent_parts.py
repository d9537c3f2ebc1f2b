"""A problem taken apart: what is settled is put in, and what no limit ties is chosen apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from phaenthi.targeting.choice.rows import Row, System, all_ones, as_counts


@dataclass(frozen=True)
class Part:
    """Units that some limits tie together and no limit ties to others.

    Attributes
    ----------
    units
        Places of the units, ascending; none where only areas are left to settle.
    rows
        Their rows, with what other parts settle taken off.
    """

    units: tuple[int, ...]
    rows: tuple[Row, ...]


def take_apart(system: System) -> list[Part] | None:
    """Split a system into parts that can be chosen one by one.

    Where a row fixes the number of units of a group, every row that counts the whole group with
    one coefficient knows what the group adds: the group no longer ties it to the rest. A budget
    over units that all cost the same is a number of units, and so is a share of a fixed number.

    Returns
    -------
    list of Part or None
        ``None`` when a row that no variable is left in does not hold.
    """
    rows = _settle(as_counts(system.rows))
    leader = list(range(system.variables))

    def find(variable: int) -> int:
        while leader[variable] != variable:
            leader[variable] = leader[leader[variable]]
            variable = leader[variable]
        return variable

    for row in rows:
        if not row.terms:
            if (row.least or 0) > 0 or (row.most is not None and row.most < 0):
                return None
            continue
        first = find(row.terms[0][0])
        for variable, _ in row.terms[1:]:
            leader[find(variable)] = first
    units: dict[int, list[int]] = {}
    for unit in range(system.units):
        units.setdefault(find(unit), []).append(unit)
    inside: dict[int, list[Row]] = {}
    for row in rows:
        if row.terms:
            inside.setdefault(find(row.terms[0][0]), []).append(row)
    leaders = dict.fromkeys([*units, *inside])
    return [Part(tuple(units.get(one, ())), tuple(inside.get(one, ()))) for one in leaders]


def _settle(rows: list[Row]) -> list[Row]:
    """Take the groups whose number a row fixes out of the rows around them."""
    containing: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        for variable, _ in row.terms:
            containing.setdefault(variable, []).append(place)
    fixed = [
        place
        for place, row in enumerate(rows)
        if row.least is not None and row.least == row.most and row.terms and all_ones(row)
    ]
    left = [dict(row.terms) for row in rows]
    taken = [0] * len(rows)
    for place in sorted(fixed, key=lambda place: len(rows[place].terms)):
        members, number = list(left[place]), (rows[place].most or 0) - taken[place]
        if not members:
            continue
        for other in containing[members[0]]:
            around = left[other]
            if other == place or members[0] not in around or len(around) < len(members):
                continue
            coefficient = around[members[0]]
            if all(around.get(member) == coefficient for member in members):
                for member in members:
                    del around[member]
                taken[other] += coefficient * number
    return [
        row
        if not taken[place]  # nothing taken off
        and len(left[place]) == len(row.terms)
        else Row(
            row.limit,
            tuple(left[place].items()),
            None if row.least is None else row.least - taken[place],
            None if row.most is None else row.most - taken[place],
        )
        for place, row in enumerate(rows)
    ]


Key = tuple[int, ...]


def keys_of(levels: Sequence[tuple[str, tuple[int, ...]]], units: int) -> list[Key]:
    """Return a unit's worth for comparison: the levels in order, then the lower code."""
    columns = [numbers for _, numbers in levels]
    return [(*(numbers[u] for numbers in columns), -u) for u in range(units)]
