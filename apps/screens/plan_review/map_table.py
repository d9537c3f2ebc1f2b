"""The first way to look at a plan: its map with the reason card beside it, and its table below."""

from __future__ import annotations

from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.plan_review import filters, plan_map, plan_table, reason_card, selection


def show(desk: Desk) -> None:
    """Show map, card and table in step with each other."""
    filtered = filters.ask(desk)
    left, right = st.columns([1.9, 1], gap="medium")
    with left:
        plan_map.show(desk, filtered)
    with right:
        filters.ask_unit(desk)
        unit = desk.unit(st.session_state.get("village"))
        several = selection.of(desk, filtered.units)
        if unit is not None:
            reason_card.show_card(unit, desk)
        elif several.empty:
            st.session_state["village"] = None
            reason_card.show_empty(desk)
        if not several.empty:
            selection.show(desk, several)
    plan_table.show(desk, filtered.units)
