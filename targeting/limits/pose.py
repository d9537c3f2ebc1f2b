"""From a programme's rules to the limits of a choice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pandas as pd

from phaenthi.geo.places.codes import Level
from phaenthi.targeting.limits.problem import (
    ALL,
    COUNTRY,
    OVERRIDE,
    UNSETTLED,
    WHERE,
    YES,
    AnyLimit,
    Areas,
    Average,
    Barred,
    Budget,
    ChoiceProblem,
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
    ShareRule,
    TiersRule,
)


def crosses_provinces(programme: Programme) -> bool:
    """Tell whether a rule ties provinces to one another, so that they are chosen together."""
    return any(
        (isinstance(rule, ShareRule) and rule.level == COUNTRY)
        or (isinstance(rule, DistinctRule) and rule.within == COUNTRY)
        or (isinstance(rule, BudgetRule) and rule.ceiling and rule.ceiling_level == COUNTRY)
        for rule in programme.rules
    )


def pose(
    programme: Programme,
    units: pd.DataFrame,
    provinces: Sequence[str],
    locks: Mapping[str, bool] | None = None,
    barred: Mapping[str, Iterable[str]] | None = None,
) -> ChoiceProblem:
    """Return what a programme asks of the choice in some provinces.

    Parameters
    ----------
    units
        ``Judgement.units`` of the provinces; only units that are met, locked or in ``barred``
        can be chosen, the others tell which areas there are.
    locks
        Unit code → taken, by a person's decision.
    barred
        Rule id → units that it keeps out, to ask what letting them in would change.

    Raises
    ------
    Problem
        As :meth:`phaenthi.targeting.programme.programme.Programme.area_allotments`.
    """
    here = units[units["province_code"].isin(provinces)]
    locks, barred = locks or {}, barred or {}
    let_in = {code for code, taken in locks.items() if taken}.union(
        *(set(o) for o in barred.values())
    )
    open_ = here[(here["verdict"] == "met") | here["unit_code"].isin(let_in)]
    present = set(open_["unit_code"])
    limits = [
        *(limit for rule in programme.rules for limit in _limits(programme, rule, here, provinces)),
        *(Lock(OVERRIDE, code, taken) for code, taken in sorted(locks.items()) if code in present),
        *(Barred(rule, tuple(sorted(set(out) & present))) for rule, out in sorted(barred.items())),
    ]
    tiers = any(isinstance(rule, TiersRule) for rule in programme.rules)
    return problem_of(open_, limits, tiers_first=tiers, baht=baht_of(programme))


def problem_of(
    units: pd.DataFrame, limits: Iterable[AnyLimit], *, tiers_first: bool, baht: int = 0
) -> ChoiceProblem:
    """Return a problem over judged units, with the columns that its limits name.

    Parameters
    ----------
    units
        unit_code, need, target_households; cost_baht and unit_tier where they play a part.
    baht
        Cost of a unit without a cost of its own.
    """
    limits = tuple(limits)
    cost = units["cost_baht"] if "cost_baht" in units else pd.Series(pd.NA, index=units.index)
    tier = units["unit_tier"] if "unit_tier" in units else pd.Series(pd.NA, index=units.index)
    last = int(tier.max()) + 1 if tier.notna().any() else 1
    table = units.assign(
        cost_baht=cost.astype("Int64").fillna(baht),
        unit_tier=tier.astype("Int64").fillna(last),
        target_households=units["target_households"].astype("Int64").fillna(0),
    )
    for column in sorted(columns_of(limits) - set(table.columns)):
        area, _, name = column.partition(WHERE)
        if column == COUNTRY:
            table[column] = "TH"
        else:
            counts = (table[name] == YES).fillna(value=False).astype(bool)
            table[column] = table[area].where(counts) if area else table[name].where(counts)
    return ChoiceProblem(table.sort_values("unit_code", ignore_index=True), limits, tiers_first)


def columns_of(limits: Iterable[AnyLimit]) -> set[str]:
    """Return the columns that some limits name."""
    named: set[str] = set()
    for limit in limits:
        if isinstance(limit, Count | Areas | Average | Budget | Share):
            named.add(limit.group.column)
        if isinstance(limit, Share):
            named.add(limit.part.column)
        if isinstance(limit, Areas | Average):
            named.add(limit.area_column)
        if isinstance(limit, Distinct):
            named |= {limit.area_column, limit.value_column}
    return named - {""}


def baht_of(programme: Programme) -> int:
    """Return what one unit costs by the programme's budget rules; 0 without one."""
    budgets = [rule for rule in programme.rules if isinstance(rule, BudgetRule)]
    return sum(rule.baht_per_unit for rule in budgets)


def barred_units(units: pd.DataFrame, findings: pd.DataFrame) -> dict[str, list[str]]:
    """Return the units that one rule alone keeps out, by rule; undecided ones by themselves.

    Parameters
    ----------
    units, findings
        ``Judgement.units`` and ``Judgement.findings``.
    """
    failed = findings[findings["verdict"] != "met"]
    alone = failed[~failed["unit_code"].duplicated(keep=False)]
    refused = alone[(alone["verdict"] == "not_met") & alone["unit_code"].isin(units["unit_code"])]
    found = {str(r): sorted(map(str, t["unit_code"])) for r, t in refused.groupby("rule")}
    undecided = units.loc[units["verdict"] == "unknown", "unit_code"]
    return found | ({UNSETTLED: sorted(map(str, undecided))} if len(undecided) else {})


def _limits(
    programme: Programme, rule: object, units: pd.DataFrame, provinces: Sequence[str]
) -> Iterator[AnyLimit]:
    if isinstance(rule, AllotmentRule):
        yield from _allotments(programme, rule, provinces)
    elif isinstance(rule, ExactlyAreasRule):
        yield from _exact_areas(programme, rule, provinces)
    elif isinstance(rule, CapRule):
        yield from _caps(rule, units, provinces)
    elif isinstance(rule, AtLeastRule):
        for group in _areas(rule.level, units):
            column = f"{group.column}{WHERE}{rule.name}" if rule.where else group.column
            yield Count(rule.id, Group(column, group.value), rule.at_least)
    elif isinstance(rule, ShareRule):
        yield from _shares(rule, units)
    elif isinstance(rule, DistinctRule):
        within = COUNTRY if rule.within == COUNTRY else Level(rule.within).column
        yield Distinct(rule.id, within, rule.column)
    elif isinstance(rule, BudgetRule) and rule.ceiling is not None:
        for group in _areas(rule.ceiling_level, units):
            yield Budget(rule.id, group, rule.ceiling)


def _allotments(
    programme: Programme, rule: AllotmentRule, provinces: Sequence[str]
) -> Iterator[AnyLimit]:
    for province in provinces:
        for one in programme.area_allotments(province):
            if one.rule != rule.id:
                continue
            group = Group(one.level.column, one.area_code)
            if one.shortfall == "report":
                yield Count(rule.id, group, 0, one.units, fill=True)
            else:
                least = one.units if one.mode == "exactly" else 0
                yield Count(rule.id, group, least, one.units)


def _exact_areas(
    programme: Programme, rule: ExactlyAreasRule, provinces: Sequence[str]
) -> Iterator[AnyLimit]:
    for province in provinces:
        asked = programme.allotment(province).areas
        if asked is not None:
            group = Group(Level.PROVINCE.column, province)
            yield Areas(rule.id, group, Level(rule.level).column, asked, rule.units_each_at_least)


def _caps(rule: CapRule, units: pd.DataFrame, provinces: Sequence[str]) -> Iterator[AnyLimit]:
    if rule.mode == "each":
        for group in _areas(rule.level, units):
            yield Count(rule.id, group, 0, rule.at_most)
        return
    for province in provinces:
        group = Group(Level.PROVINCE.column, province)
        yield Average(rule.id, group, Level(rule.level).column, rule.at_most)


def _shares(rule: ShareRule, units: pd.DataFrame) -> Iterator[AnyLimit]:
    for group in _areas(rule.level, units):
        if rule.of == "eligible":
            inside = units if group is ALL else units[units[group.column] == group.value]
            size = int((inside["verdict"] == "met").sum())
            number = rule.number(size)
            yield Count(rule.id, group, number, number if rule.mode == "exactly" else None)
        else:
            part = Group(f"{WHERE}{rule.name}", YES)
            yield Share(rule.id, group, part, rule.percent, 100, rule.rounding)


def _areas(level: str, units: pd.DataFrame) -> list[Group]:
    """Return every area of a level that has units at all, eligible or not."""
    if level == COUNTRY:
        return [ALL]
    column = Level(level).column
    return [Group(column, str(code)) for code in sorted(units[column].dropna().unique())]
