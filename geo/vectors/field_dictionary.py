"""The bilingual dictionary of an exported file: what each of its fields is called and means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from phaenthi.geo.texts.csv import csv_bytes
from phaenthi.wording import say

DICTIONARY = "fields"
"""Name of the dictionary: ``fields.csv`` in or beside a file, table ``fields`` in a GeoPackage."""
_NAMES = ("short_name", "column", "th", "en", "unit")


@dataclass(frozen=True)
class Field:
    """One field of an export, as its dictionary tells it.

    Attributes
    ----------
    column
        Column of the table; the field's name in every format but the shapefile.
    short_name
        The name in a shapefile: ASCII, at most 10 characters.
    th, en
        What it means, in Thai and English.
    unit
        Unit of its numbers, if any.
    """

    column: str
    short_name: str
    th: str
    en: str
    unit: str = ""

    def __post_init__(self) -> None:
        """Refuse a short name that a DBF would change."""
        name = self.short_name
        if not (name.isascii() and name.isidentifier() and len(name) <= 10):
            raise ValueError(f"no field name for a shapefile: {name!r}")

    def name(self, *, short: bool) -> str:
        """Return the name in a file of short names, or of long ones."""
        return self.short_name if short else self.column


def check_fields(fields: Sequence[Field], columns: Sequence[str]) -> None:
    """Refuse a dictionary that is not of the table, or whose names are not each their own.

    Raises
    ------
    ValueError
        If two names differ in capitals at most, or a column is not there.
    """
    for short in (True, False):
        # Databases and DBF tell no capitals from small letters.
        names = [field.name(short=short).casefold() for field in fields]
        if len(set(names)) < len(names):
            raise ValueError(f"two fields of an export have the same {'short ' * short}name")
    missing = [field.column for field in fields if field.column not in columns]
    if missing:
        raise ValueError(f"the table lacks columns of the dictionary: {missing}")


def dictionary_table(fields: Sequence[Field]) -> pd.DataFrame:
    """Return the dictionary as a table of text, one row a field, with bilingual headings."""
    headers = [say(f"geo.dictionary.{name}") for name in _NAMES]
    rows = [[getattr(field, name) for name in _NAMES] for field in fields]
    return pd.DataFrame(rows, columns=headers)


def dictionary_csv(fields: Sequence[Field]) -> bytes:
    """Return the dictionary as a CSV that Excel reads as UTF-8, which takes a byte order mark."""
    return csv_bytes(dictionary_table(fields))
