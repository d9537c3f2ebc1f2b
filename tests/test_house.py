"""The house reads as it is built: each folder says what lives there and names its public face."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("geo", "layers", "targeting", "apps")
FOLDERS = sorted(
    init.parent
    for floor in FLOORS
    for init in (ROOT / floor).rglob("__init__.py")
    if init.parent != ROOT / floor
)


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    defined = {one.name for one in tree.body if isinstance(one, ast.FunctionDef | ast.ClassDef)}
    for one in tree.body:
        targets = one.targets if isinstance(one, ast.Assign) else []
        if isinstance(one, ast.AnnAssign):
            targets = [one.target]
        defined |= {target.id for target in targets if isinstance(target, ast.Name)}
    return defined


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_folder_says_what_lives_there_and_what_it_names_is_there(folder: Path):
    words = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    assert words
    for first, second in re.findall(r"``([a-z_]+)(?:\.(\w+))?``", words):
        if folder.name == "screens" or first == "phaenthi":
            continue
        file, room = folder / f"{first}.py", folder.parent / first
        if file.is_file():
            assert not second or second in names_in(file), f"{first} has no {second}"
        else:
            assert (room / f"{second}.py").is_file(), f"{folder.name} has no {first}"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_folder_holds_a_single_file(folder: Path):
    assert len([path for path in folder.iterdir() if not path.name.startswith("_")]) > 1


def test_every_path_that_the_tour_names_is_there():
    tour = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    floors = "|".join((*FLOORS, "wording"))
    named = re.findall(rf"`((?:{floors})/[\w./]+)`", tour)
    linked = re.findall(r"\]\(([\w./]+)\)", tour)
    assert len(named) > 20
    absent = [path for path in named if not (ROOT / path).exists()]
    absent += [path for path in linked if not (ROOT / "docs" / path).exists()]
    assert not absent
