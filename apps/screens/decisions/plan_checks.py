"""What of a plan was checked, and which choices need a written reason."""

from __future__ import annotations

from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions import drafts
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.page_words import tell
from phaenthi.targeting.judging.justify import reasons_missing, reasons_needed
from phaenthi.targeting.plan.certificate import Report, check
from phaenthi.targeting.programme.programme import Programme


def checked(desk: Desk) -> Report:
    """Return the certificate of the plan on the table, checked without what chose it."""
    address, digest = desk.workspace.address, desk.programme.digest()
    return _checked(address, desk.plan.id, digest, desk.programme)


@st.cache_resource(show_spinner=False, max_entries=24)
def _checked(
    address: str,
    plan_id: str,
    digest: str,  # noqa: ARG001 - part of the key
    _programme: Programme,
) -> Report:
    return check(drafts.saved_plan(address, plan_id), _programme)


def _to_justify(desk: Desk) -> list[str]:
    count = len(units_to_justify(desk))
    return [tell("planner.warning.justify", count=count, unit=desk.noun)] if count else []


def units_to_justify(desk: Desk) -> list[str]:
    """Return the units for which a rule asks for a written reason that nobody has given."""
    chosen = desk.plan.result(desk.province).chosen
    needed = reasons_needed(desk.programme, desk.units, chosen)
    return reasons_missing(needed, {one.unit_code: one.reason for one in desk.plan.overrides})
