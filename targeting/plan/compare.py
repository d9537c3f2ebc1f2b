"""Two plans side by side: who enters, who leaves, what it costs, and what was asked otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from phaenthi.targeting.plan.record import Number, Plan

_LOOKED_AT = ("verdict", "status", "need", "target_households", "place")


@dataclass(frozen=True)
class Comparison:
    """What is different between two plans.

    Attributes
    ----------
    entering, leaving
        Unit codes chosen in the later plan only, and in the earlier one only.
    need
        By province: total need of the earlier and of the later plan.
    units
        A row a unit of which anything differs: unit_code, name_th, and ``<column>_before``,
        ``<column>_after`` of verdict, status, need, target_households and place.
    readings, inputs
        By rule and by layer, what the earlier and the later plan had; only what differs.
    decisions
        Units whose put-in or take-out differs.
    numbers
        Numbers of the rules set otherwise than the document: in the earlier and in the later
        plan, where they differ.
    same_rules
        Whether the rules in force are the same, tables included.
    """

    entering: tuple[str, ...]
    leaving: tuple[str, ...]
    need: Mapping[str, tuple[int, int]]
    units: pd.DataFrame
    readings: Mapping[str, tuple[str | None, str | None]]
    inputs: Mapping[str, tuple[str | None, str | None]]
    decisions: tuple[str, ...]
    same_rules: bool
    numbers: tuple[tuple[Number | None, Number | None], ...] = ()

    @property
    def price(self) -> int:
        """Points of need that the later plan loses (negative: gains)."""
        return sum(before - after for before, after in self.need.values())

    @property
    def nothing(self) -> bool:
        """Whether the plans say the same."""
        asked = self.readings or self.inputs or self.decisions or not self.same_rules
        return self.units.empty and not asked


def compare(before: Plan, after: Plan) -> Comparison:
    """Compare two plans unit by unit."""
    held = {code for result in before.results for code in result.chosen}
    now = {code for result in after.results for code in result.chosen}
    provinces = sorted({*before.provinces, *after.provinces})
    decided = [{(o.unit_code, o.action) for o in one.overrides} for one in (before, after)]
    return Comparison(
        entering=tuple(sorted(now - held)),
        leaving=tuple(sorted(held - now)),
        need={p: (_need(before, p), _need(after, p)) for p in provinces},
        units=_units(before.units, after.units),
        readings=_differences(before.readings, after.readings),
        inputs=_differences(before.inputs, after.inputs),
        decisions=tuple(sorted({code for code, _ in decided[0] ^ decided[1]})),
        same_rules=before.programme_digest == after.programme_digest,
        numbers=_numbers(before.numbers, after.numbers),
    )


def _need(plan: Plan, province: str) -> int:
    return sum(r.need for r in plan.results if r.demand.province_code == province)


def _numbers(
    before: Iterable[Number], after: Iterable[Number]
) -> tuple[tuple[Number | None, Number | None], ...]:
    old, new = ({one.key: one for one in side} for side in (before, after))
    return tuple(
        (old.get(key), new.get(key))
        for key in sorted({*old, *new})
        if key not in old or key not in new or old[key].value != new[key].value
    )


def _differences(
    before: Mapping[str, str], after: Mapping[str, str]
) -> dict[str, tuple[str | None, str | None]]:
    return {
        name: (before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    }


def _units(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    kept = ["unit_code", "name_th", *_LOOKED_AT]
    both = before[kept].merge(
        after[kept], how="outer", on="unit_code", suffixes=("_before", "_after")
    )
    same = pd.Series(data=True, index=both.index)
    for name in _LOOKED_AT:
        # A missing place is a place like any other: outside the list.
        old = both[f"{name}_before"].astype("string").fillna("")
        same &= old == both[f"{name}_after"].astype("string").fillna("")
    name_th = both["name_th_after"].fillna(both["name_th_before"])
    shown = [f"{name}_{when}" for name in _LOOKED_AT for when in ("before", "after")]
    table = both.assign(name_th=name_th)[~same]
    return table[["unit_code", "name_th", *shown]].sort_values("unit_code", ignore_index=True)
