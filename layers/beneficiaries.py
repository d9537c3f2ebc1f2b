"""Which households a programme helped in which fiscal year (ครัวเรือนเป้าหมายของโครงการ)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from phaenthi.layers.by_parts import read_by_parts
from phaenthi.layers.common_columns import HOUSEHOLD_ID, VILLAGE_CODE
from phaenthi.layers.contract import Column, Contract, Kind
from phaenthi.layers.draft import Reading
from phaenthi.layers.history import FISCAL_YEAR_ALIASES, PROGRAMME_ALIASES
from phaenthi.layers.programmes import name_programmes

if TYPE_CHECKING:
    from phaenthi.layers.workspace import Workspace

CONTRACT = Contract(
    name="beneficiaries",
    key=("household_id", "programme", "fiscal_year"),
    of_listed_villages=True,
    of_people=True,
    repeats_set_aside=True,
    columns=(
        HOUSEHOLD_ID,
        VILLAGE_CODE,
        Column("programme", Kind.TEXT, required=True, aliases=PROGRAMME_ALIASES),
        Column("fiscal_year", Kind.YEAR, required=True, aliases=FISCAL_YEAR_ALIASES),
    ),
)


def read(
    path: Path,
    workspace: Workspace,
    *,
    sheet: str | None = None,
    constants: Mapping[str, str] | None = None,
) -> Reading:
    """Read a file of this layer, CSV or workbook, with Thai or English headers.

    See ``phaenthi.layers.reading.read_rows`` for the parameters; raises what ``read_rows`` and
    ``phaenthi.layers.reading.finish`` raise; ``layers.programmes_unknown``.
    """
    return read_by_parts(
        CONTRACT, path, workspace, sheet=sheet, constants=constants, change=name_programmes
    )
