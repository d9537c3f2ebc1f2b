"""Plans in a folder: listed, loaded and held against their own fingerprints."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from phaenthi.targeting.plan import shelf
from phaenthi.targeting.plan.record import (
    _TABLES,
    FORMAT,
    Plan,
    _from_record,
    _read_csv,
    _sha256,
)
from phaenthi.wording import Problem

saved = shelf.saved


def load(folder: Path) -> Plan:
    """Read a saved plan.

    Raises
    ------
    Problem
        ``targeting.plan_missing``; ``targeting.plan_of_other_format`` for one that another
        version of the program made; ``targeting.plan_damaged`` when a file is not the one that
        the record describes.
    """
    path = folder / shelf.RECORD_FILE
    if not path.is_file():
        raise Problem("targeting.plan_missing", file=folder, found=folder.name)
    tables: dict[str, pd.DataFrame] = {}
    try:
        record = json.loads(path.read_bytes())
        if record["format"] != FORMAT:
            raise Problem("targeting.plan_of_other_format", file=path, plan=folder.name)
        for name in _TABLES:
            content = (folder / f"{name}.csv").read_bytes()
            if _sha256(content) != record["tables"][f"{name}.csv"]:
                raise Problem("targeting.plan_damaged", file=f"{name}.csv", plan=folder.name)
            tables[name] = _read_csv(content)
        plan = _from_record(record, tables)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Problem("targeting.plan_damaged", file=path, plan=folder.name) from error
    if plan.files["plan.json"] != path.read_bytes() or plan.id != folder.name:
        raise Problem("targeting.plan_damaged", file=path, plan=folder.name)
    return plan
