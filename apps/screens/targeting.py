"""Choosing target villages: the rules, the choice and its proof on a map, and the reasons."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from apps.dates import today
from apps.publication import PACKS_FOLDER
from apps.screens import parts, plan_view, rules_view
from apps.screens.parts import tell
from geo.codes import Level
from geo.gazetteer import name_of
from layers.workspace import Workspace
from targeting import plan as plans
from targeting import programme
from targeting.evidence import gather
from targeting.plan import Plan
from targeting.programme import Programme


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
    results, rules = st.container(), st.container()
    with rules:
        readings = rules_view.show_rules(scope.programme, plan)
    with st.sidebar:
        read = scope.programme.with_readings(readings)
        show_run_button(workspace, read, scope.province, plan)
    with results:
        if plan is not None:
            plan_view.show_plan(workspace, plan, scope.programme, scope.province)
    parts.show_about(workspace)


# -- what to choose for, and doing it --------------------------------------------------------------


def ask_scope(workspace: Workspace) -> Scope | None:
    """Ask for programme and province; None where no province of the workspace takes part."""
    language = parts.language()
    own = (workspace.folder / PACKS_FOLDER,)
    entries = {entry.id: programme.load(entry.id, own) for entry in programme.packs(own)}
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
    folder = workspace.folder / plans.FOLDER
    prefix = f"{scope.programme.id}-{scope.province}-"
    chosen = st.session_state.get("plan_id", "")
    if not (chosen.startswith(prefix) and (folder / chosen).is_dir()):
        chosen = next((name for name in plans.saved(folder) if name.startswith(prefix)), "")
    return plan_view.saved_plan(str(folder / chosen)) if chosen else None


def show_run_button(
    workspace: Workspace, read: Programme, province: str, plan: Plan | None
) -> None:
    """Show what is allotted and the button that chooses, saves and shows a plan."""
    allotted = read.allotment(province)
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
    with st.spinner(tell("targeting.running"), show_time=True):
        made = plans.make(
            read,
            gather(workspace, [province]),
            [province],
            decided_on=today(),
        )
        folder = plans.save(made, workspace.folder / plans.FOLDER)
    st.session_state["plan_id"] = folder.name
    st.session_state["village"] = None
    st.toast(tell("targeting.saved", plan=folder.name), icon=":material/save:")
    st.rerun()
