"""What a command can be refused for at a glance, before anything heavy is loaded.

Each check is the one that the command itself makes, or makes by the same function; what is not
seen here the command finds later.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from phaenthi.apps.commands.pack_folder import packs_folder
from phaenthi.geo.places.gazetteer import find_province
from phaenthi.layers.contracts.names import require_layer
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.manifest import MANIFEST_FILE, read_manifest
from phaenthi.targeting.plan.shelf import RECORD_FILE, find_plan
from phaenthi.targeting.programme.pack_files import find_pack
from phaenthi.wording import Problem
from phaenthi.wording.hints import DEFAULT_WORKSPACE

# They make their workspace; a package, a plan's folder and packs can be read without any.
_MAKE_THEIR_OWN = ("demo", "create")
_PLANS = ("plan_name", "first", "second", "plan_id", "plan")
_FILES = ("file", "register", "units_file", "mapping", "roads_file", "table_file")


def refuse(command: str, given: Mapping[str, Any]) -> None:
    """Refuse a command whose words name something that is not there.

    Parameters
    ----------
    command
        Its name in its group.
    given
        The values of its parameters by their names.

    Raises
    ------
    Problem
        As the command itself.
    """
    if given.get("layer"):
        require_layer(given["layer"])
    folder = _workspace(command, given)
    if folder is not None:
        for name in _PLANS:
            if given.get(name):
                _plan(str(given[name]), folder)
    for text in (given.get("province"), *given.get("provinces", ())):
        if text:
            find_province(text)
    _pack(given, folder)
    for name in _FILES:
        if given.get(name) and not Path(given[name]).exists():
            raise Problem("geo.file_missing", file=given[name])


def _pack(given: Mapping[str, Any], workspace: Path | None) -> None:
    """Refuse a pack that is nowhere, by the folder of packs that the command is given."""
    if "packs" in given:
        if given.get("name"):
            find_pack(given["name"], (packs_folder(given["packs"], given["workspace_folder"]),))
    elif given.get("pack"):
        find_pack(given["pack"], () if workspace is None else (workspace / DocumentKind.PACKS,))


def _workspace(command: str, given: Mapping[str, Any]) -> Path | None:
    """Return the folder of the workspace that a command works on; refuse one that is none."""
    if not given.get("workspace_folder") or command in _MAKE_THEIR_OWN or "packs" in given:
        return None
    folder = Path(given["workspace_folder"])
    makes_the_demo = command == "app" and given["workspace_folder"] == DEFAULT_WORKSPACE
    if not (folder / MANIFEST_FILE).is_file() and (makes_the_demo or _by_itself(given)):
        return None
    read_manifest(folder)
    return folder


def _by_itself(given: Mapping[str, Any]) -> bool:
    """Tell whether a plan is given by its folder or in a package, which need no workspace."""
    name = str(given.get("plan_name") or "")
    return name.lower().endswith(".zip") or (Path(name) / RECORD_FILE).is_file()


def _plan(name: str, workspace: Path) -> None:
    if not name.lower().endswith(".zip") and not (Path(name) / RECORD_FILE).is_file():
        find_plan(name, workspace / DocumentKind.PLANS)
