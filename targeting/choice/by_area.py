"""The parts that the recursion over areas can choose: a total, a number of areas and one cap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from phaenthi.targeting.choice.area_recursion import AreaDemand, Board
from phaenthi.targeting.choice.independent_parts import Part
from phaenthi.targeting.limits.demand import CapReading
from phaenthi.targeting.limits.problem import (
    AnyLimit,
    Areas,
    Average,
    Barred,
    ChoiceProblem,
    Count,
    Lock,
)


@dataclass(frozen=True)
class ByArea:
    """A part as the recursion sees it.

    Attributes
    ----------
    candidates
        unit_code, area_code, need, target_households; those that people decided are among them.
    locked_in, locked_out
        Units that people put in, and those that people or a rule keep out.
    total, areas, caps
        The limits themselves: on the number of units, of areas, and on each area by its code.
    """

    demand: AreaDemand
    candidates: pd.DataFrame
    locked_in: frozenset[str]
    locked_out: frozenset[str]
    total: Count
    areas: Areas
    caps: Mapping[str, Count]

    @cached_property
    def board(self) -> Board:
        """The part laid out for the recursion."""
        return Board.of(self.candidates, self.demand, self.locked_in, self.locked_out)

    def best(self, put_in: Iterable[str] = (), out: Iterable[str] = ()) -> frozenset[str] | None:
        """Return the best choice without the units that people put in; ``None``: there is none.

        Parameters
        ----------
        put_in, out
            Units settled besides those that people decided.
        """
        more_in, more_out = frozenset(put_in), frozenset(out)
        if more_in & self.locked_out:
            return None
        board = self.board
        if more_in or more_out:
            inside, outside = self.locked_in | more_in, self.locked_out | more_out
            board = Board.of(self.candidates, self.demand, inside, outside)
        codes = board.best_codes
        return None if codes is None else frozenset(codes) - self.locked_in

    def limit_on(self, area: str, beside: int) -> AnyLimit:
        """Return the limit that keeps one more unit out of an area with so many chosen."""
        if beside == 0:
            return self.areas
        cap = self.caps.get(area)
        return cap if cap is not None and beside == cap.most else self.total


def by_area(problem: ChoiceProblem, part: Part) -> ByArea | None:
    """Read a part as a demand; ``None`` when its limits are of other kinds.

    The recursion takes one exact number of units, one exact number of areas, one cap (the same
    in every area, or an average) and any decisions of people on single units.
    """
    used = sorted({row.limit for row in part.rows if row.limit is not None})
    limits = [problem.limits[place] for place in used]
    areas = [limit for limit in limits if isinstance(limit, Areas)]
    if len(areas) != 1 or areas[0].each_at_least > 1 or problem.tiers_first:
        return None
    inside = problem.areas(areas[0].area_column, areas[0].group)
    members = {unit for units in inside.values() for unit in units}
    locks = _locks(problem, members)
    total = _total(problem, members)
    if total is None or set(part.units) != members - locks.keys():
        return None
    others = [limit for limit in limits if limit not in (areas[0], total)]
    free = {area: sum(unit not in locks for unit in units) for area, units in inside.items()}
    cap = _cap(others, areas[0], free)
    if cap is None:
        return None
    units = problem.units.iloc[sorted(members)]
    here = set(units["unit_code"])
    barred = {c for limit in others if isinstance(limit, Barred) for c in limit.unit_codes}
    out = {problem.codes[unit] for unit, taken in locks.items() if not taken} | (barred & here)
    most, reading, caps = cap
    return ByArea(
        AreaDemand(areas[0].group.value, total.least, areas[0].areas, most, reading),
        pd.DataFrame(
            {
                "unit_code": units["unit_code"],
                "area_code": units[areas[0].area_column],
                "need": units["need"],
                "target_households": units["target_households"],
            }
        ),
        frozenset(problem.codes[unit] for unit, taken in locks.items() if taken),
        frozenset(out),
        total,
        areas[0],
        caps,
    )


def _locks(problem: ChoiceProblem, members: set[int]) -> dict[int, bool]:
    found = [one for one in problem.limits if isinstance(one, Lock)]
    places = {problem.place[one.unit_code]: one.taken for one in found}
    return {unit: taken for unit, taken in places.items() if unit in members}


def _total(problem: ChoiceProblem, members: set[int]) -> Count | None:
    """Return the limit that fixes the number of all these units, if there is one."""
    for limit in problem.limits:
        exact = isinstance(limit, Count) and limit.is_exact and not limit.fill
        if exact and isinstance(limit, Count) and set(problem.members(limit.group)) == members:
            return limit
    return None


def _cap(
    limits: Iterable[AnyLimit], areas: Areas, free: Mapping[str, int]
) -> tuple[int | None, CapReading, dict[str, Count]] | None:
    """Return the one cap of all areas, (None, "each", {}) without one; ``None``: it is not one.

    Parameters
    ----------
    free
        Units by area that nobody decided.
    """
    caps: dict[str, Count] = {}
    averages: list[int] = []
    for limit in limits:
        if isinstance(limit, Average):
            if (limit.group, limit.area_column) != (areas.group, areas.area_column):
                return None
            averages.append(limit.most)
        elif isinstance(limit, Count):
            known = limit.group.value in free and limit.group.column == areas.area_column
            if limit.least or limit.most is None or not known or limit.group.value in caps:
                return None
            caps[limit.group.value] = limit
        elif not isinstance(limit, Barred):
            return None
    if averages:
        return None if caps or len(averages) > 1 else (averages[0], "average", {})
    if not caps:
        return None, "each", {}
    numbers = {limit.most or 0 for limit in caps.values()}
    most = max(numbers)
    uncapped = [area for area, count in free.items() if area not in caps and count > most]
    return None if uncapped or numbers != {most} else (most, "each", caps)
