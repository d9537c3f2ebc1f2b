"""The plans that an office has put away under a name, told from those that are only on the way."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from phaenthi.apps.kept import plan_lines
from phaenthi.apps.kept.plan_lines import Step
from phaenthi.geo.files import atomic_write
from phaenthi.targeting.plan.record import PLANS_FOLDER

FILE = "put-away.json"


@dataclass(frozen=True)
class Label:
    """What stands on a plan that was put away.

    Attributes
    ----------
    kept_by
        Office or committee, as it was typed; never a person that the program looked up.
    when
        Moment with its time zone, by ISO 8601.
    steps
        The way to the plan.
    """

    name: str
    kept_by: str
    note: str
    when: str
    steps: tuple[Step, ...] = ()

    @property
    def moment(self) -> datetime:
        """When the plan was put away."""
        return datetime.fromisoformat(self.when)


def put_away(plan_id: str, label: Label, workspace_folder: Path) -> None:
    """Put a saved plan away under a name; an earlier label of the same plan is replaced."""
    with atomic_write(_path(plan_id, workspace_folder)) as unfinished:
        content = json.dumps(asdict(label), ensure_ascii=False, sort_keys=True, indent=1)
        unfinished.write_bytes(content.encode("utf-8"))


def label_of(plan_id: str, workspace_folder: Path) -> Label | None:
    """Return what stands on a plan; None for one that was not put away."""
    path = _path(plan_id, workspace_folder)
    if not path.is_file():
        return None
    try:
        data = json.loads(path.read_bytes())
        steps = tuple(Step(**{**row, "codes": tuple(row["codes"])}) for row in data["steps"])
        return Label(data["name"], data["kept_by"], data["note"], data["when"], steps)
    except (ValueError, KeyError, TypeError):
        return None


def in_order(plan_ids: Sequence[str], workspace_folder: Path) -> list[tuple[str, Label | None]]:
    """Return plans with their labels: those put away first, the newest first within each."""
    labelled = [(one, label_of(one, workspace_folder)) for one in plan_ids]
    put = [(one, label) for one, label in labelled if label is not None]
    put.sort(key=lambda pair: pair[1].moment, reverse=True)
    return [*put, *((one, label) for one, label in labelled if label is None)]


def steps_of(plan_id: str, workspace_folder: Path, line_id: str | None) -> tuple[Step, ...]:
    """Return the way to a plan: by the line that leads to it, else by its label."""
    line = plan_lines.find(line_id, workspace_folder) if line_id else None
    if line is not None and line.plan == plan_id:
        return line.steps
    label = label_of(plan_id, workspace_folder)
    return label.steps if label is not None else ()


def _path(plan_id: str, workspace_folder: Path) -> Path:
    return workspace_folder / PLANS_FOLDER / plan_id / FILE
