"""One side of one step, in a process of its own: prints what was measured as a line of JSON."""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import importlib
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.measuring import Measured, peak_megabytes

# A step that is done within this time gets a first run that does not count.
QUICK_SECONDS = 2.0


def digest(answer: object) -> str:
    """Return a short digest of an answer: tables by their CSV, anything else by its text."""
    if isinstance(answer, dict):
        parts = [f"{name}={digest(part)}" for name, part in sorted(answer.items())]
        text = ";".join(parts)
    elif hasattr(answer, "to_csv"):
        text = str(answer.to_csv(index=False, float_format="%.6g", lineterminator="\n"))
    else:
        text = repr(answer)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def run(step: Any, side: str, folder: Path, repeats: int, *, small: bool) -> Measured:
    """Load the inputs, do the work as often as asked, and digest its answer.

    Parameters
    ----------
    step
        A module of ``benchmarks.steps``: ``load(folder, small)``, ``ours(inputs)``,
        ``baseline(inputs)``, and ``compared(answer)`` for what both sides must agree on.
    """
    inputs = step.load(folder, small)
    work = getattr(step, side)
    seconds: list[float] = []
    computed: list[float] = []
    answer: object = None
    warm = True
    while len(seconds) < repeats:
        answer = None
        start, begun = time.perf_counter(), time.process_time()
        answer = work(inputs)
        spent, worked = time.perf_counter() - start, time.process_time() - begun
        if warm and spent < QUICK_SECONDS and repeats > 1:
            warm = False
            continue
        warm = False
        seconds.append(spent)
        computed.append(worked)
    peak = peak_megabytes()
    note = step.note(side, answer, inputs) if hasattr(step, "note") else ""
    return Measured(
        seconds=statistics.median(seconds),
        cpu_seconds=statistics.median(computed),
        repeats=repeats,
        peak_megabytes=peak,
        answer=digest(step.compared(answer)),
        note=note,
    )


def main() -> None:
    """Measure what the command line names."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("step")
    reader.add_argument("side", choices=("ours", "baseline"))
    reader.add_argument("folder", type=Path)
    reader.add_argument("repeats", type=int)
    asked = reader.parse_args()
    step = importlib.import_module(f"benchmarks.steps.{asked.step}")
    measured = run(step, asked.side, asked.folder, asked.repeats, small=False)
    sys.stdout.write(json.dumps(dataclasses.asdict(measured)) + "\n")


if __name__ == "__main__":
    main()
