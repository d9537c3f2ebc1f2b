"""The clusters of producers or groups as a reader asks for them, ready to be taken away."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from phaenthi.apps.dates import told_date
from phaenthi.apps.exports.clusters_and_routes import cluster_takeaways
from phaenthi.apps.exports.takeaway import Takeaway
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.shapes.crs import GEOGRAPHIC
from phaenthi.layers.contracts.catalogue import contract_of
from phaenthi.layers.groups.families import product_families
from phaenthi.layers.otop.cluster_register import earlier_register
from phaenthi.layers.otop.clusters import (
    ClusterRegister,
    ClusterRule,
    find_clusters,
    groups_as_members,
    register_table,
    why_counts,
)
from phaenthi.layers.otop.summary import producers
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Language, Problem, say

OTOP, GROUPS = "otop", "groups"
SOURCES = (OTOP, GROUPS)
_POSITION = ("longitude", "latitude")
_OF_CLUSTER = ("cluster_id", "cluster_name", "joined_by", "amphoe_th", "span_km")


def cluster_set(
    workspace: Workspace,
    source: str,
    provinces: Sequence[str],
    rule: ClusterRule,
    language: Language,
) -> tuple[Takeaway, ...]:
    """Return the outlines, centres and members of the clusters of a layer.

    Parameters
    ----------
    source
        ``otop`` or ``groups``.
    provinces
        Codes of the provinces whose members are joined; all unless given.

    Raises
    ------
    Problem
        ``export.layer_absent``; ``export.no_clusters`` where nobody is near enough to anybody;
        those of :func:`phaenthi.layers.otop.clusters.find_clusters`.
    """
    origin = workspace.provenance(source)
    if origin is None:
        raise Problem("export.layer_absent", layer=contract_of(source).label(language))
    rows = pd.DataFrame(workspace.table(source))
    members = producers(rows) if source == OTOP else groups_as_members(rows)
    if provinces:
        place = parent_code(members["village_code"].astype("string"), Level.PROVINCE)
        members = members[place.isin(list(provinces)).fillna(value=False)]
    villages = pd.DataFrame(workspace.table("villages"))
    register = find_clusters(
        members,
        rule,
        villages=villages[["village_code", "longitude", "latitude"]],
        earlier=earlier_register(workspace, source),
    )
    if register.clusters.empty:
        raise Problem("export.no_clusters", layer=contract_of(source).label(language))
    day = told_date(origin.imported_at.date(), language)
    source_line = say("export.source", language, source=origin.source, day=day)
    return cluster_takeaways(
        _numbered(register, language),
        language,
        made_up=origin.made_up,
        statement=[rule_line(register, language), *_outside(register, language), source_line],
        about=_about(register, language),
    )


def rule_line(register: ClusterRegister, language: Language) -> str:
    """Say how clusters were formed and how many there are."""
    rule = register.rule
    return say(
        "cli.otop.natural" if rule.within_metres is None else "cli.otop.rule",
        language,
        clusters=f"{len(register.clusters):,}",
        members=f"{len(register.members):,}",
        km=f"{(rule.within_metres or 0) / 1000:g}",
        at_least=rule.at_least,
        level=say(f"cli.otop.levels.{rule.level}", language),
        links=", ".join(link.name(language) for link in register.links) or "–",
    )


def _outside(register: ClusterRegister, language: Language) -> list[str]:
    return [
        say(f"cli.otop.outside.{why}", language, count=f"{count:,}")
        for why, count in why_counts(register).items()
    ]


def _about(register: ClusterRegister, language: Language) -> pd.DataFrame:
    """Return what is told of each cluster, by its number in the register."""
    table = register_table(register, language).set_index("number")
    table = table.rename(columns={"name": "cluster_name", "amphoe": "amphoe_th"})
    return table[list(_OF_CLUSTER)]


def _numbered(register: ClusterRegister, language: Language) -> gpd.GeoDataFrame:
    """Return everybody as points: cluster (its number, missing for none), who, what and where."""
    order = register_table(register, language).set_index("cluster_id")["number"]
    inside = register.members.assign(cluster=register.members["cluster_id"].map(order))
    everybody = pd.concat([inside, register.outside], ignore_index=True)
    families = {family.id: family.name(language) for family in product_families()}
    x, y = (everybody[name].to_numpy("float64", na_value=np.nan) for name in _POSITION)
    points = gpd.GeoSeries(gpd.points_from_xy(x, y), crs=GEOGRAPHIC)
    table = pd.DataFrame(
        {
            "cluster": everybody["cluster"].astype("Int64"),
            "member_id": everybody["member_id"],
            "name_th": everybody["name_th"],
            "product_family": everybody["product_family"].map(families).astype("string"),
            "village_code": everybody["village_code"],
        }
    )
    return gpd.GeoDataFrame(
        table, geometry=points.where(~(np.isnan(x) | np.isnan(y)), None).to_numpy(), crs=GEOGRAPHIC
    )
