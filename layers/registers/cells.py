"""Cells as people fill them in, read into numbers, years, yes or no: polars expressions.

Reading goes in three steps, each over the columns of the step before, so that no cell is taken
up twice: ``said`` leaves nothing of a cell that says "not known", ``value_of`` reads what it
says, and ``fault_of`` tells what could not be read.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from phaenthi.geo.places.codes import Level, read_codes_expr
from phaenthi.layers.contracts.contract import Column, Kind
from phaenthi.layers.tables.fiscal_year import FIRST_YEAR, LAST_YEAR, YEARS_AHEAD_OF_CHRIST
from phaenthi.wording.digits import DIGITS, THAI_DIGITS

UNKNOWN_MARKS = (
    *("", "-", "–", "—", "."),
    *("ไม่ทราบ", "ไม่ระบุ", "ไม่มีข้อมูล"),
    *("n/a", "N/A", "na", "NA", "null", "NULL", "none", "None", "NaN"),
)
"""What people write for "not known"; such a cell is missing, never zero and never no."""

EMPTY = "layers.value_missing"

_YES = ("1", "1.0", "ใช่", "มี", "จริง", "จน", "เคย", "yes", "y", "true", "t", "✓", "✔", "/")
_NO = ("0", "0.0", "ไม่ใช่", "ไม่มี", "ไม่จริง", "ไม่จน", "ไม่เคย", "ไม่", "no", "n", "false", "f", "✗", "x")
_PLAIN_NUMBER = r"^-?\d+(?:\.\d+)?$"
_GROUPED_NUMBER = r"^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$"
_YEAR = r"(?i)^(?:ปีงบประมาณ|ปี|งบ|FY)?(?:พ\.?ศ\.?|BE)?(\d+)(?:\.0*)?$"
_ROUNDED = r"^\d(?:\.\d+)?[eE]\+?\d+$"
_SEPARATOR = "\x1f"

Faults = list[tuple[str, pl.Expr]]


def said(raw: pl.Expr) -> pl.Expr:
    """Return the text of a cell without invisible signs, null where it says "not known"."""
    # An apostrophe before a number is how people keep a spreadsheet from changing it.
    text = raw.str.replace_all(r"\p{Cf}|^\s*'", "").str.strip_chars()
    return pl.when(~text.is_in(UNKNOWN_MARKS)).then(text)


def value_of(column: Column, text: str, household_ids: Callable[[pl.Series], pl.Series]) -> pl.Expr:
    """Return what a column of texts says, null where it cannot be read.

    Parameters
    ----------
    column
        What the layer wants.
    text
        Name of a column that ``said`` gave.
    household_ids
        Turns raw household ids into those of the workspace.
    """
    if column.kind is Kind.VILLAGE_CODE:
        return read_codes_expr(text, Level.VILLAGE)
    if column.kind is Kind.HOUSEHOLD_ID:
        return pl.col(text).map_batches(household_ids, return_dtype=pl.String, is_elementwise=True)
    if column.kind is Kind.YEAR:
        year = _year_number(text)
        return pl.when(year.is_between(FIRST_YEAR, LAST_YEAR)).then(year).cast(pl.Int16)
    if column.kind is Kind.YES_NO:
        meant = {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}
        plain = pl.col(text).str.to_lowercase()
        return plain.replace_strict(meant, default=None, return_dtype=pl.Boolean)
    if column.kind in (Kind.COUNT, Kind.AMOUNT, Kind.DEGREES):
        number = _number(text)
        whole = pl.when(number % 1 == 0).then(number).cast(pl.Int64, strict=False)
        return whole if column.kind is Kind.COUNT else number
    return pl.col(text).str.normalize("NFC").str.replace_all(r"\s+", " ")


def fault_of(column: Column, text: str) -> pl.Expr:
    """Return the fault of each cell of a column, null where there is none.

    Parameters
    ----------
    column
        The column; its values are in a column of its name.
    text
        Name of the column of texts that they were read from.

    Returns
    -------
    polars.Expr
        Column, message id and cell text (empty if personal) in one text; see ``split_fault``.
    """
    faults = _faults(column, text)
    if column.required:
        faults.append((EMPTY, pl.col(text).is_null()))
    if not faults:
        return pl.lit(None, dtype=pl.String)
    found = pl.lit("") if column.personal else pl.col(text).fill_null("")
    return pl.coalesce(
        pl.when(wrong).then(pl.concat_str(pl.lit(tell_fault(column.name, message)), found))
        for message, wrong in faults
    )


def _faults(column: Column, text: str) -> Faults:
    value = pl.col(column.name)
    unreadable = pl.col(text).is_not_null() & value.is_null()
    if column.kind is Kind.VILLAGE_CODE:
        return [("geo.code_unreadable", unreadable)]
    if column.kind is Kind.HOUSEHOLD_ID:
        return [("layers.household_id_rounded", pl.col(text).str.contains(_ROUNDED))]
    if column.kind is Kind.YES_NO:
        return [("layers.yes_no_unreadable", unreadable)]
    if column.kind is Kind.YEAR:
        christian = _year_number(text) + YEARS_AHEAD_OF_CHRIST
        meant = unreadable & christian.is_between(FIRST_YEAR, LAST_YEAR)
        return [("layers.year_not_buddhist", meant), ("layers.year_unreadable", unreadable)]
    if column.kind in (Kind.COUNT, Kind.AMOUNT, Kind.DEGREES):
        private = "private_" if column.personal else ""
        faults = [(f"layers.{private}number_unreadable", unreadable)]
        if column.kind is not Kind.DEGREES:
            faults.append(("layers.number_negative", value < 0))
        return faults
    return []


def tell_fault(column: str, message: str) -> str:
    """Return a fault without cell text, as ``split_fault`` takes it apart."""
    return _SEPARATOR.join((column, message, ""))


def split_fault(fault: str) -> tuple[str, str, str]:
    """Return column name, message id and cell text (empty if personal) of a fault."""
    column, message, found = fault.split(_SEPARATOR, 2)
    return column, message, found


def _year_number(text: str) -> pl.Expr:
    bare = pl.col(text).str.replace_all(r"\s", "").str.replace_many(list(THAI_DIGITS), list(DIGITS))
    return bare.str.extract(_YEAR).cast(pl.Int64, strict=False)


def _number(text: str) -> pl.Expr:
    bare = (
        pl.col(text)
        .str.replace_all(r"[\s฿]|บาท|คน", "")
        .str.replace("−", "-", literal=True)
        .str.replace_many(list(THAI_DIGITS), list(DIGITS))
    )
    ungrouped = bare.str.replace_all(",", "", literal=True)
    plain = pl.when(bare.str.contains(_PLAIN_NUMBER)).then(bare)
    grouped = pl.when(bare.str.contains(_GROUPED_NUMBER)).then(ungrouped)
    return plain.fill_null(grouped).cast(pl.Float64, strict=False)
