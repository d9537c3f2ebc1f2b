"""A household file counted by village, tambon, amphoe and province without being imported."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from mmap import ACCESS_READ, mmap
from pathlib import Path

import pandas as pd
import polars as pl

from phaenthi.geo.places import gazetteer
from phaenthi.geo.places.codes import Level, is_municipal, parent_code_expr
from phaenthi.layers.contracts.contract import Column, Kind
from phaenthi.layers.contracts.households import HOUSEHOLDS_CONTRACT
from phaenthi.layers.registers.cells import EMPTY, said, tell_fault, value_of
from phaenthi.layers.registers.reading import (
    FAULT,
    TOTAL,
    collect,
    find_headers,
    lazy_rows,
    refuse_missing_columns,
)
from phaenthi.layers.tables.table_file import BEYOND, ROW, TableFile, open_table, tidy
from phaenthi.layers.villages.rollup import latest_survey, roll_up
from phaenthi.wording import Problem

COUNTS = ("households", "members", "members_known", "households_income_known")
"""Columns that are added up; see ``phaenthi.layers.villages.rollup.households_by_village``."""
_PLACE = ("village_code", "survey_year")
_NUMBERS = ("income_per_person", "members")
_COLUMNS = tuple(HOUSEHOLDS_CONTRACT.column(name) for name in (*_PLACE, *_NUMBERS))
# Numbers that polars reads as ``phaenthi.layers.registers.cells`` does; every other cell goes
# through that room.
_PLAIN_TEXT = {
    Kind.AMOUNT: r"^[0-9]{1,15}(?:\.[0-9]+)?$",
    Kind.COUNT: r"^[0-9]{1,15}(?:\.0+)?$",
}
_SMALLEST, _LARGEST = 0.01, 1e15
_USUAL, _TEXT, _REASON, _COLUMN = "usual", "text", "reason", "column"
_OF_NUMBERS = ("number_unreadable", "number_negative")
_TOLD = pl.Schema(
    {
        _REASON: pl.String(),
        _COLUMN: pl.String(),
        "rows": pl.Int64(),
        "first_row": pl.Int64(),
        "counted": pl.Boolean(),
    }
)


@dataclass(frozen=True)
class FileTotals:
    """What a household file counts in every area, and what it leaves open.

    Attributes
    ----------
    tables
        Village: village_code, survey_year (the latest of the village), households, members,
        members_known, households_income_known. Tambon, amphoe and province: as
        ``phaenthi.layers.villages.rollup.roll_up`` gives them. Sorted by code.
    rows_read
        Rows of the file that say anything: the households of the village table, the earlier
        rows, and the rows told of that are not counted.
    earlier_rows
        Rows of years before the latest of their village.
    told
        reason (id of words under ``phaenthi.layers.imports.file_totals``), column (empty where it
        is the whole row), rows, first_row (missing where nobody looked at single rows), counted
        (whether the rows are in the tables: those with an unreadable number are, the number
        unknown); sorted by reason and column.
    headers
        Header of each column that was read.
    """

    tables: Mapping[Level, pd.DataFrame]
    rows_read: int
    earlier_rows: int
    told: pd.DataFrame
    headers: Mapping[str, str]


def totals_of_file(
    path: str | Path,
    *,
    listed: Collection[str] | None = None,
    sheet: str | None = None,
    constants: Mapping[str, str] | None = None,
) -> FileTotals:
    """Count the households and members of a file by area.

    The tables are those of the file imported and rolled up. Where an import refuses a file, such
    as for a number that cannot be read, the rows are told instead; households that occur twice
    and answers that are not counted are not looked at.

    Parameters
    ----------
    path
        Household survey, CSV, workbook or Parquet, with Thai or English headers.
    listed
        Village codes of the village list. Rows of other villages are told and not counted, those
        of municipal areas apart, which are listed nowhere; without a list, every village counts.
    sheet, constants
        As for ``phaenthi.layers.registers.reading.read_rows``.

    Raises
    ------
    Problem
        What ``phaenthi.layers.tables.table_file.open_table`` raises; ``layers.column_missing``,
        ``layers.csv_unreadable``, ``layers.table_empty``.

    Notes
    -----
    Rows are grouped by the text of code and year as the file has it, so that the 75,000 texts
    that differ are made into codes and not those of 13 million rows. Rows with a cell that is
    not plain are read by the steps of an import, in a second pass over the file.
    """
    known = [
        alias for column in HOUSEHOLDS_CONTRACT.columns for alias in (column.name, *column.aliases)
    ]
    with open_table(path, sheet, known=known) as file:
        found = find_headers(HOUSEHOLDS_CONTRACT.columns, file.headers)
        headers = {column.name: found[column.name] for column in _COLUMNS if column.name in found}
        names = {column.name for column in _COLUMNS} - set(headers)
        given = {name: text for name, text in (constants or {}).items() if name in names}
        refuse_missing_columns(_COLUMNS, file, headers, given)
        counted, told = _count(file, headers, given)
    if counted.is_empty() and told.is_empty():
        raise Problem("layers.table_empty", file=file.path, sheet=file.sheet)
    counted, strange = _without_strangers(counted, listed)
    latest = latest_survey(counted.lazy()).collect()
    told = pl.concat([told, strange]).sort(_REASON, _COLUMN)
    villages = latest.select(*_PLACE, *COUNTS).to_pandas()
    villages = villages.astype({"village_code": "string", "members": "Int64"})
    tables = {Level.VILLAGE: villages} | {
        level: roll_up(villages, level, COUNTS)
        for level in (Level.TAMBON, Level.AMPHOE, Level.PROVINCE)
    }
    rows, kept = int(counted["households"].sum()), int(latest["households"].sum())
    left = int(told.filter(~pl.col("counted"))["rows"].sum())
    return FileTotals(tables, rows + left, rows - kept, told.to_pandas(), headers)


def _count(
    file: TableFile, headers: Mapping[str, str], given: Mapping[str, str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the counts of each village and year, and what is to be told of rows."""
    if file.raw is None:
        return _count_carefully(file, headers, given)
    plain = _count_plain(file, headers, given)
    if plain is not None:
        return plain, _nothing_told()
    raw = file.raw.with_columns(pl.lit(value).alias(name) for name, value in given.items())
    sources = {name: pl.col(header) for name, header in headers.items()}
    sources |= {name: pl.col(name) for name in given}
    usual = _is_usual(sources, raw)
    nothing = pl.lit(None, dtype=pl.Float64)
    values = {
        name: sources[name].cast(pl.Float64, strict=False) if name in sources else nothing
        for name in _NUMBERS
    }
    rows = raw.select(
        *(sources[name].alias(name) for name in _PLACE),
        *(value.alias(name) for name, value in values.items()),
        usual.alias(_USUAL),
    )
    groups = collect(rows.group_by(*_PLACE, _USUAL).agg(*_counts()), file.path)
    codes, years = (_read(groups, column) for column in _COLUMNS[: len(_PLACE)])
    sound = _placed(groups.filter(_USUAL), codes, years)
    if sound["households"].sum() == groups["households"].sum():
        return _added(sound), _nothing_told()
    readable = [
        sources[name].is_in(read[name].to_list())
        for name, read in zip(_PLACE, (codes, years), strict=True)
    ]
    odd = raw.filter(~pl.all_horizontal(usual, *readable).fill_null(value=False))
    rest, told = _count_carefully(replace(file, frame=tidy(odd)), headers, given)
    return _added(pl.concat([sound, rest])), told


def _count_plain(
    file: TableFile, headers: Mapping[str, str], given: Mapping[str, str]
) -> pl.DataFrame | None:
    """Count a CSV file whose numbers are all whole: read as such they take half the work.

    ``None`` where any cell is not plain, or stands beyond the headers; most files that have one
    have it early.
    """
    if file.typed is None or _has_plus(file.path):
        return None
    raw = file.typed({headers[name]: pl.Int64() for name in _NUMBERS if name in headers})
    raw = raw.with_columns(pl.lit(value).alias(name) for name, value in given.items())
    sources = {name: pl.col(headers.get(name, name)) for name in {*headers, *given}}
    nothing = pl.lit(None, dtype=pl.Int64)
    rows = raw.select(
        *(sources[name].alias(name) for name in _PLACE),
        *(sources.get(name, nothing).cast(pl.Int64).alias(name) for name in _NUMBERS),
        _is_usual(sources, raw).alias(_USUAL),
    )
    counts = [*_counts(), pl.col(_USUAL).all()]
    try:
        groups = rows.group_by(*_PLACE).agg(*counts).collect(engine="streaming")
    except (pl.exceptions.ComputeError, pl.exceptions.InvalidOperationError):
        return None
    if not groups[_USUAL].all():
        return None
    sound = _placed(groups, *(_read(groups, column) for column in _COLUMNS[: len(_PLACE)]))
    return _added(sound) if sound["households"].sum() == groups["households"].sum() else None


def _placed(groups: pl.DataFrame, codes: pl.DataFrame, years: pl.DataFrame) -> pl.DataFrame:
    """Return the counts whose texts of code and year can be read, by what they say."""
    sound = groups.join(codes, on="village_code").join(years, on="survey_year")
    return sound.select(*(pl.col(_read_as(name)).alias(name) for name in _PLACE), *COUNTS)


def _has_plus(path: Path) -> bool:
    """Tell whether a file has a plus sign: it is no number to us, but polars reads past it."""
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        return content.find(b"+") >= 0


def _is_usual(sources: Mapping[str, pl.Expr], raw: pl.LazyFrame) -> pl.Expr:
    """Tell where the numbers of a row need no second look, and nothing stands beyond them."""
    kinds = raw.collect_schema()
    beyond = [pl.col(name).is_null() for name in kinds.names() if name.startswith(BEYOND)]
    plain = [
        _is_plain(column.kind, sources[column.name], raw)
        for column in _COLUMNS
        if column.name in sources and column.name in _NUMBERS
    ]
    placed = [sources[name].is_not_null() for name in _PLACE]
    return pl.all_horizontal(*placed, *beyond, *plain).fill_null(value=False)


def _is_plain(kind: Kind, cell: pl.Expr, raw: pl.LazyFrame) -> pl.Expr:
    stored = raw.select(cell).collect_schema().dtypes()[0]
    if stored == pl.String:
        plain = cell.str.contains(_PLAIN_TEXT[kind])
    elif stored.is_integer():
        plain = cell.is_between(0, int(_LARGEST))
    elif stored.is_float():
        # Outside these a number is written with an exponent, which no register does.
        plain = (cell == 0) | cell.is_between(_SMALLEST, _LARGEST)
        if kind is Kind.COUNT:
            plain &= cell % 1 == 0
    else:
        plain = pl.lit(value=False)
    return cell.is_null() | plain


def _counts() -> list[pl.Expr]:
    return [
        pl.len().cast(pl.Int64).alias("households"),
        # A cell such as "inf" is not usual; what its group adds up to is thrown away.
        pl.col("members").sum().cast(pl.Int64, strict=False),
        pl.col("members").count().cast(pl.Int64).alias("members_known"),
        pl.col("income_per_person").count().cast(pl.Int64).alias("households_income_known"),
    ]


def _read_as(name: str) -> str:
    return f"{name} read"


def _read(groups: pl.DataFrame, column: Column) -> pl.DataFrame:
    """Return the cells of a column that can be read, and what they say."""
    cells = groups.select(column.name).unique()
    texts = cells.with_columns(pl.col(column.name).cast(pl.String).str.strip_chars().alias(_TEXT))
    said_ = texts.with_columns(said(pl.col(_TEXT)))
    value = value_of(column, _TEXT, _no_ids).alias(_read_as(column.name))
    return said_.select(column.name, value).drop_nulls()


def _no_ids(_: pl.Series) -> pl.Series:
    raise ValueError("no household id is read here")


def _count_carefully(
    file: TableFile, headers: Mapping[str, str], given: Mapping[str, str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Count rows that are read cell by cell, as an import reads them."""
    rows = lazy_rows(_COLUMNS, file, headers, given, _no_ids)
    absent = [
        pl.lit(None, dtype=pl.Float64).alias(name)
        for name in _NUMBERS
        if name not in headers and name not in given
    ]
    reason, column = _reason(), pl.col(FAULT).str.extract(r"^([a-z_]+)")
    sound = pl.when(pl.col("members", "income_per_person") >= 0)
    parts = collect(
        rows.with_columns(*absent)
        .with_columns(reason.alias(_REASON), column.alias(_COLUMN))
        .with_columns(sound.then(pl.col("members", "income_per_person")))
        .group_by(*_PLACE, _REASON, _COLUMN)
        .agg(*_counts(), pl.col(ROW).min().alias("first_row")),
        file.path,
    )
    about_number = pl.col(_REASON).is_in(_OF_NUMBERS)
    placed = parts.filter(pl.col(_REASON).is_null() | about_number)
    told = (
        parts.filter(pl.col(_REASON).is_not_null())
        .group_by(_REASON, pl.col(_COLUMN).fill_null(""))
        .agg(pl.col("households").sum().alias("rows"), pl.col("first_row").min())
        .with_columns(about_number.alias("counted"))
        .select(*_TOLD)
        .cast(_TOLD)
    )
    return _added(placed.select(*_PLACE, *COUNTS)), told


def _reason() -> pl.Expr:
    """Return why a row of ``registers.reading.lazy_rows`` cannot be taken as it is."""
    fault = pl.col(FAULT)
    village, year = (pl.col(name) for name in _PLACE)
    empty = fault.str.contains(EMPTY, literal=True)
    said_by = {
        "total_row": pl.col(TOTAL),
        "row_too_long": fault == tell_fault("", "layers.row_too_long"),
        "code_missing": village.is_null() & empty,
        "code_unreadable": village.is_null(),
        "year_missing": year.is_null() & empty,
        "year_unreadable": year.is_null(),
        "number_negative": fault.str.contains("layers.number_negative", literal=True),
        "number_unreadable": fault.is_not_null(),
    }
    return pl.coalesce(
        pl.when(holds.fill_null(value=False)).then(pl.lit(name)) for name, holds in said_by.items()
    )


def _added(counted: pl.DataFrame) -> pl.DataFrame:
    """Add up the counts of each village and year."""
    return counted.group_by(*_PLACE).agg(pl.col(*COUNTS).sum()).sort(*_PLACE)


def _nothing_told() -> pl.DataFrame:
    return pl.DataFrame(schema=_TOLD)


def _without_strangers(
    counted: pl.DataFrame, listed: Collection[str] | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Leave out villages of provinces that do not exist, and those that a list does not name."""
    provinces = gazetteer.areas(Level.PROVINCE)["code"].to_list()
    province = parent_code_expr("village_code", Level.PROVINCE)
    reasons = [pl.when(~province.is_in(provinces)).then(pl.lit("province_unknown"))]
    if listed is not None:
        codes = pd.Series(counted["village_code"].to_list(), dtype="string")
        known = codes.isin(list(listed)) | is_municipal(codes)
        stranger = pl.Series((~known).to_list(), dtype=pl.Boolean)
        reasons.append(pl.when(stranger).then(pl.lit("village_not_listed")))
    judged = counted.with_columns(pl.coalesce(reasons).cast(pl.String).alias(_REASON))
    told = (
        judged.filter(pl.col(_REASON).is_not_null())
        .group_by(_REASON)
        .agg(pl.col("households").sum().alias("rows"))
        .with_columns(
            pl.lit("village_code").alias(_COLUMN),
            pl.lit(None).alias("first_row"),
            pl.lit(value=False).alias("counted"),
        )
    )
    kept = judged.filter(pl.col(_REASON).is_null()).drop(_REASON)
    return kept, told.select(*_TOLD).cast(_TOLD)
