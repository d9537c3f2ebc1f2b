"""Official tables behind a pack: read as printed, and their sums and names checked."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from phaenthi.geo.places import gazetteer
from phaenthi.geo.places.codes import Level, read_codes
from phaenthi.geo.texts.csv import read_csv
from phaenthi.targeting.programme.packfile import PackFile
from phaenthi.targeting.programme.packlinks import Path_
from phaenthi.targeting.rules.rule import AllotmentInput, TableColumn
from phaenthi.wording import Problem

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
    table = read_csv(path.read_bytes(), dtype="string", keep_default_na=False, encoding="utf-8-sig")
    for field in ("area_column", "name_column", "column"):
        column = getattr(wanted, field)
        if column is not None and column not in table.columns:
            known = ", ".join(table.columns)
            raise pack.problem(
                "targeting.table_column_missing", (*at, field), found=column, known=known
            )
    _check_areas(path, table, wanted)
    _check_counts(path, table, wanted.column, wanted.expected)
    return table


def _check_areas(path: Path, table: pd.DataFrame, wanted: TableColumn) -> None:
    codes = read_codes(table[wanted.area_column], Level(wanted.level))
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


def read_input(
    wanted: AllotmentInput, level: Level, folders: Iterable[Path]
) -> pd.DataFrame | None:
    """Read a table of numbers per area that the Department sends; ``None`` where it is not here.

    Raises
    ------
    Problem
        ``targeting.table_area_unreadable``, ``targeting.table_area_twice``,
        ``targeting.table_count_unreadable`` with the row, ``targeting.table_column_unknown``, or
        ``targeting.table_sum_differs`` where the document prints the sum.
    """
    path = next((p for f in folders if (p := Path(f) / wanted.table).is_file()), None)
    if path is None:
        return None
    table = read_csv(path.read_bytes(), dtype="string", keep_default_na=False, encoding="utf-8-sig")
    for column in (wanted.area_column, wanted.column):
        if column not in table.columns:
            raise Problem(
                "targeting.table_column_unknown",
                file=path,
                found=column,
                known=", ".join(table.columns),
            )
    checked = TableColumn(
        table=wanted.table,
        area_column=wanted.area_column,
        column=wanted.column,
        total=0,
        level="province" if level is Level.PROVINCE else "amphoe",
    )
    _check_areas(path, table, checked)
    _check_counts(path, table, wanted.column, wanted.total)
    return table


def _check_counts(path: Path, table: pd.DataFrame, column: str, expected: int | None) -> None:
    readable = table[column].str.fullmatch(r"[0-9]+")
    if not readable.all():
        place = int((~readable).to_numpy().argmax())
        raise Problem(
            "targeting.table_count_unreadable",
            file=path,
            row=place + FIRST_ROW,
            column=column,
            found=table[column].iloc[place],
        )
    found = int(table[column].astype(int).sum())
    if expected is not None and found != expected:
        raise Problem(
            "targeting.table_sum_differs",
            file=path,
            column=column,
            found=f"{found:,}",
            expected=f"{expected:,}",
        )
