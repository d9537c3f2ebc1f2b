"""The modules as their docstrings tell them: a page a folder, English only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from docs.site.pages import ROOT, Page

FLOORS = ("geo", "layers", "targeting", "apps", "wording")
# Thin by rule: words in, words out. Their pages are those of the commands and of the help.
_LEFT_OUT = ("apps/commands", "apps/screens")


def pages(source: str, place: str) -> Iterator[Page]:
    """Yield the list of folders, then each folder with its modules."""
    folders = list(_folders())
    rows = [f"| [{_name(one)}]({_name(one)}.md) | {_summary(one)} |" for one in folders]
    text = "\n".join(["# Modules", "", "| folder | what lives there |", "|---|---|", *rows, ""])
    yield Page(f"{source}/index.md", f"{place}/index.md", text)
    for folder in folders:
        name = _name(folder)
        yield Page(f"{source}/{name}.md", f"{place}/{name}.md", "\n\n".join(_folder(folder)))


def _folders() -> Iterator[Path]:
    for floor in FLOORS:
        for init in sorted((ROOT / floor).rglob("__init__.py")):
            folder = init.parent
            if not folder.relative_to(ROOT).as_posix().startswith(_LEFT_OUT):
                yield folder


def _folder(folder: Path) -> Iterator[str]:
    yield f"# {_name(folder)}"
    yield _summary(folder)
    for module in sorted(folder.glob("*.py")):
        if module.name != "__init__.py":
            yield f"## {module.stem}\n\n::: phaenthi.{_name(folder)}.{module.stem}"


def _name(folder: Path) -> str:
    return folder.relative_to(ROOT).as_posix().replace("/", ".")


def _summary(folder: Path) -> str:
    words = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    return " ".join(words.split("\n\n")[0].split())
