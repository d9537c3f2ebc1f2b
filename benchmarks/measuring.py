"""How a step is measured: each side alone in a child process, its peak memory its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Measured:
    """What one side of a step took.

    Attributes
    ----------
    seconds
        Median of the repeats.
    cpu_seconds
        Median of what the process itself computed, over all its threads: on a busy machine it
        tells the work apart from the waiting.
    repeats
        How many there were, after one warming run for quick steps.
    peak_megabytes
        Largest resident memory of the child process, interpreter and inputs included.
    answer
        Digest of what it found, to be compared with the other side's.
    note
        What the step says of it.
    """

    seconds: float
    cpu_seconds: float
    repeats: int
    peak_megabytes: float
    answer: str
    note: str = ""


def measure(step: str, side: str, folder: Path, *, repeats: int, wait: float) -> Measured:
    """Run one side of a step in a child process.

    Raises
    ------
    subprocess.CalledProcessError
        If the child fails.
    subprocess.TimeoutExpired
        If it takes longer than the seconds given.
    """
    asked = [sys.executable, "-m", "benchmarks.child", step, side, str(folder), str(repeats)]
    done = subprocess.run(  # noqa: S603
        asked, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=wait
    )
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def peak_megabytes() -> float:
    """Return the largest resident memory of this process so far."""
    status = Path("/proc/self/status")
    if status.exists():
        # Unlike ``ru_maxrss`` this starts from nothing when a program starts.
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (1024 * 1024) if sys.platform == "darwin" else size / 1024
