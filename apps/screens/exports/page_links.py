"""Addresses of other pages of the app at a plan."""

from __future__ import annotations

from urllib.parse import urlencode

from phaenthi.targeting.plan.record import Plan


def targeting_address(plan: Plan) -> str:
    """Return the address of the targeting page at a plan, relative to the app."""
    asked = {
        "programme": plan.programme_id,
        "province": plan.provinces[0],
        "plan": plan.id,
        "step": "review",
    }
    # The page that opens first has the bare address.
    return f"./?{urlencode(asked)}"
