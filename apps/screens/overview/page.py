"""The overview page for executives, put together."""

from __future__ import annotations

import pandas as pd

from phaenthi.apps.screens import address, first_steps, furniture, map_sources
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.overview import (
    asked,
    cards,
    coverage,
    headline,
    lacking,
    multiples,
    pictures,
    printing,
    ranking,
    village,
)
from phaenthi.apps.screens.overview.asked import IN_ADDRESS, View
from phaenthi.apps.screens.overview.counted import counts_of, years_inside
from phaenthi.apps.screens.page_words import tell
from phaenthi.data import shipped
from phaenthi.geo.places.codes import Level

LOOK = shipped("phaenthi.apps", "assets", "overview.css")


def show() -> None:
    """Draw the page, or the same as a page to print."""
    workspace = first_steps.open_workspace()
    address.follow(IN_ADDRESS)
    printed = st.session_state.get("overview_print") == "1"
    if not printed:
        furniture.show_heading(tell("overview.title"), workspace)
    if workspace is None:
        return
    if not workspace.has("villages"):
        first_steps.show_no_register()
        return
    st.html(LOOK)
    folder, generation = workspace.address, workspace.generation
    counts = counts_of(folder, generation)
    view = asked.view_of(folder, generation, counts.now)
    inside = counts.now[counts.now["code"].str.startswith(view.area)]
    by_year = years_inside(folder, generation, view.area, view.level)
    if printed:
        printing.show(view, inside, by_year)
    else:
        show_screen(view, counts.now, inside, by_year)
        furniture.show_about(workspace)
    address.write(IN_ADDRESS)


def show_screen(
    view: View, counts: pd.DataFrame, inside: pd.DataFrame, by_year: pd.DataFrame
) -> None:
    """Draw the page as it is used."""
    asked.ask_view(view, counts)
    lacking.show(lacking.find_lacking(view, inside, by_year))
    headline.show(*headline.headlines(inside, by_year, view))
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key="overview_bar",
    ):
        asked.show_crumbs(view)
        with st.container(horizontal=True, width="content", key="overview_take"):
            printing.show_button()
            pictures.offer_sheet(view)
    shown = inside[inside["level"] == view.level].reset_index(drop=True)
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        ranking.show_map(view, shown)
    with right:
        ranking.show_table(view, shown, by_year)
    show_notes(view, shown)
    village.show(view, shown)
    cards.show(*cards.cards(view))
    coverage.show(view)
    multiples.show(view, shown, by_year)


def show_notes(view: View, shown: pd.DataFrame) -> None:
    """Show what a reader of map and table must know."""
    if view.level is Level.VILLAGE and view.area:
        source = map_sources.area_source(*view.place, view.level, view.area)
        if source is not None:
            without = len(shown) - int(shown["code"].isin(source.codes).sum())
            st.caption(tell("overview.cells_note", count=f"{without:,}"))
    st.caption(f"{tell('overview.hint')} · {tell('overview.hidden_note')}")
