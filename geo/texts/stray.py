"""Characters that no text of an office means: controls, marks that turn a line about, and so on.

A zero byte stops a word processor, an escape changes a terminal, and a mark that turns the
direction of a line shows another name than the one that is there. Tables and maps lose them on
the way in, with a count; what a person writes in a rule, a decision or a setting is refused.
"""

from __future__ import annotations

import re
from typing import Any, TypeVar

import pandas as pd

from phaenthi.wording import Problem

Table = TypeVar("Table", bound=pd.DataFrame)
# Tabs and line ends are meant. FDD0 to FDEF and the last two of each plane are characters of no
# text (Unicode 23.7).
_LAST_TWO = "".join(rf"\U{plane:04x}fffe\U{plane:04x}ffff" for plane in range(17))
_LETTERS = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
    r"\u202a-\u202e\u2066-\u2069"
    rf"\ufdd0-\ufdef{_LAST_TWO}"
)
# Half of a pair is no character, and only a broken program leaves one.
_STRAY = re.compile(rf"[{_LETTERS}\ud800-\udfff]")
# These part words, as a space does.
_PARTING = "\x0b\x0c\x1c\x1d\x1e\x1f\x85"

STRAY, PARTING = f"[{_LETTERS}]", r"[\x0b\x0c\x1c-\x1f\x85]"
"""The same as expressions of polars, whose texts hold no half of a pair."""


def has_stray(text: str) -> bool:
    """Tell whether a text holds a character that none means."""
    return _STRAY.search(text) is not None


def without_stray(text: str) -> tuple[str, int]:
    """Return a text without the characters that none means, and how many there were.

    Those that part words become a space.
    """
    return _STRAY.subn(lambda found: " " if found[0] in _PARTING else "", text)


def table_without_stray(table: Table) -> tuple[Table, int]:
    """Return a table of pandas without such characters, in its headings too; and how many."""
    stray = 0

    def tidied(value: object) -> object:
        nonlocal stray
        if not isinstance(value, str) or not has_stray(value):
            return value
        text, count = without_stray(value)
        stray += count
        return text

    texts = [
        place
        for place, kind in enumerate(table.dtypes)
        if pd.api.types.is_object_dtype(kind) or pd.api.types.is_string_dtype(kind)
    ]
    done = table.rename(columns=tidied)
    for place in texts:
        column = table.iloc[:, place]
        bare = column.map(tidied)
        if stray:
            done.isetitem(place, bare.astype(column.dtype).array)
    return done, stray


def refuse_stray(text: str, field: str, **where: Any) -> None:
    """Refuse a text with a character that none means.

    Parameters
    ----------
    field
        What the text is, as its writer knows it.
    where
        ``file`` and ``row``, where it stands in a file.

    Raises
    ------
    Problem
        ``geo.stray_character`` with the number of the first, such as ``U+0000``.
    """
    found = _STRAY.search(text)
    if found:
        raise Problem("geo.stray_character", field=field, found=f"U+{ord(found[0]):04X}", **where)
