"""What goes to which stream, and how it looks where there is no terminal or no colour is wanted."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from phaenthi.apps.cli import main
from phaenthi.apps.commands.screen import console, show_table
from phaenthi.wording import say
from tests.apps.demo_plan import PROVINCE, demo_workspace

ESCAPE = "\x1b"
DRAWN = re.compile("[\u2500-\u257f]")
LIGHT = ("pack", "show", "south-tourism-2563")


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for variable in ("NO_COLOR", "FORCE_COLOR", "PHAENTHI_LANGUAGE", "PHAENTHI_WORKSPACE"):
        monkeypatch.delenv(variable, raising=False)


def piped(*arguments: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "phaenthi.apps.cli", *arguments]
    environment = os.environ | {"PYTHONIOENCODING": "cp874"} | variables
    return subprocess.run(command, capture_output=True, check=True, env=environment)


# -- which stream ----------------------------------------------------------------------------------


def test_only_the_answer_goes_to_standard_output(capsys):
    folder = str(demo_workspace().folder)
    assert main(["choose", "ne-poverty-2563", "--province", PROVINCE, "--workspace", folder]) == 0
    out, err = capsys.readouterr()
    beside = [
        say("export.made_up"),
        say("cli.next.title"),
        "phaenthi verify",
        *(say(f"cli.choose.{step}") for step in ("gathering", "choosing", "saving")),
    ]
    for text in beside:
        assert text not in out
        assert text in err
    assert "11 / 11" in out
    assert "11 / 11" not in err


def test_an_answer_for_a_script_is_utf_8_whatever_the_console_writes():
    run = piped("pack", "check", "ne-poverty-2563", "--json")
    answer = json.loads(run.stdout.decode("utf-8"))
    assert "หมู่บ้าน" in answer["checks"][0]["sentence"]
    assert run.stderr == b""


# -- where there is no terminal --------------------------------------------------------------------


def test_a_pipe_gets_no_styles_no_lines_and_the_same_text_at_every_width():
    narrow, wide = piped(*LIGHT, COLUMNS="40"), piped(*LIGHT, COLUMNS="200")
    assert narrow.stdout == wide.stdout
    text = narrow.stdout.decode("utf-8")
    assert ESCAPE not in text
    assert not DRAWN.search(text)


def test_a_row_of_a_piped_table_is_one_line_however_long(capsys):
    long = "ครัวเรือน " * 100
    show_table(["รหัส", "เหตุผล", "จำนวน"], [("42010101", long, 12_345)], numbers=[2])
    (head, row) = capsys.readouterr().out.rstrip("\n").split("\n")
    assert head.split() == ["รหัส", "เหตุผล", "จำนวน"]
    assert row.startswith("42010101")
    assert row.rstrip().endswith("12,345")


# -- on a terminal ---------------------------------------------------------------------------------


def on_a_terminal(*arguments: str, **variables: str) -> str:
    """Run a command whose streams are a terminal of 100 columns, and return all that it shows."""
    pty = pytest.importorskip("pty", reason="terminals are made up on POSIX alone")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "phaenthi.apps.cli", *arguments]
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "100"} | variables
    run = subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 65_536):
            shown += piece
    except OSError:
        pass  # On Linux a terminal that nobody holds any more ends in an error.
    finally:
        os.close(ours)
    assert run.wait() == 0
    return shown.decode("utf-8")


def test_a_terminal_gets_styles_and_lines():
    shown = on_a_terminal(*LIGHT)
    assert ESCAPE in shown
    assert DRAWN.search(shown)


@pytest.mark.parametrize("arguments", [LIGHT, ("register", "inspect", ".")], ids=["table", "work"])
def test_no_colour_means_no_escape_sequence_at_all(arguments):
    shown = on_a_terminal(*arguments, NO_COLOR="1")
    assert shown
    assert ESCAPE not in shown


def test_a_terminal_that_cannot_move_its_cursor_gets_plain_lines_of_progress():
    shown = on_a_terminal("register", "inspect", ".", TERM="dumb")
    assert ESCAPE not in shown
    assert say("cli.register.inspect.working", folder=".") in shown


def test_no_colour_is_asked_for_by_any_text_but_none(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "")
    assert console().color_system is not None
    monkeypatch.setenv("NO_COLOR", "0")
    assert console().color_system is None
