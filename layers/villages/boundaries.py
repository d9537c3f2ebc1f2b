"""The boundaries that the other layers are shown on: an area a row, three levels."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from phaenthi.geo.boundaries.reading import BoundaryReport, read_boundaries
from phaenthi.geo.notes import Note
from phaenthi.geo.places.codes import Level
from phaenthi.layers.contracts.provenance import nothing_set_aside
from phaenthi.layers.registers.incoming import Reading


def read(path: Path, level: Level) -> Reading:
    """Read the boundaries of a level from a file of any of the namings that offices use.

    Raises
    ------
    Problem
        As ``phaenthi.geo.boundaries.reading.read_boundaries``.
    """
    reading = read_boundaries(path, level)
    report = reading.report
    aside = pd.DataFrame(report.set_aside)[list(nothing_set_aside().columns)]
    kinds = nothing_set_aside().dtypes.to_dict()
    return Reading(reading.table, aside.astype(kinds), _notes(report), report.rows_read)


def _notes(report: BoundaryReport) -> tuple[Note, ...]:
    counted = {"repaired": report.repaired, "merged": report.merged, "unknown": report.unknown}
    changed = tuple(
        Note(f"geo.report.{name}", {"count": len(table), "list": ", ".join(table["code"])})
        for name, table in counted.items()
        if len(table)
    )
    return (*changed, *report.notes)
