"""The cluster register that is kept, so that ids live on the next time clusters are formed."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import polars as pl

from phaenthi.layers.contracts.otop_clusters import OTOP_CLUSTERS_CONTRACT
from phaenthi.layers.contracts.provenance import ImportReport, Provenance
from phaenthi.layers.otop.clusters import ClusterRegister
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import say


def earlier_register(workspace: Workspace, source: str) -> pd.DataFrame | None:
    """Return cluster_id and member_id of the register that was kept, or None."""
    if not workspace.has(OTOP_CLUSTERS_CONTRACT.name):
        return None
    rows = workspace.scan(OTOP_CLUSTERS_CONTRACT.name).filter(pl.col("source") == source)
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
    own = pl.from_pandas(rows.assign(source=source))[list(OTOP_CLUSTERS_CONTRACT.names)]
    own = own.with_columns(pl.all().cast(pl.String))
    others = own.clear()
    with workspace.writing():
        if workspace.has(OTOP_CLUSTERS_CONTRACT.name):
            kept = workspace.scan(OTOP_CLUSTERS_CONTRACT.name).filter(pl.col("source") != source)
            others = kept.select(OTOP_CLUSTERS_CONTRACT.names).collect()
        provenance = Provenance(
            source=say("layers.cluster.register"),
            sha256="",
            imported_at=datetime.now(UTC),
            rows_read=own.height + others.height,
            made_up=made_up,
        )
        return workspace.put(OTOP_CLUSTERS_CONTRACT.name, pl.concat([others, own]), provenance)
