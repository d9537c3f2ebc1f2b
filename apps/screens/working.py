"""Long work of the data and exports pages: its step and time while it runs, and a way to end it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from streamlit.delta_generator import DeltaGenerator

from phaenthi.apps.long_work.job import Job
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import markdown

# What is done sooner than this shows no progress, so that nothing flickers.
QUIET_SECONDS = 0.5


def finish(job: Job, key: str, say_step: Callable[[str], str], note: str = "") -> dict[str, Any]:
    """Show how far a piece of work is until it is done, and return its answer.

    A click anywhere, also on the button, makes Streamlit stop this run at the next line that is
    told; the work is then ended at once, whatever it does. So it is when the reader closes the
    page.

    Parameters
    ----------
    key
        Tells this work from other work of the page.
    say_step
        What names a step; the first is the empty one.
    note
        What a reader must know of ending it.

    Raises
    ------
    Problem
        That the work met.
    WorkFailed
        If it ended otherwise.
    """
    place = st.empty()
    line: DeltaGenerator | None = None
    told: list[str] = []
    try:
        for _ in job.go_on(every=0.2):
            if job.step not in told:
                told.append(job.step)
            if job.seconds < QUIET_SECONDS:
                continue
            if line is None:
                line = _show_panel(place, key, note)
            line.markdown(_lines(told, say_step, int(job.seconds)))
    finally:
        if job.answer is None:
            job.end()
    place.empty()
    return job.answer or {}


def _lines(told: list[str], say_step: Callable[[str], str], seconds: int) -> markdown.Marked:
    """Return the steps that are done, each ticked, and the one that the work is at."""
    # The first step is the start, which is nothing that was done.
    done = [markdown.fill(":material/check: {}  \n", say_step(one)) for one in told[:-1] if one]
    now = markdown.fill(
        ":material/hourglass_top: **{}** · {}",
        say_step(told[-1]),
        tell("working.seconds", count=seconds),
    )
    return markdown.Marked("".join([*done, now]))


def _show_panel(place: DeltaGenerator, key: str, note: str) -> DeltaGenerator:
    with place.container(border=True, key=f"working_{key}"):
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            line = st.empty()
            st.button(
                tell("working.cancel"),
                icon=":material/stop_circle:",
                key=f"cancel_{key}",
                on_click=_say_ended,
            )
        if note:
            st.caption(note)
    return line


def _say_ended() -> None:
    st.session_state["told_next"] = tell("working.ended")
