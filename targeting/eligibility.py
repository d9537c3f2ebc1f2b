"""Which villages a programme's rules allow, which they do not, and what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from targeting import members, need, overlap
from targeting.evidence import Evidence
from targeting.programme import Programme
from targeting.rules import NoOverlapRule, RequiresRule
from targeting.verdict import Verdict, all_of_columns, at_least_column
from wording import Language, say

FINDING_COLUMNS = (
    "village_code",
    "rule",
    "verdict",
    "outcome",
    "wording",
    "value",
    "limit",
    "households",
    "households_possible",
    "helped_households",
    "at_least",
    "repeats",
    "missing_lists",
    "missing_registers",
    "missing_sources",
)
_NUMBERS = ("households", "households_possible", "helped_households", "at_least")
_FINDING_TYPES = {name: "Int64" if name in _NUMBERS else "string" for name in FINDING_COLUMNS}


@dataclass(frozen=True)
class Judgement:
    """What the rules say of every village of the scope.

    Attributes
    ----------
    units
        A row a village, sorted by ``village_code``: village_code, name_th, tambon_code,
        amphoe_code, province_code (text); verdict (``met``, ``not_met``, ``unknown``); need (whole
        points ≥ 0) and its parts ``need_<part>``, which add up to it; target_households and
        ``household_tier_<n>``, which add up to it: households that certainly count, by the tier
        that is proven; target_households_possible: with those that may count (missing where
        nothing bounds them); helped_households: left out because they were helped before;
        overlap (``clear``, ``usable``, ``blocked``, ``list_needed``, ``register_needed``).
    findings
        A row a village and rule that is judged per village, by the order of the pack and village:
        village_code, rule (id), verdict, outcome, wording (message id), value and limit (text
        that needs no language) and what the sentence names: households, households_possible,
        helped_households, at_least (numbers, missing where they play no part), repeats,
        missing_lists, missing_registers (``programme year; …``), missing_sources (``id; …``).
    provinces
        Codes of the provinces judged.
    """

    units: pd.DataFrame
    findings: pd.DataFrame
    provinces: tuple[str, ...]


def judge(
    programme: Programme, evidence: Evidence, provinces: str | Iterable[str] | None = None
) -> Judgement:
    """Judge every village of the programme's scope, or of some of its provinces.

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
    A village is *met* when every rule is, *not met* when one is not, and otherwise *unknown*.
    """
    villages = _villages(programme, evidence, provinces)
    overlaps = overlap.find_overlaps(programme, evidence, villages)
    covered = members.villages_covered(programme, evidence)
    doubtful = overlap.in_doubt(overlaps)
    if programme.members() is None:
        counts = members.count_nobody()
    else:
        classified = members.classify(programme, evidence, doubtful, covered)
        counts = members.count_by_village(programme, classified)
    return judge_counted(programme, villages, overlaps, covered, counts)


def judge_counted(
    programme: Programme,
    villages: pd.DataFrame,
    overlaps: Mapping[str, pd.DataFrame],
    covered: pd.DataFrame,
    counts: pd.DataFrame,
) -> Judgement:
    """Judge villages whose overlaps are found and whose households are counted.

    Parameters
    ----------
    villages
        Rows of ``evidence.villages``, sorted by code.
    overlaps
        From :func:`targeting.overlap.find_overlaps` for these villages.
    covered
        From :func:`targeting.members.villages_covered`.
    counts
        From :func:`targeting.members.count_by_village`.
    """
    units = _with_counts(programme, villages, covered, counts)
    judged = {rule.id: _requirement(rule, units) for rule in programme.requirements()}
    for rule in programme.overlap_rules():
        settled = overlap.settle(overlaps[rule.id], _too_few(programme, rule, units))
        judged[rule.id] = _overlap_findings(rule, settled, units)
    tables = [judged[rule.id] for rule in programme.rules if rule.id in judged]
    met = pd.Series(Verdict.MET.value, index=units.index, dtype="string")
    clear = pd.Series(overlap.Outcome.CLEAR.value, index=units.index, dtype="string")
    repeated = [judged[rule.id]["outcome"] for rule in programme.overlap_rules()]
    units = units.assign(
        verdict=all_of_columns([met, *(table["verdict"] for table in tables)]),
        overlap=overlap.worst([clear, *repeated]),
    )
    units = pd.concat([units, need.score(programme, units)], axis=1)
    findings = pd.concat([_no_findings(), *tables], ignore_index=True)
    provinces = tuple(sorted(villages["province_code"].unique()))
    return Judgement(units.drop(columns="missing_sources"), findings, provinces)


def sentence(
    programme: Programme, finding: Mapping[str, Any] | pd.Series, language: Language
) -> str:
    """Say a row of the findings in words.

    Parameters
    ----------
    finding
        A row of ``Judgement.findings``.
    """
    names = {
        register.programme: register.words.say(language)
        for rule in programme.overlap_rules()
        for register in rule.registers
    }
    sources = {name: source.words.say(language) for name, source in programme.pack.sources.items()}
    values: dict[str, object] = {}
    for column in _NUMBERS:
        number = finding[column]
        values[column] = "–" if pd.isna(number) else f"{int(number):,}"
    for column in ("repeats", "missing_lists", "missing_registers"):
        parts = str(finding[column]).split("; ") if finding[column] else []
        told = [f"{names.get(name, name)} {year}" for name, _, year in map(_split, parts)]
        values[column] = ", ".join(told)
    missing = str(finding["missing_sources"]).split("; ") if finding["missing_sources"] else []
    values["missing_sources"] = ", ".join(sources.get(name, name) for name in missing)
    return say(str(finding["wording"]), language, **values)


def _split(text: str) -> tuple[str, str, str]:
    return text.rpartition(" ")


def _villages(
    programme: Programme, evidence: Evidence, provinces: str | Iterable[str] | None
) -> pd.DataFrame:
    wanted = programme.provinces() if provinces is None else provinces
    wanted = (wanted,) if isinstance(wanted, str) else tuple(wanted)
    for province in wanted:
        programme.require_province(province)
    inside = evidence.villages[evidence.villages["province_code"].isin(wanted)]
    return inside.sort_values("village_code", ignore_index=True)


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
    limits = {one.id: one.at_least for one in programme.requirements()}
    limit = limits[rule.unless.enough_for] if rule.unless is not None else 0
    return (units["target_households_possible"] < limit).fillna(value=False).astype(bool)


def _requirement(rule: RequiresRule, units: pd.DataFrame) -> pd.DataFrame:
    certain, possible = units["target_households"], units["target_households_possible"]
    verdict = at_least_column(certain, possible, rule.at_least)
    # A count from some of the registers may be enough and still not be what the rule asks for.
    incomplete = (units["missing_sources"] != "") & (verdict != Verdict.NOT_MET)
    verdict = verdict.mask(incomplete, Verdict.UNKNOWN.value)
    names = {"met": "enough", "not_met": "too_few", "unknown": "some_unknown"}
    outcome = verdict.map(names).mask(incomplete, "source_missing").astype("string")
    upper = possible.astype("string").fillna("…")
    value = certain.astype("string")
    value = value.mask(possible.isna() | (possible != certain), value + "–" + upper)
    return _findings(
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
    return _findings(
        units,
        rule.id,
        verdict=found["verdict"],
        outcome=found["outcome"],
        wording="finding.no_overlap." + found["outcome"],
        value=found["repeats"],
        limit="; ".join(f"{name} {year}" for name, year in rule.pairs()),
        repeats=found["repeats"],
        missing_lists=found["missing_lists"],
        missing_registers=found["missing_registers"],
    )


def _findings(units: pd.DataFrame, rule: str, **columns: object) -> pd.DataFrame:
    blank: dict[str, object] = {
        "at_least": pd.NA,
        "repeats": "",
        "missing_lists": "",
        "missing_registers": "",
        "missing_sources": "",
    }
    table = pd.DataFrame(
        {
            "village_code": units["village_code"],
            "rule": rule,
            "households": units["target_households"],
            "households_possible": units["target_households_possible"],
            "helped_households": units["helped_households"],
            **blank,
            **columns,
        }
    )[list(FINDING_COLUMNS)]
    return table.astype(_FINDING_TYPES)


def _no_findings() -> pd.DataFrame:
    return pd.DataFrame(columns=list(FINDING_COLUMNS)).astype(_FINDING_TYPES)
