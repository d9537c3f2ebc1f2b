"""Reading a rule pack so that an error names the file, the line and the field."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from phaenthi.geo.texts.stray import refuse_stray
from phaenthi.targeting.programme.packlinks import Path_, loose_ends
from phaenthi.targeting.rules.rule import Pack
from phaenthi.wording import Problem

Tree = dict[str, Any]

# libyaml's loader, where it was built, is ten times as fast and gives the same lines.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# pydantic's own kinds of error, and the sentence of ours that a planner can act on.
_SENTENCES = {
    "missing": "targeting.pack_field_missing",
    "extra_forbidden": "targeting.pack_field_unknown",
    "union_tag_invalid": "targeting.pack_kind_unknown",
    "union_tag_not_found": "targeting.pack_kind_missing",
}


@dataclass(frozen=True)
class PackFile:
    """The tree of a YAML file and the line on which each entry stands."""

    path: Path
    tree: Tree
    lines: Mapping[Path_, int]

    def line(self, path: Path_) -> int:
        """Return the line of an entry, or of the nearest one around it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, message_id: str, path: Path_, **values: Any) -> Problem:
        """Return a problem at an entry of this file."""
        field = ".".join(str(part) for part in path if isinstance(part, str)) or "–"
        return Problem(message_id, file=self.path, row=self.line(path), field=field, **values)


def read(path: Path) -> PackFile:
    """Read a YAML file with its line numbers.

    Raises
    ------
    Problem
        ``targeting.pack_missing``, ``targeting.pack_unreadable`` (line) or
        ``targeting.pack_field_twice`` (line, field).
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise Problem("targeting.pack_missing", found=path.name) from error
    except UnicodeDecodeError as error:
        raise Problem("targeting.pack_unreadable", file=path, reason="UTF-8") from error
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        lines: dict[Path_, int] = {}
        tree = _build(node, (), lines, loader, path)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark is not None else None
        reason = getattr(error, "problem", None) or "YAML"
        raise Problem("targeting.pack_unreadable", file=path, row=row, reason=reason) from error
    finally:
        loader.dispose()
    if not isinstance(tree, dict):
        raise Problem("targeting.pack_unreadable", file=path, row=1, reason="id: …")
    return PackFile(path, tree, lines)


def _build(
    node: yaml.Node | None,
    at: Path_,
    lines: dict[Path_, int],
    loader: Any,
    file: Path,
) -> Any:
    if node is None:
        return None
    lines.setdefault(at, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        built: Tree = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            row = key_node.start_mark.line + 1
            refuse_stray(key, ".".join(map(str, at)) or "–", file=file, row=row)
            if key in built:
                raise Problem("targeting.pack_field_twice", file=file, row=row, field=key)
            lines[*at, key] = row
            built[key] = _build(value_node, (*at, key), lines, loader, file)
        return built
    if isinstance(node, yaml.SequenceNode):
        return [_build(one, (*at, n), lines, loader, file) for n, one in enumerate(node.value)]
    refuse_stray(str(node.value), ".".join(map(str, at)) or "–", file=file, row=lines[at])
    value = loader.construct_object(node)
    # Dates and other tags of YAML stay the text that was written.
    return value if value is None or isinstance(value, (bool, int, float, str)) else node.value


def with_readings(tree: Tree, chosen: Mapping[str, str]) -> Tree:
    """Return the tree with the fields that the chosen readings set in place of the rule's own.

    Parameters
    ----------
    chosen
        Reading by rule id; a rule that is not named keeps the reading written in the pack.
    """
    rules = tree.get("rules")
    if not isinstance(rules, list):
        return tree
    return {**tree, "rules": [_with_reading(rule, chosen) for rule in rules]}


def _with_reading(rule: Any, chosen: Mapping[str, str]) -> Any:
    if not isinstance(rule, dict):
        return rule
    reading = chosen.get(str(rule.get("id")), rule.get("reading"))
    readings = rule.get("readings")
    changes: Any = None
    if isinstance(readings, dict) and isinstance(readings.get(reading), dict):
        changes = readings[reading].get("set")
    named = {} if reading is None else {"reading": reading}
    return {**rule, **(changes if isinstance(changes, dict) else {}), **named}


def check(file: PackFile, chosen: Mapping[str, str]) -> Pack:
    """Return the pack with the chosen readings in force, every reading having been tried.

    Raises
    ------
    Problem
        The first error of the file in the order of its lines, with line and field.
    """
    _check_ids(file)
    for rule_id, reading in _readings(file.tree):
        _validate(file, {**chosen, rule_id: reading})
    return _validate(file, chosen)


def _check_ids(file: PackFile) -> None:
    rules = file.tree.get("rules")
    seen: set[str] = set()
    for place, rule in enumerate(rules if isinstance(rules, list) else ()):
        rule_id = str(rule.get("id")) if isinstance(rule, dict) else ""
        if rule_id in seen:
            at: Path_ = ("rules", place, "id")
            raise file.problem("targeting.pack_id_twice", at, found=rule_id)
        seen.add(rule_id)


def _readings(tree: Tree) -> Iterator[tuple[str, str]]:
    rules = tree.get("rules")
    for rule in rules if isinstance(rules, list) else ():
        readings = rule.get("readings") if isinstance(rule, dict) else None
        for reading in readings if isinstance(readings, dict) else ():
            yield str(rule.get("id")), str(reading)


def _validate(file: PackFile, chosen: Mapping[str, str]) -> Pack:
    tree = with_readings(file.tree, chosen)
    try:
        # Through JSON, where a list may become a tuple but no number becomes text.
        pack = Pack.model_validate_json(json.dumps(tree, ensure_ascii=False))
    except ValidationError as error:
        problems = [_problem(file, tree, one) for one in error.errors(include_url=False)]
        # A misspelt field is also a missing one: the spelling is what the officer must mend.
        misspelt = [one for one in problems if one.message_id == "targeting.pack_field_unknown"]
        raise min(misspelt or problems, key=lambda one: one.row or 0) from None
    for path, found in loose_ends(pack):
        raise file.problem("targeting.pack_reference_unknown", path, found=found)
    return pack


def _problem(file: PackFile, tree: Tree, error: ErrorDetails) -> Problem:
    path = _path_in_file(file, tree, error["loc"])
    values: Tree = {
        "found": _short(error.get("input")),
        "reason": error["msg"],
        **error.get("ctx", {}),
    }
    kind = error["type"]
    message_id = kind if kind.startswith("targeting.") else _SENTENCES.get(kind)
    if message_id in ("targeting.pack_kind_unknown", "targeting.pack_kind_missing"):
        values["found"] = error.get("ctx", {}).get("tag", "–")
        path = (*path, str(error.get("ctx", {}).get("discriminator", "kind")).strip("'"))
    return file.problem(message_id or "targeting.pack_invalid", path, **values)


def _path_in_file(file: PackFile, tree: Tree, loc: Path_) -> Path_:
    """Leave out what pydantic adds (the kind), and find the field of a reading where it is set."""
    path: Path_ = ()
    branch: Any = tree
    for part in loc:
        inside = _entry(branch, part)
        if inside is None and part != loc[-1]:
            continue
        path, branch = (*path, part), inside
    if len(path) > 2 and path[0] == "rules":
        place = next(part for part in path if isinstance(part, int))
        reading = tree["rules"][place].get("reading", "")
        in_reading: Path_ = (*path[:2], "readings", reading, "set", *path[2:])
        if in_reading in file.lines:
            return in_reading
    return path


def _entry(branch: Any, part: str | int) -> Any:
    if isinstance(branch, dict):
        return branch.get(part)
    if isinstance(branch, list) and isinstance(part, int) and part < len(branch):
        return branch[part]
    return None


def _short(found: object) -> str:
    text = json.dumps(found, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}…"
