"""Other good choices: the best few beside the plan, and how firm each unit's place is."""

from __future__ import annotations

from typing import Any

import pandas as pd

from phaenthi.apps.screens import page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions import waiting
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import markdown
from phaenthi.targeting.choice.solve import Workings
from phaenthi.targeting.limits import pose
from phaenthi.targeting.programme.programme import Programme
from phaenthi.wording import Problem

MOST = 5
LONGEST_LIST = 60


def show(desk: Desk) -> None:
    """Show the best choices and, when asked, how often each unit is in those close to the best."""
    st.markdown(tell("planner.alternatives.lead", unit=desk.noun))
    # Where an integer programme chooses, each choice is solved for anew, which can take long.
    if _asked(desk, "find_alternatives", at_once=_is_quick(desk)):
        best = ask(desk, "find_alternatives", most=MOST)
        if best is not None:
            show_best(desk, best)
    show_frequencies(desk)


def _is_quick(desk: Desk) -> bool:
    """Tell whether other choices are found without solving for each anew."""
    plan = desk.plan
    locks = tuple((one.unit_code, one.action == "in") for one in plan.overrides)
    return _solves_by_counting(plan.id, desk.province, locks, desk.programme, plan.units)


@st.cache_resource(show_spinner=False, max_entries=24)
def _solves_by_counting(
    plan_id: str,  # noqa: ARG001 - part of the key
    province: str,
    locks: tuple[tuple[str, bool], ...],
    _programme: Programme,
    _units: pd.DataFrame,
) -> bool:
    parts_ = Workings(pose.pose(_programme, _units, [province], dict(locks))).parts
    return parts_ is not None and all(laid.way != "mixed" for laid in parts_)


def _asked(desk: Desk, task: str, *, at_once: bool = False) -> bool:
    """Tell whether a question is to be answered now; ask by a button where it may take long."""
    known = (desk.workspace.address, desk.plan.id, task) in _answers()
    if known or at_once:
        return True
    return st.button(
        tell(f"planner.alternatives.{task}"), icon=":material/functions:", key=f"ask_{task}"
    )


@st.cache_resource(show_spinner=False)
def _answers() -> dict[tuple[str, str, str], dict[str, Any]]:
    """Return what was answered before, by workspace, plan and question: a plan never changes."""
    return {}


def ask(desk: Desk, task: str, **values: object) -> dict[str, Any] | None:
    """Ask the worker once; a problem is told on the page."""
    key = (desk.workspace.address, desk.plan.id, task)
    if key not in _answers():
        asked = {"workspace": desk.workspace.address, "plan": desk.plan.id}
        try:
            _answers()[key] = waiting.finish(task, task, **asked, province=desk.province, **values)
        except Problem as problem:
            st.error(problem.sentence(page_words.language()), icon=":material/error:")
            return None
    return _answers()[key]


def show_best(desk: Desk, best: dict[str, Any]) -> None:
    """Show the best choices, each by what it has otherwise than the plan."""
    chosen = set(desk.plan.result(desk.province).chosen)
    need = desk.plan.result(desk.province).need
    for place, (codes, points) in enumerate(
        zip(best["choices"], best["needs"], strict=True), start=1
    ):
        into, out = sorted(set(codes) - chosen), sorted(chosen - set(codes))
        with st.container(border=True, gap="small"):
            side = "plan" if not into and not out else "same" if points == need else "other"
            title = tell(
                f"planner.alternatives.{side}",
                place=place,
                need=f"{points:,}",
                points=f"{need - points:,}",
            )
            st.markdown(markdown.bold(title))
            if into or out:
                st.write(tell("decision.entering", villages=desk.say_units(into)))
                st.write(tell("decision.leaving", villages=desk.say_units(out)))
    if len(best["choices"]) < MOST:
        st.caption(tell("planner.alternatives.all", count=len(best["choices"])))


def show_frequencies(desk: Desk) -> None:
    """Show, once it was asked for, how often each unit is in choices close to the best."""
    st.markdown(markdown.fill("##### {}", tell("planner.alternatives.often_title")))
    st.caption(tell("planner.alternatives.often_lead", unit=desk.noun))
    if not _asked(desk, "count_alternatives"):
        return
    often = ask(desk, "count_alternatives")
    if often is None:
        return
    kind = "exact" if often["exact"] else "sampled"
    st.write(tell(f"planner.alternatives.{kind}", count=f"{often['choices']:,}"))
    share = pd.Series(often["share"], dtype=float)
    firm = int((share == 1).sum())
    st.write(tell("planner.alternatives.firm", count=f"{firm:,}", unit=desk.noun))
    open_ = share[share < 1].sort_values(ascending=False, kind="stable").head(LONGEST_LIST)
    if open_.empty:
        return
    units = desk.units.set_index("unit_code").reindex(open_.index)
    st.dataframe(
        pd.DataFrame(
            {
                "share": (100 * open_).round().astype(int),
                "title": units["title"],
                "where": units["where"],
                "status": [tell(f"status_short.{one}") for one in units["status"]],
                "code": open_.index,
            }
        ),
        hide_index=True,
        height="auto",
        column_config={
            "share": st.column_config.ProgressColumn(
                tell("planner.alternatives.share"), min_value=0, max_value=100, format="%d%%"
            ),
            "title": tell("planner.table.unit", unit=desk.noun),
            "where": tell("planner.selection.where"),
            "status": tell("targeting.table.status"),
            "code": tell("targeting.table.code"),
        },
    )
