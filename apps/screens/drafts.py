"""Plans as the pages make them: worked out, compared with the one before, and kept."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import streamlit as st

from apps.dates import today
from layers.workspace import Workspace
from targeting import plan as plans
from targeting.allocation import Shortage
from targeting.evidence import gather
from targeting.plan import Override, Plan
from targeting.programme import Programme

PLANS_LISTED = 12


# A saved plan never changes, so one copy serves every session.
@st.cache_resource(show_spinner=False, max_entries=2 * PLANS_LISTED)
def saved_plan(folder: str) -> Plan:
    """Return a saved plan."""
    return plans.load(Path(folder))


def plans_of(workspace: Workspace, programme: Programme, province: str) -> list[str]:
    """Return the ids of the plans for a programme and a province, the newest first."""
    prefix = f"{programme.id}-{province}-"
    saved = plans.saved(workspace.folder / plans.FOLDER)
    return [name for name in saved if name.startswith(prefix)]


def work_out(
    workspace: Workspace, programme: Programme, province: str, overrides: Sequence[Override]
) -> Plan:
    """Make a plan from the data of now without saving it.

    Parameters
    ----------
    programme
        With its readings.
    overrides
        What people decided otherwise.
    """
    return _worked_out(
        str(workspace.folder),
        workspace.generation,
        programme,
        programme.digest(),
        province,
        tuple(overrides),
        today(),
    )


@st.cache_resource(
    show_spinner=False, max_entries=8, hash_funcs={Override: lambda one: str(vars(one))}
)
def _worked_out(
    folder: str,
    generation: int,
    _programme: Programme,
    digest: str,
    province: str,
    overrides: tuple[Override, ...],
    day: date,
) -> Plan:
    del generation, digest
    evidence = gather(Workspace.open(folder), [province])
    return plans.make(_programme, evidence, [province], decided_on=day, overrides=overrides)


def keep(workspace: Workspace, plan: Plan) -> None:
    """Save a plan and make it the one that this session shows."""
    folder = plans.save(plan, workspace.folder / plans.FOLDER)
    # A plan that was made before, and now again, is the newest one.
    os.utime(folder)
    st.session_state["plan_id"] = folder.name


@dataclass(frozen=True)
class Change:
    """What one plan has otherwise than another in a province.

    Attributes
    ----------
    points
        Total need gained; below zero when it is lost.
    entering, leaving
        Codes of the villages that are chosen now and were not, and the other way round.
    shortage
        Why there is no plan any more.
    """

    before: int
    after: int
    entering: tuple[str, ...]
    leaving: tuple[str, ...]
    shortage: Shortage | None

    @property
    def points(self) -> int:
        """Total need gained."""
        return self.after - self.before


def compare(before: Plan, after: Plan, province: str) -> Change:
    """Return what changes in a province from one plan to another."""
    old, new = before.result(province), after.result(province)
    return Change(
        before=old.need,
        after=new.need,
        entering=tuple(sorted(set(new.chosen) - set(old.chosen))),
        leaving=tuple(sorted(set(old.chosen) - set(new.chosen))),
        shortage=new.shortage,
    )
