"""Which villages a programme's rules allow, which they do not, and what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd

from phaenthi.targeting.judging import (
    findings,
    household_need,
    members,
    need,
    overlap,
    people,
    unit_table,
)
from phaenthi.targeting.judging.conditions import Earlier
from phaenthi.targeting.judging.evidence import Evidence
from phaenthi.targeting.judging.findings import sentence
from phaenthi.targeting.judging.units import choice_columns, judge_lock, judge_rule
from phaenthi.targeting.judging.verdict import Verdict, all_of_columns, at_least_column
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.rules.rule import (
    BandsRule,
    BudgetRule,
    FlagRule,
    LockRule,
    MayOverlapRule,
    NoOverlapRule,
    RequiresRule,
    TiersRule,
)

__all__ = ["Judgement", "judge", "judge_counted", "sentence"]


@dataclass(frozen=True)
class Judgement:
    """What the rules say of every village of the scope.

    Attributes
    ----------
    units
        A row a unit, sorted by ``unit_code``: unit_code (the village's own code where villages
        are chosen), village_code, name_th, tambon_code, amphoe_code, province_code (text; where
        another unit lies, missing if not known); verdict (``met``, ``not_met``, ``unknown``); need
        (whole points ≥ 0) and its parts ``need_<part>``, which add up to it; target_households and
        ``household_tier_<n>``, which add up to it: households that certainly count, by the tier
        that is proven; target_households_possible: with those that may count (missing where
        nothing bounds them); helped_households: left out because they were helped before;
        overlap (``clear``, ``usable``, ``blocked``, ``list_needed``, ``register_needed``,
        ``place_needed``); and what :func:`phaenthi.targeting.judging.units.choice_columns` adds.
    findings
        A row a unit and rule that is judged per unit, by the order of the pack and unit:
        unit_code, village_code, rule (id), verdict, outcome, wording (message id), value and limit
        (text that needs no language) and what the sentence names: households, households_possible,
        helped_households, at_least (numbers, missing where they play no part), repeats,
        missing_lists, missing_registers (``programme year; …``), missing_sources and
        missing_columns (``id; …``).
    provinces
        Codes of the provinces judged.
    unplaced
        Units of the planner's table that have no province, so that they are in no judgement.
    """

    units: pd.DataFrame
    findings: pd.DataFrame
    provinces: tuple[str, ...]
    unplaced: int = 0


def judge(
    programme: Programme, evidence: Evidence, provinces: str | Iterable[str] | None = None
) -> Judgement:
    """Judge every unit of the programme's scope, or of some of its provinces.

    Parameters
    ----------
    programme
        With the readings chosen.
    evidence
        The registers, of at least the provinces that are judged.
    provinces
        Code of a province, or several; without them all of the scope that the evidence holds.

    Raises
    ------
    Problem
        ``targeting.province_not_in_scope``.

    Notes
    -----
    A unit is *met* when every rule is, *not met* when one is not, and otherwise *unknown*.
    """
    units = unit_table.units_of(programme, evidence, _provinces(programme, provinces))
    overlaps = overlap.find_overlaps(programme, evidence, units)
    covered = people.villages_covered(programme, evidence)
    doubtful = overlap.in_doubt(overlaps)
    if programme.members() is None:
        counts = members.count_nobody()
    else:
        classified = members.classify(programme, evidence, doubtful, covered)
        counts = members.count_by_village(programme, classified)
    measured = household_need.measure(programme, evidence, covered)
    judgement = judge_counted(
        programme, units, overlaps, covered, counts, measured, Earlier.of(evidence)
    )
    return replace(judgement, unplaced=unit_table.unplaced(evidence))


def judge_counted(
    programme: Programme,
    units: pd.DataFrame,
    overlaps: Mapping[str, pd.DataFrame],
    covered: pd.DataFrame,
    counts: pd.DataFrame,
    measured: pd.DataFrame | None = None,
    earlier: Earlier | None = None,
) -> Judgement:
    """Judge units whose overlaps are found and whose households are counted.

    Parameters
    ----------
    units
        From :func:`phaenthi.targeting.judging.unit_table.units_of`.
    overlaps
        From :func:`phaenthi.targeting.judging.overlap.find_overlaps` for these units.
    covered
        From :func:`phaenthi.targeting.judging.people.villages_covered`.
    counts
        From :func:`phaenthi.targeting.judging.members.count_by_village`.
    measured
        From :func:`phaenthi.targeting.judging.household_need.measure`.
    earlier
        What is known of earlier targets; nothing unless given.
    """
    if "unit_code" not in units.columns:
        units = units.assign(unit_code=units["village_code"])
    if earlier is None:
        earlier = Earlier.unknown()
    told = _with_counts(programme, units, covered, counts)
    judged = _judge_rules(programme, told, overlaps, earlier)
    tables = [judged[rule.id] for rule in programme.rules if rule.id in judged]
    met = pd.Series(Verdict.MET.value, index=told.index, dtype="string")
    clear = pd.Series(overlap.Outcome.CLEAR.value, index=told.index, dtype="string")
    repeated = [judged[rule.id]["outcome"] for rule in programme.overlap_rules()]
    told = told.assign(
        verdict=all_of_columns([met, *(table["verdict"] for table in tables)]),
        overlap=overlap.worst([clear, *repeated]),
    )
    shown = [
        name for name in told.columns if name not in ("missing_sources", *programme.pack.columns)
    ]
    result = pd.concat(
        [
            told[["unit_code", *(name for name in shown if name != "unit_code")]],
            need.score(programme, told, measured),
            choice_columns(programme, told, earlier),
        ],
        axis=1,
    )
    provinces = tuple(sorted(units["province_code"].unique()))
    return Judgement(result, pd.concat([findings.nothing(), *tables], ignore_index=True), provinces)


def _judge_rules(
    programme: Programme,
    units: pd.DataFrame,
    overlaps: Mapping[str, pd.DataFrame],
    earlier: Earlier,
) -> dict[str, pd.DataFrame]:
    """Return by the id of each rule that looks at single units what it found."""
    judged: dict[str, pd.DataFrame] = {}
    for rule in programme.rules:
        match rule:
            case RequiresRule() if rule.measure is not None:
                judged[rule.id] = _requirement(rule, units)
            case NoOverlapRule():
                settled = overlap.settle(overlaps[rule.id], _too_few(programme, rule, units))
                judged[rule.id] = _overlap_findings(rule, settled, units)
            case LockRule():
                judged[rule.id] = judge_lock(rule, units, programme.fiscal_year.buddhist)
            case RequiresRule() | FlagRule() | TiersRule() | BandsRule() | MayOverlapRule():
                judged[rule.id] = judge_rule(rule, units, earlier)
            case BudgetRule() if rule.at_most_per_unit is not None or rule.cost_column is not None:
                judged[rule.id] = judge_rule(rule, units, earlier)
            case _:
                pass
    return judged


def _provinces(programme: Programme, provinces: str | Iterable[str] | None) -> tuple[str, ...]:
    wanted = programme.provinces() if provinces is None else provinces
    wanted = (wanted,) if isinstance(wanted, str) else tuple(wanted)
    for province in wanted:
        programme.require_province(province)
    return wanted


def _with_counts(
    programme: Programme, villages: pd.DataFrame, covered: pd.DataFrame, counts: pd.DataFrame
) -> pd.DataFrame:
    """Join the counts to the villages; where nothing bounds a count from above, it is missing."""
    units = villages.merge(counts, how="left", on="village_code")
    numbers = [column for column in counts.columns if column != "village_code"]
    units[numbers] = units[numbers].fillna(0).astype("int64")
    here = villages[["village_code"]].merge(covered, how="left", on="village_code")
    sources = programme.sources_of_members()
    possible = units["target_households_possible"].astype("Int64")
    for name in sources:
        if programme.pack.sources[name].absent == "unknown":
            possible = possible.mask(~here[name].astype(bool))
    return units.assign(
        target_households_possible=possible,
        missing_sources=_names_missing(here, sources),
    )


def _names_missing(here: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    """Return row by row the names of the Boolean columns that are false, as ``a; b``."""
    texts = [
        "; ".join(name for name, present in zip(names, row, strict=True) if not present)
        for row in product((True, False), repeat=len(names))
    ]
    place = np.zeros(len(here), dtype=np.int64)
    for name in names:
        place = 2 * place + ~here[name].to_numpy(dtype=bool)
    return pd.Series(np.array(texts, dtype=object)[place], index=here.index, dtype="string")


def _too_few(programme: Programme, rule: NoOverlapRule, units: pd.DataFrame) -> pd.Series:
    """Tell for each village whether certainly too few households remain for the requirement."""
    limits = {one.id: one.at_least or 0 for one in programme.requirements()}
    limit = limits[rule.unless.enough_for] if rule.unless is not None else 0
    return (units["target_households_possible"] < limit).fillna(value=False).astype(bool)


def _requirement(rule: RequiresRule, units: pd.DataFrame) -> pd.DataFrame:
    certain, possible = units["target_households"], units["target_households_possible"]
    verdict = at_least_column(certain, possible, rule.at_least or 0)
    # A count from some of the registers may be enough and still not be what the rule asks for.
    incomplete = (units["missing_sources"] != "") & (verdict != Verdict.NOT_MET)
    verdict = verdict.mask(incomplete, Verdict.UNKNOWN.value)
    names = {"met": "enough", "not_met": "too_few", "unknown": "some_unknown"}
    outcome = verdict.map(names).mask(incomplete, "source_missing").astype("string")
    upper = possible.astype("string").fillna("…")
    value = certain.astype("string")
    value = value.mask(possible.isna() | (possible != certain), value + "–" + upper)
    return findings.of_rule(
        units,
        rule.id,
        verdict=verdict,
        outcome=outcome,
        wording="finding.requires." + outcome,
        value=value,
        limit=f"≥ {rule.at_least}",
        at_least=rule.at_least,
        missing_sources=units["missing_sources"],
    )


def _overlap_findings(
    rule: NoOverlapRule, found: pd.DataFrame, units: pd.DataFrame
) -> pd.DataFrame:
    outcome = found["outcome"]
    if rule.unless is None:
        # Without a way out no household counts, so that the sentence names none.
        outcome = outcome.mask(outcome == overlap.Outcome.BLOCKED.value, "excluded")
    return findings.of_rule(
        units,
        rule.id,
        verdict=found["verdict"],
        outcome=found["outcome"],
        wording="finding.no_overlap." + outcome,
        value=found["repeats"],
        limit="; ".join(f"{name} {year}" for name, year in rule.pairs()),
        repeats=found["repeats"],
        missing_lists=found["missing_lists"],
        missing_registers=found["missing_registers"],
    )
