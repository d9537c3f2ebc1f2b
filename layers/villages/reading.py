"""The village list (ทะเบียนหมู่บ้าน): a village a row, with its position where one is known."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import polars as pl

from phaenthi.geo.places import gazetteer
from phaenthi.geo.places.codes import Level, is_municipal, parent_code_expr
from phaenthi.layers.contracts.contract import Column, Kind
from phaenthi.layers.contracts.villages import VILLAGES_CONTRACT
from phaenthi.layers.registers.coordinates import with_sound_positions
from phaenthi.layers.registers.incoming import IncomingRows, Reading
from phaenthi.layers.registers.reading import finish, read_rows
from phaenthi.layers.tables.map_files import is_map, points_as_table
from phaenthi.layers.workspace.folder import Workspace

_OBSOLETE = Column(
    "obsolete", Kind.YES_NO, aliases=("obsolete", "ยกเลิก", "ยกเลิกแล้ว", "หมู่บ้านยกเลิก", "สถานะยกเลิก")
)


def read(
    path: Path,
    workspace: Workspace,
    *,
    sheet: str | None = None,
    constants: Mapping[str, str] | None = None,
) -> Reading:
    """Read a village list: CSV, workbook, or a map file of village points.

    Villages that the file marks as abolished (ยกเลิก), and those of a tambon that never was,
    are set aside. A position outside Thailand counts as none.

    See ``phaenthi.layers.registers.reading.read_rows`` for the parameters.

    Raises
    ------
    Problem
        As ``read_rows`` and ``registers.reading.finish``, such as ``layers.key_twice``
        for a village code that occurs twice; ``layers.coordinates_swapped``.
    """
    source = points_as_table(path) if is_map(path) else path
    incoming = read_rows(
        VILLAGES_CONTRACT, source, workspace, sheet=sheet, constants=constants, markers=(_OBSOLETE,)
    )
    if "obsolete" in incoming.rows.columns:
        gone = incoming.rows.filter(pl.col("obsolete").fill_null(value=False))
        incoming = incoming.without(gone, "village_code", "village_obsolete")
    return finish(
        _with_known_tambons(with_sound_positions(incoming, "outside_thailand")), workspace
    )


def _with_known_tambons(incoming: IncomingRows) -> IncomingRows:
    """Set villages of a tambon that never was aside; say how many lie in abolished ones."""
    of_rows = incoming.rows.select(
        tambon=parent_code_expr("village_code", Level.TAMBON),
        province=parent_code_expr("village_code", Level.PROVINCE),
    )
    codes = of_rows["tambon"]
    current = gazetteer.areas(Level.TAMBON)["code"].to_list()
    former = gazetteer.abolished()["code"].to_list()
    tambons = pd.Series(codes.unique().to_list(), dtype="string")
    gone = tambons[~tambons.isin(current) & ~is_municipal(tambons)]
    never = gone[~gone.isin(former)].to_list()
    known_province = of_rows["province"].is_in(gazetteer.areas(Level.PROVINCE)["code"].to_list())
    # An unknown province is no slip of one row: it refuses the whole file later on.
    strange = incoming.rows.filter(codes.is_in(never) & known_province)
    abolished = int(codes.is_in(gone[gone.isin(former)].to_list()).sum())
    incoming = incoming.without(strange, "village_code", "tambon_unknown")
    return incoming.noting("tambons_abolished", count=abolished) if abolished else incoming
