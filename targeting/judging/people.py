"""The registers of households joined into one row a household, and conditions asked of them.

A condition is true, false or unknown; polars' nullable Booleans follow Kleene's logic.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_

import pandas as pd
import polars as pl

from phaenthi.geo.places.codes import Level
from phaenthi.targeting.judging.evidence import Evidence
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.rules.rule import Condition, Source

YEAR_COLUMNS = {"households": "survey_year", "poverty": "register_year"}


def villages_covered(programme: Programme, evidence: Evidence) -> pd.DataFrame:
    """Tell for each village and source of the pack whether the register is here.

    Returns
    -------
    pandas.DataFrame
        village_code and one Boolean column a source of the pack, in the order of
        ``evidence.villages``.
    """
    villages = pl.from_pandas(evidence.villages)
    covered = villages.select("village_code")
    for name, source in programme.pack.sources.items():
        seen = (
            _rows_of(evidence, source)
            .select(pl.col("village_code").unique())
            .collect(engine="streaming")["village_code"]
        )
        here = villages["village_code"].is_in(seen.implode())
        if source.complete_per != "village":
            area = villages[Level(source.complete_per).column]
            here = area.is_in(area.filter(here).unique().implode())
        covered = covered.with_columns(here.alias(name))
    return covered.to_pandas().astype({"village_code": "string"})


def join_sources(programme: Programme, evidence: Evidence, covered: pd.DataFrame) -> pl.LazyFrame:
    """Join the sources that a pack asks: a row a household.

    Parameters
    ----------
    covered
        What :func:`villages_covered` returned.

    Returns
    -------
    polars.LazyFrame
        household_id, village_code, ``<source>.<column>`` for each column asked,
        ``<source>.present`` and ``<source>.covered``. A column that the layer does not have is
        missing in every row: what it would say is unknown.
    """
    asked = programme.household_columns()
    # Sources of everyone first: where registers disagree on the village, theirs counts.
    sources = sorted(asked, key=lambda name: programme.pack.sources[name].absent == "not_met")
    people: pl.LazyFrame | None = None
    for name in sources:
        layer = _rows_of(evidence, programme.pack.sources[name])
        held = set(layer.collect_schema().names())
        rows = layer.select(
            "household_id",
            pl.col("village_code"),
            *(_as_value(column, held).alias(f"{name}.{column}") for column in sorted(asked[name])),
            pl.lit(value=True).alias(f"{name}.present"),
        )
        if people is None:
            people = rows
            continue
        joined = people.join(rows, on="household_id", how="full", coalesce=True, suffix=".other")
        village = pl.coalesce("village_code", "village_code.other")
        people = joined.with_columns(village_code=village).drop("village_code.other")
    if people is None:
        raise ValueError(f"pack {programme.id} asks no source of households")
    here = pl.from_pandas(covered).lazy().with_columns(pl.col("village_code").cast(pl.String))
    here = here.rename({name: f"{name}.covered" for name in programme.pack.sources})
    return people.join(here, on="village_code", how="inner")


def all_hold(programme: Programme, conditions: Iterable[Condition]) -> pl.Expr:
    """Return whether all conditions hold: true, false, or missing for unknown."""
    return reduce(and_, (_holds(programme, condition) for condition in conditions))


def _rows_of(evidence: Evidence, source: Source) -> pl.LazyFrame:
    rows = evidence.layer(source.layer)
    return rows.filter(pl.col(YEAR_COLUMNS[source.layer]) == source.year)


def _as_value(column: str, held: set[str]) -> pl.Expr:
    """Return a column with not-a-number as missing, since comparisons would take it as large."""
    if column not in held:
        return pl.lit(None, dtype=pl.Boolean)
    value = pl.col(column)
    if column == "income_per_person":
        return value.cast(pl.Float64).fill_nan(None)
    return value


def _holds(programme: Programme, condition: Condition) -> pl.Expr:
    """Return whether a condition holds: true, false, or missing for unknown."""
    if condition.definition is not None:
        return all_hold(programme, programme.definition(condition.definition).all)
    if condition.all:
        return all_hold(programme, condition.all)
    if condition.any:
        return reduce(or_, (_holds(programme, one) for one in condition.any))
    value = pl.col(f"{condition.source}.{condition.column}")
    if condition.below is not None:
        test = value < condition.below
    elif condition.at_most is not None:
        test = value <= condition.at_most
    elif condition.at_least is not None:
        test = value >= condition.at_least
    else:
        test = value if condition.is_ else ~value
    source = programme.pack.sources[str(condition.source)]
    if source.absent == "unknown":
        return test
    # Not on a list that is here: certainly not among those that the list names.
    off_the_list = pl.col(f"{condition.source}.present").is_null()
    covered = pl.col(f"{condition.source}.covered")
    return pl.when(off_the_list & covered).then(statement=False).otherwise(test)
