"""Every command that README, the documents and the commands themselves print, pasted and run."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from click import Context

from phaenthi.apps.cli import main, phaenthi
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording.hints import DEFAULT_WORKSPACE, LANGUAGE_VARIABLE, WORKSPACE_VARIABLE
from tests.printed.office_files import write_office_files
from tests.printed.shell import DOCUMENTS, ROOT, Command, commands_of

# Programs of others: what the documents say of them is held by the installation, not here.
OF_OTHERS = {
    "apt-get", "brew", "cd", "conda", "cp", "echo", "git", "mkdir", "pip", "py", "python",
    "python3", "rm", "source", "winget", "Invoke-Expression", "Out-String", ".venv/bin/python",
    ".venv/Scripts/python",
}  # fmt: skip
# Seconds each: they are run as printed, and not again in the other two ways.
SLOW = ("demo", "papers", "alternatives")
ELSEWHERE = "ที่ทำงานของ สพจ./demo"
HINT = re.compile(r"(?:^|\s)(?:\S*/)?phaenthi (?P<words>\S.*)$")


@pytest.fixture(scope="module")
def after_the_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder as it is after ``make demo``, with an office's own files beside it."""
    home = tmp_path_factory.mktemp("printed")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        patch.delenv(WORKSPACE_VARIABLE, raising=False)
        assert main(["demo"]) == 0
    write_office_files(Workspace.open(home / DEFAULT_WORKSPACE), home)
    return home


@pytest.fixture
def here(
    after_the_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> pytest.MonkeyPatch:
    """Stand in a copy of that folder; nothing of the shell is set, and no server is started."""
    home = tmp_path / "home"
    shutil.copytree(after_the_demo, home)
    monkeypatch.chdir(home)
    for variable in (WORKSPACE_VARIABLE, LANGUAGE_VARIABLE, "PHAENTHI_PACKS"):
        # Set first, so that what a command sets is taken back too.
        monkeypatch.setenv(variable, "")
        monkeypatch.delenv(variable)
    served: list[object] = []
    monkeypatch.setattr("streamlit.web.cli.main", lambda *words, **_: served.append(words))
    return monkeypatch


def paste(words: Iterable[str], capsys: pytest.CaptureFixture[str]) -> list[tuple[str, ...]]:
    """Run a command that must do its work, and return the commands that it tells of."""
    given = list(words)
    code = main(given)
    err = capsys.readouterr().err
    assert code == 0, f"phaenthi {shlex.join(given)}\n{err}"
    told = [HINT.search(line) for line in err.splitlines()]
    return [tuple(shlex.split(one["words"])) for one in told if one]


def paste_with_hints(
    words: Sequence[str], capsys: pytest.CaptureFixture[str], pasted: set[tuple[str, ...]]
) -> set[tuple[str, ...]]:
    """Run a command and, as a person would, what it tells of; return what was told."""
    told = paste(words, capsys)
    pasted.add(tuple(words))
    for hint in told:
        # What a hint tells of in turn is pasted where that command stands by itself.
        if hint not in pasted:
            paste(hint, capsys)
            pasted.add(hint)
    return set(told)


def of_make(target: str) -> list[list[str]]:
    """Return the commands of ours in the recipe of a target of the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = re.search(rf"^{target}:.*\n((?:\t.*\n)*)", makefile, flags=re.MULTILINE)
    assert recipe, f"make {target}"
    return [line.split() for line in re.findall(r"\$\(BIN\)/phaenthi (.*)", recipe.group(1))]


def typed(command: Command, shell: pytest.MonkeyPatch) -> list[list[str]]:
    """Return what a command of a document comes to for our program."""
    match command.words:
        case ["export", setting]:
            shell.setenv(*setting.split("=", 1))
            return []
        case ["make", target, *_]:
            return of_make(target)
        case [name, *_] if name in OF_OTHERS or name.startswith("$env:"):
            return []
        case _ if command.ours:
            return [list(command.words[1:])]
    raise AssertionError(f"line {command.line}: neither ours nor known: {command.words}")


def takes_a_workspace(words: Iterable[str]) -> bool:
    command: object = phaenthi
    for word in words:
        if word.startswith("-") or not hasattr(command, "get_command"):
            break
        command = command.get_command(Context(phaenthi), word)
    return any(one.name == "workspace_folder" for one in command.params)  # type: ignore[attr-defined]


# -- as printed ------------------------------------------------------------------------------------

WITH_COMMANDS = [path for path in DOCUMENTS if commands_of(path)]


@pytest.mark.parametrize("path", WITH_COMMANDS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_can_be_pasted_line_by_line_after_the_demo(path, here, capsys):
    pasted: set[tuple[str, ...]] = set()
    for command in commands_of(path):
        for words in typed(command, here):
            if words[0] not in SLOW or tuple(words) not in pasted:
                paste_with_hints(words, capsys, pasted)


# -- on another workspace --------------------------------------------------------------------------


def of_the_usual_workspace() -> list[list[str]]:
    """Return the commands of README that work on the workspace which is not named."""
    ours = [list(one.words[1:]) for one in commands_of(ROOT / "README.md") if one.ours]
    return [
        words
        for words in ours
        if takes_a_workspace(words)
        and "--workspace" not in words
        and words[0] not in SLOW
        and "--language" not in words
    ]


def moved_elsewhere() -> None:
    folder = Path(ELSEWHERE)
    folder.parent.mkdir(parents=True)
    Path(DEFAULT_WORKSPACE).rename(folder)


def test_the_same_commands_work_on_a_workspace_that_is_named(here, capsys):
    moved_elsewhere()
    pasted: set[tuple[str, ...]] = set()
    told: set[tuple[str, ...]] = set()
    for words in of_the_usual_workspace():
        told |= paste_with_hints([*words, "--workspace", ELSEWHERE], capsys, pasted)
        here.delenv(WORKSPACE_VARIABLE, raising=False)  # the app sets its own
    assert any(ELSEWHERE in words for words in told)
    # Nothing was made where a command goes that forgets the folder.
    assert not Path(DEFAULT_WORKSPACE).exists()


def test_the_same_commands_work_on_a_workspace_of_the_environment(here, capsys):
    moved_elsewhere()
    here.setenv(WORKSPACE_VARIABLE, ELSEWHERE)
    pasted: set[tuple[str, ...]] = set()
    told: set[tuple[str, ...]] = set()
    for words in of_the_usual_workspace():
        told |= paste_with_hints(words, capsys, pasted)
        here.setenv(WORKSPACE_VARIABLE, ELSEWHERE)  # the app sets its own
    assert told
    assert not any(ELSEWHERE in words for words in told)
    assert not Path(DEFAULT_WORKSPACE).exists()


def test_a_pack_of_next_year_goes_where_the_workspace_is(here, capsys):
    moved_elsewhere()
    here.setenv(WORKSPACE_VARIABLE, ELSEWHERE)
    paste(["pack", "new", "ne-poverty-2563", "2564"], capsys)
    assert Path(ELSEWHERE, "packs", "ne-poverty-2564.yaml").is_file()
    paste(["pack", "check", "ne-poverty-2564"], capsys)


def test_what_was_tried_can_be_made_a_plan_by_the_command_that_is_told(here, capsys):
    (keep,) = paste(["whatif", "latest", "--reading", "cap=average"], capsys)
    assert keep[0] == "choose"
    paste(keep, capsys)
    paste(["compare", "previous", "latest"], capsys)
    # A plan of the same rules and data is the same plan, and the newest again.
    before = len(list(Path(DEFAULT_WORKSPACE, "plans").iterdir()))
    paste(["choose", "ne-poverty-2563", "--province", "46"], capsys)
    assert len(list(Path(DEFAULT_WORKSPACE, "plans").iterdir())) == before
    (again,) = paste(["whatif", "latest", "--reading", "cap=average"], capsys)
    assert again == keep


def test_what_cannot_be_told_as_a_command_is_kept_in_the_app(here, capsys):
    (app,) = paste(["whatif", "latest", "--weight", "poor=20"], capsys)
    assert app == ("app",)


def test_the_modules_that_documents_run_are_there():
    found = {
        name
        for path in DOCUMENTS
        for name in re.findall(r"python -m (phaenthi[\w.]*)", path.read_text(encoding="utf-8"))
    }
    assert found
    assert [name for name in found if importlib.util.find_spec(name) is None] == []
