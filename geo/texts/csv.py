"""CSV that a spreadsheet shows and never runs: the one rule for texts of a table that leaves.

Excel takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula, whatever quotes
stand around it: a name in a register could reach out from somebody's desk. Such a text is written
with an apostrophe before it, as OWASP advises ("CSV injection") and as people do themselves. What
was written so is read back to the letter with :func:`as_meant`, so that a table that is read again
holds what it held. Numbers stay as they are, also where they are text.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

BYTE_ORDER_MARK = "utf-8-sig"
"""The encoding by which Excel knows UTF-8."""
# The dash alone stands for nothing in Thai tables.
_HARMLESS = re.compile(r"-|[+-]?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?")
# Excel in Japan takes the wide signs as well; spaces before a sign hide it from people only.
_SIGN = r"[^\S\t\r\n]*[=+\-@＝＋－＠]"
# Where semicolons or tabs part the cells of a computer, what follows one is a cell of its own.
_CELL_BEGINS = r"(?:\A|(?<=[;\t\r\n]))"
_TO_QUOTE = re.compile(rf"{_CELL_BEGINS}(?='*{_SIGN})|\A(?='*[\t\r\n])")
# Finds all of them, and some more, in the words of pyarrow's expressions.
_SUSPECT = r"(?:^|[;\t\r\n])['\pZ\pC]*[=+\-@＝＋－＠]|^'*[\t\r\n]"
_QUOTED = re.compile(rf"{_CELL_BEGINS}'(?='*{_SIGN})|\A'(?='*[\t\r\n])")


def as_text(value: str) -> str:
    """Return a text as a cell of CSV that no spreadsheet runs; most texts as they are."""
    return value if _HARMLESS.fullmatch(value) else _TO_QUOTE.sub("'", value)


def as_meant(cell: str) -> str:
    """Return the text that :func:`as_text` made a cell of."""
    return _QUOTED.sub("", cell)


def csv_bytes(table: pd.DataFrame, *, encoding: str = BYTE_ORDER_MARK, **options: Any) -> bytes:
    """Return a table as CSV whose texts, headings among them, no spreadsheet runs.

    Parameters
    ----------
    encoding
        With a byte order mark, for people, unless another is given.
    options
        Of ``DataFrame.to_csv``; without them the index is left out and lines end as RFC 4180 has
        it, with which a lone carriage return in a text is quoted as well.
    """
    usual: dict[str, Any] = {"index": False, "lineterminator": "\r\n"}
    text = _each_text(table, as_text).to_csv(**usual | options)
    return str(text).encode(encoding)


def read_csv(content: bytes, **options: Any) -> pd.DataFrame:
    """Return the table that :func:`csv_bytes` wrote; options are of ``pandas.read_csv``."""
    return _each_text(pd.read_csv(io.BytesIO(content), **options), as_meant)


def _each_text(table: pd.DataFrame, change: Callable[[str], str]) -> pd.DataFrame:
    """Return a table with its texts and its headings changed, and all else as it is."""
    done = table.copy()
    for place, kind in enumerate(table.dtypes):
        if isinstance(kind, pd.CategoricalDtype):
            changed = table.iloc[:, place].cat.rename_categories(change)
        elif pd.api.types.is_object_dtype(kind) or pd.api.types.is_string_dtype(kind):
            changed = _changed(table.iloc[:, place], change)
        else:
            continue
        done.isetitem(place, changed.array)
    return done.rename(columns=lambda name: change(name) if isinstance(name, str) else name)


def _changed(column: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """Change the texts of a column; the few that may need it are found ten times as fast."""
    values = column.to_numpy(dtype=object, copy=True)
    places = np.flatnonzero([isinstance(value, str) for value in values])
    texts = pa.array(values[places], type=pa.large_string())
    suspects = places[pc.match_substring_regex(texts, _SUSPECT).to_numpy(zero_copy_only=False)]
    if not suspects.size:
        return column
    values[suspects] = [change(values[place]) for place in suspects]
    return pd.Series(values, index=column.index, dtype=column.dtype)
