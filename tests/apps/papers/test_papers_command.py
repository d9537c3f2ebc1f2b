"""``phaenthi papers``: what is asked for is written, and the household list only by its switch."""

from __future__ import annotations

import pytest

from phaenthi.apps.cli import main
from phaenthi.apps.planning.plans import save_plan
from tests.apps.demo_plan import demo_publication, demo_workspace


@pytest.fixture(scope="module")
def plan_id() -> str:
    plan = demo_publication().plan
    save_plan(plan, demo_workspace())
    return plan.id


def run(plan_id: str, folder: object, *options: str) -> int:
    workspace = str(demo_workspace().folder)
    return main(["papers", plan_id, *options, "--to", str(folder), "--workspace", workspace])


def test_all_papers_are_written_but_not_the_list_of_households(plan_id, tmp_path, capsys):
    assert run(plan_id, tmp_path, "--all") == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {
        "memo.docx",
        "letter.docx",
        "annex.docx",
        "summary.docx",
        "summary.pdf",
        "map_A4.png",
        "map_A4.svg",
        "map_A3.png",
        "chart.png",
        "chart.svg",
        "chart_by_result.png",
        "chart_by_result.svg",
        "progress.docx",
        "budget.docx",
        "budget.xlsx",
        "register_thai_digits.xlsx",
    }
    assert "ข้อมูลจำลอง" in capsys.readouterr().err


def test_the_list_of_households_comes_by_its_own_switch(plan_id, tmp_path):
    assert run(plan_id, tmp_path, "--for-office") == 0
    (only,) = tmp_path.iterdir()
    assert only.name == "ใช้ภายในสำนักงานเท่านั้น-households.xlsx"


def test_only_what_is_asked_for_is_written(plan_id, tmp_path):
    assert run(plan_id, tmp_path, "--budget", "--language", "en") == 0
    assert {path.name for path in tmp_path.iterdir()} == {"budget.docx", "budget.xlsx"}


def test_asking_for_nothing_is_answered_with_what_could_be_asked(plan_id, tmp_path, capsys):
    assert run(plan_id, tmp_path) == 2
    assert "--letter" in capsys.readouterr().err
