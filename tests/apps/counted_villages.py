"""A village table of one year, counted as the overview counts it."""

from __future__ import annotations

import pandas as pd

from phaenthi.apps.publication.counts_by_area import Yearly, count_everything

YEAR = 2562


def counted_now(villages: pd.DataFrame, towns: pd.DataFrame | None = None) -> pd.DataFrame:
    """Count villages whose poor are those of the register of one year."""
    poor = villages[["village_code", "poor_households", "target_poor_households"]].astype(
        {"village_code": "string", "poor_households": "Int64", "target_poor_households": "Int64"}
    )
    poor = poor.assign(
        year=pd.array([YEAR] * len(poor), dtype="Int64"),
        poor_persons=pd.array([None] * len(poor), dtype="Int64"),
        persons_unknown=poor["poor_households"],
    )
    none = poor[["village_code", "year"]].iloc[:0]
    yearly = Yearly(
        poor[poor["poor_households"].notna()],
        none.assign(households=pd.array([], dtype="Int64")),
        none.assign(programme=pd.array([], dtype="string")),
    )
    return count_everything(villages, villages.iloc[:0] if towns is None else towns, yearly).now
