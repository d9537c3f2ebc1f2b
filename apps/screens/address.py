"""What the address of a page holds, so that a view lasts and can be sent to a colleague."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

# Parameter of the address: key of this session.
HELD = {
    "lang": "language",
    "programme": "kept_programme",
    "province": "kept_province",
    "plan": "plan_id",
    "village": "village",
    "amphoe": "kept_amphoe",
    "step": "kept_step",
    "view": "kept_review",
    "line": "line_id",
    "with": "kept_other_plan",
    "rule": "kept_rule",
    "readings": "kept_readings",
    "area": "kept_overview_province",
    "inside": "overview_inside",
    "level": "kept_overview_level",
    "indicator": "kept_overview_indicator",
    "lacking": "kept_data_indicator",
    "where": "kept_data_province",
    "part": "kept_data_part",
    "layers": "kept_layers_shown",
    "at": "kept_layers_area",
    "section": "kept_layers_section",
    "do": "kept_exports_part",
    "of": "kept_exports_plan",
    "take": "kept_exports_kind",
    "layer": "kept_exports_layer",
    "guide": "kept_help_guide",
    "tour": "tour_step",
}


def take_over() -> None:
    """Take over what the address says, once, when a reader arrives.

    Later the session leads: while a page is being drawn the browser may still send an address
    that is one choice old.
    """
    if st.session_state.get("address_taken"):
        return
    st.session_state["address_taken"] = True
    for parameter, key in HELD.items():
        if parameter in st.query_params and key not in st.session_state:
            st.session_state[key] = st.query_params[parameter]


def write(parameters: Sequence[str]) -> None:
    """Write what this session holds into the address; changing page empties it."""
    for parameter in ("lang", *parameters):
        value = st.session_state.get(HELD[parameter])
        if not value:
            if parameter in st.query_params:
                del st.query_params[parameter]
        elif st.query_params.get(parameter) != str(value):
            st.query_params[parameter] = str(value)
