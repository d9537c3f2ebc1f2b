"""What the overview counts in every area of each level, with small counts hidden."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from apps.kept import keep, kept_file
from apps.screens import parts
from geo.codes import Level
from layers.disclosure import hide_small_counts
from layers.villages import municipal_areas
from layers.workspace import Workspace

LEVELS = (Level.PROVINCE, Level.AMPHOE, Level.TAMBON, Level.VILLAGE)
# Which figures may give a household away, and so are hidden when small.
PERSONAL = ("poor_households", "target_poor_households")
COUNTED = ("villages", "households", "prior_villages", *PERSONAL)
COUNTED_LAYERS = ("villages", "households", "poverty", "history")
# Changes when the same layers would be counted or hidden otherwise.
MANNER = 1


@st.cache_resource(show_spinner=False, max_entries=4)
def area_counts(folder: str, generation: int) -> pd.DataFrame:
    """Return counts of every area of each level with the small ones hidden. Do not change them.

    Returns
    -------
    DataFrame
        level, code, the columns of ``COUNTED`` (the personal ones missing where hidden), hidden,
        income_unknown, poor_share (per cent; missing where its count is).
    """
    workspace = Workspace.open(folder)
    kept = kept_file(workspace, "area-counts", COUNTED_LAYERS, manner=MANNER, suffix=".parquet")
    if kept.is_file():
        return pd.read_parquet(kept)
    towns = municipal_areas(workspace)
    counts = count_areas(parts.village_table(folder, generation), towns)
    keep(kept, counts.to_parquet)
    return counts


def count_areas(table: pd.DataFrame, towns: pd.DataFrame | None = None) -> pd.DataFrame:
    """Count villages and households by province, amphoe, tambon and village.

    Parameters
    ----------
    table
        The village table.
    towns
        Municipal areas that surveys know and no village list does; they count in their amphoe.

    Returns
    -------
    DataFrame
        As of :func:`area_counts`.
    """
    table = table.assign(villages=1)
    if towns is not None and not towns.empty:
        table = pd.concat([table, towns.assign(villages=0)], ignore_index=True)
    rows = pd.DataFrame(
        {
            "villages": table["villages"],
            "households": table["households"],
            "income_unknown": table["households"] - table["households_income_known"],
            "poor_households": table["poor_households"],
            "target_poor_households": table["target_poor_households"],
            "prior_villages": table["prior_targets"].fillna("").ne("").astype(int),
        }
    )
    levels = []
    for level in LEVELS:
        codes = table[level.column].rename("code")
        summed = rows.groupby(codes).sum(min_count=1).reset_index()
        levels.append(summed.assign(level=level))
    counts = pd.concat(levels, ignore_index=True)
    hidden = counts["code"].isin(codes_to_hide(counts))
    for name in PERSONAL:
        counts[name] = counts[name].astype("Int64").mask(hidden)
    share = 100 * counts["poor_households"].astype("Float64") / counts["households"]
    return counts.assign(hidden=hidden, poor_share=share.where(counts["households"] > 0))


def codes_to_hide(counts: pd.DataFrame) -> set[str]:
    """Return the areas whose personal counts must not be shown.

    The target poor are a part of the poor, so their difference is a count too. Where any of the
    three would be hidden by itself all are: each then has at least the protection that it would
    have alone, because the other two, hidden in the same areas, add nothing to what is known.
    """
    poor, target = counts["poor_households"], counts["target_poor_households"]
    hidden: set[str] = set()
    for count in (poor, target, poor - target):
        answer = hide_small_counts(pd.DataFrame({"code": counts["code"], "count": count}))
        hidden.update(answer.loc[answer["hidden"], "code"])
    return hidden
