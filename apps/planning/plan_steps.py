"""The way to a plan: each step with who took it, why and when, and the plans to go back to.

A line is never changed: a step makes a new one, kept in a file named after its content. Two people
who go on from the same line therefore never disturb each other, and a link to a line lasts.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Literal

from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace

_ID = re.compile(r"[0-9a-f]{12}")

StepKind = Literal[
    "chosen",
    "chosen_again",
    "in",
    "out",
    "swap",
    "withdrawn",
    "numbers",
    "numbers_back",
    "undone",
    "redone",
    "gone_back",
]


@dataclass(frozen=True)
class Step:
    """One step: what was done to which units, by whom, why and when.

    Attributes
    ----------
    codes
        Units decided about; of a swap the one that goes and then the one that comes.
    decided_by
        Committee or office as the planner wrote it; empty for a step that decides nothing.
    when
        Moment with its time zone, by ISO 8601.
    plan
        Id of the plan that the step led to.
    """

    kind: StepKind
    plan: str
    when: str
    codes: tuple[str, ...] = ()
    reason: str = ""
    decided_by: str = ""

    @property
    def moment(self) -> datetime:
        """When the step was taken."""
        return datetime.fromisoformat(self.when)


@dataclass(frozen=True)
class Line:
    """The steps so far and the plans that one can go back and forth between.

    Attributes
    ----------
    plans
        Ids in the order in which they were made, those undone included.
    at
        Place of the plan that holds now.
    steps
        Every step ever taken on this line, an undoing too; nothing is taken out of it.
    """

    plans: tuple[str, ...]
    at: int
    steps: tuple[Step, ...]

    @property
    def plan(self) -> str:
        """Id of the plan that holds now."""
        return self.plans[self.at]

    @property
    def can_undo(self) -> bool:
        """Whether there is a plan before this one."""
        return self.at > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is an undone plan after this one."""
        return self.at + 1 < len(self.plans)

    @property
    def id(self) -> str:
        """The first letters of the SHA-256 of the content."""
        return hashlib.sha256(_content(self)).hexdigest()[:12]

    def go_on(self, step: Step) -> Line:
        """Return the line with one step more; what was undone before it can no longer be redone."""
        if step.plan == self.plan:
            # A decision that changes no plan cannot be told from the one before it.
            return replace(self, steps=(*self.steps, step))
        kept = self.plans[: self.at + 1]
        return Line((*kept, step.plan), len(kept), (*self.steps, step))

    def undo(self, when: datetime) -> Line:
        """Return the line at the plan before.

        Raises
        ------
        ValueError
            If there is none.
        """
        return self._move(-1, "undone", when)

    def redo(self, when: datetime) -> Line:
        """Return the line at the plan that was undone last.

        Raises
        ------
        ValueError
            If there is none.
        """
        return self._move(1, "redone", when)

    def _move(self, by: int, kind: StepKind, when: datetime) -> Line:
        at = self.at + by
        if not 0 <= at < len(self.plans):
            raise ValueError(f"no plan {'before' if by < 0 else 'after'} this one")
        step = Step(kind, self.plans[at], when.isoformat(timespec="seconds"))
        return Line(self.plans, at, (*self.steps, step))


def begin(step: Step) -> Line:
    """Return a line of one step."""
    return Line((step.plan,), 0, (step,))


def keep(line: Line, workspace: Workspace) -> str:
    """Write a line into the workspace and return its id."""
    lines = workspace.documents(DocumentKind.PLAN_LINES)
    if not lines.has(f"{line.id}.json"):
        lines.write(f"{line.id}.json", _content(line))
    return line.id


def find(line_id: str, workspace: Workspace) -> Line | None:
    """Return a kept line; None where there is none of that name or it cannot be read."""
    if not _ID.fullmatch(line_id):
        return None
    content = workspace.documents(DocumentKind.PLAN_LINES).read(f"{line_id}.json")
    if content is None:
        return None
    try:
        data = json.loads(content)
        return Line(tuple(data["plans"]), int(data["at"]), _steps(data["steps"]))
    except (ValueError, KeyError, TypeError):
        return None


def _steps(rows: Iterable[dict[str, object]]) -> tuple[Step, ...]:
    return tuple(Step(**{**row, "codes": _texts(row["codes"])}) for row in rows)  # type: ignore[arg-type]  # read back as written


def _texts(values: object) -> tuple[str, ...]:
    return tuple(str(one) for one in values) if isinstance(values, Sequence) else ()


def _content(line: Line) -> bytes:
    return json.dumps(asdict(line), ensure_ascii=False, sort_keys=True).encode("utf-8")
