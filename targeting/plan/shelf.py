"""Where plans lie; loads nothing, so that a plan that is not there is told at once."""

from __future__ import annotations

from pathlib import Path

from phaenthi.layers.workspace.kept_names import find_kept
from phaenthi.wording import Problem

RECORD_FILE = "plan.json"


def saved(folder: Path) -> list[str]:
    """Return the ids of the plans in a folder, the newest first."""
    found = [path.parent for path in folder.glob(f"*/{RECORD_FILE}")]
    return [path.name for path in sorted(found, key=lambda p: p.stat().st_mtime, reverse=True)]


def find_plan(name: str, folder: Path) -> Path:
    """Return where a plan lies by its id, the beginning of it, or as the latest.

    Parameters
    ----------
    folder
        Of the workspace's plans.

    Raises
    ------
    Problem
        ``cli.plan_unknown`` with the plans that there are.
    """
    kept = saved(folder)
    found = find_kept(name, kept)
    if found is None:
        raise Problem("cli.plan_unknown", found=name, known=", ".join(kept[:5]) or "–")
    return folder / found
