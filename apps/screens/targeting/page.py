"""The page itself: where the session is on the guided path, and the step drawn there."""

from __future__ import annotations

from datetime import timedelta

from phaenthi.apps.long_work import job
from phaenthi.apps.screens import address, first_steps, furniture, kept_choices, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions import drafts
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.page_words import tell
from phaenthi.apps.screens.targeting import (
    choosing,
    data_check,
    path,
    plan_view,
    putting_away,
    rules_view,
    scope,
)
from phaenthi.apps.screens.targeting.path import Step
from phaenthi.apps.screens.targeting.scope import Scope
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.plan.record import Plan
from phaenthi.targeting.programme.programme import Programme

IN_ADDRESS = (
    *("programme", "province", "step", "readings", "plan", "line"),
    *("view", "village", "amphoe", "rule", "with"),
)


def show() -> None:
    """Draw the page."""
    workspace = first_steps.open_workspace()
    furniture.show_heading(tell("targeting.title"), workspace)
    if workspace is None:
        return
    if not workspace.has("villages"):
        first_steps.show_no_register()
        return
    prepare(workspace.address)
    with st.container(gap="xsmall"):
        show_path(workspace)
    furniture.show_about(workspace)
    address.write(IN_ADDRESS)


def show_path(workspace: Workspace) -> None:
    """Draw the steps and the one that the session is at."""
    packs = scope.load_packs(workspace)
    asked = scope.chosen_scope(workspace, packs)
    plan = shown_plan(workspace, asked)
    st.session_state["plan_id"] = plan.id if plan is not None else None
    at = path.current(planned=plan is not None)
    path.show_steps(at, facts_of(at, asked), planned=plan is not None)
    if at in path.WITH_PLAN and plan is not None:
        desk = Desk.of(workspace, plan, asked.programme, asked.province)
        if at == "review":
            plan_view.show(desk, asked)
        else:
            path.show_lead(at)
            putting_away.show(desk)
        path.show_way(at, planned=True)
    else:
        show_step(at, workspace, packs, asked, plan)
    # What one began with is kept like a choice, so that a reload or a link comes back to it.
    kept_choices.keep("step", at)
    kept_choices.keep("programme", asked.programme.id)
    kept_choices.keep("province", asked.province)


@st.cache_resource(show_spinner=False, ttl=timedelta(hours=12))
def prepare(folder: str) -> None:
    """Start what waits for long work, and sweep away what was only tried."""
    job.warm_up()
    drafts.sweep(Workspace.open(folder))


def show_step(
    at: Step, workspace: Workspace, packs: list[Programme], asked: Scope, plan: Plan | None
) -> None:
    """Draw one of the steps that lead to a plan, with the way back and on."""
    path.show_lead(at)
    ready, urgent = bool(asked.taking_part), True
    if at == "programme":
        scope.ask_programme(workspace, packs, asked)
        ready = True
    elif at == "area" or not asked.taking_part:
        scope.ask_area(workspace, asked)
    else:
        readings = rules_view.readings_of(asked.programme, plan)
        read = asked.programme.with_readings(readings)
        if at == "data":
            data_check.show(workspace, asked, read)
        elif at == "rules":
            rules_view.show_rules(asked.programme, readings)
        else:
            choosing.show(workspace, asked, read, plan)
            urgent = plan is not None and dict(plan.readings) == read.readings
    path.show_way(at, planned=plan is not None, ready=ready, urgent=urgent)


def facts_of(at: Step, asked: Scope) -> list[tuple[str, str]]:
    """Return for which programme and area the page works, as far as that was decided."""
    if at == "programme":
        return []
    facts = [(tell("targeting.programme"), asked.programme.name(page_words.language()))]
    if asked.province and at != "area":
        province = name_of(asked.province, page_words.language())
        facts.append((tell("targeting.province"), province))
    return facts


def shown_plan(workspace: Workspace, asked: Scope) -> Plan | None:
    """Return the plan of this session, else the newest one saved for programme and province."""
    if not asked.province:
        return None
    saved = drafts.plans_of(workspace, asked.programme, asked.province)
    wanted = st.session_state.get("plan_id")
    prefix = f"{asked.programme.id}-{asked.province}-"
    if wanted and wanted not in saved and wanted.startswith(prefix):
        st.warning(tell("targeting.plan_not_here", plan=wanted), icon=":material/link_off:")
    chosen = wanted if wanted in saved else next(iter(saved), None)
    return None if chosen is None else drafts.plan_here(workspace, chosen)
