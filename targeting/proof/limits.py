"""The check of a choice under limits of any kind: every limit, the ceilings, the best by parts.

No solver takes part. What no limit ties together is proved apart: groups inside one another by a
price for each group, areas with one cap by a recount, and in the rest that of units which no
limit tells apart the best are taken. What is then still open is the gap of the ceilings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from phaenthi.targeting.choice.by_area import by_area
from phaenthi.targeting.choice.nested_groups import tree_of
from phaenthi.targeting.limits import recount as recheck
from phaenthi.targeting.limits.alike_units import alike
from phaenthi.targeting.limits.independent_parts import Part, keys_of, take_apart
from phaenthi.targeting.limits.problem import ChoiceProblem, Lock
from phaenthi.targeting.limits.rows import write_out
from phaenthi.targeting.proof import best_first, ceiling
from phaenthi.targeting.proof import plain as proof
from phaenthi.targeting.proof.plain import Failure, Proof

if TYPE_CHECKING:
    from phaenthi.targeting.proof.record import Record


def check_choice(
    record: Record, units: pd.DataFrame, chosen: Sequence[str], locks: dict[str, bool]
) -> Proof:
    """Check one choice of a plan.

    Parameters
    ----------
    record
        Limits and multipliers that the plan keeps.
    units
        The plan's own table of the provinces' units.
    chosen
        Unit codes.
    locks
        Unit code → taken, from the decisions recorded in the plan.

    Returns
    -------
    Proof
        ``ceiling`` and ``optimum`` of need; ``optimum`` is ``None`` where the gap stays open.
    """
    put_in = {code for code, taken in locks.items() if taken}
    open_ = units[(units["verdict"] == "met") | units["unit_code"].isin(put_in)]
    problem = record.problem(open_)
    failures = list(_lock_failures(problem, locks))
    outside = [code for code in chosen if code not in problem.place]
    failures += [Failure("certificate.not_eligible", {"village_code": code}) for code in outside]
    if outside or len(set(chosen)) != len(chosen):
        return Proof(",".join(record.provinces), 0, None, None, tuple(failures))
    need = sum(problem.numbers("need")[problem.place[code]] for code in chosen)
    failures += [
        Failure(
            "certificate.limit",
            {"rule": one.limit.rule, "found": one.found, "asked": one.asked, "place": one.place},
        )
        for one in recheck.breaches(problem, chosen)
    ]
    if recheck.shortfalls(problem, chosen) != dict(record.shortfalls):
        failures.append(Failure("certificate.record", {"province_code": record.provinces[0]}))
    failures += [
        Failure("certificate.multipliers", {"level": one.level})
        for one in ceiling.check(problem, chosen, record.levels)
    ]
    if len(record.levels) != len(problem.levels):
        failures.append(Failure("certificate.multipliers", {"level": "–"}))
    proved = True
    if not failures:
        better, proved = _prove_parts(problem, chosen)
        failures += better
    closed = proved or all(
        one.gap == 0 for one in record.levels if one.level != "target_households"
    )
    return Proof(
        ",".join(record.provinces), need, record.ceiling, need if closed else None, tuple(failures)
    )


def check_impossible(
    record: Record, units: pd.DataFrame, locks: dict[str, bool]
) -> tuple[Failure, ...]:
    """Check that a plan rightly says that there is no choice, as far as multipliers prove it."""
    put_in = {code for code, taken in locks.items() if taken}
    open_ = units[(units["verdict"] == "met") | units["unit_code"].isin(put_in)]
    problem = record.problem(open_)
    failures = tuple(_lock_failures(problem, locks))
    if (record.proved or record.levels) and not ceiling.is_impossible(problem, record.levels):
        wrong = Failure("certificate.unproved_shortage", {"province_code": record.provinces[0]})
        return (*failures, wrong)
    return failures


def _lock_failures(problem: ChoiceProblem, locks: dict[str, bool]) -> Iterator[Failure]:
    kept = {one.unit_code: one.taken for one in problem.limits if isinstance(one, Lock)}
    asked = {code: taken for code, taken in locks.items() if code in problem.place}
    if kept != asked:
        yield Failure("certificate.limits_changed", {})


def _prove_parts(problem: ChoiceProblem, chosen: Sequence[str]) -> tuple[list[Failure], bool]:
    """Return the better exchanges found, and whether every part is proved to the last tie."""
    held = frozenset(problem.place[code] for code in chosen)
    keys = keys_of(problem.levels, len(problem.codes))
    failures: list[Failure] = []
    proved = True
    for part in take_apart(write_out(problem)) or ():
        inside = held & frozenset(part.units)
        tree = tree_of(part, keys)
        if tree is not None:
            better = best_first.find_better(tree, inside)
            if better is not None:
                failures.append(_better(problem, better.unit, better.instead_of))
            continue
        recounted = _recount(problem, part)
        if recounted is not None:
            mine = {problem.codes[unit] for unit in inside}
            if set(recounted) != mine:
                failures.append(_better_set(set(recounted) - mine, mine - set(recounted)))
            continue
        proved = proved and not part.units
        for kind in alike(part, keys):
            taken = [unit for unit in kind.units if unit in inside]
            first = kind.units[: len(taken)]
            if set(first) != set(taken):
                unit = next(one for one in first if one not in inside)
                failures.append(_better(problem, unit, taken[-1]))
    return failures, proved


def _recount(problem: ChoiceProblem, part: Part) -> tuple[str, ...] | None:
    """Count a part's best plan anew where it is one of areas with one cap."""
    asked = by_area(problem, part)
    if asked is None:
        return None
    open_ = asked.candidates[~asked.candidates["unit_code"].isin(asked.barred)]
    return proof.recount(proof.rows_of(open_), asked.demand) or ()


def _better(problem: ChoiceProblem, unit: int, instead_of: int | None) -> Failure:
    worse = set() if instead_of is None else {problem.codes[instead_of]}
    return _better_set({problem.codes[unit]}, worse)


def _better_set(better: set[str], worse: set[str]) -> Failure:
    return Failure(
        "certificate.better_exchange",
        {"better": ", ".join(sorted(better)) or "–", "worse": ", ".join(sorted(worse)) or "–"},
    )
