"""Occupational groups counted by village."""

from __future__ import annotations

import pandas as pd
import polars as pl

from phaenthi.layers.contracts.groups import FIVE_K
from phaenthi.layers.groups.families import product_families


def summary_by_village(groups: pd.DataFrame | pl.DataFrame) -> pl.DataFrame:
    """Count the groups of each village.

    Returns
    -------
    polars.DataFrame
        village_code, groups, members (of the groups that state them, null where none does),
        members_missing (groups that do not), groups_otop (registered), groups_otop_unknown,
        groups_five_k (that have all of 5ก), groups_five_k_unknown (that may have), and
        ``groups_<family>`` of every family that any group has. A row a village that has a group,
        sorted by code.
    """
    rows = groups if isinstance(groups, pl.DataFrame) else pl.from_pandas(pd.DataFrame(groups))
    complete = pl.all_horizontal(*FIVE_K)
    here = set(rows["product_family"].drop_nulls().unique().to_list())
    families = [one.id for one in product_families() if one.id in here]
    yes_no = {"groups_otop": pl.col("otop_registered"), "groups_five_k": complete}
    counts = {
        "groups": pl.lit(value=True),
        **{name: is_so.fill_null(value=False) for name, is_so in yes_no.items()},
        **{f"{name}_unknown": is_so.is_null() for name, is_so in yes_no.items()},
        **{
            f"groups_{family}": (pl.col("product_family") == family).fill_null(value=False)
            for family in families
        },
    }
    stated = pl.col("members").is_not_null()
    table = (
        rows.with_columns(is_so.alias(name) for name, is_so in counts.items())
        .group_by("village_code")
        .agg(
            *(pl.col(name).sum().cast(pl.Int64) for name in counts),
            pl.when(stated.any()).then(pl.col("members").sum()).alias("members"),
            (~stated).sum().cast(pl.Int64).alias("members_missing"),
        )
        .sort("village_code")
    )
    first = ["village_code", "groups", "members", "members_missing"]
    return table.select(*first, *(name for name in counts if name != "groups"))
