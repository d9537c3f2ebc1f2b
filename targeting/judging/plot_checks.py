"""The checks of place, parcel and water that ``plot_parameters.yaml`` asks for, plot by plot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from phaenthi.geo.land.parcels import are_polygons
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.layers.plots.checks import PlotFacts
from phaenthi.layers.plots.parameters import PlotParameters
from phaenthi.targeting.judging.plot_units import PLACED
from phaenthi.targeting.judging.verdict import Verdict

MET, NOT_MET, UNKNOWN = (one.value for one in (Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN))


@dataclass(frozen=True)
class _Own:
    """The outcome of one of the checks of the parameters, by plot."""

    verdict: pd.Series
    value: pd.Series
    limit: pd.Series | str
    others: pd.Series
    missing: str
    applies: pd.Series


def own_findings(facts: PlotFacts, parameters: PlotParameters) -> list[pd.DataFrame]:
    """Return the findings of each check, a row a plot that it applies to.

    Returns
    -------
    list of pandas.DataFrame
        The columns of ``phaenthi.targeting.judging.plots.FINDING_COLUMNS``, all text.
    """
    plots, tables = facts.plots, list[pd.DataFrame]()
    for name, one in parameters.checks.items():
        made = _OWN_CHECKS[name](facts, parameters)
        applies = made.applies.to_numpy(dtype=bool)
        outcome = made.verdict.map({MET: "clear", NOT_MET: "raised", UNKNOWN: "unknown"})
        wording = (
            "finding.unit." + made.verdict if one.force == "must" else "finding.flag." + outcome
        )
        table = pd.DataFrame(
            {
                "plot_id": plots["plot_id"].astype("string"),
                "check": name,
                "verdict": made.verdict,
                "outcome": made.verdict if one.force == "must" else outcome,
                "force": one.force,
                "origin": one.origin,
                "value": made.value,
                "limit": made.limit,
                "others": made.others,
                "missing_columns": pd.Series(made.missing, index=plots.index).mask(
                    made.verdict != UNKNOWN, ""
                ),
                "wording": wording,
            }
        )
        tables.append(table[applies].astype("string"))
    return tables


def _judge(holds: pd.Series, known: pd.Series) -> pd.Series:
    """Return verdicts of a test that holds or not where it is known."""
    verdict = np.select(
        [~known.to_numpy(dtype=bool), holds.fillna(value=False).to_numpy(dtype=bool)],
        [UNKNOWN, MET],
        NOT_MET,
    )
    return pd.Series(verdict, index=holds.index, dtype="string")


def _told(numbers: pd.Series) -> pd.Series:
    """Return numbers as text with one decimal, empty where missing."""
    values = numbers.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    texts = ["" if np.isnan(value) else f"{value:,.1f}".removesuffix(".0") for value in values]
    return pd.Series(texts, index=numbers.index, dtype="string")


def _shaped(plots: gpd.GeoDataFrame) -> tuple[pd.Series, pd.Series]:
    """Return which plots have a polygon and which have any shape."""
    shapes = gpd.GeoSeries(plots.geometry)
    polygon = pd.Series(are_polygons(shapes), index=plots.index)
    return polygon, ~(shapes.isna() | shapes.is_empty)


def _blank(plots: pd.DataFrame) -> pd.Series:
    return pd.Series("", index=plots.index, dtype="string")


def _everywhere(plots: pd.DataFrame) -> pd.Series:
    return pd.Series(data=True, index=plots.index)


def _located(facts: PlotFacts, _parameters: PlotParameters) -> _Own:
    plots = facts.plots
    how = plots["tambon_how"].astype("string")
    _, shaped = _shaped(plots)
    known = shaped & (how != "nearest").fillna(value=False).astype(bool)
    value = plots["tambon_code"].fillna("").astype("string")
    return _Own(
        _judge(how.isin(PLACED), known), value, "", _blank(plots), "geometry", _everywhere(plots)
    )


def _stated_tambon(facts: PlotFacts, _parameters: PlotParameters) -> _Own:
    plots = facts.plots
    stated, found = plots["stated_tambon_code"].astype("string"), plots["tambon_code"]
    same = (stated == found).fillna(value=False).astype(bool)
    how = plots["tambon_how"].astype("string")
    # On a shared edge, or outside every tambon, another tambon than the stated one proves nothing.
    sure = how.isin(["inside", "most"]) | (how.isin(["edge", "nearest"]) & same)
    known = stated.notna() & sure
    missing = "stated_tambon_code"
    return _Own(
        _judge(same, known),
        found.fillna("").astype("string"),
        stated.fillna(""),
        _blank(plots),
        missing,
        _everywhere(plots),
    )


def _stated_village(facts: PlotFacts, _parameters: PlotParameters) -> _Own:
    plots = facts.plots
    stated = plots["stated_village_code"].astype("string")
    near = plots["nearest_village_code"].astype("string")
    elsewhere = (parent_code(stated, Level.TAMBON) != plots["tambon_code"]).fillna(value=False)
    elsewhere &= plots["tambon_how"].isin(["inside", "most"])
    same = (stated == near).fillna(value=False).astype(bool)
    # Nearness between points is no boundary: another village nearby leaves it open.
    known = stated.notna() & (same | elsewhere.astype(bool))
    value = near.fillna("")
    return _Own(
        _judge(same, known),
        value,
        stated.fillna(""),
        _blank(plots),
        "stated_village_code",
        _everywhere(plots),
    )


def _whole_in_tambon(facts: PlotFacts, parameters: PlotParameters) -> _Own:
    plots = facts.plots
    polygon, _ = _shaped(plots)
    percent = plots["tambon_share"].astype("Float64") * 100
    holds = percent >= parameters.limit("whole-in-tambon")
    return _limited("whole-in-tambon", "≥", percent, holds, polygon, parameters, "geometry")


def _area_agrees(facts: PlotFacts, parameters: PlotParameters) -> _Own:
    polygon, _ = _shaped(facts.plots)
    percent = facts.plots["area_differs_percent"]
    holds = percent <= parameters.limit("area-agrees")
    return _limited("area-agrees", "≤", percent, holds, polygon, parameters, "area_square_metres")


def _overlap(facts: PlotFacts, parameters: PlotParameters) -> _Own:
    polygon, shaped = _shaped(facts.plots)
    percent = facts.plots["overlap_percent"]
    holds = percent <= parameters.limit("overlap")
    made = _limited("overlap", "≤", percent, holds, polygon | ~shaped, parameters, "geometry")
    return replace(made, others=facts.plots["overlap_with"].fillna("").astype("string"))


def _limited(
    check: str,
    sign: str,
    values: pd.Series,
    holds: pd.Series,
    applies: pd.Series,
    parameters: PlotParameters,
    missing: str,
) -> _Own:
    limit = f"{sign} {parameters.limit(check):g}"
    blank = pd.Series("", index=values.index, dtype="string")
    return _Own(_judge(holds, values.notna()), _told(values), limit, blank, missing, applies)


def _same_plot(facts: PlotFacts, _parameters: PlotParameters) -> _Own:
    plots = facts.plots
    _, shaped = _shaped(plots)
    others = plots["same_as"].fillna("").astype("string")
    verdict = _judge(others == "", shaped)
    return _Own(verdict, _blank(plots), "", others, "geometry", _everywhere(plots))


def _near_points(facts: PlotFacts, parameters: PlotParameters) -> _Own:
    plots = facts.plots
    polygon, shaped = _shaped(plots)
    near = plots["near_metres"].astype("Float64")
    alone = near.isna() | (near >= parameters.limit("near-points")).fillna(value=False)
    others = plots["near_plot"].fillna("").astype("string")
    limit = f"≥ {parameters.limit('near-points'):g}"
    return _Own(_judge(alone, shaped), _told(near), limit, others, "geometry", ~polygon)


def _pond_shape(facts: PlotFacts, _parameters: PlotParameters) -> _Own:
    plots, ponds = facts.plots, facts.ponds
    known = (ponds["pond_depth"].notna() & ponds["depth_reached"].notna()).astype(bool)
    whole = (ponds["depth_reached"] >= ponds["pond_depth"] - 1e-9).fillna(value=False)
    by_plot = pd.DataFrame(
        {
            "plot_id": ponds["plot_id"],
            "fails": known & ~whole.astype(bool),
            "open": ~known,
            "reached": ponds["depth_reached"].where(known & ~whole.astype(bool)),
            "wanted": ponds["pond_depth"].where(known & ~whole.astype(bool)),
        }
    )
    summed = by_plot.groupby("plot_id").agg(
        {"fails": "any", "open": "any", "reached": "min", "wanted": "max"}
    )
    own = summed.reindex(plots["plot_id"]).set_index(plots.index)
    fails, open_ = own["fails"].astype(bool), own["open"].astype(bool)
    verdict = _judge(~fails, fails | ~open_)
    return _Own(
        verdict,
        _told(own["reached"]),
        ("≥ " + _told(own["wanted"])).where(fails, ""),
        _blank(plots),
        "pond_depth; pond_width_metres",
        _everywhere(plots),
    )


def _water(facts: PlotFacts, _parameters: PlotParameters) -> _Own:
    plots = facts.plots
    left, use = plots["water_left_cubic_metres"], plots["use_cubic_metres"]
    usable = left + use
    return _Own(
        _judge(left >= 0, left.notna()),
        _told(usable.round(0)),
        ("≥ " + _told(use.round(0))).where(use.notna(), ""),
        _blank(plots),
        "pond_depth; area_square_metres",
        _everywhere(plots),
    )


_OWN_CHECKS: dict[str, Callable[[PlotFacts, PlotParameters], _Own]] = {
    "located": _located,
    "stated-tambon": _stated_tambon,
    "stated-village": _stated_village,
    "whole-in-tambon": _whole_in_tambon,
    "area-agrees": _area_agrees,
    "overlap": _overlap,
    "same-plot": _same_plot,
    "near-points": _near_points,
    "pond-shape": _pond_shape,
    "water": _water,
}
