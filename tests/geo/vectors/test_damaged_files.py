"""Whatever is wrong with a file, the outcome is a table with notes or a problem in words."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.geo.mutations import SUFFIXES, whole_file, write_corpus

ROOT = Path(__file__).parents[3]
SECONDS_FOR_ALL = 120
"""No time of a single file is asserted; a reader that hangs is stopped."""


def outcomes(files: list[Path]) -> list[dict[str, str | int]]:
    """Read files in a program of its own, so that a crash or hang does not end the tests."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.geo.mutations"],
        input="\n".join(str(path) for path in files),
        capture_output=True,
        text=True,
        timeout=SECONDS_FOR_ALL,
        cwd=ROOT,
        check=False,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    last = files[len(found)] if len(found) < len(files) else None
    assert last is None, f"the reader crashed ({done.returncode}) at {last}: {done.stderr[-2000:]}"
    return found


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_damaged_files_of_every_kind_are_read_or_refused(tmp_path: Path, suffix: str) -> None:
    files = write_corpus(tmp_path, suffix, count=80, seed=1)
    found = outcomes(files)
    errors = [
        (path, row) for path, row in zip(files, found, strict=True) if row["outcome"] == "error"
    ]
    assert errors == []
    assert "problem" in {row["outcome"] for row in found} <= {"read", "problem"}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_cut_anywhere_is_refused_or_whole(tmp_path: Path, suffix: str) -> None:
    """Nothing is lost without a word: fewer records than the whole file are never returned."""
    sound = tmp_path / "sound"
    sound.mkdir()
    source = whole_file(sound, suffix)
    content = source.read_bytes()
    files = []
    for step in range(40):
        place = tmp_path / f"{step:02d}"
        place.mkdir()
        if suffix == ".shp":
            for part in sound.glob("areas.*"):
                (place / part.name).write_bytes(part.read_bytes())
        cut = place / source.name
        cut.write_bytes(content[: len(content) * step // 40])
        files.append(cut)
    for path, row in zip(files, outcomes(files), strict=True):
        assert row["outcome"] == "problem" or row.get("rows") == 2, (path, row)
