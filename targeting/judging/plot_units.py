"""Plots as the units of a rule pack: by the place of the plot, never by its owner's address."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from phaenthi.geo.places.codes import Level, level_of, parent_code
from phaenthi.layers.plots.checks import PlotFacts
from phaenthi.layers.plots.words import RED_FLAGS, SQUARE_METRES_A_RAI

RAI_DECIMALS = 4
"""Under a tenth of a square wa, as land is told."""
PLACED = ("inside", "edge", "most")
"""How a plot's tambon was found where its land certainly lies in it."""


def plot_units(
    facts: PlotFacts,
    targets: Collection[str] | None = None,
    villages: pd.Series | None = None,
) -> pd.DataFrame:
    """Return plots as the table of units that the pack reads: a row a plot, by its own place.

    The first pond by its depth stands for the plot, so that the table can be given to
    ``phaenthi choose`` as it is; :func:`check_plots` judges every pond.

    Returns
    -------
    pandas.DataFrame
        Index of the facts: unit_code (the plot's id), name_th, place codes and the columns of
        the pack; missing where unknown.
    """
    plots = facts.plots
    deepest = facts.ponds.sort_values("pond_depth", ascending=False, na_position="last")
    deepest = deepest.drop_duplicates("plot_id").set_index("plot_id").reindex(plots["plot_id"])
    judged = (plots["judged_by"].notna() & plots["judged_on"].notna()).to_numpy()
    codes = {
        level.column: plots[level.column].astype("string")
        for level in (Level.VILLAGE, Level.TAMBON, Level.AMPHOE, Level.PROVINCE)
    }
    percents = ("water_percent", "rice_percent", "garden_percent", "dwelling_percent")
    units = pd.DataFrame(
        {
            "unit_code": plots["plot_id"].astype("string"),
            "name_th": plots["plot_id"].astype("string"),
            **codes,
            "in_target_area": in_target_area(plots, targets, villages),
            "title_type": plots["title_type"].astype("string"),
            "agency_permission": plots["agency_permission"].astype("boolean"),
            "owner_consents": plots["owner_consent"].astype("boolean"),
            "documents_complete": plots["documents_complete"].astype("boolean"),
            "plot_rai": (plots["land_square_metres"].astype("Float64") / SQUARE_METRES_A_RAI).round(
                RAI_DECIMALS
            ),
            "pond_depth": deepest["pond_depth"].array,
            "metres_to_others_land": deepest["metres_to_others_land"].array,
            "engineer_certified": plots["engineer_certified"].astype("boolean"),
            **{name: plots[name].astype("boolean").where(judged) for name in RED_FLAGS},
            **{name: plots[name].astype("Float64") for name in percents},
        },
        index=plots.index,
    )
    households = ("target_households", "target_households_possible", "helped_households")
    return units.assign(
        **{name: pd.array([pd.NA] * len(units), dtype="Int64") for name in households}
    )


def in_target_area(
    plots: pd.DataFrame, targets: Collection[str] | None, villages: pd.Series | None = None
) -> pd.Series:
    """Tell which plots lie in the target area by their own place, never by an owner's address.

    Parameters
    ----------
    plots
        tambon_code, tambon_how, village_code, village_how of the plots' places.
    targets
        Codes of provinces, amphoe, tambons or villages; None where nobody has said.
    villages
        Codes of the listed villages.

    Returns
    -------
    pandas.Series
        boolean. Missing where the place is not known, where it is only near a tambon, and
        where a plot's village rests on nearness alone and only some of its tambon's villages
        are targets.
    """
    answer = pd.Series(pd.NA, index=plots.index, dtype="boolean")
    if targets is None:
        return answer
    by_level: dict[Level, set[str]] = {level: set() for level in Level}
    for code in targets:
        by_level[level_of(code)].add(code)
    tambon = plots["tambon_code"].astype("string")
    inside = pd.Series(data=False, index=plots.index)
    for level in (Level.PROVINCE, Level.AMPHOE, Level.TAMBON):
        inside |= parent_code(tambon, level).isin(by_level[level])
    wanted = by_level[Level.VILLAGE]
    own_village = (plots["village_how"] == "stated").fillna(value=False).astype(bool)
    hit = inside | (own_village & plots["village_code"].isin(wanted))
    of_tambon = parent_code(pd.Series(sorted(wanted), dtype="string"), Level.TAMBON)
    some = tambon.isin(of_tambon)
    left = set() if villages is None else set(villages) - wanted
    others = parent_code(pd.Series(sorted(left), dtype="string"), Level.TAMBON)
    every = some & ~tambon.isin(others) if villages is not None else ~some & some
    open_ = some & ~every & ~own_village & ~hit
    placed = plots["tambon_how"].isin(PLACED) & ~open_
    return answer.mask(placed.to_numpy(dtype=bool), hit | every)
