"""The demo workspace: approximate boundaries under villages and households that are made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import polars as pl

from phaenthi.apps.demo.funds import put_funds
from phaenthi.apps.demo.groups import put_groups
from phaenthi.apps.demo.otop import put_otop
from phaenthi.apps.demo.plots import put_plots
from phaenthi.apps.demo.tourism import put_tourism
from phaenthi.apps.demo.villages import make_layers, make_villages, scatter_points
from phaenthi.data import shipped
from phaenthi.geo.boundaries.reading import dissolve
from phaenthi.geo.files import sha256
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.layers.contracts.boundaries import layer_name
from phaenthi.layers.contracts.provenance import Provenance
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem, say

PROVINCES = ("31", "42", "46", "83")
SEED = 2563
BOUNDARIES = shipped("phaenthi.data", "boundaries", "demo_tambon.parquet")
LAYERS = ("villages", "households", "poverty", "history", "beneficiaries")


def build(folder: str | Path, provinces: Sequence[str] = PROVINCES, seed: int = SEED) -> Workspace:
    """Build the demo workspace.

    Parameters
    ----------
    folder
        Folder of the workspace; made if need be.
    provinces
        Codes of provinces that the demo has boundaries of: 31, 42, 46, 83.
    seed
        The same seed gives the same rows. A province's rows do not depend on which other
        provinces are built.

    Returns
    -------
    Workspace
        With boundaries of three levels (approximate), villages, households, poverty register,
        programme history and beneficiaries (all made up).

    Raises
    ------
    Problem
        ``layers.workspace_exists`` if the folder is a workspace already;
        ``demo.province_without_boundaries`` for any other province.
    """
    for province in provinces:
        if province not in PROVINCES:
            known = ", ".join(PROVINCES)
            raise Problem("demo.province_without_boundaries", found=province, known=known)
    workspace = Workspace.create(folder, made_up=True, salt=f"demo-{seed}")
    tambons = _put_boundaries(workspace, provinces)
    made = []
    for province in sorted(provinces):
        rng = np.random.default_rng([seed, int(province)])
        villages = make_villages(province, rng)
        villages = villages.join(scatter_points(villages, tambons, rng))
        made.append(make_layers(villages, province, workspace, rng))
    put_layers(workspace, made, seed)
    put_funds(workspace, seed)
    put_groups(workspace, seed)
    put_otop(workspace, seed)
    put_plots(workspace, seed)
    put_tourism(workspace, seed)
    return workspace


def _put_boundaries(workspace: Workspace, provinces: Sequence[str]) -> gpd.GeoDataFrame:
    """Put the boundaries of three levels and return those of the tambons."""
    table = gpd.read_parquet(BOUNDARIES)
    table = table[parent_code(table["code"].astype("string"), Level.PROVINCE).isin(provinces)][
        ["code", "name_th", "name_en", "geometry"]
    ]
    for level in (Level.TAMBON, Level.AMPHOE, Level.PROVINCE):
        shown = table if level is Level.TAMBON else dissolve(table, level)
        workspace.put(layer_name(level), shown, _provenance(BOUNDARIES.name, approximate=True))
    return table


def _provenance(source: str, *, made_up: bool = False, approximate: bool = False) -> Provenance:
    return Provenance(
        source=source,
        sha256=sha256(BOUNDARIES) if approximate else "",
        imported_at=datetime.now(UTC),
        made_up=made_up,
        approximate=approximate,
        credit=say("demo.credit") if approximate else "",
    )


def put_layers(
    workspace: Workspace, provinces: Sequence[Mapping[str, pl.DataFrame]], seed: int
) -> None:
    """Put the made-up layers of several provinces, each the result of `make_layers`."""
    source = _provenance(say("demo.source", seed=seed), made_up=True)
    for layer in LAYERS:
        workspace.put(layer, pl.concat([tables[layer] for tables in provinces]), source)
