"""The table of units that a planner gives, gathered, read and kept beside the plan."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import polars as pl

from phaenthi.geo.places.codes import Level
from phaenthi.geo.texts.csv import csv_bytes, read_csv
from phaenthi.layers.tables.table_file import ROW, TableFile, open_table
from phaenthi.layers.workspace.documents import DocumentKind, Documents
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.evidence import Evidence, gather
from phaenthi.targeting.judging.layer_units import gather_units
from phaenthi.targeting.judging.unit_table import FIRST_ROW, read_units, with_units
from phaenthi.targeting.plan.record import GIVEN_UNITS, Plan
from phaenthi.targeting.programme import programme as programmes
from phaenthi.targeting.programme.programme import (
    HOUSEHOLD,
    TAMBON,
    VILLAGE,
    Programme,
)
from phaenthi.wording import Problem

KEPT = GIVEN_UNITS
"""File of a plan's folder with the table of units that it was made from."""


_PLACES = ("unit_code", "name_th", *(level.column for level in Level))


def asks_for_units(programme: Programme) -> bool:
    """Tell whether a programme chooses units that no workspace holds."""
    return programme.unit not in (VILLAGE, TAMBON)


def read_units_file(path: Path, programme: Programme, workspace: Workspace) -> pd.DataFrame:
    """Read a planner's table of units by the columns that the pack states.

    Parameters
    ----------
    path
        CSV or workbook; see :func:`phaenthi.layers.tables.table_file.open_table`.

    Returns
    -------
    pandas.DataFrame
        See :func:`phaenthi.targeting.judging.unit_table.read_units`. Where the units are
        households, their codes are hashed under the workspace's salt and their names left out.

    Raises
    ------
    Problem
        With file, sheet, row and column of the first value that cannot be read.
    """
    columns = programme.pack.columns
    words = [text for one in columns.values() for text in (one.words.th, one.words.en)]
    with open_table(path, known=[*_PLACES, f"{programme.unit}_code", *columns, *words]) as opened:
        frame = opened.frame.collect()
    table = frame.select(opened.headers).to_pandas().astype("string")
    if programme.unit == HOUSEHOLD:
        table = _without_persons(table, workspace)
    try:
        return read_units(programme, table)
    except Problem as problem:
        raise _placed(problem, programme, opened, frame[ROW].to_list()) from problem


def _without_persons(table: pd.DataFrame, workspace: Workspace) -> pd.DataFrame:
    own = "unit_code" if "unit_code" in table else f"{HOUSEHOLD}_code"
    if own not in table:
        return table
    hashed = workspace.household_ids(pl.Series(own, table[own].to_list(), dtype=pl.String))
    kept = table.drop(columns=["name_th"], errors="ignore")
    return kept.assign(**{own: pd.array(hashed.to_list(), dtype="string")})


def household_code(text: str, workspace: Workspace) -> str:
    """Return the code of a household in this workspace; one that is hashed already stays."""
    if re.fullmatch("[0-9a-f]{20}", text):
        return text
    return str(workspace.household_ids(pl.Series([text], dtype=pl.String))[0])


def _placed(
    problem: Problem, programme: Programme, opened: TableFile, rows: Sequence[int]
) -> Problem:
    """Return the problem with its file and the row and heading that the planner sees there."""
    row, column = problem.row, problem.column
    if column in programme.pack.columns and column not in opened.headers:
        words = programme.pack.columns[column].words
        named = [head for head in opened.headers if head.strip() in (words.th, words.en)]
        column = named[0] if named else column
    seen = None if row is None else int(rows[row - FIRST_ROW])
    return Problem(
        problem.message_id,
        file=opened.path,
        sheet=opened.sheet,
        row=seen,
        column=column,
        **problem.values,
    )


def gather_with_units(
    workspace: Workspace, programme: Programme, provinces: Sequence[str], units: Path | None
) -> Evidence:
    """Take what judging needs from the workspace and, if it is given, from a table of units.

    Without a table, units that a layer of the workspace registers (funds, groups) come from it.

    Raises
    ------
    Problem
        ``cli.units_needed`` where the pack chooses units that this workspace does not hold,
        besides what :func:`read_units_file` raises.
    """
    if units is not None:
        evidence = gather(workspace, provinces)
        return with_units(evidence, programme, read_units_file(units, programme, workspace))
    evidence = gather_units(workspace, programme, provinces)
    if asks_for_units(programme) and evidence.units is None:
        columns = ", ".join(["unit_code", *programme.pack.columns])
        raise Problem("cli.units_needed", pack=programme.id, columns=columns)
    return evidence


def keep_units(plan: Plan, evidence: Evidence, plans: Documents) -> None:
    """Keep the table of units beside its plan, so that the plan can be checked and replayed."""
    if evidence.units is not None:
        plans.write(f"{plan.id}/{KEPT}", csv_bytes(evidence.units, encoding="utf-8"))


def programme_of(plan: Plan, workspace: Workspace) -> Programme:
    """Return the programme of a plan in its own readings, the office's packs first."""
    return load_programme(workspace, plan.programme_id)


def load_programme(workspace: Workspace, pack: str | Path) -> Programme:
    """Return a programme by the id or file of its pack, the office's packs first.

    Raises
    ------
    Problem
        As :func:`phaenthi.targeting.programme.programme.load`.
    """
    return programmes.load(pack, (workspace.documents(DocumentKind.PACKS).folder,))


def evidence_of(plan: Plan, workspace: Workspace) -> Evidence:
    """Gather what a plan rests on again, with the table of units that was kept beside it."""
    evidence = gather(workspace, plan.provinces)
    kept = workspace.documents(DocumentKind.PLANS).read(f"{plan.id}/{KEPT}")
    if kept is None:
        return evidence
    table = read_csv(kept, dtype="string")
    return with_units(evidence, programme_of(plan, workspace), table)
