"""Damaged map files of every kind, and a program of its own that reads them one by one.

Run as ``python -m tests.geo.mutations`` with a file name a line as input; it prints each outcome
as JSON, so that a crash or a hang of a library shows which file it was.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
import warnings
import zipfile
from pathlib import Path

import geopandas as gpd
from shapely.geometry import box

from phaenthi.geo.boundaries.reading import boundaries_of
from phaenthi.geo.vectors.files import list_layers, read
from phaenthi.wording import Problem
from tests.geo.vectors.test_unpacking import TOPOLOGY

SUFFIXES = [
    *(".geojson", ".json", ".kml", ".kmz", ".gpkg", ".fgb", ".parquet", ".shp", ".zip", ".gz")
]
_LARGE_NUMBERS = [b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0"]
_ODD_TEXTS = [b"99999999999999999999", b"-1", b"1e999", b"NaN", b""]


def whole_file(folder: Path, suffix: str) -> Path:
    """Write a sound file of a kind, with two areas, and return it."""
    table = gpd.GeoDataFrame(
        {"tam_code": ["460101", "460102"], "name": ["กาฬสินธุ์", "เหนือ"], "number": [1, 2.5]},
        geometry=[box(103, 16, 103.1, 16.1), box(103.1, 16, 103.2, 16.1)],
        crs=4326,
    )
    path = folder / f"areas{suffix}"
    if suffix == ".parquet":
        table.to_parquet(path)
    elif suffix == ".json":
        path.write_text(json.dumps(TOPOLOGY))
    elif suffix == ".gz":
        path = folder / "areas.json.gz"
        path.write_bytes(gzip.compress(json.dumps(TOPOLOGY).encode()))
    elif suffix in {".zip", ".kmz"}:
        inner = whole_file(folder, ".shp" if suffix == ".zip" else ".kml")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(folder.glob(f"{inner.stem}.*")):
                if part != path:
                    archive.write(part, part.name)
    else:
        table.to_file(path, driver="KML" if suffix == ".kml" else None, encoding="utf-8")
    return path


def damage(content: bytes, dice: random.Random) -> bytes:
    """Cut, flip, zero, blow up numbers, or take a piece out."""
    kind = dice.choice(["cut", "bits", "head", "number", "piece", "text"])
    raw = bytearray(content)
    at = dice.randrange(len(raw))
    if kind == "cut":
        return bytes(raw[:at])
    if kind == "bits":
        for _ in range(dice.choice([1, 1, 2, 8, 40])):
            raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    elif kind == "head":
        raw[dice.randrange(min(len(raw), 200))] = dice.choice([0, 127, 128, 255])
    elif kind == "number":
        raw[at : at + 4] = dice.choice(_LARGE_NUMBERS)
    elif kind == "piece":
        del raw[at : at + dice.randrange(1, 200)]
    else:
        numbers = list(re.finditer(rb"\d+", content))
        where = dice.choice(numbers) if numbers else None
        if where:
            raw[where.start() : where.end()] = dice.choice(_ODD_TEXTS)
    return bytes(raw)


def write_corpus(folder: Path, suffix: str, count: int, seed: int) -> list[Path]:
    """Write damaged files of a kind, each in a folder of its own, one in twenty misnamed."""
    dice = random.Random(f"{suffix} {seed}")
    sound = folder / "sound"
    sound.mkdir(parents=True)
    source = whole_file(sound, suffix)
    beside = source.parent.glob(f"{source.stem}.*") if suffix == ".shp" else [source]
    parts = {part.name: part.read_bytes() for part in sorted(beside)}
    files = []
    for number in range(count):
        place = folder / f"{number:04d}"
        place.mkdir()
        victim = dice.choice(list(parts))
        for name, content in parts.items():
            (place / name).write_bytes(damage(content, dice) if name == victim else content)
        path = place / source.name
        if dice.random() < 0.05:
            path = path.rename(place / f"misnamed{dice.choice(SUFFIXES)}")
        files.append(path)
    return files


def outcome(path: Path) -> dict[str, str | int]:
    """Return what came of a file: read with so many rows, a problem, or an error of a program."""
    try:
        list_layers(path)
        file = read(path)
        told = [note.sentence(language) for note in file.notes for language in ("th", "en")]
    except Problem as problem:
        return {"outcome": "problem", "what": problem.sentence("th") and problem.message_id}
    except Exception as error:  # noqa: BLE001 - to be told with the file that it came from
        return {"outcome": "error", "what": repr(error)}
    try:
        boundaries_of(file)
    except Problem as problem:
        told.append(problem.sentence("th"))
    except Exception as error:  # noqa: BLE001
        return {"outcome": "error", "what": repr(error)}
    return {"outcome": "read", "rows": len(file.table), "what": " ".join(told)}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        sys.stdout.write(json.dumps(outcome(Path(line.strip()))) + "\n")
        sys.stdout.flush()
