"""Which households a programme helped in which fiscal year (ครัวเรือนเป้าหมายของโครงการ)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from phaenthi.layers.contracts.beneficiaries import BENEFICIARIES_CONTRACT
from phaenthi.layers.registers.draft import Reading
from phaenthi.layers.registers.long_files import read_by_parts
from phaenthi.layers.registers.programme_names import name_programmes
from phaenthi.layers.workspace.folder import Workspace


def read(
    path: Path,
    workspace: Workspace,
    *,
    sheet: str | None = None,
    constants: Mapping[str, str] | None = None,
) -> Reading:
    """Read a file of this layer, CSV or workbook, with Thai or English headers.

    See ``phaenthi.layers.registers.rows.read_rows`` for the parameters; raises what ``read_rows``
    and ``phaenthi.layers.registers.rows.finish`` raise; ``layers.programmes_unknown``.
    """
    return read_by_parts(
        BENEFICIARIES_CONTRACT,
        path,
        workspace,
        sheet=sheet,
        constants=constants,
        change=name_programmes,
    )
