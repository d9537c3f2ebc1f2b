"""Commands that sentences mention are there, with the options that are named beside them."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from phaenthi.apps.cli import phaenthi
from phaenthi.wording import LANGUAGES
from phaenthi.wording.catalogue import words
from phaenthi.wording.hints import WORKSPACE_VARIABLE
from tests.printed.shell import DOCUMENTS, ROOT, mentions_of

# What follows the program up to the end of the sentence, or to a letter that no command has.
MENTION = re.compile(r"\bphaenthi ((?:[a-z]|--)[\x20-\x7e]*)")
# What a reader is told to begin, and the shell completes.
HALF_TYPED = {"phaenthi work"}
# Commands that look at files, rules or codes alone and need no workspace.
WITHOUT_A_WORKSPACE = {
    "completion",
    "register boundaries",
    "register columns",
    "register inspect",
    "register placement",
    "register successor",
}


def commands(
    group: click.Group = phaenthi, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


def options_of(command: click.Command) -> set[str]:
    context = click.Context(command)
    return {
        name for one in command.get_params(context) for name in (*one.opts, *one.secondary_opts)
    }


def fault_in(mention: str) -> str:
    """Return what is wrong with the text behind the program's name, or nothing."""
    command: click.Command = phaenthi
    told = [word.strip(string.punctuation.replace("-", "")) for word in mention.split()]
    while told and isinstance(command, click.Group) and not told[0].startswith("-"):
        found = command.get_command(click.Context(command), told[0])
        if found is None:
            return f"no command {told[0]!r}"
        command = found
        told.pop(0)
    strange = {word for word in told if word.startswith("--")} - options_of(command)
    return f"no option {', '.join(sorted(strange))}" if strange else ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_that_a_sentence_mentions_is_there(language):
    found = {
        (name, mention): fault_in(mention)
        for name, text in words(language).items()
        for mention in MENTION.findall(text)
    }
    assert len(found) > 10
    assert {at: fault for at, fault in found.items() if fault} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_spells_a_command_out_that_holds_what_the_person_works_on(language):
    # Such a command is a hint: it is built where program, workspace and quotes are known.
    spelled = [
        name
        for name, text in words(language).items()
        for mention in re.findall(r"\bphaenthi ([^.:;()]*)", text)
        if "{" in mention
    ]
    assert spelled == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_of_a_command_names_its_own_options(language):
    wrong = {
        path: strange
        for path, command in commands()
        if (
            strange := set(re.findall(r"--[a-z][a-z-]*", words(language)[f"{command.help}.help"]))
            - options_of(command)
        )
    }
    assert wrong == {}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_that_a_document_mentions_is_there(path):
    found = {
        (line, mention): fault_in(mention.removeprefix("phaenthi").strip())
        for line, mention in mentions_of(path)
        if mention not in HALF_TYPED
    }
    assert {at: fault for at, fault in found.items() if fault} == {}


def test_a_fault_is_really_found():
    assert fault_in("choose ne-poverty-2563 --province 46") == ""
    assert "chose" in fault_in("chose ne-poverty-2563")
    assert "--provinces" in fault_in("choose --provinces")
    assert "lists" in fault_in("pack lists.")


def test_a_command_names_the_workspace_like_every_other_or_needs_none():
    usual, without = set(), set()
    for path, command in commands():
        (*found,) = (one for one in command.params if one.name == "workspace_folder")
        if not found:
            without.add(" ".join(path))
            continue
        (option,) = found
        assert isinstance(option, click.Option), path
        usual.add((tuple(option.opts), option.envvar, option.metavar))
    assert usual == {(("--workspace",), WORKSPACE_VARIABLE, "DIR")}
    assert without <= WITHOUT_A_WORKSPACE


def commands_spelled_in(path: Path) -> Iterator[str]:
    """Yield the texts of a module that spell a command of ours, but for its documentation."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = {
        ast.get_docstring(node, clean=False)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
    }
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    for text in texts:
        if isinstance(text, str) and text not in documented and MENTION.search(text):
            yield f"{path.relative_to(ROOT)}: {text}"


def test_no_hint_is_built_beside_the_one_function_that_knows_how():
    rooms = (ROOT / "apps" / "commands", ROOT / "apps" / "screens")
    modules = [path for room in rooms for path in room.rglob("*.py")]
    assert [told for path in modules for told in commands_spelled_in(path)] == []
