"""Every benchmark in small: both sides of each step say the same. No times are asserted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_both_sides_of_every_step_say_the_same(tmp_path: Path) -> None:
    asked = [sys.executable, "-m", "benchmarks.run", "--small", "--folder", str(tmp_path / "b")]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["differ"] == []
    assert all(step["ours"] is not None for step in told["steps"].values())
