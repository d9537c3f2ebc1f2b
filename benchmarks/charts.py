"""Charts of the page, as SVG written by hand: no drawing library has to be there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import log10

_WIDTH, _HEIGHT, _LEFT, _TOP, _GAP = 380, 260, 62, 44, 30
_COLOURS = ("#0b5fa5", "#b3541e", "#3d7a37")
_BAR, _TITLES, _BARS, _LETTERS = 26, 440, 460, 68


def draw_ratios(ratios: Sequence[tuple[str, float, float | None]]) -> str:
    """Return an SVG of bars: how many times faster than the baseline, with the goal as a mark.

    The scale is logarithmic; a bar to the left of 1 is slower than its baseline, which leaves out
    what ours does beside it.
    """
    values = [value for _, ratio, goal in ratios for value in (ratio, goal or 1.0)]
    low = min([0.5, *values])
    high = max([10.0, *values]) * 1.3

    def x(value: float) -> float:
        return _TITLES + _BARS * log10(value / low) / log10(high / low)

    height = _TOP + _BAR * len(ratios)
    drawn = [
        f'<line x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="{_TOP - 8}" y2="{height}" '
        f'stroke="{"#444" if tick == 1 else "#ddd"}"/>'
        f'<text x="{x(tick):.1f}" y="{_TOP - 14}" text-anchor="middle">{tick:,} ×</text>'
        for tick in (1, 10, 100, 1_000, 10_000)
        if low <= tick <= high
    ]
    for place, (title, ratio, goal) in enumerate(ratios):
        top = _TOP + _BAR * place
        left, right = sorted((x(1.0), x(ratio)))
        colour = _COLOURS[0] if ratio >= 1 else _COLOURS[1]
        drawn.append(
            f'<text x="{_TITLES - 8}" y="{top + 16}" text-anchor="end">{escape(_short(title))}'
            f'</text><rect x="{left:.1f}" y="{top + 3}" width="{right - left:.1f}" '
            f'height="{_BAR - 8}" fill="{colour}"/>'
            f'<text x="{x(max(ratio, 1.0)) + 6:.1f}" y="{top + 16}">{ratio:.3g}</text>'
        )
        if goal is not None:
            drawn.append(
                f'<line x1="{x(goal):.1f}" x2="{x(goal):.1f}" y1="{top}" y2="{top + _BAR - 2}" '
                f'stroke="{_COLOURS[2]}" stroke-width="3"/>'
            )
    foot = "times faster than the baseline (logarithmic); the green mark is the goal"
    drawn.append(f'<text x="{_TITLES}" y="{height + 22}">{foot}</text>')
    return _svg(_TITLES + _BARS + 60, height + 34, drawn)


def _short(title: str) -> str:
    return title if len(title) <= _LETTERS else f"{title[: _LETTERS - 1]}…"


def _svg(width: int, height: int, drawn: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="13" fill="#222">'
        f'<rect width="{width}" height="{height}" fill="#fff"/>' + "".join(drawn) + "</svg>\n"
    )


def draw_growth(
    times: Sequence[int],
    names: Mapping[str, str],
    seconds: Mapping[str, Sequence[float]],
    memory: Mapping[str, Sequence[float]],
) -> str:
    """Return an SVG of two diagrams side by side: seconds and memory against the size."""
    parts = [
        _diagram(0, "seconds", times, seconds, proportional=True),
        _diagram(_WIDTH + _GAP, "peak memory, MB", times, memory, proportional=False),
    ]
    below = _TOP + _HEIGHT + 48
    legend = [
        f'<text x="{_LEFT}" y="{below + 18 * n}" fill="{_COLOURS[n]}">● {names[step]}</text>'
        for n, step in enumerate(seconds)
    ]
    return _svg(2 * _WIDTH + _GAP, below + 18 * len(seconds), [*parts, *legend])


def _diagram(
    left: int,
    title: str,
    sizes: Sequence[int],
    lines: Mapping[str, Sequence[float]],
    *,
    proportional: bool,
) -> str:
    most = 1.1 * max(max(values) for values in lines.values())

    def x(times: float) -> float:
        return left + _LEFT + (_WIDTH - _LEFT - 14) * (times - 1) / (sizes[-1] - 1)

    def y(value: float) -> float:
        return _TOP + _HEIGHT - _HEIGHT * value / most

    drawn = [f'<text x="{left + _LEFT}" y="24" font-weight="bold">{title}</text>']
    for part in range(5):
        value = most * part / 4
        drawn.append(
            f'<line x1="{x(1)}" x2="{x(sizes[-1])}" y1="{y(value):.1f}" y2="{y(value):.1f}" '
            f'stroke="#ddd"/><text x="{x(1) - 8}" y="{y(value) + 4:.1f}" text-anchor="end">'
            f"{value:,.{0 if most > 20 else 1}f}</text>"
        )
    drawn += [
        f'<text x="{x(times):.1f}" y="{_TOP + _HEIGHT + 20}" text-anchor="middle">{times} ×</text>'
        for times in sizes
    ]
    for colour, values in zip(_COLOURS, lines.values(), strict=False):
        points = [(x(t), y(v)) for t, v in zip(sizes, values, strict=True)]
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="4" fill="{colour}"/>' for a, b in points]
        if proportional:
            end = y(min(values[0] * sizes[-1], most))
            at = x(min(sizes[-1], most / values[0]))
            drawn.append(
                f'<line x1="{points[0][0]:.1f}" y1="{points[0][1]:.1f}" x2="{at:.1f}" '
                f'y2="{end:.1f}" stroke="{colour}" stroke-dasharray="2 5"/>'
            )
    return "".join(drawn)
