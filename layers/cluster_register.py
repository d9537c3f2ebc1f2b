"""The cluster register that is kept, so that ids live on the next time clusters are formed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd
import polars as pl
from phaenthi.layers.contract import Column, Contract, Kind
from phaenthi.layers.provenance import ImportReport, Provenance
from phaenthi.wording import say

if TYPE_CHECKING:
    from phaenthi.layers.otop_clusters import ClusterRegister
    from phaenthi.layers.workspace import Workspace

CONTRACT = Contract(
    name="cluster_members",
    key=("source", "member_id"),
    columns=(
        Column("source", Kind.TEXT, required=True),
        Column("member_id", Kind.TEXT, required=True),
        Column("cluster_id", Kind.TEXT, required=True),
        Column("cluster_th", Kind.TEXT),
        Column("cluster_en", Kind.TEXT),
        Column("joined_by", Kind.TEXT),
    ),
)
"""source is the layer that the members are of: ``otop`` or ``groups``."""


def earlier_register(workspace: Workspace, source: str) -> pd.DataFrame | None:
    """Return cluster_id and member_id of the register that was kept, or None."""
    if not workspace.has(CONTRACT.name):
        return None
    rows = workspace.scan(CONTRACT.name).filter(pl.col("source") == source)
    kept = rows.select("cluster_id", "member_id").collect()
    return kept.to_pandas().astype("string") if kept.height else None


def keep_register(
    workspace: Workspace, source: str, register: ClusterRegister, *, made_up: bool
) -> ImportReport:
    """Keep a register in the place of the earlier one of the same source.

    Parameters
    ----------
    source
        Layer that the members are of.
    made_up
        Whether they are made up.
    """
    names = register.clusters[["cluster_id", "name_th", "name_en", "joined_by"]].rename(
        columns={"name_th": "cluster_th", "name_en": "cluster_en"}
    )
    rows = register.members[["member_id", "cluster_id"]].merge(names, on="cluster_id")
    own = pl.from_pandas(rows.assign(source=source))[list(CONTRACT.names)]
    own = own.with_columns(pl.all().cast(pl.String))
    others = own.clear()
    with workspace.writing():
        if workspace.has(CONTRACT.name):
            kept = workspace.scan(CONTRACT.name).filter(pl.col("source") != source)
            others = kept.select(CONTRACT.names).collect()
        provenance = Provenance(
            source=say("layers.cluster.register"),
            sha256="",
            imported_at=datetime.now(UTC),
            rows_read=own.height + others.height,
            made_up=made_up,
        )
        return workspace.put(CONTRACT.name, pl.concat([others, own]), provenance)
