"""What the rules ask, read anew from the pack for the proof: nothing that posed the choice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from phaenthi.geo.places.codes import Level
from phaenthi.targeting.limits.problem import (
    ALL,
    COUNTRY,
    OVERRIDE,
    WHERE,
    YES,
    AnyLimit,
    Areas,
    Average,
    Budget,
    Count,
    Distinct,
    Group,
    Lock,
    Share,
)
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.rules.rule import (
    AllotmentRule,
    AtLeastRule,
    BudgetRule,
    CapRule,
    DistinctRule,
    ExactlyAreasRule,
    Rule,
    ShareRule,
    TiersRule,
)


@dataclass(frozen=True)
class Asked:
    """What the rules and people's decisions ask of the choice in some provinces.

    Attributes
    ----------
    limits
        In the order of the rules, decisions last.
    tiers_first
        Whether an earlier tier is filled before the next.
    baht
        Cost of a unit without a cost of its own.
    """

    limits: tuple[AnyLimit, ...]
    tiers_first: bool
    baht: int


def read_rules(
    programme: Programme,
    units: pd.DataFrame,
    provinces: Sequence[str],
    decided: Mapping[str, bool],
) -> Asked:
    """Read what a pack asks of the units of some provinces.

    Parameters
    ----------
    units
        Judged units; every unit tells which areas there are, whether it may be chosen or not.
    decided
        Unit code → put in (else taken out), by a person.
    """
    here = units[units["province_code"].isin(list(provinces))]
    limits = [one for rule in programme.rules for one in _asks(programme, rule, here, provinces)]
    usable = set(here.loc[here["verdict"] == "met", "unit_code"]) | {
        code for code in here["unit_code"] if decided.get(code)
    }
    limits += [Lock(OVERRIDE, code, decided[code]) for code in sorted(usable & decided.keys())]
    return Asked(
        tuple(limits),
        any(isinstance(rule, TiersRule) for rule in programme.rules),
        sum(rule.baht_per_unit for rule in programme.rules if isinstance(rule, BudgetRule)),
    )


def tied_together(programme: Programme, provinces: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the provinces that a rule of the whole country chooses together; else one by one."""
    country = (
        (rule.level if isinstance(rule, ShareRule) else "")
        or (rule.within if isinstance(rule, DistinctRule) else "")
        or (rule.ceiling_level if isinstance(rule, BudgetRule) and rule.ceiling else "")
        for rule in programme.rules
    )
    if COUNTRY in set(country):
        return [tuple(sorted(provinces))]
    return [(province,) for province in sorted(provinces)]


def _asks(
    programme: Programme, rule: Rule, units: pd.DataFrame, provinces: Sequence[str]
) -> Iterator[AnyLimit]:
    """Yield the limits of one rule."""
    if isinstance(rule, AllotmentRule):
        yield from _numbers(programme, rule.id, provinces)
    elif isinstance(rule, ExactlyAreasRule):
        yield from _numbers_of_areas(programme, rule, provinces)
    elif isinstance(rule, CapRule):
        yield from _caps(rule, units, provinces)
    elif isinstance(rule, AtLeastRule):
        mark = f"{WHERE}{rule.name}" if rule.where else ""
        for group in _groups(units, rule.level):
            yield Count(rule.id, Group(f"{group.column}{mark}", group.value), rule.at_least)
    elif isinstance(rule, ShareRule):
        yield from _parts_of_a_set(rule, units)
    elif isinstance(rule, DistinctRule):
        yield Distinct(rule.id, _column(rule.within) or COUNTRY, rule.column)
    elif isinstance(rule, BudgetRule) and rule.ceiling is not None:
        groups = _groups(units, rule.ceiling_level)
        yield from (Budget(rule.id, group, rule.ceiling) for group in groups)


def _numbers_of_areas(
    programme: Programme, rule: ExactlyAreasRule, provinces: Iterable[str]
) -> Iterator[Areas]:
    column, least = Level(rule.level).column, rule.units_each_at_least
    for province in provinces:
        number = programme.allotment(province).areas
        if number is not None:
            yield Areas(rule.id, _province(province), column, number, least)


def _caps(rule: CapRule, units: pd.DataFrame, provinces: Iterable[str]) -> Iterator[AnyLimit]:
    if rule.mode == "each":
        groups = _groups(units, rule.level)
        yield from (Count(rule.id, group, most=rule.at_most) for group in groups)
        return
    column = Level(rule.level).column
    yield from (Average(rule.id, _province(p), column, rule.at_most) for p in provinces)


def _numbers(programme: Programme, rule: str, provinces: Iterable[str]) -> Iterator[Count]:
    for province in provinces:
        for one in programme.area_allotments(province):
            if one.rule == rule:
                filled = one.shortfall == "report"
                least = one.units if one.mode == "exactly" and not filled else 0
                yield Count(rule, Group(one.level.column, one.area_code), least, one.units, filled)


def _parts_of_a_set(rule: ShareRule, units: pd.DataFrame) -> Iterator[AnyLimit]:
    for group in _groups(units, rule.level):
        if rule.of == "chosen":
            part = Group(f"{WHERE}{rule.name}", YES)
            yield Share(rule.id, group, part, rule.percent, 100, rule.rounding)
            continue
        met = units[units["verdict"] == "met"]
        size = len(met if group == ALL else met[met[group.column] == group.value])
        number = rule.number(size)
        yield Count(rule.id, group, number, number if rule.mode == "exactly" else None)


def _groups(units: pd.DataFrame, level: str) -> list[Group]:
    column = _column(level)
    if column is None:
        return [ALL]
    return [Group(column, code) for code in sorted({str(c) for c in units[column].dropna()})]


def _column(level: str) -> str | None:
    return None if level == COUNTRY else Level(level).column


def _province(code: str) -> Group:
    return Group(Level.PROVINCE.column, code)
