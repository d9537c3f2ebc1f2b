"""A file taken in beside the app: the same as here, and nothing at all where it is ended."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from phaenthi.apps.intake.importing import Outcome, Request, take_in
from phaenthi.apps.intake.upload import Upload
from phaenthi.apps.long_work import job as long_work
from phaenthi.apps.long_work.file_import import handed_over
from phaenthi.apps.long_work.job import Job
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem

VILLAGES = "village_code,name_th\n38010101,บ้านเหนือ\n38010102,บ้านใต้\n"
REGISTER = """ชื่อหมู่บ้าน,ตำบล,อำเภอ,จังหวัด,โครงการ,ปีงบประมาณ
บ้านเหนือ,บึงกาฬ,เมืองบึงกาฬ,บึงกาฬ,สัมมาชีพชุมชน,2560
บ้านที่ไม่มี,บึงกาฬ,เมืองบึงกาฬ,บึงกาฬ,สัมมาชีพชุมชน,2560
"""


class Ended(Exception):  # noqa: N818 - what a reader does is no error
    """The reader ended the work."""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    workspace = Workspace.create(tmp_path / "office", salt="for tests")
    villages = Request(Upload("villages.csv", VILLAGES.encode()), "villages")
    with villages.upload.written() as path:
        take_in(workspace, villages, path)
    return workspace


@pytest.fixture(scope="module", autouse=True)
def nobody_waits() -> Iterator[None]:
    yield
    long_work._end_all()


def hand_over(workspace: Workspace, request: Request, *, trial: bool, end_at: str = "") -> Outcome:
    """Let a worker do a request; end it at a step."""
    with handed_over(workspace, request, trial=trial) as (asked, read_outcome):
        job = Job("take_in", **asked)
        for _ in job.go_on():
            if end_at and job.step == end_at:
                job.end()
                raise Ended
        return read_outcome()


def register() -> Request:
    return Request(Upload("ทะเบียน.csv", REGISTER.encode("cp874")), "history")


def left_behind(workspace: Workspace) -> list[str]:
    """Return what lies in the workspace that no state of it names."""
    named = {"workspace.json", "household-salt", "layers", ".workspace.lock"}
    beside = [path.name for path in workspace.folder.iterdir() if path.name not in named]
    known = Workspace.open(workspace.folder)._manifest.files
    stray = [
        path.name
        for path in (workspace.folder / "layers").iterdir()
        if path.relative_to(workspace.folder).as_posix() not in known
    ]
    return [*beside, *stray, *(path.name for path in Path(tempfile.gettempdir()).iterdir())]


def test_what_a_worker_takes_in_is_what_this_process_takes_in(office: Workspace) -> None:
    tried = hand_over(office, register(), trial=True)
    assert Workspace.open(office.folder).generation == office.generation
    assert left_behind(office) == []
    done = hand_over(office, register(), trial=False)
    assert Workspace.open(office.folder).table("history")["village_code"].tolist() == ["38010101"]
    assert tried.report.digest == done.report.digest
    assert (done.changes.added, done.waiting) == (1, 1)
    assert left_behind(office) == []


@pytest.mark.parametrize(
    ("step", "trial"),
    [("reading", True), ("reading", False), ("writing", False), ("comparing", False)],
)
def test_an_import_that_is_ended_leaves_the_workspace_as_it_was(
    office: Workspace, step: str, *, trial: bool
) -> None:
    before = office.provenance("villages"), office.digest(["villages"])
    with pytest.raises(Ended):
        hand_over(office, register(), trial=trial, end_at=step)
    after = Workspace.open(office.folder)
    assert (after.provenance("villages"), after.digest(["villages"])) == before
    assert after.layers == office.layers
    assert left_behind(office) == []
    # The workspace is not held by the process that is gone.
    hand_over(after, register(), trial=False)


def test_a_problem_of_the_file_names_it_as_it_was_sent(office: Workspace) -> None:
    rows = "household_id,village_code,income_per_person,survey_year\n1,38010101,-5,2562\n"
    request = Request(Upload("รายได้.csv", rows.encode()), "households")
    with pytest.raises(Problem) as refused:
        hand_over(office, request, trial=False)
    assert refused.value.file == "รายได้.csv"
    assert refused.value.row == 2
    assert left_behind(office) == []


def test_a_rehearsal_that_an_ended_app_left_behind_is_removed_after_a_day(
    office: Workspace,
) -> None:
    left, going_on = (office.folder / f".trial-{name}" for name in ("old", "new"))
    for folder in (left, going_on):
        folder.mkdir()
        (folder / "households.parquet").write_bytes(b"rows")
    a_day_ago = time.time() - 25 * 3600
    os.utime(left, (a_day_ago, a_day_ago))
    hand_over(office, register(), trial=True)
    assert not left.exists()
    assert going_on.exists()
