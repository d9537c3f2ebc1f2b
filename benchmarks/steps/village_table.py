"""The one table of all layers, a row a village."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely.geometry import Point

from benchmarks.inputs import workspace_of
from phaenthi.geo.places import gazetteer
from phaenthi.geo.places.codes import Level
from phaenthi.layers.contracts.poverty import DIMENSIONS
from phaenthi.layers.villages.table import build
from phaenthi.layers.workspace.folder import Workspace

TITLE = "village table from all layers, 75,000 villages"
BASELINE = "pandas: every layer read whole, `groupby`, a chain of merges, `apply` by row"
REPEATS = {"ours": 5, "baseline": 1}
LEAST_RATIO = 5.0
LIMIT = "reading the households' Parquet, then pandas' text columns"
COUNTS = ("households", "members", "poor_households", "target_poor_households")


def load(folder: Path, small: bool) -> Workspace:
    """Open the workspace."""
    return workspace_of(folder, small=small)


def ours(workspace: Workspace) -> gpd.GeoDataFrame:
    """Join every layer."""
    return build(workspace)


def baseline(workspace: Workspace) -> gpd.GeoDataFrame:
    """Merge layer by layer."""
    villages = workspace.scan("villages").collect().to_pandas()
    households = workspace.scan("households").collect().to_pandas()
    poverty = workspace.scan("poverty").collect().to_pandas()
    history = workspace.scan("history").collect().to_pandas()
    counted = households.groupby("village_code").agg(
        households=("household_id", "size"),
        members=("members", "sum"),
        households_income_known=("income_per_person", "count"),
    )
    poverty["poor"] = poverty.apply(
        lambda row: any(row[name] is True or row[name] == 1 for name in DIMENSIONS), axis=1
    )
    poverty["target"] = poverty["poor"] & (poverty["registered_for_welfare"] == True)  # noqa: E712
    poor = poverty.groupby("village_code").agg(
        poor_households=("poor", "sum"), target_poor_households=("target", "sum")
    )
    history = history.sort_values(["village_code", "fiscal_year", "programme"])
    prior = history.groupby("village_code").apply(
        lambda rows: "; ".join(f"{r.programme} {r.fiscal_year}" for r in rows.itertuples())
    )
    table = villages.merge(counted, on="village_code", how="left")
    table = table.merge(poor, on="village_code", how="left")
    table = table.merge(prior.rename("prior_targets"), on="village_code", how="left")
    for level in (Level.TAMBON, Level.AMPHOE, Level.PROVINCE):
        digits = level.digits
        table[level.column] = table["village_code"].apply(lambda code, n=digits: code[:n])
        names = pd.concat([gazetteer.areas(level), gazetteer.abolished()])
        names = names.drop_duplicates("code")[["code", "name_th"]]
        names.columns = [level.column, f"{level}_th"]
        table = table.merge(names, on=level.column, how="left")
    for layer in ("otop", "plots", "funds"):
        rows = workspace.scan(layer).collect().to_pandas()
        count = rows.groupby("village_code").size().rename(layer)
        table = table.merge(count, on="village_code", how="left")
    table["missing"] = table.apply(lambda row: sum(pd.isna(row[name]) for name in COUNTS), axis=1)
    geometry = table.apply(
        lambda row: None if pd.isna(row.longitude) else Point(row.longitude, row.latitude), axis=1
    )
    return gpd.GeoDataFrame(table, geometry=geometry, crs="EPSG:4326")


def compared(answer: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return code, names and counts; zero where a survey or register has no row."""
    table = pd.DataFrame(answer[["village_code", "tambon_th", "prior_targets", *COUNTS]])
    table["prior_targets"] = table["prior_targets"].fillna("")
    table[list(COUNTS)] = table[list(COUNTS)].astype("float64").fillna(0).astype("int64")
    return table.sort_values("village_code")
