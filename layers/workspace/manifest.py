"""The list of what a workspace holds: generations of layers, the last one in force."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from phaenthi.geo.files import atomic_write
from phaenthi.layers.contracts.provenance import Provenance
from phaenthi.wording import Problem

MANIFEST_FILE = "workspace.json"
FORMAT = 1


class StoredLayer(BaseModel):
    """One layer of a generation: its file, the digest of its rows, and where it came from."""

    model_config = ConfigDict(frozen=True)

    file: str
    digest: str
    set_aside_file: str | None
    provenance: Provenance


class Generation(BaseModel):
    """The layers as they were after one change; ``change`` names the layer that changed."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    change: str
    layers: dict[str, StoredLayer]

    @property
    def files(self) -> set[str]:
        """Every file that this generation needs."""
        stored = self.layers.values()
        return {layer.file for layer in stored} | {
            layer.set_aside_file for layer in stored if layer.set_aside_file
        }


class Manifest(BaseModel):
    """What a workspace holds.

    ``generations`` go from the oldest that is kept to the one in force; ``changes`` counts
    every import and every undoing since the beginning.
    """

    model_config = ConfigDict(frozen=True)

    format: int
    created_at: datetime
    made_up: bool
    changes: int
    generations: tuple[Generation, ...]

    @property
    def current(self) -> Generation:
        """The generation in force."""
        return self.generations[-1]

    @property
    def files(self) -> set[str]:
        """Every file that a generation needs."""
        return set().union(*(generation.files for generation in self.generations))


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a workspace.

    Raises
    ------
    Problem
        ``layers.workspace_missing`` if the folder is no workspace,
        ``layers.workspace_unreadable`` if its manifest is damaged, and
        ``layers.workspace_too_new`` if a later version wrote it.
    """
    path = folder / MANIFEST_FILE
    if not path.is_file():
        raise Problem("layers.workspace_missing", folder=folder.name)
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise Problem("layers.workspace_unreadable", file=path) from error
    if manifest.format > FORMAT:
        raise Problem("layers.workspace_too_new", file=path, found=manifest.format, known=FORMAT)
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put a manifest in force at one stroke: before it the old workspace, after it the new."""
    with atomic_write(folder / MANIFEST_FILE) as temporary:
        temporary.write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
