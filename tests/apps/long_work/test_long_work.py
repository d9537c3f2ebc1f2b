"""Work beside the app: it answers, tells its steps and its problems, and can be ended."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from phaenthi.apps.long_work import job as long_work
from phaenthi.apps.long_work import worker
from phaenthi.apps.long_work.job import Job, WorkFailed
from phaenthi.apps.planning.plans import save_plan
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.evidence import gather
from phaenthi.targeting.plan import keeping
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.programme import programme
from phaenthi.wording import Problem
from tests.apps.demo_plan import PROVINCE, demo_publication
from tests.demo_copies import copy_demo


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return copy_demo(tmp_path_factory.mktemp("work") / "demo", provinces=(PROVINCE,))


@pytest.fixture(autouse=True)
def nobody_waits() -> Iterator[None]:
    yield
    long_work._end_all()


def finish(job: Job) -> list[str]:
    """Return the steps that a piece of work told until it was done."""
    steps: list[str] = []
    for _ in job.go_on():
        if job.step and job.step not in steps:
            steps.append(job.step)
    return steps


def request(workspace: Workspace) -> dict[str, object]:
    return {
        "workspace": str(workspace.folder),
        "programme": "ne-poverty-2563",
        "readings": {},
        "province": PROVINCE,
        "overrides": [],
        "numbers": [],
        "units": None,
    }


def test_the_plan_of_the_worker_is_the_plan_that_this_process_makes(
    workspace: Workspace,
) -> None:
    job = Job("make_plan", **request(workspace))
    assert finish(job) == ["gathering", "choosing", "saving"]
    assert job.answer is not None
    made = keeping.load(workspace.documents(DocumentKind.TRIED_PLANS).file(job.answer["plan"]))
    pack = programme.load("ne-poverty-2563")
    here = plans.make(pack, gather(workspace, [PROVINCE]), [PROVINCE], decided_on=made.decided_on)
    assert made.files == here.files


def test_a_worker_that_is_done_takes_the_next_work(workspace: Workspace) -> None:
    first = Job("make_plan", **request(workspace))
    process = first._worker
    finish(first)
    second = Job("make_plan", **request(workspace))
    assert second._worker is process
    finish(second)


def test_a_problem_of_the_work_reaches_the_planner_as_it_was(
    workspace: Workspace,
) -> None:
    asked = request(workspace) | {"province": "83"}
    with pytest.raises(Problem) as met:
        finish(Job("make_plan", **asked))
    with pytest.raises(Problem) as here:
        worker.make_plan(asked, lambda _: None)
    for language in ("th", "en"):
        assert met.value.sentence(language) == here.value.sentence(language)


def test_work_that_fails_otherwise_says_so() -> None:
    with pytest.raises(WorkFailed, match="KeyError"):
        finish(Job("no such work"))


def test_ended_work_leaves_nothing_behind(workspace: Workspace) -> None:
    plan = demo_publication().plan
    save_plan(plan, workspace)
    job = Job(
        "count_alternatives", workspace=str(workspace.folder), plan=plan.id, province=PROVINCE
    )
    going = job._worker
    assert going is not None
    began = time.monotonic()
    for _ in job.go_on():
        if job.step == "counting" or time.monotonic() - began > 60:
            break
    job.end()
    assert not going.alive
    assert job.answer is None
    with pytest.raises(WorkFailed):
        list(job.go_on())


@pytest.mark.parametrize(
    "problem",
    [
        Problem("targeting.pack_unknown", found="x", known="a, b"),
        Problem("targeting.unit_code_missing", file="a.csv", row=3, column="unit_code"),
    ],
)
def test_a_problem_survives_being_written_down(problem: Problem) -> None:
    again = worker.problem_from(worker.record_of(problem))
    assert again.sentence("th") == problem.sentence("th")
