"""``phaenthi pack``: list, show, check and new."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from phaenthi.apps.cli import main
from phaenthi.targeting.programme.programme import PACK_FOLDER, packs

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PHAENTHI_LANGUAGE", raising=False)
    monkeypatch.delenv("PHAENTHI_PACKS", raising=False)


def test_the_list_names_every_pack(capsys: Captured) -> None:
    assert main(["pack", "list", "--language", "en"]) == 0
    shown = capsys.readouterr().out
    for entry in packs():
        assert entry.id in shown


def test_a_broken_pack_of_ones_own_is_told_in_the_list(tmp_path: Path, capsys: Captured) -> None:
    Path("own").mkdir()
    Path("own", "broken.yaml").write_text("id: broken\nunit: village\n", "utf-8")
    assert main(["pack", "list", "--packs", "own", "--language", "en"]) == 0
    assert "broken.yaml" in capsys.readouterr().out.replace("\n", "")


def test_a_pack_is_shown_with_reading_reference_and_what_to_know(capsys: Captured) -> None:
    assert main(["pack", "show", "south-tourism-2563", "--language", "en"]) == 0
    shown = capsys.readouterr().out
    assert "class-or-potential" in shown
    assert "G63" in shown
    assert "the document says it" in shown
    assert "do not guess" in shown
    assert main(["pack", "show", "ne-poverty-2563"]) == 0
    assert "average" in capsys.readouterr().out


def test_a_sound_pack_passes_the_check(capsys: Captured) -> None:
    assert main(["pack", "check", "ne-poverty-2563"]) == 0
    assert "บุรีรัมย์" in capsys.readouterr().out


def test_an_error_names_file_line_and_field(capsys: Captured) -> None:
    path = Path("ne-poverty-2563.yaml")
    text = (PACK_FOLDER / path.name).read_text("utf-8").replace("at_most: 3\n", "at_mots: 3\n")
    path.write_text(text, "utf-8")
    assert main(["pack", "check", str(path), "--language", "en"]) == 2
    told = capsys.readouterr().err
    row = next(n for n, line in enumerate(text.splitlines(), 1) if "at_mots" in line)
    assert "ne-poverty-2563.yaml" in told
    assert f"row {row}" in told
    assert "at_mots" in told


def test_a_pack_that_cannot_be_right_does_not_pass(capsys: Captured) -> None:
    path = Path("markets-2563.yaml")
    text = (PACK_FOLDER / path.name).read_text("utf-8").replace("[878, 1]", "[877, 1]")
    path.write_text(text, "utf-8")
    assert main(["pack", "check", str(path), "--language", "en"]) == 2
    assert "877" in capsys.readouterr().err


def test_a_new_year_is_begun_reviewed_and_checked(capsys: Captured) -> None:
    assert main(["pack", "new", "ne-poverty-2563", "2564", "--to", "own", "--language", "en"]) == 0
    shown = capsys.readouterr().out
    assert "ne_poverty_2563_allotment.csv" in shown
    assert "☐" in shown
    assert main(["pack", "check", "own/ne-poverty-2564.yaml"]) == 0
    assert main(["pack", "new", "ne-poverty-2563", "2564", "--to", "own"]) == 2


def test_ones_own_pack_comes_before_the_projects(capsys: Captured) -> None:
    Path("own").mkdir()
    shutil.copy(PACK_FOLDER / "markets-2563.yaml", "own")
    path = Path("own", "markets-2563.yaml")
    path.write_text(path.read_text("utf-8").replace("Exactly one expanded", "Just one"), "utf-8")
    assert main(["pack", "show", "markets-2563", "--packs", "own", "--language", "en"]) == 0
    assert "Just one" in capsys.readouterr().out


def test_dates_out_of_order_and_sessions_too_close_are_told(capsys: Captured) -> None:
    asked = ["pack", "steps", "otop-nawatwithi-2563", "--language", "en"]
    assert main(asked) == 0
    assert "exhibition" in capsys.readouterr().out
    days = ["--date", "session-1=1/2/2563..3/2/2563", "--date", "session-2=2/2/2563..4/2/2563"]
    assert main([*asked, *days]) == 0
    assert "begins before the step before it ends" in capsys.readouterr().out
    assert main([*asked, "--date", "session-1=1/2/2563..5/2/2563"]) == 0
    assert "keep the order" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["south-tourism-2563"], "no order of steps"),
        (["otop-nawatwithi-2563", "--date", "booth=1/2/2563"], "session-1"),
        (["otop-nawatwithi-2563", "--date", "session-1=3/2/2563..1/2/2563"], "19/3/2568"),
        (["otop-nawatwithi-2563", "--date", "session-1=soon"], "19/3/2568"),
    ],
)
def test_steps_that_cannot_be_checked_say_why(
    arguments: list[str], told: str, capsys: Captured
) -> None:
    assert main(["pack", "steps", *arguments, "--language", "en"]) == 2
    assert told in capsys.readouterr().err.replace("\n", " ")
