"""The two wording files say the same things, and the code asks for nothing that they lack."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
import yaml

from phaenthi.wording import LANGUAGES
from phaenthi.wording.catalogue import words

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("geo", "layers", "targeting", "apps")
SOURCES = sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
# What is called with the id of a sentence first, and what stands before that id.
SPEAKERS = {"say": "", "has": "", "tell": "app."}


def placeholders(sentence: str) -> set[str]:
    return {
        name.split(".")[0].split("[")[0]
        for _, name, _, _ in Formatter().parse(sentence)
        if name is not None
    }


def test_both_languages_have_the_same_ids():
    assert words("th").keys() == words("en").keys()


def test_a_sentence_names_the_same_values_in_both_languages():
    english = words("en")
    differing = {
        message_id: (placeholders(thai), placeholders(english[message_id]))
        for message_id, thai in words("th").items()
        if placeholders(thai) != placeholders(english[message_id])
    }
    assert not differing


def test_no_sentence_is_empty():
    empty = [(lang, name) for lang in LANGUAGES for name, text in words(lang).items() if not text]
    assert not empty


def test_every_problem_says_what_is_wrong_and_what_to_do():
    ids = {name for name in words("th") if name.startswith("problems.")}
    ids -= {name for name in ids if name.startswith("problems.where.")}
    told = {name.rpartition(".")[0] for name in ids}
    assert {f"{name}.{part}" for name in told for part in ("what", "do")} == ids


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_id_stands_twice_in_a_file(language):
    # A second section of the same name would silently take the place of the first.
    tree = yaml.compose((ROOT / "wording" / f"{language}.yaml").read_text(encoding="utf-8"))
    assert not list(repeated(tree, ""))


def repeated(node: yaml.Node | None, at: str) -> Iterator[str]:
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        name = f"{at}.{key.value}" if at else str(key.value)
        if name in seen:
            yield f"{name} (line {key.start_mark.line + 1})"
        seen.add(name)
        yield from repeated(value, name)


def test_thai_sentences_are_in_thai():
    # Names of programs, formats and commands stay as they are; a sentence without a Thai letter
    # that differs from the English one was not translated.
    english = words("en")
    foreign = {
        name: text
        for name, text in words("th").items()
        if not re.search("[ก-๙]", text) and re.search("[a-z]{3}", re.sub(r"\{.*?\}", "", text))
        if text != english[name]
    }
    assert not foreign


def asked_ids(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each id that a module asks for as a pattern, with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if name == "has" and isinstance(called, ast.Attribute):
            continue  # a workspace tells whether it has a layer
        if name in SPEAKERS:
            prefix, suffix = SPEAKERS[name], ""
        elif name == "Problem":
            prefix, suffix = "problems.", ".what"
        else:
            continue
        pattern = as_pattern(node.args[0])
        if pattern is not None:
            yield re.escape(prefix) + pattern + re.escape(suffix), node.lineno


def as_pattern(asked: ast.expr) -> str | None:
    """Return a text as a pattern; what is filled in may be anything."""
    if isinstance(asked, ast.Constant) and isinstance(asked.value, str):
        return re.escape(asked.value)
    if isinstance(asked, ast.JoinedStr):
        return "".join(
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+"
            for part in asked.values
        )
    return None


def test_the_code_asks_for_no_id_that_is_not_there():
    known = "\n".join(words("th"))
    missing = [
        f"{path.relative_to(ROOT)}:{line} {pattern}"
        for path in SOURCES
        for pattern, line in asked_ids(path)
        if not re.search(f"^{pattern}$", known, flags=re.MULTILINE)
    ]
    assert not missing


def test_ids_are_really_found_in_the_code():
    found = [pattern for path in SOURCES for pattern, _ in asked_ids(path)]
    assert len(found) > 100


def test_no_thai_word_for_users_hides_in_the_code_of_the_command_line():
    # Docstrings and comments may name Thai words; what is shown may not stand in the code.
    for path in (ROOT / "apps" / "cli.py", *(ROOT / "apps" / "commands").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documented = {
            ast.get_docstring(node, clean=False)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        }
        shown = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value not in documented
            and re.search("[ก-๙]", node.value)
        ]
        assert not shown, path.name
