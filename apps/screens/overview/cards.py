"""Funds, plots, OTOP and tourism: a card each, with the way to the layers page of the area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import pandas as pd
import polars as pl
from markupsafe import Markup

from phaenthi.apps.screens import page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.overview.asked import View, say_area
from phaenthi.apps.screens.overview.headline import Gap, Headline, OfYear, say_gaps, say_of_year
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.places.codes import Level
from phaenthi.geo.texts import html
from phaenthi.layers.funds.summary import RANKS
from phaenthi.layers.workspace.folder import Workspace

# Layer: section of the layers page, and columns of place and year in its rows.
CARDS = {
    "funds": ("funds", "village_code", "year"),
    "plots": ("plots", "tambon_code", None),
    "otop": ("otop", "village_code", "registration_year"),
    "tourism_communities": ("tourism", "village_code", "year"),
}
IDS = {
    "funds": "fund_id",
    "plots": "plot_id",
    "otop": "producer_id",
    "tourism_communities": "community_id",
}


@dataclass(frozen=True)
class Card:
    """A card.

    Attributes
    ----------
    figure
        What it shows.
    link
        Address of the layers page; empty where the layer is not held.
    """

    figure: Headline
    link: str


@st.cache_resource(show_spinner=False, max_entries=24)
def rows_of(folder: str, generation: int, layer: str) -> pd.DataFrame:
    """Return id, place and year of the rows of a layer, with what its card counts."""
    del generation
    _, place, year = CARDS[layer]
    wanted = {
        "funds": ("governance_level",),
        "plots": ("status",),
        "otop": ("product_id",),
        "tourism_communities": ("class_th",),
    }[layer]
    names = [IDS[layer], place, *([year] if year else []), *wanted]
    rows = Workspace.open(folder).scan(layer).select(names)
    if year and layer != "otop":
        # What is counted now is each one's latest year; the years themselves are kept beside it.
        latest = pl.col(year) == pl.col(year).max().over(IDS[layer])
        rows = rows.with_columns(latest.fill_null(value=True).alias("latest"))
    else:
        rows = rows.with_columns(pl.lit(value=True).alias("latest"))
    return rows.collect().to_pandas()


def cards(view: View) -> tuple[list[Card], list[str]]:
    """Return the cards of the area, and why last year's figures are not there."""
    workspace = Workspace.open(view.folder)
    made: list[Card] = []
    why: list[Gap] = []
    for layer in CARDS:
        card, gaps = _card(view, workspace, layer)
        made.append(card)
        why += gaps
    return made, say_gaps(why)


def _card(view: View, workspace: Workspace, layer: str) -> tuple[Card, list[Gap]]:
    name = tell(f"overview.card.{layer}")
    if not workspace.has(layer):
        return Card(Headline(name, "–", tell("overview.card.not_held")), ""), []
    section, place, year = CARDS[layer]
    rows = rows_of(view.folder, view.generation, layer)
    at = rows[place].astype("string")
    province = view.area[: Level.PROVINCE.digits]
    inside = rows[at.str.startswith(view.area).fillna(value=False)]
    link = _link(view, section)
    if inside.empty and not at.str.startswith(province).fillna(value=False).any():
        note = tell("overview.card.nothing_of_province", area=say_area(province))
        return Card(Headline(name, "–", note), link), []
    now = inside[inside["latest"].astype(bool)]
    value = f"{now[IDS[layer]].nunique():,}"
    if year is None:
        figure = Headline(name, value, _note(layer, now), tell("overview.card.no_year"))
        return Card(figure, link), []
    beside, reason = _beside(name, rows, inside, layer, year)
    return Card(Headline(name, value, _note(layer, now), beside), link), reason


def _beside(
    name: str, rows: pd.DataFrame, inside: pd.DataFrame, layer: str, year: str
) -> tuple[str, list[Gap]]:
    """Return the latest year's figure and last year's, and why that is not there."""
    years = rows[year].dropna()
    if years.empty:
        return "–", [Gap("overview.no_years", 0, name)]
    latest = int(years.max())
    held = set(years.astype(int))
    this, last = (
        OfYear(
            one,
            float(inside.loc[inside[year] == one, IDS[layer]].nunique()) if one in held else None,
            "held" if one in held else "not_held",
        )
        for one in (latest, latest - 1)
    )
    words = f"{say_of_year(this)} · {say_of_year(last)}"
    if layer == "otop":
        words = tell("overview.card.registered", years=words)
    if last.value is None:
        return words, [Gap("overview.last_not_held", last.year, name)]
    return words, []


def _note(layer: str, now: pd.DataFrame) -> str:
    match layer:
        case "funds":
            levels = now["governance_level"]
            counts = {f"level_{rank}": f"{int((levels == rank).sum()):,}" for rank in RANKS}
            return tell("overview.card.funds_note", **counts)
        case "plots":
            chosen = int((now["status"] == "selected").sum())
            reserve = int((now["status"] == "reserve").sum())
            return tell("overview.card.plots_note", chosen=f"{chosen:,}", reserve=f"{reserve:,}")
        case "otop":
            return tell("overview.card.otop_note", products=f"{now['product_id'].nunique():,}")
        case _:
            best = int(now["class_th"].isin(("A", "B")).sum())
            return tell("overview.card.tourism_note", best=f"{best:,}")


def _link(view: View, section: str) -> str:
    """Return the address of the layers page at the amphoe or province of the area."""
    asked = {
        "lang": page_words.language(),
        "at": view.area[: Level.AMPHOE.digits],
        "section": section,
    }
    return f"layers?{urlencode(asked)}"


def cards_html(made: Sequence[Card], *, with_links: bool = True) -> Markup:
    """Return the cards as HTML."""
    cells = []
    for card in made:
        figure = card.figure
        link = (
            html.fill(
                '<a class="ph-link" href="{}" target="_self">{} →</a>',
                card.link,
                tell("overview.card.link"),
            )
            if card.link and with_links
            else ""
        )
        cells.append(
            html.fill(
                '<div class="ph-figure"><div class="ph-figure-label">{}</div><div '
                'class="ph-figure-value">{}</div><div '
                'class="ph-figure-note">{}</div><div '
                'class="ph-figure-beside">{}</div>{}</div>',
                figure.label,
                figure.value,
                figure.note,
                figure.beside,
                link,
            )
        )
    return html.fill('<div class="ph-figures ph-cards">{}</div>', html.join(cells))


def show(made: Sequence[Card], why: Sequence[str]) -> None:
    """Show the cards."""
    st.subheader(tell("overview.card.title"), anchor=False)
    below = html.fill('<p class="ph-small">{}</p>', " · ".join(why)) if why else ""
    st.html(cards_html(made) + below)
