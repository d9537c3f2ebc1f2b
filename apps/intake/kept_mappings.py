"""What a person said about the columns of a file, kept for the next file of that shape.

The page of the data and ``phaenthi register import`` keep it in the same place.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from phaenthi.layers.registers.mapping import ColumnMapping, load_mapping, save_mapping
from phaenthi.layers.tables.table_file import plain_header
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace


def place_of(workspace: Workspace, layer: str, headers: tuple[str, ...]) -> Path:
    """Return the file in which the mapping of files with these headers is kept."""
    plain = sorted(plain_header(header) for header in headers)
    shape = hashlib.sha256("\n".join(plain).encode()).hexdigest()[:16]
    return workspace.documents(DocumentKind.COLUMN_MAPPINGS).file(f"{layer}-{shape}.yaml")


def recall(workspace: Workspace, layer: str, headers: tuple[str, ...]) -> ColumnMapping | None:
    """Return what was said about the last file of this shape, if anything was."""
    path = place_of(workspace, layer, headers)
    return load_mapping(path) if path.is_file() else None


def keep(workspace: Workspace, mapping: ColumnMapping, headers: tuple[str, ...]) -> Path:
    """Keep a mapping for the next file with these headers."""
    path = place_of(workspace, mapping.layer, headers)
    path.parent.mkdir(exist_ok=True)
    save_mapping(mapping, path)
    return path
