"""Routes kept in a workspace: ``routes/<id>.json``, a format with a number, written whole."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from phaenthi.apps.dates import today
from phaenthi.geo.files import atomic_write
from phaenthi.layers.tourism.route_planning import Route
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem

FOLDER = "routes"
FORMAT = 1

_ROUTES: TypeAdapter[Route] = TypeAdapter(Route)


def save_route(workspace: Workspace, route: Route, *, saved_on: date | None = None) -> Path:
    """Keep a route; the same route again takes its own place.

    Returns
    -------
    pathlib.Path
        The file.
    """
    content: Any = _ROUTES.dump_python(route, mode="json")
    whole = {
        "format": FORMAT,
        "saved_on": (saved_on or today()).isoformat(),
        "digest": _digest(content),
        "route": content,
    }
    path = workspace.folder / FOLDER / f"{route.id}.json"
    with atomic_write(path) as draft:
        draft.write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def _digest(content: object) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return sha256(text.encode("utf-8")).hexdigest()


def list_routes(workspace: Workspace) -> tuple[str, ...]:
    """Return the ids of the routes that are kept, the newest first."""
    folder = workspace.folder / FOLDER
    files = sorted(folder.glob("*.json"), key=lambda path: (-path.stat().st_mtime, path.name))
    return tuple(path.stem for path in files)


def load_route(workspace: Workspace, name: str) -> Route:
    """Return a route by its id, or by the beginning of it.

    Raises
    ------
    Problem
        ``app.route_missing`` if there is none or several begin so; ``app.route_damaged`` if the
        file was changed by hand; ``app.route_of_other_format`` if a later program wrote it.
    """
    known = list_routes(workspace)
    found = [one for one in known if one == name] or [one for one in known if one.startswith(name)]
    if len(found) != 1:
        raise Problem("app.route_missing", found=name, known=", ".join(known[:5]) or "–")
    path = workspace.folder / FOLDER / f"{found[0]}.json"
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        if whole["format"] != FORMAT:
            raise Problem("app.route_of_other_format", route=found[0])
        if whole["digest"] != _digest(whole["route"]):
            raise Problem("app.route_damaged", route=found[0])
        return _ROUTES.validate_python(whole["route"])
    except (ValueError, KeyError, TypeError, ValidationError) as damage:
        raise Problem("app.route_damaged", route=found[0]) from damage
