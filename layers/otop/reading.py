"""The OTOP register (ผู้ผลิต ผู้ประกอบการ OTOP): a product of a producer a row."""

from __future__ import annotations

import polars as pl

from phaenthi.layers.contracts.otop import _STARS_TOLD, OTOP_CONTRACT
from phaenthi.layers.groups.families import read_product_families
from phaenthi.layers.otop.words import KIND_OF, MOST_STARS, PERSON, read_word
from phaenthi.layers.registers.coordinates import with_sound_positions
from phaenthi.layers.registers.incoming import IncomingRows
from phaenthi.layers.tables.table_file import ROW
from phaenthi.wording.digits import DIGITS, THAI_DIGITS


def understand(incoming: IncomingRows) -> IncomingRows:
    """Read kinds, stars and families of the incoming rows, and number products that have no id.

    What a register writes in words nobody knows counts as unknown and is told in a note. The
    family is read from its own column, else from the product. A producer's name that is a
    person's is left out. A position outside Thailand counts as none.

    Raises
    ------
    Problem
        ``layers.coordinates_swapped`` with the row.
    """
    told = incoming.rows.with_columns(
        pl.lit(None, dtype=stored).alias(name)
        for name, stored in OTOP_CONTRACT.stored_types.items()
        if name not in incoming.rows.columns
    )
    incoming = _with_stars(incoming.with_rows(told))
    for column in KIND_OF:
        incoming = _with_kind(incoming, column)
    return _with_own_ids(
        with_sound_positions(_without_persons(_with_families(incoming)), "otop_outside_thailand")
    )


def _with_kind(incoming: IncomingRows, column: str) -> IncomingRows:
    """Put the id of its kind in place of each word of a column."""
    texts = incoming.rows[column].drop_nulls().unique().to_list()
    found = {text: read_word(column, text) for text in texts}
    strange = [text for text, kind in found.items() if kind is None]
    rows = incoming.rows.filter(pl.col(column).is_in(strange)).sort(ROW)
    kinds = pl.col(column).replace_strict(found, default=None, return_dtype=pl.String)
    incoming = incoming.with_rows(incoming.rows.with_columns(kinds))
    return _noting(incoming, "otop_words_unknown", rows, column)


def _noting(incoming: IncomingRows, note: str, rows: pl.DataFrame, column: str) -> IncomingRows:
    if rows.is_empty():
        return incoming
    return incoming.noting(
        note,
        count=rows.height,
        row=rows[ROW][0],
        column=incoming.headers.get(column, column),
        example=rows[column][0],
    )


def _with_stars(incoming: IncomingRows) -> IncomingRows:
    """Read stars from 1 to 5; "not assessed" is unknown, and so is any other number."""
    rows = incoming.rows
    if _STARS_TOLD.name in rows.columns:
        digits = pl.col(_STARS_TOLD.name).str.replace_many(list(THAI_DIGITS), list(DIGITS))
        number = digits.str.extract(r"(\d+(?:\.0+)?)").cast(pl.Float64).cast(pl.Int64)
        rows = rows.with_columns(pl.coalesce("stars", number).alias("stars"))
    strange = rows.filter(~pl.col("stars").is_between(1, MOST_STARS)).sort(ROW)
    stars = pl.when(pl.col("stars").is_between(1, MOST_STARS)).then(pl.col("stars"))
    kept = rows.with_columns(stars.alias("stars")).drop(_STARS_TOLD.name, strict=False)
    return _noting(incoming.with_rows(kept), "otop_words_unknown", strange, "stars")


def _with_families(incoming: IncomingRows) -> IncomingRows:
    rows = incoming.rows
    own, product = (read_product_families(rows[name]) for name in ("product_family", "product_th"))
    family = own.zip_with(own.is_not_null(), product)
    unknown = rows.filter(family.is_null() & pl.col("product_th").is_not_null()).sort(ROW)
    told = incoming.with_rows(rows.with_columns(family.alias("product_family")))
    if unknown.is_empty():
        return told
    return told.noting(
        "otop_families_unknown", count=unknown.height, example=unknown["product_th"][0]
    )


def _without_persons(incoming: IncomingRows) -> IncomingRows:
    """Leave out the names of producers that are persons: an enterprise's name is public."""
    person = pl.col("producer_th").str.contains(PERSON).fill_null(value=False)
    count = int(incoming.rows.select(person.sum()).item())
    kept = pl.when(~person).then(pl.col("producer_th")).alias("producer_th")
    told = incoming.with_rows(incoming.rows.with_columns(kept))
    return told.noting("names_of_persons_left", count=count) if count else told


def _with_own_ids(incoming: IncomingRows) -> IncomingRows:
    """Make every product's id its own: from its name, and with the producer where ids repeat."""
    nameless = pl.col("product_id").is_null() & pl.col("product_th").is_null()
    incoming = incoming.without(
        incoming.rows.filter(nameless).select(ROW, "product_id"), "product_id", "product_missing"
    )
    rows = incoming.rows
    without = rows["product_id"].null_count()
    named = rows.with_columns(pl.coalesce("product_id", "product_th").alias("product_id"))
    producers = pl.col("producer_id").n_unique().over("product_id")
    both = pl.concat_str("producer_id", "product_id", separator="-")
    own = pl.when(producers > 1).then(both).otherwise(pl.col("product_id")).alias("product_id")
    told = incoming.with_rows(named.with_columns(own))
    return told.noting("otop_ids_made", count=without) if without else told
