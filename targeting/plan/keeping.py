"""Plans in a folder: listed, loaded and held against their own fingerprints."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from phaenthi.layers.workspace.manifest import MANIFEST_FILE
from phaenthi.targeting.plan import shelf
from phaenthi.targeting.plan.record import (
    _TABLES,
    FORMAT,
    GIVEN_UNITS,
    Plan,
    _from_record,
    _read_csv,
    _sha256,
)
from phaenthi.wording import Problem
from phaenthi.wording.hints import short_path, typed

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
            raise _other_format(record, folder)
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


def _other_format(record: Mapping[str, Any], folder: Path) -> Problem:
    """Return that another version made a plan, with the command that makes it again."""
    path, command = folder / "plan.json", _command(record, folder)
    numbers = [f"{one['name']} {one['field']}".strip() for one in record.get("numbers", ())]
    if not numbers:
        return Problem(
            "targeting.plan_of_other_format", file=path, plan=folder.name, command=command
        )
    return Problem(
        "targeting.plan_of_other_format_numbers",
        file=path,
        plan=folder.name,
        command=command,
        numbers=", ".join(numbers),
    )


def _command(record: Mapping[str, Any], folder: Path) -> str:
    """Return the command that makes a plan of an earlier format again."""
    words = ["choose", str(record["programme"])]
    words += [word for one in record["provinces"] for word in ("--province", str(one))]
    readings = sorted(record["readings"].items())
    words += [word for rule, reading in readings for word in ("--reading", f"{rule}={reading}")]
    decisions = record["overrides"]
    for one in decisions:
        code = one.get("unit_code") or one["village_code"]
        words += ["--take" if one["action"] == "in" else "--leave", str(code)]
    for option, field in (("--reason", "reason"), ("--decided-by", "decided_by")):
        said = dict.fromkeys(str(one[field]) for one in decisions)
        words += [option, "; ".join(said)] if said else []
    if (folder / GIVEN_UNITS).is_file():
        words += ["--units", short_path(folder / GIVEN_UNITS)]
    # Named always: who asks may be the app, in whose shell the usual workspace is another.
    if (folder.parent.parent / MANIFEST_FILE).is_file():
        words += ["--workspace", short_path(folder.parent.parent)]
    return typed(*words)
