"""What takes long to make from the layers of a workspace, kept in it until they change."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress

from phaenthi.layers.contracts.provenance import Provenance
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace


def computed_name(
    name: str, origins: Sequence[Provenance | None], *, manner: int, suffix: str
) -> str:
    """Return the name under which something made of some layers as they are now is kept.

    Parameters
    ----------
    name
        What is kept; without ``~``.
    origins
        Where the layers that it is made of come from, None for one that is not here; an import of
        any of them gives another name.
    manner
        Changes when the same layers would give something else.
    suffix
        Ending of the name, such as ``.json``.
    """
    told = [repr(origin) for origin in origins]
    identity = hashlib.sha256(f"{manner} {told}".encode()).hexdigest()[:16]
    return f"{name}~{identity}{suffix}"


def recall(workspace: Workspace, name: str) -> bytes | None:
    """Return what is kept under a name; None where it has to be made."""
    return workspace.documents(DocumentKind.COMPUTED).read(name)


def keep(workspace: Workspace, name: str, content: bytes) -> None:
    """Keep something in the place of what earlier layers gave.

    A workspace that may only be read is no reason not to go on: it is made again the next time.
    """
    computed = workspace.documents(DocumentKind.COMPUTED)
    with suppress(OSError):
        earlier = set(computed.names(f"{name.partition('~')[0]}~*"))
        computed.write(name, content)
        for other in earlier - {name}:
            computed.remove(other)
