"""Plans as the page makes them: tried, compared with the one before, kept, undone and redone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from phaenthi.apps.dates import BANGKOK, today
from phaenthi.apps.intake import unit_tables
from phaenthi.apps.planning import plan_steps
from phaenthi.apps.planning.plan_steps import Line, Step, StepKind
from phaenthi.apps.planning.plans import load_plan, save_plan, saved_plans
from phaenthi.apps.planning.units import KEPT
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions import waiting
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.limits.demand import Shortage
from phaenthi.targeting.plan import keeping
from phaenthi.targeting.plan.record import Number, Override, Plan
from phaenthi.targeting.programme.programme import Programme

PLANS_LISTED = 12
# Plans that were only tried lie here, out of every list, and are swept away after a day.
DAY = 86_400


# A saved plan never changes, so one copy serves every session.
@st.cache_resource(show_spinner=False, max_entries=3 * PLANS_LISTED)
def saved_plan(address: str, plan_id: str) -> Plan:
    """Return a saved plan of the workspace at an address."""
    return load_plan(Workspace.open(address), plan_id)


@st.cache_resource(show_spinner=False, max_entries=3 * PLANS_LISTED)
def _tried_plan(address: str, plan_id: str) -> Plan:
    tried = Workspace.open(address).documents(DocumentKind.TRIED_PLANS)
    return keeping.load(tried.file(plan_id))


def plan_here(workspace: Workspace, plan_id: str) -> Plan:
    """Return a plan of the workspace by its id."""
    return saved_plan(workspace.address, plan_id)


def plans_of(workspace: Workspace, programme: Programme, province: str) -> list[str]:
    """Return the ids of the plans for a programme and a province, the newest first."""
    prefix = f"{programme.id}-{province}-"
    return [name for name in saved_plans(workspace) if name.startswith(prefix)]


def now() -> datetime:
    """Return the moment by the clock of Bangkok."""
    return datetime.now(BANGKOK)


# -- making ----------------------------------------------------------------------------------------


@st.cache_resource(show_spinner=False)
def _tried() -> dict[tuple[object, ...], str]:
    """Return the id of each plan that was tried, by all that it rests on."""
    return {}


def work_out(
    workspace: Workspace,
    programme: Programme,
    province: str,
    overrides: Sequence[Override],
    key: str = "plan",
    numbers: Sequence[Number] | None = None,
    before: Plan | None = None,
) -> Plan:
    """Make a plan from the data of now without saving it; the page shows how far it is.

    Parameters
    ----------
    programme
        With its readings.
    overrides
        What people decided otherwise.
    key
        Tells this work from other work of the page.
    numbers
        Numbers of the rules that people set otherwise; those of ``before`` without it.
    before
        The plan whose own table of units serves where none was given.

    Raises
    ------
    Problem
        As :func:`phaenthi.targeting.plan.making.make`.
    """
    table = unit_tables.table_for(programme, workspace, before)
    stamp = (str(table), table.stat().st_mtime_ns) if table is not None else None
    if numbers is None:
        numbers = before.numbers if before is not None else ()
    told = tuple(sorted(map(str, (*overrides, *numbers))))
    asked = (workspace.address, workspace.generation, programme.digest(), province)
    known = (*asked, told, stamp, today())
    plan_id = _tried().get(known)
    tried = workspace.documents(DocumentKind.TRIED_PLANS)
    if plan_id is None or not tried.has(f"{plan_id}/plan.json"):
        answer = waiting.finish(
            key,
            "make_plan",
            workspace=workspace.address,
            # Work on the data before an import is no answer for those after it.
            generation=workspace.generation,
            programme=programme.id,
            readings=programme.readings,
            province=province,
            overrides=[asdict(one) for one in overrides],
            numbers=[asdict(one) for one in numbers],
            units=None if table is None else str(table),
        )
        plan_id = str(answer["plan"])
        _tried()[known] = plan_id
    return _tried_plan(workspace.address, plan_id)


def sweep(workspace: Workspace) -> None:
    """Take away plans that were tried more than a day ago."""
    workspace.documents(DocumentKind.TRIED_PLANS).sweep("*", DAY)


# -- keeping, and the way back ---------------------------------------------------------------------


def keep(
    workspace: Workspace,
    plan: Plan,
    kind: StepKind,
    *,
    codes: Sequence[str] = (),
    reason: str = "",
    decided_by: str = "",
) -> None:
    """Save a plan as the next step of this session's line and make it the one shown."""
    save_plan(plan, workspace)
    plans, units = workspace.documents(DocumentKind.PLANS), f"{plan.id}/{KEPT}"
    given = workspace.documents(DocumentKind.TRIED_PLANS).read(units)
    if given is not None and not plans.has(units):
        plans.write(units, given)
    before = line_of(workspace)
    when = now().isoformat(timespec="seconds")
    step = Step(kind, plan.id, when, tuple(codes), reason, decided_by)
    if before is None and st.session_state.get("plan_id") and kind != "chosen":
        # The plan on the page was made elsewhere: it is where this line begins.
        before = Line((str(st.session_state["plan_id"]),), 0, ())
    line = plan_steps.begin(step) if before is None or kind == "chosen" else before.go_on(step)
    _take(workspace, line)


def line_of(workspace: Workspace) -> Line | None:
    """Return the line of this session, if it leads to the plan that is shown."""
    line = plan_steps.find(str(st.session_state.get("line_id") or ""), workspace)
    if line is None or line.plan != st.session_state.get("plan_id"):
        return None
    return line


def undo(workspace: Workspace) -> None:
    """Go back to the plan before."""
    line = line_of(workspace)
    if line is not None and line.can_undo:
        _take(workspace, line.undo(now()))


def redo(workspace: Workspace) -> None:
    """Go on to the plan that was undone last."""
    line = line_of(workspace)
    if line is not None and line.can_redo:
        _take(workspace, line.redo(now()))


def _take(workspace: Workspace, line: Line) -> None:
    st.session_state["line_id"] = plan_steps.keep(line, workspace)
    take_plan(line.plan)


def take_plan(plan_id: str) -> None:
    """Make a saved plan the one that this session shows."""
    st.session_state["plan_id"] = plan_id
    # Its own readings are where one goes on from.
    st.session_state.pop("kept_readings", None)
    st.session_state.pop("deciding", None)


# -- what changes ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """What one plan has otherwise than another in a province.

    Attributes
    ----------
    points
        Total need gained; below zero when it is lost.
    entering, leaving
        Codes of the units that are chosen now and were not, and the other way round.
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
