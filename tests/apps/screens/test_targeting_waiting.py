"""Long work asked on the page: a click elsewhere does not end it, another question does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from phaenthi.apps.long_work import job as long_work
from phaenthi.apps.long_work.job import Job
from phaenthi.apps.planning.plans import save_plan
from phaenthi.apps.screens.decisions import waiting
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem
from tests.apps.demo_plan import PROVINCE, demo_publication, demo_workspace

COUNT = "count_alternatives"


@pytest.fixture(autouse=True)
def nobody_waits() -> Iterator[None]:
    st.session_state.pop("work_under_way", None)
    yield
    for key in list(waiting._under_way()):
        waiting.drop(key)
    long_work._end_all()


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return demo_workspace()


def question(workspace: Workspace, **other: object) -> dict[str, Any]:
    plan = demo_publication().plan
    save_plan(plan, workspace)
    return {
        "workspace": str(workspace.folder),
        "plan": plan.id,
        "province": PROVINCE,
        **other,
    }


def test_who_comes_back_with_the_same_question_finds_the_work_going_on(
    workspace: Workspace,
) -> None:
    asked = question(workspace)
    job = waiting._job_of("price", COUNT, asked)
    job.leave_alone()
    again = waiting._job_of("price", COUNT, dict(asked))
    assert again is job
    assert job.under_way


def test_another_question_ends_the_work_on_the_one_before(workspace: Workspace) -> None:
    job = waiting._job_of("price", COUNT, question(workspace))
    other = waiting._job_of("price", COUNT, question(workspace, plan="another"))
    assert other is not job
    assert not job.under_way
    beside = waiting._job_of("list", COUNT, question(workspace))
    assert other.under_way
    assert beside.under_way


def test_closing_the_window_ends_its_work(workspace: Workspace) -> None:
    job = waiting._job_of("price", COUNT, question(workspace))
    waiting.drop("price")
    assert not job.under_way
    waiting.drop("price")


def test_the_answer_is_given_and_the_work_forgotten(workspace: Workspace) -> None:
    asked = question(workspace)
    found = waiting.finish("list", "find_alternatives", **asked, most=2)
    assert len(found["choices"]) == 2
    assert waiting._under_way() == {}


def test_work_that_nobody_comes_back_to_is_ended(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_work, "MOST_SILENT_SECONDS", 0.2)
    job = Job("no such work until it is heard", **question(workspace))
    job.leave_alone()
    patience = time.monotonic() + 30
    while job.under_way and time.monotonic() < patience:
        time.sleep(0.05)
    assert not job.under_way


def test_a_workspace_that_is_gone_is_told_as_a_problem(
    workspace: Workspace, tmp_path: Path
) -> None:
    asked = question(workspace) | {"workspace": str(tmp_path / "nowhere")}
    with pytest.raises(Problem) as met:
        waiting.finish("price", COUNT, **asked)
    assert met.value.message_id == "layers.workspace_missing"
    assert waiting._under_way() == {}
