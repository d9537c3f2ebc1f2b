"""Where a layer came from, and what an import has to report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from phaenthi.geo.notes import Note

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Provenance:
    """Where a layer came from.

    Parameters
    ----------
    source
        Name of the file, without its folder.
    sha256
        Of the file's bytes; empty where there was no file.
    imported_at
        With a time zone.
    rows_read, rows_kept, rows_set_aside
        Records of the file, of the layer, and those set aside. ``Workspace.put`` fills in the
        last two from what it was given.
    made_up
        True for made-up data (ข้อมูลจำลอง).
    approximate
        True for boundaries that only show roughly where an area lies.
    credit
        Owner and licence, as they want to be named.
    """

    source: str
    sha256: str
    imported_at: datetime
    rows_read: int = 0
    rows_kept: int = 0
    rows_set_aside: int = 0
    made_up: bool = False
    approximate: bool = False
    credit: str = ""


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    Parameters
    ----------
    layer
        Name of the layer.
    provenance
        Source and counts.
    digest
        Of the rows that are now in the workspace.
    set_aside
        row, column, found, reason (id of its sentence): the rows that were not
        taken over.
    notes
        What else the reader should know.
    """

    layer: str
    provenance: Provenance
    digest: str
    set_aside: pd.DataFrame
    notes: tuple[Note, ...] = ()


def nothing_set_aside() -> pd.DataFrame:
    """Return the empty table of rows set aside."""
    import pandas as pd  # noqa: PLC0415 - whoever only asks where things are need not wait

    return pd.DataFrame(
        {
            "row": pd.Series(dtype="int64"),
            "column": pd.Series(dtype="string"),
            "found": pd.Series(dtype="string"),
            "reason": pd.Series(dtype="string"),
        }
    )
