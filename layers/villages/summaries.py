"""The layers over the villages, each counted by village, for the one table that joins them all."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

import pandas as pd
import polars as pl

from phaenthi.geo.codes import Level, parent_code_expr

if TYPE_CHECKING:
    from phaenthi.layers.workspace.folder import Workspace

# What the columns of a layer begin with, the layers that its summary takes, and the summary's room
# (by name, because those rooms read village lists themselves).
SUMMARIES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "funds": (("funds",), "layers.fund_summary"),
    "groups": (("groups",), "layers.groups"),
    "otop": (("otop",), "layers.otop"),
    "tourism": (("tourism_communities", "tourism_programmes"), "layers.tourism_summary"),
    "plots": (("plots",), "layers.plot_summary"),
    "places": (("places",), "layers.places"),
}
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
    for layer, (names, room) in SUMMARIES.items():
        if not all(map(_is_known, names)) or not workspace.has(names[0]):
            continue
        held = True
        summary = _summary(workspace, layer, names, room).with_columns(counted=True)
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


def _is_known(name: str) -> bool:
    # The catalogue reads village lists itself.
    from phaenthi.layers.contracts.catalogue import LAYERS  # noqa: PLC0415

    return name in LAYERS


def _summary(workspace: Workspace, layer: str, names: tuple[str, ...], room: str) -> pl.DataFrame:
    tables = [_plain(workspace, name) for name in names]
    made: pl.DataFrame = import_module(room).summary_by_village(*tables)
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
