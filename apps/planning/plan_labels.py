"""The plans that an office has put away under a name, told from those that are only on the way."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from phaenthi.apps.planning import plan_steps
from phaenthi.apps.planning.plan_steps import Step
from phaenthi.geo.texts.stray import without_stray
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace

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


def put_away(plan_id: str, label: Label, workspace: Workspace) -> None:
    """Put a saved plan away under a name; an earlier label of the same plan is replaced."""
    name, kept_by, note = (
        without_stray(text)[0] for text in (label.name, label.kept_by, label.note)
    )
    label = replace(label, name=name, kept_by=kept_by, note=note)
    content = json.dumps(asdict(label), ensure_ascii=False, sort_keys=True, indent=1)
    plans = workspace.documents(DocumentKind.PLANS)
    plans.write(f"{plan_id}/{FILE}", content.encode("utf-8"))


def label_of(plan_id: str, workspace: Workspace) -> Label | None:
    """Return what stands on a plan; None for one that was not put away."""
    content = workspace.documents(DocumentKind.PLANS).read(f"{plan_id}/{FILE}")
    if content is None:
        return None
    try:
        data = json.loads(content)
        steps = tuple(Step(**{**row, "codes": tuple(row["codes"])}) for row in data["steps"])
        return Label(data["name"], data["kept_by"], data["note"], data["when"], steps)
    except (ValueError, KeyError, TypeError):
        return None


def in_order(plan_ids: Sequence[str], workspace: Workspace) -> list[tuple[str, Label | None]]:
    """Return plans with their labels: those put away first, the newest first within each."""
    labelled = [(one, label_of(one, workspace)) for one in plan_ids]
    put = [(one, label) for one, label in labelled if label is not None]
    put.sort(key=lambda pair: pair[1].moment, reverse=True)
    return [*put, *((one, label) for one, label in labelled if label is None)]


def steps_of(plan_id: str, workspace: Workspace, line_id: str | None) -> tuple[Step, ...]:
    """Return the way to a plan: by the line that leads to it, else by its label."""
    line = plan_steps.find(line_id, workspace) if line_id else None
    if line is not None and line.plan == plan_id:
        return line.steps
    label = label_of(plan_id, workspace)
    return label.steps if label is not None else ()
