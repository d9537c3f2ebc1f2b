"""What the overview counts in every area, made once and kept until a layer changes."""

from __future__ import annotations

from io import BytesIO

import pandas as pd

from phaenthi.apps.publication.counts_by_area import LEVELS, Counts, Yearly, count_everything
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens import workspace_tables
from phaenthi.geo.places.codes import Level
from phaenthi.layers.villages.by_year import helped_by_year, poor_by_year, surveyed_by_year
from phaenthi.layers.villages.table import municipal_areas
from phaenthi.layers.workspace import computed
from phaenthi.layers.workspace.folder import Workspace

COUNTED_LAYERS = ("villages", "households", "poverty", "history")
# Changes when the same layers would be counted or hidden otherwise.
MANNER = 5


@st.cache_resource(show_spinner=False, max_entries=64)
def years_inside(folder: str, generation: int, area: str, level: Level) -> pd.DataFrame:
    """Return the years of an area, of those around it, and of those inside down to a level.

    Parameters
    ----------
    area
        A code; empty for everything.
    level
        The lowest that is wanted.

    Returns
    -------
    DataFrame
        ``by_year`` of :class:`phaenthi.apps.publication.counts_by_area.Counts`. Do not change it.
    """
    by_year = counts_of(folder, generation).by_year
    code = by_year["code"].astype("string")
    digits = code.str.len()
    inside = code.str.startswith(area) & (digits <= level.digits)
    around = [area[: one.digits] for one in LEVELS if one.digits < len(area)]
    return by_year[(inside | code.isin(["", *around])).to_numpy()].reset_index(drop=True)


@st.cache_resource(show_spinner=False, max_entries=4)
def counts_of(folder: str, generation: int) -> Counts:
    """Return both tables; they are made together, because what one shows the other may not hide."""
    workspace = Workspace.open(folder)
    origins = [workspace.provenance(layer) for layer in COUNTED_LAYERS]
    names = [
        computed.computed_name(name, origins, manner=MANNER, suffix=".parquet")
        for name in ("area-counts", "year-counts")
    ]
    now, by_year = (computed.recall(workspace, name) for name in names)
    if now is not None and by_year is not None:
        return Counts(pd.read_parquet(BytesIO(now)), pd.read_parquet(BytesIO(by_year)))
    made = count_everything(
        workspace_tables.village_table(folder, generation),
        municipal_areas(workspace),
        Yearly(poor_by_year(workspace), surveyed_by_year(workspace), helped_by_year(workspace)),
    )
    for name, table in zip(names, (made.now, made.by_year), strict=True):
        computed.keep(workspace, name, table.to_parquet())
    return made
