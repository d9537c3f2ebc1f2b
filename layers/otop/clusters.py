"""Clusters of producers or groups: the same or linked products, near each other; their register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import polars as pl

from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.shapes.cluster_shapes import shape_clusters
from phaenthi.geo.shapes.clusters import NOISE, DensityClusters, density_clusters, natural_clusters
from phaenthi.layers.groups.families import product_families
from phaenthi.layers.otop.cluster_ids import give_ids
from phaenthi.layers.otop.cluster_names import amphoe_names, joined_by, joined_words, name_clusters
from phaenthi.layers.otop.product_links import ProductLink, pools, read_links
from phaenthi.wording import Language, Problem

MEMBER_COLUMNS = (
    "member_id",
    "name_th",
    "product_family",
    "village_code",
    "longitude",
    "latitude",
)
WITHIN_METRES = 20_000.0
AT_LEAST = 2

ClusterLevel = Literal["amphoe", "province"]


@dataclass(frozen=True)
class ClusterRule:
    """How clusters are formed.

    Attributes
    ----------
    within_metres
        Two members nearer than this, of the same or linked products, belong together; ``None``
        for clusters without a distance (HDBSCAN).
    at_least
        Members within that distance of each other (itself counted) that make a cluster.
    level
        Clusters lie within one amphoe or within one province, as the letter leaves open.
    """

    within_metres: float | None = WITHIN_METRES
    at_least: int = AT_LEAST
    level: ClusterLevel = "province"


@dataclass(frozen=True)
class ClusterRegister:
    """The clusters, who is in them and who is not.

    Attributes
    ----------
    clusters
        GeoDataFrame (EPSG:4326, the hull), a row a cluster, sorted by cluster_id: cluster_id,
        name_th, name_en, joined_by (``same``, ``linked``, ``same_and_linked``), families (ids,
        comma-separated), link (id of the declared link, missing for none), level (``amphoe``
        where all members are of one, else ``province``), province_code, amphoe_codes, members,
        villages, longitude, latitude (centre), span_metres (the two farthest members),
        widest_gap_metres (the member farthest from its nearest fellow).
    members
        A row a member of a cluster, by cluster_id and member_id: cluster_id, ``MEMBER_COLUMNS``,
        placed_by (``own`` or ``village`` position), core (bool), nearest_id, nearest_metres (its
        nearest fellow), centre_metres.
    outside
        member_id and why: ``alone``, ``no_place``, ``no_family``, ``no_village``; with
        ``MEMBER_COLUMNS``.
    changes
        Against the earlier register; see ``phaenthi.layers.otop.cluster_ids.ClusterIds``.
    rule, links
        What they were formed by.
    """

    clusters: gpd.GeoDataFrame = field(repr=False)
    members: pd.DataFrame = field(repr=False)
    outside: pd.DataFrame = field(repr=False)
    changes: pd.DataFrame = field(repr=False)
    rule: ClusterRule
    links: tuple[ProductLink, ...] = field(repr=False)


def find_clusters(
    members: pd.DataFrame,
    rule: ClusterRule | None = None,
    *,
    villages: pd.DataFrame | None = None,
    links: Sequence[ProductLink] | None = None,
    earlier: pd.DataFrame | None = None,
) -> ClusterRegister:
    """Form the clusters of producers or groups.

    Parameters
    ----------
    members
        ``MEMBER_COLUMNS``: member_id (each once), name_th, product_family (an id of
        ``phaenthi.layers.groups.families``, missing where unknown), village_code, longitude,
        latitude (missing where unknown). See ``phaenthi.layers.otop.summary.producers`` and
        `groups_as_members`.
    rule
        Distance, number and level.
    villages
        village_code, longitude, latitude: where members without a position of their own are.
    links
        Declared links; those of the guideline unless given.
    earlier
        cluster_id and member_id of the earlier register, whose ids live on.

    Raises
    ------
    Problem
        ``layers.member_twice``; ``geo.places_swapped``, ``geo.places_outside``;
        ``geo.too_many_for_natural``.
    """
    rule = rule or ClusterRule()
    declared = tuple(read_links() if links is None else links)
    table = _place(_checked(members), villages)
    table["why"] = _why_not(table)
    table["pool"] = table["product_family"].map(pools(declared)).astype("string")
    able = table[table["why"].isna()]
    found = _cluster(able, rule)
    table["label"] = pd.Series(found.labels, index=able.index).reindex(
        table.index, fill_value=NOISE
    )
    table["core"] = pd.Series(found.core, index=able.index).reindex(table.index, fill_value=False)
    inside = table[table["label"] != NOISE].reset_index(drop=True)
    ids = give_ids(inside, earlier)
    inside["cluster_id"] = inside["label"].map(ids.ids).astype("string")
    shapes = shape_clusters(inside["longitude"], inside["latitude"], inside["label"])
    inside = _with_distances(inside, shapes.members)
    clusters = _clusters(inside, shapes.clusters, ids.ids, declared)
    outside = table[table["label"] == NOISE]
    return ClusterRegister(
        clusters=clusters,
        members=inside.sort_values(["cluster_id", "member_id"], ignore_index=True)[
            [
                *("cluster_id", *MEMBER_COLUMNS, "placed_by", "core"),
                *("nearest_id", "nearest_metres", "centre_metres"),
            ]
        ],
        outside=outside.assign(why=outside["why"].fillna("alone")).reset_index(drop=True)[
            [*MEMBER_COLUMNS, "why"]
        ],
        changes=ids.changes,
        rule=rule,
        links=declared,
    )


def groups_as_members(groups: pd.DataFrame) -> pd.DataFrame:
    """Return occupational groups (the layer ``groups``) as members of clusters."""
    columns = [name for name in MEMBER_COLUMNS if name != "member_id"]
    return groups.rename(columns={"group_id": "member_id"})[["member_id", *columns]]


def _checked(members: pd.DataFrame) -> pd.DataFrame:
    """Return the members in order of their ids: no result depends on the order of rows."""
    texts = ("member_id", "name_th", "product_family", "village_code")
    table = members[list(MEMBER_COLUMNS)].astype(dict.fromkeys(texts, "string"))
    table = table.astype({"longitude": "float64", "latitude": "float64"})
    twice = table["member_id"].duplicated() | table["member_id"].isna()
    if twice.any():
        found = table.loc[twice, "member_id"].fillna("–").iloc[0]
        raise Problem("layers.member_twice", found=found, count=int(twice.sum()))
    return table.sort_values("member_id", ignore_index=True)


def _place(table: pd.DataFrame, villages: pd.DataFrame | None) -> pd.DataFrame:
    """Put members without a position of their own at their village's."""
    own = table["longitude"].notna() & table["latitude"].notna()
    table["placed_by"] = pd.Series(pd.NA, index=table.index, dtype="string").mask(own, "own")
    if villages is None:
        return table
    points = villages.drop_duplicates("village_code").set_index("village_code")
    for name in ("longitude", "latitude"):
        there = table["village_code"].map(points[name].astype("float64")).astype("float64")
        table[name] = table[name].where(own, there)
    placed = table["longitude"].notna() & table["latitude"].notna()
    table["placed_by"] = table["placed_by"].mask(placed & ~own, "village")
    return table


def _why_not(table: pd.DataFrame) -> pd.Series:
    known = {family.id for family in product_families()}
    why = pd.Series(pd.NA, index=table.index, dtype="string")
    why = why.mask(table["longitude"].isna() | table["latitude"].isna(), "no_place")
    why = why.mask(table["village_code"].isna(), "no_village")
    return why.mask(~table["product_family"].isin(known), "no_family")


def _cluster(able: pd.DataFrame, rule: ClusterRule) -> DensityClusters:
    """Cluster the members of each pool and area apart."""
    area = parent_code(able["village_code"], Level(rule.level)).astype("string")
    sets = pd.factorize((able["pool"] + " " + area).to_numpy(dtype=object))[0]
    x, y = able["longitude"].to_numpy(), able["latitude"].to_numpy()
    if rule.within_metres is not None:
        return density_clusters(x, y, rule.within_metres, rule.at_least, apart=sets)
    labels = np.full(len(able), NOISE, dtype=np.int64)
    taken = 0
    for rows in pd.Series(sets).groupby(sets).indices.values():
        found = natural_clusters(x[rows], y[rows], max(rule.at_least, 2))
        labels[rows] = np.where(found.labels == NOISE, NOISE, found.labels + taken)
        taken += found.count
    return DensityClusters(labels, labels != NOISE)


def _with_distances(inside: pd.DataFrame, measured: pd.DataFrame) -> pd.DataFrame:
    nearest = inside["member_id"].reindex(measured["nearest"].to_numpy()).array
    metres = measured[["nearest_metres", "centre_metres"]].round(1)
    return inside.assign(
        nearest_id=nearest,
        nearest_metres=metres["nearest_metres"].array,
        centre_metres=metres["centre_metres"].array,
    )


def _clusters(
    inside: pd.DataFrame,
    shapes: gpd.GeoDataFrame,
    ids: pd.Series,
    links: Sequence[ProductLink],
) -> gpd.GeoDataFrame:
    by_id = {link.id: link for link in links}
    shaped = shapes.assign(cluster_id=ids.reindex(shapes.index)).set_index("cluster_id")
    shaped = shaped.sort_index()
    names = name_clusters(inside, by_id).reindex(shaped.index)
    amphoe = parent_code(inside["village_code"], Level.AMPHOE)
    columns = ["cluster_id", "pool", "product_family", "village_code", "nearest_metres"]
    facts = (
        pl.from_pandas(inside[columns].assign(amphoe=amphoe))
        .group_by("cluster_id")
        .agg(
            pl.col("pool").first(),
            pl.col("product_family").alias("of_members"),
            pl.col("product_family").unique().sort().str.join(",").alias("families"),
            pl.col("amphoe").unique().sort().str.join(","),
            pl.col("village_code").first().alias("a_village"),
            pl.col("village_code").n_unique().alias("villages"),
            pl.col("nearest_metres").max(),
        )
        .sort("cluster_id")
    )
    pool = pd.Series(facts["pool"].to_list(), dtype="string")
    joined = [
        joined_by(of, by_id.get(name))
        for of, name in facts.select("of_members", "pool").iter_rows()
    ]
    table = pd.DataFrame(
        {
            "cluster_id": shaped.index.astype("string"),
            "name_th": names["name_th"].astype("string").array,
            "name_en": names["name_en"].astype("string").array,
            "joined_by": pd.array(joined, dtype="string"),
            "families": pd.array(facts["families"].to_list(), dtype="string"),
            "link": pool.where(pool.isin(list(by_id))).array,
            "level": pd.array(
                ["province" if "," in codes else "amphoe" for codes in facts["amphoe"]],
                dtype="string",
            ),
            "province_code": parent_code(
                pd.Series(facts["a_village"].to_list(), dtype="string"), Level.PROVINCE
            ).array,
            "amphoe_codes": pd.array(facts["amphoe"].to_list(), dtype="string"),
            "members": shaped["members"].to_numpy(),
            "villages": facts["villages"].to_numpy().astype(np.int64),
            "longitude": shaped["longitude"].to_numpy(),
            "latitude": shaped["latitude"].to_numpy(),
            "span_metres": shaped["span_metres"].round(1).to_numpy(),
            "widest_gap_metres": facts["nearest_metres"].to_numpy().astype(np.float64),
        }
    )
    return gpd.GeoDataFrame(table, geometry=shaped.geometry.array, crs=shapes.crs)


REGISTER_COLUMNS = (
    *("number", "name", "joined_by", "member_names", "members"),
    *("level", "amphoe", "span_km", "longitude", "latitude", "cluster_id"),
)


def register_table(register: ClusterRegister, language: Language = "th") -> pd.DataFrame:
    """Return the cluster register as the letter's form 1.2 has it, and what checks it by hand.

    Returns
    -------
    pandas.DataFrame
        number (1 …), name, joined_by (what joins them, in words), member_names (the groups in it,
        joined by "; "), then members, level (id), amphoe (names), span_km, longitude, latitude
        of the centre, cluster_id. By number of members, the most first, then id.
    """
    clusters = pd.DataFrame(register.clusters.drop(columns="geometry"))
    shown = register.members["name_th"].fillna(register.members["member_id"])
    names = shown.groupby(register.members["cluster_id"]).agg("; ".join)
    clusters = clusters.sort_values(["members", "cluster_id"], ascending=[False, True])
    joined = [
        joined_words(str(kind), str(families).split(","), language)
        for kind, families in zip(clusters["joined_by"], clusters["families"], strict=True)
    ]
    return pd.DataFrame(
        {
            "number": np.arange(1, len(clusters) + 1),
            "name": clusters[f"name_{language}"].array,
            "joined_by": pd.array(joined, dtype="string"),
            "member_names": clusters["cluster_id"].map(names).astype("string").array,
            "members": clusters["members"].array,
            "level": clusters["level"].array,
            "amphoe": pd.array(
                [amphoe_names(str(one).split(","), language) for one in clusters["amphoe_codes"]],
                dtype="string",
            ),
            "span_km": (clusters["span_metres"] / 1000).round(2).array,
            "longitude": clusters["longitude"].array,
            "latitude": clusters["latitude"].array,
            "cluster_id": clusters["cluster_id"].array,
        }
    )


def why_counts(register: ClusterRegister) -> Mapping[str, int]:
    """Return how many are in no cluster, by reason."""
    counts = register.outside["why"].value_counts().sort_index()
    return {str(why): int(count) for why, count in counts.items()}
