"""A plan: rules, inputs, decisions and the choice, kept so that it replays to the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pandas as pd

from phaenthi.targeting.choice import area_recursion as allocation
from phaenthi.targeting.choice import demand
from phaenthi.targeting.choice.area_recursion import Choice
from phaenthi.targeting.judging import nearby
from phaenthi.targeting.judging.evidence import Evidence
from phaenthi.targeting.judging.judge import Judgement, judge
from phaenthi.targeting.limits import pose
from phaenthi.targeting.plan import explain
from phaenthi.targeting.plan import under_limits as general
from phaenthi.targeting.plan.numbers import read_as
from phaenthi.targeting.plan.record import (
    Number,
    Override,
    Plan,
    ProvinceResult,
)
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.proof import plain as proof
from phaenthi.targeting.proof import plain_prices as bound
from phaenthi.targeting.proof.plain import Prices
from phaenthi.targeting.proof.record import Record
from phaenthi.wording import Problem


def make(
    programme: Programme,
    evidence: Evidence,
    provinces: Sequence[str],
    *,
    decided_on: date,
    overrides: Sequence[Override] = (),
    numbers: Sequence[Number] = (),
) -> Plan:
    """Judge, choose, prove and explain: the whole walk from a guideline to a plan.

    Parameters
    ----------
    provinces
        Codes of provinces in the programme's scope.
    decided_on
        The day that the plan bears; part of the record.
    overrides
        Villages that people put in or took out.
    numbers
        Numbers that people set otherwise and that ``programme`` has already, for the record.

    Raises
    ------
    Problem
        If a province is not in the programme's scope, an override or number has no reason, an
        override names a village that is not there, or a village that a rule forbids is put in.
    """
    wanted = tuple(sorted(provinces))
    judgement = judge(programme, evidence, wanted)
    _check_overrides(overrides, judgement.units, judgement.findings)
    for number in numbers:
        if not number.reason.strip() or not number.decided_by.strip():
            raise Problem("targeting.number_without_reason", name=number.name)
    locked_in = frozenset(o.village_code for o in overrides if o.action == "in")
    locked_out = frozenset(o.village_code for o in overrides if o.action == "out")
    locks = {o.village_code: o.action == "in" for o in overrides}
    choices: dict[str, Choice] = {}
    records: list[Record] = []
    if pose.is_plain(programme):
        for province in wanted:
            asked = demand.ask(programme, province)
            open_ = _open(judgement.units, province, locked_in)
            here = frozenset(open_["village_code"])
            choices[province] = allocation.choose(open_, asked, locked_in & here, locked_out & here)
            if choices[province].shortage is not None:
                records.append(_why_not(programme, judgement, province, locks))
    else:
        tied = pose.crosses_provinces(programme)
        for together in [wanted] if tied else [(province,) for province in wanted]:
            found, record = general.choose(programme, judgement, together, locks)
            choices |= found
            records.append(record)
    results = [
        _result(programme, judgement.units, choices[province], records, locked_in, locked_out)
        for province in wanted
    ]
    chosen = [code for result in results for code in result.chosen]
    return Plan(
        programme_id=programme.id,
        fiscal_year=programme.fiscal_year.buddhist,
        programme_digest=programme.digest(),
        readings=programme.readings,
        provinces=wanted,
        decided_on=decided_on,
        overrides=tuple(sorted(overrides, key=lambda o: o.village_code)),
        inputs=dict(evidence.digest),
        missing_layers=tuple(sorted(evidence.missing_layers)),
        unmatched_history=evidence.unmatched_history,
        made_up=evidence.made_up,
        results=tuple(results),
        units=explain.explain(programme, judgement, choices, overrides),
        findings=judgement.findings,
        members=nearby.pick_with_fill_up(programme, evidence, chosen),
        records=tuple(records),
        numbers=tuple(sorted(numbers, key=lambda one: one.key)),
    )


def _open(units: pd.DataFrame, province: str, locked_in: frozenset[str]) -> pd.DataFrame:
    """Return the units of a province that may be chosen, each under its own code."""
    allowed = (units["verdict"] == "met") | units["unit_code"].isin(locked_in)
    open_ = units[allowed & (units["province_code"] == province)]
    return open_.assign(village_code=open_["unit_code"])


def _why_not(
    programme: Programme, judgement: Judgement, province: str, locks: Mapping[str, bool]
) -> Record:
    """Find which rules clash in a province that cannot be filled, and what would help."""
    here = judgement.units[judgement.units["province_code"] == province]
    barred = pose.barred_units(here, judgement.findings)
    problem = pose.pose(programme, here, [province], locks, barred)
    baht = pose.baht_of(programme)
    # The solver takes a moment to load, and most programmes have a choice.
    from phaenthi.targeting.clash import conflict  # noqa: PLC0415

    clash = conflict.examine(problem)
    return Record(
        (province,),
        problem.limits,
        problem.tiers_first,
        baht,
        proved=True,
        clash=clash,
        plain=True,
    )


def _check_overrides(
    overrides: Iterable[Override], units: pd.DataFrame, findings: pd.DataFrame
) -> None:
    verdicts = dict(zip(units["unit_code"], units["verdict"], strict=True))
    for one in overrides:
        if not one.reason.strip() or not one.decided_by.strip():
            raise Problem("targeting.override_without_reason", village_code=one.village_code)
        if one.village_code not in verdicts:
            raise Problem("targeting.override_unknown_village", village_code=one.village_code)
        if one.action == "in" and verdicts[one.village_code] == "not_met":
            broken = findings[
                (findings["unit_code"] == one.village_code) & (findings["verdict"] == "not_met")
            ]
            raise Problem(
                "targeting.override_forbidden",
                village_code=one.village_code,
                reason=one.reason,
                rules=", ".join(broken["rule"]),
            )
    codes = [one.village_code for one in overrides]
    for code in codes:
        if codes.count(code) > 1:
            raise Problem("targeting.override_twice", village_code=code)


def _result(
    programme: Programme,
    units: pd.DataFrame,
    choice: Choice,
    records: Iterable[Record],
    locked_in: frozenset[str],
    locked_out: frozenset[str],
) -> ProvinceResult:
    province = choice.demand.province_code
    open_ = _open(units, province, locked_in)
    prices: Prices | None = None
    if pose.is_plain(programme):
        rows = [row for row in proof.rows_of(open_) if row.village_code not in locked_out]
        inside = locked_in & {row.village_code for row in rows}
        prices = None if choice.shortage else bound.find_prices(rows, choice.demand, inside)
        ceiling = int(proof.bound(rows, choice.demand, prices, inside) // 1) if prices else None
    else:
        record = next(one for one in records if province in one.provinces)
        ceiling = record.ceiling if record.provinces == (province,) else None
    return ProvinceResult(
        demand=choice.demand,
        chosen=choice.chosen,
        reserve=choice.reserve,
        need=choice.need,
        target_households=choice.target_households,
        tied_places=choice.tied_places,
        sort_and_take=choice.sort_and_take,
        sort_and_take_need=choice.sort_and_take_need,
        prices=prices,
        ceiling=ceiling,
        shortage=choice.shortage,
        baht=_baht(programme, open_, choice.chosen),
    )


def _baht(programme: Programme, open_: pd.DataFrame, chosen: Sequence[str]) -> int | None:
    """Return what the chosen units cost; ``None`` without a budget rule."""
    if not programme.rules_of("budget"):
        return None
    if "cost_baht" not in open_:
        return len(chosen) * pose.baht_of(programme)
    cost = open_.loc[open_["unit_code"].isin(chosen), "cost_baht"].astype("Int64")
    return int(cost.fillna(pose.baht_of(programme)).sum())


def replay(plan: Plan, programme: Programme, evidence: Evidence) -> Plan:
    """Make the plan again from the same rules, readings, numbers, overrides and day."""
    return make(
        read_as(plan, programme),
        evidence,
        plan.provinces,
        decided_on=plan.decided_on,
        overrides=plan.overrides,
        numbers=plan.numbers,
    )
