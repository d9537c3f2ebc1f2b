"""The first rows of a file to take away, as people read them before they take it."""

from __future__ import annotations

import pandas as pd

from phaenthi.apps.exports.takeaway import Takeaway
from phaenthi.layers.people.counts import HIDDEN
from phaenthi.wording import Language, say

PREVIEW_ROWS = 8


def preview_table(part: Takeaway, language: Language) -> pd.DataFrame:
    """Return the first rows of a table as people read them, the hidden counts said.

    Returns
    -------
    pandas.DataFrame
        Texts, a column a field of the file under its heading; empty where nothing is known.
    """
    table = part.table
    if "status" in table and (table["status"] == "chosen").any():
        table = table.assign(_order=table["status"] != "chosen").sort_values(
            ["_order", "place"], kind="stable"
        )
    head = pd.DataFrame(table.drop(columns="geometry").head(PREVIEW_ROWS))
    mark = next((name for name in ("counts_hidden", HIDDEN) if name in head), None)
    hidden = head[mark].fillna(value=False).astype(bool) if mark else None
    shown: dict[str, pd.Series] = {}
    for field in part.fields:
        values = head[field.column]
        told = values.map(_told, na_action="ignore").astype("object").where(values.notna(), "")
        if hidden is not None and _is_count(values) and field.column != "place":
            told = told.mask(hidden & values.isna(), say("documents.hidden", language))
        heading = field.th if language == "th" else field.en
        if heading in shown:
            heading = f"{heading} ({field.short_name})"
        shown[heading] = told
    return pd.DataFrame(shown).reset_index(drop=True)


def _is_count(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _told(value: object) -> str:
    if isinstance(value, bool):
        return "✓" if value else "–"
    return str(value)
