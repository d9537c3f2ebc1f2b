"""The catalogue of words: one YAML file a language, the same ids in each."""

from __future__ import annotations

from functools import cache
from typing import Literal

import yaml

from phaenthi.data import shipped

Language = Literal["th", "en"]
LANGUAGES: tuple[Language, ...] = ("th", "en")


@cache
def words(language: Language) -> dict[str, str]:
    """Return every sentence of one language by its dotted id.

    Raises
    ------
    TypeError
        If an entry of the file is neither text nor a section.
    """
    path = shipped("phaenthi.wording", f"{language}.yaml")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    tree = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader
    return dict(_leaves(tree, ""))


def _leaves(branch: object, prefix: str) -> list[tuple[str, str]]:
    if isinstance(branch, str):
        return [(prefix, branch)]
    if not isinstance(branch, dict):
        raise TypeError(f"wording entry {prefix!r} is neither text nor a section: {branch!r}")
    found: list[tuple[str, str]] = []
    for name, value in branch.items():
        found += _leaves(value, f"{prefix}.{name}" if prefix else str(name))
    return found


def has(message_id: str) -> bool:
    """Tell whether the catalogue holds this id."""
    return message_id in words("th")


def say(message_id: str, language: Language = "th", **values: object) -> str:
    """Return the sentence of an id with its values filled in.

    Raises
    ------
    KeyError
        If the id is not in the catalogue, or a value that it names is missing.
    """
    return words(language)[message_id].format(**values)
