"""The parts of need that are counted over households: the poor, how poor, and in how many ways.

Only what is certain counts: a household with a missing value is neither poor nor deprived until
it is known, so that a gap in the data never lifts a village above another.
"""

from __future__ import annotations

from functools import reduce
from operator import add

import pandas as pd
import polars as pl

from phaenthi.targeting.judging.evidence import Evidence
from phaenthi.targeting.judging.people import all_hold, join_sources
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.rules.of_need import (
    SCALE,
    IncomeGap,
    MultidimensionalPoverty,
    ShareOfTargetPoor,
    TargetPoor,
)

HouseholdPart = TargetPoor | ShareOfTargetPoor | IncomeGap | MultidimensionalPoverty


def household_parts(programme: Programme) -> tuple[HouseholdPart, ...]:
    """Return the parts of a programme's need that are counted over households."""
    rule = programme.need()
    return tuple(part for part in rule.parts if isinstance(part, HouseholdPart)) if rule else ()


def measure(programme: Programme, evidence: Evidence, covered: pd.DataFrame) -> pd.DataFrame:
    """Measure each village by the parts that are counted over its households.

    Parameters
    ----------
    covered
        What :func:`phaenthi.targeting.judging.people.villages_covered` returned.

    Returns
    -------
    pandas.DataFrame
        village_code and a column a part, by its id, before it is weighted: a count of households
        (``target_poor``), or ten-thousandths rounded down (the others). Villages without a
        household have no row.
    """
    parts = household_parts(programme)
    if not parts:
        return pd.DataFrame({"village_code": pd.Series(dtype="string")})
    people = join_sources(programme, evidence, covered)
    measured = (
        people.group_by("village_code")
        .agg(*(_of_village(programme, part).cast(pl.Int64).alias(part.id) for part in parts))
        .sort("village_code")
        .collect(engine="streaming")
    )
    return measured.to_pandas().astype({"village_code": "string"})


def _of_village(programme: Programme, part: HouseholdPart) -> pl.Expr:
    match part:
        case TargetPoor():
            return _certain(all_hold(programme, part.all)).sum()
        case ShareOfTargetPoor():
            return _certain(all_hold(programme, part.all)).sum() * SCALE // pl.len()
        case IncomeGap():
            return _gaps(part).sum() * SCALE // (pl.len() * part.line)
        case MultidimensionalPoverty():
            scores = _deprivations(programme, part)
            weights = sum(one.weight for one in part.indicators)
            surveyed = pl.col(_present(part.source)).fill_null(value=False).sum()
            all_ = pl.when(surveyed > 0).then(surveyed)
            return (scores.sum() * SCALE // (all_ * weights)).fill_null(0)


def _certain(holds: pl.Expr) -> pl.Expr:
    return holds.fill_null(value=False).cast(pl.Int64)


def _present(source: str) -> str:
    return f"{source}.present"


def _gaps(part: IncomeGap) -> pl.Expr:
    """Return how many whole baht a household's income lies below the line, 0 where unknown."""
    gap = part.line - pl.col(f"{part.source}.income_per_person")
    return gap.clip(lower_bound=0).floor().fill_null(0).cast(pl.Int64)


def _deprivations(programme: Programme, part: MultidimensionalPoverty) -> pl.Expr:
    """Return the weights of a household's deprivations, 0 where they stay under the cutoff."""
    weighted = [_certain(all_hold(programme, one.all)) * one.weight for one in part.indicators]
    score = reduce(add, weighted)
    return pl.when(score >= part.poor_from).then(score).otherwise(0)
