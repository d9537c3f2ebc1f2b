"""Help and refusals come at once and say what the commands themselves would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import outline as drawing_up
import pytest

from phaenthi.apps.cli import phaenthi
from phaenthi.apps.commands.outline import OUTLINE
from phaenthi.apps.commands.spoken import Session, SpokenGroup
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.plan.shelf import RECORD_FILE
from phaenthi.wording import LANGUAGES, Problem

HEAVY = ("pandas", "geopandas", "polars", "pyarrow", "shapely", "scipy", "streamlit", "folium")
HEAVY += ("ortools", "typst", "docx", "openpyxl", "pyogrio", "numpy")


class Loaded(SpokenGroup):
    """The command line without outlines: each command is loaded when it is named."""


BY_ITSELF = Loaded("phaenthi", help="cli", lazy=phaenthi.lazy)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    made = Workspace.create(folder / "office")
    for name in ("a-plan-1", "a-plan-2"):
        plan = made.folder / DocumentKind.PLANS / name
        plan.mkdir(parents=True)
        (plan / RECORD_FILE).write_text("{}")
    (folder / "empty").mkdir()
    (folder / "damaged").mkdir()
    (folder / "damaged" / "workspace.json").write_text("{")
    return folder


def leaves(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from leaves(command, (*path, name))
        else:
            yield (*path, name)


def said(line: click.Group, words: tuple[str, ...], language: str = "th") -> str:
    try:
        line.main(list(words), standalone_mode=False, obj=Session(language), prog_name="phaenthi")
    except Problem as problem:
        return problem.sentence(language)
    except click.UsageError as misuse:
        return misuse.format_message()
    raise AssertionError(f"{words} was not refused")


def test_the_outline_is_what_the_commands_say_of_themselves():
    assert OUTLINE.read_text(encoding="utf-8") == drawing_up.drawn_up(), "run: make outline"


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_by_the_outline_is_the_help_of_the_command(language, capsys):
    for path in leaves(BY_ITSELF):
        for line in (phaenthi, BY_ITSELF):
            line.main([*path, "--help"], standalone_mode=False, obj=Session(language))
        first, second = split_in_halves(capsys.readouterr().out)
        assert first == second, path


def split_in_halves(text: str) -> tuple[str, str]:
    return text[: len(text) // 2], text[len(text) // 2 :]


REFUSED = [
    ("choose", "--bad"),
    ("choose", "ne-poverty-2563"),
    ("choose", "ne-poverty-2563", "--province", "กาฬสินธุ์", "--workspace", "empty"),
    ("choose", "ne-poverty-2563", "--province", "46", "--workspace", "damaged"),
    ("choose", "ne-poverty-2563", "--province", "กาลสิน", "--workspace", "office"),
    ("choose", "no-pack", "--province", "46", "--workspace", "office"),
    ("explain", "no-plan", "46010101", "--workspace", "office"),
    ("explain", "a-plan", "46010101", "--workspace", "office"),
    ("verify", "no-plan", "--workspace", "office"),
    ("export", "no-plan", "--workspace", "office"),
    ("papers", "no-plan", "--all", "--workspace", "office"),
    ("readback", "no-plan", "register.xlsx", "--workspace", "office"),
    ("package", "no-plan", "--workspace", "office"),
    ("compare", "no-plan", "a-plan-1", "--workspace", "office"),
    ("replay", "no-plan", "--workspace", "office"),
    ("weights", "no-plan", "--workspace", "office"),
    ("reserve", "no-plan", "--workspace", "office"),
    ("alternatives", "a-plan-1", "--count", "0", "--workspace", "office"),
    ("fund", "summary", "--province", "กาลสิน", "--workspace", "office"),
    ("fund", "nonsense"),
    ("group", "register", "--workspace", "empty"),
    ("otop", "hotspots", "--province", "46", "--measure", "luck"),
    ("plot", "check", "--workspace", "empty"),
    ("route", "plan"),
    ("layer", "export", "funds", "--workspace", "empty"),
    ("workspace", "status", "--workspace", "empty"),
    ("workspace", "import", "no-layer", "none.xlsx", "--workspace", "office"),
    ("register", "columns", "no-layer", "none.xlsx"),
    ("workspace", "import", "villages", "none.xlsx", "--workspace", "office"),
    ("register", "import", "history", "none.xlsx", "--workspace", "office"),
    ("register", "survey", "none.csv", "2562", "--workspace", "office"),
    ("register", "areas", "none.csv", "2562", "--workspace", "office"),
    ("register", "decide", "none.csv", "--workspace", "office"),
    ("register", "columns", "history", "none.xlsx"),
    ("register", "boundaries", "none.zip"),
    ("register", "survey", "none.csv", "soon", "--workspace", "office"),
    ("pack", "new", "no-pack", "2566"),
    ("pack", "show", "no-pack"),
    ("pack", "check", "none.yaml"),
    ("pack", "steps", "no-pack"),
    ("app", "--workspace", "empty"),
]


@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_refused_at_a_glance_is_refused_in_the_words_of_the_command(
    words, language, home, monkeypatch
):
    monkeypatch.chdir(home)
    assert said(phaenthi, words, language) == said(BY_ITSELF, words, language)


def test_a_refusal_and_help_load_nothing_heavy(home):
    code = f"""
import json, sys
from phaenthi.apps.cli import main
tried = {{}}
for words in {[*REFUSED, ("--help",), ("choose", "--help"), ("fund", "--help"), ("nonsense",)]!r}:
    main(words)
    tried[" ".join(words)] = [name for name in {HEAVY!r} if name in sys.modules]
    if tried[" ".join(words)]:
        break
print(json.dumps(tried))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=home,
        capture_output=True,
        encoding="utf-8",
        check=True,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )
    tried = json.loads(done.stdout.splitlines()[-1])
    assert {words: names for words, names in tried.items() if names} == {}
    assert len(tried) > len(REFUSED)


def test_on_a_console_with_a_thai_code_page_nothing_fails_for_a_letter_it_lacks(home):
    asked = {"PYTHONIOENCODING": "cp874", "PYTHONUTF8": "0", "LC_ALL": "C"}
    for words in ((), ("choose", "x", "--province", "46", "--workspace", "empty")):
        done = subprocess.run(
            [sys.executable, "-m", "phaenthi.apps.cli", *words],
            cwd=home,
            capture_output=True,
            env=os.environ | asked,
            check=False,
        )
        told = (done.stdout + done.stderr).decode("utf-8")
        assert "Traceback" not in told
        assert "พื้นที่ทำงาน" in told
