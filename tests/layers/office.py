"""A small office to test with: a workspace of three villages and the files that it imports."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from phaenthi.layers.contracts.provenance import Provenance
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.workspace.folder import Workspace

VILLAGES = ("46010201", "46010202", "46010301")
VILLAGE_LIST = """รหัสหมู่บ้าน,ชื่อหมู่บ้าน,ละติจูด,ลองจิจูด
46010201,บ้านหนองไผ่,16.43,103.50
46010202,บ้านโนนสูง,16.44,103.52
46010301,บ้านดอนยาง,,
"""
HOUSEHOLDS = """รหัสครัวเรือน,รหัสหมู่บ้าน,ปี,รายได้เฉลี่ยต่อคนต่อปี,จำนวนสมาชิก
46010000001,46010201,2562,"37,999",4
46010000002,46010201,2562,38000,3
46010000003,46010202,2562,,2
"""


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    """Write a file of the office and return its path."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def open_office(folder: Path) -> Workspace:
    """Make a workspace with the three villages."""
    workspace = Workspace.create(folder / "workspace", salt="for tests")
    import_file(workspace, "villages", write(folder, "villages.csv", VILLAGE_LIST))
    return workspace


def made_up_source(name: str = "made-up") -> Provenance:
    """Return a provenance for rows that come from no file."""
    return Provenance(source=name, sha256="", imported_at=datetime.now(UTC), made_up=True)


def villages_table(codes: tuple[str, ...] = VILLAGES) -> pd.DataFrame:
    """Return a village list without positions."""
    return pd.DataFrame({"village_code": codes, "name_th": [f"บ้าน {code}" for code in codes]})


def state(workspace: Workspace) -> dict[str, object]:
    """Return all that a reader can see of a workspace."""
    return {
        "digests": workspace.digest(workspace.layers),
        "status": workspace.status().to_dict("list"),
        "set aside": {name: workspace.set_aside(name).to_dict("list") for name in workspace.layers},
        "generation": workspace.generation,
    }
