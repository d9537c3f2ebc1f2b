"""What a layer is: its columns, their kinds and units, its key, and the check of a table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from phaenthi.layers.tables.fiscal_year import FIRST_YEAR, LAST_YEAR
from phaenthi.wording import Language, Problem, say

if TYPE_CHECKING:
    from pandera.polars import Column as PanderaColumn
    from pandera.polars import DataFrameSchema


class Kind(StrEnum):
    """What a column holds, and so how it is read, checked and stored."""

    VILLAGE_CODE = "village_code"
    CODE = "code"
    HOUSEHOLD_ID = "household_id"
    TEXT = "text"
    YEAR = "year"
    COUNT = "count"
    AMOUNT = "amount"
    DEGREES = "degrees"
    YES_NO = "yes_no"
    GEOMETRY = "geometry"


STORED_AS: dict[Kind, pl.DataType] = {
    Kind.VILLAGE_CODE: pl.String(),
    Kind.CODE: pl.String(),
    Kind.HOUSEHOLD_ID: pl.String(),
    Kind.TEXT: pl.String(),
    Kind.YEAR: pl.Int16(),
    Kind.COUNT: pl.Int64(),
    Kind.AMOUNT: pl.Float64(),
    Kind.DEGREES: pl.Float64(),
    Kind.YES_NO: pl.Boolean(),
    Kind.GEOMETRY: pl.Binary(),
}
HOUSEHOLD_ID_LETTERS = 20
_PATTERNS = {
    Kind.VILLAGE_CODE: r"^[0-9]{8}$",
    Kind.CODE: r"^(?:[0-9]{2}){1,3}$",
    # Only what Workspace.household_ids makes: a citizen id can never be stored by mistake.
    Kind.HOUSEHOLD_ID: rf"^[0-9a-f]{{{HOUSEHOLD_ID_LETTERS}}}$",
}


@dataclass(frozen=True)
class Column:
    """A column of a layer.

    Parameters
    ----------
    name
        Name in tables.
    kind
        What it holds.
    required
        True where every row has a value; otherwise missing means unknown.
    aliases
        Headers that files give it, the likeliest first; read without regard to spaces,
        capitals and what stands in brackets.
    personal
        True where a value must not appear in messages.
    unit
        Id of the unit's words under ``layers.units``; empty for none.
    words
        Id of its own words under ``layers.columns`` where other layers mean something else by
        the name; empty for the words of the name.
    """

    name: str
    kind: Kind
    required: bool = False
    aliases: tuple[str, ...] = ()
    personal: bool = False
    unit: str = ""
    words: str = ""

    def label(self, language: Language) -> str:
        """Return the column's name in words."""
        return say(f"layers.columns.{self.words or self.name}", language)


@dataclass(frozen=True)
class Contract:
    """What a layer promises about its table.

    Parameters
    ----------
    name
        Name of the layer.
    columns
        Its columns in order.
    key
        Columns that tell one row from another.
    of_listed_villages
        True where each row belongs to a village of the village list (or to a municipal area).
    of_people
        True where rows come from people's records: columns with names, addresses or numbers
        of persons are told apart and never kept.
    repeats_set_aside
        True where a row that says the same again is set aside instead of refused.
    markers
        Further columns that files have and the layer does not keep: its reader needs them.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    of_listed_villages: bool = False
    of_people: bool = False
    repeats_set_aside: bool = False
    markers: tuple[Column, ...] = ()

    def column(self, name: str) -> Column:
        """Return one column by name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns in order."""
        return tuple(column.name for column in self.columns)

    @property
    def stored_types(self) -> dict[str, pl.DataType]:
        """The polars type of each column, in order."""
        return {column.name: STORED_AS[column.kind] for column in self.columns}

    @property
    def geometry(self) -> str | None:
        """Name of the geometry column, if there is one."""
        return next((c.name for c in self.columns if c.kind is Kind.GEOMETRY), None)

    def label(self, language: Language) -> str:
        """Return the layer's name in words."""
        return say(f"layers.names.{self.name}", language)


@cache
def schema(contract: Contract) -> DataFrameSchema:
    """Return the pandera schema of a contract: types, missing values, ranges and spellings."""
    # pandera takes a second to load; only who checks a table waits for it.
    from pandera.polars import DataFrameSchema  # noqa: PLC0415

    columns = {column.name: _column_schema(column) for column in contract.columns}
    return DataFrameSchema(columns, strict=True, ordered=True, name=contract.name)


def _column_schema(column: Column) -> PanderaColumn:
    from pandera.polars import Check, Column  # noqa: PLC0415 - as above

    checks = []
    if column.kind in _PATTERNS:
        checks.append(Check.str_matches(_PATTERNS[column.kind]))
    if column.kind in (Kind.COUNT, Kind.AMOUNT):
        checks.append(Check.ge(0))
    if column.kind is Kind.YEAR:
        checks.append(Check.in_range(FIRST_YEAR, LAST_YEAR))
    return Column(STORED_AS[column.kind], checks, nullable=not column.required)


def check(contract: Contract, table: pl.DataFrame) -> pl.DataFrame:
    """Return a table in the contract's columns, types and key order, or say what breaks it.

    Parameters
    ----------
    contract
        The layer's contract.
    table
        At least the required columns; columns left out are added as unknown.

    Returns
    -------
    polars.DataFrame
        The contract's columns and types, sorted by key.

    Raises
    ------
    Problem
        ``layers.contract_broken`` (column, count) or ``layers.key_repeated`` (example).
    """
    from pandera.errors import SchemaErrors  # noqa: PLC0415 - as above

    unknown = [name for name in table.columns if name not in contract.names]
    if unknown:
        raise Problem("layers.column_of_no_contract", layer=contract.name, found=", ".join(unknown))
    shaped = _in_stored_types(contract, table)
    try:
        schema(contract).validate(shaped, lazy=True)
    except SchemaErrors as errors:
        failures = errors.failure_cases
        raise Problem(
            "layers.contract_broken",
            column=str(failures["column"][0]),
            layer=contract.name,
            rule=str(failures["check"][0]),
            count=len(failures),
        ) from None  # the cause names the values, which may be personal
    ordered = shaped.sort(contract.key)
    _refuse_repeated_key(contract, ordered)
    return ordered


def _in_stored_types(contract: Contract, table: pl.DataFrame) -> pl.DataFrame:
    columns = []
    for name, stored in contract.stored_types.items():
        if name not in table.columns:
            columns.append(pl.lit(None, dtype=stored).alias(name))
            continue
        if _loses_meaning(table[name], stored):
            raise Problem("layers.types_differ", layer=contract.name, column=name)
        column = pl.col(name).cast(stored, strict=True)
        # Not a number says nothing, and minus zero is zero: one spelling for each value.
        columns.append(column.fill_nan(None) + 0.0 if stored == pl.Float64 else column)
    try:
        return table.select(columns)
    except pl.exceptions.InvalidOperationError as error:
        raise Problem("layers.types_differ", layer=contract.name) from error


def _loses_meaning(values: pl.Series, stored: pl.DataType) -> bool:
    """Tell whether a cast would go through and yet change what the values say."""
    if stored == pl.Boolean:
        return values.dtype not in (pl.Boolean, pl.Null)
    if stored.is_integer() and values.dtype.is_float():
        return bool((values.fill_nan(None) % 1 != 0).any())
    return False


def _refuse_repeated_key(contract: Contract, ordered: pl.DataFrame) -> None:
    same = pl.all_horizontal(
        [pl.col(name) == pl.col(name).shift(1) for name in contract.key]
    ).fill_null(value=False)
    repeated = ordered.select(contract.key).filter(same)
    if repeated.height:
        raise Problem(
            "layers.key_repeated",
            layer=contract.name,
            key=", ".join(contract.key),
            count=repeated.height,
            example=" · ".join(str(value) for value in repeated.row(0)),
        )
