"""What sorting and taking gives: the list of a careful spreadsheet, beside the best choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from phaenthi.targeting.choice.rows import Row, write_out
from phaenthi.targeting.limits.problem import Areas, ChoiceProblem, Count, Lock


def sort_and_take(problem: ChoiceProblem) -> tuple[str, ...]:
    """Return the list that a careful spreadsheet gives: the best first, while the limits allow.

    Notes
    -----
    Units that people put in are taken first and those taken out are passed over, as in the best
    choice. Only what a list can see is looked at: a unit is passed over when taking it would at
    once break an upper limit, or when the places left are needed for areas that are still
    missing. It may miss a lower limit at the end.
    """
    decided = {
        problem.place[one.unit_code]: one.taken
        for one in problem.limits
        if isinstance(one, Lock) and one.unit_code in problem.place
    }
    taken = [unit for unit, put_in in decided.items() if put_in]
    room = _Room.of(problem)
    for unit in taken:
        room.take(unit)
    needs, households = problem.numbers("need"), problem.numbers("target_households")
    tiers = problem.numbers("unit_tier")
    order = sorted(
        range(len(problem.codes)),
        key=lambda p: (tiers[p] if problem.counts_first else 0, -needs[p], -households[p], p),
    )
    for unit in order:
        if unit not in decided and room.fits(unit):
            room.take(unit)
            taken.append(unit)
    return tuple(problem.codes[unit] for unit in sorted(taken))


@dataclass
class _AreasLeft:
    """An exact number of areas, counted down, and the places left in its group."""

    area_of: Mapping[int, str]
    missing: int
    places: int | None
    used: set[str] = field(default_factory=set)

    def fits(self, unit: int) -> bool:
        """Tell whether a unit may join: no area too many, and no place that a missing one needs."""
        area = self.area_of.get(unit)
        if area is None:
            return True
        if area not in self.used:
            return self.missing > 0
        return self.places is None or self.places > self.missing

    def take(self, unit: int) -> None:
        """Count a unit that joins."""
        area = self.area_of.get(unit)
        if area is None:
            return
        if area not in self.used:
            self.used.add(area)
            self.missing -= 1
        if self.places is not None:
            self.places -= 1


@dataclass
class _Room:
    """The room that the limits still leave, counted down as units are taken."""

    rows_of: Mapping[int, Sequence[tuple[int, int]]]
    left: list[int]
    areas: Sequence[_AreasLeft]

    @classmethod
    def of(cls, problem: ChoiceProblem) -> _Room:
        """Return the room of a problem with nothing taken."""
        rows_of: dict[int, list[tuple[int, int]]] = {}
        rows = _upper_rows(problem)
        for place, row in enumerate(rows):
            for unit, cost in row.terms:
                rows_of.setdefault(unit, []).append((place, cost))
        areas = [_areas_left(problem, one) for one in problem.limits if isinstance(one, Areas)]
        return cls(rows_of, [row.most or 0 for row in rows], areas)

    def fits(self, unit: int) -> bool:
        """Tell whether there is room for one more unit."""
        rows = self.rows_of.get(unit, ())
        return all(cost <= self.left[row] for row, cost in rows) and all(
            one.fits(unit) for one in self.areas
        )

    def take(self, unit: int) -> None:
        """Count a unit that is taken."""
        for row, cost in self.rows_of.get(unit, ()):
            self.left[row] -= cost
        for one in self.areas:
            one.take(unit)


def _areas_left(problem: ChoiceProblem, limit: Areas) -> _AreasLeft:
    inside = problem.areas(limit.area_column, limit.group)
    totals = [
        one.most
        for one in problem.limits
        if isinstance(one, Count) and one.group == limit.group and one.most is not None
    ]
    area_of = {unit: area for area, units in inside.items() for unit in units}
    return _AreasLeft(area_of, limit.areas, min(totals, default=None))


def _upper_rows(problem: ChoiceProblem) -> list[Row]:
    """Return the rows that only say how much of something may be taken at most."""
    system = write_out(problem)
    return [
        row
        for row in system.rows
        if row.most is not None and all(v < system.units and c >= 0 for v, c in row.terms)
    ]
