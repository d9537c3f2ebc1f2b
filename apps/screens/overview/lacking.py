"""What is not known of the area shown, in one line that stays in view and opens into a list."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from phaenthi.apps.publication.counts_by_area import LEVELS
from phaenthi.apps.screens import page_words, workspace_tables
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.overview.asked import View
from phaenthi.apps.screens.overview.cards import CARDS
from phaenthi.apps.screens.overview.headline import latest_year, of_year
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.places.codes import Level, is_municipal
from phaenthi.geo.texts import html
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


def lacking_html(found: Sequence[str]) -> Markup:
    """Return one line that opens into the whole list."""
    if not found:
        return html.fill('<div class="ph-lacking"><b>{}</b></div>', tell("overview.lacking.none"))
    first = " · ".join(found[:TOLD_FIRST])
    more = len(found) - TOLD_FIRST
    rest = html.fill(" <u>{}</u>", tell("overview.lacking.more", count=more)) if more > 0 else ""
    entries = html.join(html.fill("<li>{}</li>", one) for one in found)
    link = html.fill(
        '<a class="ph-link" href="data?lang={}" target="_self">{} →</a>',
        page_words.language(),
        tell("overview.lacking.link"),
    )
    return html.fill(
        '<details class="ph-lacking"><summary><b>{} ({})</b> '
        "<span>{}</span>{}</summary><ul>{}</ul>{}</details>",
        tell("overview.lacking.title"),
        len(found),
        first,
        rest,
        entries,
        link,
    )


def lacking_list(found: Sequence[str]) -> Markup:
    """Return the whole list as HTML."""
    if not found:
        return html.fill("<p>{}</p>", tell("overview.lacking.none"))
    return html.fill("<ul>{}</ul>", html.join(html.fill("<li>{}</li>", one) for one in found))


def show(found: Sequence[str]) -> None:
    """Show the line; it stays at the top of the window when the page is scrolled."""
    with st.container(key="overview_lacking"):
        st.html(lacking_html(found))
