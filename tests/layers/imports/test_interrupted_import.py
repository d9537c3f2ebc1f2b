"""An import that is stopped at any moment leaves the workspace as it was, or as it is after."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.workspace.folder import Workspace
from tests.layers.imports.stopping import Stopped
from tests.layers.office import VILLAGE_LIST, open_office, state, write

OLD, NEW = "old.csv", "new.csv"
# Imports one list and then the other without end, until it is killed.
IMPORTER = """
import sys
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.workspace.folder import Workspace
workspace = Workspace.open(sys.argv[1])
while True:
    for name in sys.argv[2:]:
        import_file(workspace, "villages", name)
        print(name, flush=True)
"""


def village_list(villages: int, name: str) -> str:
    """Return a village list that is large enough to be caught in the act of writing it."""
    rows = (
        f"46{1 + number // 900:02d}{1 + number // 90 % 10:02d}{1 + number % 90:02d},{name} {number}"
        for number in range(villages)
    )
    return "\n".join(["รหัสหมู่บ้าน,ชื่อหมู่บ้าน", *rows, ""])


@pytest.fixture
def lists(tmp_path: Path) -> tuple[Path, Path]:
    return (
        write(tmp_path, OLD, village_list(9_000, "บ้านเก่า")),
        write(tmp_path, NEW, village_list(16_000, "บ้านใหม่")),
    )


def wait_for_lines(importer: subprocess.Popen[str], lines: int) -> None:
    assert importer.stdout is not None
    for _ in range(lines):
        assert importer.stdout.readline(), "the importer ended by itself"


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL on Windows")
@settings(max_examples=8, suppress_health_check=list(HealthCheck), database=None)
@given(imports=st.integers(1, 2), seconds=st.floats(0, 0.4))
def test_a_killed_import_leaves_the_old_or_the_new_list(
    lists: tuple[Path, Path],
    tmp_path_factory: pytest.TempPathFactory,
    imports: int,
    seconds: float,
) -> None:
    folder = tmp_path_factory.mktemp("killed")
    workspace = Workspace.create(folder, salt="x")
    known = {import_file(workspace, "villages", path).digest: path.name for path in lists}
    importer = subprocess.Popen(
        [sys.executable, "-c", IMPORTER, str(folder), *map(str, lists)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for_lines(importer, imports)
        with pytest.raises(subprocess.TimeoutExpired):
            importer.wait(timeout=seconds)
    finally:
        importer.send_signal(signal.SIGKILL)
        importer.wait()

    survivor = Workspace.open(folder)
    digest = survivor.digest(["villages"])["villages"]
    source = survivor.provenance("villages")
    assert source is not None
    assert known[digest] == source.source
    assert len(survivor.table("villages")) == source.rows_kept
    # The next import is not hindered, and it clears up.
    import_file(survivor, "villages", lists[0])
    left = {path.name for path in folder.iterdir()}
    assert left <= {"workspace.json", "layers", "household-salt", ".workspace.lock"}
    kept = Workspace.open(folder)
    assert known[kept.digest(["villages"])["villages"]] == OLD


def test_an_import_stopped_at_each_step_on_the_disk_changes_all_or_nothing(
    tmp_path: Path, stop_at: Callable[[int], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = open_office(tmp_path)
    before = state(workspace)
    # One village fewer and a row to set aside, so that both kinds of file are written.
    shorter = VILLAGE_LIST.replace("46010301,บ้านดอนยาง,,\n", "รวม,,,\n")
    path = write(tmp_path, "shorter.csv", shorter)
    outcomes = []
    for step in range(1, 100):
        calls = stop_at(step)
        with contextlib.suppress(Stopped):
            import_file(Workspace.open(workspace.folder), "villages", path)
        monkeypatch.undo()
        survivor = Workspace.open(workspace.folder)
        changed = survivor.generation != before["generation"]
        outcomes.append(changed)
        if changed:
            assert len(survivor.table("villages")) == 2
            assert survivor.set_aside("villages")["row"].tolist() == [4]
            survivor.undo()
        else:
            assert state(survivor) == before
        before["generation"] = Workspace.open(workspace.folder).generation
        if calls[0] < step:
            break
    assert outcomes[0] is False
    assert outcomes[-1] is True
    assert len(outcomes) > 5
