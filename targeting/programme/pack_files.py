"""Where rule packs lie; loads nothing, so that a pack that is not there is told at once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from phaenthi.data import shipped
from phaenthi.wording import Problem

PACK_FOLDER = shipped("phaenthi.targeting.programme", "packs")


def pack_files(folders: Iterable[Path] = ()) -> dict[str, Path]:
    """Return the file of every pack by its id; a user's own folders are searched first."""
    found: dict[str, Path] = {}
    for folder in (*folders, PACK_FOLDER):
        for path in sorted(Path(folder).glob("*.yaml")):
            found.setdefault(path.stem, path)
    return dict(sorted(found.items()))


def find_pack(id_or_path: str | Path, folders: Iterable[Path] = ()) -> Path:
    """Return the file of a pack by its id; a path stays as it is.

    Raises
    ------
    Problem
        ``targeting.pack_unknown`` with the packs that there are; ``targeting.pack_missing`` for a
        path where nothing lies.
    """
    path = Path(id_or_path)
    if path.suffix in (".yaml", ".yml"):
        if not path.is_file():
            raise Problem("targeting.pack_missing", found=path.name)
        return path
    files = pack_files(folders)
    if str(id_or_path) not in files:
        raise Problem("targeting.pack_unknown", found=id_or_path, known=", ".join(files))
    return files[str(id_or_path)]
