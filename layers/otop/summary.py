"""OTOP products counted by village, and the producers behind them."""

from __future__ import annotations

import pandas as pd
import polars as pl

from phaenthi.layers.contracts.otop import OTOP_CONTRACT
from phaenthi.layers.otop.words import MOST_STARS

NO_FAMILY = "unknown"


def summary_by_village(otop: pd.DataFrame | pl.DataFrame) -> pl.DataFrame:
    """Count producers and products of each village.

    Returns
    -------
    polars.DataFrame
        village_code, otop_producers, otop_products, otop_community (products of community
        producers), otop_stars_1_3, otop_stars_4_5, otop_stars_unknown, otop_quadrant_d,
        otop_quadrant_unknown. A row a village that has a product, sorted by code. Add up with
        ``phaenthi.layers.villages.rollup.roll_up``: a producer is of one village.
    """
    rows = _as_polars(otop)
    counts = {
        "otop_community": pl.col("producer_type") == "community",
        "otop_stars_1_3": pl.col("stars").is_between(1, 3),
        "otop_stars_4_5": pl.col("stars").is_between(4, MOST_STARS),
        "otop_stars_unknown": pl.col("stars").is_null(),
        "otop_quadrant_d": pl.col("quadrant") == "D",
        "otop_quadrant_unknown": pl.col("quadrant").is_null(),
    }
    return (
        rows.group_by("village_code")
        .agg(
            pl.col("producer_id").n_unique().cast(pl.Int64).alias("otop_producers"),
            pl.len().cast(pl.Int64).alias("otop_products"),
            *(
                is_so.fill_null(value=False).sum().cast(pl.Int64).alias(name)
                for name, is_so in counts.items()
            ),
        )
        .sort("village_code")
    )


def producers(otop: pd.DataFrame | pl.DataFrame) -> pd.DataFrame:
    """Return one row for each producer and family of products: who may be a member of a cluster.

    Returns
    -------
    pandas.DataFrame
        member_id (``producer/family``, the same however many families the producer makes),
        name_th, product_family, product_th (its products of the family, joined), products,
        village_code, longitude, latitude. Sorted by member_id.
    """
    rows = _as_polars(otop)
    ordered = rows.sort("producer_id", "product_id")
    each = ordered.group_by("producer_id", "product_family", maintain_order=True).agg(
        pl.col("producer_th").drop_nulls().first().alias("name_th"),
        pl.col("product_th").drop_nulls().str.join(", "),
        pl.len().cast(pl.Int64).alias("products"),
        pl.col("village_code").first(),
        pl.col("longitude").drop_nulls().first(),
        pl.col("latitude").drop_nulls().first(),
    )
    family = pl.col("product_family").fill_null(NO_FAMILY)
    member = pl.concat_str("producer_id", family, separator="/").alias("member_id")
    texts = ("member_id", "name_th", "product_family", "product_th", "village_code")
    columns = [*texts[:4], "products", texts[4], "longitude", "latitude"]
    table = each.with_columns(member).select(columns).sort("member_id").to_pandas()
    return table.astype(dict.fromkeys(texts, "string"))


def _as_polars(otop: pd.DataFrame | pl.DataFrame) -> pl.DataFrame:
    # The layer as a table has shapes beside its columns.
    if isinstance(otop, pl.DataFrame):
        return otop
    held = pd.DataFrame(otop)[[name for name in OTOP_CONTRACT.names if name in otop]]
    return pl.from_pandas(held)
