"""A hint can be pasted: the right program, the right folder, quotes for the shell in use."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from phaenthi.wording import hints
from phaenthi.wording.hints import quote_for_powershell, short_path, typed

ODD = ["plain", "two words", "ที่ทำงาน", "a'b", "$HOME", "`x`", "50%", "a,b", "@x", "{z}", "#1", ""]


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PHAENTHI_WORKSPACE", raising=False)
    monkeypatch.delenv("PHAENTHI_LANGUAGE", raising=False)
    monkeypatch.setattr(hints, "command_name", lambda: "phaenthi")


def test_the_usual_workspace_is_not_named():
    assert typed("verify", "p", workspace=Path("workspaces/demo")) == "phaenthi verify p"
    assert typed("verify", "p", workspace=Path("workspaces/demo").resolve()) == "phaenthi verify p"


def test_another_workspace_is_named_as_one_would_type_it_from_here(tmp_path):
    told = typed("verify", "p", workspace=tmp_path / "office")
    assert told == "phaenthi verify p --workspace office"
    assert typed("verify", "p", workspace=Path("/srv/o")) == "phaenthi verify p --workspace /srv/o"


def test_the_workspace_of_the_environment_is_not_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(tmp_path / "office"))
    assert typed("verify", "p", workspace=Path("office")) == "phaenthi verify p"
    # The usual folder is then another one.
    told = typed("verify", "p", workspace=Path("workspaces/demo"))
    assert told == "phaenthi verify p --workspace workspaces/demo"


def test_a_language_is_named_where_the_shell_speaks_another(monkeypatch):
    assert typed("demo", language="th") == "phaenthi demo"
    assert typed("demo", language="en") == "phaenthi demo --language en"
    monkeypatch.setenv("PHAENTHI_LANGUAGE", "en")
    assert typed("demo", language="en") == "phaenthi demo"


@pytest.mark.parametrize("word", ODD)
def test_a_posix_shell_hands_every_word_over_whole(word):
    command = typed("verify", word, windows=False)
    assert shlex.split(command) == ["phaenthi", "verify", word]
    if os.name == "nt":
        return  # no such shell to ask
    echoed = command.replace("phaenthi verify", "printf %s", 1)
    run = subprocess.run(["sh", "-c", echoed], capture_output=True, text=True, check=True)
    assert run.stdout == word


def test_powershell_and_the_old_prompt_read_what_is_plain_as_it_stands():
    assert quote_for_powershell(r"workspaces\demo") == r"workspaces\demo"
    assert quote_for_powershell("cap=average") == "cap=average"
    assert quote_for_powershell("two words") == '"two words"'
    assert quote_for_powershell("a,b") == '"a,b"'


def test_powershell_fills_nothing_into_a_word():
    assert quote_for_powershell("$HOME") == "'$HOME'"
    assert quote_for_powershell("50% `x`") == "'50% `x`'"
    assert quote_for_powershell("it's $5") == "'it''s $5'"
    assert quote_for_powershell("say “ja”") == "'say “ja”'"


def test_powershell_calls_a_program_whose_folder_has_a_blank(monkeypatch):
    program = r"C:\Program Files\phaenthi\phaenthi"
    monkeypatch.setattr(hints, "command_name", lambda: program)
    assert typed("demo", windows=True) == f'& "{program}" demo'
    monkeypatch.setattr(hints, "command_name", lambda: r".venv\Scripts\phaenthi")
    assert typed("demo", windows=True) == r".venv\Scripts\phaenthi demo"


def test_the_program_is_told_with_its_folder_where_the_shell_does_not_search_it(monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(shutil, "which", lambda _: None)
    name = hints.command_name()
    assert Path(name).name == "phaenthi"
    assert Path(name).parent != Path()


def test_a_path_outside_stays_whole(tmp_path):
    assert short_path(tmp_path / "a" / "b") == str(Path("a", "b"))
    assert short_path(tmp_path.parent) == str(tmp_path.parent)
