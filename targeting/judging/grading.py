"""What a unit is by its own data: its tier, its grade, its cost."""

from __future__ import annotations

import pandas as pd

from phaenthi.targeting.judging.conditions import Earlier, judge_tests
from phaenthi.targeting.judging.verdict import Verdict
from phaenthi.targeting.rules.rule import BandsRule, BudgetRule, TiersRule

MET, NOT_MET, UNKNOWN = (one.value for one in (Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN))


def tiers_of(rule: TiersRule, units: pd.DataFrame, earlier: Earlier) -> pd.DataFrame:
    """Return the tier of each unit.

    Returns
    -------
    pandas.DataFrame
        verdict (*met* where a tier certainly holds and no better one may, *not met* where none
        can, else *unknown*) and unit_tier (1 … n; missing unless met), same index.
    """
    tier = pd.Series(pd.NA, index=units.index, dtype="Int64")
    verdict = pd.Series(NOT_MET, index=units.index, dtype="string")
    # From the last to the first, so that the first that holds is what stays.
    for number, one in reversed(list(enumerate(rule.tiers, start=1))):
        holds = judge_tests(one.all, units, earlier)
        verdict = verdict.mask(holds == MET, MET).mask(holds == UNKNOWN, UNKNOWN)
        tier = tier.mask(holds == MET, number).mask(holds == UNKNOWN, pd.NA)
    return pd.DataFrame({"verdict": verdict, "unit_tier": tier})


def costs(rule: BudgetRule, units: pd.DataFrame) -> pd.Series:
    """Return what each unit costs in whole baht; missing where its own cost is not known."""
    if rule.cost_column is None:
        return pd.Series(rule.baht_per_unit, index=units.index, dtype="Int64")
    # Part of a baht costs a whole one, so that a ceiling is never passed by rounding.
    cost = units[rule.cost_column].astype("Float64")
    return -(-cost // 1).astype("Int64")


def grades_of(rule: BandsRule, units: pd.DataFrame) -> pd.Series:
    """Return the grade's id of each unit; missing where there is none or it is not known."""
    value, of = counts_of(rule, units)
    grade = pd.Series(pd.NA, index=units.index, dtype="string")
    for band in reversed(rule.bands):
        grade = grade.mask(reaches(value, of, band.at_least), band.id)
    return grade


def counts_of(rule: BandsRule, units: pd.DataFrame) -> tuple[pd.Series, pd.Series | None]:
    """Return the value that is graded and, of a share, what it is a share of (never 0)."""
    value = units[rule.column].astype("Float64")
    if rule.of is None:
        return value, None
    of = units[rule.of].astype("Float64")
    return value, of.mask(of <= 0)


def reaches(value: pd.Series, of: pd.Series | None, limit: int) -> pd.Series:
    """Compare without dividing: a share of 70 percent is 100 × passing ≥ 70 × all."""
    reached = value >= limit if of is None else 100 * value >= limit * of
    return reached.fillna(value=False).astype(bool)
