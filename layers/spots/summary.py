"""Places counted by village, and the nearest learning place of each."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import polars as pl
import shapely

from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.shapes.crs import THAILAND_BOUNDS
from phaenthi.geo.shapes.nearest import nearest_places

LEARNING: tuple[str, ...] = ("learning_centre", "sammachip_village", "sufficiency_village")
"""Kinds that are learning places: a learning centre, a sammachip village, a model village."""


def nearest_learning_places(plots: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the nearest learning place of each plot, in its province first, then outside it.

    Parameters
    ----------
    plots
        tambon_code (of the plot's place), geometry (EPSG:4326): a polygon is measured from a
        point inside it.
    places
        Rows of the layer ``places``: place_id, kind, name_th, tambon_code, geometry.

    Returns
    -------
    pandas.DataFrame
        Index of the plots; see :func:`phaenthi.geo.shapes.nearest.nearest_places`.
    """
    learning = places[places["kind"].isin(LEARNING)]
    return nearest_places(_spots(plots), _spots(learning))


def _spots(table: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the rows with longitude, latitude (of places in Thailand) and province_code."""
    inner = shapely.point_on_surface(table.geometry.to_numpy())
    x, y = shapely.get_x(inner), shapely.get_y(inner)
    west, south, east, north = THAILAND_BOUNDS
    with np.errstate(invalid="ignore"):
        here = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    plain = pd.DataFrame(table.drop(columns=table.geometry.name))
    return plain.assign(
        longitude=np.where(here, x, np.nan),
        latitude=np.where(here, y, np.nan),
        province_code=parent_code(table["tambon_code"].astype("string"), Level.PROVINCE),
    )


def summary_by_village(places: pl.DataFrame) -> pl.DataFrame:
    """Count the places of each village: village_code, places, learning_places, markets."""
    return (
        places.filter(pl.col("village_code").is_not_null())
        .group_by("village_code")
        .agg(
            pl.len().cast(pl.Int64).alias("places"),
            pl.col("kind").is_in(LEARNING).sum().cast(pl.Int64).alias("learning_places"),
            (pl.col("kind") == "market").sum().cast(pl.Int64).alias("markets"),
        )
        .sort("village_code")
    )
