"""Routes kept in a workspace, each as ``<id>.json``: a format with a number, written whole."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from typing import Any

from pydantic import TypeAdapter, ValidationError

from phaenthi.apps.dates import today
from phaenthi.layers.tourism.route_planning import Route
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.layers.workspace.kept_names import find_kept
from phaenthi.wording import Problem

FORMAT = 1

_ROUTES: TypeAdapter[Route] = TypeAdapter(Route)


def save_route(workspace: Workspace, route: Route, *, saved_on: date | None = None) -> None:
    """Keep a route; the same route again takes its own place."""
    content: Any = _ROUTES.dump_python(route, mode="json")
    whole = {
        "format": FORMAT,
        "saved_on": (saved_on or today()).isoformat(),
        "digest": _digest(content),
        "route": content,
    }
    text = json.dumps(whole, ensure_ascii=False, indent=1)
    workspace.documents(DocumentKind.ROUTES).write(f"{route.id}.json", text.encode("utf-8"))


def _digest(content: object) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return sha256(text.encode("utf-8")).hexdigest()


def list_routes(workspace: Workspace) -> tuple[str, ...]:
    """Return the ids of the routes that are kept, the newest first."""
    names = workspace.documents(DocumentKind.ROUTES).names("*.json")
    return tuple(name.removesuffix(".json") for name in names)


def load_route(workspace: Workspace, name: str) -> Route:
    """Return a route by its id, the beginning of it, or as the latest; see :func:`find_kept`.

    Raises
    ------
    Problem
        ``app.route_missing`` if there is none or several begin so; ``app.route_damaged`` if the
        file was changed by hand; ``app.route_of_other_format`` if a later program wrote it.
    """
    known = list_routes(workspace)
    found = find_kept(name, known)
    if found is None:
        raise Problem("app.route_missing", found=name, known=", ".join(known[:5]) or "–")
    content = workspace.documents(DocumentKind.ROUTES).read(f"{found}.json") or b""
    try:
        whole = json.loads(content)
        if whole["format"] != FORMAT:
            raise Problem("app.route_of_other_format", route=found)
        if whole["digest"] != _digest(whole["route"]):
            raise Problem("app.route_damaged", route=found)
        return _ROUTES.validate_python(whole["route"])
    except (ValueError, KeyError, TypeError, ValidationError) as damage:
        raise Problem("app.route_damaged", route=found) from damage
