"""Time and memory against one, two and four times the country, and the chart of it."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.inputs import WHOLE, villages, write_households
from benchmarks.measuring import Measured, measure

TIMES = (1, 2, 4)
STEPS = {
    "households_csv": "household CSV to tables (13 million rows a country)",
    "households_parquet": "household Parquet to tables",
    "choice_grown": "choice like P1 (75,000 villages a country)",
}
CHART = Path(__file__).with_name("growth.svg")
REPEATS, WAIT_SECONDS = 3, 600
_WIDTH, _HEIGHT, _LEFT, _TOP, _GAP = 380, 260, 62, 44, 30
_COLOURS = ("#0b5fa5", "#b3541e", "#3d7a37")


def grow(folder: Path) -> str:
    """Measure, draw the chart, and return the part of the page that shows it."""
    codes = villages(WHOLE.villages)
    found: dict[str, list[Measured]] = {step: [] for step in STEPS}
    for times in TIMES:
        at = folder / f"growth-{times}"
        at.mkdir(exist_ok=True)
        write_households(at, times * WHOLE.households, codes)
        for step, measured in found.items():
            measured.append(
                measure(step, "ours", at, small=False, repeats=REPEATS, wait=WAIT_SECONDS)
            )
        shutil.rmtree(at)
    seconds = {step: [one.seconds for one in measured] for step, measured in found.items()}
    memory = {step: [one.peak_megabytes for one in measured] for step, measured in found.items()}
    CHART.write_text(draw(seconds, memory), encoding="utf-8")
    lines = [
        f"| {STEPS[step]} | "
        + " | ".join(f"{one.seconds:.2f} s, {one.peak_megabytes:,.0f} MB" for one in measured)
        + " |"
        for step, measured in found.items()
    ]
    heads = " | ".join(f"{times} ×" for times in TIMES)
    return (
        "\n## Growth\n\nThe country, twice and four times as large (medians of "
        f"{REPEATS} runs; the dotted line grows in proportion):\n\n| step | {heads} |\n"
        f"|---|{'---:|' * len(TIMES)}\n" + "\n".join(lines) + f"\n\n![growth]({CHART.name})\n"
    )


def draw(seconds: dict[str, list[float]], memory: dict[str, list[float]]) -> str:
    """Return an SVG of two diagrams side by side."""
    parts = [
        _diagram(0, "seconds", seconds, proportional=True),
        _diagram(_WIDTH + _GAP, "peak memory, MB", memory, proportional=False),
    ]
    legend = [
        f'<text x="{_LEFT}" y="{_HEIGHT + 62 + 18 * n}" fill="{_COLOURS[n]}">● {STEPS[step]}</text>'
        for n, step in enumerate(seconds)
    ]
    width, height = 2 * _WIDTH + _GAP, _HEIGHT + 70 + 18 * len(seconds)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="13" fill="#222">'
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
        + "".join((*parts, *legend))
        + "</svg>\n"
    )


def _diagram(left: int, title: str, lines: dict[str, list[float]], *, proportional: bool) -> str:
    most = 1.1 * max(max(values) for values in lines.values())

    def x(times: float) -> float:
        return left + _LEFT + (_WIDTH - _LEFT - 14) * (times - 1) / (TIMES[-1] - 1)

    def y(value: float) -> float:
        return _TOP + _HEIGHT - _HEIGHT * value / most

    drawn = [f'<text x="{left + _LEFT}" y="24" font-weight="bold">{title}</text>']
    for part in range(5):
        value = most * part / 4
        drawn.append(
            f'<line x1="{x(1)}" x2="{x(TIMES[-1])}" y1="{y(value):.1f}" y2="{y(value):.1f}" '
            f'stroke="#ddd"/><text x="{x(1) - 8}" y="{y(value) + 4:.1f}" text-anchor="end">'
            f"{value:,.{0 if most > 20 else 1}f}</text>"
        )
    drawn += [
        f'<text x="{x(times):.1f}" y="{_TOP + _HEIGHT + 20}" text-anchor="middle">{times} ×</text>'
        for times in TIMES
    ]
    for colour, values in zip(_COLOURS, lines.values(), strict=False):
        points = [(x(t), y(v)) for t, v in zip(TIMES, values, strict=True)]
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="4" fill="{colour}"/>' for a, b in points]
        if proportional:
            end = y(min(values[0] * TIMES[-1], most))
            at = x(min(TIMES[-1], most / values[0]))
            drawn.append(
                f'<line x1="{points[0][0]:.1f}" y1="{points[0][1]:.1f}" x2="{at:.1f}" '
                f'y2="{end:.1f}" stroke="{colour}" stroke-dasharray="2 5"/>'
            )
    return "".join(drawn)
