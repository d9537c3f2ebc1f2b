"""What the measures of the maps tell: medians beside their goals, and plainly what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import map_pages
from benchmarks.map_measures import BOTH, Measures
from benchmarks.map_table import tell


def measures(first_map: list[float], sent: float = 2.0) -> Measures:
    figures = {
        (f"first map, {BOTH}", "ours"): first_map,
        (f"first map, {BOTH}", "plain"): [12.0, 10.0],
        (f"sent, {BOTH}", "ours"): [sent],
        (f"sent, {BOTH}", "plain"): [13.0],
        ("reason card of a village", "ours"): [0.3, 0.4, 0.9],
        ("reason card of a village", "plain"): [2.0],
    }
    return Measures(figures, [4.0, 6.0, 5.0], [1.0, 2.0, 1.0], 66.0, "The country: made up.")


def line_of(step: str, told: str) -> str:
    [line] = [one for one in told.splitlines() if one.startswith(f"| {step} |")]
    return line


def test_each_step_is_told_by_its_median_with_how_often_it_was_measured() -> None:
    told = tell(measures([1.0, 2.0, 9.0]))
    line = line_of(f"first map, {BOTH}", told)
    assert "11.00 s (2) | 2.00 s (3) | 5.5 ×" in line
    assert line.endswith("| reached |")
    assert line_of("reason card of a village", told).endswith("| ≤ 0.5 s | reached |")
    assert "5.00 s (3)" in line_of("from nothing to the first map of the demo", told)


def test_every_goal_that_is_missed_is_named() -> None:
    told = tell(measures([4.0], sent=5.0))
    line = line_of(f"first map, {BOTH}", told)
    assert line.endswith("**missed**: ≤ 3 s; ≥ 5 × faster |")
    assert line_of(f"sent, {BOTH}", told).endswith("**missed**: ≤ 4 MB |")
    assert "13.2 ×" in line_of(f"sent, {BOTH}: folium as it comes", told)
    assert "**missed**: ≥ 30 × less" in line_of(f"sent, {BOTH}: folium as it comes", told)


def test_without_a_browser_nothing_is_measured_and_the_page_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_pages, "find_browser", lambda: None)
    told = map_pages.table(tmp_path, small=True)
    assert told.startswith("Not measured in this run: Chromium is not installed")
    assert list(tmp_path.iterdir()) == []
