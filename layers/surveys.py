"""Import of a household survey จปฐ. with the indicators of its year, read in one stream."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import polars as pl

from geo.codes import Level, parent_code_expr
from geo.files import sha256
from geo.notes import Note
from layers.fiscal_year import FiscalYear
from layers.households import CONTRACT as HOUSEHOLDS
from layers.indicator_sets import INDICATORS, IndicatorSet, bits, indicators_of
from layers.provenance import ImportReport, Provenance
from layers.reading import find_headers, finish, read_rows
from layers.tablefile import ROW, TableFile, open_table
from layers.workspace import Part, Workspace
from wording import Problem

_ROWS_AT_A_TIME = 200_000


def import_survey(
    workspace: Workspace,
    path: str | Path,
    year: int,
    *,
    sheet: str | None = None,
    constants: Mapping[str, str] | None = None,
    made_up: bool = False,
    credit: str = "",
) -> ImportReport:
    """Import the households of a year's survey and what they passed and failed.

    The layers ``households`` and ``indicators`` change together. The file is read as a stream,
    with only the columns that are wanted; household ids are hashed on the way, and nothing
    else that tells a person is kept.

    Parameters
    ----------
    workspace, path, sheet, constants, made_up, credit
        As for ``layers.importing.import_file``.
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
        ``layers.indicator_set_unknown`` and what ``layers.importing.import_file`` raises.
    """
    path = Path(path)
    buddhist = FiscalYear(year).buddhist
    asked = indicators_of(buddhist)
    values = {"survey_year": str(buddhist), **(constants or {})}
    known = [a for c in (*HOUSEHOLDS.columns, *asked.columns) for a in (c.name, *c.aliases)]
    with (
        workspace.writing(),
        tempfile.TemporaryDirectory(prefix="phaenthi-") as folder,
        open_table(path, sheet, known=known) as table,
    ):
        found = list(find_headers(asked.columns, table.headers))
        absent = [one.number for one in asked.indicators if one.column.name not in found]
        readings = [
            _read_part(part, table, asked, workspace, values, Path(folder) / f"{number}.parquet")
            for number, part in enumerate(_parts(table, Path(folder)))
        ]
        rows = pl.scan_parquet([reading.file for reading in readings]).collect()
        _refuse_repeats(rows, table)
        aside = pd.concat([reading.set_aside for reading in readings], ignore_index=True)
        kept = rows.select(name for name in HOUSEHOLDS.names if name in rows.columns)
        tested = rows.select(INDICATORS.names)
        del rows
        provenance = Provenance(
            source=path.name,
            sha256=sha256(path),
            imported_at=datetime.now(UTC),
            rows_read=sum(reading.rows_read for reading in readings),
            made_up=made_up,
            credit=credit,
        )
        parts = [Part(HOUSEHOLDS.name, kept, provenance, aside)]
        if found:
            parts.append(Part(INDICATORS.name, tested, provenance))
        report = workspace.put_together(parts)[0]
    notes = [*_together(readings), Note("layers.notes.indicators_read", {"count": len(found)})]
    if absent:
        numbers = ", ".join(str(number) for number in absent)
        notes.append(Note("layers.notes.indicators_absent", {"numbers": numbers}))
    return replace(report, notes=tuple(notes))


@dataclass(frozen=True)
class _PartRead:
    """What a part of the file said; its rows are in a file of their own."""

    file: Path
    set_aside: pd.DataFrame
    notes: tuple[Note, ...]
    rows_read: int


def _parts(table: TableFile, folder: Path) -> Iterator[pl.DataFrame]:
    """Yield the table part by part, so that no more than a part of its text is in memory."""
    # A CSV file can be read from its start only; a copy by columns, from anywhere.
    copy = folder / "table.parquet"
    table.frame.sink_parquet(copy, row_group_size=_ROWS_AT_A_TIME, engine="streaming")
    rows = pl.scan_parquet(copy)
    count = int(rows.select(pl.len()).collect().item())
    if not count:
        raise Problem("layers.table_empty", file=table.path, sheet=table.sheet)
    for start in range(0, count, _ROWS_AT_A_TIME):
        yield rows.slice(start, _ROWS_AT_A_TIME).collect()


def _read_part(
    part: pl.DataFrame,
    table: TableFile,
    asked: IndicatorSet,
    workspace: Workspace,
    values: Mapping[str, str],
    file: Path,
) -> _PartRead:
    draft = read_rows(
        HOUSEHOLDS,
        replace(table, frame=part.lazy()),
        workspace,
        constants=values,
        markers=asked.columns,
    )
    found = [column.name for column in asked.columns if column.name in draft.rows.columns]
    # The bits take the place of the columns at once: a household has two numbers then.
    tested = draft.rows.select(
        "household_id",
        "survey_year",
        bits(asked.columns, found, value=True).alias("passed"),
        bits(asked.columns, found, value=False).alias("failed"),
    )
    numbers = draft.rows.select(ROW, "household_id", "survey_year")
    reading = finish(draft.with_rows(draft.rows.drop(found)), workspace)
    if not isinstance(reading.table, pl.DataFrame):
        raise TypeError("households are read into a polars table")
    key = ["household_id", "survey_year"]
    rows = reading.table.join(tested, on=key, how="left").join(numbers, on=key, how="left")
    rows.write_parquet(file)
    return _PartRead(file, reading.set_aside, reading.notes, reading.rows_read)


def _refuse_repeats(rows: pl.DataFrame, table: TableFile) -> None:
    """Refuse a household that comes again in another part of the file."""
    again = rows.filter(pl.struct("household_id", "survey_year").is_duplicated())
    if again.is_empty():
        return
    pair = again.sort("household_id", "survey_year", ROW).head(2)[ROW].to_list()
    raise Problem(
        "layers.key_twice", file=table.path, sheet=table.sheet, row=pair[1], first=pair[0], key=""
    )


def _together(readings: Sequence[_PartRead]) -> list[Note]:
    """Return the notes of the parts as those of one file, counts added up."""
    notes: dict[tuple[str, str], Note] = {}
    for note in (note for reading in readings for note in reading.notes):
        said = dict(note.values)
        count = said.pop("count", None)
        key = (note.message_id, str(sorted(said.items())))
        if key in notes and count is not None:
            before = dict(notes[key].values)["count"]
            notes[key] = Note(
                note.message_id, {**said, "count": int(str(before)) + int(str(count))}
            )
        notes.setdefault(key, note)
    return list(notes.values())


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
