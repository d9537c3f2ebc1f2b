"""What changed when, and one step back: what it takes back is told before."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from phaenthi.apps.dates import BANGKOK, told_date
from phaenthi.apps.screens import page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.data import kept_upload
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import markdown
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.layers.workspace.manifest import Generation


def show(workspace: Workspace) -> None:
    """Draw this part."""
    generations = workspace.generations
    st.subheader(tell("data.undo"), anchor=False)
    if len(generations) < 2:
        st.info(tell("data.nothing_to_undo"), icon=":material/info:")
        return
    before, last = generations[-2:]
    st.write(
        tell("data.last_change", layer=_layer(last.change), date=_when(last)),
    )
    with st.container(border=True):
        st.markdown(markdown.bold(tell("data.undo_takes")))
        st.markdown(markdown.bullets(taken_back(before, last)))
        st.caption(tell("data.undo_keeps"))
        with st.popover(tell("data.undo_button"), icon=":material/undo:"):
            st.write(tell("data.undo_sure", layer=_layer(last.change)))
            if st.button(tell("data.undo_confirm"), type="primary", key="data_undo"):
                undone = _layer(workspace.undo())
                kept_upload.forget_outcome()
                st.session_state["told_next"] = tell("data.undone", layer=undone)
                st.rerun()
    st.subheader(tell("data.changes"), anchor=False)
    st.caption(tell("data.changes_note"))
    rows = [
        {
            "at": f"{_when(after)} {hour_of(after)}",
            "change": _layer(after.change),
            "what": " · ".join(changed(earlier, after)),
        }
        for earlier, after in reversed(list(pairwise(generations)))
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        width="stretch",
        column_config={name: tell(f"data.change.{name}") for name in ("at", "change", "what")},
    )


def taken_back(before: Generation, last: Generation) -> list[str]:
    """Return in sentences what going from the last state to the one before it changes."""
    lines = []
    for name in _differing(before, last):
        old, new = before.layers.get(name), last.layers.get(name)
        rows = f"{new.provenance.rows_kept:,}" if new else "0"
        if old is None:
            lines.append(tell("data.back.removed", layer=_layer(name), rows=rows))
        else:
            lines.append(
                tell(
                    "data.back.restored",
                    layer=_layer(name),
                    rows=rows,
                    before=f"{old.provenance.rows_kept:,}",
                    source=old.provenance.source,
                    date=told_date(old.provenance.imported_at, page_words.language()),
                )
            )
    return lines or [tell("data.back.nothing")]


def changed(before: Generation, after: Generation) -> list[str]:
    """Return in words what a change did to each layer."""
    said = []
    for name in _differing(before, after):
        old, new = before.layers.get(name), after.layers.get(name)
        counts = [f"{one.provenance.rows_kept:,}" if one else "–" for one in (old, new)]
        said.append(f"{_layer(name)} {counts[0]} → {counts[1]}")
    return said


def _differing(before: Generation, after: Generation) -> list[str]:
    names = dict.fromkeys([*before.layers, *after.layers])
    return [name for name in names if before.layers.get(name) != after.layers.get(name)]


def _layer(name: str) -> str:
    return page_words.layer_label(name) if name else tell("data.workspace_made")


def _when(generation: Generation) -> str:
    return told_date(generation.at, page_words.language())


def hour_of(generation: Generation) -> str:
    """Return the hour and minute of a change by the clock of Bangkok."""
    return f"{generation.at.astimezone(BANGKOK):%H:%M}"
