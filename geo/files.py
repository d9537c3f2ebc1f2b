"""Files written whole or not at all, and the fingerprint of a file."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


def unfinished_mark(name: str) -> str:
    """Return how the folder begins in which a file of this name is written before it is whole.

    What a killed program leaves behind can so be told from what another one is writing.
    """
    # A name may be 255 bytes long, and a Thai letter takes three.
    return f".writing-{name[:40]}-"


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Give a temporary path to write to; on leaving, it takes the place of ``path`` at once.

    Parameters
    ----------
    path
        File to write; its folder is made if need be.

    Yields
    ------
    pathlib.Path
        A path with the same suffix in the same folder that does not exist yet.

    Notes
    -----
    If the block raises, ``path`` stays as it was and the temporary file is removed. The bytes
    are on the disk before the name changes.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # A folder of its own, so that side files of a driver (.gpkg-wal) go away with it.
    with tempfile.TemporaryDirectory(prefix=unfinished_mark(path.name), dir=path.parent) as folder:
        temporary = Path(folder) / path.name
        yield temporary
        move_into_place(temporary, path)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files into a folder that appears whole or not at all; one that is there is left."""
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".unfinished-") as beside:
        unfinished = Path(beside) / folder.name
        unfinished.mkdir()
        for name, content in files.items():
            (unfinished / name).write_bytes(content)
        shutil.move(unfinished, folder)
    return folder


def move_into_place(written: Path, path: Path) -> None:
    """Give a file that was written the name of ``path`` on the same disk, at once and for good."""
    with written.open("rb") as file:
        os.fsync(file.fileno())
    written.replace(path)
    _settle_folder(path.parent)


def _settle_folder(folder: Path) -> None:
    """Ask the disk to keep the changed name; Windows has no such call for folders."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
