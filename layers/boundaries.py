"""The boundaries that the other layers are shown on: an area a row, three levels."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from phaenthi.geo.boundaries import BoundaryReport, read_boundaries
from phaenthi.geo.codes import Level
from phaenthi.geo.notes import Note
from phaenthi.layers.contract import Column, Contract, Kind
from phaenthi.layers.draft import Reading
from phaenthi.layers.provenance import nothing_set_aside

LEVELS = (Level.PROVINCE, Level.AMPHOE, Level.TAMBON)


def layer_name(level: Level) -> str:
    """Return the name of the layer that holds the boundaries of a level.

    Raises
    ------
    ValueError
        For the village level, which has points and no boundaries.
    """
    if level not in LEVELS:
        raise ValueError(f"there are no boundaries of level {level}")
    return f"boundaries_{level}"


def _contract(level: Level) -> Contract:
    return Contract(
        name=layer_name(level),
        key=("code",),
        columns=(
            Column("code", Kind.CODE, required=True),
            Column("name_th", Kind.TEXT),
            Column("name_en", Kind.TEXT),
            Column("geometry", Kind.GEOMETRY, required=True),
        ),
    )


CONTRACTS = tuple(_contract(level) for level in LEVELS)


def read(path: Path, level: Level) -> Reading:
    """Read the boundaries of a level from a file of any of the namings that offices use.

    Raises
    ------
    Problem
        As ``phaenthi.geo.boundaries.read_boundaries``.
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
