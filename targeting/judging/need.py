"""The score that ranks units, in whole points, with each of its parts to be seen."""

from __future__ import annotations

import pandas as pd

from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.rules.of_need import ColumnAmount, ColumnPoints, HouseholdsInTier, NeedPart


def score(
    programme: Programme, units: pd.DataFrame, measured: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Score units by the pack's parts and weights.

    Parameters
    ----------
    programme
        Without a ``need`` rule every unit scores nothing.
    units
        Columns ``household_tier_<n>`` (whole numbers) for parts that count tiers, village_code
        and the pack's own columns.
    measured
        What :func:`phaenthi.targeting.judging.household_need.measure` returned, for the parts that
        it counts.

    Returns
    -------
    pandas.DataFrame
        need_<part> for each part of the pack and need, their sum; whole points ≥ 0, same index.

    Notes
    -----
    Only what is certain scores: a household that may turn out to be a target, or a column that
    is missing, adds nothing until it is known, so that a gap in the data never lifts a unit
    above another. Shares and depths are ten-thousandths, rounded down, times the weight.
    """
    rule = programme.need()
    scores = pd.DataFrame(index=units.index)
    for part in rule.parts if rule else ():
        values = _values(programme, part, units, measured)
        scores[f"need_{part.id}"] = values.fillna(0).astype("int64") * part.weight
    return scores.assign(need=scores.sum(axis=1).astype("int64"))


def _values(
    programme: Programme, part: NeedPart, units: pd.DataFrame, measured: pd.DataFrame | None
) -> pd.Series:
    match part:
        case HouseholdsInTier():
            members = programme.members()
            ids = [tier.id for tier in members.tiers] if members else []
            return units[f"household_tier_{ids.index(part.tier) + 1}"]
        case ColumnPoints():
            # A level may be kept as a number or as text: 1 and 1.0 both mean level 1.
            value = units[part.column].astype("string").str.removesuffix(".0")
            return value.map(part.points).astype("Int64")
        case ColumnAmount():
            steps = (units[part.column].astype("Float64") // part.per).astype("Int64")
            return steps if part.at_most is None else steps.clip(upper=part.at_most)
        case _:
            if measured is None:
                return pd.Series(0, index=units.index)
            return units["village_code"].map(measured.set_index("village_code")[part.id])
