"""The overview as a clean page to print: figures, map, ranking, years, sources and the day."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from phaenthi.apps.dates import today, told_date
from phaenthi.apps.screens import page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.overview import (
    cards,
    coverage,
    headline,
    lacking,
    multiples,
    pictures,
    ranking,
)
from phaenthi.apps.screens.overview.asked import View, say_path
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import html
from phaenthi.layers.workspace.folder import Workspace

# A reader of paper wants the first of a ranking; the page on the screen has the rest.
MOST_PRINTED = 60
_PRINT = """
<button type="button" class="ph-print" id="ph-print">{}</button>
<script>
  document.getElementById("ph-print").addEventListener("click", () => window.print());
</script>
"""


def show_button() -> None:
    """Show the button that leads to this page."""
    st.button(
        tell("overview.print.open"),
        icon=":material/print:",
        key="overview_print_open",
        on_click=_open,
    )


def _open() -> None:
    st.session_state["overview_print"] = "1"


def _close() -> None:
    st.session_state["overview_print"] = None


def show(view: View, inside: pd.DataFrame, by_year: pd.DataFrame) -> None:
    """Show the page to print."""
    with st.container(horizontal=True, vertical_alignment="center", key="overview_print_tools"):
        st.button(
            tell("overview.print.back"),
            icon=":material/arrow_back:",
            key="overview_print_back",
            on_click=_close,
        )
        st.html(html.fill(_PRINT, tell("overview.print.now")), unsafe_allow_javascript=True)
        pictures.offer_sheet(view)
    workspace = Workspace.open(view.folder)
    with st.container(key="overview_print"):
        st.html(_head(view, workspace))
        for part in _parts(view, inside, by_year):
            st.html(part)
        st.html(_foot(view))


def _head(view: View, workspace: Workspace) -> Markup:
    language = page_words.language()
    marks = html.join(
        html.fill("<strong>{}</strong>", words)
        for words in pictures.warnings_of(workspace, language)
    )
    day = tell("overview.made_on", day=told_date(today(), language))
    return html.fill(
        '<header class="ph-print-head"><h1>{} <span>{}</span></h1><p>{}</p>{}</header>',
        tell("overview.title"),
        say_path(view.area),
        day,
        marks,
    )


def _parts(view: View, inside: pd.DataFrame, by_year: pd.DataFrame) -> list[Markup]:
    shown = inside[inside["level"] == view.level].reset_index(drop=True)
    figures, why = headline.headlines(inside, by_year, view)
    made, why_of_cards = cards.cards(view)
    found = lacking.find_lacking(view, inside, by_year)
    return [
        headline.figures_html(figures) + _small(why),
        _map(view),
        _section(tell("overview.card.title"), cards.cards_html(made, with_links=False))
        + _small(why_of_cards),
        _ranking(view, shown, by_year),
        _coverage(view),
        _years(view, shown, by_year),
        _section(tell("overview.lacking.title"), lacking.lacking_list(found)),
    ]


def _section(title: str, content: Markup) -> Markup:
    return html.fill('<section class="ph-print-part"><h2>{}</h2>{}</section>', title, content)


def _small(sentences: list[str]) -> Markup:
    told = " · ".join(sentences)
    return html.fill('<p class="ph-small">{}</p>', told) if told else Markup()


def _map(view: View) -> Markup:
    title = f"{tell(f'overview.show.{view.indicator}')} {pictures.say_level(view)}"
    drawn = (
        pictures.inset(view, pictures.identity_of(view)) if pictures.can_draw(view) else Markup()
    )
    return _section(title, drawn or html.fill("<p>{}</p>", tell("overview.no_picture")))


def _ranking(view: View, shown: pd.DataFrame, by_year: pd.DataFrame) -> Markup:
    table = ranking.ranked(view, shown, by_year).head(MOST_PRINTED)
    content = ranked_html(
        table,
        ranking.heads(view, by_year),
        none=ranking.say_none(shown),
        with_parents=ranking.has_parents(view),
    )
    notes = [tell("overview.hidden_note")]
    if len(shown) > len(table):
        rows, more = f"{len(table):,}", f"{len(shown):,}"
        notes.insert(0, tell("overview.print.most_rows", rows=rows, count=more))
    title = tell("overview.print.ranking", indicator=tell(f"overview.show.{view.indicator}"))
    return _section(title, content + _small(notes))


def ranked_html(
    table: pd.DataFrame, heads: dict[str, str], *, none: str, with_parents: bool
) -> Markup:
    """Return a ranking as a table of HTML.

    Parameters
    ----------
    table
        From :func:`phaenthi.apps.screens.overview.ranking.ranked`.
    heads
        Headings of the columns of numbers.
    none
        What stands in a cell without a number.
    with_parents
        Whether the areas that they lie in are named.
    """
    numbers = [name for name in table.columns if name not in ("code", "name", "parent")]
    words = {"name": tell("overview.table.name"), "parent": tell("overview.table.parent"), **heads}
    named = ["name", "parent"] if with_parents else ["name"]
    head = [tell("overview.table.place"), *(words[name] for name in named)]
    heading = html.join(html.fill("<th>{}</th>", one) for one in head)
    heading += html.join(html.fill('<th class="ph-number">{}</th>', words[one]) for one in numbers)
    shares = {"poor_share"} | ({"last_year"} if numbers[:1] == ["poor_share"] else set())
    rows = []
    for number, row in enumerate(table.to_dict("records"), 1):
        # What is hidden or not known has no place.
        place = "" if numbers and pd.isna(row[numbers[0]]) else str(number)
        texts = [place, *(str(row[name]) for name in named)]
        told = html.join(html.fill("<td>{}</td>", text) for text in texts)
        cells = [_cell(row[name], none, share=name in shares) for name in numbers]
        told += html.join(html.fill('<td class="ph-number">{}</td>', cell) for cell in cells)
        rows.append(html.fill("<tr>{}</tr>", told))
    return html.fill(
        '<table class="ph-ranked"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>',
        heading,
        html.join(rows),
    )


def _cell(value: float, none: str, *, share: bool) -> str:
    if pd.isna(value):
        return none
    return f"{value:,.1f}" if share else f"{value:,.0f}"


def _coverage(view: View) -> Markup:
    found = coverage.gather(view)
    title = tell("overview.coverage.title")
    if found is None:
        return _section(title, html.fill("<p>{}</p>", tell("overview.coverage.nothing")))
    table, totals, plans_of = found
    told = coverage.told_table(table, plans_of, view.folder)
    head = html.join(html.fill('<th class="ph-number">{}</th>', year) for year in told.columns)
    rows = html.join(
        html.fill(
            "<tr><td>{}</td>{}</tr>",
            str(name),
            html.join(html.fill('<td class="ph-number">{:,}</td>', count) for count in counts),
        )
        for name, counts in zip(told.index, told.to_numpy().tolist(), strict=True)
    )
    return _section(
        title,
        coverage.chart_html(table, totals, plans_of, view.folder)
        + html.fill(
            '<table class="ph-ranked"><thead><tr><th>{}</th>{}</tr></thead>'
            "<tbody>{}</tbody></table>",
            tell("overview.coverage.programme"),
            head,
            rows,
        )
        + _small([tell("overview.coverage.note")]),
    )


def _years(view: View, shown: pd.DataFrame, by_year: pd.DataFrame) -> Markup:
    maps, notes = multiples.small_maps(view, shown, by_year)
    return _section(tell("overview.years.title"), maps + _small(notes))


def _foot(view: View) -> Markup:
    language = page_words.language()
    sources = tell("overview.print.sources", sources=pictures.sources_of(view))
    made = tell("overview.made_on", day=told_date(today(), language))
    return html.fill('<footer class="ph-print-foot">{} · {}</footer>', sources, made)
