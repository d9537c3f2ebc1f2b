"""A file handed to the process beside the app; if that process is ended, nothing is left of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from phaenthi.apps.intake.importing import Begin, Outcome, Request, rehearse, take_in
from phaenthi.apps.intake.upload import Upload
from phaenthi.apps.long_work.work_folder import all_work_in, fetch, leave
from phaenthi.layers.registers.mapping import ColumnMapping
from phaenthi.layers.workspace.folder import Workspace

_PLAIN_FACTS = ("sheet", "constants", "made_up", "approximate", "credit")


@contextmanager
def handed_over(
    workspace: Workspace, request: Request, *, trial: bool
) -> Iterator[tuple[dict[str, Any], Callable[[], Outcome]]]:
    """Lay a request ready for a worker, see :func:`do_handed_over`.

    Whatever becomes of the worker, nothing of the file is left on the disk afterwards; and
    unless its answer was read, the workspace is as it was.

    Yields
    ------
    tuple
        What to ask the worker, and what reads its answer.
    """
    generation, answered = workspace.generation, False
    workspace.sweep_rehearsals()
    with tempfile.TemporaryDirectory(prefix="phaenthi-") as name:
        folder = Path(name)
        path = folder / "sent" / Path(request.upload.name).name
        path.parent.mkdir()
        path.write_bytes(request.upload.content)
        mapping = request.mapping
        asked = {
            "workspace": workspace.address,
            "folder": name,
            "file": str(path),
            "layer": request.layer,
            "mapping": mapping.model_dump(mode="json") if mapping else None,
            "sheet": request.sheet,
            "constants": dict(request.constants),
            "made_up": request.made_up,
            "approximate": request.approximate,
            "credit": request.credit,
            "trial": folder.name if trial else "",
        }

        def read_outcome() -> Outcome:
            nonlocal answered
            found = fetch(Outcome, folder)
            answered = True
            return found

        try:
            yield asked, read_outcome
        finally:
            if trial:
                workspace.end_rehearsal(folder.name)
            elif not answered:
                _take_back(workspace, request, generation)


def do_handed_over(asked: Mapping[str, Any], begin: Begin) -> dict[str, Any]:
    """Take a file in, or rehearse it, as :func:`handed_over` asks.

    Everything that is laid on the disk meanwhile lies in the folder of the request.
    """
    folder, workspace = Path(asked["folder"]), Workspace.open(asked["workspace"])
    path, mapping = Path(asked["file"]), asked["mapping"]
    request = Request(
        Upload(path.name, b""),
        asked["layer"],
        mapping=ColumnMapping.model_validate(mapping) if mapping else None,
        **{name: asked[name] for name in _PLAIN_FACTS},
    )
    with all_work_in(folder):
        if asked["trial"]:
            found = rehearse(workspace, request, path, asked["trial"], begin)
        else:
            found = take_in(workspace, request, path, begin)
    leave(found, folder)
    return {"layer": request.layer}


def _take_back(workspace: Workspace, request: Request, generation: int) -> None:
    """Remove what an import that was ended left; one that was in just before is undone."""
    now = Workspace.open(workspace.address)
    origin = now.provenance(request.layer)
    ours = origin is not None and origin.sha256 == request.upload.sha256
    if ours and now.generation == generation + 1:
        now.undo()
    now.tidy()
