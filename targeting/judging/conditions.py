"""Tests on units, column by column: met, not met, or unknown where a value is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.targeting.judging.evidence import Evidence
from phaenthi.targeting.judging.verdict import (
    Verdict,
    all_of_columns,
    any_of_columns,
    some_of_columns,
    verdict_column,
)
from phaenthi.targeting.rules.rule import TargetOf, UnitTest


@dataclass(frozen=True)
class Earlier:
    """Which villages were targets of which programme, and which registers say so.

    Attributes
    ----------
    targets
        village_code, programme, fiscal_year.
    registers
        programme, fiscal_year, province_code of the registers that are here.
    """

    targets: pd.DataFrame
    registers: pd.DataFrame

    @classmethod
    def of(cls, evidence: Evidence) -> Earlier:
        """Take from the evidence what is known of earlier targets."""
        return cls(evidence.history, evidence.registers)

    @classmethod
    def unknown(cls) -> Earlier:
        """Return that nothing is known of any programme."""
        targets = pd.DataFrame(columns=["village_code", "programme", "fiscal_year"])
        return cls(targets, pd.DataFrame(columns=["programme", "fiscal_year", "province_code"]))


def judge_tests(tests: Iterable[UnitTest], units: pd.DataFrame, earlier: Earlier) -> pd.Series:
    """Judge whether all tests hold for each unit; *met* without any test.

    Parameters
    ----------
    units
        As :func:`phaenthi.targeting.judging.unit_table.read_units` returns them.
    """
    met = pd.Series(Verdict.MET.value, index=units.index, dtype="string")
    return all_of_columns([met, *(judge_test(one, units, earlier) for one in tests)])


def judge_test(test: UnitTest, units: pd.DataFrame, earlier: Earlier) -> pd.Series:
    """Judge one test for each unit: a column of verdicts."""
    inside = [judge_test(one, units, earlier) for one in test.inside()]
    if test.all:
        return all_of_columns(inside)
    if test.any:
        return any_of_columns(inside)
    if test.some:
        return some_of_columns(inside, test.some.at_least)
    if test.target_of:
        return judge_target(test.target_of, units, earlier)
    holds = _compare(test, units)
    certain = holds.fillna(value=False).astype(bool)
    return verdict_column(certain, holds.fillna(value=True).astype(bool))


def judge_target(asked: TargetOf, units: pd.DataFrame, earlier: Earlier) -> pd.Series:
    """Judge whether a unit is, lies in or holds a target village of a programme.

    Notes
    -----
    Where a register of one of the years is not here for the province, a unit that none of the
    others names is unknown; so is one whose place is not known, or of which only the tambon is
    known and that tambon holds a target village.
    """
    targets = earlier.targets
    named = targets[
        (targets["programme"] == asked.programme) & targets["fiscal_year"].isin(asked.years)
    ]
    codes = named["village_code"].astype("string")
    village = units["village_code"].astype("string")
    hit = village.isin(codes)
    tambon_hit = units["tambon_code"].isin(parent_code(codes, Level.TAMBON))
    is_tambon = (units["unit_code"] == units["tambon_code"]).fillna(value=False).astype(bool)
    hit |= is_tambon & tambon_hit
    somewhere = village.isna() & ~is_tambon & tambon_hit
    held = earlier.registers
    complete = {
        str(province)
        for province in units["province_code"].dropna().unique()
        if set(asked.years)
        <= set(
            held.loc[
                (held["programme"] == asked.programme) & (held["province_code"] == province),
                "fiscal_year",
            ]
        )
    }
    known = units["province_code"].isin(complete) & units["tambon_code"].notna()
    return verdict_column(hit, hit | ~known | somewhere)


def columns_named(tests: Iterable[UnitTest]) -> Iterator[str]:
    """Yield every column that some tests name, groups included, in their order."""
    for test in tests:
        others = (test.times, test.percent_of, test.same_as, test.differs_from)
        yield from (column for column in (test.column, *others) if column is not None)
        yield from columns_named(test.inside())


def targets_named(tests: Iterable[UnitTest]) -> Iterator[TargetOf]:
    """Yield every earlier target that some tests ask for."""
    for test in tests:
        if test.target_of is not None:
            yield test.target_of
        yield from targets_named(test.inside())


def tell_limits(tests: Iterable[UnitTest]) -> str:
    """Return tests as a text that needs no language, such as ``depth > 3; class ∈ A, B``."""
    return "; ".join(_tell(test) for test in tests)


def _tell(test: UnitTest) -> str:
    if test.column is not None:
        return f"{test.column} {_tell_limit(test)}"
    if test.target_of:
        years = ", ".join(str(year) for year in test.target_of.years)
        return f"{test.target_of.programme} {years}"
    told = [_tell(one) for one in test.inside()]
    if test.some:
        return f"≥ {test.some.at_least} of ({', '.join(told)})"
    return "(" + (" & " if test.all else " | ").join(told) + ")"


def _tell_limit(test: UnitTest) -> str:
    times = f" × {test.times}" if test.times else ""
    times += f"% {test.percent_of}" if test.percent_of else ""
    signs = {"<": test.below, "≤": test.at_most, "≥": test.at_least, ">": test.above}
    told = [f"{sign} {limit}{times}" for sign, limit in signs.items() if limit is not None]
    told += [f"{sign} {', '.join(named)}" for sign, named in _lists(test) if named is not None]
    told += [] if test.is_ is None else [f"= {'yes' if test.is_ else 'no'}"]
    told += [] if test.same_as is None else [f"= {test.same_as}"]
    told += [] if test.differs_from is None else [f"≠ {test.differs_from}"]
    return "".join(told)


def _lists(test: UnitTest) -> tuple[tuple[str, tuple[str, ...] | None], ...]:
    return ("∈", test.one_of), ("∉", test.none_of)


def _compare(test: UnitTest, units: pd.DataFrame) -> pd.Series:
    """Return true, false or missing for a test of one column."""
    values = units[str(test.column)]
    if test.is_ is not None:
        return values.astype("boolean") == test.is_
    for other, wanted in ((test.same_as, True), (test.differs_from, False)):
        if other is not None:
            same = values.astype("string") == units[other].astype("string")
            return (same == wanted).astype("boolean")
    for sign, named in _lists(test):
        if named is not None:
            found = values.astype("string").isin(named).astype("boolean")
            return (found == (sign == "∈")).mask(values.isna())
    return _compare_number(test, values.astype("Float64"), units)


def _compare_number(test: UnitTest, numbers: pd.Series, units: pd.DataFrame) -> pd.Series:
    factor: pd.Series | float = 1.0
    if test.times is not None:
        factor = units[test.times].astype("Float64")
    if test.percent_of is not None:
        # Multiplied and not divided, so that a share on the limit is exactly on it.
        numbers, factor = 100 * numbers, units[test.percent_of].astype("Float64")
    if test.below is not None:
        return numbers < test.below * factor
    if test.at_most is not None:
        return numbers <= test.at_most * factor
    if test.above is not None:
        return numbers > test.above * factor
    return numbers >= (test.at_least or 0) * factor
