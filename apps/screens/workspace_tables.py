"""The workspace that the app works on, and its tables as the pages share them.

They are kept by address and generation: an import gives a new generation, and with it new tables.
Nobody changes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.page_words import area_name, language, tell
from phaenthi.geo.places.codes import Level
from phaenthi.layers.villages import table as villages
from phaenthi.layers.villages.shown import shown_boundaries
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording.hints import usual_workspace


def workspace_folder() -> Path:
    """Return the folder that the app works on."""
    return usual_workspace()


@st.cache_resource(show_spinner=False, max_entries=6)
def village_table(folder: str, generation: int) -> gpd.GeoDataFrame:
    """Return the village table of a workspace; see ``villages.table.build``. Do not change it."""
    del generation
    return villages.build(Workspace.open(folder))


@st.cache_resource(show_spinner=False, max_entries=12)
def boundaries(folder: str, generation: int, level: Level) -> gpd.GeoDataFrame:
    """Return the boundaries of one level that maps show; see `shown_boundaries`. Do not change."""
    del generation
    return shown_boundaries(Workspace.open(folder), level)


@st.cache_resource(show_spinner=False, max_entries=6)
def village_points(folder: str, generation: int) -> gpd.GeoSeries:
    """Return the points of the villages that have one, by village code. Do not change them."""
    table = village_table(folder, generation)
    points = table[table["located"]].set_index("village_code").geometry
    return gpd.GeoSeries(points)


@st.cache_resource(show_spinner=False, max_entries=6)
def village_names(folder: str, generation: int) -> pd.Series:
    """Return the names of the villages that have one, by village code. Do not change them."""
    names = village_table(folder, generation).set_index("village_code")["name_th"]
    return pd.Series(names[names.fillna("") != ""])


@st.cache_resource(show_spinner=False, max_entries=6)
def village_names_in_english(folder: str, generation: int) -> pd.Series:
    """Return the English names that the register of villages holds, by code. Do not change them."""
    del generation
    register = Workspace.open(folder).table("villages")
    names = register.set_index("village_code")["name_en"].astype("string")
    return pd.Series(names[names.str.strip().fillna("") != ""])


def area_names(folder: str, generation: int, codes: Sequence[str], level: Level) -> list[str]:
    """Return the names of areas of one level; of villages those of the village list."""
    if level is not Level.VILLAGE:
        return [area_name(code, language()) for code in codes]
    names = village_names(folder, generation).reindex(list(codes))
    return [
        tell("overview.municipal", code=code) if pd.isna(name) else str(name)
        for code, name in names.items()
    ]
