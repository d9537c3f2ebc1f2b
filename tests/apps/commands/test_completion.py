"""Tab in the shell: commands, options and values, with what they mean in the user's language."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from phaenthi.apps.cli import main
from phaenthi.apps.commands.completion import SHELLS

TYPED = "phaenthi workspace im"
TAB_IN_BASH = """
eval "$(phaenthi completion bash)"
COMP_WORDS=({words}); COMP_CWORD={position}
_phaenthi_completion phaenthi
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def environment(**more: str) -> dict[str, str]:
    folder = str(Path(sys.executable).parent)
    return os.environ | {"PATH": folder + os.pathsep + os.environ["PATH"]} | more


def completed(words: str, **more: str) -> list[str]:
    """Return what zsh is told of the word that is typed last: kind, value, meaning, in turn."""
    asked = {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    ran = subprocess.run(
        [sys.executable, "-m", "phaenthi.apps.cli"],
        env=environment(_PHAENTHI_COMPLETE="zsh_complete", **asked, **more),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return ran.stdout.splitlines()


def test_bash_completes_a_command_by_the_script_that_is_printed():
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not installed")
    for typed, found in ((TYPED, "import"), ("phaenthi completion fi", "fish")):
        words = typed.split()
        script = TAB_IN_BASH.format(words=typed, position=len(words) - 1)
        ran = subprocess.run(
            [bash, "--norc", "-c", script],
            env=environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        assert ran.stdout.split() == [found]


def test_fish_shows_what_a_command_does_in_thai(tmp_path):
    fish = shutil.which("fish")
    if fish is None:
        pytest.skip("fish is not installed")
    script = "phaenthi completion fish | source; complete -C 'phaenthi work'"
    ran = subprocess.run(
        [fish, "--no-config", "-c", script],
        env=environment(HOME=str(tmp_path)),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert ran.stdout.split("\t")[0] == "workspace"
    assert "พื้นที่ทำงาน" in ran.stdout


def test_commands_come_with_their_words_in_the_language_of_the_session():
    assert "วางทะเบียนใด ๆ ลงบนหมู่บ้าน" in completed("phaenthi reg")
    told = completed("phaenthi reg", PHAENTHI_LANGUAGE="en")
    assert told[:2] == ["plain", "register"]
    assert told[2].startswith("Lay any register")


def test_options_come_with_their_words_and_not_with_their_ids():
    told = completed("phaenthi workspace import --w", PHAENTHI_LANGUAGE="en")
    assert told[1] == "--workspace"
    assert told[2].startswith("Folder of the workspace")


def test_folders_and_files_are_completed_by_the_shell():
    assert completed("phaenthi workspace status --workspace wor")[0] == "dir"
    assert completed("phaenthi workspace import villages vill")[0] == "file"


def test_a_list_of_commands_loads_none_of_them():
    script = (
        "import sys; from phaenthi.apps.cli import main\n"
        "try: main([])\n"
        "finally: print([name for name in sys.modules if name in ('pandas', 'streamlit', "
        "'phaenthi.apps.commands.plans')], file=sys.stderr)"
    )
    asked = {"_PHAENTHI_COMPLETE": "zsh_complete", "COMP_WORDS": "phaenthi ", "COMP_CWORD": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(**asked),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "choose" in ran.stdout.splitlines()
    assert ran.stderr.strip() == "[]"


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_the_script_that_asks_this_command(capsys, shell):
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert "_PHAENTHI_COMPLETE" in script
    assert f"{shell}_complete" in script


def test_a_shell_that_is_not_known_is_told_with_those_that_are(capsys):
    assert main(["--language", "en", "completion", "tcsh"]) == 2
    assert "powershell" in capsys.readouterr().err
