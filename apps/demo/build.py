"""The demo workspace: embedded boundaries under villages and households that are made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import polars as pl

from phaenthi.apps.demo.by_province import made_up
from phaenthi.apps.demo.funds import put_funds
from phaenthi.apps.demo.groups import put_groups
from phaenthi.apps.demo.otop import put_otop
from phaenthi.apps.demo.plots import put_plots
from phaenthi.apps.demo.provinces import provinces_with_villages
from phaenthi.apps.demo.tourism import put_tourism
from phaenthi.apps.demo.villages import make_layers, make_villages, scatter_points
from phaenthi.geo.boundaries.embedded import read_embedded
from phaenthi.geo.places.codes import Level
from phaenthi.layers.contracts.boundaries import LEVELS, layer_name
from phaenthi.layers.villages.shown import embedded_provenance
from phaenthi.layers.workspace.folder import Part, Workspace
from phaenthi.wording import Problem

PROVINCES = ("31", "42", "46", "83")
SEED = 2563
LAYERS = ("villages", "households", "poverty", "history", "beneficiaries")
_STREAM_OF_PLACES = 3


def build(folder: str | Path, provinces: Sequence[str] = PROVINCES, seed: int = SEED) -> Workspace:
    """Build the demo workspace.

    Parameters
    ----------
    folder
        Folder of the workspace; made if need be.
    provinces
        Codes of any provinces but Bangkok.
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
        ``demo.province_without_villages`` for Bangkok, or a code that no province has.
    """
    for province in provinces:
        if province not in provinces_with_villages():
            raise Problem("demo.province_without_villages", found=province)
    workspace = Workspace.create(folder, made_up=True, salt=f"demo-{seed}")
    tambons = _put_boundaries(workspace, provinces)
    made = []
    for province in sorted(provinces):
        rng = np.random.default_rng([seed, int(province)])
        villages = make_villages(province, rng)
        # What is told of a village does not hang on how its tambon is drawn.
        places = np.random.default_rng([seed, int(province), _STREAM_OF_PLACES])
        villages = villages.join(scatter_points(villages, tambons, places))
        made.append(make_layers(villages, province, workspace, rng))
    put_layers(workspace, made, seed)
    put_funds(workspace, seed)
    put_groups(workspace, seed)
    put_otop(workspace, seed)
    put_plots(workspace, seed)
    put_tourism(workspace, seed)
    return workspace


def _put_boundaries(workspace: Workspace, provinces: Sequence[str]) -> gpd.GeoDataFrame:
    """Put the embedded boundaries of three levels and return those of the tambons."""
    origin = replace(embedded_provenance(), imported_at=datetime.now(UTC))
    shapes = {level: read_embedded(level, provinces) for level in LEVELS}
    workspace.put_together(
        [Part(layer_name(level), table, origin) for level, table in shapes.items()]
    )
    return shapes[Level.TAMBON]


def put_layers(
    workspace: Workspace, provinces: Sequence[Mapping[str, pl.DataFrame]], seed: int
) -> None:
    """Put the made-up layers of several provinces, each the result of `make_layers`."""
    source = made_up(seed)
    for layer in LAYERS:
        workspace.put(layer, pl.concat([tables[layer] for tables in provinces]), source)
