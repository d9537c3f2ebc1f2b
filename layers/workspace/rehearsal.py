"""A workspace beside a workspace, that shares its files: what is done to it is only tried."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from phaenthi.layers.workspace.household_ids import SALT_FILE
from phaenthi.layers.workspace.manifest import MANIFEST_FILE, read_manifest

_MARK = ".trial-"
# No rehearsal takes so long.
_MOST_SECONDS = 24 * 3600


@contextmanager
def copy_beside(folder: Path, name: str) -> Iterator[Path]:
    """Give the folder of a workspace that holds the same as that of ``folder``, for a while."""
    other = folder / f"{_MARK}{name}"
    other.mkdir()
    try:
        shutil.copy2(folder / MANIFEST_FILE, other / MANIFEST_FILE)
        (other / "layers").mkdir()
        for file in (SALT_FILE, *sorted(read_manifest(other).files)):
            if (folder / file).is_file():
                _share(folder / file, other / file)
        yield other
    finally:
        shutil.rmtree(other, ignore_errors=True)


def _share(path: Path, other: Path) -> None:
    """Give a file a second name; where the disk has no second names, copy it."""
    try:
        os.link(path, other)
    except OSError:
        shutil.copy2(path, other)


def remove_copy(folder: Path, name: str) -> None:
    """Remove what a process that was ended in the midst of a rehearsal left."""
    shutil.rmtree(folder / f"{_MARK}{name}", ignore_errors=True)


def sweep_copies(folder: Path) -> None:
    """Remove rehearsals that an app which was ended itself left behind."""
    for other in folder.glob(f"{_MARK}*"):
        if time.time() - other.stat().st_mtime > _MOST_SECONDS:
            shutil.rmtree(other, ignore_errors=True)
