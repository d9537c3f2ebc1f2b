"""A workspace of the whole country, made up on today's codes (ข้อมูลจำลอง).

Run from the project's folder: ``python -m benchmarks.national_workspace FOLDER``. Boundaries come
from the folder that ``PHAENTHI_REAL_DATA`` names (``country/province.parquet``, ``amphoe.parquet``,
``tambon.parquet``), as an office would import them; without it they are the embedded ones.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import polars as pl

from benchmarks.made_up_country import make_boundaries
from phaenthi.apps.demo.build import LAYERS, SEED
from phaenthi.apps.demo.funds import put_funds
from phaenthi.apps.demo.groups import put_groups
from phaenthi.apps.demo.otop import put_otop
from phaenthi.apps.demo.plots import put_plots
from phaenthi.apps.demo.tourism import put_tourism
from phaenthi.apps.demo.villages import make_layers, name_villages, scatter_points
from phaenthi.geo.boundaries.embedded import read_embedded
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import areas
from phaenthi.layers.contracts.boundaries import LEVELS, layer_name
from phaenthi.layers.contracts.provenance import Provenance
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.villages.shown import embedded_provenance
from phaenthi.layers.workspace.folder import Part, Workspace

VILLAGES = 75_000
HOUSEHOLDS = 3_000_000
REAL_DATA = "PHAENTHI_REAL_DATA"
# Bangkok has no villages.
WITHOUT_VILLAGES = "10"
FEWEST, MOST = 2, 24


def build_national(
    folder: str | Path,
    *,
    households: int = HOUSEHOLDS,
    villages: int = VILLAGES,
    seed: int = SEED,
    real_data: Path | None = None,
    rugged: bool = False,
    every_layer: bool = False,
) -> Workspace:
    """Build the workspace of the whole country.

    Parameters
    ----------
    folder
        Folder of the workspace; made if need be.
    households
        About how many there are in all, shared among the villages as in ``make_households``.
    villages
        How many there are, on the tambons of today outside Bangkok.
    seed
        The same seed gives the same rows. A province's rows depend on no other province.
    real_data
        Folder with boundaries of the country under ``country``; where it is None they are the
        embedded ones.
    rugged
        Whether the embedded ones get as many corners as an official file has, to measure by.
    every_layer
        Whether funds, groups, OTOP, plots and tourism are made up too, as in the demo.

    Returns
    -------
    Workspace
        Boundaries of three levels; villages (1.5 % without a point), households, poverty
        register, ten programmes and years of history, beneficiaries, all made up.

    Raises
    ------
    Problem
        ``layers.workspace_exists`` if the folder is a workspace already.
    """
    workspace = Workspace.create(folder, made_up=True, salt=f"national-{seed}")
    tambons = _put_boundaries(workspace, real_data, rugged=rugged)
    listed = share_villages(villages, seed)
    mean = households / villages
    sizes = (max(1, round(mean * 0.48)), round(mean * 1.9))
    made = []
    shapes = dict(list(tambons.groupby(tambons["code"].str[: Level.PROVINCE.digits])))
    for province, rows in listed.groupby(listed["code"].str[: Level.PROVINCE.digits]):
        rng = np.random.default_rng([seed, int(str(province)), 2])
        named = name_villages(rows, rows["villages"])
        named = named.join(_places(named, shapes.get(str(province), tambons.head(0)), rng))
        made.append(make_layers(named, str(province), workspace, rng, sizes))
    source = Provenance(
        source=f"ข้อมูลจำลองทั้งประเทศ (seed {seed})",
        sha256="",
        imported_at=datetime.now(UTC),
        made_up=True,
    )
    workspace.put_together([Part(name, _all_of(made, name), source) for name in LAYERS])
    for put in (put_funds, put_groups, put_otop, put_plots, put_tourism) if every_layer else ():
        put(workspace, seed)
    return workspace


def share_villages(villages: int, seed: int) -> pd.DataFrame:
    """Share villages among the tambons of today outside Bangkok.

    Returns
    -------
    pandas.DataFrame
        code, name_th, name_en, villages (2–24, their sum exact); sorted by code.
    """
    tambons = areas(Level.TAMBON).sort_values("code")
    tambons = tambons[~tambons["code"].str.startswith(WITHOUT_VILLAGES)].reset_index(drop=True)
    if not FEWEST * len(tambons) <= villages <= MOST * len(tambons):
        raise ValueError(f"{villages} villages do not fit into {len(tambons)} tambons")
    rng = np.random.default_rng([seed, 1])
    drawn = FEWEST + rng.gamma(6.0, (villages / len(tambons) - FEWEST) / 6.0, len(tambons))
    counts = np.clip(np.rint(drawn).astype(int), FEWEST, MOST)
    while (short := villages - int(counts.sum())) != 0:
        step = int(np.sign(short))
        able = np.flatnonzero((counts + step >= FEWEST) & (counts + step <= MOST))
        counts[rng.choice(able, min(abs(short), able.size), replace=False)] += step
    return tambons.assign(villages=counts)


def _put_boundaries(
    workspace: Workspace, real_data: Path | None, *, rugged: bool
) -> gpd.GeoDataFrame:
    if real_data is not None:
        for level in LEVELS:
            import_file(workspace, layer_name(level), real_data / f"country/{level}.parquet")
        return workspace.boundaries(Level.TAMBON)
    provinces = areas(Level.PROVINCE)["code"]
    made = make_boundaries() if rugged else {one: read_embedded(one, provinces) for one in LEVELS}
    source = replace(embedded_provenance(), imported_at=datetime.now(UTC), made_up=rugged)
    workspace.put_together([Part(layer_name(one), table, source) for one, table in made.items()])
    return workspace.boundaries(Level.TAMBON)


def _places(
    villages: pd.DataFrame, tambons: gpd.GeoDataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return a point for every village whose tambon has a shape."""
    shaped = villages[villages["tambon_code"].isin(tambons["code"])]
    return scatter_points(shaped, tambons, rng).reindex(villages.index)


def _all_of(made: list[dict[str, pl.DataFrame]], layer: str) -> pl.DataFrame:
    """Return a layer of every province, and let go of the parts."""
    return pl.concat([tables.pop(layer) for tables in made])


def real_data_folder() -> Path | None:
    """Return the folder of real boundaries, where one is named."""
    named = os.environ.get(REAL_DATA)
    return Path(named) if named and (Path(named) / "country").is_dir() else None


def main() -> None:
    """Build the workspace that the command line names."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("folder", type=Path)
    reader.add_argument("--households", type=int, default=HOUSEHOLDS)
    reader.add_argument("--seed", type=int, default=SEED)
    reader.add_argument("--every-layer", action="store_true", help="funds, plots, OTOP … too")
    asked = reader.parse_args()
    began = time.perf_counter()
    workspace = build_national(
        asked.folder,
        households=asked.households,
        seed=asked.seed,
        real_data=real_data_folder(),
        every_layer=asked.every_layer,
    )
    status = workspace.status()[["layer", "rows"]].to_string(index=False)
    sys.stdout.write(f"{status}\n{time.perf_counter() - began:.0f} s\n")


if __name__ == "__main__":
    main()
