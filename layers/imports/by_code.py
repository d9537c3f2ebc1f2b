"""From a file to a layer of the workspace: all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from phaenthi.geo.files import sha256
from phaenthi.geo.notes import Note
from phaenthi.geo.places.codes import is_municipal
from phaenthi.layers.contracts.boundaries import LEVELS
from phaenthi.layers.contracts.boundaries import layer_name as layer_name_of
from phaenthi.layers.contracts.catalogue import CONTRACTS, contract_of
from phaenthi.layers.contracts.provenance import ImportReport, Provenance
from phaenthi.layers.imports.readers import READERS
from phaenthi.layers.villages import boundaries
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem

_BOUNDARY_LEVELS = {layer_name_of(level): level for level in LEVELS}


def import_file(  # noqa: PLR0913 - each is a plain word of the command line
    workspace: Workspace,
    layer_name: str,
    path: str | Path,
    *,
    made_up: bool = False,
    approximate: bool = False,
    credit: str = "",
    sheet: str | None = None,
    constants: Mapping[str, str] | None = None,
    original: Path | None = None,
    begin: Callable[[str], None] = lambda _: None,
) -> ImportReport:
    """Read a file and put its rows in the place of the layer that was there.

    Parameters
    ----------
    workspace
        Where to.
    layer_name
        Name of the layer, such as ``villages`` or ``boundaries_tambon``.
    path
        Table file (CSV, workbook, Parquet), or map file for boundaries and village points.
    made_up, approximate, credit
        What the provenance is to say; see ``Provenance``.
    sheet
        Sheet of a workbook; found by its headers unless given.
    constants
        Values of columns that the file lacks, the same in each row: ``{"survey_year": "2562"}``.
    original
        The file that ``path`` is a rewritten copy of: the provenance names it, not the copy.
    begin
        Told the name of each step: ``reading``, ``writing``.

    Returns
    -------
    ImportReport
        Counts, rows set aside and notes.

    Raises
    ------
    Problem
        If the file cannot be trusted, with file, row and column. The workspace is then as it
        was, and so it is if the program is stopped at any moment.
    """
    path = Path(path)
    contract = contract_of(layer_name)
    if not path.is_file():
        raise Problem("geo.file_missing", file=path)
    # Held from the first look at the village list to the last step.
    with workspace.writing():
        begin("reading")
        if contract.name in _BOUNDARY_LEVELS:
            reading = boundaries.read(path, _BOUNDARY_LEVELS[contract.name])
        else:
            reader = READERS[contract.name]
            reading = reader(path, workspace, sheet=sheet, constants=constants)
        provenance = Provenance(
            source=(original or path).name,
            sha256=sha256(original or path),
            imported_at=datetime.now(UTC),
            rows_read=reading.rows_read,
            made_up=made_up,
            approximate=approximate,
            credit=credit,
        )
        begin("writing")
        report = workspace.put(contract.name, reading.table, provenance, reading.set_aside)
        notes = (*reading.notes, *_rows_left_behind(workspace, contract.name))
    return replace(report, notes=notes)


def _rows_left_behind(workspace: Workspace, changed: str) -> tuple[Note, ...]:
    """Tell of rows in other layers whose village a new village list no longer holds."""
    if changed != "villages":
        return ()
    listed = workspace.scan("villages").select("village_code")
    notes = []
    for contract in CONTRACTS:
        if not (contract.of_listed_villages and workspace.has(contract.name)):
            continue
        strange = workspace.scan(contract.name).join(listed, on="village_code", how="anti")
        counts = strange.group_by("village_code").len().collect().to_pandas()
        count = int(counts.loc[~is_municipal(counts["village_code"].astype("string")), "len"].sum())
        if count:
            values = {"count": count, "layer": contract.name}
            notes.append(Note("layers.notes.no_longer_listed", values))
    return tuple(notes)
