"""Long work on the page: its step and time while it runs, and a button that ends it.

A click elsewhere on the page makes Streamlit draw it anew. Work that is under way goes on
meanwhile, and who asks the same again is given its answer instead of beginning from nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from streamlit.delta_generator import DeltaGenerator

from phaenthi.apps.long_work.job import Job
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import markdown

# What is done sooner than this shows no progress, so that nothing flickers.
QUIET_SECONDS = 0.7


@dataclass(frozen=True)
class _Asked:
    """What was asked, and the work that answers it."""

    task: str
    request: Mapping[str, Any]
    job: Job


def finish(key: str, task: str, **request: Any) -> dict[str, Any]:
    """Show how far a piece of work is until it is done, and return its answer.

    Parameters
    ----------
    key
        Tells this work from other work of the page; another question of the same key ends the
        work on the one before.
    task, request
        As :class:`phaenthi.apps.long_work.job.Job` takes them.

    Raises
    ------
    Problem
        That the work met.
    WorkFailed
        If it ended otherwise.
    """
    job = _job_of(key, task, request)
    place = st.empty()
    line = None
    done = False
    try:
        for _ in job.go_on():
            if job.seconds < QUIET_SECONDS:
                continue
            if line is None:
                line = _show_panel(place, key)
            words = tell(f"planner.working.{job.step or 'starting'}")
            seconds = tell("planner.seconds", count=int(job.seconds))
            line.markdown(markdown.fill(":material/hourglass_top: **{}** · {}", words, seconds))
        done = True
    finally:
        if done or not job.under_way:
            _under_way().pop(key, None)
        else:
            job.leave_alone()
    place.empty()
    return job.answer or {}


def drop(key: str) -> None:
    """End the work of a key, if there is any: nobody waits for its answer any more."""
    asked = _under_way().pop(key, None)
    if asked is not None:
        asked.job.end()


def thinking() -> DeltaGenerator:
    """Return a place for an answer that says, until the answer is there, that it is awaited.

    Nothing of an earlier answer is left to be read in it meanwhile.
    """
    place = st.empty()
    place.markdown(markdown.fill(":material/hourglass_top: {}", tell("planner.thinking")))
    return place


def _under_way() -> dict[str, _Asked]:
    if "work_under_way" not in st.session_state:
        st.session_state["work_under_way"] = {}
    found: dict[str, _Asked] = st.session_state["work_under_way"]
    return found


def _job_of(key: str, task: str, request: Mapping[str, Any]) -> Job:
    before = _under_way().get(key)
    if before is not None and before.job.under_way:
        if (before.task, before.request) == (task, request):
            return before.job
        before.job.end()
    job = Job(task, **request)
    _under_way()[key] = _Asked(task, dict(request), job)
    return job


def _show_panel(place: DeltaGenerator, key: str) -> DeltaGenerator:
    with place.container(border=True, key=f"working_{key}"):
        line = st.empty()
        st.caption(tell("planner.work_note"))
        st.button(
            tell("planner.cancel"),
            icon=":material/stop_circle:",
            key=f"cancel_{key}",
            on_click=_cancel,
            args=(key,),
        )
    return line


def _cancel(key: str) -> None:
    drop(key)
    st.session_state["told_next"] = tell("planner.cancelled")
    st.session_state.pop("deciding", None)
