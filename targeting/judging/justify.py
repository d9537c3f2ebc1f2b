"""Choices that are allowed and need a written reason: of which units, and which is missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.rules.rule import JustifyRule


def reasons_needed(
    programme: Programme, units: pd.DataFrame, chosen: Collection[str]
) -> pd.DataFrame:
    """Return the units for which a choice needs a written reason.

    Parameters
    ----------
    units
        ``Judgement.units`` with ``unit_tier``.
    chosen
        Codes of the units taken, by the plan or by people.

    Returns
    -------
    pandas.DataFrame
        rule, province_code, unit_code, side (``taken``: a unit of the later tier that was taken;
        ``passed_over``: a unit of the earlier tier that meets the rules and was not); empty where
        nothing of the later tier is taken while the earlier one remains in the same province.
    """
    rows: list[dict[str, str]] = []
    tiers = programme.tiers()
    numbers = {one.id: n for n, one in enumerate(tiers.tiers, start=1)} if tiers else {}
    for rule in programme.all_of(JustifyRule):
        taken_tier, first_tier = numbers[rule.taken], numbers[rule.while_remains]
        for province, here in units[units["verdict"] == "met"].groupby("province_code"):
            is_taken = here["unit_code"].isin(list(chosen))
            taken = here[is_taken & (here["unit_tier"] == taken_tier)]
            left = here[~is_taken & (here["unit_tier"] == first_tier)]
            if taken.empty or left.empty:
                continue
            sides = {"taken": taken, "passed_over": left}
            rows += [
                {"rule": rule.id, "province_code": str(province), "unit_code": code, "side": side}
                for side in rule.reason_for
                for code in sides[side]["unit_code"]
            ]
    return pd.DataFrame(rows, columns=["rule", "province_code", "unit_code", "side"])


def reasons_missing(needed: pd.DataFrame, reasons: Mapping[str, str]) -> list[str]:
    """Return the codes of units whose reason nobody has written.

    Parameters
    ----------
    needed
        What :func:`reasons_needed` returned.
    reasons
        Reason by unit code.
    """
    codes = needed["unit_code"].astype(str)
    return sorted({code for code in codes if not reasons.get(code, "").strip()})
