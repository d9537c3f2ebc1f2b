"""What every file of a folder is, as a table: read how, as what, or refused and why."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from phaenthi.geo.boundaries.reading import boundaries_of
from phaenthi.geo.places.code_columns import find_codes, find_village_codes
from phaenthi.geo.places.codes import Level
from phaenthi.geo.vectors.files import VectorFile, list_layers, read
from phaenthi.geo.vectors.kinds import is_named_as_map
from phaenthi.wording import Language, Problem, say

COLUMNS = [
    "file",
    "layer",
    "outcome",
    "driver",
    "encoding",
    "crs",
    "rows",
    "level",
    "notes",
    "refusal",
]
_SHAPEFILE_SIDES = {".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".fix", ".qmd"}


def inspect_folder(folder: Path, language: Language = "th") -> pd.DataFrame:
    """Read every file below a folder and tell what came of it.

    Parameters
    ----------
    folder
        Any folder; files in its folders are read too, hidden ones are not.
    language
        Language of notes and refusals.

    Returns
    -------
    pandas.DataFrame
        One row a layer, in the order of the file names: file (path from the folder), layer
        (name where the file holds several), outcome (``read``, ``refused``, ``not_a_map``),
        driver, encoding, crs (``EPSG:…`` or name), rows, level (``province`` … ``village``,
        missing where no column holds codes), notes (sentences, a line each), refusal (a
        sentence, missing where it was read). Files that belong to a shapefile have no row.

    Raises
    ------
    Problem
        ``geo.folder_missing``.
    """
    if not folder.is_dir():
        raise Problem("geo.folder_missing", file=folder)
    rows = [
        {"file": path.relative_to(folder).as_posix(), **row}
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _is_beside_shapefile(path) and path.name[0] != "."
        for row in _inspect_file(path, language)
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.astype(dict.fromkeys(COLUMNS, "string") | {"rows": "Int64"})


def _is_beside_shapefile(path: Path) -> bool:
    of = path.with_suffix("") if path.suffix == ".xml" else path  # areas.shp.xml
    return of.with_suffix(".shp").exists() and path.suffix.lower() in {".xml", *_SHAPEFILE_SIDES}


def _inspect_file(path: Path, language: Language) -> list[dict[str, object]]:
    if not is_named_as_map(path):
        said = say("geo.inspection.not_a_map", language, suffix=path.suffix or path.name)
        return [{"outcome": "not_a_map", "refusal": said}]
    try:
        layers = list_layers(path)
    except Problem as problem:
        return [{"outcome": "refused", "refusal": problem.sentence(language)}]
    if len(layers) == 1:
        return [_inspect_layer(path, None, language)]
    return [{"layer": layer, **_inspect_layer(path, layer, language)} for layer in layers] or [
        _inspect_layer(path, None, language)
    ]


def _inspect_layer(path: Path, layer: str | None, language: Language) -> dict[str, object]:
    try:
        file = read(path, layer=layer)
    except Problem as problem:
        return {"outcome": "refused", "refusal": problem.sentence(language)}
    level, lines = _look_at_records(file, language)
    code = file.table.crs.to_epsg()
    return {
        "outcome": "read",
        "driver": file.driver,
        "encoding": file.encoding,
        "crs": f"EPSG:{code}" if code else str(file.table.crs.name),
        "rows": len(file.table),
        "level": level,
        "notes": "\n".join(lines),
    }


def _look_at_records(file: VectorFile, language: Language) -> tuple[str | None, list[str]]:
    """Return the level of the records, and the sentences of what was noted or repaired."""
    try:
        report = boundaries_of(file).report
    except Problem:  # no boundaries: points or lines, or areas of another kind
        level = next((level for level in reversed(Level) if _has_codes(file, level)), None)
        return level, [note.sentence(language) for note in file.notes]
    return report.level, report.lines(language)


def _has_codes(file: VectorFile, level: Level) -> bool:
    if level is Level.VILLAGE:
        return find_village_codes(file.table) is not None
    return find_codes(file.table, level) is not None
