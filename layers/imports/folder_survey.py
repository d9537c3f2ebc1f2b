"""What every file of a folder is – map or table – read how and as what, or refused and why."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from phaenthi.geo.boundaries.inspection import inspect_folder
from phaenthi.layers.contracts.catalogue import CONTRACTS
from phaenthi.layers.registers.mapping import known_shape
from phaenthi.layers.tables.table_file import ROW, TABLE_SUFFIXES, open_table
from phaenthi.wording import Language, Problem, say

_BROKEN = ("refused", "not_a_map")


def inspect_files(folder: Path, language: Language = "th") -> pd.DataFrame:
    """Read every file below a folder, maps and tables, and tell what came of it.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`phaenthi.geo.boundaries.inspection.inspect_folder`; outcome is also
        ``table`` for a table that was read: driver is then the kind of file, level the known shape
        of its headers where it has one, and notes list the headers.

    Raises
    ------
    Problem
        ``geo.folder_missing``.
    """
    found = inspect_folder(folder, language)
    rows = [{str(name): value for name, value in row.items()} for row in found.to_dict("records")]
    rows = [_as_table(folder, row, language) if _may_be_table(row) else row for row in rows]
    return pd.DataFrame(rows, columns=found.columns)


def _may_be_table(row: dict[str, object]) -> bool:
    suffix = Path(str(row["file"])).suffix.lower()
    return row["outcome"] in _BROKEN and suffix in TABLE_SUFFIXES


def _as_table(folder: Path, row: dict[str, object], language: Language) -> dict[str, object]:
    path = folder / str(row["file"])
    # Of the sheets the one with most headers that any layer knows is read.
    known = [alias for c in CONTRACTS for column in c.columns for alias in column.aliases]
    try:
        with open_table(path, known=known) as table:
            height = int(table.frame.select(ROW).collect().height)
            shapes = {known_shape(table.headers, contract.name)[0] for contract in CONTRACTS}
            return {
                **row,
                "outcome": "table",
                "driver": path.suffix.lstrip(".").lower(),
                "layer": table.sheet,
                "encoding": table.encoding,
                "rows": height,
                "level": ", ".join(sorted(shapes - {""})) or None,
                "notes": say(
                    "layers.folder.headers",
                    language,
                    row=table.header_row,
                    headers=", ".join(table.headers),
                ),
                "refusal": None,
            }
    except Problem as problem:
        return {**row, "outcome": "refused", "refusal": problem.sentence(language)}
