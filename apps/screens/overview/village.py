"""The card of the village that is chosen: its counts, its programmes, what it has."""

from __future__ import annotations

import pandas as pd

from phaenthi.apps.publication.counts_by_area import hidden_in
from phaenthi.apps.screens import page_words, workspace_tables
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.overview import coverage
from phaenthi.apps.screens.overview.asked import View
from phaenthi.apps.screens.overview.headline import Headline, figures_html
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.places.codes import Level
from phaenthi.geo.texts import html

# Columns of the village table that tell what a village has; none of them counts people.
HAS = ("funds", "groups", "otop_producers", "tourism_communities", "plots")
COUNTS = ("households", "poor_households", "poor_persons", "target_poor_households")


def show(view: View, shown: pd.DataFrame) -> None:
    """Show the card of the chosen village; nothing where none is chosen."""
    if view.level is not Level.VILLAGE or not view.chosen:
        return
    rows = shown[shown["code"] == view.chosen]
    if rows.empty:
        return
    [name] = workspace_tables.area_names(*view.place, [view.chosen], Level.VILLAGE)
    with st.container(border=True, key="overview_village"):
        st.html(
            html.fill(
                '<div class="ph-card"><h3>{}</h3><div class="ph-where">{}</div></div>',
                name,
                _where(view.chosen),
            )
        )
        st.html(figures_html([*_counts(rows), *_has(view)]))
        st.markdown(_programmes(view))


def _where(code: str) -> str:
    language = page_words.language()
    names = [
        page_words.area_name(code[: level.digits], language)
        for level in (Level.TAMBON, Level.AMPHOE, Level.PROVINCE)
    ]
    return tell(
        "overview.of_village.where", tambon=names[0], amphoe=names[1], province=names[2], code=code
    )


def _counts(rows: pd.DataFrame) -> list[Headline]:
    row, told = rows.iloc[0], []
    for name in COUNTS:
        if not pd.isna(row[name]):
            value = f"{int(row[name]):,}"
        else:
            hidden = bool(hidden_in(rows, name).iloc[0])
            value = tell("overview.table.hidden") if hidden else "–"
        told.append(Headline(tell(f"overview.table.{name}"), value, ""))
    return told


def _has(view: View) -> list[Headline]:
    table = workspace_tables.village_table(*view.place)
    row = table[table["village_code"] == view.chosen].iloc[0]
    return [
        Headline(tell(f"overview.of_village.{name}"), f"{int(row[name]):,}", "")
        for name in HAS
        if name in table.columns and not pd.isna(row[name])
    ]


def _programmes(view: View) -> str:
    rows = coverage.helped(*view.place)
    here = rows[rows["village_code"] == view.chosen].sort_values(["year", "programme"])
    if here.empty:
        return tell("overview.of_village.no_programme")
    language = page_words.language()
    told = ", ".join(
        f"{coverage.programme_name(str(one), language)} {year}"
        for one, year in zip(here["programme"], here["year"], strict=True)
    )
    return tell("overview.of_village.programmes", programmes=told)
