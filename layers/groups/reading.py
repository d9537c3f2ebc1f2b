"""Occupational groups (กลุ่มอาชีพ): a group a row, with what it makes and what it has of 5ก."""

from __future__ import annotations

import polars as pl

from phaenthi.layers.contracts.groups import _NOT_YET
from phaenthi.layers.groups.families import read_product_families
from phaenthi.layers.registers.coordinates import with_sound_positions
from phaenthi.layers.registers.incoming import IncomingRows
from phaenthi.layers.tables.table_file import ROW


def understand(incoming: IncomingRows) -> IncomingRows:
    """Read families of products and ticks of the rows, and number groups that have no id.

    The family is read from its own column, else from the product. A position outside Thailand
    counts as none.

    Raises
    ------
    Problem
        ``layers.ticked_both_ways`` for a group that is both registered and not yet;
        ``layers.coordinates_swapped``.
    """
    return _numbered(
        with_sound_positions(_with_families(_with_ticks(incoming)), "groups_outside_thailand")
    )


def _with_ticks(incoming: IncomingRows) -> IncomingRows:
    """Read "registered" and "not yet" together; a group without a tick is unknown."""
    if _NOT_YET.name not in incoming.rows.columns:
        return incoming
    rows = incoming.rows
    if "otop_registered" not in rows.columns:
        rows = rows.with_columns(pl.lit(None, dtype=pl.Boolean).alias("otop_registered"))
    yes, not_yet = pl.col("otop_registered"), pl.col(_NOT_YET.name)
    both = rows.filter(yes & not_yet).sort(ROW)
    if both.height:
        raise incoming.problem("layers.ticked_both_ways", both[ROW][0], "otop_registered")
    told = pl.coalesce(pl.when(not_yet).then(statement=False), yes)
    return incoming.with_rows(rows.with_columns(told.alias("otop_registered")).drop(_NOT_YET.name))


def _with_families(incoming: IncomingRows) -> IncomingRows:
    rows = incoming.rows
    read_ = [
        read_product_families(rows[name])
        for name in ("product_family", "product_th")
        if name in rows.columns
    ]
    if not read_:
        return incoming
    family = read_[0] if len(read_) == 1 else read_[0].zip_with(read_[0].is_not_null(), read_[1])
    said = pl.any_horizontal(
        pl.col(name).is_not_null()
        for name in ("product_family", "product_th")
        if name in rows.columns
    )
    unknown = rows.filter(said & family.is_null())
    told = incoming.with_rows(rows.with_columns(family.alias("product_family")))
    if unknown.is_empty():
        return told
    name = "product_th" if "product_th" in rows.columns else "product_family"
    example = unknown[name].drop_nulls().to_list()
    return told.noting(
        "families_unknown", count=unknown.height, example=example[0] if example else "–"
    )


def _numbered(incoming: IncomingRows) -> IncomingRows:
    """Give each group without an id one of its village and order in the file."""
    rows = incoming.rows
    if "group_id" not in rows.columns:
        rows = rows.with_columns(pl.lit(None, dtype=pl.String).alias("group_id"))
    place = pl.int_range(pl.len()).over("village_code", order_by=ROW) + 1
    made = pl.concat_str(pl.col("village_code"), place.cast(pl.String), separator="-")
    without = rows["group_id"].null_count()
    told = incoming.with_rows(rows.with_columns(pl.coalesce("group_id", made).alias("group_id")))
    return told.noting("ids_made", count=without) if without else told
