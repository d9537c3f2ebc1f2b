"""The check of a whole plan, by anyone and without a solver: record, rules, proof, inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from phaenthi.targeting.choice import demand
from phaenthi.targeting.judging.evidence import Evidence
from phaenthi.targeting.judging.judge import judge
from phaenthi.targeting.limits import pose
from phaenthi.targeting.plan.numbers import read_as
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.proof import limits as general_proof
from phaenthi.targeting.proof import plain as proof
from phaenthi.targeting.proof.plain import Failure, Proof

if TYPE_CHECKING:
    from phaenthi.targeting.plan.record import Plan, ProvinceResult
    from phaenthi.targeting.proof.record import Record

NAMED_FAILURES = 20


@dataclass(frozen=True)
class Report:
    """What the check found.

    Attributes
    ----------
    proofs
        One a province (or provinces that a rule ties together), with need, ceiling and optimum.
    failures
        Empty when the plan stands.
    against_inputs
        Whether the inputs themselves were at hand; without them the plan's own table of
        villages is taken as true.
    """

    proofs: tuple[Proof, ...]
    failures: tuple[Failure, ...]
    against_inputs: bool

    @property
    def stands(self) -> bool:
        """Whether nothing speaks against the plan."""
        return not self.failures


def check(
    plan: Plan, programme: Programme | None = None, evidence: Evidence | None = None
) -> Report:
    """Check a plan.

    Parameters
    ----------
    programme
        The rule pack in its own readings; its allotments are compared with the plan's.
    evidence
        The inputs; their digests are compared, every village is judged anew, and the verdicts
        and needs must be those of the plan. Needs ``programme``.

    Notes
    -----
    Nothing that chose the plan takes part: :mod:`phaenthi.targeting.proof.plain` recounts each rule
    and the optimum in whole numbers.
    """
    failures: list[Failure] = []
    proofs: list[Proof] = []
    general = {province for one in plan.records for province in one.provinces if not one.plain}
    for result in plan.results:
        failures += _record_failures(plan, result)
        if result.demand.province_code not in general:
            proofs.append(_prove(plan, result))
    proofs += [_prove_record(plan, record) for record in plan.records if not record.plain]
    failures += [failure for found in proofs for failure in found.failures]
    if programme is not None:
        read = read_as(plan, programme)
        failures += _rule_failures(plan, read)
        if evidence is not None:
            failures += _input_failures(plan, read, evidence)
    return Report(tuple(proofs), tuple(failures), evidence is not None)


def _prove(plan: Plan, result: ProvinceResult) -> Proof:
    province = result.demand.province_code
    units = plan.units[plan.units["province_code"] == province]
    locked_in = {o.village_code for o in plan.overrides if o.action == "in"}
    locked_out = {o.village_code for o in plan.overrides if o.action == "out"}
    here = set(units["village_code"])
    open_ = units[(units["verdict"] == "met") | units["village_code"].isin(locked_in)]
    rows = proof.rows_of(open_)
    if result.shortage is None:
        return proof.check_province(
            rows,
            result.demand,
            result.chosen,
            result.prices,
            locked_in=locked_in & here,
            locked_out=locked_out,
        )
    rest = [row for row in rows if row.village_code not in locked_out]
    possible = proof.recount(rest, result.demand, frozenset(locked_in & here))
    wrong = (
        ()
        if possible is None
        else (Failure("certificate.unproved_shortage", {"province_code": province}),)
    )
    return Proof(province, 0, None, None, wrong)


def _prove_record(plan: Plan, record: Record) -> Proof:
    units = plan.units[plan.units["province_code"].isin(record.provinces)]
    here = set(units["unit_code"])
    locks = {o.village_code: o.action == "in" for o in plan.overrides if o.village_code in here}
    results = [plan.result(province) for province in record.provinces]
    if results[0].shortage is not None:
        wrong = general_proof.check_impossible(record, units, locks)
        return Proof(",".join(record.provinces), 0, None, None, wrong)
    chosen = sorted(code for result in results for code in result.chosen)
    found = general_proof.check_choice(record, units, chosen, locks)
    if found.need == sum(result.need for result in results):
        return found
    told = Failure("certificate.record", {"province_code": record.provinces[0]})
    return replace(found, failures=(*found.failures, told))


def _record_failures(plan: Plan, result: ProvinceResult) -> Iterator[Failure]:
    """Find where the table of villages and the recorded choice tell different stories."""
    province = result.demand.province_code
    units = plan.units[plan.units["province_code"] == province]
    for status, codes in (("chosen", result.chosen), ("reserve", result.reserve)):
        told = set(units.loc[units["status"] == status, "unit_code"])
        if told != set(codes):
            yield Failure("certificate.record", {"province_code": province})
            return


def _rule_failures(plan: Plan, programme: Programme) -> Iterator[Failure]:
    if programme.digest() != plan.programme_digest:
        yield Failure("certificate.rules_changed", {"programme": plan.programme_id})
    general = {province for one in plan.records for province in one.provinces if not one.plain}
    if pose.is_plain(programme) == bool(general):
        yield Failure("certificate.limits_changed", {})
        return
    for record in plan.records:
        if not record.plain and not _asks_the_same(plan, record, programme):
            yield Failure("certificate.limits_changed", {})
    for result in plan.results:
        province = result.demand.province_code
        if province in general:
            continue
        if province not in programme.provinces() or (
            demand.ask(programme, province) != result.demand
        ):
            yield Failure("certificate.demand", {"province_code": province})


def _asks_the_same(plan: Plan, record: Record, programme: Programme) -> bool:
    """Tell whether a record's limits are those of the rules and of the plan's decisions."""
    if not set(record.provinces) <= set(programme.provinces()):
        return False
    units = plan.units[plan.units["province_code"].isin(record.provinces)]
    locks = {o.village_code: o.action == "in" for o in plan.overrides}
    asked = pose.pose(programme, units, record.provinces, locks)
    return (asked.limits, asked.tiers_first, pose.baht_of(programme)) == (
        record.limits,
        record.tiers_first,
        record.baht,
    )


def _input_failures(plan: Plan, programme: Programme, evidence: Evidence) -> Iterator[Failure]:
    for layer in sorted(set(plan.inputs) | set(evidence.digest)):
        if plan.inputs.get(layer) != evidence.digest.get(layer):
            yield Failure("certificate.input_changed", {"layer": layer})
    judged = judge(programme, evidence, plan.provinces).units
    columns = ["unit_code", "amphoe_code", "verdict", "need", "target_households"]
    columns += [name for name in ("unit_tier", "cost_baht") if name in judged]
    ours = set(map(tuple, judged[columns].astype("string").to_numpy().tolist()))
    theirs = set(map(tuple, plan.units[columns].astype("string").to_numpy().tolist()))
    codes: Sequence[str] = sorted({str(row[0]) for row in ours ^ theirs})
    for code in codes[:NAMED_FAILURES]:
        yield Failure("certificate.judged_otherwise", {"village_code": code})
