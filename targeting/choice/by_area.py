"""The parts that the recursion over areas can choose: a total, a number of areas and one cap."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from phaenthi.targeting.choice.demand import CapReading, Demand
from phaenthi.targeting.limits.independent_parts import Part
from phaenthi.targeting.limits.problem import AnyLimit, Areas, Average, Barred, ChoiceProblem, Count


@dataclass(frozen=True)
class ByArea:
    """A part as the recursion sees it: its demand, its villages and those that are barred."""

    demand: Demand
    candidates: pd.DataFrame
    barred: frozenset[str]


def by_area(problem: ChoiceProblem, part: Part) -> ByArea | None:
    """Read a part as a demand; ``None`` when its limits are of other kinds.

    The recursion takes one exact number of units, one exact number of areas, and one cap: the
    same in every area, or an average.
    """
    used = sorted({row.limit for row in part.rows if row.limit is not None})
    limits = [problem.limits[place] for place in used]
    areas = [limit for limit in limits if isinstance(limit, Areas)]
    total = _total(part)
    if len(areas) != 1 or areas[0].each_at_least > 1 or total is None or problem.tiers_first:
        return None
    inside = problem.areas(areas[0].area_column, areas[0].group)
    if set(part.units) != {unit for units in inside.values() for unit in units}:
        return None
    others = [limit for limit in limits if limit not in (areas[0], problem.limits[total[1]])]
    cap = _cap(others, areas[0], {area: len(units) for area, units in inside.items()})
    if cap is None:
        return None
    units = problem.units.iloc[list(part.units)]
    here = set(units["unit_code"])
    barred = {c for limit in others if isinstance(limit, Barred) for c in limit.unit_codes}
    return ByArea(
        Demand(areas[0].group.value, total[0], areas[0].areas, *cap),
        units.assign(village_code=units["unit_code"], amphoe_code=units[areas[0].area_column]),
        frozenset(barred & here),
    )


def _total(part: Part) -> tuple[int, int] | None:
    """Return the number that a row fixes for the whole part, and that row's limit."""
    units = set(part.units)
    for row in part.rows:
        whole = row.least == row.most and {variable for variable, _ in row.terms} == units
        if whole and row.most is not None and row.limit is not None:
            return row.most, row.limit
    return None


def _cap(
    limits: list[AnyLimit], areas: Areas, sizes: dict[str, int]
) -> tuple[int | None, CapReading] | None:
    """Return the one cap of all areas, (None, "each") without one; ``None`` if it is not one."""
    caps: dict[str, int] = {}
    averages: list[int] = []
    for limit in limits:
        if isinstance(limit, Average):
            if (limit.group, limit.area_column) != (areas.group, areas.area_column):
                return None
            averages.append(limit.most)
        elif isinstance(limit, Count):
            known = limit.group.value in sizes and limit.group.column == areas.area_column
            if limit.least or limit.most is None or not known or limit.group.value in caps:
                return None
            caps[limit.group.value] = limit.most
        elif not isinstance(limit, Barred):
            return None
    if averages:
        return None if caps or len(averages) > 1 else (averages[0], "average")
    if not caps:
        return None, "each"
    most = max(caps.values())
    uncapped = [size for area, size in sizes.items() if area not in caps and size > most]
    return None if uncapped or set(caps.values()) != {most} else (most, "each")
