"""What stands on every page: its heading, where the data came from, figures, links past a map."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

import pandas as pd
from streamlit.delta_generator import DeltaGenerator

from phaenthi.apps.dates import told_date
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.page_words import choose_language, language, layer_label, tell
from phaenthi.geo.texts import html
from phaenthi.layers.villages.shown import shows_approximate
from phaenthi.layers.workspace.folder import Workspace


def cells(columns: int, gap: Literal["small", "medium"]) -> Iterator[DeltaGenerator]:
    """Yield places row by row, so that on a narrow screen they come in the same order."""
    while True:
        yield from st.columns(columns, gap=gap)


def show_heading(title: str, workspace: Workspace | None) -> None:
    """Show the title of a page with its badges, and the switch of language."""
    if "told_next" in st.session_state:
        st.toast(st.session_state.pop("told_next"), icon=":material/save:")
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key="heading",
    ):
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            st.header(title, anchor=False, width="content")
            if workspace is not None and workspace.made_up:
                st.badge(
                    tell("made_up"),
                    icon=":material/science:",
                    color="orange",
                    help=tell("made_up_help"),
                )
            if workspace is not None and _approximate(workspace.address, workspace.generation):
                st.badge(
                    tell("approximate"),
                    icon=":material/border_style:",
                    color="gray",
                    help=tell("approximate_help"),
                )
        choose_language()


@st.cache_data(show_spinner=False, max_entries=6)
def _approximate(folder: str, generation: int) -> bool:
    del generation
    return shows_approximate(Workspace.open(folder))


def show_about(workspace: Workspace) -> None:
    """Show where the data came from: one line, and a row a layer for those who ask."""
    status = workspace.status()
    if status.empty:
        return
    sources = ", ".join(dict.fromkeys(status["source"]))
    latest = max(status["imported_at"], default=datetime.now(UTC))
    rows = int(status.loc[status["layer"] == "villages", "rows"].sum())
    st.caption(
        tell("about.line", sources=sources, date=told_date(latest, language()), rows=f"{rows:,}")
    )
    with st.expander(tell("about.title"), icon=":material/database:"):
        table = pd.DataFrame(
            {
                tell("about.layer"): [layer_label(name) for name in status["layer"]],
                tell("about.source"): status["source"],
                tell("about.date"): [told_date(when, language()) for when in status["imported_at"]],
                tell("about.rows"): status["rows"],
                tell("about.set_aside"): status["set_aside"],
                tell("about.made_up"): [tell("about.yes") if m else "–" for m in status["made_up"]],
            }
        )
        st.dataframe(table, hide_index=True, width="stretch")


def show_way_past(anchor: str) -> None:
    """Show a link past a map, which only who comes to it by the keyboard sees."""
    words = tell("map.past")
    st.html(html.fill('<a class="ph-skip" href="#{}">{}</a>', anchor, words))


def show_anchor(anchor: str) -> None:
    """Put a place on the page that a link leads to."""
    st.html(html.fill('<span class="ph-anchor" id="{}" tabindex="-1"></span>', anchor))


def show_figures(figures: list[tuple[str, str, str]]) -> None:
    """Show headline figures that fold into rows on a narrow screen.

    Parameters
    ----------
    figures
        Label, value, note.
    """
    cells = html.join(
        html.fill(
            '<div class="ph-figure"><div class="ph-figure-label">{}</div><div '
            'class="ph-figure-value">{}</div><div '
            'class="ph-figure-note">{}</div></div>',
            label,
            value,
            note,
        )
        for label, value, note in figures
    )
    st.html(html.fill('<div class="ph-figures">{}</div>', cells))


# Streamlit has the words of its upload box in English alone.
_UPLOAD_STYLE = """
[data-testid="stFileUploaderDropzoneInstructions"] { display: none; }
[data-testid="stFileUploaderDropzone"] button p { font-size: 0; }
[data-testid="stFileUploaderDropzone"] button p::after { content: "%s"; font-size: 0.95rem; }
"""


def style_upload() -> None:
    """Put the words of the upload boxes of a page into the language of this session."""
    style = html.own(_UPLOAD_STYLE % tell("data.browse"))
    st.html(html.fill("<style>{}</style>", style))
