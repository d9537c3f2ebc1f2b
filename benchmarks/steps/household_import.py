"""Household CSV, 13 million rows, imported: read, checked, hashed, sorted, kept."""

from __future__ import annotations

import hashlib
import hmac
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.inputs import HEADERS
from phaenthi.layers.contracts.provenance import ImportReport
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.workspace.folder import Workspace

TITLE = "household CSV, 13 million rows, imported into a workspace"
BASELINE = "pandas: read whole, hash ids, check codes and repeats, sort, `to_parquet`"
REPEATS = {"ours": 1, "baseline": 1}
LIMIT = (
    "one core: a keyed hash of every household id; every cell is checked, every odd row told, all "
    "in a part of the memory: the baseline looks at no cell but the code"
)
SALT = b"benchmark"


@dataclass(frozen=True)
class Inputs:
    """The files."""

    households: Path
    villages: Path


def load(folder: Path, small: bool) -> Inputs:  # noqa: ARG001
    """Return the files."""
    return Inputs(folder / "households.csv", folder / "villages.parquet")


def ours(inputs: Inputs) -> ImportReport:
    """Import the file into a new workspace that has the village list."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.create(Path(folder) / "workspace", made_up=True, salt=SALT.decode())
        listed = Path(folder) / "villages.csv"
        pd.read_parquet(inputs.villages).to_csv(listed, index=False)
        import_file(workspace, "villages", listed, made_up=True)
        return import_file(workspace, "households", inputs.households, made_up=True)


def baseline(inputs: Inputs) -> int:
    """Do the same with pandas, all rows at once."""
    text = {HEADERS["household_id"]: str, HEADERS["village_code"]: str}
    table = pd.read_csv(inputs.households, dtype=text)
    table.columns = list(HEADERS)
    listed = set(pd.read_parquet(inputs.villages, columns=["village_code"])["village_code"])
    table = table[table["village_code"].isin(listed)]
    table["household_id"] = [
        hmac.digest(SALT, one.encode(), hashlib.sha256).hex()[:20] for one in table["household_id"]
    ]
    if table.duplicated(["household_id", "survey_year"]).any():
        raise ValueError("a household occurs twice")
    table = table.sort_values(["household_id", "survey_year"])
    with tempfile.TemporaryDirectory() as folder:
        table.to_parquet(Path(folder) / "households.parquet", index=False)
    return len(table)


def compared(answer: ImportReport | int) -> int:
    """Return the rows kept."""
    return answer.provenance.rows_kept if isinstance(answer, ImportReport) else answer
