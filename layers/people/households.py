"""The household survey จปฐ. (ความจำเป็นพื้นฐาน): a household and year a row."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from phaenthi.layers.contracts.households import HOUSEHOLDS_CONTRACT
from phaenthi.layers.registers.draft import Reading
from phaenthi.layers.registers.long_files import read_by_parts
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
    and ``phaenthi.layers.registers.rows.finish`` raise.
    """
    return read_by_parts(HOUSEHOLDS_CONTRACT, path, workspace, sheet=sheet, constants=constants)
