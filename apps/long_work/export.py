"""What people take away, made in the process beside the app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from phaenthi.apps.exports.export_choice import Begin, Choice, make
from phaenthi.apps.long_work.work_folder import all_work_in, leave
from phaenthi.apps.planning.plans import load_plan
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Language, say


def asked_of(
    choice: Choice, workspace: Workspace, language: Language, folder: Path
) -> dict[str, Any]:
    """Return what to ask a worker for, see :func:`do_asked`."""
    return {
        "workspace": workspace.address,
        "choice": asdict(choice),
        "language": language,
        "folder": str(folder),
    }


def do_asked(asked: Mapping[str, Any], begin: Begin) -> dict[str, Any]:
    """Make the files of a choice and leave them in the folder of the request."""
    choice = Choice(**{**asked["choice"], "provinces": tuple(asked["choice"]["provinces"])})
    workspace, folder = Workspace.open(asked["workspace"]), Path(asked["folder"])
    with all_work_in(folder):
        publication = None
        if choice.what == "plan":
            begin(say("app.exports.step.reading", asked["language"]))
            publication = _publication(asked["workspace"], workspace.generation, choice.of)
        leave(make(choice, workspace, publication, asked["language"], begin), folder)
    return {"of": choice.of}


# Of one plan several files are made, mostly.
@lru_cache(maxsize=2)
def _publication(folder: str, generation: int, plan_id: str) -> Publication:
    del generation
    workspace = Workspace.open(folder)
    return Publication.of(load_plan(workspace, plan_id), workspace)
