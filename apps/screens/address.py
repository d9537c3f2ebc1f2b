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
    "area": "kept_overview_province",
    "level": "kept_overview_level",
    "indicator": "kept_overview_indicator",
    "lacking": "kept_data_indicator",
    "where": "kept_data_province",
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
