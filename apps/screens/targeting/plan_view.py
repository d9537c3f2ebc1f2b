"""The sixth step: a plan under review, its figures and proof, and the ways to look at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from markupsafe import Markup

from phaenthi.apps.screens import address, furniture, kept_choices, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions import decision_log, decisions, what_if
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.decisions.plan_checks import _to_justify, checked
from phaenthi.apps.screens.decisions.telling import telling
from phaenthi.apps.screens.page_words import tell
from phaenthi.apps.screens.plan_review import (
    alternatives,
    capacity,
    fairness,
    map_table,
    people,
    reserve,
    side_by_side,
)
from phaenthi.apps.screens.targeting import choosing
from phaenthi.apps.screens.targeting.scope import Scope
from phaenthi.geo.texts import html, markdown
from phaenthi.targeting.clash.words import say_shortfalls
from phaenthi.wording import say

VIEWS: Mapping[str, Callable[[Desk], None]] = {
    "map": map_table.show,
    "amphoe": capacity.show,
    "reserve": reserve.show,
    "log": decision_log.show,
    "what_if": what_if.show,
    "alternatives": alternatives.show,
    "fairness": fairness.show,
    "compare": side_by_side.show,
}
# Of households nothing is shown one by one.
VIEWS_OF_PEOPLE = ("people", "log")
IN_ADDRESS = ("view", "village", "amphoe", "rule", "with", "line", "plan")


def show(desk: Desk, asked: Scope) -> None:
    """Show a plan: figures, proof, and one way to look at it at a time."""
    if desk.plan.result(desk.province).shortage is not None:
        show_warnings(desk)
        choosing.show_clash(desk.plan, asked)
        return
    show_figures(desk)
    show_proof(desk)
    show_views(desk)


@st.fragment
def show_views(desk: Desk) -> None:
    """Show the bar of the views and the one that is open; a click in it draws only this part."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", gap="small", key="review_bar"
    ):
        view = ask_view(desk)
        with st.container(horizontal=True, width="content", gap="small", key="review_steps"):
            show_warnings(desk)
            decision_log.show_back_and_on(desk)
    with telling():
        if view == "people":
            people.show(desk)
        else:
            VIEWS[view](desk)
        decisions.show_question(desk)
    address.write(IN_ADDRESS)


def ask_view(desk: Desk) -> str:
    """Ask how to look at the plan."""
    views = list(VIEWS_OF_PEOPLE if desk.of_people else VIEWS)
    _, key, take = kept_choices.remembered("review", views)
    found = st.segmented_control(
        tell("planner.view.title"),
        views,
        format_func=lambda name: tell(f"planner.view.{name}"),
        key=key,
        on_change=take,
        label_visibility="collapsed",
        required=True,
    )
    return found or views[0]


# -- what holds for the whole plan -----------------------------------------------------------------


def show_figures(desk: Desk) -> None:
    """Show the headline figures of the plan."""
    summary = desk.plan.summary
    row = summary[summary["province_code"] == desk.province].to_dict("records")[0]
    result = desk.plan.result(desk.province)
    areas = result.demand.areas
    figures = [
        (
            tell("planner.figure.chosen", unit=desk.noun),
            f"{int(row['chosen']):,}",
            tell("targeting.figure.chosen_of", allotted=f"{int(row['allotted']):,}"),
        ),
        (
            tell("targeting.figure.areas"),
            f"{int(row['areas_used']):,}",
            "" if areas is None else tell("targeting.figure.areas_of", allotted=areas),
        ),
    ]
    if desk.programme.members() is not None:
        households = f"{result.target_households:,}"
        note = tell("planner.figure.households_note", unit=desk.noun)
        figures.append((tell("targeting.figure.households"), households, note))
    if desk.programme.need() is not None:
        figures.append((tell("targeting.figure.need"), f"{result.need:,}", _beside_sorting(desk)))
    if result.baht:
        figures.append(
            (tell("planner.figure.baht"), f"{result.baht:,}", tell("planner.figure.baht_note"))
        )
    furniture.show_figures(figures)


def _beside_sorting(desk: Desk) -> str:
    """Say how the plan compares with a list that is sorted and taken from the top."""
    result = desk.plan.result(desk.province)
    gain = result.need - result.sort_and_take_need
    if gain < 0 or len(result.sort_and_take) < len(result.chosen):
        return tell("targeting.figure.need_greedy_fails")
    if gain > 0:
        return tell("targeting.figure.need_gain", gain=f"{gain:,}")
    return tell("targeting.figure.need_same")


def show_proof(desk: Desk) -> None:
    """Show in one sentence how good the plan provably is."""
    plan = desk.plan
    report = checked(desk)
    found = next((p for p in report.proofs if desk.province in p.provinces), None)
    if not report.stands or found is None:
        failures = " · ".join(
            say(failure.wording, page_words.language(), **failure.numbers)
            for failure in report.failures
        )
        st.html(_proof(tell("targeting.proof.failed", failures=failures or "–"), "✕", "ph-bad"))
        return
    need, mark, kind = f"{found.need:,}", "✓", ""
    if desk.programme.need() is None:
        sentence = tell("planner.proof.without_need", unit=desk.noun)
    elif found.ceiling is None or not found.settled:
        gap = "–" if found.gap is None else f"{found.gap:,}"
        sentence, mark, kind = tell("planner.proof.open", need=need, gap=gap), "!", "ph-open"
    elif found.gap == 0:
        sentence = tell("targeting.proof.closed", need=need)
    else:
        sentence = tell("targeting.proof.counted", need=need, ceiling=f"{found.ceiling:,}")
    if plan.overrides:
        sentence = f"{sentence} {tell('planner.proof.decided', count=len(plan.overrides))}"
    if plan.numbers:
        sentence = f"{sentence} {tell('planner.what_if.proof', count=len(plan.numbers))}"
    st.html(_proof(sentence, mark, kind))


def _proof(sentence: str, mark: str, kind: str) -> Markup:
    return html.fill(
        '<div class="ph-proof {}"><b>{}</b><span>{}</span></div>', kind, mark, sentence
    )


def warnings_of(desk: Desk) -> list[str]:
    """Return what the planner must know before trusting the plan: unmatched and prior years."""
    plan = desk.plan
    changed = [page_words.layer_label(name) for name in desk.changed_layers()]
    found = []
    if changed:
        found.append(tell("targeting.warning.input_changed", layers=", ".join(changed)))
    found += _to_justify(desk)
    for certificate in plan.certificates:
        if desk.province in certificate.provinces:
            found += say_shortfalls(
                certificate.shortfalls, desk.programme.unit, page_words.language()
            )
    ties = sum(result.tied_places for result in plan.results)
    if ties:
        found.append(tell("targeting.proof.ties", count=ties))
    found += [
        tell("targeting.warning.missing_layer", layer=page_words.layer_label(name))
        for name in plan.missing_layers
    ]
    if plan.unmatched_history and desk.programme.overlap_rules():
        count = f"{plan.unmatched_history:,}"
        found.append(tell("targeting.warning.unmatched", count=count))
    overlaps = desk.units["overlap"].value_counts()
    for overlap in ("list_needed", "match_needed", "register_needed", "usable"):
        if overlaps.get(overlap, 0):
            found.append(tell(f"targeting.warning.{overlap}", count=f"{overlaps[overlap]:,}"))
    return found


def show_warnings(desk: Desk) -> None:
    """Show the warnings of a plan folded away under their number."""
    found = warnings_of(desk)
    if found:
        title = tell("targeting.warning.title", count=len(found))
        with st.popover(title, icon=":material/info:", key="warnings"):
            st.markdown(markdown.bullets(found))
