"""The plain map file inside zip, kmz and gz, also one inside another."""

from __future__ import annotations

import gzip
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from phaenthi.geo.notes import Note
from phaenthi.geo.vectors.kinds import Kind, is_named_as_map, kind_of, kind_of_bytes
from phaenthi.wording import Problem

LARGEST_BYTES = 8 * 2**30
"""What a parcel may hold when unpacked; a damaged or malicious one may claim anything."""
DEEPEST = 3
"""Parcels inside parcels that are opened."""
_SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_HEAD_BYTES = 65_536
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)


@dataclass(frozen=True)
class PlainFile:
    """A map file as it can be opened.

    Attributes
    ----------
    path
        The file; one from a parcel lives only as long as the block that asked for it.
    kind
        Never zip or gzip.
    layer
        The layer asked for inside it, if any.
    name
        Its name as the user knows it, without suffix.
    notes
        What a person should know of how it was found.
    """

    path: Path
    kind: Kind
    layer: str | None
    name: str
    notes: tuple[Note, ...]


@contextmanager
def unpacked(path: Path, layer: str | None = None) -> Iterator[PlainFile]:
    """Give the map file to open; what a parcel holds is unpacked meanwhile.

    Parameters
    ----------
    path
        A map file, zip, kmz or gz.
    layer
        Member of a parcel of several, layer of a file of several, or both as ``member/layer``.

    Raises
    ------
    Problem
        ``geo.zip_damaged``, ``geo.zip_locked``, ``geo.zip_too_large``,
        ``geo.zip_without_layer``, ``geo.choose_layer``, and those of ``filekind.kind_of``.
    """
    with tempfile.TemporaryDirectory() as folder:
        found, name = path, path.stem
        notes: tuple[Note, ...] = ()
        for depth in range(DEEPEST + 1):
            kind, more = kind_of(found, path)
            notes = (*notes, *more)
            inside = Path(folder) / str(depth)
            if kind is Kind.ZIP:
                found, name, layer = _from_zip(found, layer, inside, path)
            elif kind is Kind.GZIP:
                found = _from_gzip(found, inside, path)
            else:
                break
        else:
            raise Problem("geo.zip_without_layer", file=path)
        yield PlainFile(found, kind, layer, name, notes)


def members(path: Path) -> tuple[str, ...]:
    """Return the names of the map files in a zip or kmz; none for any other file.

    Raises
    ------
    Problem
        Those of ``unpacked``.
    """
    if kind_of(path, path)[0] is not Kind.ZIP:
        return ()
    with _opened(path, path) as archive:
        return tuple(_named_members(archive))


@contextmanager
def _opened(found: Path, path: Path) -> Iterator[zipfile.ZipFile]:
    with _whole(path), zipfile.ZipFile(found) as archive:
        if any(info.flag_bits & 0x1 for info in archive.infolist()):
            raise Problem("geo.zip_locked", file=path)
        if sum(info.file_size for info in archive.infolist()) > LARGEST_BYTES:
            raise Problem("geo.zip_too_large", file=path)
        yield archive


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    """Tell of a parcel that breaks while it is opened."""
    try:
        yield
    except _DAMAGED as error:
        raise Problem("geo.zip_damaged", file=path) from error


def _from_zip(
    found: Path, layer: str | None, folder: Path, path: Path
) -> tuple[Path, str, str | None]:
    """Unpack one map file of a zip; return it, its name, and the layer asked for inside it."""
    with _opened(found, path) as archive:
        if archive.testzip() is not None:
            raise Problem("geo.zip_damaged", file=path)
        choice = _named_members(archive)
        if not choice:
            raise Problem("geo.zip_without_layer", file=path)
        name, inner_layer = _choose(choice, layer, path)
        return _extract(archive, choice[name], folder), name, inner_layer


def _choose(
    choice: dict[str, zipfile.ZipInfo], layer: str | None, path: Path
) -> tuple[str, str | None]:
    if layer in choice:
        return str(layer), None
    for name in choice:
        if layer is not None and layer.startswith(f"{name}/"):
            return name, layer.removeprefix(f"{name}/")
    if len(choice) > 1:
        raise Problem("geo.choose_layer", file=path, layers=", ".join(choice))
    return next(iter(choice)), layer


def _named_members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the map files by name without suffix; with their folders where names repeat."""
    files = [(_path_of(info), info) for info in archive.infolist() if info.filename]
    # Folders that macOS adds hold shadows of the files under the same names.
    maps = [
        (place, info)
        for place, info in files
        if is_named_as_map(place.name) and "__MACOSX" not in place.parts and place.name[0] != "."
    ]
    if len(maps) > 1:  # then a .json that is no map is some program's settings
        maps = [(p, i) for p, i in maps if p.suffix.lower() != ".json" or _is_map(archive, i)]
    stems = [_bare(place).name for place, _ in maps]
    return {
        _bare(place).name if stems.count(_bare(place).name) == 1 else str(_bare(place)): info
        for place, info in maps
    }


def _is_map(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    with archive.open(info) as member:
        return kind_of_bytes(member.read(_HEAD_BYTES)) is not None


def _path_of(info: zipfile.ZipInfo) -> PurePosixPath:
    """Return a member's path; Windows packs Thai names in cp874 and does not say so."""
    name = info.filename
    if not info.flag_bits & 0x800 and not name.isascii():
        raw = name.encode("cp437", "replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("cp874", "replace")
    return PurePosixPath(name)


def _bare(place: PurePosixPath) -> PurePosixPath:
    """Return a path without suffix, and without ``.gz`` before that."""
    if place.suffix.lower() == ".gz":
        place = place.with_suffix("")
    return place.with_suffix("")


def _suffix(place: PurePosixPath) -> str:
    """Return the suffix of a name, or both of ``amphoe.json.gz``."""
    last = place.suffix.lower()
    return f"{place.with_suffix('').suffix.lower()}{last}" if last == ".gz" else last


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> Path:
    """Unpack a member, of a shapefile with its side files, under a plain ASCII name."""
    folder.mkdir()
    wanted = PurePosixPath(member.filename)
    parts = [member]
    if wanted.suffix.lower() == ".shp":
        beside = wanted.with_suffix("")
        parts = [
            info
            for info in archive.infolist()
            if PurePosixPath(info.filename).with_suffix("") == beside
            and PurePosixPath(info.filename).suffix.lower() in _SHAPEFILE_PARTS
        ]
    for info in parts:
        target = folder / f"layer{_suffix(PurePosixPath(info.filename))}"
        with archive.open(info) as source, target.open("wb") as file:
            shutil.copyfileobj(source, file)
    return folder / f"layer{_suffix(wanted)}"


def _from_gzip(found: Path, folder: Path, path: Path) -> Path:
    folder.mkdir()
    # "amphoe.json.gz" holds amphoe.json; a name without a second suffix says nothing of it.
    inner = Path(found.name.lower().removesuffix(".gz")).suffix
    target = folder / f"layer{inner or '.json'}"
    with _whole(path), gzip.open(found) as source, target.open("wb") as file:
        while piece := source.read(2**20):
            file.write(piece)
            if file.tell() > LARGEST_BYTES:
                raise Problem("geo.zip_too_large", file=path)
    return target
