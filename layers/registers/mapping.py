"""Which column of a source is which: proposed, corrected by a person, kept as a small YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pandas as pd
import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from rapidfuzz import fuzz, process

from phaenthi.data import shipped
from phaenthi.geo.files import atomic_write
from phaenthi.layers.contracts.contract import Column, Contract
from phaenthi.layers.registers.place_columns import columns_wanted
from phaenthi.layers.registers.reading import find_headers
from phaenthi.layers.registers.samples import guess_by_values, samples_of
from phaenthi.layers.tables.stacked_headers import open_stacked
from phaenthi.layers.tables.table_file import BEYOND, ROW, TableFile, open_table, plain_header
from phaenthi.layers.tables.thai_dates import DATE_SUFFIX, fiscal_years
from phaenthi.wording import Problem

_SHAPES_FILE = shipped("phaenthi.layers.registers", "shapes.yaml")
_LEAST_LIKENESS = 86.0
_SHORTEST_LIKENED = 4
PROPOSAL_COLUMNS = ("header", "column", "why", "samples")


class ColumnMapping(BaseModel):
    """Which header of a source is which column of a layer.

    Attributes
    ----------
    source
        Name of the source; decisions about its places are kept under it.
    layer
        Name of the layer that it feeds.
    columns
        Column of the layer, or of a place (``place_name`` …) → header in the file. A column
        ``fiscal_year_date`` holds days, from which the fiscal year is worked out.
    constants
        Column → the value of every row.
    sheet
        Sheet of a workbook; found by its headers unless given.
    header_rows
        Rows that the headers are stacked in, the first one counted as 1 in the sheet; found
        out unless given.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    layer: str
    columns: dict[str, str]
    constants: dict[str, str] = {}
    sheet: str | None = None
    header_rows: tuple[int, int] | None = None


@dataclass(frozen=True)
class Proposal:
    """What the columns of a file seem to be.

    Parameters
    ----------
    mapping
        Ready to be used, or corrected with ``correct``.
    shape
        Id of the known shape of file (``layers/shapes.yaml``), or empty.
    columns
        header, column (empty if none), why (``shape``, ``header``, ``likeness``, ``values`` or
        empty), samples (text; empty for columns that may be about a person).
    """

    mapping: ColumnMapping
    shape: str
    columns: pd.DataFrame = field(repr=False)


def propose(
    path: Path, contract: Contract, *, sheet: str | None = None, source: str = ""
) -> Proposal:
    """Propose which column of a file is which.

    In this order: a known shape of file, the headers that registers are known to use, a header
    that is spelled nearly so, and what the values look like. No column is used twice.

    Parameters
    ----------
    path, sheet
        The file.
    contract
        Of the layer that it is to feed.
    source
        Name under which decisions about its places are kept; the layer's unless given.
    """
    wanted = columns_wanted(contract)
    with open_mapped(path, contract, None, sheet=sheet) as table:
        headers = table.headers
        head = table.frame.head(200).collect()
    shape, fixed = known_shape(headers, contract.name)
    found: dict[str, tuple[str, str]] = {name: (header, "shape") for name, header in fixed.items()}
    for why in ("header", "likeness", "values"):
        taken = {header for header, _ in found.values()}
        if why == "header":
            told = find_headers(wanted, headers)
        elif why == "likeness":
            told = _alike(wanted, headers, found)
        else:
            told = guess_by_values(head, wanted)
        for name, header in told.items():
            if name not in found and header not in taken:
                found[name] = (header, why)
                taken.add(header)
    by_header = {header: (name, why) for name, (header, why) in found.items()}
    rows = [
        (header, *by_header.get(header, ("", "")), samples_of(head, header, wanted, by_header))
        for header in headers
    ]
    mapping = ColumnMapping(
        source=source or contract.name,
        layer=contract.name,
        columns={name: header for name, (header, _) in found.items()},
        sheet=table.sheet,
    )
    return Proposal(mapping, shape, pd.DataFrame(rows, columns=list(PROPOSAL_COLUMNS)))


def correct(
    mapping: ColumnMapping,
    contract: Contract,
    *,
    columns: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
) -> ColumnMapping:
    """Return a mapping with what a person says in the place of what was proposed.

    Parameters
    ----------
    columns
        Column → header; an empty header takes the column out.
    constants
        Column → value of every row.

    Raises
    ------
    Problem
        ``layers.mapping_column_unknown`` for a column that the layer does not have.
    """
    names = {column.name for column in columns_wanted(contract)}
    names |= {f"{name}{DATE_SUFFIX}" for name in names}
    for name in {*(columns or {}), *(constants or {})} - names:
        known = ", ".join(sorted(column.name for column in columns_wanted(contract)))
        raise Problem("layers.mapping_column_unknown", found=name, known=known)
    changed = dict(columns or {})
    kept = {
        name: header
        for name, header in mapping.columns.items()
        if name not in changed and header not in changed.values()
    }
    both = kept | {name: header for name, header in changed.items() if header}
    return mapping.model_copy(
        update={"columns": both, "constants": {**mapping.constants, **(constants or {})}}
    )


def save_mapping(mapping: ColumnMapping, path: Path) -> None:
    """Write a mapping as YAML, whole or not at all."""
    told = mapping.model_dump(mode="json", exclude_defaults=True)
    with atomic_write(path) as temporary:
        text = yaml.safe_dump(told, allow_unicode=True, sort_keys=False)
        temporary.write_text(text, encoding="utf-8")


def load_mapping(path: Path) -> ColumnMapping:
    """Read a mapping that was saved or written by hand.

    Raises
    ------
    Problem
        ``geo.file_missing``, ``layers.mapping_unreadable``.
    """
    if not path.is_file():
        raise Problem("geo.file_missing", file=path)
    try:
        return ColumnMapping.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError, UnicodeDecodeError) as error:
        detail = str(error).splitlines()[0]
        raise Problem("layers.mapping_unreadable", file=path, detail=detail) from error


@contextmanager
def open_mapped(
    path: Path, contract: Contract, mapping: ColumnMapping | None, *, sheet: str | None = None
) -> Iterator[TableFile]:
    """Open a table with its headers unstacked and, by a mapping, named as the layer names them.

    Parameters
    ----------
    path, sheet
        The file; see ``phaenthi.layers.tables.table_file.open_table``.
    contract
        Of the layer.
    mapping
        None to leave the headers as they are.

    Raises
    ------
    Problem
        As ``open_table``; ``layers.mapping_header_missing`` if the file lacks a header that
        the mapping names.
    """
    known = [
        alias for column in columns_wanted(contract) for alias in (column.name, *column.aliases)
    ]
    if mapping:
        known += mapping.columns.values()
        sheet = sheet or mapping.sheet
    stacked = open_stacked(path, sheet, known, mapping.header_rows if mapping else None)
    if stacked is not None:
        yield renamed(stacked, contract, mapping)
        return
    with open_table(path, sheet, known=known) as table:
        yield renamed(table, contract, mapping)


def renamed(table: TableFile, contract: Contract, mapping: ColumnMapping | None) -> TableFile:
    """Return a table with its headers named by a mapping; see ``open_mapped``."""
    if mapping is None:
        return table
    plain = {plain_header(header): header for header in reversed(table.headers)}
    headers: dict[str, str] = {}
    for name, said in mapping.columns.items():
        header = said if said in table.headers else plain.get(plain_header(said))
        if header is None:
            raise Problem(
                "layers.mapping_header_missing",
                file=table.path,
                sheet=table.sheet,
                row=table.header_row or None,
                column=said,
                found=", ".join(table.headers),
            )
        headers[name] = header
    used = set(headers.values())
    rest = [name for name in table.headers if name not in used]
    # A header that the mapping leaves out must not be taken for a column by its name.
    hidden = set(find_headers(columns_wanted(contract), rest).values())
    beyond = [n for n in table.frame.collect_schema().names() if n.startswith(BEYOND)]
    kept = [name for name in rest if name not in hidden and name not in headers]
    frame = table.frame.select(
        ROW,
        *(pl.col(header).alias(name) for name, header in headers.items()),
        *kept,
        *beyond,
    )
    days = [name for name in headers if name.endswith(DATE_SUFFIX)]
    frame = frame.with_columns(
        pl.col(name).map_batches(fiscal_years, return_dtype=pl.String, is_elementwise=True)
        for name in days
    ).rename({name: name.removesuffix(DATE_SUFFIX) for name in days})
    return replace(table, frame=frame)


def _alike(
    wanted: tuple[Column, ...], headers: tuple[str, ...], found: Mapping[str, tuple[str, str]]
) -> dict[str, str]:
    """Return columns whose known headers are spelled nearly as a header that is left over."""
    taken = {header for header, _ in found.values()}
    left = {plain_header(header): header for header in headers if header not in taken}
    likely: dict[str, tuple[float, str]] = {}
    for column in wanted:
        if column.name in found:
            continue
        aliases = [plain_header(alias) for alias in (column.name, *column.aliases)]
        long = [alias for alias in aliases if len(alias) >= _SHORTEST_LIKENED]
        for plain, header in left.items():
            best = process.extractOne(plain, long, scorer=fuzz.ratio) if plain else None
            if best and best[1] >= _LEAST_LIKENESS:
                likely[column.name] = max(likely.get(column.name, (0.0, "")), (best[1], header))
    return {name: header for name, (_, header) in likely.items()}


@cache
def _shapes() -> dict[str, dict[str, object]]:
    loaded: dict[str, dict[str, object]] = yaml.safe_load(_SHAPES_FILE.read_text(encoding="utf-8"))
    return loaded


def known_shape(headers: tuple[str, ...], layer: str) -> tuple[str, dict[str, str]]:
    """Return the id of the known shape of file that headers are of, and what its columns are.

    Returns
    -------
    tuple
        Id (empty if none) and column → header of the file. Of several shapes the one with
        most headers is taken.
    """
    plain = {plain_header(header): header for header in reversed(headers)}
    best: tuple[str, dict[str, str]] = ("", {})
    for shape, facts in _shapes().items():
        columns = {str(k): str(v) for k, v in dict(facts["columns"]).items()}  # type: ignore[call-overload]  # of YAML
        marks = [plain_header(str(mark)) for mark in list(facts["marks"])]  # type: ignore[call-overload]  # of YAML
        layers = facts.get("layers")
        if not all(mark in plain for mark in marks) or (layers and layer not in list(layers)):  # type: ignore[call-overload]  # of YAML
            continue
        here = {
            name: plain[plain_header(header)]
            for name, header in columns.items()
            if plain_header(header) in plain
        }
        if len(here) > len(best[1]):
            best = (shape, here)
    return best
