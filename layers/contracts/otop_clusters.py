"""The register of OTOP clusters, kept so that their ids live on: a member a row."""

from __future__ import annotations

from phaenthi.layers.contracts.contract import Column, Contract, Kind

OTOP_CLUSTERS_CONTRACT = Contract(
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
