"""Files of any length read part by part: 13 million households need the memory of a few."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import polars as pl

from phaenthi.geo.notes import Note
from phaenthi.layers.contracts.contract import Column, Contract
from phaenthi.layers.contracts.provenance import nothing_set_aside
from phaenthi.layers.registers.incoming import IncomingRows, Reading
from phaenthi.layers.registers.reading import compare_with_places, read_rows, without_repeats
from phaenthi.layers.tables.spool import Spool
from phaenthi.layers.tables.table_file import ROW, TableFile, open_table
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem

_ROWS_AT_A_TIME = 100_000


def read_by_parts(
    contract: Contract,
    path: Path,
    workspace: Workspace,
    *,
    sheet: str | None = None,
    constants: Mapping[str, str] | None = None,
    markers: Sequence[Column] = (),
    change: Callable[[IncomingRows], IncomingRows] = lambda incoming: incoming,
) -> Reading:
    """Read a table file for a layer without ever holding more than a part of it.

    Parameters
    ----------
    contract, path, workspace, sheet, constants, markers
        As for ``phaenthi.layers.registers.reading.read_rows``.
    change
        A step between reading a part and checking it. Columns that it adds are kept.

    Returns
    -------
    Reading
        Its table is a polars table for a short file, ``SpooledRows`` for a long one.

    Raises
    ------
    Problem
        What ``read_rows`` and ``phaenthi.layers.registers.reading.finish`` raise.
    """
    known = [alias for one in (*contract.columns, *markers) for alias in (one.name, *one.aliases)]
    spool, asides, notes, count = Spool(contract.key), [], [], 0
    with open_table(path, sheet, known=known) as table:
        for part in _parts(table):
            one = replace(table, frame=part.lazy())
            incoming = read_rows(contract, one, workspace, constants=constants, markers=markers)
            incoming = compare_with_places(change(incoming), workspace)
            spool.add(incoming.rows)
            asides.append(incoming.set_aside)
            notes.append(incoming.notes)
            count += incoming.rows_read
    if not count:
        raise Problem("layers.table_empty", file=path, sheet=table.sheet)
    whole = replace(incoming, notes=(), set_aside=nothing_set_aside())

    def tidy(rows: pl.DataFrame) -> pl.DataFrame:
        alone = without_repeats(replace(whole, rows=rows))
        asides.append(alone.set_aside)
        notes.append(alone.notes)
        return alone.rows.drop(ROW)

    kept = spool.settle(tidy)
    if kept is None:
        raise Problem("layers.table_empty", file=path, sheet=table.sheet)
    aside = pd.concat(asides).sort_values("row", ignore_index=True, kind="stable")
    return Reading(kept, aside, add_up(notes), count, incoming.headers)


def _parts(table: TableFile) -> Iterator[pl.DataFrame]:
    batches = table.frame.collect_batches(chunk_size=_ROWS_AT_A_TIME, engine="streaming")
    try:
        yield from batches
    except pl.exceptions.ComputeError as error:
        detail = str(error).splitlines()[0]
        raise Problem("layers.csv_unreadable", file=table.path, detail=detail) from error


def add_up(parts: Sequence[Sequence[Note]]) -> tuple[Note, ...]:
    """Return the notes of parts of a file as those of one file, counts added up."""
    notes: dict[tuple[str, str], Note] = {}
    for note in (note for part in parts for note in part):
        said = dict(note.values)
        count = said.pop("count", None)
        key = (note.message_id, str(sorted(said.items())))
        if key in notes and count is not None:
            before = dict(notes[key].values)["count"]
            notes[key] = Note(
                note.message_id, {**said, "count": int(str(before)) + int(str(count))}
            )
        notes.setdefault(key, note)
    return tuple(notes.values())
