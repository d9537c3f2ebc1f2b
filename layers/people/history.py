"""Which villages were targets of which programme and year (ทะเบียนหมู่บ้านเป้าหมาย)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from phaenthi.layers.contracts.history import HISTORY_CONTRACT
from phaenthi.layers.registers.draft import Reading
from phaenthi.layers.registers.programme_names import name_programmes
from phaenthi.layers.registers.rows import finish, read_rows
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
    draft = name_programmes(
        read_rows(HISTORY_CONTRACT, path, workspace, sheet=sheet, constants=constants)
    )
    return finish(draft, workspace)
