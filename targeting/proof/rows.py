"""The ties written out as linear rows over units and areas, each 0 or 1, for ceilings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from phaenthi.targeting.limits.problem import AnyLimit, Areas, Average, Count, Group
from phaenthi.targeting.proof.ties import converted, read_ties
from phaenthi.targeting.proof.units import Level, Units

Terms = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Row:
    """``least ≤ Σ weight · variable ≤ most`` over units and over areas that take part or not."""

    terms: Terms
    least: int | None
    most: int | None


def write_rows(units: Units, limits: Sequence[AnyLimit]) -> list[Row]:
    """Write limits as rows.

    Besides the limits there stand: that an area takes part exactly when one of its units does,
    that an area which takes no part has none of the units that its cap would allow, and the rows
    of other kinds that are counts as well. These follow from the limits and sharpen a ceiling.
    The place of a row is what a saved multiplier names.
    """
    ties = read_ties(units, limits, as_counts=False)
    rows = [
        Row(tuple(tie.weights.items()), tie.least, tie.most) for tie in ties if tie.area_of is None
    ]
    variable = len(units.codes)
    known: dict[tuple[Group, str], dict[str, int]] = {}
    caps = {
        one.group: one.most for one in limits if isinstance(one, Count) and one.most is not None
    }
    for limit in limits:
        if not isinstance(limit, Areas | Average):
            continue
        areas = units.areas_of(limit.group, limit.area_column)
        key = (limit.group, limit.area_column)
        if key not in known:
            known[key] = {area: variable + place for place, area in enumerate(sorted(areas))}
            variable += len(areas)
            for area, members in areas.items():
                cap = caps.get(Group(limit.area_column, area))
                rows += _takes_part(members, known[key][area], cap)
        rows += _on_areas(units, limit, areas, known[key])
    counts = converted(units, limits)
    return rows + [Row(tuple(tie.weights.items()), tie.least, tie.most) for tie in counts]


def hold(levels: Sequence[Level], reached: Sequence[int]) -> list[Row]:
    """Return rows that hold levels of the objective at what the choice reached."""
    return [
        Row(tuple((unit, weight) for unit, weight in enumerate(weights) if weight), number, None)
        for (_, weights), number in zip(levels, reached, strict=False)
    ]


def _takes_part(members: Sequence[int], area: int, cap: int | None) -> Iterator[Row]:
    """Say that an area takes part exactly when one of its units is chosen."""
    ones = [(unit, 1) for unit in members]
    yield Row((*ones, (area, -1)), 0, None)
    if cap is not None and cap < len(members):
        yield Row((*ones, (area, -cap)), None, 0)
    for one in ones:
        yield Row((one, (area, -1)), None, 0)


def _on_areas(
    units: Units,
    limit: Areas | Average,
    areas: Mapping[str, Sequence[int]],
    variables: Mapping[str, int],
) -> Iterator[Row]:
    if isinstance(limit, Average):
        ones = [(unit, 1) for unit in units.inside(limit.group)]
        yield Row((*ones, *((area, -limit.most) for area in variables.values())), None, 0)
        return
    yield Row([(area, 1) for area in variables.values()], limit.areas, limit.areas)
    if limit.each_at_least > 1:
        for area, members in areas.items():
            ones = [(unit, 1) for unit in members]
            yield Row((*ones, (variables[area], -limit.each_at_least)), 0, None)
