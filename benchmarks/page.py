"""The page of what was measured: protocol, table, charts, what was missed and why."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

from benchmarks.charts import draw_ratios
from benchmarks.measuring import Measured

PAGE = Path(__file__).with_name("README.md")
RATIOS = Path(__file__).with_name("ratios.svg")
WAIT_SECONDS = 600
NO_PROOF = "no proof"

PROTOCOL = """# Benchmarks

`make bench` writes this page. Everything is made up (ข้อมูลจำลอง) on the codes of today.

**How made.** `benchmarks/inputs.py` makes the country once, seeded: 77 provinces, 928 amphoe,
7,436 tambons, 75,000 villages; 13 million households as CSV (Thai headers) and Parquet; a
workspace of all layers with a quarter of the households, 100,000 producers, 25,000 plots, 9,000
funds, and ten years of history of programmes.

**How run.** Each side of a step runs alone in a child process: inputs are loaded untimed, a quick
step runs once without being counted, then as often as the number in brackets says; the table holds
the median, and beside it what the process computed over all its threads (on a busy machine the
first is longer). Both sides run one after the other in one run, so the ratio is of one machine in
one state. The peak is the largest resident memory of the child, interpreter and inputs included,
of the baseline and of ours. Files are in the page cache for both. The answers of both sides are
compared by digest. Quick steps run five times; what takes minutes, mostly baselines, runs once.

**The baseline** is the plain script that a good analyst writes today; it stands beside our side in
`benchmarks/steps/`.

**This run.** {machine}; load of the machine before it: {load}; {minutes:.0f} minutes in all.

| step | baseline | its time | our time | ratio | peaks, MB | goal | reached | limit |
|---|---|---:|---:|---:|---:|---|---|---|
{table}

![How many times faster than the baseline]({chart})

{missed}

## A map of the whole country

{maps}

## Growth

{growth}

## How long this run took

| part | seconds |
|---|---:|
{took}
"""


@dataclass(frozen=True)
class Result:
    """A step with both sides; a side that ran out of time, or that there is not, is missing."""

    name: str
    step: ModuleType
    ours: Measured | None
    baseline: Measured | None
    spent: float = 0.0
    why_not: str | None = None
    stopped: frozenset[str] = frozenset()

    @property
    def ratio(self) -> float | None:
        """How many times longer the baseline takes; at least, where it was stopped."""
        if self.ours is None:
            return None
        if "baseline" in self.stopped:
            return wait_of(self.step) / self.ours.seconds
        if self.baseline is None:
            return None
        return self.baseline.seconds / self.ours.seconds

    @property
    def unproved(self) -> bool:
        """Whether the baseline stopped without an answer: the ratio is a least one."""
        told = self.baseline is not None and NO_PROOF in self.baseline.note
        return told or "baseline" in self.stopped

    @property
    def same(self) -> bool | None:
        """Whether both found the same; None where one proved nothing."""
        if self.ours is None or self.baseline is None or self.unproved:
            return None
        return self.ours.answer == self.baseline.answer


def wait_of(step: ModuleType) -> float:
    """Return the seconds after which a side of a step is stopped."""
    return float(getattr(step, "MOST_WAIT_SECONDS", WAIT_SECONDS))


def goals(result: Result) -> list[tuple[str, bool, str]]:
    """Return each goal of a step in words, whether it is reached, and what was reached."""
    step, ours, ratio = result.step, result.ours, result.ratio
    told: list[tuple[str, bool, str]] = []
    if least := getattr(step, "LEAST_RATIO", None):
        found = "–" if ratio is None else f"{ratio:.1f} ×"
        told.append((f"≥ {least:g} × faster", ratio is not None and ratio >= least, found))
    if most := getattr(step, "MOST_TIMES", None):
        found = "–" if ratio is None else f"{1 / ratio:.2f} ×"
        told.append((f"≤ {most:g} × the baseline", ratio is not None and 1 / ratio <= most, found))
    if most := getattr(step, "MOST_SECONDS", None):
        found = "–" if ours is None else f"{ours.seconds:.2f} s"
        told.append((f"≤ {most:g} s", ours is not None and ours.seconds <= most, found))
    if most := getattr(step, "MOST_MEGABYTES", None):
        found = "–" if ours is None else f"{ours.peak_megabytes:,.0f} MB"
        told.append(
            (f"peak ≤ {most:,} MB", ours is not None and ours.peak_megabytes <= most, found)
        )
    return told


def say(result: Result) -> str:
    """Return the row of the table."""
    step, ours, baseline = result.step, result.ours, result.baseline
    ratio = "–" if result.ratio is None else f"{result.ratio:.1f} ×"
    if result.unproved and result.ratio is not None:
        ratio = f"> {ratio}"
    told = goals(result)
    missed = [f"{goal} (at {found})" for goal, reached, found in told if not reached]
    if ours is None:
        reached = f"not measured: {result.why_not or 'stopped'}"
    elif missed:
        reached = f"**missed**: {'; '.join(missed)}"
    else:
        reached = "reached" if told else "–"
    same = " (ANSWERS DIFFER)" if result.same is False else ""
    cells = (
        f"{step.TITLE}{same}",
        step.BASELINE or "–",
        _side(result, "baseline"),
        _side(result, "ours"),
        ratio,
        f"{_peak(baseline)} → {_peak(ours)}",
        "; ".join(goal for goal, _, _ in told) or "–",
        reached,
        step.LIMIT,
    )
    return f"| {' | '.join(cells)} |"


def _side(result: Result, side: str) -> str:
    measured = result.ours if side == "ours" else result.baseline
    if side in result.stopped:
        return f"> {wait_of(result.step):.0f} s, stopped"
    if measured is None:
        return "–"
    worked = f"{measured.seconds:.3g} s ({measured.repeats})"
    # What starts a process of its own computes nothing itself.
    if measured.cpu_seconds > measured.seconds / 100:
        worked += f", CPU {measured.cpu_seconds:.3g} s"
    return worked + (f"; {measured.note}" if measured.note else "")


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


def write(
    results: Sequence[Result], maps: str, growth: str, load: str, took: Mapping[str, float]
) -> None:
    """Write the page and the chart of the ratios."""
    missed = [
        f"- {result.step.TITLE}: {goal} missed, at {found}. Limit: {result.step.LIMIT}."
        for result in results
        for goal, reached, found in goals(result)
        if not reached
    ]
    ratios = [
        (result.step.TITLE.replace("`", ""), ratio, getattr(result.step, "LEAST_RATIO", None))
        for result in results
        if (ratio := result.ratio) is not None
    ]
    RATIOS.write_text(draw_ratios(ratios), encoding="utf-8")
    PAGE.write_text(
        PROTOCOL.format(
            machine=machine(),
            load=load,
            minutes=sum(took.values()) / 60,
            table="\n".join(say(result) for result in results),
            chart=RATIOS.name,
            missed="## Missed\n\n" + "\n".join(missed) if missed else "Every goal is reached.",
            maps=maps or "Not asked for in this run.",
            growth=growth or "Not asked for in this run.",
            took="\n".join(f"| {title} | {seconds:.0f} |" for title, seconds in took.items()),
        ),
        encoding="utf-8",
    )
