"""Plots judged by the pack's rules and the checks of place, parcel and water, with clauses."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.layers.contracts.plots import CONTRACT, PONDS
from phaenthi.layers.plots.checks import PlotFacts, measure_plots
from phaenthi.layers.plots.parameters import PlotParameters, plot_parameters
from phaenthi.layers.spots.summary import nearest_learning_places
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging import findings as pack_findings
from phaenthi.targeting.judging.conditions import Earlier, columns_named
from phaenthi.targeting.judging.plot_checks import MET, NOT_MET, UNKNOWN, own_findings
from phaenthi.targeting.judging.plot_units import plot_units
from phaenthi.targeting.judging.units import judge_rule
from phaenthi.targeting.judging.verdict import ORDER
from phaenthi.targeting.programme.programme import Programme, load
from phaenthi.targeting.rules.rule import FlagRule, RequiresRule
from phaenthi.wording import Language, Problem, say

PACK = "khok-nong-na-hlm"
"""The rule pack that plots are judged by unless another is named."""
_POND_COLUMNS = {"pond_depth", "metres_to_others_land"}
_BY_OUTCOME = {"clear": MET, "settled": MET, "raised": NOT_MET, "unknown": UNKNOWN}
_OF_PLACE = ("located", "stated-tambon", "stated-village")
FINDING_COLUMNS = (
    *("plot_id", "check", "verdict", "outcome", "force", "origin", "value", "limit", "others"),
    *("missing_columns", "wording"),
)


@dataclass(frozen=True)
class PlotChecks:
    """What was found of plots.

    Attributes
    ----------
    plots
        The facts of :class:`phaenthi.layers.plots.checks.PlotFacts` and: verdict (``met``,
        ``not_met``, ``unknown`` over all that must be), not_met, unknown (checks that must be,
        ``id; …``), to_look_at (other checks that are not met or not known); where places were given
        learning_place_id, learning_place_metres, learning_place_in_province, and
        nearer_learning_place_id and …_metres of one outside the province that is nearer.
    findings
        A row a plot and check that applies to it, by plot and check: plot_id, check, verdict,
        outcome, force (``must``, ``should``, ``may``), origin, value and limit (text without
        language), others (ids of other plots or places concerned), missing_columns, wording.
    programme
        The pack with the readings that most plots went by.
    parameters
        The parameters used.
    """

    plots: gpd.GeoDataFrame
    findings: pd.DataFrame
    programme: Programme
    parameters: PlotParameters


def checked_plots(
    workspace: Workspace,
    province: str | None = None,
    *,
    programme: Programme | None = None,
    targets: Collection[str] | None = None,
    readings: Mapping[str, str] | None = None,
) -> PlotChecks:
    """Check the plots of a workspace, of one province or of all.

    Overlaps and repeated plots are looked for among all plots of the workspace.

    Parameters
    ----------
    province
        Code of the province that the plots lie in.
    programme
        The pack to judge by; that of the knowledge book unless given.
    targets
        Codes of the target area, of any levels; without them it is unknown whether a plot lies
        in it.
    readings
        Readings that the planner chose; they go before those of ``plot_parameters.yaml``.
    """
    plots = workspace.table("plots")
    villages = workspace.scan("villages").select("village_code", "longitude", "latitude")
    listed = villages.collect().to_pandas()
    ponds = workspace.table(PONDS.name) if workspace.has(PONDS.name) else None
    facts = measure_plots(plots, workspace.boundaries(Level.TAMBON), listed, ponds)
    if province is not None:
        here = (facts.plots["province_code"] == province).fillna(value=False).astype(bool)
        kept = facts.plots[here].reset_index(drop=True)
        facts = PlotFacts(kept, _ponds_of(facts, kept))
    checks = check_plots(
        programme or load(PACK),
        facts,
        targets=targets,
        readings=readings,
        villages=listed["village_code"].astype("string"),
    )
    if not workspace.has("places"):
        return checks
    near = nearest_learning_places(checks.plots, workspace.table("places"))
    return replace(
        checks,
        plots=checks.plots.assign(
            learning_place_id=near["place_id"],
            learning_place_metres=near["metres"],
            learning_place_in_province=near["in_province"],
            nearer_learning_place_id=near["nearer_id"],
            nearer_learning_place_metres=near["nearer_metres"],
        ),
    )


def _ponds_of(facts: PlotFacts, plots: pd.DataFrame) -> pd.DataFrame:
    return facts.ponds[facts.ponds["plot_id"].isin(plots["plot_id"])].reset_index(drop=True)


def check_plots(
    programme: Programme,
    facts: PlotFacts,
    *,
    targets: Collection[str] | None = None,
    readings: Mapping[str, str] | None = None,
    villages: pd.Series | None = None,
    parameters: PlotParameters | None = None,
) -> PlotChecks:
    """Judge measured plots by a pack and by the checks of ``plot_parameters.yaml``.

    Parameters
    ----------
    programme
        A pack whose unit is the plot.
    facts
        From :func:`phaenthi.layers.plots.checks.measure_plots`.
    targets, readings
        See :func:`checked_plots`.
    villages
        Codes of the listed villages, to know whether a whole tambon is target area.
    parameters
        Those that came with the program unless given.

    Notes
    -----
    A rule that names the pond is judged for every pond of a plot; the worst pond decides. The
    red flags count only where a role and a day of the judgement are recorded.
    """
    wanted = parameters or plot_parameters()
    units = plot_units(facts, targets, villages)
    tables = []
    for number, (chosen, places) in enumerate(_by_readings(programme, facts, wanted, readings)):
        if number == 0:
            programme = chosen
        tables += _pack_findings(chosen, units.iloc[places], facts.ponds)
    tables += own_findings(facts, wanted)
    found = pd.concat([_nothing(), *tables], ignore_index=True)
    order = pd.Series(range(len(facts.plots)), index=facts.plots["plot_id"].astype("object"))
    checks = [rule.id for rule in programme.rules] + list(wanted.checks)
    place = pd.Series(range(len(checks)), index=checks)
    found = found.assign(
        _plot=order.reindex(found["plot_id"].astype("object")).to_numpy(),
        _check=place.reindex(found["check"].astype("object")).to_numpy(),
    ).sort_values(["_plot", "_check"], ignore_index=True)
    found = found[list(FINDING_COLUMNS)]
    return PlotChecks(_with_verdicts(facts.plots, found), found, programme, wanted)


def _by_readings(
    programme: Programme,
    facts: PlotFacts,
    parameters: PlotParameters,
    readings: Mapping[str, str] | None,
) -> list[tuple[Programme, np.ndarray[tuple[int], np.dtype[np.int64]]]]:
    """Return the pack in the readings of each group of provinces, and the plots of the group."""
    province = facts.plots["province_code"].astype("string").fillna("").to_numpy(dtype=object)
    own = {
        code: one.readings
        for code, one in parameters.readings_by_province.items()
        if set(one.readings) <= {rule.id for rule in programme.rules}
    }
    groups = [("", ~np.isin(province, list(own)))]
    groups += [(code, province == code) for code in sorted(own)]
    chosen = []
    for code, here in groups:
        wanted = {**own.get(code, {}), **(readings or {})}
        places = np.flatnonzero(here)
        chosen.append((programme.with_readings(wanted) if wanted else programme, places))
    chosen.sort(key=lambda pair: -len(pair[1]))
    return chosen


def _pack_findings(
    programme: Programme, units: pd.DataFrame, ponds: pd.DataFrame
) -> list[pd.DataFrame]:
    earlier, tables = Earlier.unknown(), []
    per_pond = None
    for rule in programme.rules:
        if not isinstance(rule, RequiresRule | FlagRule):
            continue
        tests = (
            (*rule.all, *rule.unless)
            if isinstance(rule, RequiresRule)
            else (*rule.any, *rule.settled)
        )
        if _POND_COLUMNS & set(columns_named(tests)):
            if per_pond is None:
                per_pond = _units_by_pond(units, ponds)
            found = _worst(judge_rule(rule, per_pond, earlier))
        else:
            found = judge_rule(rule, units, earlier)
        verdict = found["verdict"]
        if isinstance(rule, FlagRule):
            verdict = found["outcome"].map(_BY_OUTCOME).astype("string")
        tables.append(
            pd.DataFrame(
                {
                    "plot_id": found["unit_code"],
                    "check": rule.id,
                    "verdict": verdict,
                    "outcome": found["outcome"],
                    # A flag asks people to look; it keeps no plot out.
                    "force": "should" if isinstance(rule, FlagRule) else rule.force,
                    "origin": rule.origin,
                    "value": found["value"],
                    "limit": found["limit"],
                    "others": "",
                    "missing_columns": found["missing_columns"],
                    "wording": found["wording"],
                }
            )
        )
    return tables


def _units_by_pond(units: pd.DataFrame, ponds: pd.DataFrame) -> pd.DataFrame:
    own = ponds[["plot_id", *sorted(_POND_COLUMNS)]].rename(columns={"plot_id": "unit_code"})
    rest = units.drop(columns=sorted(_POND_COLUMNS))
    return rest.merge(own, on="unit_code", how="left")


def _worst(found: pd.DataFrame) -> pd.DataFrame:
    """Return for each unit the row with its worst verdict, the first of several."""
    place = found["verdict"].map({verdict.value: at for at, verdict in enumerate(ORDER)})
    ordered = found.assign(_place=place).sort_values("_place", kind="stable")
    return ordered.drop_duplicates("unit_code").sort_index().drop(columns="_place")


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="string") for name in FINDING_COLUMNS})


def _with_verdicts(plots: gpd.GeoDataFrame, found: pd.DataFrame) -> gpd.GeoDataFrame:
    must = found["force"] == "must"
    lists = {
        "not_met": found[must & (found["verdict"] == NOT_MET)],
        "unknown": found[must & (found["verdict"] == UNKNOWN)],
        "to_look_at": found[(found["force"] == "should") & (found["verdict"] != MET)],
    }
    ids = plots["plot_id"].astype("string")
    told = {}
    for name, rows in lists.items():
        joined = rows.groupby("plot_id")["check"].agg("; ".join)
        told[name] = joined.astype("string").reindex(ids).fillna("").array
    table = plots.assign(**told)
    verdict = np.select([table["not_met"] != "", table["unknown"] != ""], [NOT_MET, UNKNOWN], MET)
    return table.assign(verdict=pd.array(verdict, dtype="string"))


def check_words(checks: PlotChecks, check: str, language: Language) -> str:
    """Return what a check asks, in words."""
    own = checks.parameters.checks.get(check)
    if own is not None:
        return own.words.say(language)
    return checks.programme.rule_by_id(check).words.say(language)


def clause_words(checks: PlotChecks, check: str, language: Language) -> str:
    """Return where a check comes from: document, heading and item."""
    own = checks.parameters.checks.get(check)
    clause = own.clause if own is not None else checks.programme.rule_by_id(check).clause
    return " · ".join((clause.document, clause.heading.say(language), clause.item))


def finding_sentence(
    checks: PlotChecks, finding: Mapping[Any, Any] | pd.Series, language: Language
) -> str:
    """Say a row of the findings in words."""
    check = str(finding["check"])
    own = checks.parameters.checks.get(check)
    if own is None:
        blank: dict[str, object] = dict.fromkeys(pack_findings.COLUMNS, "")
        blank |= dict.fromkeys(pack_findings.NUMBERS, pd.NA)
        row = {**blank, **{str(name): value for name, value in finding.items()}, "rule": check}
        return pack_findings.sentence(checks.programme, row, language)
    value = told_value(checks, check, str(finding["value"]), language)
    parts = [part for part in (value, str(finding["others"])) if part]
    outcome = str(finding["outcome"])
    if not parts and outcome in ("met", "not_met", "raised"):
        return say(f"finding.plot.{outcome}", language, rule=own.words.say(language))
    labels = {column.name: column.label(language) for column in CONTRACT.columns}
    labels["pond_depth"] = labels["pond_depth_metres"]
    missing = [labels.get(name, name) for name in str(finding["missing_columns"]).split("; ")]
    return say(
        str(finding["wording"]),
        language,
        rule=own.words.say(language),
        value=" · ".join(parts),
        missing_columns=", ".join(missing),
    )


def told_value(checks: PlotChecks, check: str, value: str, language: Language) -> str:
    """Return a value or limit of a check of the parameters in words, with its unit or name."""
    if check in _OF_PLACE and value:
        name = name_of(str(parent_code(value, Level.TAMBON)), language)
        return f"{name} {value}"
    unit = checks.parameters.checks[check].unit
    return f"{value} {say(f'finding.unit_of.{unit}', language)}" if unit and value else value


def setback_asked(programme: Programme, depth: float) -> float:
    """Return how many metres a pond of a depth must stand from others' land by a pack.

    0 where the pack lets a pond of that depth stand anywhere.
    """
    tests = [
        test
        for rule in programme.all_of(RequiresRule)
        for outer in rule.all
        for test in (outer, *outer.inside())
    ]
    shallow = [one.at_most for one in tests if one.column == "pond_depth"]
    if any(limit is not None and depth <= limit for limit in shallow):
        return 0.0
    times = [one.at_least for one in tests if one.times == "pond_depth"]
    return depth * max((factor for factor in times if factor is not None), default=0.0)


def plot_row(checks: PlotChecks, plot_id: str) -> pd.Series:
    """Return the row of one plot.

    Raises
    ------
    Problem
        ``layers.plot_unknown``.
    """
    found = checks.plots[checks.plots["plot_id"] == plot_id]
    if found.empty:
        raise Problem("layers.plot_unknown", found=plot_id)
    row: pd.Series = found.iloc[0]
    return row
