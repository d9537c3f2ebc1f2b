"""The reserve: who takes the place of a chosen unit that withdraws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from phaenthi.targeting.judging.evidence import Evidence
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.plan.record import Override, Plan
from phaenthi.targeting.programme.programme import Programme


@dataclass(frozen=True)
class Swap:
    """What happens when one chosen unit withdraws.

    Attributes
    ----------
    entering
        Units that come in; several where the best new choice is another combination.
    points
        Points of total need that are lost; ``None`` where no choice exists without the unit.
    """

    withdrawn: str
    entering: tuple[str, ...]
    points: int | None


def swap_for(plan: Plan, unit_code: str) -> Swap:
    """Return the next-best swap of one chosen unit, as the plan worked it out.

    Raises
    ------
    KeyError
        If the unit is not chosen.
    """
    row = plan.units[(plan.units["unit_code"] == unit_code) & (plan.units["status"] == "chosen")]
    if row.empty:
        raise KeyError(unit_code)
    points, replaces = row.iloc[0]["points"], row.iloc[0]["replaces"]
    entering = () if pd.isna(replaces) else tuple(str(replaces).split())
    return Swap(unit_code, entering, None if pd.isna(points) else int(points))


def reserve_list(plan: Plan) -> pd.DataFrame:
    """Return the reserve in order.

    Returns
    -------
    pandas.DataFrame
        province_code, place, unit_code, name_th, need, instead_of (the chosen units, separated
        by blanks, whose withdrawal brings it in).
    """
    chosen = plan.units[plan.units["status"] == "chosen"]
    brings: dict[str, list[str]] = {}
    for code, entering in zip(chosen["unit_code"], chosen["replaces"].fillna(""), strict=True):
        for one in str(entering).split():
            brings.setdefault(one, []).append(str(code))
    rows = plan.units[plan.units["status"] == "reserve"].copy()
    instead_of = [" ".join(brings.get(str(code), [])) for code in rows["unit_code"]]
    rows["instead_of"] = pd.array(instead_of, dtype="string")
    kept = ["province_code", "place", "unit_code", "name_th", "need", "instead_of"]
    return rows[kept].sort_values(["province_code", "place"], ignore_index=True)


def withdraw(
    plan: Plan,
    programme: Programme,
    evidence: Evidence,
    unit_codes: Sequence[str],
    *,
    reason: str,
    decided_by: str,
) -> Plan:
    """Make the plan again without units that withdrew, the rest decided anew.

    Parameters
    ----------
    programme
        With the plan's readings and numbers.
    reason, decided_by
        Recorded with each unit taken out.
    """
    overrides = plan.overrides
    for code in unit_codes:
        others = tuple(one for one in overrides if one.unit_code != code)
        overrides = (*others, Override(code, "out", reason, decided_by))
    return plans.make(
        programme,
        evidence,
        plan.provinces,
        decided_on=plan.decided_on,
        overrides=overrides,
        numbers=plan.numbers,
    )
