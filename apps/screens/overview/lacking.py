"""What is not known of the area shown, in one line that stays in view and opens into a list."""

from __future__ import annotations

import html
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from phaenthi.apps.publication.counts_by_area import LEVELS
from phaenthi.apps.screens import page_words, workspace_tables
from phaenthi.apps.screens.overview.asked import View
from phaenthi.apps.screens.overview.cards import CARDS
from phaenthi.apps.screens.overview.headline import latest_year, of_year
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.places.codes import Level, is_municipal
from phaenthi.layers.villages.shown import lacking_provinces
from phaenthi.layers.workspace.folder import Workspace

LAYERS = ("households", "poverty", "history", *CARDS)
# As many are told in the line itself.
TOLD_FIRST = 3


def find_lacking(view: View, inside: pd.DataFrame, by_year: pd.DataFrame) -> list[str]:
    """Return what is not known of the area, in sentences, the gravest first."""
    workspace = Workspace.open(view.folder)
    return [
        *_layers(workspace),
        *_villages(view, inside),
        *_years(workspace, view, by_year),
        *_municipal(inside),
        *_set_aside(workspace),
    ]


def _layers(workspace: Workspace) -> list[str]:
    absent = [page_words.layer_label(name) for name in LAYERS if not workspace.has(name)]
    found = []
    if absent:
        found.append(tell("overview.lacking.layers", layers=", ".join(absent)))
    embedded = [level for level in LEVELS[:-1] if lacking_provinces(workspace, level)]
    if embedded:
        levels = ", ".join(tell(f"overview.{level}") for level in embedded)
        found.append(tell("overview.lacking.boundaries", levels=levels))
    return found


def _villages(view: View, inside: pd.DataFrame) -> list[str]:
    table = workspace_tables.village_table(*view.place)
    here = table[table["village_code"].str.startswith(view.area)]
    counts = {
        "without_survey": int(here["households"].isna().sum()),
        "without_poverty": int(here["poor_households"].isna().sum()),
        "without_point": int((~here["located"].astype(bool)).sum()),
    }
    found = [
        tell(f"overview.lacking.{name}", count=f"{count:,}")
        for name, count in counts.items()
        if count
    ]
    unknown = inside.loc[inside["level"] == Level.VILLAGE, "income_unknown"].sum()
    households = inside.loc[inside["level"] == Level.VILLAGE, "households"].sum()
    if households and unknown:
        share = f"{100 * unknown / households:.1f}"
        found.append(tell("overview.lacking.income_unknown", share=share))
    return found


def _years(workspace: Workspace, view: View, by_year: pd.DataFrame) -> list[str]:
    found = []
    for layer, name in (("poverty", "poor_households"), ("households", "households")):
        year = latest_year(by_year, name, view.area)
        if year is None:
            continue
        last = of_year(by_year, view.area, name, year - 1)
        if last.state == "not_held" and workspace.has(layer):
            words = page_words.layer_label(layer)
            found.append(tell("overview.lacking.last_year", layer=words, year=year - 1))
    return found


def _municipal(inside: pd.DataFrame) -> list[str]:
    towns, households = municipal_areas_without_shape(inside)
    if not towns:
        return []
    return [tell("overview.municipal_note", count=towns, households=f"{households:,}")]


def municipal_areas_without_shape(inside: pd.DataFrame) -> tuple[int, int]:
    """Return how many municipal areas there are, which have no shape, and their households."""
    tambons = inside[inside["level"] == Level.TAMBON]
    towns = tambons[is_municipal(tambons["code"].astype("string"))]
    return len(towns), int(towns["households"].sum())


def _set_aside(workspace: Workspace) -> list[str]:
    rows = int(workspace.status()["set_aside"].sum())
    return [tell("overview.lacking.set_aside", count=f"{rows:,}")] if rows else []


def lacking_html(found: Sequence[str]) -> str:
    """Return one line that opens into the whole list."""
    if not found:
        return f'<div class="ph-lacking"><b>{html.escape(tell("overview.lacking.none"))}</b></div>'
    first = " · ".join(html.escape(one) for one in found[:TOLD_FIRST])
    more = len(found) - TOLD_FIRST
    rest = f" <u>{html.escape(tell('overview.lacking.more', count=more))}</u>" if more > 0 else ""
    entries = "".join(f"<li>{html.escape(one)}</li>" for one in found)
    link = (
        f'<a class="ph-link" href="data?lang={page_words.language()}" target="_self">'
        f"{html.escape(tell('overview.lacking.link'))} →</a>"
    )
    return (
        f'<details class="ph-lacking"><summary><b>{html.escape(tell("overview.lacking.title"))} '
        f"({len(found)})</b> <span>{first}</span>{rest}</summary><ul>{entries}</ul>{link}</details>"
    )


def lacking_list(found: Sequence[str]) -> str:
    """Return the whole list as HTML."""
    if not found:
        return f"<p>{html.escape(tell('overview.lacking.none'))}</p>"
    return f"<ul>{''.join(f'<li>{html.escape(one)}</li>' for one in found)}</ul>"


def show(found: Sequence[str]) -> None:
    """Show the line; it stays at the top of the window when the page is scrolled."""
    with st.container(key="overview_lacking"):
        st.html(lacking_html(found))
