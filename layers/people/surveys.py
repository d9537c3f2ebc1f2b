"""Import of a household survey จปฐ. with the indicators of its year, read in one stream."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import polars as pl

from phaenthi.geo.files import sha256
from phaenthi.geo.notes import Note
from phaenthi.geo.places.codes import Level, parent_code_expr
from phaenthi.layers.contracts.contract import Contract
from phaenthi.layers.contracts.households import HOUSEHOLDS_CONTRACT as HOUSEHOLDS
from phaenthi.layers.contracts.indicators import INDICATORS
from phaenthi.layers.contracts.provenance import ImportReport, Provenance
from phaenthi.layers.people.indicator_sets import IndicatorSet, bits, indicators_of
from phaenthi.layers.registers.incoming import IncomingRows, Reading
from phaenthi.layers.registers.long_files import read_by_parts
from phaenthi.layers.tables.fiscal_year import FiscalYear
from phaenthi.layers.tables.spool import SpooledRows
from phaenthi.layers.workspace.folder import Part, Workspace


def import_survey(  # noqa: PLR0913 - each is a plain word of the command line
    workspace: Workspace,
    path: str | Path,
    year: int,
    *,
    sheet: str | None = None,
    constants: Mapping[str, str] | None = None,
    made_up: bool = False,
    credit: str = "",
    begin: Callable[[str], None] = lambda _: None,
) -> ImportReport:
    """Import the households of a year's survey and what they passed and failed.

    The layers ``households`` and ``indicators`` change together. The file is read as a stream,
    with only the columns that are wanted; household ids are hashed on the way, and nothing
    else that tells a person is kept.

    Parameters
    ----------
    workspace, path, sheet, constants, made_up, credit, begin
        As for ``phaenthi.layers.imports.by_code.import_file``.
    year
        Survey year (Buddhist era): tells the set of indicators, and holds for every row if
        the file has no column of years.

    Returns
    -------
    ImportReport
        Of the households; the indicators that the file does not hold are named in a note.

    Raises
    ------
    Problem
        ``layers.indicator_set_unknown`` and what ``phaenthi.layers.imports.by_code.import_file``
        raises.
    """
    path = Path(path)
    buddhist = FiscalYear(year).buddhist
    asked = indicators_of(buddhist)
    values = {"survey_year": str(buddhist), **(constants or {})}
    with workspace.writing():
        begin("reading")
        reading = read_by_parts(
            HOUSEHOLDS,
            path,
            workspace,
            sheet=sheet,
            constants=values,
            markers=asked.columns,
            change=lambda incoming: _with_bits(incoming, asked),
        )
        found = [column for column in asked.columns if column.name in reading.headers]
        provenance = Provenance(
            source=path.name,
            sha256=sha256(path),
            imported_at=datetime.now(UTC),
            rows_read=reading.rows_read,
            made_up=made_up,
            credit=credit,
        )
        parts = [
            Part(HOUSEHOLDS.name, _columns(reading, HOUSEHOLDS), provenance, reading.set_aside)
        ]
        if found:
            parts.append(Part(INDICATORS.name, _columns(reading, INDICATORS), provenance))
        begin("writing")
        report = workspace.put_together(parts)[0]
    notes = [*reading.notes, Note("layers.notes.indicators_read", {"count": len(found)})]
    absent = [one.number for one in asked.indicators if one.column not in found]
    if absent:
        numbers = ", ".join(str(number) for number in absent)
        notes.append(Note("layers.notes.indicators_absent", {"numbers": numbers}))
    return replace(report, notes=tuple(notes))


def _with_bits(incoming: IncomingRows, asked: IndicatorSet) -> IncomingRows:
    """Let bits take the place of the indicators: a household has two numbers then."""
    found = [column.name for column in asked.columns if column.name in incoming.rows.columns]
    return incoming.with_rows(
        incoming.rows.with_columns(
            bits(asked.columns, found, value=True).alias("passed"),
            bits(asked.columns, found, value=False).alias("failed"),
        ).drop(found)
    )


def _columns(reading: Reading, contract: Contract) -> pl.DataFrame | SpooledRows:
    """Return the columns of one of the two layers that the rows of a survey hold."""
    table = reading.table
    if isinstance(table, pl.DataFrame):
        return table.select(name for name in contract.names if name in table.columns)
    if isinstance(table, SpooledRows):
        return table.select([name for name in contract.names if name in table.names])
    raise TypeError("households are read into a polars table")


def failures(workspace: Workspace, level: Level, year: int) -> pd.DataFrame:
    """Count, area by area, the households that passed and failed each indicator of a year.

    Returns
    -------
    pandas.DataFrame
        code, indicator (number), passed, failed, unknown (households); sorted.
    """
    asked = indicators_of(year)
    rows = workspace.scan(INDICATORS.name).filter(pl.col("survey_year") == year)
    counts = []
    for one in asked.indicators:
        bit = 1 << (one.number - 1)
        good, bad = (pl.col(name).and_(pl.lit(bit)) != 0 for name in ("passed", "failed"))
        counts += [
            good.sum().alias(f"passed {one.number}"),
            bad.sum().alias(f"failed {one.number}"),
        ]
    code = parent_code_expr("village_code", level).alias("code")
    wide = rows.group_by(code).agg(*counts, pl.len().alias("all")).collect(engine="streaming")
    long = [
        wide.select(
            "code",
            pl.lit(one.number).alias("indicator"),
            pl.col(f"passed {one.number}").cast(pl.Int64).alias("passed"),
            pl.col(f"failed {one.number}").cast(pl.Int64).alias("failed"),
            pl.col("all").cast(pl.Int64),
        )
        for one in asked.indicators
    ]
    table = pl.concat(long).with_columns(
        (pl.col("all") - pl.col("passed") - pl.col("failed")).alias("unknown")
    )
    return table.drop("all").sort("code", "indicator").to_pandas()
