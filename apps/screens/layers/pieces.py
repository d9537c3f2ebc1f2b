"""Furniture of the sections: figures, paged tables, the line about the data, files to take."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from phaenthi.apps.dates import told_date
from phaenthi.apps.screens import kept_choices, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.layers.asked import Asked
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import markdown
from phaenthi.geo.texts.csv import csv_bytes

ROWS_A_PAGE = 200
LOWEST, HIGHEST = 72, 422


def show_table(table: pd.DataFrame, key: str, *, pinned: str | None = None) -> None:
    """Show a table with its heads as they are, a page of rows at a time.

    Parameters
    ----------
    table
        Columns headed in words.
    key
        Tells this table from others of the page.
    pinned
        A column that stays in view.
    """
    if table.empty:
        st.info(tell("layers.no_rows"))
        return
    pages = math.ceil(len(table) / ROWS_A_PAGE)
    page = 1
    if pages > 1:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            page = st.number_input(tell("layers.page"), 1, pages, 1, key=f"{key}_page", width=150)
            first, last = (page - 1) * ROWS_A_PAGE + 1, min(page * ROWS_A_PAGE, len(table))
            told = {"first": f"{first:,}", "last": f"{last:,}", "count": f"{len(table):,}"}
            st.caption(tell("layers.page_of", pages=f"{pages:,}", **told))
    shown = table.iloc[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
    columns: dict[str, Any] = {}
    for name in table.columns:
        if pd.api.types.is_bool_dtype(table[name]):
            shown = shown.assign(**{name: in_words(shown[name])})
        elif pd.api.types.is_float_dtype(table[name]):
            columns[name] = st.column_config.NumberColumn(name, format="%.1f")
        elif pd.api.types.is_integer_dtype(table[name]):
            columns[name] = st.column_config.NumberColumn(name, format="localized")
    if pinned:
        columns[pinned] = st.column_config.TextColumn(pinned, pinned=True)
    height = min(max(LOWEST, 35 * (len(shown) + 1) + 2), HIGHEST)
    st.dataframe(
        shown,
        hide_index=True,
        height=height,
        column_config=columns,
        placeholder="–",
        key=f"{key}_{page}_{page_words.language()}",
    )


def in_words(values: pd.Series) -> pd.Series:
    """Return yes, no and unknown in words."""
    words = {True: tell("layers.yes"), False: tell("layers.no")}
    return values.astype("boolean").map(words).astype("object").fillna(tell("layers.unknown"))


def show_about(asked: Asked, layer: str, rows: int) -> None:
    """Show where a layer came from: source, day, rows, made-up or not, what was set aside.

    Parameters
    ----------
    rows
        How many rows the area holds.
    """
    origin = asked.workspace().provenance(layer)
    if origin is None:
        return
    aside = len(asked.workspace().set_aside(layer))
    words = "about_made_up" if origin.made_up else "about"
    line = tell(
        f"layers.{words}",
        layer=page_words.layer_label(layer),
        source=origin.source,
        date=told_date(origin.imported_at, asked.language),
        rows=f"{rows:,}",
        aside=f"{aside:,}",
    )
    credit = f" · {origin.credit}" if origin.credit else ""
    st.caption(markdown.fill(":material/info: {}{}", line, credit))


def ask_view(section: str, views: Sequence[str]) -> str:
    """Show which parts a section has and return the one to show."""
    name = f"layers_view_{section}"
    value = kept_choices.recall(name, list(views), views[0])
    key = kept_choices.widget_key(name)
    if st.session_state.get(key) not in views:
        st.session_state[key] = value
    chosen = st.segmented_control(
        tell("layers.view"),
        list(views),
        format_func=lambda one: tell(f"layers.{section}.view.{one}"),
        key=key,
        required=True,
        label_visibility="collapsed",
    )
    return kept_choices.keep(name, chosen or value)


def offer_csv(table: pd.DataFrame, name: str, label: str, *, made_up: bool = False) -> None:
    """Offer a table as a CSV file that a spreadsheet opens with its Thai letters."""
    if made_up:
        table = table.assign(**{tell("layers.made_up_column"): tell("made_up")})
    st.download_button(
        label,
        csv_bytes(table),
        f"{name}.csv",
        "text/csv",
        icon=":material/download:",
        key=f"take_{name}_{page_words.language()}",
        on_click="ignore",
    )


def is_made_up(asked: Asked, layer: str) -> bool:
    """Tell whether a layer holds made-up rows."""
    origin = asked.workspace().provenance(layer)
    return origin is not None and origin.made_up


def headed(table: pd.DataFrame, heads: Mapping[str, str]) -> pd.DataFrame:
    """Return some columns of a table, headed in words."""
    return table[list(heads)].rename(columns=dict(heads))


def number(value: Any) -> str:
    """Return a number as people write it; a dash where it is missing."""
    return "–" if value is None or pd.isna(value) else f"{value:,.0f}"


def percent(part: float, whole: float) -> str:
    """Return a share of a whole in per cent; a dash of nothing."""
    return f"{100 * part / whole:.1f}%" if whole else "–"
