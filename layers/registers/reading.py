"""From a file of rows to a layer's table: columns found, cells read, faults told by their row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

import pandas as pd
import polars as pl

from phaenthi.geo.places import gazetteer
from phaenthi.geo.places.codes import Level, is_municipal, parent_code_expr
from phaenthi.layers.contracts.contract import Column, Contract
from phaenthi.layers.contracts.provenance import nothing_set_aside
from phaenthi.layers.registers.cells import EMPTY, fault_of, said, split_fault, tell_fault, value_of
from phaenthi.layers.registers.incoming import IncomingRows, Reading
from phaenthi.layers.tables.fiscal_year import YEARS_AHEAD_OF_CHRIST
from phaenthi.layers.tables.table_file import BEYOND, ROW, TableFile, open_table, plain_header
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem

FAULT = "fault"
_SPILT = "cells beyond the headers"
TOTAL = "a row of totals"
_PART = "part of a village"
TOTAL_WORDS = r"(?i)^\s*(?:รวม|ยอดรวม|ผลรวม|total|grand total)"
"""How the first cell of a row of totals begins."""
_TEN_DIGITS = r"^\s*(?:TH)?[0-9]{10}(?:\.0*)?\s*$"
# Headers that hold a person's name, number, address or telephone.
_PERSONAL_HEADERS = (
    r"^ชื่อ$|ชื่อสกุล|ชื่อตัว|ชื่อนามสกุล|^นามสกุล|^สกุล|คำนำหน้า|หัวหน้า|ประชาชน|โทร|บ้านเลขที่|เลขที่บ้าน"
    r"|ที่อยู่|วันเกิด|^name$|firstname|lastname|surname|fullname|^title$|citizen|^pid$|phone|^mobile|address|birth"
)


def read_rows(
    contract: Contract,
    source: Path | TableFile,
    workspace: Workspace,
    *,
    sheet: str | None = None,
    constants: Mapping[str, str] | None = None,
    markers: Sequence[Column] = (),
) -> IncomingRows:
    """Read the rows of a table file for a layer.

    Parameters
    ----------
    contract
        What the layer wants.
    source, sheet
        A file, see ``phaenthi.layers.tables.table_file.open_table``, or a table that was read.
    workspace
        Whose household ids are made.
    constants
        Values, as text, of columns that the file does not have and that are the same in every
        row, such as ``{"survey_year": "2562"}``.
    markers
        Further columns to read where the file has them; not part of the layer.

    Raises
    ------
    Problem
        What ``open_table`` raises; ``layers.column_missing``; for the first row that cannot
        be trusted, what is wrong there, with row and column.
    """
    columns = (*contract.columns, *contract.markers, *markers)
    known = [alias for column in columns for alias in column.aliases]
    with _opened(source, sheet, known) as file:
        headers = find_headers(columns, file.headers)
        given = {name: text for name, text in (constants or {}).items() if name not in headers}
        refuse_missing_columns(contract.columns, file, headers, given)
        rows = collect(lazy_rows(columns, file, headers, given, workspace.household_ids), file.path)
    incoming = IncomingRows(
        contract, rows, headers, file.path, file.sheet, nothing_set_aside(), (), rows.height
    )
    _refuse_faults(incoming)
    return _with_notes(_tidy(incoming), file, given)


def _opened(
    source: Path | TableFile, sheet: str | None, known: Sequence[str]
) -> AbstractContextManager[TableFile]:
    if isinstance(source, TableFile):
        return nullcontext(source)
    return open_table(source, sheet, known=known)


def find_headers(columns: Sequence[Column], headers: Sequence[str]) -> dict[str, str]:
    """Return the header of each column that a file has; of several, the likeliest alias.

    A header is used once: the column that lists it first among its aliases takes it.
    """
    plain = {plain_header(header): header for header in reversed(headers)}
    found: dict[str, str] = {}
    for column in columns:
        for alias in map(plain_header, (column.name, *column.aliases)):
            if alias in plain and plain[alias] not in found.values():
                found[column.name] = plain[alias]
                break
    return found


def refuse_missing_columns(
    columns: Sequence[Column],
    file: TableFile,
    headers: Mapping[str, str],
    given: Mapping[str, str],
) -> None:
    """Refuse a file without a required column.

    Raises
    ------
    Problem
        ``layers.column_missing``.
    """
    for column in columns:
        if column.required and column.name not in headers and column.name not in given:
            raise Problem(
                "layers.column_missing",
                file=file.path,
                sheet=file.sheet,
                row=file.header_row or None,
                column=column.name,
                expected=", ".join(column.aliases[:5]),
                found=", ".join(file.headers),
            )


def lazy_rows(
    columns: Sequence[Column],
    file: TableFile,
    headers: Mapping[str, str],
    given: Mapping[str, str],
    household_ids: Callable[[pl.Series], pl.Series],
) -> pl.LazyFrame:
    """Return the columns read, with the first fault of each row and the signs of other rows.

    Parameters
    ----------
    columns
        Columns to read, where headers or given values name them.
    file
        The table, open.
    headers
        Header of each column that the file has.
    given
        Text of the columns that are the same in every row.
    household_ids
        Turns raw household ids into those of a workspace.

    Returns
    -------
    polars.LazyFrame
        ``ROW``, the columns, ``FAULT`` (see ``phaenthi.layers.registers.cells.split_fault``),
        ``TOTAL`` (a row of totals) and a sign of village codes that were longer.
    """
    frame = file.frame.with_columns(pl.lit(value).alias(name) for name, value in given.items())
    sources = {**headers, **{name: name for name in given}}
    read = [column for column in columns if column.name in sources]
    beyond = [name for name in frame.collect_schema().names() if name.startswith(BEYOND)]
    spilt = pl.any_horizontal(*(pl.col(name).is_not_null() for name in beyond), False)
    label = pl.col(file.headers[0]).str.contains(TOTAL_WORDS).fill_null(value=False)
    texts = frame.select(
        pl.col(ROW).cast(pl.Int64),
        *(said(pl.col(sources[column.name])).alias(_text(column)) for column in read),
        spilt.alias(_SPILT),
        label.alias(TOTAL),
    )
    values = texts.with_columns(
        value_of(column, _text(column), household_ids).alias(column.name) for column in read
    )
    village = _village_text(read)
    told = pl.col(TOTAL) | village.str.contains(TOTAL_WORDS).fill_null(value=False)
    return values.select(
        ROW,
        *(column.name for column in read),
        pl.coalesce(
            pl.when(_SPILT).then(pl.lit(tell_fault("", "layers.row_too_long"))),
            *(fault_of(column, _text(column)) for column in read),
        ).alias(FAULT),
        (told & _village_missing(read)).alias(TOTAL),
        village.str.contains(_TEN_DIGITS).fill_null(value=False).alias(_PART),
    )


def _text(column: Column) -> str:
    return f"{column.name} text"


def _village_text(read: Sequence[Column]) -> pl.Expr:
    """Return the text of the village code, missing in a file that has no such column."""
    named = any(column.name == "village_code" for column in read)
    return pl.col("village_code text") if named else pl.lit(None, dtype=pl.String)


def _village_missing(read: Sequence[Column]) -> pl.Expr:
    """Tell where no village can be read; everywhere in a file that has no such column."""
    named = any(column.name == "village_code" for column in read)
    return pl.col("village_code").is_null() if named else pl.lit(value=True)


def collect(rows: pl.LazyFrame, path: Path) -> pl.DataFrame:
    """Collect rows that are read from a file while they are worked on.

    Raises
    ------
    Problem
        ``layers.csv_unreadable``.
    """
    try:
        return rows.collect(engine="streaming")
    except pl.exceptions.ComputeError as error:
        detail = str(error).splitlines()[0]
        raise Problem("layers.csv_unreadable", file=path, detail=detail) from error


def _refuse_faults(incoming: IncomingRows) -> None:
    faulty = incoming.rows.filter(pl.col(FAULT).is_not_null() & ~pl.col(TOTAL))
    if incoming.contract.of_listed_villages:
        # Such a row is set aside: nobody can say where it belongs, but the others stand.
        faulty = faulty.filter(pl.col(FAULT) != tell_fault("village_code", EMPTY))
    if faulty.is_empty():
        return
    first = faulty.sort(ROW).row(0, named=True)
    column, message, found = split_fault(first[FAULT])
    values: dict[str, object] = {"found": found}
    if message == "geo.code_unreadable":
        values["digits"] = Level.VILLAGE.digits
    if message == "layers.year_not_buddhist":
        values["meant"] = int("".join(filter(str.isdigit, found))) + YEARS_AHEAD_OF_CHRIST
    raise incoming.problem(message, first[ROW], column, **values)


def _tidy(incoming: IncomingRows) -> IncomingRows:
    """Set rows of totals and rows without a village aside, and drop the signs of them."""
    parts = int(incoming.rows.select((pl.col(_PART) & ~pl.col(TOTAL)).sum()).item())
    totals = incoming.rows.filter(TOTAL).select(ROW, pl.lit(None).alias("village_code"))
    nameless = incoming.rows.clear()
    if _village_asked(incoming.contract):
        nameless = incoming.rows.filter(~pl.col(TOTAL) & pl.col("village_code").is_null())
    incoming = replace(incoming, rows=incoming.rows.drop(FAULT, TOTAL, _PART))
    incoming = incoming.without(totals, "village_code", "total_row")
    incoming = incoming.without(nameless, "village_code", "village_code_missing")
    return incoming.noting("parts_of_villages", count=parts) if parts else incoming


def _village_asked(contract: Contract) -> bool:
    return any(column.name == "village_code" and column.required for column in contract.columns)


def may_be_personal(header: str) -> bool:
    """Tell whether a header is one that holds a person's name, number, address or telephone."""
    return re.search(_PERSONAL_HEADERS, plain_header(header)) is not None


def _with_notes(incoming: IncomingRows, file: TableFile, given: Mapping[str, str]) -> IncomingRows:
    used = set(incoming.headers.values())
    unused = pd.Series([name for name in file.headers if name not in used], dtype="string")
    personal = unused.map(may_be_personal).astype(bool)
    personal &= incoming.contract.of_people
    if file.encoding not in (None, "utf-8"):
        incoming = incoming.noting("encoding", encoding=file.encoding)
    if file.stray:
        # Not "count": a long file is read in parts, and each part tells of the whole file.
        incoming = incoming.noting("stray_characters", letters=f"{file.stray:,}")
    if file.other_sheets:
        others = ", ".join(file.other_sheets)
        incoming = incoming.noting("sheets_not_read", sheet=file.sheet, others=others)
    if file.header_row > 1:
        incoming = incoming.noting("header_row", row=file.header_row)
    if "household_id" in incoming.headers:
        incoming = incoming.noting("household_ids_hashed")
    if personal.any():
        incoming = incoming.noting("personal_columns_left", columns=", ".join(unused[personal]))
    if not personal.all():
        incoming = incoming.noting("columns_not_used", columns=", ".join(unused[~personal]))
    for name, value in given.items():
        incoming = incoming.noting("same_value_throughout", column=name, value=value)
    return incoming


def finish(incoming: IncomingRows, workspace: Workspace) -> Reading:
    """Check the rows of the incoming rows against each other and against the village list.

    Raises
    ------
    Problem
        ``layers.province_unknown``, ``layers.villages_first``, ``layers.key_twice`` (with the
        row numbers of both), ``layers.table_empty``.
    """
    incoming = without_repeats(compare_with_places(incoming, workspace))
    if incoming.rows.is_empty() and incoming.set_aside.empty:
        raise Problem("layers.table_empty", file=incoming.path, sheet=incoming.sheet)
    names = [name for name in incoming.contract.names if name in incoming.rows.columns]
    return Reading(
        incoming.rows.select(names), incoming.set_aside, incoming.notes, incoming.rows_read
    )


def compare_with_places(incoming: IncomingRows, workspace: Workspace) -> IncomingRows:
    """Refuse rows of unknown provinces, and set rows of villages aside that nobody listed.

    Raises
    ------
    Problem
        ``layers.province_unknown``, ``layers.villages_first``.
    """
    _refuse_unknown_provinces(incoming)
    if incoming.contract.of_listed_villages:
        return _compare_with_village_list(incoming, workspace)
    return incoming


def _refuse_unknown_provinces(incoming: IncomingRows) -> None:
    if "village_code" not in incoming.rows.columns:
        return
    provinces = gazetteer.areas(Level.PROVINCE)["code"].to_list()
    province = parent_code_expr("village_code", Level.PROVINCE)
    strange = incoming.rows.filter(~province.is_in(provinces)).select(ROW, "village_code").sort(ROW)
    if not strange.is_empty():
        row, code = strange.row(0)
        raise incoming.problem(
            "layers.province_unknown",
            row,
            "village_code",
            found=code,
            province=code[: Level.PROVINCE.digits],
        )


def _compare_with_village_list(incoming: IncomingRows, workspace: Workspace) -> IncomingRows:
    """Set rows of villages aside that nobody listed; municipal areas are listed nowhere."""
    if not workspace.has("villages"):
        raise Problem("layers.villages_first", file=incoming.path)
    listed = workspace.scan("villages").select("village_code").collect()
    codes = (
        incoming.rows.select("village_code").unique().join(listed, on="village_code", how="anti")
    )
    municipal = is_municipal(pd.Series(codes["village_code"].to_list(), dtype="string"))
    towns = codes.filter(pl.Series(municipal.to_list(), dtype=pl.Boolean))
    strange = codes.join(towns, on="village_code", how="anti")
    of_towns = incoming.rows.join(towns, on="village_code", how="semi").height
    if of_towns:
        incoming = incoming.noting("municipal_rows", count=of_towns)
    unlisted = incoming.rows.join(strange, on="village_code", how="semi")
    return incoming.without(
        unlisted.select(ROW, "village_code"), "village_code", "village_not_listed"
    )


def without_repeats(incoming: IncomingRows) -> IncomingRows:
    """Refuse two rows of one key, or set the later one aside where a layer allows it.

    Raises
    ------
    Problem
        ``layers.key_twice``, with the row numbers of both.
    """
    key, contract = list(incoming.contract.key), incoming.contract
    if contract.repeats_set_aside:
        names = [name for name in contract.names if name in incoming.rows.columns]
        again = incoming.rows.sort(ROW).filter(~pl.struct(names).is_first_distinct())
        incoming = incoming.without(
            again.select(ROW, "village_code"), "village_code", "repeated_row"
        )
    # Neighbours in the order of the key are compared: a hash of 13 million keys is larger.
    keyed = incoming.rows.select(*key, ROW).sort(*key, ROW)
    same = pl.all_horizontal(pl.col(name) == pl.col(name).shift(1) for name in key)
    again = keyed.filter(same.fill_null(value=False)).sort(ROW)
    if again.is_empty():
        return incoming
    second = again.row(0, named=True)
    first = keyed.filter(*(pl.col(name) == second[name] for name in key))[ROW][0]
    shown = [str(second[name]) for name in key if not contract.column(name).personal]
    raise incoming.problem(
        "layers.key_twice", second[ROW], key[0], first=first, key=" · ".join(shown)
    )
