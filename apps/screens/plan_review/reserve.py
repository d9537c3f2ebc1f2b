"""The reserve: who comes next, in whose place, and what happens when chosen units withdraw."""

from __future__ import annotations

import pandas as pd

from phaenthi.apps.screens import page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions import decisions
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import markdown
from phaenthi.targeting.plan.reserve import reserve_list
from phaenthi.wording import say


def show(desk: Desk) -> None:
    """Show the reserve in its order, and let chosen units withdraw."""
    language = page_words.language()
    table = reserve_list(desk.plan)
    table = table[table["province_code"] == desk.province]
    st.markdown(tell("planner.reserve.lead", count=f"{len(table):,}", unit=desk.noun))
    titles = desk.titles
    where = dict(zip(desk.units["unit_code"], desk.units["where"], strict=True))
    points = dict(zip(desk.units["unit_code"], desk.units["points"], strict=True))
    if table.empty:
        st.info(tell("planner.reserve.none"))
    else:
        st.dataframe(
            pd.DataFrame(
                {
                    "place": table["place"],
                    "title": [titles.get(code, "") for code in table["unit_code"]],
                    "where": [where.get(code, "") for code in table["unit_code"]],
                    "need": table["need"],
                    "short": [points.get(code) for code in table["unit_code"]],
                    "instead": [
                        ", ".join(f"{titles.get(one, '')} ({one})" for one in str(codes).split())
                        for codes in table["instead_of"]
                    ],
                    "code": table["unit_code"],
                }
            ),
            hide_index=True,
            height="auto",
            placeholder="–",
            column_config={
                "place": st.column_config.NumberColumn(tell("targeting.table.place"), width=60),
                "title": tell("planner.table.unit", unit=desk.noun),
                "where": tell("planner.selection.where"),
                "need": st.column_config.NumberColumn(tell("targeting.table.need"), width=80),
                "short": st.column_config.NumberColumn(
                    tell("planner.reserve.short"), help=tell("planner.reserve.short_help")
                ),
                "instead": st.column_config.TextColumn(
                    tell("planner.reserve.instead"),
                    help=say("glossary.reserve", language),
                    width="large",
                ),
                "code": tell("targeting.table.code"),
            },
        )
    ask_withdrawal(desk)


def ask_withdrawal(desk: Desk) -> None:
    """Ask which chosen units withdraw; the window then tells who comes in and at what price."""
    decided = {one.unit_code for one in desk.plan.overrides}
    chosen = desk.units[(desk.units["status"] == "chosen") & ~desk.units["unit_code"].isin(decided)]
    lines = {
        str(code): f"{title} {place} {code}"
        for code, title, place in zip(
            chosen["unit_code"], chosen["title"], chosen["where"], strict=True
        )
    }
    with st.container(border=True):
        st.markdown(markdown.bold(tell("planner.reserve.withdraw_title", unit=desk.noun)))
        gone = st.multiselect(
            tell("planner.reserve.withdraw", unit=desk.noun),
            list(lines),
            format_func=lines.__getitem__,
            placeholder=tell("planner.filter.find_example", unit=desk.noun),
            key=f"withdraw_{desk.plan.id}_{page_words.language()}",
            label_visibility="collapsed",
        )
        pressed = st.button(
            tell("planner.reserve.see"),
            icon=":material/price_change:",
            key="withdraw_see",
            disabled=not gone,
        )
        if pressed and gone:
            decisions.begin("out", tuple(gone))
            st.rerun()
