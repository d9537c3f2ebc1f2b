"""What of a plan was checked, and which choices need a written reason."""

from __future__ import annotations

import streamlit as st

from phaenthi.apps.screens.decisions import drafts
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.page_words import tell
from phaenthi.targeting.judging.justify import reasons_missing, reasons_needed
from phaenthi.targeting.plan.certificate import Report, check


@st.cache_resource(show_spinner=False, max_entries=24)
def checked(address: str, plan_id: str) -> Report:
    """Return the certificate of a saved plan, checked without what chose it."""
    return check(drafts.saved_plan(address, plan_id))


def _to_justify(desk: Desk) -> list[str]:
    count = len(units_to_justify(desk))
    return [tell("planner.warning.justify", count=count, unit=desk.noun)] if count else []


def units_to_justify(desk: Desk) -> list[str]:
    """Return the units for which a rule asks for a written reason that nobody has given."""
    chosen = desk.plan.result(desk.province).chosen
    needed = reasons_needed(desk.programme, desk.units, chosen)
    return reasons_missing(needed, {one.village_code: one.reason for one in desk.plan.overrides})
