"""The one table that joins every layer: a row a village, missing values counted."""

from __future__ import annotations

import geopandas
import pandas as pd
import polars as pl

from phaenthi.geo.places import gazetteer
from phaenthi.geo.places.codes import Level, is_municipal, parent_code
from phaenthi.geo.shapes.crs import GEOGRAPHIC
from phaenthi.layers.contracts.poverty import DIMENSIONS
from phaenthi.layers.villages.rollup import households_by_village, poor_by_village
from phaenthi.layers.villages.summaries import summaries_of_villages
from phaenthi.layers.workspace.folder import Workspace

_COUNTS = (
    "households",
    "members",
    "households_income_known",
    "poor_households",
    "poor_households_unknown",
    "target_poor_households",
    "target_poor_households_unknown",
)
# What a planner expects to know of a village; each one that is not known counts as missing.
_EXPECTED = ("name_th", "households", "members", "poor_households", "target_poor_households")
COLUMNS = (
    "village_code",
    "name_th",
    "tambon_code",
    "amphoe_code",
    "province_code",
    "tambon_th",
    "amphoe_th",
    "province_th",
    *_COUNTS,
    "prior_targets",
    "municipal",
    "located",
    "missing",
    "geometry",
)
_ABOVE = (Level.TAMBON, Level.AMPHOE, Level.PROVINCE)


def build(workspace: Workspace, province: str | None = None) -> geopandas.GeoDataFrame:
    """Join the layers of a workspace into one row a village.

    Parameters
    ----------
    workspace
        Layers that are absent leave their columns missing, never zero.
    province
        Code of the one province wanted; the whole country unless given.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326, sorted by village_code, index 0, 1, 2 …:

        - village_code, name_th; tambon_code, amphoe_code, province_code and their Thai names
          tambon_th, amphoe_th, province_th (of the gazetteer, abolished areas included);
        - households, members (persons), households_income_known: จปฐ. of the latest year in
          which the village was surveyed;
        - poor_households (poor in any dimension), target_poor_households (poor and registered
          for state welfare) and ``…_unknown`` (households for which a missing value leaves it
          open): TPMAP of the latest year that holds the village;
        - prior_targets: programme and fiscal year, such as ``"sammachip 2562; ne-poverty
          2562"``, empty where the history holds none, missing where there is no history;
        - municipal (bool), located (bool), missing: how many of name, households, members,
          poor and target poor households, and position are not known;
        - what each layer over the villages counts in them, for the layers that the workspace
          holds: see ``phaenthi.layers.villages.summaries``;
        - geometry: Point or None.

        Municipal areas that only surveys know are no villages: see ``municipal_areas``.
    """
    listed = _of_province(workspace.scan("villages"), province).collect().to_pandas()
    codes = listed["village_code"].astype("string")
    columns: dict[str, pd.Series] = {"village_code": codes}
    names = listed["name_th"].astype("string")
    columns["name_th"] = names.mask(names == "")
    for level in _ABOVE:
        columns[level.column] = parent_code(codes, level)
    for level in _ABOVE:
        columns[f"{level}_th"] = _names(columns[level.column], level)
    counts = _counts(workspace, province).reindex(codes.to_numpy())
    for name in _COUNTS:
        columns[name] = counts[name].astype("Int64").reset_index(drop=True)
    columns["prior_targets"] = _prior_targets(workspace, province, codes)
    columns["municipal"] = is_municipal(codes)
    x, y = listed["longitude"], listed["latitude"]
    columns["located"] = x.notna() & y.notna()
    points = geopandas.GeoSeries(geopandas.points_from_xy(x, y), crs=GEOGRAPHIC)
    table = pd.DataFrame(columns)
    unknown = table[list(_EXPECTED)].isna().sum(axis=1)
    table["missing"] = unknown + (~table["located"]).astype("int64")
    geometry = points.where(table["located"], None)
    joined = geopandas.GeoDataFrame(table, geometry=geometry, crs=GEOGRAPHIC)[list(COLUMNS)]
    counted = summaries_of_villages(workspace, codes)
    if counted.empty and counted.columns.empty:
        return joined
    whole = pd.concat([joined[list(COLUMNS[:-1])], counted, joined[[COLUMNS[-1]]]], axis=1)
    return geopandas.GeoDataFrame(whole, geometry=COLUMNS[-1], crs=GEOGRAPHIC)


def municipal_areas(workspace: Workspace, province: str | None = None) -> pd.DataFrame:
    """Count the surveyed households of municipal areas that no village list holds.

    Parameters
    ----------
    workspace, province
        As for ``build``.

    Returns
    -------
    pandas.DataFrame
        tambon_code (a municipal pseudo-code such as 460151), amphoe_code, province_code,
        households, members, households_income_known, poor_households,
        target_poor_households; sorted by code.
    """
    counts = _counts(workspace, province)
    listed = workspace.scan("villages").select("village_code").collect()["village_code"].to_list()
    codes = pd.Series(counts.index, index=counts.index, dtype="string")
    towns = counts[is_municipal(codes).to_numpy() & ~codes.isin(listed).to_numpy()]
    names = [name for name in _COUNTS if not name.endswith("_unknown")]
    tambons = parent_code(codes[towns.index], Level.TAMBON).to_numpy()
    summed = towns[names].groupby(tambons, sort=True).sum(min_count=1)
    summed.index.name = Level.TAMBON.column
    table = summed.reset_index().astype({Level.TAMBON.column: "string"})
    for place, level in enumerate((Level.AMPHOE, Level.PROVINCE), 1):
        table.insert(place, level.column, parent_code(table[Level.TAMBON.column], level))
    return table


def _of_province(rows: pl.LazyFrame, province: str | None) -> pl.LazyFrame:
    return rows.filter(pl.col("village_code").str.starts_with(province)) if province else rows


def _counts(workspace: Workspace, province: str | None) -> pd.DataFrame:
    """Return the counts of every village that a survey or register holds, by village_code."""
    households = households_by_village(_of_province(workspace.scan("households"), province))
    poverty = poor_by_village(_of_province(workspace.scan("poverty"), province), DIMENSIONS)
    surveyed, registered = pl.collect_all([households, poverty], engine="streaming")
    joined = surveyed.join(registered, on="village_code", how="full", coalesce=True)
    table = joined.select("village_code", *_COUNTS).sort("village_code").to_pandas()
    return table.astype(dict.fromkeys(_COUNTS, "Int64")).set_index("village_code")


def _prior_targets(workspace: Workspace, province: str | None, codes: pd.Series) -> pd.Series:
    if not workspace.has("history"):
        return pd.Series(pd.NA, index=codes.index, dtype="string")
    history = _of_province(workspace.scan("history"), province)
    told = (
        history.sort("village_code", "fiscal_year", "programme")
        .group_by("village_code", maintain_order=True)
        .agg(pl.format("{} {}", "programme", "fiscal_year").str.join("; ").alias("told"))
        .collect()
    )
    by_code = dict(zip(told["village_code"], told["told"], strict=True))
    return codes.map(by_code).astype("string").fillna("")


def _names(codes: pd.Series, level: Level) -> pd.Series:
    """Return the Thai names of areas of a level; missing for a code that never was one."""
    tables = [gazetteer.areas(level), gazetteer.abolished()]
    both = pd.concat([table[["code", "name_th"]] for table in tables])
    names = both.drop_duplicates("code").set_index("code")["name_th"]
    return codes.map(names).astype("string")
