"""The nearest market of producers and clusters: in the province first, then outside it."""

from __future__ import annotations

import pandas as pd

from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.shapes.nearest import nearest_places

MARKET = "market"


def nearest_markets(table: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Return the nearest market of each producer or cluster.

    Parameters
    ----------
    table
        longitude, latitude and province_code, or village_code that tells it.
    places
        Rows of the layer ``places``: place_id, kind, name_th, tambon_code, longitude, latitude.

    Returns
    -------
    pandas.DataFrame
        See ``phaenthi.geo.shapes.nearest.nearest_places``; index of the table.
    """
    markets = places[places["kind"] == MARKET]
    code = "province_code" if "province_code" in table else "village_code"
    return nearest_places(_placed(table, code), _placed(markets, "tambon_code"))


def _placed(table: pd.DataFrame, code: str) -> pd.DataFrame:
    codes = table[code].astype("string")
    province = codes if code == Level.PROVINCE.column else parent_code(codes, Level.PROVINCE)
    placed = table.assign(province_code=province)
    return placed.astype({"longitude": "float64", "latitude": "float64"})
