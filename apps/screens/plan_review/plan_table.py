"""The units of a plan as a table in step with the map."""

from __future__ import annotations

from typing import Any

import pandas as pd

from phaenthi.apps.maps.legends import STATUS_LOOKS
from phaenthi.apps.screens import furniture, page_words, workspace_tables
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.page_words import tell
from phaenthi.apps.screens.plan_review import selection
from phaenthi.wording import say

TABLE_HEIGHT = 420
# The whole reason stands on the card; a table of thousands of them would take long to send.
REASON_LETTERS = 90
# Where the link past the map leads to.
ANCHOR = "units_table"
REPEATED = ("status", "tambon", "amphoe", "reason")


def show(desk: Desk, shown: pd.DataFrame) -> None:
    """Show the units; the one that was clicked elsewhere comes first, a row clicked here selects.

    Parameters
    ----------
    shown
        The units that pass the filters, in their order.
    """
    furniture.show_anchor(ANCHOR)
    title = tell("planner.table.title", count=f"{len(shown):,}", unit=desk.noun)
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"
    ):
        st.subheader(title, anchor=False, width="content")
        if not shown.empty and len(shown) < len(desk.units):
            st.button(
                tell("planner.selection.take_shown", count=f"{len(shown):,}"),
                icon=":material/select_all:",
                key="take_shown",
                on_click=selection.keep,
                args=([str(code) for code in shown["unit_code"]],),
            )
    if shown.empty:
        st.info(tell("planner.table.empty", unit=desk.noun))
        return
    called = st.session_state.get("village_by_map")
    if called is not None and (shown["unit_code"] == called).any():
        first = shown["unit_code"] == called
        shown = pd.concat([shown[first], shown[~first]])
    codes = [str(code) for code in shown["unit_code"]]
    chosen = st.session_state.get("village")
    filters = hash((tuple(codes), page_words.language())) & 0xFFFFFF
    # A selection made elsewhere needs a table of its own to be shown in.
    key = f"units_{desk.plan.id}_{filters}_{called}"
    st.session_state["unit_rows"] = (key, codes)
    st.dataframe(
        _table(desk, shown),
        hide_index=True,
        height=min(TABLE_HEIGHT, 40 + 35 * len(shown)),
        column_config=_columns(desk),
        placeholder="–",
        key=key,
        on_select=_take_row,
        selection_mode="single-row",
        selection_default={"selection": {"rows": [codes.index(chosen)] if chosen in codes else []}},
    )
    if page_words.language() == "en" and desk.programme.unit == "village":
        folder, generation = desk.workspace.address, desk.workspace.generation
        english = workspace_tables.village_names_in_english(folder, generation)
        lacking = int((~shown["village_code"].isin(english.index)).sum())
        if lacking:
            st.caption(tell("village.names_note", count=f"{lacking:,}"))


def _table(desk: Desk, shown: pd.DataFrame) -> pd.DataFrame:
    decided = {one.unit_code for one in desk.plan.overrides}
    status = [
        f"{STATUS_LOOKS[one].symbol} {tell(f'status_short.{one}')}{' ✎' if code in decided else ''}"
        for one, code in zip(shown["status"], shown["unit_code"], strict=True)
    ]
    columns = {
        "status": status,
        "place": shown["place"],
        "title": shown["title"],
        "tambon": shown["tambon_th"],
        "amphoe": shown["amphoe_th"],
    }
    if desk.programme.need() is not None:
        columns["need"] = shown["need"]
    if desk.programme.members() is not None:
        columns["households"] = shown["target_households"]
    reasons = shown[f"reason_{page_words.language()}"].astype("string").fillna("")
    long = reasons.str.len() > REASON_LETTERS
    columns["reason"] = reasons.where(~long, reasons.str.slice(0, REASON_LETTERS) + "…")
    columns["code"] = shown["unit_code"]
    # What is told of many is sent once: a click sends the table again.
    return pd.DataFrame(columns).astype(dict.fromkeys(REPEATED, "category"))


def _columns(desk: Desk) -> dict[str, Any]:
    small, text = st.column_config.NumberColumn, st.column_config.TextColumn
    language = page_words.language()
    return {
        "status": text(tell("targeting.table.status"), pinned=True, width=135),
        "place": small(
            tell("targeting.table.place"), help=say("glossary.place", language), width="small"
        ),
        "title": text(tell("planner.table.unit", unit=desk.noun), pinned=True, width=235),
        "tambon": tell("targeting.table.tambon"),
        "amphoe": tell("targeting.table.amphoe"),
        "need": small(
            tell("targeting.table.need"),
            help=say("glossary.need", language),
            format="localized",
            width="small",
        ),
        "households": small(
            tell("targeting.table.households"),
            help=say("glossary.target_households", language),
            format="localized",
            width="small",
        ),
        "reason": text(tell("targeting.table.reason"), width="large"),
        "code": tell("targeting.table.code"),
    }


def _take_row() -> None:
    key, codes = st.session_state["unit_rows"]
    rows = st.session_state[key]["selection"]["rows"]
    st.session_state["village"] = codes[rows[0]] if rows else None
