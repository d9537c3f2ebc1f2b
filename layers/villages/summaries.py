"""The layers over the villages, each counted by village, for the one table that joins them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import polars as pl

from phaenthi.geo.places.codes import Level, parent_code_expr
from phaenthi.layers.funds import summary as funds
from phaenthi.layers.groups import summary as groups
from phaenthi.layers.otop import summary as otop
from phaenthi.layers.plots import summary as plots
from phaenthi.layers.spots import summary as spots
from phaenthi.layers.tourism import summary as tourism
from phaenthi.layers.workspace.folder import Workspace

Summary = Callable[..., pl.DataFrame]

SUMMARIES: Mapping[str, tuple[tuple[str, ...], Summary]] = {
    "funds": (("funds",), funds.summary_by_village),
    "groups": (("groups",), groups.summary_by_village),
    "otop": (("otop",), otop.summary_by_village),
    "tourism": (("tourism_communities", "tourism_programmes"), tourism.summary_by_village),
    "plots": (("plots",), plots.summary_by_village),
    "places": (("places",), spots.summary_by_village),
}
"""What the columns of a layer begin with: the layers that its summary takes, and the summary."""

LAYERS_UNKNOWN = "layers_unknown"


def summaries_of_villages(workspace: Workspace, codes: pd.Series) -> pd.DataFrame:
    """Return what each layer counts in each village.

    Parameters
    ----------
    workspace
        Layers that it does not hold give no columns.
    codes
        Village codes.

    Returns
    -------
    pandas.DataFrame
        Index of the codes. The columns of each layer's ``summary_by_village``, with the layer's
        name in front where it is not there (``funds_level_1``, ``groups_members``). A village
        without a row counts 0 where the layer says something of its province, and is missing
        where it says nothing: a register of one province knows nothing of another. Amounts are
        missing without a row. With any layer, layers_unknown: how many layers say nothing of the
        village's province.
    """
    joined = pl.DataFrame({"village_code": codes.to_list()}, schema={"village_code": pl.String})
    joined = joined.with_columns(_province())
    unknown = pl.lit(0, dtype=pl.Int64)
    held = False
    for layer, (names, summarise) in SUMMARIES.items():
        if not workspace.has(names[0]):
            continue
        held = True
        summary = _summary(workspace, layer, names, summarise).with_columns(counted=True)
        counts = [name for name, kind in summary.schema.items() if kind.is_integer()]
        known = summary.select(_province()).to_series().unique().to_list()
        here = pl.col("province").is_in(known)
        joined = joined.join(summary, on="village_code", how="left", maintain_order="left")
        none = here & pl.col("counted").is_null()
        joined = joined.with_columns(
            pl.when(none).then(0).otherwise(pl.col(name)).alias(name) for name in counts
        ).drop("counted")
        unknown = unknown + (~here).cast(pl.Int64)
    if not held:
        return pd.DataFrame(index=codes.index)
    whole = joined.with_columns(unknown.alias(LAYERS_UNKNOWN)).drop("village_code", "province")
    kinds = {
        name: "Int64" if kind.is_integer() else "Float64"
        for name, kind in whole.schema.items()
        if kind.is_numeric()
    }
    return whole.to_pandas().astype(kinds).set_index(codes.index)


def _province() -> pl.Expr:
    return parent_code_expr("village_code", Level.PROVINCE).alias("province")


def _summary(
    workspace: Workspace, layer: str, names: tuple[str, ...], summarise: Summary
) -> pl.DataFrame:
    made = summarise(*(_plain(workspace, name) for name in names))
    own = {
        name: name if name.startswith(layer) else f"{layer}_{name}"
        for name in made.columns
        if name != "village_code"
    }
    return made.filter(pl.col("village_code").is_not_null()).rename(own)


def _plain(workspace: Workspace, name: str) -> pl.DataFrame:
    """Return the rows of a layer without their shapes, which nobody counts."""
    rows = workspace.scan(name)
    kinds = rows.collect_schema()
    return rows.select(column for column, kind in kinds.items() if kind != pl.Binary).collect()
