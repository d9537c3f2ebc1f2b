"""Tourism communities and their programmes, joined and counted by village."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from phaenthi.layers.contracts.tourism import CLASSES


@dataclass(frozen=True)
class JoinedProgrammes:
    """Programmes with their communities.

    Attributes
    ----------
    table
        The columns of ``tourism_programmes`` and village_code, community_th, class_th,
        longitude, latitude of the community; sorted by programme_id.
    unmatched
        Programmes of communities that the register does not hold: not in ``table``.
    unplaced
        Programmes in ``table`` whose community has no position.
    """

    table: pl.DataFrame
    unmatched: int
    unplaced: int


def join_programmes(programmes: pl.DataFrame, communities: pl.DataFrame) -> JoinedProgrammes:
    """Join programmes to their communities.

    Parameters
    ----------
    programmes, communities
        Rows of the two layers.
    """
    wanted = communities.select(
        "community_id",
        "village_code",
        "class_th",
        "longitude",
        "latitude",
        community_th=pl.col("name_th"),
    )
    joined = programmes.join(wanted, on="community_id", how="inner").sort("programme_id")
    unplaced = joined.filter(pl.col("longitude").is_null() | pl.col("latitude").is_null()).height
    return JoinedProgrammes(joined, programmes.height - joined.height, unplaced)


def summary_by_village(
    communities: pl.DataFrame, programmes: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Count what each village has for visitors.

    Parameters
    ----------
    communities
        Rows of ``tourism_communities``.
    programmes
        Rows of ``tourism_programmes``; missing counts where None.

    Returns
    -------
    polars.DataFrame
        village_code; communities; class_a … class_d (communities of each class) and
        class_unknown; visitors, developed_products (of the communities that state them, missing
        where none does) with ``…_known`` counts; programmes, capacity (persons a round, of the
        programmes that state it), programmes_priced, lowest_price_baht and highest_price_baht.
        Sorted by code.
    """
    classes = [
        (pl.col("class_th") == name).sum().cast(pl.Int64).alias(f"class_{name.lower()}")
        for name in CLASSES
    ]
    counted = communities.group_by("village_code").agg(
        pl.len().cast(pl.Int64).alias("communities"),
        *classes,
        pl.col("class_th").is_null().sum().cast(pl.Int64).alias("class_unknown"),
        *_known_sums("visitors", "developed_products"),
    )
    if programmes is None:
        absent = ("programmes", "capacity", "capacity_known", "programmes_priced")
        offered = counted.select("village_code").with_columns(
            *(pl.lit(None, dtype=pl.Int64).alias(name) for name in absent),
            *(
                pl.lit(None, dtype=pl.Float64).alias(f"{end}_price_baht")
                for end in ("lowest", "highest")
            ),
        )
    else:
        offered = (
            join_programmes(programmes, communities)
            .table.group_by("village_code")
            .agg(
                pl.len().cast(pl.Int64).alias("programmes"),
                *_known_sums("capacity"),
                pl.col("price_baht").count().cast(pl.Int64).alias("programmes_priced"),
                pl.col("price_baht").min().alias("lowest_price_baht"),
                pl.col("price_baht").max().alias("highest_price_baht"),
            )
        )
    joined = counted.join(offered, on="village_code", how="left")
    if programmes is not None:
        # A community without a programme has none; that is known.
        joined = joined.with_columns(pl.col("programmes", "programmes_priced").fill_null(0))
    return joined.sort("village_code")


def _known_sums(*names: str) -> list[pl.Expr]:
    sums = []
    for name in names:
        known = pl.col(name).count().cast(pl.Int64)
        sums.append(pl.when(known > 0).then(pl.col(name).sum()).alias(name))
        sums.append(known.alias(f"{name}_known"))
    return sums
