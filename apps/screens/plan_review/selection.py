"""Several units at once: those inside a line drawn on the map, or all that pass the filters."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import shapely

from phaenthi.apps.maps.legends import STATUS_LOOKS
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions import decisions
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import markdown

KEY = "several"
LIST_HEIGHT = 230


def inside(desk: Desk, area: shapely.Geometry) -> list[str]:
    """Return the units whose point lies in an area, in the order of the plan."""
    within = set(desk.points.index[desk.points.within(area)])
    return [str(code) for code in desk.units["unit_code"] if code in within]


def keep(codes: Sequence[str]) -> None:
    """Make some units the ones that are looked at together."""
    st.session_state[KEY] = list(codes)


def of(desk: Desk, shown: pd.DataFrame) -> pd.DataFrame:
    """Return the units selected together that pass the filters."""
    codes = st.session_state.get(KEY) or []
    del desk
    return shown[shown["unit_code"].isin(codes)]


def show(desk: Desk, selected: pd.DataFrame) -> None:
    """Show the units selected together and what can be decided about all of them at once."""
    with st.container(border=True, key="selection_card"):
        st.markdown(
            markdown.bold(
                tell("planner.selection.title", count=f"{len(selected):,}", unit=desk.noun)
            )
        )
        counts = selected["status"].value_counts()
        st.caption(
            " · ".join(
                f"{STATUS_LOOKS[status].symbol} {tell(f'status_short.{status}')} {counts[status]:,}"
                for status in STATUS_LOOKS
                if counts.get(status, 0)
            )
        )
        st.dataframe(
            pd.DataFrame(
                {
                    "status": [STATUS_LOOKS[one].symbol for one in selected["status"]],
                    "title": selected["title"],
                    "where": selected["where"],
                    "need": selected["need"],
                }
            ),
            hide_index=True,
            height=min(LIST_HEIGHT, 38 + 35 * len(selected)),
            column_config={
                "status": st.column_config.TextColumn(tell("targeting.table.status"), width=50),
                "title": tell("planner.table.unit", unit=desk.noun),
                "where": tell("planner.selection.where"),
                "need": st.column_config.NumberColumn(tell("targeting.table.need"), width=70),
            },
        )
        show_steps(desk, selected)
        st.button(
            tell("planner.selection.clear"),
            icon=":material/close:",
            type="tertiary",
            key="selection_clear",
            on_click=keep,
            args=((),),
        )


def show_steps(desk: Desk, selected: pd.DataFrame) -> None:
    """Show a button for each decision, with the number of units that it is open for."""
    decided = {one.unit_code for one in desk.plan.overrides}
    codes = {
        "in": _open(selected, decided, ("reserve", "eligible", "unknown")),
        "out": _open(selected, decided, ("chosen", "reserve", "eligible")),
        "withdrawn": [code for code in selected["unit_code"] if code in decided],
    }
    for kind in ("in", "out", "withdrawn"):
        found = [str(code) for code in codes[kind]]
        if not found:
            continue
        st.button(
            tell(f"planner.selection.{kind}", count=f"{len(found):,}", unit=desk.noun),
            icon=decisions.ICONS[kind],
            key=f"decide_all_{kind}",
            width="stretch",
            on_click=decisions.begin,
            args=(kind, tuple(found)),
        )


def _open(selected: pd.DataFrame, decided: set[str], statuses: Sequence[str]) -> list[str]:
    open_ = selected["status"].isin(statuses) & ~selected["unit_code"].isin(decided)
    return selected.loc[open_, "unit_code"].tolist()
