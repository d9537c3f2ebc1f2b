"""Ids of clusters that stay: by the members shared with an earlier register, else by a member.

A cluster is known by who is in it. Where an earlier register is at hand, each earlier id goes to
the cluster that holds most of its members, the greatest number shared first; a cluster takes one
id only. So an id survives new members, members that leave, a shuffled file and other settings;
of two clusters that grow together the one with more members lives on, and of one that falls apart
the greater part does. A cluster that shares nobody with the earlier register is named after the
lowest id of its core members, and so is every cluster where there is no such register: then rows
may still be shuffled, but a new row that draws a member of a lower id in would give another name.
Registers are therefore kept (the layer ``cluster_members``) and read the next time.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

KEPT, NEW, ENDED = "kept", "new", "ended"


@dataclass(frozen=True)
class ClusterIds:
    """Ids of clusters and what changed.

    Attributes
    ----------
    ids
        Index: the label; the cluster's id.
    changes
        cluster_id, change (``kept``, ``new``, ``ended``), joined and gone (members since the
        earlier register), into (the cluster that took most members of an ended one; missing
        where none did). Sorted by cluster_id.
    """

    ids: pd.Series
    changes: pd.DataFrame


def give_ids(members: pd.DataFrame, earlier: pd.DataFrame | None = None) -> ClusterIds:
    """Give each cluster its id.

    Parameters
    ----------
    members
        member_id, label, pool (what its clusters are named after) and core (bool): the members
        of clusters, each once. Every cluster has a core member.
    earlier
        cluster_id and member_id of an earlier register.
    """
    now = members[["member_id", "label"]].astype({"member_id": "string"})
    if earlier is None:
        earlier = pd.DataFrame({"cluster_id": [], "member_id": []})
    before = earlier[["cluster_id", "member_id"]].astype("string")
    kept = _kept(now, before)
    ids = pd.Series(kept, dtype="string")
    fresh = members[members["core"] & ~members["label"].isin(list(kept))]
    first = fresh.sort_values("member_id").drop_duplicates("label").sort_values("member_id")
    taken = {*before["cluster_id"].dropna().tolist(), *kept.values()}
    made: dict[int, str] = {}
    for label, pool, member in first[["label", "pool", "member_id"]].itertuples(index=False):
        name, number = f"{pool}-{member}", 1
        # An id that has ended stays with what it once meant.
        while name in taken:
            number += 1
            name = f"{pool}-{member}-{number}"
        taken.add(name)
        made[int(label)] = name
    ids = pd.concat([ids, pd.Series(made, dtype="string")]).rename("cluster_id").sort_index()
    ids.index = ids.index.astype("int64")
    return ClusterIds(ids, _changes(now, before, ids, set(kept.values())))


def _kept(now: pd.DataFrame, before: pd.DataFrame) -> dict[int, str]:
    """Return the labels that keep an id: most shared members first, then the lower id."""
    both = now.merge(before, on="member_id")
    pairs = both.groupby(["cluster_id", "label"])["member_id"].agg(["size", "min"])
    shared = (
        pd.DataFrame(pairs)
        .reset_index()
        .set_axis(["cluster_id", "label", "shared", "lowest"], axis=1)
    )
    shared = shared.sort_values(
        ["shared", "cluster_id", "lowest"], ascending=[False, True, True], ignore_index=True
    )
    kept: dict[int, str] = {}
    given: set[str] = set()
    for cluster, label in shared[["cluster_id", "label"]].itertuples(index=False):
        if int(label) not in kept and cluster not in given:
            kept[int(label)] = str(cluster)
            given.add(str(cluster))
    return kept


def _changes(
    now: pd.DataFrame, before: pd.DataFrame, ids: pd.Series, kept: set[str]
) -> pd.DataFrame:
    """Return what became of each cluster since the earlier register."""
    after = now.assign(now_in=now["label"].map(ids))[["member_id", "now_in"]]
    both = after.merge(before, on="member_id", how="outer")
    stays = (both["now_in"] == both["cluster_id"]).fillna(value=False).astype(bool)
    joined = both[~stays].groupby("now_in")["member_id"].size()
    gone = both[~stays].groupby("cluster_id")["member_id"].size()
    moved = both.dropna(subset=["now_in", "cluster_id"])
    shared = moved.groupby(["cluster_id", "now_in"])["member_id"].agg(["size"])
    most = (
        pd.DataFrame(shared).reset_index().sort_values(["size", "now_in"], ascending=[False, True])
    )
    went = most.drop_duplicates("cluster_id").set_index("cluster_id")["now_in"]
    ended = sorted(set(before["cluster_id"].dropna()) - kept)
    table = pd.DataFrame({"cluster_id": pd.array([*ids.tolist(), *ended], dtype="string")})
    change = [KEPT if one in kept else NEW for one in ids] + [ENDED] * len(ended)
    table["change"] = pd.array(change, dtype="string")
    for name, counts in (("joined", joined), ("gone", gone)):
        table[name] = table["cluster_id"].map(counts).fillna(0).astype("int64")
    into = table["cluster_id"].map(went).astype("string")
    table["into"] = into.where(table["change"] == ENDED)
    return table.sort_values("cluster_id", ignore_index=True)
