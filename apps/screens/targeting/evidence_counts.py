"""What a programme asks of the data, and how much of it is here, for one province."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import pandas as pd
import polars as pl

from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.evidence import Evidence
from phaenthi.targeting.judging.people import YEAR_COLUMNS
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.rules.rule import Register, Source
from phaenthi.wording import Language

State = Literal["here", "part", "missing"]


@dataclass(frozen=True)
class Asked:
    """One thing that a programme asks of the data.

    Attributes
    ----------
    name
        Message id of its name; ``values`` fill it in.
    layer
        The layer that holds it; empty for a table that is no layer.
    rows
        Rows of this province (and year).
    covered, villages
        Villages of which anything is known, of all; None where that says nothing.
    other_years
        Years that the layer holds instead.
    lists
        Of target villages: how many have a list of the households that were helped.
    rules
        Ids of the rules that ask for it.
    """

    kind: str
    state: State
    words: str = ""
    layer: str = ""
    year: int | None = None
    rows: int = 0
    covered: int | None = None
    villages: int | None = None
    other_years: tuple[int, ...] = ()
    lists: int | None = None
    rules: tuple[str, ...] = ()
    imported_at: datetime | None = None
    made_up: bool = False


def count_evidence(
    programme: Programme, evidence: Evidence, workspace: Workspace, language: Language
) -> list[Asked]:
    """Return what a programme asks for and how much of it is here.

    Parameters
    ----------
    evidence
        Of one province; see :func:`phaenthi.targeting.judging.evidence.gather`.

    Returns
    -------
    list of Asked
        The village list first, then surveys and registers of households, then the registers of
        earlier targets, then what waits to be matched.
    """
    found = [_village_list(evidence, workspace)]
    asked = programme.household_columns()
    for name, source in programme.pack.sources.items():
        rules = _rules_asking(programme, name) if name in asked else ()
        found.append(_source(source, rules, evidence, workspace, language))
    told: dict[tuple[str, int], Asked] = {}
    for rule in programme.overlap_rules():
        for register in rule.registers:
            for year in register.years:
                one = _register(register, year, evidence, workspace, language)
                known = told.get((register.programme, year))
                rules = (*(known.rules if known else ()), rule.id)
                told[register.programme, year] = Asked(**{**vars(one), "rules": rules})
    found += [told[key] for key in sorted(told)]
    if told:
        found += _waiting(evidence, workspace)
    return found


def _rules_asking(programme: Programme, source: str) -> tuple[str, ...]:
    """Return the rules on households that look at a source."""
    rules = (programme.members(), programme.need())
    return tuple(
        rule.id
        for rule in rules
        if rule is not None and source in str(rule.model_dump(mode="json"))
    )


def _origin(workspace: Workspace, layer: str) -> dict[str, object]:
    provenance = workspace.provenance(layer)
    if provenance is None:
        return {}
    return {"imported_at": provenance.imported_at, "made_up": provenance.made_up}


def _village_list(evidence: Evidence, workspace: Workspace) -> Asked:
    codes = evidence.villages["village_code"]
    table = workspace.table("villages")
    here = table[table["village_code"].isin(codes)]
    placed = int((here["longitude"].notna() & here["latitude"].notna()).sum())
    state: State = "missing" if not len(codes) else "here" if placed == len(codes) else "part"
    return Asked(
        "villages",
        state,
        layer="villages",
        rows=len(codes),
        covered=placed,
        villages=len(codes),
        **_origin(workspace, "villages"),  # type: ignore[arg-type]  # two fields by name
    )


def _source(
    source: Source,
    rules: tuple[str, ...],
    evidence: Evidence,
    workspace: Workspace,
    language: Language,
) -> Asked:
    rows = evidence.layer(source.layer)
    year = YEAR_COLUMNS[source.layer]
    counts = (
        rows.group_by(year)
        .agg(pl.len().alias("rows"), pl.col("village_code").n_unique().alias("villages"))
        .collect(engine="streaming")
    )
    by_year = {int(y): (int(n), int(v)) for y, n, v in counts.iter_rows() if y is not None}
    number, covered = by_year.get(source.year, (0, 0))
    villages = len(evidence.villages)
    full = covered == villages or source.absent == "not_met"
    return Asked(
        "source",
        "missing" if not number else "here" if full else "part",
        words=source.words.say(language),
        layer=source.layer,
        year=source.year,
        rows=number,
        covered=covered,
        villages=villages,
        other_years=tuple(sorted(y for y in by_year if y != source.year)),
        rules=rules,
        **_origin(workspace, source.layer),  # type: ignore[arg-type]  # two fields by name
    )


def _register(
    register: Register, year: int, evidence: Evidence, workspace: Workspace, language: Language
) -> Asked:
    history = evidence.history
    rows = history[(history["programme"] == register.programme) & (history["fiscal_year"] == year)]
    held = evidence.registers
    here = ((held["programme"] == register.programme) & (held["fiscal_year"] == year)).any()
    listed = (
        evidence.beneficiaries.filter(
            (pl.col("programme") == register.programme) & (pl.col("fiscal_year") == year)
        )
        .select(pl.col("village_code").unique())
        .collect(engine="streaming")["village_code"]
        .to_list()
    )
    lists = int(rows["village_code"].isin(listed).sum())
    years = sorted(set(history.loc[history["programme"] == register.programme, "fiscal_year"]))
    return Asked(
        "register",
        "missing" if not here else "here" if lists == len(rows) else "part",
        words=register.words.say(language),
        layer="history",
        year=year,
        rows=len(rows),
        other_years=tuple(int(y) for y in years if y != year),
        lists=lists,
        **_origin(workspace, "history"),  # type: ignore[arg-type]  # two fields by name
    )


def _waiting(evidence: Evidence, workspace: Workspace) -> Iterator[Asked]:
    if evidence.unmatched_history:
        yield Asked(
            "unmatched",
            "part",
            layer="history",
            rows=evidence.unmatched_history,
            **_origin(workspace, "history"),  # type: ignore[arg-type]  # two fields by name
        )


def count_unknowns(units: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """Count what keeps units undecided.

    Parameters
    ----------
    units, findings
        Of :class:`phaenthi.targeting.judging.judge.Judgement`.

    Returns
    -------
    pandas.DataFrame
        rule, outcome, units: undecided units by the rule and outcome that leaves each open, the
        most first. A unit that two rules leave open counts under each.
    """
    undecided = units.loc[units["verdict"] == "unknown", "unit_code"]
    open_ = findings[(findings["verdict"] == "unknown") & findings["unit_code"].isin(undecided)]
    counted = open_.groupby(["rule", "outcome"]).size().rename("units").reset_index()
    return counted.sort_values(["units", "rule"], ascending=[False, True], ignore_index=True)


def count_amphoe(units: pd.DataFrame) -> pd.DataFrame:
    """Count the units of each amphoe by verdict: code, units, met, unknown, not_met."""
    codes = units[Level.AMPHOE.column].astype("string")
    if Level.TAMBON.column in units:
        codes = codes.fillna(parent_code(units[Level.TAMBON.column].astype("string"), Level.AMPHOE))
    counted = pd.crosstab(codes.fillna(""), units["verdict"])
    counted = counted.reindex(columns=["met", "unknown", "not_met"], fill_value=0)
    counted.insert(0, "units", counted.sum(axis=1))
    counted.columns.name = None
    return counted.rename_axis("code").reset_index()
