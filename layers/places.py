"""Places that people go to: learning places, markets, schools, hospitals; the nearest of a kind."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import polars as pl
import shapely

from phaenthi.geo.codes import Level, parent_code, parent_code_expr, read_codes_expr
from phaenthi.geo.crs import THAILAND_BOUNDS
from phaenthi.geo.nearest import nearest_places
from phaenthi.layers.contracts.positions import MARKERS, NAMES
from phaenthi.layers.contracts.spots import SPOTS_CONTRACT
from phaenthi.layers.registers.coordinates import read_positions
from phaenthi.layers.registers.draft import Draft, Reading
from phaenthi.layers.registers.rows import finish, read_rows
from phaenthi.layers.tables.files import ROW, TableFile
from phaenthi.layers.tables.map_files import is_map, points_as_table

if TYPE_CHECKING:
    from phaenthi.layers.workspace.folder import Workspace

KINDS: tuple[str, ...] = (
    *("learning_centre", "sammachip_village", "sufficiency_village", "market", "school"),
    *("hospital", "attraction", "other"),
)
LEARNING: tuple[str, ...] = ("learning_centre", "sammachip_village", "sufficiency_village")
"""Kinds that are learning places: a learning centre, a sammachip village, a model village."""

_WORDS: Mapping[str, tuple[str, ...]] = {
    "learning_centre": ("ศูนย์เรียนรู้", "แหล่งเรียนรู้", "ศูนย์ศึกษาและพัฒนาชุมชน", "ศูนย์ฝึกอบรม"),
    "sammachip_village": ("หมู่บ้านสัมมาชีพ", "สัมมาชีพ"),
    "sufficiency_village": ("หมู่บ้านเศรษฐกิจพอเพียง", "เศรษฐกิจพอเพียง"),
    "market": ("ตลาด", "ศูนย์จำหน่าย", "ร้านค้า"),
    "school": ("โรงเรียน", "สถานศึกษา", "วิทยาลัย"),
    "hospital": ("โรงพยาบาล", "รพสต", "สถานีอนามัย"),
    "attraction": ("แหล่งท่องเที่ยว", "สถานที่ท่องเที่ยว", "ที่เที่ยว"),
}


def read(
    path: Path,
    workspace: Workspace,
    *,
    sheet: str | None = None,
    constants: Mapping[str, str] | None = None,
) -> Reading:
    """Read places from a table (degrees, UTM or well-known text) or a map file.

    A place of a kind that nobody knows is kept as ``other`` and told. One without a position
    is kept too. See ``phaenthi.layers.registers.rows.read_rows`` for the parameters and problems.
    """
    source: Path | TableFile = points_as_table(path) if is_map(path) else path
    own = ("longitude", "latitude")
    markers = tuple(column for column in MARKERS if column.name not in own)
    draft = read_rows(
        SPOTS_CONTRACT, source, workspace, sheet=sheet, constants=constants, markers=markers
    )
    absent = [
        pl.lit(None, dtype=kind).alias(name)
        for name, kind in SPOTS_CONTRACT.stored_types.items()
        if name not in draft.rows.columns
    ]
    draft = _with_kinds(draft.with_rows(draft.rows.with_columns(absent)))
    codes = pl.coalesce(
        parent_code_expr("village_code", Level.TAMBON),
        read_codes_expr("tambon_code", Level.TAMBON),
    )
    rows = draft.rows.with_columns(tambon_code=codes)
    draft = draft.with_rows(rows)
    stated = pd.Series(rows["tambon_code"].to_list(), dtype="string")
    points, draft = read_positions(draft, stated)
    # A polygon in a text is shown at a point inside it.
    inner = shapely.point_on_surface(points.to_numpy())
    placed = draft.rows.drop([name for name in NAMES if name not in own], strict=False)
    places = {"longitude": shapely.get_x(inner), "latitude": shapely.get_y(inner)}
    columns = [pl.Series(name, values, nan_to_null=True) for name, values in places.items()]
    return finish(draft.with_rows(placed.with_columns(columns)), workspace)


def _with_kinds(draft: Draft) -> Draft:
    """Return the draft with words of kinds turned into ids."""
    found: dict[str, str] = {}
    for text in draft.rows["kind"].drop_nulls().unique().to_list():
        plain = text.replace(" ", "").replace(".", "").casefold()
        named = (kind for kind, words in _WORDS.items() if any(word in plain for word in words))
        found[text] = plain if plain in KINDS else next(named, "other")
    strange = draft.rows.filter(pl.col("kind").replace(found) == "other").filter(
        pl.col("kind") != "other"
    )
    rows = draft.rows.with_columns(pl.col("kind").replace(found))
    draft = draft.with_rows(rows)
    if not strange.height:
        return draft
    return draft.noting("place_kinds_unknown", count=strange.height, row=strange.sort(ROW)[ROW][0])


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
        Index of the plots; see :func:`phaenthi.geo.nearest.nearest_places`.
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
