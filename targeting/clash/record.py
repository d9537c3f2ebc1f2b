"""A clash as plain data for a plan's record, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from phaenthi.targeting.clash.found import Change, Clash, Conflict, Relaxation
from phaenthi.targeting.limits.problem import limit_from, record_of


def record_of_clash(clash: Clash) -> dict[str, Any]:
    """Return a clash as plain data."""
    return {
        "conflicts": [
            {"rules": list(one.rules), "limits": [record_of(limit) for limit in one.limits]}
            for one in clash.conflicts
        ],
        "relaxations": [
            {
                "amounts": [list(amount) for amount in one.amounts],
                "changes": [
                    {
                        "limit": record_of(change.limit),
                        "above": change.above,
                        "amount": change.amount,
                        "place": change.place,
                    }
                    for change in one.changes
                ],
                "chosen": list(one.chosen),
                "need": one.need,
            }
            for one in clash.relaxations
        ],
        "no_help": list(clash.no_help),
        "all_conflicts": clash.all_conflicts,
        "all_relaxations": clash.all_relaxations,
    }


def clash_from(data: Mapping[str, Any]) -> Clash:
    """Read a clash back from :func:`record_of_clash`."""
    return Clash(
        tuple(
            Conflict(tuple(one["rules"]), tuple(limit_from(limit) for limit in one["limits"]))
            for one in data["conflicts"]
        ),
        tuple(
            Relaxation(
                tuple((rule, amount) for rule, amount in one["amounts"]),
                tuple(
                    Change(limit_from(c["limit"]), c["above"], c["amount"], c["place"])
                    for c in one["changes"]
                ),
                tuple(one["chosen"]),
                one["need"],
            )
            for one in data["relaxations"]
        ),
        tuple(data["no_help"]),
        data["all_conflicts"],
        data["all_relaxations"],
    )
