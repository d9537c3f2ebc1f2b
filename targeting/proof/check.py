"""The check of one choice: every limit, the ceilings, and the best of every piece.

No solver takes part. Pieces that no limit ties together are proved apart: groups inside one
another by a price for each group, areas with one cap by a recount, and in the rest that of units
which no limit tells apart the best are taken. What is then still open is the gap of the ceilings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

import pandas as pd

from phaenthi.targeting.limits.problem import Count
from phaenthi.targeting.proof import area_recount, best_first, ceiling
from phaenthi.targeting.proof.apart import Piece, take_apart
from phaenthi.targeting.proof.asked import Asked
from phaenthi.targeting.proof.best_first import Worth
from phaenthi.targeting.proof.ceiling import LevelProof
from phaenthi.targeting.proof.recount import broken, shortfalls
from phaenthi.targeting.proof.rows import write_rows
from phaenthi.targeting.proof.ties import read_ties
from phaenthi.targeting.proof.units import Units
from phaenthi.targeting.proof.verdict import Failure, Proof


@dataclass(frozen=True)
class Claim:
    """What a plan says of one choice.

    Attributes
    ----------
    chosen
        Unit codes; none where the plan says that no choice is possible.
    levels
        The multipliers of each level of the objective, or those that prove that there is none.
    shortfalls
        What is missing where a group was to be filled and is not full.
    """

    provinces: tuple[str, ...]
    chosen: tuple[str, ...] = ()
    levels: tuple[LevelProof, ...] = ()
    shortfalls: tuple[tuple[Count, int], ...] = ()


def check_choice(
    table: pd.DataFrame, asked: Asked, decided: Mapping[str, bool], claim: Claim
) -> Proof:
    """Check that a choice keeps what is asked, and that no other is better.

    Parameters
    ----------
    table
        Judged units of the provinces (see :class:`phaenthi.targeting.proof.units.Units`).
    asked
        What the rules and decisions ask, read anew.
    decided
        Unit code → put in (else taken out), by a person.
    """
    units = Units.of(table, decided, asked.baht)
    outside = [code for code in claim.chosen if code not in units.place]
    failures = [Failure("certificate.not_eligible", {"unit_code": code}) for code in outside]
    if len(set(claim.chosen)) != len(claim.chosen):
        failures.append(Failure("certificate.record", {"province_code": claim.provinces[0]}))
    if failures:
        return Proof(claim.provinces, 0, None, False, tuple(failures))
    chosen = frozenset(units.place[code] for code in claim.chosen)
    failures += broken(units, asked.limits, set(chosen))
    short = shortfalls(units, asked.limits, set(chosen))
    if sorted(short, key=repr) != sorted(claim.shortfalls, key=repr):
        failures.append(Failure("certificate.record", {"province_code": claim.provinces[0]}))
    settled = False
    if not failures:
        better, settled = _prove_pieces(units, asked, chosen)
        failures += better
    levels = units.levels(asked.limits, tiers_first=asked.tiers_first)
    reached = ceiling.reached_by(levels, sorted(chosen))
    found = ceiling.ceilings(levels, write_rows(units, asked.limits), reached, claim.levels)
    told = [(one.level, one.reached, one.ceiling) for one in claim.levels]
    names = [name for name, _ in levels]
    for mine, theirs in zip_longest(zip(names, reached, found, strict=True), told):
        if mine != theirs:
            level = (mine or theirs or ("–",))[0]
            failures.append(Failure("certificate.multipliers", {"level": level}))
    need = names.index("need")
    closed = all(top == own for top, own in zip(found[: need + 1], reached, strict=False))
    return Proof(claim.provinces, reached[need], found[need], settled or closed, tuple(failures))


def check_impossible(
    table: pd.DataFrame, asked: Asked, decided: Mapping[str, bool], claim: Claim
) -> Proof:
    """Check that there is no choice, as a plan says.

    Notes
    -----
    Settled by counting where a piece is of groups inside one another or of areas, else by the
    plan's multipliers; where neither tells, it stays open.
    """
    units = Units.of(table, decided, asked.baht)
    pieces = _pieces(units, asked)
    told = [True] if pieces is None else [_is_impossible(units, asked, one) for one in pieces]
    impossible = True in told
    if not impossible:
        impossible = ceiling.is_impossible(write_rows(units, asked.limits), claim.levels)
    wrong: tuple[Failure, ...] = ()
    if not impossible and None not in told:
        said = {"province_code": claim.provinces[0]}
        wrong = (Failure("certificate.unproved_shortage", said),)
    return Proof(claim.provinces, 0, None, impossible, wrong)


def _pieces(units: Units, asked: Asked) -> list[Piece] | None:
    return take_apart(len(units.codes), read_ties(units, asked.limits, as_counts=True))


def _is_impossible(units: Units, asked: Asked, piece: Piece) -> bool | None:
    """Tell whether a piece allows no choice; ``None`` where counting does not tell."""
    groups = best_first.group(piece)
    if groups is not None:
        return not groups.is_possible
    areas = area_recount.area_question(piece, asked.limits)
    return None if areas is None else area_recount.recount(areas, units) is None


def _prove_pieces(units: Units, asked: Asked, chosen: frozenset[int]) -> tuple[list[Failure], bool]:
    """Return the better exchanges found, and whether every piece is proved to the last tie."""
    levels = units.levels(asked.limits, tiers_first=asked.tiers_first)
    columns = [weights for _, weights in levels]
    worth = [(*numbers, -unit) for unit, numbers in enumerate(zip(*columns, strict=True))]
    failures: list[Failure] = []
    settled = True
    for piece in _pieces(units, asked) or ():
        inside = chosen & frozenset(piece.units)
        groups = best_first.group(piece)
        if groups is not None:
            better = best_first.find_better(groups, inside, worth)
            if better is not None:
                worse = set() if better.instead_of is None else {better.instead_of}
                failures.append(_better(units, {better.unit}, worse))
            continue
        areas = None if asked.tiers_first else area_recount.area_question(piece, asked.limits)
        if areas is not None:
            best = area_recount.recount(areas, units) or frozenset()
            if best != inside:
                failures.append(_better(units, set(best - inside), set(inside - best)))
            continue
        settled = False
        failures += _of_units_alike(units, piece, inside, worth)
    return failures, settled


def _of_units_alike(
    units: Units, piece: Piece, inside: frozenset[int], worth: Worth
) -> Iterator[Failure]:
    """Yield where of units that no limit tells apart a worse one is taken."""
    seen: dict[int, list[tuple[int, int, str]]] = {unit: [] for unit in piece.units}
    for place, tie in enumerate(piece.ties):
        areas = tie.area_of or {}
        for unit, weight in tie.weights.items():
            seen[unit].append((place, weight, areas.get(unit, "")))
    alike: dict[tuple[tuple[int, int, str], ...], list[int]] = {}
    for unit in piece.units:
        alike.setdefault(tuple(seen[unit]), []).append(unit)
    for members in alike.values():
        taken = inside.intersection(members)
        best = set(sorted(members, key=worth.__getitem__, reverse=True)[: len(taken)])
        if best != taken:
            yield _better(units, best - taken, set(taken - best))


def _better(units: Units, better: set[int], worse: set[int]) -> Failure:
    def told(places: set[int]) -> str:
        return ", ".join(units.codes[unit] for unit in sorted(places)) or "–"

    return Failure("certificate.better_exchange", {"better": told(better), "worse": told(worse)})
