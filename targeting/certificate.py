"""The check of a whole plan, by anyone and without a solver: record, rules, proof, inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from targeting import demand, proof
from targeting.eligibility import judge
from targeting.evidence import Evidence
from targeting.programme import Programme
from targeting.proof import Failure, Proof

if TYPE_CHECKING:
    from targeting.plan import Plan, ProvinceResult

NAMED_FAILURES = 20


@dataclass(frozen=True)
class Report:
    """What the check found.

    Attributes
    ----------
    proofs
        One a province that was chosen, with need, ceiling and optimum.
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
    Nothing that chose the plan takes part: :mod:`targeting.proof` recounts each rule and the
    optimum in whole numbers.
    """
    failures: list[Failure] = []
    proofs: list[Proof] = []
    for result in plan.results:
        found = _prove(plan, result)
        failures += [*_record_failures(plan, result), *found.failures]
        proofs.append(found)
    if programme is not None:
        read = programme.with_readings(plan.readings)
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


def _record_failures(plan: Plan, result: ProvinceResult) -> Iterator[Failure]:
    """Find where the table of villages and the recorded choice tell different stories."""
    province = result.demand.province_code
    units = plan.units[plan.units["province_code"] == province]
    for status, codes in (("chosen", result.chosen), ("reserve", result.reserve)):
        told = set(units.loc[units["status"] == status, "village_code"])
        if told != set(codes):
            yield Failure("certificate.record", {"province_code": province})
            return


def _rule_failures(plan: Plan, programme: Programme) -> Iterator[Failure]:
    if programme.digest() != plan.programme_digest:
        yield Failure("certificate.rules_changed", {"programme": plan.programme_id})
    for result in plan.results:
        province = result.demand.province_code
        if province not in programme.provinces() or (
            demand.ask(programme, province) != result.demand
        ):
            yield Failure("certificate.demand", {"province_code": province})


def _input_failures(plan: Plan, programme: Programme, evidence: Evidence) -> Iterator[Failure]:
    for layer in sorted(set(plan.inputs) | set(evidence.digest)):
        if plan.inputs.get(layer) != evidence.digest.get(layer):
            yield Failure("certificate.input_changed", {"layer": layer})
    judged = judge(programme, evidence, plan.provinces).units
    columns = ["village_code", "amphoe_code", "verdict", "need", "target_households"]
    ours = set(map(tuple, judged[columns].astype("string").to_numpy().tolist()))
    theirs = set(map(tuple, plan.units[columns].astype("string").to_numpy().tolist()))
    codes: Sequence[str] = sorted({str(row[0]) for row in ours ^ theirs})
    for code in codes[:NAMED_FAILURES]:
        yield Failure("certificate.judged_otherwise", {"village_code": code})
