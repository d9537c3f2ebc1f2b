"""Choosing target villages: the rules, the choice and its proof on a map, and the reasons."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from apps.dates import told_date
from apps.publication import PACKS_FOLDER
from apps.screens import address, drafts, parts, plan_view, rules_view
from apps.screens.parts import tell
from geo.codes import Level
from geo.gazetteer import name_of
from layers.workspace import Workspace
from targeting import plan as plans
from targeting import programme
from targeting.plan import Plan
from targeting.programme import Programme
from wording import Problem, say

IN_ADDRESS = ("programme", "province", "plan", "village", "amphoe")


@dataclass(frozen=True)
class Scope:
    """Whose villages are to be chosen, and under what."""

    programme: Programme
    province: str


def show() -> None:
    """Draw the page."""
    workspace = parts.open_workspace()
    parts.show_heading(tell("targeting.title"), workspace)
    if workspace is None:
        return
    if not workspace.has("villages"):
        st.info(tell("overview.nothing"))
        return
    with st.sidebar:
        scope = ask_scope(workspace)
    if scope is None:
        return
    plan = shown_plan(workspace, scope)
    st.session_state["plan_id"] = plan.id if plan is not None else None
    results, rules = st.container(), st.container()
    with rules:
        readings = rules_view.show_rules(scope.programme, plan)
    with st.sidebar:
        read = scope.programme.with_readings(readings)
        show_run_button(workspace, read, scope.province, plan)
        show_saved_plans(workspace, scope, plan)
    with results:
        if plan is not None:
            plan_view.show_plan(workspace, plan, scope.programme, scope.province)
    parts.show_about(workspace)
    address.write(IN_ADDRESS)


# -- what to choose for, and doing it --------------------------------------------------------------


def ask_scope(workspace: Workspace) -> Scope | None:
    """Ask for programme and province; None where no province of the workspace takes part."""
    language = parts.language()
    own = (workspace.folder / PACKS_FOLDER,)
    loaded = [programme.load(entry.id, own) for entry in programme.packs(own)]
    # What the layers alone can choose comes first; the others show their rules and what is missing.
    loaded.sort(key=lambda pack: (not pack.layers_suffice, pack.id))
    entries = {pack.id: pack for pack in loaded}
    wanted = parts.choose_one(
        tell("targeting.programme"),
        list(entries),
        "programme",
        lambda pack: entries[pack].name(language),
    )
    # The box cuts a long name short.
    st.caption(entries[wanted].name(language))
    pack = entries[wanted]
    table = parts.village_table(str(workspace.folder), workspace.generation)
    here = sorted(table[Level.PROVINCE.column].unique())
    taking_part = [code for code in here if code in pack.provinces()]
    if not taking_part:
        st.warning(tell("targeting.none_in_scope", count=len(pack.provinces())))
        return None
    last = last_province(workspace, pack)
    province = parts.choose_one(
        tell("targeting.province"),
        taking_part,
        "province",
        lambda code: name_of(code, language),
        default=last if last in taking_part else None,
    )
    outside = [name_of(code, language) for code in here if code not in taking_part]
    if outside:
        st.caption(tell("targeting.not_in_scope", province=", ".join(outside)))
    return Scope(pack, province)


def last_province(workspace: Workspace, pack: Programme) -> str | None:
    """Return the province of the plan saved last for a programme."""
    for name in plans.saved(workspace.folder / plans.FOLDER):
        province, _, digest = name.removeprefix(f"{pack.id}-").partition("-")
        if name.startswith(pack.id) and digest and province in pack.provinces():
            return province
    return None


def shown_plan(workspace: Workspace, scope: Scope) -> Plan | None:
    """Return the plan of this session, else the newest one saved for programme and province."""
    saved = drafts.plans_of(workspace, scope.programme, scope.province)
    wanted = st.session_state.get("plan_id")
    prefix = f"{scope.programme.id}-{scope.province}-"
    if wanted and wanted not in saved and wanted.startswith(prefix):
        st.warning(tell("targeting.plan_not_here", plan=wanted), icon=":material/link_off:")
    chosen = wanted if wanted in saved else next(iter(saved), None)
    if chosen is None:
        return None
    return drafts.saved_plan(str(workspace.folder / plans.FOLDER / chosen))


def show_saved_plans(workspace: Workspace, scope: Scope, shown: Plan | None) -> None:
    """Show the plans made so far, so that one can go back to an earlier one."""
    saved = drafts.plans_of(workspace, scope.programme, scope.province)[: drafts.PLANS_LISTED]
    if shown is None or len(saved) < 2:
        return
    if shown.id not in saved:
        saved.append(shown.id)

    def say_plan(name: str) -> str:
        plan = drafts.saved_plan(str(workspace.folder / plans.FOLDER / name))
        return tell(
            "targeting.plan_line",
            date=told_date(plan.decided_on, parts.language()),
            need=f"{plan.result(scope.province).need:,}",
            decisions=len(plan.overrides),
            plan=name.rsplit("-", 1)[-1],
        )

    key = parts.widget_key("saved_plan")
    st.session_state[key] = shown.id

    def take_plan() -> None:
        st.session_state["plan_id"] = st.session_state[key]

    st.selectbox(
        tell("targeting.saved_plans"),
        saved,
        format_func=say_plan,
        key=key,
        help=tell("targeting.saved_plans_help"),
        on_change=take_plan,
    )


def show_run_button(
    workspace: Workspace, read: Programme, province: str, plan: Plan | None
) -> None:
    """Show what is allotted and the button that chooses, saves and shows a plan."""
    try:
        allotted = read.allotment(province)
    except Problem as problem:
        st.info(problem.sentence(parts.language()), icon=":material/help:")
        return
    if read.needs_unit_table:
        unit = say(f"packpage.unit.{read.unit}", parts.language())
        needed = say("packpage.units_needed", parts.language(), unit=unit)
        st.info(needed, icon=":material/help:")
        return
    name = name_of(province, parts.language())
    if allotted.areas is None:
        st.write(tell("targeting.allotment_units", province=name, units=allotted.units))
    else:
        sentence = tell(
            "targeting.allotment", province=name, units=allotted.units, areas=allotted.areas
        )
        st.write(sentence)
    stale = plan is not None and dict(plan.readings) != read.readings
    if stale:
        st.info(tell("targeting.stale"), icon=":material/sync:")
    pressed = st.button(
        tell("targeting.run") if plan is None else tell("targeting.run_again"),
        type="primary" if plan is None or stale else "secondary",
        icon=":material/checklist:",
        width="stretch",
        key="targeting_run",
    )
    if plan is not None:
        # A link inside the page: the rules stand below the results.
        st.markdown(f"[:material/gavel: {tell('targeting.see_rules')}](#rules)")
    if not pressed:
        return
    # What was decided stays decided; under other rules it may not be allowed any more.
    decided = plan.overrides if plan is not None else ()
    try:
        with st.spinner(tell("targeting.running"), show_time=True):
            drafts.keep(workspace, drafts.work_out(workspace, read, province, decided))
    except Problem as problem:
        st.error(problem.sentence(parts.language()), icon=":material/error:")
        return
    st.session_state["told_next"] = tell("targeting.saved", plan=st.session_state["plan_id"])
    st.rerun()
