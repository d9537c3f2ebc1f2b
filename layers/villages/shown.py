"""The boundaries that maps show: an office's own, or else the approximate ones of the system.

What judges by place, such as a plot or a point without a code, asks ``Workspace.boundaries``
instead, which holds what was imported and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import polars as pl

from phaenthi.geo.files import sha256
from phaenthi.geo.places.codes import Level
from phaenthi.layers.contracts.boundaries import LEVELS, layer_name
from phaenthi.layers.contracts.catalogue import contract_of
from phaenthi.layers.contracts.provenance import Provenance
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.layers.workspace.storage import as_table
from phaenthi.wording import say

if TYPE_CHECKING:
    import geopandas as gpd


def shown_boundaries(workspace: Workspace, level: Level, prefix: str = "") -> gpd.GeoDataFrame:
    """Return the areas of a level that a map shows.

    Those that were imported; where the level was not, the unions of imported areas of a lower
    level; and of the provinces of the village list that lack both, the embedded ones.

    Parameters
    ----------
    level
        Province, amphoe or tambon.
    prefix
        What the codes begin with; empty for all.

    Returns
    -------
    geopandas.GeoDataFrame
        code, name_th, name_en, geometry (EPSG:4326), sorted by code; without rows where nothing
        is known. `shown_origins` tells where they come from.
    """
    import geopandas as gpd  # noqa: PLC0415 - only who draws waits for it

    from phaenthi.geo.boundaries.embedded import read_embedded  # noqa: PLC0415

    own = _own(workspace, level, prefix)
    province = prefix[: Level.PROVINCE.digits]
    lacking = [one for one in lacking_provinces(workspace, level) if one.startswith(province)]
    if not lacking:
        return own
    embedded = read_embedded(level, lacking)
    embedded = embedded[embedded["code"].str.startswith(prefix)]
    if own.empty:
        return embedded.reset_index(drop=True)
    both = pd.concat([own, embedded]).sort_values("code", ignore_index=True)
    return gpd.GeoDataFrame(both, crs=own.crs)


def shown_origins(workspace: Workspace, level: Level) -> tuple[Provenance, ...]:
    """Return where the areas that a map shows come from: two where provinces differ, or none."""
    held = _held(workspace, level)
    own = None if held is None else workspace.provenance(layer_name(held))
    embedded = embedded_provenance() if lacking_provinces(workspace, level) else None
    return tuple(one for one in (own, embedded) if one is not None)


def shows_approximate(workspace: Workspace) -> bool:
    """Tell whether maps show any boundaries that only tell roughly where an area lies."""
    origins = (origin for level in LEVELS for origin in shown_origins(workspace, level))
    return any(origin.approximate for origin in origins)


def lacking_provinces(workspace: Workspace, level: Level) -> tuple[str, ...]:
    """Return the provinces of the village list whose areas of a level were not imported.

    Maps show the boundaries of these that ship with the system.
    """
    held = _held(workspace, level)
    imported = set() if held is None else _provinces(workspace, layer_name(held), "code")
    return tuple(sorted(_provinces(workspace, "villages", "village_code") - imported))


def embedded_provenance() -> Provenance:
    """Return where the embedded boundaries come from; they are approximate."""
    from phaenthi.geo.boundaries.embedded import BUILT_ON, FILE  # noqa: PLC0415

    return Provenance(
        source=say("layers.embedded.source"),
        sha256=sha256(FILE),
        imported_at=BUILT_ON,
        approximate=True,
        credit=say("layers.embedded.credit"),
    )


def _own(workspace: Workspace, level: Level, prefix: str) -> gpd.GeoDataFrame:
    """Return the imported areas of a level, or the unions of those of the level below."""
    import geopandas as gpd  # noqa: PLC0415

    from phaenthi.geo.boundaries.reading import dissolve  # noqa: PLC0415

    held = _held(workspace, level) or level
    contract = contract_of(layer_name(held))
    rows = workspace.scan(contract.name).filter(pl.col("code").str.starts_with(prefix))
    areas = gpd.GeoDataFrame(as_table(contract, rows.collect()))
    return areas if held is level else dissolve(areas, level)


def _held(workspace: Workspace, level: Level) -> Level | None:
    """Return the level whose imported areas make up a level: itself, or the next one below."""
    below = LEVELS[LEVELS.index(level) :]
    return next((one for one in below if workspace.has(layer_name(one))), None)


def _provinces(workspace: Workspace, layer: str, column: str) -> set[str]:
    province = pl.col(column).str.slice(0, Level.PROVINCE.digits)
    codes = workspace.scan(layer).select(province.unique()).collect().to_series()
    return set(codes.drop_nulls())
