"""How many units each area gets: by an official table, the same in each, or by a table given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from phaenthi.geo.places import gazetteer
from phaenthi.geo.places.codes import Level
from phaenthi.targeting.rules.of_areas import AllotmentRule, ScopeRule
from phaenthi.wording import Problem


@dataclass(frozen=True)
class Allotment:
    """What one province gets.

    Attributes
    ----------
    units
        Units, villages for the most part: exactly so many, or at most (see ``mode``).
    areas
        Amphoe that take part, exactly; ``None`` where the programme leaves that open.
    """

    units: int
    areas: int | None = None


@dataclass(frozen=True)
class AreaAllotment:
    """What one area (a province, an amphoe) gets.

    Attributes
    ----------
    mode
        ``exactly`` so many units, or ``at_most``.
    shortfall
        Where too few units meet the rules: ``refuse`` the plan, or ``report`` what is missing.
    """

    rule: str
    level: Level
    area_code: str
    units: int
    mode: Literal["exactly", "at_most"]
    shortfall: Literal["refuse", "report"]


def of_rule(
    rule: AllotmentRule, programme_id: str, tables: Mapping[str, pd.DataFrame], province: str
) -> tuple[AreaAllotment, ...]:
    """Return what the areas of a province get by one rule, sorted by code.

    Raises
    ------
    Problem
        ``targeting.allotment_missing`` where the table has no row for the province, or
        ``targeting.allotment_input_missing`` where the Department's table is still to be given.
    """
    numbers = _in_province(rule, programme_id, tables, province)
    level = Level(rule.level)
    return tuple(
        AreaAllotment(rule.id, level, area, units, rule.mode, rule.shortfall)
        for area, units in sorted(numbers.items())
    )


def provinces_of(rule: ScopeRule) -> tuple[str, ...]:
    """Return the codes of the provinces that a scope names, or of all but those that it leaves."""
    if rule.all_except is None:
        return rule.provinces
    every = gazetteer.areas(Level.PROVINCE)["code"].astype(str)
    return tuple(code for code in every if code not in rule.all_except)


def by_area(
    tables: Mapping[str, pd.DataFrame], name: str, area_column: str, column: str
) -> dict[str, int]:
    """Return a column of a table by the code of the area."""
    table = tables[name]
    counts = (int(count) for count in table[column])
    return dict(zip((str(code) for code in table[area_column]), counts, strict=True))


def _in_province(
    rule: AllotmentRule, programme_id: str, tables: Mapping[str, pd.DataFrame], province: str
) -> dict[str, int]:
    if rule.each is not None:
        every = gazetteer.areas(Level(rule.level))["code"].astype(str)
        return {code: rule.each for code in every if code.startswith(province)}
    given = rule.units or rule.input
    if given is None or given.table not in tables:
        raise Problem(
            "targeting.allotment_input_missing",
            programme=programme_id,
            table=given.table if given else "–",
            columns=f"{given.area_column}, {given.column}" if given else "–",
        )
    numbers = by_area(tables, given.table, given.area_column, given.column)
    here = {code: units for code, units in numbers.items() if code.startswith(province)}
    if not here:
        raise Problem("targeting.allotment_missing", found=province, programme=programme_id)
    return here
