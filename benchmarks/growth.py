"""Time and memory against one, two and four times the country, and the chart of it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from benchmarks.charts import draw_growth
from benchmarks.inputs import WHOLE, villages, write_households
from benchmarks.measuring import Measured, measure

TIMES = (1, 2, 4)
STEPS = {
    "households_csv": "household CSV to tables (13 million rows a country)",
    "households_parquet": "household Parquet to tables",
    "choice_grown": "choice like P1 (75,000 villages a country)",
}
CHART = Path(__file__).with_name("growth.svg")
WAIT_SECONDS = 600
# Parquet only, as nobody keeps so many rows as CSV.
FAR_TIMES = 10


def grow(folder: Path, *, repeats: int) -> str:
    """Measure, draw the chart, and return the part of the page that shows it."""
    codes = villages(WHOLE.villages)
    found: dict[str, list[Measured]] = {step: [] for step in STEPS}
    for times in TIMES:
        at = folder / f"growth-{times}"
        at.mkdir(exist_ok=True)
        write_households(at, times * WHOLE.households, codes)
        for step, measured in found.items():
            measured.append(measure(step, "ours", at, repeats=repeats, wait=WAIT_SECONDS))
        shutil.rmtree(at)
    seconds = {step: [one.seconds for one in measured] for step, measured in found.items()}
    memory = {step: [one.peak_megabytes for one in measured] for step, measured in found.items()}
    CHART.write_text(draw_growth(TIMES, STEPS, seconds, memory), encoding="utf-8")
    lines = [
        f"| {STEPS[step]} | "
        + " | ".join(f"{one.seconds:.2f} s, {one.peak_megabytes:,.0f} MB" for one in measured)
        + " |"
        for step, measured in found.items()
    ]
    heads = " | ".join(f"{times} ×" for times in TIMES)
    far = _far(folder, codes)
    return (
        "The country, twice and four times as large (medians of "
        f"{repeats} runs; the dotted line grows in proportion):\n\n| step | {heads} |\n"
        f"|---|{'---:|' * len(TIMES)}\n" + "\n".join(lines) + f"\n\n![growth]({CHART.name})"
        f"\n\n{far.rows / 1e6:,.0f} million households in one Parquet file of "
        f"{far.megabytes:,.0f} MB, counted once to the same tables: {far.took.seconds:.1f} s, "
        f"{far.took.peak_megabytes:,.0f} MB."
    )


@dataclass(frozen=True)
class Far:
    """Ten countries in one file: its rows and size, and what counting them took."""

    rows: int
    megabytes: float
    took: Measured


def _far(folder: Path, codes: list[str]) -> Far:
    at, rows = folder / "growth-10", FAR_TIMES * WHOLE.households
    at.mkdir(exist_ok=True)
    write_households(at, rows, codes, csv=False)
    size = (at / "households.parquet").stat().st_size / 1e6
    took = measure("households_parquet", "ours", at, repeats=1, wait=WAIT_SECONDS)
    shutil.rmtree(at)
    return Far(rows, size, took)
