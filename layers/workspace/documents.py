"""What a workspace keeps besides its layers: plans, routes, an office's own packs and the like.

Each kind lies apart; a document of a kind has a name, is written whole or not at all, and is
read as bytes. Who needs a file to read (a pack, a table) asks for ``folder`` or ``file`` and
only reads there: what is written goes through the methods, so that another store than a folder
can stand behind them.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from phaenthi.geo.files import atomic_write, write_folder


class DocumentKind(StrEnum):
    """What a workspace keeps besides its layers; the value is the folder of a kind."""

    PLANS = "plans"
    """Saved plans: a folder of files each, named after its content."""
    TRIED_PLANS = "plans/.tried"
    """Plans that were only tried, out of every list."""
    PLAN_LINES = "lines"
    """The steps on the way to plans."""
    PACKS = "packs"
    """Packs of rules that the office wrote, and the tables that they name."""
    ROUTES = "routes"
    UNIT_TABLES = "units"
    """Tables of units that people gave for a programme."""
    COLUMN_MAPPINGS = "mappings"
    """What people said about the columns of their files."""
    COMPUTED = "kept"
    """What takes long to make from the layers; see ``phaenthi.layers.workspace.computed``."""
    OFFICE = "."
    """The settings of the office and its emblem, beside the manifest."""


class Documents:
    """The documents of one kind; get them from ``Workspace.documents``.

    A name may have a folder in it: ``plan-id/plan.json``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, name: str) -> Path:
        """Return the path that a document can be read at, whether it is there or not."""
        return self.folder / name

    def has(self, name: str) -> bool:
        """Tell whether there is a document of a name."""
        return self.file(name).is_file()

    def read(self, name: str) -> bytes | None:
        """Return a document; None where there is none of that name."""
        return self.file(name).read_bytes() if self.has(name) else None

    def names(self, pattern: str) -> tuple[str, ...]:
        """Return the names that fit a pattern such as ``*.json``, what was written last first."""
        found = sorted(self.folder.glob(pattern), key=lambda path: (-_changed(path), path.name))
        return tuple(path.relative_to(self.folder).as_posix() for path in found)

    def changed(self, name: str) -> int:
        """Return a number that is another one when a document was written again."""
        return _changed(self.file(name))

    def write(self, name: str, content: bytes) -> None:
        """Write a document in the place of an earlier one, whole or not at all."""
        with atomic_write(self.file(name)) as unfinished:
            unfinished.write_bytes(content)

    def write_together(self, name: str, files: Mapping[str, bytes]) -> None:
        """Write the files of a document at one stroke; one that is there stays as it is.

        It then counts as the one written last.
        """
        write_folder(self.file(name), files)
        os.utime(self.file(name))

    def remove(self, name: str) -> None:
        """Remove a document, if it is there."""
        # Windows does not let go of a file that somebody reads.
        with suppress(PermissionError):
            self.file(name).unlink(missing_ok=True)

    def sweep(self, pattern: str, seconds: float) -> None:
        """Remove, with all their files, the documents of a pattern not touched for so long."""
        for path in self.folder.glob(pattern):
            if time.time() - path.stat().st_mtime > seconds:
                shutil.rmtree(path, ignore_errors=True)


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns
