"""Which plan the exports page speaks of."""

from __future__ import annotations

from phaenthi.apps.dates import told_date
from phaenthi.apps.planning import plan_labels
from phaenthi.apps.planning.plans import load_plan, saved_plans
from phaenthi.apps.planning.units import programme_of
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.apps.screens import kept_choices, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.geo.texts import html, markdown
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Language, Problem


@st.cache_resource(show_spinner=False, max_entries=8)
def publication_of(folder: str, generation: int, plan_id: str) -> Publication:
    """Return a saved plan beside its programme. Do not change it."""
    del generation
    workspace = Workspace.open(folder)
    return Publication.of(load_plan(workspace, plan_id), workspace)


def ask_plan(workspace: Workspace) -> Publication | None:
    """Show the saved plans and return the one chosen; None after telling that there is none."""
    listed = dict(plan_labels.in_order(saved_plans(workspace), workspace))
    if not listed:
        with st.container(border=True):
            st.markdown(markdown.bold(tell("exports.no_plan")))
            st.write(tell("exports.no_plan_do"))
            link("targeting", tell("exports.to_targeting"))
        return None
    options = list(listed)
    looked_at = str(st.session_state.get("plan_id") or "")
    default = looked_at if looked_at in options else options[0]
    st.session_state.setdefault("kept_exports_plan", default)
    folder, generation = workspace.address, workspace.generation
    plan_id = kept_choices.choose_one(
        tell("exports.plan"),
        options,
        "exports_plan",
        {one: say_plan(folder, generation, one, listed[one]) for one in options}.__getitem__,
        default=default,
    )
    try:
        return publication_of(folder, generation, plan_id)
    except Problem as problem:
        st.error(problem.sentence(page_words.language()), icon=":material/error:")
        return None


def say_plan(folder: str, generation: int, plan_id: str, label: plan_labels.Label | None) -> str:
    """Name a plan in a line: its name if it was put away, programme, provinces, day and id."""
    short = plan_id.rsplit("-", 1)[-1]
    try:
        told = _facts(folder, generation, plan_id, page_words.language())
    except Problem:
        return plan_id
    name = f"★ {label.name} · " if label is not None else ""
    return f"{name}{told} · {short}"


@st.cache_data(show_spinner=False, max_entries=500)
def _facts(folder: str, generation: int, plan_id: str, language: Language) -> str:
    del generation
    workspace = Workspace.open(folder)
    plan = load_plan(workspace, plan_id)
    provinces = ", ".join(name_of(code, language) for code in plan.provinces)
    programme = programme_of(plan, workspace)
    day = told_date(plan.decided_on, language)
    return f"{provinces} · {day} · {programme.name(language)}"


def link(address: str, label: str) -> None:
    """Show a link to another page of the app that stays in the same tab."""
    st.html(html.fill('<a class="ph-link" href="{}" target="_self">{} →</a>', address, label))
