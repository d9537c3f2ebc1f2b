"""Who decided what and when: the decisions that hold, the way to the plan, undo and redo."""

from __future__ import annotations

import pandas as pd

from phaenthi.apps.dates import BANGKOK, told_date
from phaenthi.apps.planning import plan_labels
from phaenthi.apps.planning.plan_steps import Line, Step
from phaenthi.apps.screens import page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions import decisions, drafts, what_if
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import markdown
from phaenthi.targeting.plan.number_words import say_number
from phaenthi.wording import Problem


def show_back_and_on(desk: Desk) -> None:
    """Show the buttons that undo the last step and redo an undone one."""
    line = drafts.line_of(desk.workspace)
    for name, act, open_ in (
        ("undo", drafts.undo, line is not None and line.can_undo),
        ("redo", drafts.redo, line is not None and line.can_redo),
    ):
        pressed = st.button(
            tell(f"planner.log.{name}"),
            icon=f":material/{name}:",
            key=f"plan_{name}",
            disabled=not open_,
            help=_say_way(desk, line, name) if open_ and line is not None else None,
        )
        if pressed:
            # Another plan is another page, not only another part of it.
            act(desk.workspace)
            st.rerun()


def _say_way(desk: Desk, line: Line, name: str) -> str:
    """Say which step an undo takes back, or a redo takes again."""
    plan = line.plan if name == "undo" else line.plans[line.at + 1]
    made = [one for one in line.steps if one.plan == plan and one.kind not in ("undone", "redone")]
    return say_step(desk, made[-1]) if made else tell(f"planner.log.{name}")


def say_step(desk: Desk, step: Step) -> str:
    """Say what a step did."""
    units = desk.say_units(step.codes)
    if step.kind == "swap" and len(step.codes) == 2:
        first, second = (desk.say_units([code]) for code in step.codes)
        return tell("planner.log.kind.swap", first=first, second=second)
    if step.kind == "numbers":
        return tell("planner.log.kind.numbers", numbers=_say_numbers(desk, step))
    return tell(f"planner.log.kind.{step.kind}", units=units, first="", second="")


def _say_numbers(desk: Desk, step: Step) -> str:
    """Say the numbers that a step set, as its plan has them."""
    try:
        plan = drafts.plan_here(desk.workspace, step.plan)
    except Problem:
        return "–"
    said = (step.reason, step.decided_by)
    numbers = [one for one in plan.numbers if (one.reason, one.decided_by) == said]
    language = page_words.language()
    return ", ".join(say_number(desk.programme, one, language) for one in numbers) or "–"


def say_moment(step: Step) -> str:
    """Say when a step was taken."""
    moment = step.moment.astimezone(BANGKOK)
    return tell(
        "planner.moment", date=told_date(moment, page_words.language()), time=f"{moment:%H:%M}"
    )


def show_in_force(desk: Desk) -> None:
    """Show what was decided otherwise than proposed, by whom and why, and what it costs."""
    show_numbers(desk)
    decided = desk.plan.overrides
    if not decided:
        if desk.plan.numbers:
            return
        st.info(tell("planner.log.nothing"), icon=":material/info:")
        return
    st.markdown(markdown.fill("##### {}", tell("decision.list", count=len(decided))))
    with st.container(key="decision_list"):
        for one in decided:
            with st.container(border=True, horizontal=True, vertical_alignment="center"):
                told = tell(f"decision.did_{one.action}", village=desk.say_units([one.unit_code]))
                because = tell("decision.because", reason=one.reason, by=one.decided_by)
                st.markdown(markdown.fill("**{}**  \n{}", told, because))
                st.button(
                    tell("planner.log.withdraw"),
                    icon=decisions.ICONS["withdrawn"],
                    key=f"undo_{one.unit_code}",
                    on_click=decisions.begin,
                    args=("withdrawn", (one.unit_code,)),
                )
        free = desk.work_out((), "free")
        change = drafts.compare(free, desk.as_of_now(), desk.province)
        if change.shortage is None:
            st.caption(tell("decision.total", what=decisions.say_points(change)))


def show_numbers(desk: Desk) -> None:
    """Show the numbers that people set otherwise than the document, and why."""
    if not desk.plan.numbers:
        return
    st.markdown(markdown.fill("##### {}", tell("planner.what_if.set")))
    with st.container(key="number_list"):
        for one in desk.plan.numbers:
            with st.container(border=True, horizontal=True, vertical_alignment="center"):
                told = say_number(desk.programme, one, page_words.language())
                because = tell("decision.because", reason=one.reason, by=one.decided_by)
                st.markdown(markdown.fill("**{}**  \n{}", told, because))
                if st.button(
                    tell("planner.what_if.set_back"),
                    icon=decisions.ICONS["withdrawn"],
                    key="set_back_" + "_".join(one.key),
                ):
                    what_if.set_back(desk, one)


def show_log(desk: Desk) -> None:
    """Show every step on the way to the plan, the last one first."""
    st.markdown(markdown.fill("##### {}", tell("planner.log.title")))
    line = drafts.line_of(desk.workspace)
    steps = plan_labels.steps_of(desk.plan.id, desk.workspace, line.id if line else None)
    if not steps:
        day = told_date(desk.plan.decided_on, page_words.language())
        st.caption(tell("planner.log.no_line", date=day))
        return
    rows = [
        {
            "when": say_moment(step),
            "who": step.decided_by or None,
            "what": say_step(desk, step),
            "why": step.reason or None,
            "plan": step.plan.rsplit("-", 1)[-1],
        }
        for step in reversed(steps)
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        placeholder="–",
        height="auto",
        column_config={
            "when": st.column_config.TextColumn(tell("planner.log.when"), width=200),
            "who": tell("decision.decided_by"),
            "what": st.column_config.TextColumn(tell("planner.log.what"), width="large"),
            "why": st.column_config.TextColumn(tell("planner.log.why"), width="large"),
            "plan": tell("planner.log.plan"),
        },
    )
    st.caption(tell("planner.log.note"))


def show(desk: Desk) -> None:
    """Show what holds and how it came about."""
    show_in_force(desk)
    show_log(desk)
