"""Long work on the page: its step and time while it runs, and a button that ends it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from apps.long_work import Job
from apps.screens.parts import tell

# What is done sooner than this shows no progress, so that nothing flickers.
QUIET_SECONDS = 0.7


def finish(job: Job, key: str) -> dict[str, Any]:
    """Show how far a piece of work is until it is done, and return its answer.

    Parameters
    ----------
    key
        Tells this work from other work of the page.

    Raises
    ------
    Problem
        That the work met.
    WorkFailed
        If it ended otherwise.

    Notes
    -----
    A click anywhere, also on the button, makes Streamlit stop this run at the next line that is
    told; the work is then ended. So is it when the reader closes the page.
    """
    place = st.empty()
    line = None
    try:
        for _ in job.go_on():
            if job.seconds < QUIET_SECONDS:
                continue
            if line is None:
                line = _show_panel(place, key)
            words = tell(f"planner.working.{job.step or 'starting'}")
            seconds = tell("planner.seconds", count=int(job.seconds))
            line.markdown(f":material/hourglass_top: **{words}** · {seconds}")
    finally:
        if job.answer is None:
            job.end()
    place.empty()
    return job.answer or {}


def _show_panel(place: Any, key: str) -> Any:
    with place.container(border=True, key=f"working_{key}"):
        line = st.empty()
        st.caption(tell("planner.work_note"))
        st.button(
            tell("planner.cancel"),
            icon=":material/stop_circle:",
            key=f"cancel_{key}",
            on_click=_cancel,
        )
    return line


def _cancel() -> None:
    st.session_state["told_next"] = tell("planner.cancelled")
    st.session_state.pop("deciding", None)
