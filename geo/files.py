"""Files written whole or not at all, and the fingerprint of a file."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from phaenthi.wording import Problem

# Seconds between tries: a reader of a small file is soon done with it, a person is not.
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)


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

    Raises
    ------
    Problem
        ``geo.file_in_use`` as :func:`move_into_place`.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # A folder of its own, so that side files of a driver (.gpkg-wal) go away with it.
    mark = unfinished_mark(path.name)
    with tempfile.TemporaryDirectory(
        prefix=mark, dir=path.parent, ignore_cleanup_errors=True
    ) as folder:
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
    """Give a file that was written the name of ``path`` on the same disk, at once and for good.

    Raises
    ------
    Problem
        ``geo.file_in_use`` where another program holds ``path`` open and Windows keeps it.
    """
    # Windows settles only what was opened for writing.
    with written.open("r+b") as file:
        os.fsync(file.fileno())
    rename(written, path)
    _settle_folder(path.parent)


def rename(path: Path, new: Path) -> None:
    """Give a file or folder another name; of a file, what had that name is gone.

    Windows refuses while a program has the file, or one in the folder, open: it is tried for
    some seconds.

    Raises
    ------
    Problem
        ``geo.file_in_use`` with the name that could not be taken.
    """
    for pause in _PAUSES:
        try:
            path.replace(new)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    try:
        path.replace(new)
    except PermissionError as refused:
        raise Problem("geo.file_in_use", file=new) from refused


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
