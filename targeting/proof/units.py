"""The units as the proof sees them: those that may be chosen, in whole numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from phaenthi.targeting.limits.problem import COUNTRY, WHERE, YES, AnyLimit, Count, Group

Level = tuple[str, Sequence[int]]


@dataclass(frozen=True, eq=False)
class Units:
    """Units that may be chosen, sorted by code; a unit is named by its place.

    Attributes
    ----------
    table
        unit_code, need, target_households and every column that a limit names.
    need, target_households, cost, tier
        A whole number a unit; the cost is in baht, tier 1 is filled first.
    """

    table: pd.DataFrame
    codes: Sequence[str]
    place: Mapping[str, int]
    need: Sequence[int]
    target_households: Sequence[int]
    cost: Sequence[int]
    tier: Sequence[int]
    _read: dict[str, Sequence[str | None]] = field(default_factory=dict)
    _grouped: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    @classmethod
    def of(cls, units: pd.DataFrame, decided: Mapping[str, bool], baht: int) -> Units:
        """Return the units of a judged table that may be chosen.

        Parameters
        ----------
        units
            unit_code, verdict, need, target_households, areas; cost_baht and unit_tier where they
            play a part.
        decided
            Unit code → put in (else taken out), by a person.
        baht
            Cost of a unit without a cost of its own.
        """
        codes = units["unit_code"]
        put_in = [code for code, taken in decided.items() if taken]
        out = [code for code, taken in decided.items() if not taken]
        open_ = ((units["verdict"] == "met") | codes.isin(put_in)) & ~codes.isin(out)
        table = units[open_.fillna(value=False)].sort_values("unit_code", ignore_index=True)
        names = [str(code) for code in table["unit_code"]]
        tiers = _numbers(table, "unit_tier", None)
        last = max((tier for tier in tiers if tier is not None), default=0) + 1
        return cls(
            table,
            names,
            {code: place for place, code in enumerate(names)},
            [number or 0 for number in _numbers(table, "need", 0)],
            [number or 0 for number in _numbers(table, "target_households", 0)],
            [baht if number is None else number for number in _numbers(table, "cost_baht", None)],
            [last if tier is None else tier for tier in tiers],
        )

    def values(self, column: str) -> Sequence[str | None]:
        """Return what each unit has in a column of a limit, ``None`` where it has nothing."""
        if column not in self._read:
            area, asks, flag = column.partition(WHERE)
            if column == COUNTRY:
                self._read[column] = ["TH"] * len(self.codes)
            elif asks:
                flags = _texts(self.table, flag)
                areas = _texts(self.table, area) if area else flags
                told = zip(areas, flags, strict=True)
                self._read[column] = [one if yes == YES else None for one, yes in told]
            else:
                self._read[column] = _texts(self.table, column)
        return self._read[column]

    def by_value(self, column: str) -> Mapping[str, Sequence[int]]:
        """Return the units of each value of a column."""
        if column not in self._grouped:
            found: dict[str, list[int]] = {}
            for unit, value in enumerate(self.values(column)):
                if value is not None:
                    found.setdefault(value, []).append(unit)
            self._grouped[column] = found
        return self._grouped[column]

    def inside(self, group: Group) -> Sequence[int]:
        """Return the units of a group."""
        if not group.column:
            return range(len(self.codes))
        return self.by_value(group.column).get(group.value, ())

    def areas_of(self, group: Group, column: str) -> dict[str, list[int]]:
        """Return the units of each area that lies in a group."""
        values = self.values(column)
        found: dict[str, list[int]] = {}
        for unit in self.inside(group):
            area = values[unit]
            if area is not None:
                found.setdefault(area, []).append(unit)
        return found

    def levels(self, limits: Sequence[AnyLimit], *, tiers_first: bool) -> list[Level]:
        """Return what is maximised, the first before the next: a name and a number a unit.

        More units of the first tier, then of the next (where tiers or groups are filled; then
        the units of those groups count), more need, more target households.
        """
        filled = [one for one in limits if isinstance(one, Count) and one.fill]
        found: list[Level] = []
        if filled or tiers_first:
            counts = {unit for one in filled for unit in self.inside(one.group)}
            tiers = self.tier if tiers_first else [1] * len(self.codes)
            for tier in sorted(set(tiers)):
                mine = (unit for unit, own in enumerate(tiers) if own == tier)
                held = {unit for unit in mine if not filled or unit in counts}
                found.append((f"tier {tier}", [int(u in held) for u in range(len(self.codes))]))
        return [*found, ("need", self.need), ("target_households", self.target_households)]


def _numbers(table: pd.DataFrame, column: str, missing: int | None) -> list[int | None]:
    if column not in table:
        return [missing] * len(table)
    cells = zip(table[column].tolist(), table[column].isna().tolist(), strict=True)
    return [missing if empty else int(cell) for cell, empty in cells]


def _texts(table: pd.DataFrame, column: str) -> list[str | None]:
    cells = zip(table[column].tolist(), table[column].isna().tolist(), strict=True)
    return [None if empty else str(cell) for cell, empty in cells]
