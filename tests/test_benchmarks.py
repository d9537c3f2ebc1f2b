"""Every benchmark in small: both sides of each step say the same. No times are asserted."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks import page, run
from benchmarks.charts import draw_growth, draw_ratios
from benchmarks.measuring import Measured, measure
from benchmarks.page import Result


def test_both_sides_of_every_step_say_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run.main(["--small", "--folder", str(tmp_path)])
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["differ"] == []
    assert code == 0
    for name, sides in told["steps"].items():
        expected = set(run.step_of(name).REPEATS)
        assert {side for side, one in sides.items() if one is not None} == expected


def test_a_side_is_measured_in_a_process_of_its_own(tmp_path: Path) -> None:
    measured = measure("command_help", "ours", tmp_path, repeats=1, wait=60)
    assert measured.repeats == 1
    assert measured.peak_megabytes > 0


def test_every_step_says_what_the_page_needs() -> None:
    for name in run.STEPS:
        step = run.step_of(name)
        assert step.TITLE
        assert step.LIMIT
        assert bool(step.BASELINE) == ("baseline" in step.REPEATS)


def test_a_missed_goal_is_told_with_what_was_reached_and_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "PAGE", tmp_path / "README.md")
    monkeypatch.setattr(page, "RATIOS", tmp_path / "ratios.svg")
    ours = Measured(2.0, 1.9, 5, 800.0, "a")
    baseline = Measured(6.0, 5.9, 3, 2_000.0, "a")
    step = run.step_of("households_csv")
    page.write([Result("households_csv", step, ours, baseline)], "maps", "growth", "0.1", {"x": 60})
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert f"{step.TITLE}: ≥ 5 × faster missed, at 3.0 ×. Limit: {step.LIMIT}." in text
    assert "peak ≤ 1,000 MB missed" not in text
    assert ET.parse(tmp_path / "ratios.svg").getroot().tag.endswith("svg")


def test_a_baseline_without_an_answer_gives_a_least_ratio() -> None:
    ours = Measured(2.0, 1.9, 5, 800.0, "a")
    stopped = Measured(60.0, 60.0, 1, 900.0, "b", "no proof in 60 s")
    result = Result("choice_costs", run.step_of("choice_costs"), ours, stopped)
    assert result.same is None
    assert "> 30.0 ×" in page.say(result)


def test_a_baseline_that_was_stopped_counts_with_the_time_it_was_given() -> None:
    step = run.step_of("choice_costs")
    ours = Measured(2.0, 1.9, 5, 800.0, "a")
    result = Result("choice_costs", step, ours, None, stopped=frozenset({"baseline"}))
    assert result.ratio == page.wait_of(step) / 2
    assert "> 180 s, stopped" in page.say(result)


def test_a_step_that_fails_says_so() -> None:
    step = run.step_of("points")
    row = page.say(Result("points", step, None, None, why_not="ours failed with code 1"))
    assert "not measured: ours failed with code 1" in row


def test_charts_are_well_formed() -> None:
    lines = {"one": [1.0, 2.0, 4.0]}
    drawn = draw_growth((1, 2, 4), {"one": "CSV & Parquet".replace("&", "and")}, lines, lines)
    for chart in (drawn, draw_ratios([("a < b", 0.5, None), ("c", 700.0, 500.0)])):
        assert ET.fromstring(chart).tag.endswith("svg")
