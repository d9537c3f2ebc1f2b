"""Adding up: households to villages, villages to tambons, amphoe and provinces."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import polars as pl

from phaenthi.geo.places.codes import Level, level_of, parent_code


def households_by_village(households: pl.LazyFrame) -> pl.LazyFrame:
    """Count the households of each village in the latest year that it was surveyed.

    Parameters
    ----------
    households
        Rows of the layer ``households``.

    Returns
    -------
    polars.LazyFrame
        village_code, survey_year, households, members (of the households that state them,
        null where none does), members_known (households that state them),
        households_income_known; one row a village. Lazy, so that 13 million households need
        neither time nor memory of that size: collect it with ``engine="streaming"``.
    """
    by_year = households.group_by("village_code", "survey_year").agg(
        pl.len().cast(pl.Int64).alias("households"),
        pl.col("members").sum(),
        pl.col("members").count().cast(pl.Int64).alias("members_known"),
        pl.col("income_per_person").count().cast(pl.Int64).alias("households_income_known"),
    )
    return latest_survey(by_year)


def latest_survey(by_year: pl.LazyFrame) -> pl.LazyFrame:
    """Keep the latest year of each village, and members only where any household states them.

    Parameters
    ----------
    by_year
        village_code, survey_year, households, members, members_known, households_income_known;
        one row a village and year.
    """
    stated = pl.when(pl.col("members_known") > 0).then(pl.col("members"))
    return _latest(by_year, "survey_year").with_columns(stated.alias("members"))


def poor_by_village(poverty: pl.LazyFrame, dimensions: Sequence[str]) -> pl.LazyFrame:
    """Count the poor and target poor households of each village in its latest register year.

    A household is poor if it is poor in any dimension, target poor (คนจนเป้าหมาย) if it is poor
    and registered for state welfare. Where a missing value leaves that open the household is
    counted as unknown, not as "no".

    Parameters
    ----------
    poverty
        Rows of the layer ``poverty``.
    dimensions
        Its columns of the dimensions of poverty.

    Returns
    -------
    polars.LazyFrame
        village_code, register_year, poor_households, poor_households_unknown,
        target_poor_households, target_poor_households_unknown; one row a village.
    """
    # Polars joins yes, no and unknown as Kleene does: unknown or yes is yes, else unknown.
    poor = pl.any_horizontal(*dimensions)
    target = poor & pl.col("registered_for_welfare")
    counts = {"poor_households": poor, "target_poor_households": target}
    by_year = poverty.group_by("village_code", "register_year").agg(
        *(is_so.sum().cast(pl.Int64).alias(name) for name, is_so in counts.items()),
        *(
            is_so.is_null().sum().cast(pl.Int64).alias(f"{name}_unknown")
            for name, is_so in counts.items()
        ),
    )
    return _latest(by_year, "register_year")


def _latest(by_year: pl.LazyFrame, year: str) -> pl.LazyFrame:
    # One row a village and year is few enough to sort; the households themselves are not.
    ordered = by_year.sort("village_code", year)
    return ordered.unique("village_code", keep="last", maintain_order=True)


def roll_up(table: pd.DataFrame, level: Level, columns: Sequence[str]) -> pd.DataFrame:
    """Add the values of areas up to the areas of a level that hold them.

    Parameters
    ----------
    table
        One row an area: the finest of village_code, tambon_code, amphoe_code and
        province_code (or ``code``) says which; and the columns to add.
    level
        Level to add up to.
    columns
        Columns of numbers; a missing value is unknown and not zero.

    Returns
    -------
    pandas.DataFrame
        code; areas (rows added up); each column's sum, missing where every value was; each
        column's ``<column>_missing``, the number of values that were missing. Sorted by code.
    """
    areas = parent_code(table[_code_column(table)].astype("string"), level)
    grouped = table[list(columns)].groupby(areas.to_numpy(), sort=True)
    summed = grouped.sum(min_count=1)
    missing = table[list(columns)].isna().groupby(areas.to_numpy(), sort=True).sum()
    result = pd.concat(
        [grouped.size().rename("areas"), summed, missing.add_suffix("_missing").astype("int64")],
        axis=1,
    )
    result.index.name = "code"
    return result.reset_index().astype({"code": "string"})


def _code_column(table: pd.DataFrame) -> str:
    for level in reversed(list(Level)):
        if level.column in table.columns:
            return level.column
    if "code" in table.columns and len(table):
        level_of(str(table["code"].iloc[0]))
        return "code"
    raise ValueError("the table has no column of codes")
