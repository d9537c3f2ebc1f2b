"""What takes long to make from the layers of a workspace, kept in its folder until they change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from phaenthi.geo.files import atomic_write
from phaenthi.layers.workspace.folder import Workspace

FOLDER = "kept"


def kept_file(
    workspace: Workspace, name: str, layers: Sequence[str], *, manner: int, suffix: str
) -> Path:
    """Return the file that holds something made of some layers as they are now.

    Parameters
    ----------
    workspace
        Whose layers.
    name
        What is kept; without ``~``.
    layers
        Layers that it is made of; an import of any of them gives another file.
    manner
        Changes when the same layers would give something else.
    suffix
        Ending of the file's name, such as ``.json``.
    """
    origins = [repr(workspace.provenance(layer)) for layer in layers]
    identity = hashlib.sha256(f"{manner} {origins}".encode()).hexdigest()[:16]
    return workspace.folder / FOLDER / f"{name}~{identity}{suffix}"


def keep(path: Path, write: Callable[[Path], object]) -> None:
    """Write a kept file in the place of what earlier layers gave.

    A folder that may only be read is no reason not to go on: it is made again the next time.
    """
    with suppress(OSError):
        earlier = set(path.parent.glob(f"{path.name.partition('~')[0]}~*"))
        with atomic_write(path) as unfinished:
            write(unfinished)
        for other in earlier - {path}:
            other.unlink(missing_ok=True)
