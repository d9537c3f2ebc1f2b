"""The proof of a plan: every rule recounted in whole numbers, and a ceiling that no plan can pass.

This module imports no solver and nothing that chose the plan. It proves a province in two ways:

- **Ceiling.** Give each place of the allotment a price λ and each area that takes part a price μ.
  Whatever plan one makes, its need is at most

      λ · villages + μ · areas + Σ over areas of max(0, max over k of (sum of the best k − λk − μ))

  because every plan uses exactly that many villages and areas (Lagrangian duality). With the
  saved prices anyone can work this out on paper. Needs are whole, so the ceiling is rounded down.
- **Recount.** The best plan is counted anew, area by area, and must be the very same villages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import floor
from typing import TYPE_CHECKING

from phaenthi.targeting.choice.demand import Demand

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Row:
    """One village as the proof sees it."""

    village_code: str
    amphoe_code: str
    need: int
    target_households: int


def rows_of(villages: pd.DataFrame) -> list[Row]:
    """Return a table's villages: village_code, amphoe_code, need, target_households.

    Where the table has unit_code, that takes the place of village_code.
    """
    key = "unit_code" if "unit_code" in villages else "village_code"
    texts = (map(str, villages[name].tolist()) for name in (key, "amphoe_code"))
    numbers = (map(int, villages[name].tolist()) for name in ("need", "target_households"))
    return [Row(*cells) for cells in zip(*texts, *numbers, strict=True)]


@dataclass(frozen=True)
class Prices:
    """Prices of a village's place and of an area's part in the plan, in need points."""

    village: Fraction
    area: Fraction


@dataclass(frozen=True)
class Failure:
    """One thing that does not hold: the id of its sentence and what fills it."""

    wording: str
    numbers: Mapping[str, object]


@dataclass(frozen=True)
class Proof:
    """What the check of one province found.

    Attributes
    ----------
    need
        Total need of the plan's villages.
    ceiling
        No plan that the rules allow has more need than this; ``None`` without saved prices.
    optimum
        Need of the best plan by the recount; ``None`` when the rules allow no plan.
    failures
        Empty when the plan stands.
    """

    province_code: str
    need: int
    ceiling: int | None
    optimum: int | None
    failures: tuple[Failure, ...]

    @property
    def gap(self) -> int | None:
        """Points that the ceiling leaves open; 0 when it closes by itself."""
        return None if self.ceiling is None else self.ceiling - self.need


def check_province(
    rows: Iterable[Row],
    demand: Demand,
    chosen: Sequence[str],
    prices: Prices | None,
    *,
    locked_in: Iterable[str] = (),
    locked_out: Iterable[str] = (),
) -> Proof:
    """Recount every rule for one province and prove that no better plan exists.

    Parameters
    ----------
    rows
        The villages that may be chosen: eligible, or put in by a person with a reason.
    demand
        Allotment, number of areas and cap.
    chosen
        The plan's villages.
    prices
        Saved with the plan; ``None`` leaves the proof to the recount.
    locked_in, locked_out
        What people decided; the proof is about all plans that respect it.
    """
    inside, outside = frozenset(locked_in), frozenset(locked_out)
    open_rows = [row for row in rows if row.village_code not in outside]
    by_code = {row.village_code: row for row in open_rows}
    held = [by_code[code] for code in chosen if code in by_code]
    failures = list(_broken_rules(by_code, held, demand, chosen, inside))
    need = sum(row.need for row in held)
    ceiling = floor(bound(open_rows, demand, prices, inside)) if prices else None
    best = recount(open_rows, demand, inside)
    optimum = None if best is None else sum(by_code[code].need for code in best)
    if best is None or set(best) != set(chosen):
        failures.append(
            Failure(
                "certificate.not_the_best",
                {
                    "need": need,
                    "optimum": optimum if optimum is not None else "–",
                    "better": ", ".join(sorted(set(best or ()) - set(chosen))) or "–",
                    "worse": ", ".join(sorted(set(chosen) - set(best or ()))) or "–",
                },
            )
        )
    if ceiling is not None and need > ceiling:
        failures.append(Failure("certificate.over_ceiling", {"need": need, "ceiling": ceiling}))
    return Proof(demand.province_code, need, ceiling, optimum, tuple(failures))


def _broken_rules(
    by_code: Mapping[str, Row],
    held: Sequence[Row],
    demand: Demand,
    chosen: Sequence[str],
    locked_in: frozenset[str],
) -> Iterable[Failure]:
    for code in chosen:
        if code not in by_code:
            yield Failure("certificate.not_eligible", {"village_code": code})
    for code in sorted(locked_in - set(chosen)):
        yield Failure("certificate.lock_ignored", {"village_code": code})
    if len(set(chosen)) != demand.units or len(chosen) != demand.units:
        yield Failure("certificate.allotment", {"found": len(set(chosen)), "asked": demand.units})
    per_area: dict[str, int] = {}
    for row in held:
        per_area[row.amphoe_code] = per_area.get(row.amphoe_code, 0) + 1
    if demand.areas is not None and len(per_area) != demand.areas:
        yield Failure("certificate.areas", {"found": len(per_area), "asked": demand.areas})
    if demand.cap is not None and demand.cap_reading == "each":
        for area, count in sorted(per_area.items()):
            if count > demand.cap:
                yield Failure(
                    "certificate.cap", {"area_code": area, "found": count, "asked": demand.cap}
                )
    averaged = demand.cap is not None and demand.cap_reading == "average"
    if averaged and len(held) > (demand.cap or 0) * len(per_area):
        yield Failure(
            "certificate.average",
            {"found": len(held), "areas": len(per_area), "asked": demand.cap},
        )


def bound(
    rows: Iterable[Row], demand: Demand, prices: Prices, locked_in: frozenset[str] = frozenset()
) -> Fraction:
    """Return the ceiling that these prices prove, exactly (see the module's formula)."""
    total = prices.village * demand.units + prices.area * (demand.areas or 0)
    entry = prices.area if demand.areas is not None else Fraction(0)
    for sums, least in best_sums(rows, demand, locked_in).values():
        surplus = [
            need - prices.village * count - entry
            for count, need in enumerate(sums)
            if count >= max(least, 1)
        ]
        stay_out = [Fraction(0)] if least == 0 else []
        total += max(surplus + stay_out)
    return total


def best_sums(
    rows: Iterable[Row], demand: Demand, locked_in: frozenset[str] = frozenset()
) -> dict[str, tuple[list[int], int]]:
    """Return, for each area, the need of its best 0, 1, … villages and how many are locked in.

    Sums below the number locked in are of the locked villages alone and must not be used.
    """
    found: dict[str, tuple[list[int], int]] = {}
    for area, inside in _by_area(rows, locked_in).items():
        least = sum(row.village_code in locked_in for row in inside)
        sums = [0, *accumulate(row.need for row in inside[: demand.most_in_an_area])]
        found[area] = (sums, least)
    return found


def recount(
    rows: Iterable[Row], demand: Demand, locked_in: frozenset[str] = frozenset()
) -> tuple[str, ...] | None:
    """Count the best plan anew and return its village codes, sorted; ``None`` if there is none.

    Equal needs are told apart by more target households, then by the lower village code.
    """
    rows = list(rows)
    order = sorted(row.village_code for row in rows)
    bit = {code: 1 << (len(order) - 1 - place) for place, code in enumerate(order)}
    plans: dict[tuple[int, int], tuple[int, int, int]] = {(0, 0): (0, 0, 0)}
    for inside in _by_area(rows, locked_in).values():
        least = sum(row.village_code in locked_in for row in inside)
        steps = [(0, 0, 0)]
        for row in inside[: demand.most_in_an_area]:
            need, households, codes = steps[-1]
            steps.append(
                (
                    need + row.need,
                    households + row.target_households,
                    codes | bit[row.village_code],
                )
            )
        grown: dict[tuple[int, int], tuple[int, int, int]] = {}
        for (areas, villages), (need, households, codes) in plans.items():
            for count in range(least, min(len(steps), demand.units - villages + 1)):
                key = (areas + (demand.areas is not None and count > 0), villages + count)
                step = steps[count]
                plan = (need + step[0], households + step[1], codes | step[2])
                if demand.areas is not None and key[0] > demand.areas:
                    continue
                if key not in grown or plan > grown[key]:
                    grown[key] = plan
        plans = grown
    best = plans.get((demand.areas or 0, demand.units))
    if best is None or (
        demand.cap is not None
        and demand.cap_reading == "average"
        and demand.units > demand.cap * (demand.areas or 0)
    ):
        return None
    return tuple(code for code in order if best[2] & bit[code])


def _by_area(rows: Iterable[Row], locked_in: frozenset[str]) -> dict[str, list[Row]]:
    """Return each area's villages: those locked in first, then the best first."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.amphoe_code, []).append(row)
    for inside in found.values():
        inside.sort(
            key=lambda row: (
                row.village_code not in locked_in,
                -row.need,
                -row.target_households,
                row.village_code,
            )
        )
    return found
