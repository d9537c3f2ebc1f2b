"""Every step of the country measured against what people do today; writes ``README.md``.

Run from the project's folder: ``python -m benchmarks.run`` (or ``make bench``). ``--small`` runs a
tiny version of every step and only asks that both sides say the same; ``--steps a,b`` runs some.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

from benchmarks.measuring import Measured, measure

STEPS = (
    "households_csv",
    "households_parquet",
    "household_import",
    "points",
    "village_table",
    "eligibility",
    "choice_nested",
    "choice_areas",
    "choice_budget",
    "choice_costs",
    "certificate",
    "explained",
    "producers",
    "map_file",
    "command_help",
)
FOLDER = Path(tempfile.gettempdir()) / "phaenthi-benchmarks"
PAGE = Path(__file__).with_name("README.md")
WAIT_SECONDS = 600


@dataclass(frozen=True)
class Result:
    """A step with both sides; a side that ran out of time is missing."""

    step: str
    ours: Measured | None
    baseline: Measured | None

    @property
    def module(self) -> ModuleType:
        """The step."""
        return importlib.import_module(f"benchmarks.steps.{self.step}")

    @property
    def ratio(self) -> float | None:
        """How many times longer the baseline takes."""
        if self.ours is None or self.baseline is None:
            return None
        return self.baseline.seconds / self.ours.seconds

    @property
    def same(self) -> bool | None:
        """Whether both found the same; None where one proved nothing."""
        if self.ours is None or self.baseline is None or "no proof" in self.baseline.note:
            return None
        return self.ours.answer == self.baseline.answer


def goals(result: Result) -> list[tuple[str, bool]]:
    """Return each goal of a step in words, and whether it is reached."""
    step, ours = result.module, result.ours
    told: list[tuple[str, bool]] = []
    ratio = result.ratio
    if least := getattr(step, "LEAST_RATIO", None):
        told.append((f"≥ {least:g} ×", ratio is not None and ratio >= least))
    if most := getattr(step, "MOST_TIMES", None):
        told.append((f"≤ {most:g} × the baseline", ratio is not None and 1 / ratio <= most))
    if most := getattr(step, "MOST_SECONDS", None):
        told.append((f"≤ {most:g} s", ours is not None and ours.seconds <= most))
    if most := getattr(step, "MOST_MEGABYTES", None):
        told.append((f"peak ≤ {most:,} MB", ours is not None and ours.peak_megabytes <= most))
    return told


def run_step(name: str, folder: Path, *, small: bool) -> Result:
    """Measure both sides of a step."""
    step = importlib.import_module(f"benchmarks.steps.{name}")
    wait = getattr(step, "MOST_WAIT_SECONDS", WAIT_SECONDS)
    sides: dict[str, Measured | None] = {"ours": None, "baseline": None}
    for side, repeats in step.REPEATS.items():
        try:
            sides[side] = measure(
                name, side, folder, small=small, repeats=1 if small else repeats, wait=wait
            )
        except subprocess.TimeoutExpired:
            sides[side] = None
        print(f"{name} {side}: {sides[side]}", flush=True)
    return Result(name, sides["ours"], sides["baseline"])


def say(result: Result) -> str:
    """Return the row of the table."""
    step, ours, baseline = result.module, result.ours, result.baseline
    ratio = "–" if result.ratio is None else f"{result.ratio:.1f} ×"
    if baseline is not None and "no proof" in baseline.note and result.ratio is not None:
        ratio = f"> {ratio}"
    told = goals(result)
    missed = [goal for goal, reached in told if not reached]
    reached = "–" if not told else "reached" if not missed else f"**missed**: {'; '.join(missed)}"
    same = {True: "", False: " (ANSWERS DIFFER)", None: ""}[result.same]
    return (
        f"| {step.TITLE}{same} | {_side(result, baseline)} | {_side(result, ours)} | {ratio} "
        f"| {_peak(ours)} | {_peak(baseline)} | {'; '.join(g for g, _ in told) or '–'} "
        f"| {reached} | {step.LIMIT} |"
    )


def _side(result: Result, side: Measured | None) -> str:
    if side is not None:
        worked = f"{side.seconds:.3g} s ({side.repeats}), CPU {side.cpu_seconds:.3g} s"
        return worked + (f"; {side.note}" if side.note else "")
    if side is result.baseline and "baseline" not in result.module.REPEATS:
        return "–"
    return f"> {getattr(result.module, 'MOST_WAIT_SECONDS', WAIT_SECONDS)} s, stopped"


def _peak(side: Measured | None) -> str:
    return "–" if side is None else f"{side.peak_megabytes:,.0f}"


def machine() -> str:
    """Return what the measures were taken on."""
    model = platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    packages = ", ".join(f"{name} {version(name)}" for name in ("polars", "pandas", "geopandas"))
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GB, Python "
        f"{platform.python_version()}, {packages}"
    )


PROTOCOL = """# Benchmarks

`make bench` writes this page. Everything is made up (ข้อมูลจำลอง) on the codes of today.

**How made.** `benchmarks/inputs.py` makes the country once, seeded: 77 provinces, 928 amphoe,
7,436 tambons, 75,000 villages; 13 million households as CSV (Thai headers) and Parquet; a
workspace of all layers with a quarter of the households, 100,000 producers, 25,000 plots, 9,000
funds, and a history of programmes.

**How run.** Each side of a step runs alone in a child process: inputs are loaded untimed, a quick
step runs once without being counted, then as often as the number in brackets says; the table holds
the median, and beside it what the process computed over all its threads (on a busy machine the
first is longer). Both sides run one after the other in one run, so the ratio is of one machine in
one state. The peak is the largest resident memory of the child, interpreter and inputs included.
Files are in the page cache for both. The answers of both sides are compared by digest.

**The baseline** is the plain script that a good analyst writes today; it stands beside our side in
`benchmarks/steps/`.

**This run.** {machine}; load of the machine before it: {load}; {minutes:.0f} minutes.

| step | baseline | ours | ratio | peak, MB | peak of baseline, MB | goal | reached | limit |
|---|---:|---:|---:|---:|---:|---|---|---|
{table}

{missed}
"""


def write_page(results: Sequence[Result], load: str, minutes: float, growth: str) -> None:
    """Write the page with the table."""
    missed = []
    for result in results:
        for goal, reached in goals(result):
            if not reached:
                missed.append(
                    f"- {result.module.TITLE}: {goal} missed{_by(result, goal)}. "
                    f"Limit: {result.module.LIMIT}."
                )
    text = PROTOCOL.format(
        machine=machine(),
        load=load,
        minutes=minutes,
        table="\n".join(say(result) for result in results),
        missed="## Missed\n\n" + "\n".join(missed) if missed else "Every goal is reached.",
    )
    more = [
        f"- [{page.stem.replace('_', ' ')}]({page.name})"
        for page in sorted(PAGE.parent.glob("*.md"))
        if page != PAGE
    ]
    PAGE.write_text(f"{text}{growth}\n## Further pages\n\n" + "\n".join(more) + "\n", "utf-8")


def _by(result: Result, goal: str) -> str:
    """Say by how much a goal is missed."""
    ours = result.ours
    if ours is None:
        return " (stopped)"
    if goal.startswith("peak"):
        return f" (at {ours.peak_megabytes:,.0f} MB)"
    if goal.startswith("≤") and goal.endswith(" s"):
        return f" (at {ours.seconds:.2f} s)"
    if result.ratio is None:
        return ""
    if "baseline" in goal:
        return f" (at {1 / result.ratio:.2f} ×)"
    return f" (at {result.ratio:.1f} ×)"


def main() -> int:
    """Run what the command line asks for."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--small", action="store_true")
    reader.add_argument("--steps", default=",".join(STEPS))
    reader.add_argument("--folder", type=Path, default=None)
    reader.add_argument("--keep", action="store_true", help="keep the made-up country")
    reader.add_argument("--no-growth", action="store_true")
    asked = reader.parse_args()
    named = FOLDER.with_name(f"{FOLDER.name}-small") if asked.small else FOLDER
    folder = asked.folder or named
    began = time.perf_counter()
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    make = [sys.executable, "-m", "benchmarks.inputs", str(folder)]
    subprocess.run([*make, "--small"] if asked.small else make, check=True)  # noqa: S603
    names = [name for name in asked.steps.split(",") if name]
    if asked.small:
        modules = {name: importlib.import_module(f"benchmarks.steps.{name}") for name in names}
        names = [name for name in names if getattr(modules[name], "IN_SMALL", True)]
    results = [run_step(name, folder, small=asked.small) for name in names]
    differ = [result.step for result in results if result.same is False]
    if asked.small:
        told = {result.step: asdict(result) for result in results}
        print(json.dumps({"differ": differ, "steps": told}, ensure_ascii=False))
        return 1 if differ else 0
    growth = ""
    if not asked.no_growth:
        from benchmarks.growth import grow  # noqa: PLC0415 - draws, which the steps need not

        growth = grow(folder)
    write_page(results, load, (time.perf_counter() - began) / 60, growth)
    if not asked.keep and asked.folder is None:
        shutil.rmtree(folder)
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
