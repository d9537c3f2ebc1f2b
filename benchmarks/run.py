"""Every step of the country measured against what people do today; writes ``README.md``.

Run from the project's folder: ``python -m benchmarks.run`` (or ``make bench``). ``--small`` runs a
tiny version of every step in one process and only asks that both sides say the same;
``--steps a,b`` runs some; ``--once`` runs each side once.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from types import ModuleType

from benchmarks import child, inputs, page
from benchmarks.measuring import Measured, measure
from benchmarks.page import Result

# In the order of the page.
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


def step_of(name: str) -> ModuleType:
    """Return a step by its name."""
    return importlib.import_module(f"benchmarks.steps.{name}")


def run_step(name: str, folder: Path, *, once: bool) -> Result:
    """Measure both sides of a step, each in a process of its own."""
    step = step_of(name)
    sides: dict[str, Measured | None] = {"ours": None, "baseline": None}
    stopped: set[str] = set()
    began = time.perf_counter()
    why_not: str | None = None
    for side, repeats in step.REPEATS.items():
        try:
            sides[side] = measure(
                name, side, folder, repeats=1 if once else repeats, wait=page.wait_of(step)
            )
        except subprocess.TimeoutExpired:
            stopped.add(side)
        except subprocess.CalledProcessError as failed:
            why_not = f"{side} failed with code {failed.returncode}"
        print(f"{name} {side}: {sides[side]}", flush=True)
    spent = time.perf_counter() - began
    print(f"{name}: {spent:.0f} s {why_not or ''}", flush=True)
    return Result(name, step, sides["ours"], sides["baseline"], spent, why_not, frozenset(stopped))


def run_small(names: Sequence[str], folder: Path) -> int:
    """Run the small version of every step here and print as JSON where the sides differ."""
    told: dict[str, dict[str, dict[str, object] | None]] = {}
    differ = []
    for name in names:
        step = step_of(name)
        if not getattr(step, "IN_SMALL", True):
            continue
        sides = {
            side: child.run(step, side, folder, 1, small=True) if side in step.REPEATS else None
            for side in ("ours", "baseline")
        }
        told[name] = {side: one and asdict(one) for side, one in sides.items()}
        if Result(name, step, sides["ours"], sides["baseline"]).same is False:
            differ.append(name)
    print(json.dumps({"differ": differ, "steps": told}, ensure_ascii=False))
    return 1 if differ else 0


def run_whole(names: Sequence[str], folder: Path, *, once: bool, growth: bool, maps: bool) -> int:
    """Run the steps on the whole country and write the page."""
    took: dict[str, float] = {}
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"

    def timed(title: str, work: Callable[[], str]) -> str:
        began = time.perf_counter()
        told = work()
        took[title] = time.perf_counter() - began
        print(f"{title}: {took[title]:.0f} s", flush=True)
        return told

    timed("making the inputs", lambda: _make_inputs(folder))
    results = [run_step(name, folder, once=once) for name in names]
    took |= {result.step.TITLE: result.spent for result in results}
    on_maps = timed("maps in Chromium", lambda: _or_why_not(lambda: _maps(folder))) if maps else ""
    grown = (
        timed("growth", lambda: _or_why_not(lambda: _growth(folder, once=once))) if growth else ""
    )
    page.write(results, on_maps, grown, load, took)
    return 1 if any(result.same is False or result.ours is None for result in results) else 0


def _make_inputs(folder: Path) -> str:
    # In a process of its own: this one measures nothing but holds nothing either.
    subprocess.run([sys.executable, "-m", "benchmarks.inputs", str(folder)], check=True)  # noqa: S603
    return ""


def _maps(folder: Path) -> str:
    """Return the part about maps."""
    from benchmarks import map_pages  # noqa: PLC0415 - Playwright is for who develops

    return map_pages.table(folder, small=False)


def _growth(folder: Path, *, once: bool) -> str:
    """Return the part about growth."""
    from benchmarks.growth import grow  # noqa: PLC0415 - draws, which the steps need not

    return grow(folder, repeats=1 if once else 3)


def _or_why_not(work: Callable[[], str]) -> str:
    """Return a part of the page, or why it could not be measured."""
    try:
        return work()
    except Exception as missing:  # noqa: BLE001 - whatever is missing, the other steps stand
        traceback.print_exc()
        said = (str(missing).splitlines() or ["no reason given"])[0]
        return f"**Not measured**: {type(missing).__name__}: {said}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--small", action="store_true")
    reader.add_argument("--once", action="store_true")
    reader.add_argument("--steps", default=",".join(STEPS))
    reader.add_argument("--folder", type=Path, default=None)
    reader.add_argument("--keep", action="store_true", help="keep the made-up country")
    reader.add_argument("--no-growth", action="store_true")
    reader.add_argument("--no-maps", action="store_true")
    asked = reader.parse_args(arguments)
    names = [name for name in asked.steps.split(",") if name]
    if asked.small:
        folder = asked.folder or FOLDER.with_name(f"{FOLDER.name}-small")
        inputs.write_inputs(folder, small=True)
        inputs.workspace_of(folder, small=True)
        return run_small(names, folder)
    folder = asked.folder or FOLDER
    parts = {"growth": not asked.no_growth, "maps": not asked.no_maps}
    code = run_whole(names, folder, once=asked.once, **parts)
    if not asked.keep and asked.folder is None:
        shutil.rmtree(folder)
    return code


if __name__ == "__main__":
    sys.exit(main())
