"""The check of a whole plan, by anyone and without a solver: record, rules, proof, inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from phaenthi.targeting.judging.evidence import Evidence
from phaenthi.targeting.plan import making
from phaenthi.targeting.plan.certificate_record import Certificate
from phaenthi.targeting.plan.numbers import read_as
from phaenthi.targeting.plan.record import Plan
from phaenthi.targeting.plan.recount import recount
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.proof.asked import read_rules, tied_together
from phaenthi.targeting.proof.check import Claim, check_choice, check_impossible
from phaenthi.targeting.proof.verdict import Failure, Proof
from phaenthi.wording import Problem

NAMED_FAILURES = 20
Outcome = Literal["stands", "open", "falls"]


@dataclass(frozen=True)
class Report:
    """What the check found.

    Attributes
    ----------
    proofs
        One a province (or provinces that a rule ties together), with need and ceiling as the
        check counted them; none where the rules at hand are not those of the plan.
    failures
        Empty when nothing speaks against the plan.
    against_inputs
        Whether the inputs themselves were at hand; without them the plan's own table of
        units is taken as true.
    """

    proofs: tuple[Proof, ...]
    failures: tuple[Failure, ...]
    against_inputs: bool

    @property
    def stands(self) -> bool:
        """Whether nothing speaks against the plan."""
        return not self.failures

    @property
    def outcome(self) -> Outcome:
        """Whether the plan stands, stands with something left open, or falls."""
        if self.failures:
            return "falls"
        return "stands" if all(proof.settled for proof in self.proofs) else "open"


def check(plan: Plan, programme: Programme, evidence: Evidence | None = None) -> Report:
    """Check a plan.

    Parameters
    ----------
    programme
        The rule pack in its own readings: what it asks is read anew and every limit and ceiling
        worked out from it and from the plan's table of units.
    evidence
        The inputs; their digests are compared, and the plan is made again from them and must
        come out the same, byte for byte.

    Notes
    -----
    Nothing that chose the plan takes part in the proof, and nothing that the plan says of itself
    decides whether it is checked (see :mod:`phaenthi.targeting.proof.check`). Without the inputs
    the reasons in words, points and exchanges of single units, the places that ties decided, the
    findings' figures and the day are taken as the plan tells them.
    """
    try:
        rules = read_as(plan, programme)
    except Problem:
        rules = None
    if rules is None or rules.digest() != plan.programme_digest:
        changed = Failure("certificate.rules_changed", {"programme": plan.programme_id})
        return Report((), (changed,), evidence is not None)
    failures = list(_missing(plan, rules))
    proofs: list[Proof] = []
    if not failures:
        proofs = [_prove(plan, rules, certificate) for certificate in plan.certificates]
        failures += [failure for proof in proofs for failure in proof.failures]
        failures += recount(plan, rules, proofs)
    if evidence is not None:
        failures += _against_inputs(plan, rules, evidence)
    return Report(tuple(proofs), tuple(failures), evidence is not None)


def _missing(plan: Plan, programme: Programme) -> Iterator[Failure]:
    """Find provinces of the plan without a result, or with another than the rules ask for."""
    here = sorted(plan.provinces)
    codes, areas = plan.units["unit_code"], plan.units["province_code"]
    if codes.isna().any() or codes.duplicated().any() or not areas.isin(here).all():
        yield Failure("certificate.table", {"file": "units.csv"})
    for province in here:
        if province not in programme.provinces():
            yield Failure("certificate.demand", {"province_code": province})
    told = [result.demand.province_code for result in plan.results]
    proved = [one.provinces for one in plan.certificates]
    if sorted(told) != here or not here or len(set(here)) != len(here):
        for province in sorted({*here, *told}):
            if told.count(province) != 1 or here.count(province) != 1:
                yield Failure("certificate.record", {"province_code": province})
    elif sorted(proved) != tied_together(programme, here):
        yield Failure("certificate.record", {"province_code": here[0]})


def _prove(plan: Plan, programme: Programme, certificate: Certificate) -> Proof:
    units = plan.units[plan.units["province_code"].isin(certificate.provinces)]
    decided = {one.unit_code: one.action == "in" for one in plan.overrides}
    asked = read_rules(programme, units, certificate.provinces, decided)
    results = [plan.result(province) for province in certificate.provinces]
    chosen = tuple(sorted(code for result in results for code in result.chosen))
    short = [result.shortage is not None for result in results]
    shortfalls = certificate.shortfalls
    claim = Claim(certificate.provinces, chosen, certificate.levels, shortfalls)
    if any(short) and (not all(short) or chosen):
        told = Failure("certificate.record", {"province_code": certificate.provinces[0]})
        return Proof(certificate.provinces, 0, None, settled=False, failures=(told,))
    check_claim = check_impossible if all(short) else check_choice
    return check_claim(units, asked, decided, claim)


def _against_inputs(plan: Plan, rules: Programme, evidence: Evidence) -> Iterator[Failure]:
    """Find where the plan made again from the inputs is another one."""
    for layer in sorted(set(plan.inputs) | set(evidence.digest)):
        if plan.inputs.get(layer) != evidence.digest.get(layer):
            yield Failure("certificate.input_changed", {"layer": layer})
    try:
        again = making.replay(plan, rules, evidence)
    except Problem as problem:
        yield Failure("certificate.not_replayed", {"problem": problem.message_id})
        return
    columns = ["unit_code", "amphoe_code", "verdict", "need", "target_households"]
    columns += [name for name in ("unit_tier", "cost_baht") if name in again.units]
    differ = _cells(again.units, columns) ^ _cells(plan.units, columns)
    codes = sorted({str(row[0]) for row in differ})
    for code in codes[:NAMED_FAILURES]:
        yield Failure("certificate.judged_otherwise", {"unit_code": code})
    for name, content in again.files.items():
        if not codes and content != plan.files[name] and plan.inputs == again.inputs:
            yield Failure("certificate.not_the_same", {"file": name})


def _cells(table: pd.DataFrame, columns: Sequence[str]) -> set[tuple[object, ...]]:
    known = [name for name in columns if name in table]
    return set(map(tuple, table[known].astype("string").to_numpy().tolist()))
