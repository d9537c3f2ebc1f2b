"""Community funds (กองทุนชุมชน): a fund in a village and year of assessment a row."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from phaenthi.layers.contracts.funds import FUNDS_CONTRACT
from phaenthi.layers.funds.remedies import BETWEEN, read_principles
from phaenthi.layers.funds.types import (
    GOOD,
    GRADES,
    NEEDS_WORK,
    find_fund_type,
    fund_type,
    read_grade,
    read_level,
    read_order,
)
from phaenthi.layers.registers.incoming import IncomingRows
from phaenthi.layers.tables.table_file import ROW

THREE_IS_GOOD, ONE_IS_GOOD = "3_is_good", "1_is_good"


def understand(incoming: IncomingRows) -> IncomingRows:
    """Read kinds, levels and principles of the incoming rows, and number the funds that have no id.

    Levels are kept with 3 as the good end. A file whose figures and words contradict each other
    is refused until it declares which way round it counts.

    Raises
    ------
    Problem
        ``layers.fund_types_unknown`` if no row names a known kind; ``layers.level_unreadable``,
        ``layers.level_and_words_differ``, ``layers.level_order_unknown`` with the row.
    """
    return _numbered(_with_principles(_with_levels(name_fund_types(incoming))))


def name_fund_types(incoming: IncomingRows) -> IncomingRows:
    """Put ids in place of the names of kinds of fund, and set unknown kinds aside.

    Raises
    ------
    Problem
        ``layers.fund_types_unknown`` if no row names a known kind.
    """
    return incoming.with_ids("fund_type", find_fund_type, noun="fund_type")


def _with_levels(incoming: IncomingRows) -> IncomingRows:
    """Read the level, in figures and in words, and the grade of each row."""
    rows = incoming.rows
    for name in ("governance_level", *(column.name for column in FUNDS_CONTRACT.markers), "grade"):
        if name not in rows.columns:
            rows = rows.with_columns(pl.lit(None, dtype=pl.String).alias(name))
    given = pl.col("governance_level").cast(pl.String)
    told = rows.with_columns(
        given.alias("governance_level"),
        pl.coalesce("level_told", given).alias("level_told"),
    )
    # A register has few different spellings of level, kind and order: each is read once.
    keys = ["fund_type", "level_told", "level_in_words", "level_order", "grade"]
    first = told.group_by(keys).agg(pl.col(ROW).min()).sort(ROW)
    read_ = [_level(incoming, row) for row in first.iter_rows(named=True)]
    levels = first.drop(ROW).with_columns(
        pl.Series("level", [level for level, _ in read_], dtype=pl.Int64),
        pl.Series("letter", [grade for _, grade in read_], dtype=pl.String),
    )
    joined = told.join(levels, on=keys, how="left", nulls_equal=True, maintain_order="left")
    kept = joined.with_columns(
        pl.col("level").alias("governance_level"), pl.col("letter").alias("grade")
    )
    own = [name for name in FUNDS_CONTRACT.names if name in kept.columns]
    return incoming.with_rows(kept.select(ROW, *own))


def _level(
    incoming: IncomingRows, row: Mapping[str, str | int | None]
) -> tuple[int | None, str | None]:
    """Return the level with 3 as the good end and the grade; both None where none is told."""
    told, in_words, grade = row["level_told"], row["level_in_words"], row["grade"]
    if not fund_type(str(row["fund_type"])).ranked and grade is None and told is not None:
        # What a kind without numbered levels is put into is told as a grade.
        letter = read_grade(str(told))
        if letter is not None:
            return None, letter
    letter = None if grade is None else read_grade(str(grade))
    if grade is not None and letter is None:
        raise _refused(incoming, "layers.level_unreadable", row, "grade", grade)
    figure, word = read_level(str(told)) if told is not None else (None, None)
    if told is not None and figure is None and word is None:
        raise _refused(incoming, "layers.level_unreadable", row, "level_told", told)
    if in_words is not None:
        _, also = read_level(str(in_words))
        if also is None or (word is not None and word != also):
            raise _refused(incoming, "layers.level_unreadable", row, "level_in_words", in_words)
        word = also
    if figure is not None and _order(incoming, row) == ONE_IS_GOOD:
        figure = NEEDS_WORK + GOOD - figure
    if figure is not None and word is not None and figure != word:
        both = " · ".join(str(one) for one in (told, in_words) if one is not None)
        raise _refused(incoming, "layers.level_and_words_differ", row, "level_told", both)
    return (word if figure is None else figure), letter


def _order(incoming: IncomingRows, row: Mapping[str, str | int | None]) -> str:
    told = row["level_order"]
    order = THREE_IS_GOOD if told is None else read_order(str(told))
    if order is None:
        raise _refused(incoming, "layers.level_order_unknown", row, "level_order", told)
    return order


def _refused(
    incoming: IncomingRows, message: str, row: Mapping[str, object], column: str, found: object
) -> Exception:
    number = row[ROW]
    return incoming.problem(
        message,
        number if isinstance(number, int) else None,
        column,
        found=found,
        grades=", ".join(GRADES),
    )


def _with_principles(incoming: IncomingRows) -> IncomingRows:
    """Read the principles that a fund failed; names that nobody knows are told of in a note."""
    if "failed_principles" not in incoming.rows.columns:
        return incoming
    texts = incoming.rows["failed_principles"].drop_nulls().unique().to_list()
    found = {text: read_principles(text) for text in texts}
    strange = {text: unknown for text, (_, unknown) in found.items() if unknown}
    ids = {text: BETWEEN.join(known) or None for text, (known, _) in found.items()}
    named = pl.col("failed_principles").replace_strict(ids, default=None, return_dtype=pl.String)
    count = incoming.rows["failed_principles"].is_in(list(strange)).sum()
    told = incoming.with_rows(incoming.rows.with_columns(named))
    if not count:
        return told
    example = next(iter(strange.values()))[0]
    return told.noting("principles_unknown", count=int(count), example=example)


def _numbered(incoming: IncomingRows) -> IncomingRows:
    """Give each fund without an id one of its village, kind and order in the file."""
    rows = incoming.rows
    if "fund_id" not in rows.columns:
        rows = rows.with_columns(pl.lit(None, dtype=pl.String).alias("fund_id"))
    place = pl.int_range(pl.len()).over("village_code", "fund_type", "year", order_by=ROW) + 1
    made = pl.concat_str(
        pl.col("village_code"), pl.col("fund_type"), place.cast(pl.String), separator="-"
    )
    without = rows["fund_id"].null_count()
    told = incoming.with_rows(rows.with_columns(pl.coalesce("fund_id", made).alias("fund_id")))
    return told.noting("ids_made", count=without) if without else told
