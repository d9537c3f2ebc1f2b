"""Which villages were targets of which programme and year (ทะเบียนหมู่บ้านเป้าหมาย)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from phaenthi.layers.common_columns import VILLAGE_CODE
from phaenthi.layers.contract import Column, Contract, Kind
from phaenthi.layers.draft import Reading
from phaenthi.layers.programmes import name_programmes
from phaenthi.layers.reading import finish, read_rows

if TYPE_CHECKING:
    from phaenthi.layers.workspace import Workspace

PROGRAMME_ALIASES = ("programme", "โครงการ", "ชื่อโครงการ", "program", "project", "กิจกรรม")
FISCAL_YEAR_ALIASES = ("fiscal_year", "ปีงบประมาณ", "ปีงบ", "ปีงบประมาณพศ", "ปี", "ปีพศ", "year")

CONTRACT = Contract(
    name="history",
    key=("village_code", "programme", "fiscal_year"),
    of_listed_villages=True,
    repeats_set_aside=True,
    columns=(
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
    draft = name_programmes(read_rows(CONTRACT, path, workspace, sheet=sheet, constants=constants))
    return finish(draft, workspace)
