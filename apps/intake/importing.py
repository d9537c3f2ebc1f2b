"""From a file that was sent to layers of the workspace, for good or as a trial."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from phaenthi.apps.intake.upload import Upload
from phaenthi.layers.contracts.catalogue import contract_of
from phaenthi.layers.contracts.provenance import ImportReport
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.imports.by_place import import_matched
from phaenthi.layers.imports.report import Changes, compare_layers, write_import_report
from phaenthi.layers.imports.village_points import import_points
from phaenthi.layers.people.area_counts import import_area_counts
from phaenthi.layers.people.indicator_sets import indicators_of
from phaenthi.layers.people.surveys import import_survey
from phaenthi.layers.registers.mapping import ColumnMapping, open_mapped
from phaenthi.layers.registers.reading import find_headers
from phaenthi.layers.tables.map_files import is_map
from phaenthi.layers.tables.table_file import ROW, TableFile
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Language, Problem
from phaenthi.wording.digits import plain_digits

Begin = Callable[[str], None]

_COUNTED_LAYERS = ("area_counts",)
# Millions of rows with codes of today, which no person will match one by one.
_STREAMED = ("households", "poverty")
_YEAR_OF_COUNTS = "register_year"
_YEAR_OF_SURVEY = "survey_year"


@dataclass(frozen=True)
class Request:
    """What a reader asks to be taken in.

    Parameters
    ----------
    upload
        The file.
    layer
        What it is.
    mapping
        Which column is which; None for a map, or where the reader of the layer finds out.
    sheet
        Of a workbook.
    constants
        Column → value of every row.
    made_up, approximate, credit
        See ``phaenthi.layers.contracts.provenance.Provenance``.
    """

    upload: Upload
    layer: str
    mapping: ColumnMapping | None = None
    sheet: str | None = None
    constants: Mapping[str, str] = field(default_factory=dict)
    made_up: bool = False
    approximate: bool = False
    credit: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of a file.

    Parameters
    ----------
    report
        Counts, rows set aside, notes.
    changes
        Against the layer as it was.
    places
        Places of a register that were matched, or None; see ``phaenthi.layers.imports.by_place``.
    """

    report: ImportReport
    changes: Changes
    places: pd.DataFrame | None

    @property
    def waiting(self) -> int:
        """Places that wait for a person."""
        if self.places is None:
            return 0
        lone = self.places["matched_code"].isna() & (self.places["how"] != "decided_none")
        return int(lone.sum())

    def as_workbook(self, language: Language) -> bytes:
        """Return the report as a workbook; nothing of a person is in it."""
        with tempfile.TemporaryDirectory(prefix="phaenthi-") as folder:
            path = Path(folder) / "report.xlsx"
            write_import_report(
                path, self.report, changes=self.changes, places=self.places, language=language
            )
            return path.read_bytes()


def take_in(
    workspace: Workspace, request: Request, path: Path, begin: Begin = lambda _: None
) -> Outcome:
    """Lay a file into the workspace.

    Parameters
    ----------
    path
        Where the file of the request lies for as long as it is read.
    begin
        Told the name of each step.

    Raises
    ------
    Problem
        As ``phaenthi.layers.imports.by_code.import_file``; the workspace is then as it was.
    """
    origin = workspace.provenance(request.layer)
    # Its file outlasts the import, which can be undone.
    before = workspace.scan(request.layer)
    report, places = _import(workspace, request, path, begin)
    begin("comparing")
    after = workspace.scan(request.layer)
    changes = compare_layers(request.layer, before, after, origin.source if origin else "")
    return Outcome(report, changes, places)


def rehearse(
    workspace: Workspace, request: Request, path: Path, trial: str, begin: Begin = lambda _: None
) -> Outcome:
    """Tell what taking a file in would do; the workspace stays as it is.

    The real import runs on a workspace beside it that shares the files of this one.

    Parameters
    ----------
    trial
        Tells this rehearsal from others.
    """
    with workspace.rehearsal(trial) as other:
        return take_in(other, request, path, begin)


def _import(
    workspace: Workspace, request: Request, path: Path, begin: Begin
) -> tuple[ImportReport, pd.DataFrame | None]:
    contract, constants = contract_of(request.layer), dict(request.constants)
    origin: dict[str, Any] = {"made_up": request.made_up, "credit": request.credit}
    if contract.name in _COUNTED_LAYERS:
        year = read_year(constants.get(_YEAR_OF_COUNTS, ""), path)
        begin("reading")
        counted = import_area_counts(workspace, path, year, **origin)
        return counted.report, None
    if contract.name == "village_points":
        points = import_points(workspace, path, mapping=request.mapping, begin=begin, **origin)
        return points.report, points.places
    mapping = request.mapping
    own = mapping is None or _is_own(mapping, path, request)
    streamed = contract.name in _STREAMED and own and _of_codes(mapping)
    if contract.of_listed_villages and not streamed:
        found = import_matched(
            workspace,
            contract.name,
            path,
            mapping=mapping,
            sheet=request.sheet,
            constants=constants,
            begin=begin,
            **origin,
        )
        return found.report, found.places
    if contract.name == "households" and _YEAR_OF_SURVEY in constants and own:
        year = read_year(constants[_YEAR_OF_SURVEY], path)
        if _has_indicators(year):
            origin |= {"sheet": request.sheet, "begin": begin}
            return import_survey(workspace, path, year, **origin), None
    facts = {
        "approximate": request.approximate,
        "constants": constants,
        "begin": begin,
        **origin,
    }
    if own or mapping is None:
        return import_file(workspace, contract.name, path, sheet=request.sheet, **facts), None
    return _import_renamed(workspace, request, mapping, path, facts), None


def _of_codes(mapping: ColumnMapping | None) -> bool:
    return mapping is None or "village_code" in mapping.columns


def _is_own(mapping: ColumnMapping, path: Path, request: Request) -> bool:
    """Tell whether the reader of the layer finds the same columns by itself."""
    if is_map(path):
        return True
    contract = contract_of(request.layer)
    known = [alias for column in contract.columns for alias in column.aliases]
    with open_mapped(path, contract, None, sheet=request.sheet) as table:
        if table.header_row and not known:
            return True
        found = find_headers((*contract.columns, *contract.markers), table.headers)
    own = {name: header for name, header in mapping.columns.items() if name in contract.names}
    return own == {name: header for name, header in found.items() if name in contract.names}


def _has_indicators(year: int) -> bool:
    try:
        indicators_of(year)
    except Problem:
        return False
    return True


def read_year(text: str, path: Path) -> int:
    """Read a year that a person typed."""
    digits = plain_digits(text).strip()
    if not digits.isdigit():
        raise Problem("layers.year_unreadable", file=path, found=text)
    return int(digits)


def _import_renamed(
    workspace: Workspace,
    request: Request,
    mapping: ColumnMapping,
    path: Path,
    facts: Mapping[str, Any],
) -> ImportReport:
    """Import a file under the headers of the layer; its rows keep their numbers."""
    with tempfile.TemporaryDirectory(prefix="phaenthi-") as folder:
        copy = Path(folder) / f"{path.stem}.csv"
        with open_mapped(path, contract_of(request.layer), mapping, sheet=request.sheet) as table:
            write_by_rows(table, copy)
        try:
            return import_file(workspace, request.layer, copy, original=path, **facts)
        except Problem as problem:
            # The reader knows the file that was sent, not the copy.
            problem.file = path.name
            raise


def write_by_rows(table: TableFile, path: Path) -> None:
    """Write a table as CSV in which each row stands where it stood in its file."""
    frame = table.frame.select(ROW, *table.headers).sort(ROW).collect()
    width = len(table.headers)
    first = table.header_row or 1
    shift = 1 if table.header_row == 0 else 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for _ in range(first - 1):
            writer.writerow([""] * width)
        writer.writerow(table.headers)
        line = first
        for row in frame.iter_rows():
            for _ in range(int(row[0]) + shift - line - 1):
                writer.writerow([""] * width)
            writer.writerow(row[1:])
            line = int(row[0]) + shift
