"""Registers and surveys by village and year: the poor, the people of poor homes, who was helped."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import polars as pl

from phaenthi.layers.contracts.poverty import DIMENSIONS
from phaenthi.layers.workspace.folder import Workspace

POOR = ("poor_households", "target_poor_households", "poor_persons", "persons_unknown")
_KEY = ("village_code", "year")


def poor_by_year(workspace: Workspace) -> pd.DataFrame:
    """Count the poor of each village in every year of the poverty register.

    Returns
    -------
    pandas.DataFrame
        village_code, year (Buddhist era); poor_households and target_poor_households as
        ``phaenthi.layers.villages.rollup.poor_by_village`` counts them; poor_persons, the members
        of the poor households by the survey of the same year (missing where it knows none of them),
        and persons_unknown, the poor households whose members it does not tell. Sorted by village
        and year; empty without a register.
    """
    if not workspace.has("poverty"):
        return _empty(POOR)
    poor = pl.any_horizontal(*DIMENSIONS)
    rows = workspace.scan("poverty").select(
        "household_id",
        "village_code",
        pl.col("register_year").alias("year"),
        poor.fill_null(value=False).alias("poor"),
        (poor & pl.col("registered_for_welfare")).fill_null(value=False).alias("target"),
    )
    members = pl.lit(None, dtype=pl.Int64).alias("members")
    if workspace.has("households"):
        survey = workspace.scan("households").select(
            "household_id", pl.col("survey_year").alias("year"), "members"
        )
        rows = rows.join(survey, on=["household_id", "year"], how="left")
    else:
        rows = rows.with_columns(members)
    of_poor = pl.col("members").filter(pl.col("poor"))
    counted = rows.group_by(_KEY).agg(
        pl.col("poor").sum().cast(pl.Int64).alias("poor_households"),
        pl.col("target").sum().cast(pl.Int64).alias("target_poor_households"),
        pl.when(of_poor.count() > 0).then(of_poor.sum()).alias("poor_persons"),
        of_poor.null_count().cast(pl.Int64).alias("persons_unknown"),
    )
    return _collected(counted, POOR)


def surveyed_by_year(workspace: Workspace) -> pd.DataFrame:
    """Return village_code, year and households of each survey; empty without one."""
    if not workspace.has("households"):
        return _empty(("households",))
    counted = (
        workspace.scan("households")
        .group_by("village_code", pl.col("survey_year").alias("year"))
        .agg(pl.len().cast(pl.Int64).alias("households"))
    )
    return _collected(counted, ("households",))


def helped_by_year(workspace: Workspace) -> pd.DataFrame:
    """Return village_code, year and programme: which village was a target of what, when."""
    if not workspace.has("history"):
        return _empty(()).assign(programme=pd.Series(dtype="string"))
    rows = workspace.scan("history").select(
        "village_code", pl.col("fiscal_year").alias("year"), "programme"
    )
    table = rows.unique().sort(*_KEY, "programme").collect().to_pandas()
    return table.astype({"village_code": "string", "year": "Int64", "programme": "string"})


def _collected(counted: pl.LazyFrame, columns: Sequence[str]) -> pd.DataFrame:
    table = counted.sort(_KEY).collect(engine="streaming").select(*_KEY, *columns).to_pandas()
    return table.astype(
        {"village_code": "string", "year": "Int64", **dict.fromkeys(columns, "Int64")}
    )


def _empty(columns: Sequence[str]) -> pd.DataFrame:
    numbers = {name: pd.Series(dtype="Int64") for name in ("year", *columns)}
    return pd.DataFrame({"village_code": pd.Series(dtype="string"), **numbers})
