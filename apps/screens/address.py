"""What the address of a page holds, so that a view lasts and can be sent to a colleague."""

from __future__ import annotations

import time
from collections.abc import Sequence

from phaenthi.apps.screens import show as st

# As long as this a new address may be on its way to the browser.
_ON_ITS_WAY_SECONDS = 0.8

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
    "chosen": "overview_chosen",
    "print": "overview_print",
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


def follow(parameters: Sequence[str]) -> bool:
    """Take over the address again after the reader went back or forward in the browser.

    An address that comes within a moment of the last that was written here is no wish of the
    reader: the browser had not seen the new one yet. Returns whether anything was taken over.
    """
    written = st.session_state.get("address_written")
    asked = {name: st.query_params[name] for name in parameters if name in st.query_params}
    if not asked or written is None or asked == written[0]:
        return False
    if time.monotonic() - written[1] < _ON_ITS_WAY_SECONDS:
        return False
    for name in parameters:
        st.session_state[HELD[name]] = asked.get(name)
    st.session_state["address_written"] = (asked, written[1])
    return True


def write(parameters: Sequence[str]) -> None:
    """Write what this session holds into the address; changing page empties it.

    One step: the browser's way back knows whole views, none that is half of two.
    """
    held = {name: str(st.session_state.get(HELD[name]) or "") for name in ("lang", *parameters)}
    before = st.query_params.to_dict()
    after = {name: value for name, value in before.items() if name not in held}
    after |= {name: value for name, value in held.items() if value}
    asked = {name: held[name] for name in parameters if held[name]}
    if after != before:
        st.query_params.from_dict(after)
        st.session_state["address_written"] = (asked, time.monotonic())
    elif st.session_state.get("address_written", (None,))[0] != asked:
        st.session_state["address_written"] = (asked, 0.0)
