"""The steps of the guided path: where one is, what is behind, and the way on and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import html, markdown

Step = Literal["programme", "area", "data", "rules", "choose", "review", "save"]
STEPS: tuple[Step, ...] = ("programme", "area", "data", "rules", "choose", "review", "save")
# Steps that need a plan to look at.
WITH_PLAN: tuple[Step, ...] = ("review", "save")
KEY = "kept_step"


def current(*, planned: bool) -> Step:
    """Return the step that the session is at: the review where there is a plan already."""
    default: Step = "review" if planned else "programme"
    wanted = st.session_state.get(KEY, default)
    if wanted not in STEPS or (wanted in WITH_PLAN and not planned):
        wanted = default
    return cast("Step", wanted)


def go(step: Step) -> None:
    """Go to a step with the next run."""
    st.session_state[KEY] = step


def show_steps(at: Step, facts: Sequence[tuple[str, str]], *, planned: bool) -> None:
    """Show all steps in a row; each that can be taken now is a button.

    Parameters
    ----------
    facts
        Label and value of what was decided at earlier steps.
    """
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="path"
    ):
        with st.container(horizontal=True, gap="small", key="steps", width="content"):
            _show_buttons(at, planned=planned)
        if facts:
            show_facts(facts)


def _show_buttons(at: Step, *, planned: bool) -> None:
    for number, step in enumerate(STEPS, start=1):
        open_ = planned or step not in WITH_PLAN
        st.button(
            markdown.fill("**{}** {}", number, tell(f"planner.step.{step}")),
            key=f"step_{step}",
            type="primary" if step == at else "secondary",
            disabled=not open_,
            help=tell(f"planner.step_help.{step}") if open_ else tell("planner.step_closed"),
            on_click=go,
            args=(step,),
        )


def show_lead(step: Step) -> None:
    """Show what is to be done at a step, in a sentence."""
    number = STEPS.index(step) + 1
    title = tell(f"planner.title.{step}")
    lead = tell(f"planner.lead.{step}")
    count = tell("planner.step_of", number=number, count=len(STEPS))
    st.html(
        html.fill(
            '<div class="ph-lead"><span class="ph-step-of">{}</span><h3>{}</h3><p>{}</p></div>',
            count,
            title,
            lead,
        )
    )


def show_facts(facts: Sequence[tuple[str, str]]) -> None:
    """Show in one line what was decided at earlier steps."""
    told = html.join(html.fill("<span><i>{}</i> {}</span>", label, value) for label, value in facts)
    st.html(html.fill('<div class="ph-facts">{}</div>', told), width="content")


def show_way(at: Step, *, planned: bool, ready: bool = True, urgent: bool = True) -> None:
    """Show the buttons back and on.

    Parameters
    ----------
    ready
        Whether all that this step asks for is there; the way on is closed until then.
    urgent
        Whether going on is what one would do next.
    """
    place = STEPS.index(at)
    after = STEPS[place + 1] if place + 1 < len(STEPS) else None
    if after in WITH_PLAN and not planned:
        after = None
    with st.container(horizontal=True, gap="small", key="way"):
        if place:
            before = STEPS[place - 1]
            st.button(
                tell("planner.back", step=tell(f"planner.step.{before}")),
                icon=":material/arrow_back:",
                key="way_back",
                on_click=go,
                args=(before,),
            )
        if after is not None:
            st.button(
                tell("planner.onward", step=tell(f"planner.step.{after}")),
                icon=":material/arrow_forward:",
                key="way_on",
                type="primary" if urgent else "secondary",
                disabled=not ready,
                on_click=go,
                args=(after,),
            )
