"""Where people decide otherwise than the system proposes: for a reason, at a price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd
import streamlit as st

from apps.screens import drafts, parts
from apps.screens.drafts import Change
from apps.screens.parts import tell
from layers.workspace import Workspace
from targeting.explain import say_shortage
from targeting.plan import Override, Plan
from targeting.programme import Programme

Step = Literal["in", "out", "undo"]
# What may be decided about a village, by its status, while nobody has decided yet.
OPEN_STEPS: dict[str, tuple[Step, ...]] = {
    "chosen": ("out",),
    "reserve": ("in", "out"),
    "eligible": ("in",),
    "unknown": ("in",),
    "excluded": (),
}
ICONS = {"in": ":material/add_task:", "out": ":material/block:", "undo": ":material/undo:"}
LONGEST_REASON = 300


@dataclass(frozen=True)
class Desk:
    """The plan on the table, and all that a decision about it needs.

    Attributes
    ----------
    programme
        With the readings of the plan.
    titles
        Name of each village by its code.
    """

    workspace: Workspace
    plan: Plan
    programme: Programme
    province: str
    titles: dict[str, str]

    @classmethod
    def of(
        cls,
        workspace: Workspace,
        plan: Plan,
        programme: Programme,
        province: str,
        units: pd.DataFrame,
    ) -> Desk:
        """Lay out a plan; ``units`` are its villages with ``title``."""
        titles = dict(zip(units["village_code"], units["title"], strict=True))
        return cls(workspace, plan, programme.with_readings(plan.readings), province, titles)

    def decided(self, code: str) -> Override | None:
        """Return what was decided about a village."""
        return next((one for one in self.plan.overrides if one.village_code == code), None)

    def without(self, code: str) -> tuple[Override, ...]:
        """Return the decisions about all other villages."""
        return tuple(one for one in self.plan.overrides if one.village_code != code)

    def work_out(self, overrides: Sequence[Override]) -> Plan:
        """Return the plan that follows from some decisions."""
        return drafts.work_out(self.workspace, self.programme, self.province, overrides)

    def say_villages(self, codes: Sequence[str]) -> str:
        """Return the names of villages with their codes."""
        return ", ".join(f"{self.titles.get(code, '')} ({code})" for code in codes)


def show_steps(desk: Desk, village: pd.Series) -> None:
    """Show the buttons that decide about one village, or undo what was decided."""
    code, status = str(village["village_code"]), str(village["status"])
    steps = ("undo",) if desk.decided(code) else OPEN_STEPS[status]
    if not steps:
        st.caption(tell("decision.not_open"))
        return
    for step in steps:
        st.button(
            tell(f"decision.{step}"),
            icon=ICONS[step],
            key=f"decide_{step}",
            width="stretch",
            on_click=_begin,
            args=(code, step),
        )


def _begin(code: str, step: Step) -> None:
    st.session_state["deciding"] = (code, step)


def _end() -> None:
    st.session_state.pop("deciding", None)


def show_question(desk: Desk) -> None:
    """Show the window that tells the price of a step and asks for the reason, if one was begun."""
    code, step = st.session_state.get("deciding", ("", "undo"))
    # The reader may have gone over to another plan meanwhile.
    if code not in desk.titles or (step == "undo") != (desk.decided(code) is not None):
        _end()
        return
    window = st.dialog(tell(f"decision.ask_{step}"), on_dismiss=_end)
    window(_show_question)(desk, code, step)


def _show_question(desk: Desk, code: str, step: Step) -> None:
    st.markdown(f"**{desk.titles.get(code, '')}** · {tell('village.code', code=code)}")
    others = desk.without(code)
    with st.spinner(tell("decision.working_out")):
        # Both from the data of now, so that the price is that of the decision alone.
        before = desk.work_out(desk.plan.overrides)
        tried = others if step == "undo" else (*others, Override(code, step, "-", "-"))
        change = drafts.compare(before, desk.work_out(tried), desk.province)
    show_price(desk, change)
    if change.shortage is not None:
        return
    if step == "undo":
        if st.button(tell("decision.confirm_undo"), type="primary", key="decision_confirm"):
            _carry_out(desk, others)
        return
    with st.form("decision", border=False):
        reason = st.text_area(
            tell("decision.reason"),
            placeholder=tell("decision.reason_example"),
            max_chars=LONGEST_REASON,
            key="decision_reason",
        )
        decided_by = st.text_input(
            tell("decision.decided_by"),
            value=st.session_state.get("decided_by", ""),
            placeholder=tell("decision.decided_by_example"),
            help=tell("decision.decided_by_help"),
            key="decision_decided_by",
        )
        sent = st.form_submit_button(tell("decision.save"), type="primary")
    if not sent:
        return
    if not reason.strip() or not decided_by.strip():
        st.error(tell("decision.incomplete"), icon=":material/error:")
        return
    st.session_state["decided_by"] = decided_by.strip()
    made = Override(code, step, " ".join(reason.split()), decided_by.strip())
    _carry_out(desk, (*others, made))


def _carry_out(desk: Desk, overrides: Sequence[Override]) -> None:
    drafts.keep(desk.workspace, desk.work_out(overrides))
    _end()
    st.session_state["told_next"] = tell("decision.saved", plan=st.session_state["plan_id"])
    st.rerun()


def show_price(desk: Desk, change: Change) -> None:
    """Show what a step changes: total need, who comes in, who goes out."""
    if change.shortage is not None:
        st.error(
            f"{tell('decision.impossible')} {say_shortage(change.shortage, parts.language())}",
            icon=":material/block:",
        )
        return
    with st.container(border=True, key="decision_price", gap="small"):
        st.markdown(f"**{say_points(change)}**")
        if change.entering:
            st.write(tell("decision.entering", villages=desk.say_villages(change.entering)))
        if change.leaving:
            st.write(tell("decision.leaving", villages=desk.say_villages(change.leaving)))
        if not (change.entering or change.leaving):
            st.write(tell("decision.same_villages"))


def say_points(change: Change) -> str:
    """Say what a change does to the total need."""
    kind = "loss" if change.points < 0 else "gain" if change.points > 0 else "same"
    return tell(
        f"decision.{kind}",
        points=f"{abs(change.points):,}",
        before=f"{change.before:,}",
        after=f"{change.after:,}",
    )


def show_list(desk: Desk) -> None:
    """Show what was decided otherwise than proposed, by whom and why, and what it costs."""
    decided = desk.plan.overrides
    if not decided:
        return
    title = tell("decision.list", count=len(decided))
    with st.expander(title, expanded=True, icon=":material/gavel:", key="decision_list"):
        for one in decided:
            left, right = st.columns([5, 1], vertical_alignment="center")
            told = tell(f"decision.did_{one.action}", village=desk.say_villages([one.village_code]))
            left.markdown(f"**{parts.plain(told)}**")
            left.caption(
                parts.plain(tell("decision.because", reason=one.reason, by=one.decided_by))
            )
            right.button(
                "",
                icon=ICONS["undo"],
                help=tell("decision.undo"),
                key=f"undo_{one.village_code}",
                on_click=_begin,
                args=(one.village_code, "undo"),
            )
        change = drafts.compare(
            desk.work_out(()), desk.work_out(desk.plan.overrides), desk.province
        )
        if change.shortage is None:
            st.caption(tell("decision.total", what=say_points(change)))
