"""Numbers of the rules that people set otherwise than the document, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from phaenthi.targeting.plan.record import Kind, Number
from phaenthi.targeting.programme.changes import change
from phaenthi.wording import Problem

if TYPE_CHECKING:
    from phaenthi.targeting.plan.record import Plan
    from phaenthi.targeting.programme.programme import Programme


def merge(held: Iterable[Number], more: Iterable[Number]) -> tuple[Number, ...]:
    """Return the numbers in force once more are set; one set back to the document's is none."""
    found = {one.key: one for one in held}
    for one in more:
        before = found[one.key].before if one.key in found else one.before
        found[one.key] = Number(
            one.kind, one.name, before, one.value, one.reason, one.decided_by, one.field
        )
    return tuple(one for _, one in sorted(found.items()) if one.value != one.before)


def set_in(programme: Programme, numbers: Iterable[Number]) -> Programme:
    """Return the programme with numbers set.

    Raises
    ------
    Problem
        ``targeting.number_not_of_rules`` if the rules have no such number, or do not allow its
        value: a pack may have changed since somebody set it. ``targeting.rule_unknown``.
    """
    numbers = tuple(numbers)
    if not numbers:
        return programme
    fields: dict[str, dict[str, Any]] = {}
    named: dict[Kind, dict[str, int]] = {"weight": {}, "allotment": {}}
    for one in numbers:
        if one.kind == "field":
            fields.setdefault(one.name, {})[one.field] = one.value
        else:
            named[one.kind][one.name] = one.value
    try:
        return change(
            programme, fields=fields, weights=named["weight"], allotments=named["allotment"]
        )
    except (KeyError, ValidationError) as wrong:
        found = ", ".join(f"{one.name} {one.field}".strip() + f" = {one.value}" for one in numbers)
        raise Problem("targeting.number_not_of_rules", pack=programme.id, found=found) from wrong


def read_as(plan: Plan, programme: Programme) -> Programme:
    """Return a programme as a plan read it: in its readings and with its numbers."""
    return set_in(programme.with_readings(plan.readings), plan.numbers)
