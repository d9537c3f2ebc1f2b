"""Rules that look at one unit's own data: tests, flags, tiers, locks, grades, costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from phaenthi.targeting.judging import findings
from phaenthi.targeting.judging.conditions import (
    Earlier,
    columns_named,
    judge_target,
    judge_tests,
    targets_named,
    tell_limits,
)
from phaenthi.targeting.judging.grading import costs, counts_of, grades_of, reaches, tiers_of
from phaenthi.targeting.judging.verdict import Verdict, any_of_columns, verdict_column
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.rules.rule import (
    AtLeastRule,
    BandsRule,
    BudgetRule,
    DistinctRule,
    FlagRule,
    LockRule,
    MayOverlapRule,
    RequiresRule,
    ShareRule,
    TiersRule,
    UnitTest,
)

MET, NOT_MET, UNKNOWN = (one.value for one in (Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN))
YES_NO = {MET: "yes", NOT_MET: "no"}
JudgedRule = (
    RequiresRule | FlagRule | TiersRule | LockRule | BandsRule | BudgetRule | MayOverlapRule
)


def judge_rule(rule: JudgedRule, units: pd.DataFrame, earlier: Earlier) -> pd.DataFrame:
    """Return the findings of one rule on the units' own data.

    Parameters
    ----------
    units
        With the pack's columns and the counts of households.
    """
    match rule:
        case RequiresRule():
            return _requires(rule, units, earlier)
        case FlagRule():
            return _flag(rule, units, earlier)
        case TiersRule():
            return _tier_findings(rule, units, earlier)
        case LockRule():
            raise TypeError("a lock needs the fiscal year: ask judge_lock")
        case BandsRule():
            return _bands(rule, units)
        case BudgetRule():
            return _budget(rule, units)
        case MayOverlapRule():
            return _may_overlap(rule, units, earlier)


def judge_lock(rule: LockRule, units: pd.DataFrame, fiscal_year: int) -> pd.DataFrame:
    """Return the findings of a lock in a fiscal year: free when enough years have passed."""
    last = units[rule.column].astype("Int64")
    passed = fiscal_year - last
    free = ((last == rule.never) | (passed >= rule.years)).fillna(value=False).astype(bool)
    verdict = verdict_column(free, free | last.isna())
    never = (last == rule.never).fillna(value=False).astype(bool)
    outcome = verdict.map({MET: "free", NOT_MET: "locked", UNKNOWN: "unknown"})
    outcome = outcome.mask(never, "never").astype("string")
    return findings.of_rule(
        units,
        rule.id,
        verdict=verdict,
        outcome=outcome,
        wording="finding.lock." + outcome,
        value=last.astype("string").fillna(""),
        limit=f"≥ {rule.years}",
        at_least=rule.years,
        missing_columns=_missing(units, [rule.column]).mask(verdict != UNKNOWN, ""),
    )


def choice_columns(programme: Programme, units: pd.DataFrame, earlier: Earlier) -> pd.DataFrame:
    """Return the columns that the choice asks of each unit.

    Returns
    -------
    pandas.DataFrame
        unit_tier (1 … n, missing where none or unknown) when the pack has unit tiers; cost_baht
        when costs can bind; each column that a ``distinct`` rule names (text); the ``name`` of
        each ``at_least`` and ``share`` rule (``yes``, ``no``, missing where unknown) and of each
        ``bands`` rule (the grade's id, missing without one); flags (``rule; …`` of the flags
        raised) when the pack has any. Same index.
    """
    made = pd.DataFrame(index=units.index)
    tiers = programme.tiers()
    if tiers is not None:
        made["unit_tier"] = tiers_of(tiers, units, earlier)["unit_tier"]
    for budget in programme.all_of(BudgetRule):
        if budget.cost_column is not None or budget.ceiling is not None:
            made["cost_baht"] = costs(budget, units)
    for distinct in programme.all_of(DistinctRule):
        made[distinct.column] = units[distinct.column].astype("string")
    counted = [rule for rule in programme.rules if isinstance(rule, AtLeastRule | ShareRule)]
    for rule in counted:
        made[rule.name] = judge_tests(rule.where, units, earlier).map(YES_NO).astype("string")
    for bands in programme.all_of(BandsRule):
        made[bands.name] = grades_of(bands, units)
    flags = programme.all_of(FlagRule)
    if flags:
        made["flags"] = _flags_raised(flags, units, earlier)
    return made


def _requires(rule: RequiresRule, units: pd.DataFrame, earlier: Earlier) -> pd.DataFrame:
    verdict = judge_tests(rule.all, units, earlier)
    if rule.unless:
        ways_out = [judge_tests([one], units, earlier) for one in rule.unless]
        verdict = any_of_columns([verdict, *ways_out])
    return _tested(rule.id, (*rule.all, *rule.unless), units, verdict, earlier)


def _tested(
    rule_id: str,
    tests: Sequence[UnitTest],
    units: pd.DataFrame,
    verdict: pd.Series,
    earlier: Earlier,
) -> pd.DataFrame:
    named = list(dict.fromkeys(columns_named(tests)))
    missing = _missing(units, named, tests, earlier).mask(verdict != UNKNOWN, "")
    return findings.of_rule(
        units,
        rule_id,
        verdict=verdict,
        outcome=verdict,
        wording="finding.unit." + verdict,
        value=_values(units, named),
        limit=tell_limits(tests),
        missing_columns=missing,
    )


def _flag(rule: FlagRule, units: pd.DataFrame, earlier: Earlier) -> pd.DataFrame:
    raised = any_of_columns([judge_tests([one], units, earlier) for one in rule.any])
    outcome = raised.map({MET: "raised", NOT_MET: "clear", UNKNOWN: "unknown"})
    if rule.settled:
        settled = judge_tests(rule.settled, units, earlier)
        outcome = outcome.mask((settled == MET) & (raised != NOT_MET), "settled")
    outcome = outcome.astype("string")
    tests = (*rule.any, *rule.settled)
    named = list(dict.fromkeys(columns_named(tests)))
    return findings.of_rule(
        units,
        rule.id,
        # A flag asks people to look; it is no ground to leave a unit out.
        verdict=MET,
        outcome=outcome,
        wording="finding.flag." + outcome,
        value=_values(units, named),
        limit=tell_limits(rule.any),
        missing_columns=_missing(units, named).mask(outcome != "unknown", ""),
    )


def _flags_raised(rules: Iterable[FlagRule], units: pd.DataFrame, earlier: Earlier) -> pd.Series:
    raised = pd.Series("", index=units.index, dtype="string")
    for rule in rules:
        here = _flag(rule, units, earlier)["outcome"].isin(["raised", "unknown"]).to_numpy()
        raised = raised.mask(here, raised + "; " + rule.id)
    return raised.str.removeprefix("; ")


def _tier_findings(rule: TiersRule, units: pd.DataFrame, earlier: Earlier) -> pd.DataFrame:
    placed = tiers_of(rule, units, earlier)
    verdict, tier = placed["verdict"], placed["unit_tier"]
    ids = dict(enumerate((one.id for one in rule.tiers), start=1))
    tests = [test for one in rule.tiers for test in one.all]
    named = list(dict.fromkeys(columns_named(tests)))
    outcome = verdict.map({MET: "placed", NOT_MET: "none", UNKNOWN: "unknown"}).astype("string")
    return findings.of_rule(
        units,
        rule.id,
        verdict=verdict,
        outcome=outcome,
        wording="finding.tiers." + outcome,
        value=tier.map(ids).astype("string").fillna(""),
        limit=" > ".join(one.id for one in rule.tiers),
        at_least=tier,
        missing_columns=_missing(units, named, tests, earlier).mask(verdict != UNKNOWN, ""),
    )


def _bands(rule: BandsRule, units: pd.DataFrame) -> pd.DataFrame:
    value, of = counts_of(rule, units)
    grade = grades_of(rule, units)
    unknown = value.isna() | (of.isna() if of is not None else False)
    outcome = pd.Series("graded", index=units.index, dtype="string")
    outcome = outcome.mask(grade.isna(), "ungraded").mask(unknown, "unknown")
    verdict = pd.Series(MET, index=units.index, dtype="string")
    if rule.required is not None:
        limit = next(band.at_least for band in rule.bands if band.id == rule.required)
        enough = reaches(value, of, limit)
        verdict = verdict_column(enough, enough | unknown)
        outcome = outcome.mask((verdict == NOT_MET) & grade.notna(), "too_low")
    share = value.astype("Int64").astype("string")
    if of is not None:
        share = share + "/" + of.astype("Int64").astype("string")
    named = [rule.column, *([rule.of] if rule.of else [])]
    return findings.of_rule(
        units,
        rule.id,
        verdict=verdict,
        outcome=outcome,
        wording="finding.bands." + outcome,
        value=(grade.fillna("–") + " " + share).fillna(""),
        limit="; ".join(f"{band.id} ≥ {band.at_least}" for band in rule.bands),
        missing_columns=_missing(units, named).mask(outcome != "unknown", ""),
    )


def _budget(rule: BudgetRule, units: pd.DataFrame) -> pd.DataFrame:
    cost, most = costs(rule, units), rule.at_most_per_unit
    within = cost.notna() if most is None else (cost <= most).fillna(value=False)
    verdict = verdict_column(within.astype(bool), within.astype(bool) | cost.isna())
    outcome = verdict.map({MET: "within", NOT_MET: "over", UNKNOWN: "unknown"}).astype("string")
    return findings.of_rule(
        units,
        rule.id,
        verdict=verdict,
        outcome=outcome,
        wording="finding.budget." + outcome,
        value=cost.astype("string").fillna(""),
        limit="" if most is None else f"≤ {most:,}",
        missing_columns=rule.cost_column or "",
    )


def _may_overlap(rule: MayOverlapRule, units: pd.DataFrame, earlier: Earlier) -> pd.DataFrame:
    texts: dict[str, str] = {}
    for one in rule.registers:
        found = earlier.targets[
            (earlier.targets["programme"] == one.programme)
            & ~earlier.targets["fiscal_year"].isin(one.except_years)
        ].sort_values(["village_code", "fiscal_year"])
        for code, year in zip(found["village_code"], found["fiscal_year"], strict=True):
            text = f"{one.programme} {year}"
            texts[code] = f"{texts[code]}; {text}" if code in texts else text
    repeats = units["village_code"].map(texts).astype("string").fillna("")
    outcome = pd.Series("clear", index=units.index, dtype="string").mask(repeats != "", "repeats")
    return findings.of_rule(
        units,
        rule.id,
        verdict=MET,
        outcome=outcome,
        wording="finding.may_overlap." + outcome,
        value=repeats,
        limit="; ".join(one.programme for one in rule.registers),
        repeats=repeats,
    )


def _values(units: pd.DataFrame, named: Iterable[str]) -> pd.Series:
    """Return what the columns hold as ``column=value; …``, without those that are missing."""
    text = pd.Series("", index=units.index, dtype="string")
    for name in named:
        values = units[name]
        told = values.astype("string")
        if values.dtype == "boolean":
            told = values.map({True: "yes", False: "no"}).astype("string")
        if values.dtype == "Float64":
            told = told.str.removesuffix(".0")
        text = text.mask(values.notna(), text + "; " + name + "=" + told.fillna(""))
    return text.str.removeprefix("; ")


def _missing(
    units: pd.DataFrame,
    named: Iterable[str],
    tests: Iterable[UnitTest] = (),
    earlier: Earlier | None = None,
) -> pd.Series:
    """Return the columns that are missing, and the registers that would settle an unknown."""
    text = pd.Series("", index=units.index, dtype="string")
    for name in named:
        text = text.mask(units[name].isna(), text + "; " + name)
    if earlier is None:
        return text.str.removeprefix("; ")
    for asked in targets_named(tests):
        open_ = judge_target(asked, units, earlier) == UNKNOWN
        years = ", ".join(str(year) for year in asked.years)
        text = text.mask(open_, text + "; " + f"{asked.programme} {years}")
    return text.str.removeprefix("; ")
