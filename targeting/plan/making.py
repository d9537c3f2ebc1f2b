"""A plan: rules, inputs, decisions and the choice, kept so that it replays to the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pandas as pd

from phaenthi.geo.texts.stray import refuse_stray
from phaenthi.targeting.judging import nearby
from phaenthi.targeting.judging.evidence import Evidence
from phaenthi.targeting.judging.judge import Judgement, judge
from phaenthi.targeting.limits import pose
from phaenthi.targeting.plan import choosing, explain
from phaenthi.targeting.plan.certificate_record import Certificate
from phaenthi.targeting.plan.choosing import Choice
from phaenthi.targeting.plan.numbers import read_as
from phaenthi.targeting.plan.record import (
    Number,
    Override,
    Plan,
    ProvinceResult,
)
from phaenthi.targeting.programme.programme import Programme
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
        Units that people put in or took out.
    numbers
        Numbers that people set otherwise and that ``programme`` has already, for the record.

    Raises
    ------
    Problem
        If a province is not in the programme's scope, an override or number has no reason, an
        override names a unit that is not there, or a unit that a rule forbids is put in.
    """
    wanted = tuple(sorted(provinces))
    judgement = judge(programme, evidence, wanted)
    _check_overrides(overrides, judgement)
    _check_numbers(numbers)
    decided = {one.unit_code: one.action == "in" for one in overrides}
    choices: dict[str, Choice] = {}
    certificates: list[Certificate] = []
    tied = pose.crosses_provinces(programme)
    for together in [wanted] if tied else [(province,) for province in wanted]:
        found, certificate = choosing.choose(programme, judgement, together, decided)
        choices |= found
        certificates.append(certificate)
    chosen = [code for province in wanted for code in choices[province].chosen]
    return Plan(
        programme_id=programme.id,
        fiscal_year=programme.fiscal_year.buddhist,
        programme_digest=programme.digest(),
        readings=programme.readings,
        provinces=wanted,
        decided_on=decided_on,
        overrides=tuple(sorted(overrides, key=lambda o: o.unit_code)),
        inputs=dict(evidence.digest),
        missing_layers=tuple(sorted(evidence.missing_layers)),
        unmatched_history=evidence.unmatched_history,
        made_up=evidence.made_up,
        results=tuple(
            _result(programme, judgement.units, choices[province], certificate)
            for certificate in certificates
            for province in certificate.provinces
        ),
        units=explain.explain(programme, judgement, choices, overrides),
        findings=judgement.findings,
        members=nearby.pick_with_fill_up(programme, evidence, chosen),
        certificates=tuple(certificates),
        numbers=tuple(sorted(numbers, key=lambda one: one.key)),
    )


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


def _check_overrides(overrides: Iterable[Override], judgement: Judgement) -> None:
    verdicts: Mapping[str, str] = dict(
        zip(judgement.units["unit_code"], judgement.units["verdict"], strict=True)
    )
    seen: set[str] = set()
    for one in overrides:
        if not one.reason.strip() or not one.decided_by.strip():
            raise Problem("targeting.override_without_reason", unit_code=one.unit_code)
        _refuse_stray(one.unit_code, one.reason, one.decided_by)
        if one.unit_code not in verdicts:
            raise Problem("targeting.override_unknown_unit", unit_code=one.unit_code)
        if one.action == "in" and verdicts[one.unit_code] == "not_met":
            raise Problem(
                "targeting.override_forbidden",
                unit_code=one.unit_code,
                reason=one.reason,
                rules=", ".join(_broken_rules(judgement.findings, one.unit_code)),
            )
        if one.unit_code in seen:
            raise Problem("targeting.override_twice", unit_code=one.unit_code)
        seen.add(one.unit_code)


def _broken_rules(findings: pd.DataFrame, unit_code: str) -> Iterable[str]:
    broken = (findings["unit_code"] == unit_code) & (findings["verdict"] == "not_met")
    return map(str, findings.loc[broken, "rule"])


def _check_numbers(numbers: Iterable[Number]) -> None:
    for number in numbers:
        if not number.reason.strip() or not number.decided_by.strip():
            raise Problem("targeting.number_without_reason", name=number.name)
        _refuse_stray(number.name, number.reason, number.decided_by)


def _refuse_stray(decided: str, *texts: str) -> None:
    for text in texts:
        refuse_stray(text, decided)


def _result(
    programme: Programme, units: pd.DataFrame, choice: Choice, certificate: Certificate
) -> ProvinceResult:
    alone = len(certificate.provinces) == 1
    return ProvinceResult(
        demand=choice.demand,
        chosen=choice.chosen,
        reserve=choice.reserve,
        need=choice.need,
        target_households=choice.target_households,
        tied_places=choice.tied_places,
        sort_and_take=choice.sort_and_take,
        sort_and_take_need=choice.sort_and_take_need,
        ceiling=certificate.ceiling if alone else None,
        shortage=choice.shortage,
        baht=_baht(programme, units, choice.chosen),
    )


def _baht(programme: Programme, units: pd.DataFrame, chosen: Sequence[str]) -> int | None:
    """Return what the chosen units cost; ``None`` without a budget rule."""
    if not programme.rules_of("budget"):
        return None
    if "cost_baht" not in units:
        return len(chosen) * pose.baht_of(programme)
    cost = units.loc[units["unit_code"].isin(chosen), "cost_baht"].astype("Int64")
    return int(cost.fillna(pose.baht_of(programme)).sum())
