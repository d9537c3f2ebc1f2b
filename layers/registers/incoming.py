"""Rows on their way from a file into a layer, and what becomes of those that do not get there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd
import polars as pl

from phaenthi.geo.notes import Note
from phaenthi.layers.contracts.contract import Contract
from phaenthi.layers.contracts.provenance import nothing_set_aside
from phaenthi.layers.tables.spool import SpooledRows
from phaenthi.layers.tables.table_file import ROW
from phaenthi.wording import Problem


@dataclass(frozen=True)
class Reading:
    """What a file says, ready to be put into a workspace.

    Parameters
    ----------
    table
        Rows by the layer's contract: a polars table, a GeoDataFrame for boundaries, or rows on
        the disk where a file is long.
    set_aside
        row, column, found, reason (id of its sentence) of rows that were not taken over.
    notes
        What else the reader should know.
    rows_read
        Records in the file; blank rows are none.
    headers
        Header in the file of each column that was found there, where the reader tells.
    """

    table: pd.DataFrame | pl.DataFrame | SpooledRows
    set_aside: pd.DataFrame
    notes: tuple[Note, ...]
    rows_read: int
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class IncomingRows:
    """Rows on their way into a layer.

    Parameters
    ----------
    contract
        The layer's contract.
    rows
        The columns read and ``ROW``, the row number in the file.
    headers
        Header in the file of each column that was found there.
    path, sheet
        The file.
    set_aside
        So far.
    notes
        So far.
    rows_read
        Records in the file.
    """

    contract: Contract
    rows: pl.DataFrame
    headers: Mapping[str, str]
    path: Path
    sheet: str | None
    set_aside: pd.DataFrame
    notes: tuple[Note, ...]
    rows_read: int

    def problem(self, message: str, row: int | None, column: str, **values: object) -> Problem:
        """Return a problem at a row of the file, with the column as it is headed there."""
        return Problem(
            message,
            file=self.path,
            sheet=self.sheet,
            row=row,
            column=self.headers.get(column, column) or None,
            **values,
        )

    def without(self, rows: pl.DataFrame, column: str, reason: str) -> IncomingRows:
        """Return the incoming rows with some of its rows set aside for a reason.

        Parameters
        ----------
        rows
            ``ROW`` and the column; its value is recorded unless it is personal.
        column
            Column that the reason lies in.
        reason
            Name under ``layers.set_aside``.
        """
        if rows.is_empty():
            return self
        aside = pd.DataFrame(
            {
                "row": rows[ROW].to_list(),
                "column": self.headers.get(column, column),
                "found": rows[column].cast(pl.String).to_list(),
                "reason": f"layers.set_aside.{reason}",
            }
        ).astype(nothing_set_aside().dtypes.to_dict())
        set_aside = pd.concat([self.set_aside, aside]).sort_values("row", ignore_index=True)
        kept = self.rows.join(rows.select(ROW), on=ROW, how="anti", maintain_order="left")
        return replace(self, rows=kept, set_aside=set_aside)

    def with_ids(
        self, column: str, find: Callable[[str], str | None], *, noun: str
    ) -> IncomingRows:
        """Return the rows with ids in place of a column's names, and unknown names set aside.

        Parameters
        ----------
        find
            Returns the id of a name; None for an unknown one.
        noun
            Of what the names are, as ``layers.set_aside.{noun}_unknown`` has it.

        Raises
        ------
        Problem
            ``layers.{noun}s_unknown`` if no row has a known name.
        """
        names = self.rows[column].unique().to_list()
        ids = {name: find(name) for name in names}
        unknown = [name for name, found in ids.items() if found is None]
        if names and len(unknown) == len(names):
            first = self.rows.row(0, named=True)[column]
            raise self.problem(f"layers.{noun}s_unknown", None, column, found=first)
        strange = self.rows.filter(pl.col(column).is_in(unknown)).select(ROW, column)
        known = self.without(strange, column, f"{noun}_unknown")
        return known.with_rows(
            known.rows.with_columns(pl.col(column).replace_strict(ids, return_dtype=pl.String))
        )

    def with_rows(self, rows: pl.DataFrame) -> IncomingRows:
        """Return the incoming rows with its rows changed, none added and none dropped."""
        if rows.height != self.rows.height:
            raise ValueError("rows are dropped from the incoming rows only by setting them aside")
        return replace(self, rows=rows)

    def noting(self, message: str, **values: object) -> IncomingRows:
        """Return the incoming rows with a note of ``layers.notes`` added."""
        return replace(self, notes=(*self.notes, Note(f"layers.notes.{message}", values)))
