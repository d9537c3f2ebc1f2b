"""Official tables behind a pack: read as printed, and their sums and names checked."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from geo import gazetteer
from geo.codes import Level, read_codes
from targeting.packfile import PackFile, Path_
from targeting.rules import TableColumn
from wording import Problem

# A table has one line of headings, and people count lines from one.
FIRST_ROW = 2


def read_table(
    pack: PackFile, at: Path_, wanted: TableColumn, folders: Iterable[Path]
) -> pd.DataFrame:
    """Read the table that a rule names and check the column that it uses.

    Parameters
    ----------
    pack, at
        The pack and the entry that names the table, for errors.
    wanted
        Table, columns and the sum that the rows must have.
    folders
        Searched in this order.

    Returns
    -------
    pandas.DataFrame
        All cells as text, as in the file.

    Raises
    ------
    Problem
        ``targeting.table_missing`` or ``targeting.table_column_missing`` at the pack's line;
        ``targeting.table_area_unreadable``, ``targeting.table_area_twice``,
        ``targeting.table_area_name_differs`` or ``targeting.table_count_unreadable`` at the
        table's row; ``targeting.table_sum_differs`` with both sums.
    """
    path = next((p for f in folders if (p := Path(f) / wanted.table).is_file()), None)
    if path is None:
        raise pack.problem("targeting.table_missing", (*at, "table"), found=wanted.table)
    table = pd.read_csv(path, dtype="string", keep_default_na=False, encoding="utf-8-sig")
    for field in ("area_column", "name_column", "column"):
        column = getattr(wanted, field)
        if column is not None and column not in table.columns:
            known = ", ".join(table.columns)
            raise pack.problem(
                "targeting.table_column_missing", (*at, field), found=column, known=known
            )
    _check_areas(path, table, wanted)
    _check_counts(path, table, wanted)
    return table


def _check_areas(path: Path, table: pd.DataFrame, wanted: TableColumn) -> None:
    codes = read_codes(table[wanted.area_column], Level.PROVINCE)
    for row, (code, found) in enumerate(
        zip(codes, table[wanted.area_column], strict=True), FIRST_ROW
    ):
        where: dict[str, Any] = {"file": path, "row": row, "column": wanted.area_column}
        if pd.isna(code) or code != found or not gazetteer.exists(code):
            raise Problem("targeting.table_area_unreadable", found=found, **where)
        if (codes == code).sum() > 1:
            raise Problem("targeting.table_area_twice", found=found, **where)
        if wanted.name_column is None:
            continue
        # A name damaged by scanning can become another real province, so code and name must agree.
        name = table[wanted.name_column].iloc[row - FIRST_ROW]
        if name != gazetteer.name_of(code):
            raise Problem(
                "targeting.table_area_name_differs",
                file=path,
                row=row,
                column=wanted.name_column,
                found=name,
                code=code,
                name=gazetteer.name_of(code),
            )


def _check_counts(path: Path, table: pd.DataFrame, wanted: TableColumn) -> None:
    readable = table[wanted.column].str.fullmatch(r"[0-9]+")
    if not readable.all():
        place = int((~readable).to_numpy().argmax())
        raise Problem(
            "targeting.table_count_unreadable",
            file=path,
            row=place + FIRST_ROW,
            column=wanted.column,
            found=table[wanted.column].iloc[place],
        )
    found = int(table[wanted.column].astype(int).sum())
    if found != wanted.expected:
        raise Problem(
            "targeting.table_sum_differs",
            file=path,
            column=wanted.column,
            found=f"{found:,}",
            expected=f"{wanted.expected:,}",
        )
