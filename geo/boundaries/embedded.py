"""The approximate boundaries of the whole country that ship with the system.

They are for looking at: maps and pictures fall back on them where an office has no boundary file
of its own. Nothing is judged by them. ``data/boundaries/CREDITS.md`` tells where they come from.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

import geopandas as gpd

from phaenthi.data import BOUNDARIES
from phaenthi.geo.boundaries.reading import dissolve
from phaenthi.geo.places.codes import Level, parent_code

FILE = BOUNDARIES / "tambon.parquet"
BUILT_ON = datetime(2026, 11, 30, tzinfo=UTC)
"""Day on which the file was built."""
_COLUMNS = ["code", "name_th", "name_en", "geometry"]


def read_embedded(level: Level, provinces: Collection[str]) -> gpd.GeoDataFrame:
    """Return the embedded boundaries of some provinces.

    Parameters
    ----------
    level
        Province, amphoe or tambon. Areas above the tambon are unions of their tambons.
    provinces
        Codes of 2 digits; a code that no province has gives no rows.

    Returns
    -------
    geopandas.GeoDataFrame
        code, name_th, name_en, geometry (EPSG:4326), sorted by code. Neighbours share their
        edges exactly, also across provinces.
    """
    tambons = gpd.read_parquet(FILE, columns=_COLUMNS)
    province = parent_code(tambons["code"].astype("string"), Level.PROVINCE)
    here = tambons[province.isin(list(provinces))].reset_index(drop=True)
    return here if level is Level.TAMBON else dissolve(here, level)
