"""What the layer of funds says: by village, by amphoe, in figures."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import polars as pl

from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.layers.contracts.fund_levels import FUND_LEVELS_CONTRACT as LEVELS
from phaenthi.layers.funds.levels import UNKNOWN, of_year
from phaenthi.layers.funds.types import GOOD, MIDDLE, NEEDS_WORK, fund_type, fund_types
from phaenthi.wording import Language

AMOUNTS = ("members", "capital_baht", "loans_baht", "overdue_baht")
RANKS = (NEEDS_WORK, MIDDLE, GOOD)


def latest_funds(funds: pd.DataFrame | pl.DataFrame) -> pl.DataFrame:
    """Return each fund's row of the latest year that it was assessed in.

    Parameters
    ----------
    funds
        Rows of the layer ``funds``.
    """
    rows = funds if isinstance(funds, pl.DataFrame) else pl.from_pandas(pd.DataFrame(funds))
    return rows.sort("fund_id", "year").unique("fund_id", keep="last", maintain_order=True)


def summary_by_village(funds: pd.DataFrame | pl.DataFrame) -> pl.DataFrame:
    """Count the funds of each village, each by its latest year.

    Returns
    -------
    polars.DataFrame
        village_code, funds, ``funds_<kind>`` of each kind, ``funds_level_1`` (needs work),
        ``funds_level_2``, ``funds_level_3`` (good), funds_level_unknown (of kinds with levels
        1–3), and of members (persons),
        capital_baht, loans_baht and overdue_baht the sum of the funds that state it (null where
        none does) and ``<name>_missing``, the funds that do not. A row a village that has a fund,
        sorted by code.
    """
    rows = latest_funds(funds)
    level = pl.col("governance_level")
    ranked = [one.id for one in fund_types() if one.ranked]
    counts = {
        "funds": pl.lit(value=True),
        **{f"funds_{one.id}": pl.col("fund_type") == one.id for one in fund_types()},
        **{f"funds_level_{rank}": (level == rank).fill_null(value=False) for rank in RANKS},
        "funds_level_unknown": level.is_null() & pl.col("fund_type").is_in(ranked),
    }
    sums = [pl.col(name).sum().alias(name) for name in AMOUNTS]
    missing = [
        pl.col(name).is_null().sum().cast(pl.Int64).alias(f"{name}_missing") for name in AMOUNTS
    ]
    table = (
        rows.with_columns(is_so.alias(name) for name, is_so in counts.items())
        .group_by("village_code")
        .agg(*(pl.col(name).sum().cast(pl.Int64) for name in counts), *sums, *missing)
        .sort("village_code")
    )
    return table.with_columns(
        pl.when(pl.col(f"{name}_missing") < pl.col("funds")).then(pl.col(name)).alias(name)
        for name in AMOUNTS
    )


def summary_by_amphoe(
    funds: pd.DataFrame | pl.DataFrame, language: Language = "th"
) -> pd.DataFrame:
    """Sum the funds of each amphoe, with the share of loans that is overdue.

    Returns
    -------
    pandas.DataFrame
        code, name, villages (that have a fund), the columns of :func:`summary_by_village`, and
        overdue_percent: overdue of the loans, over the funds that state both (missing where none
        does or nothing is lent). Sorted by code.
    """
    rows = latest_funds(funds)
    codes = pd.Series(rows["village_code"].to_list(), dtype="string")
    amphoe = pl.Series("village_code", parent_code(codes, Level.AMPHOE).to_list(), dtype=pl.String)
    table = summary_by_village(rows.with_columns(amphoe)).rename({"village_code": "code"})
    both = pl.col("loans_baht").is_not_null() & pl.col("overdue_baht").is_not_null()
    lent = pl.col("loans_baht").filter(both).sum()
    overdue = pl.col("overdue_baht").filter(both).sum()
    shares = (
        rows.with_columns(amphoe.alias("code"))
        .group_by("code")
        .agg(
            pl.col("village_code").n_unique().cast(pl.Int64).alias("villages"),
            pl.when(lent > 0).then(100 * overdue / lent).alias("overdue_percent"),
        )
    )
    joined = table.join(shares, on="code", how="left").sort("code").to_pandas()
    names = [name_of(code, language) for code in joined["code"]]
    first = ["code", "name", "villages"]
    whole = [name for name in table.columns if name != "code"]
    joined = joined.assign(name=pd.array(names, dtype="string"))
    joined = joined[[*first, *whole, "overdue_percent"]]
    numbers = {name: "Int64" for name in ["villages", *whole] if not name.endswith("_baht")}
    money = {name: "Float64" for name in whole if name.endswith("_baht")}
    return joined.astype({"code": "string", **numbers, **money, "overdue_percent": "Float64"})


def levels_of_funds(funds: pd.DataFrame | pl.DataFrame) -> pd.DataFrame:
    """Return the layer of funds as rows of ``fund_levels``: by amphoe, kind, level and year.

    A fund without a level or grade is counted as ``unknown``. Each fund counts in its latest
    year alone, and all are told of under the latest year of all.
    """
    rows = latest_funds(funds)
    codes = pd.Series(rows["village_code"].to_list(), dtype="string")
    level = pl.coalesce(pl.col("governance_level").cast(pl.String), "grade").fill_null(UNKNOWN)
    counted = (
        rows.with_columns(
            pl.Series("area_code", parent_code(codes, Level.AMPHOE).to_list(), dtype=pl.String),
            level.alias("level"),
            pl.col("year").max().alias("year"),
        )
        .group_by(LEVELS.key)
        .agg(pl.len().cast(pl.Int64).alias("funds"))
        .sort(LEVELS.key)
    )
    kinds = {"area_code": "string", "fund_type": "string", "level": "string"}
    return (
        counted.select(LEVELS.names)
        .to_pandas()
        .astype({**kinds, "year": "Int64", "funds": "Int64"})
    )


def choropleth(
    levels: pd.DataFrame, kind: str, year: int | None = None, language: Language = "th"
) -> pd.DataFrame:
    """Return the figures of one kind of fund for a map of amphoe.

    Parameters
    ----------
    levels
        Rows of the layer ``fund_levels``, or of :func:`levels_of_funds`.
    kind
        Id of the kind of fund.
    year
        Year of assessment; the latest one unless given.

    Returns
    -------
    pandas.DataFrame
        code, name, funds, ``level_<level>`` of each level of the kind (``level_1`` needs work …
        ``level_3`` good; ``level_A`` … as printed), level_unknown, and ``percent_<level>`` of the
        funds with a known level (missing where there is none). For kinds with levels 1–3 also
        percent_to_improve: levels 1 and 2 together, which the guideline strengthens. Sorted by
        code; a row an area that the table says something of.
    """
    here = of_year(levels, year)
    codes = sorted(here["area_code"].unique())
    here = here[here["fund_type"] == kind]
    one = fund_type(kind)
    counts = here.pivot_table(index="area_code", columns="level", values="funds", aggfunc="sum")
    counts = counts.reindex(index=codes, columns=[*one.levels, UNKNOWN])
    counts = counts.fillna(0).astype("Int64")
    known = counts[list(one.levels)].sum(axis=1).astype("Int64")
    table = pd.DataFrame(
        {
            "code": pd.array(codes, dtype="string"),
            "name": pd.array([name_of(code, language) for code in codes], dtype="string"),
            "funds": (known + counts[UNKNOWN]).to_numpy(),
            **{f"level_{level}": counts[level].to_numpy() for level in counts},
        }
    )
    base = known.mask(known == 0).astype("Float64")
    for level in one.levels:
        table[f"percent_{level}"] = (100 * counts[level] / base).astype("Float64").to_numpy()
    if one.ranked:
        weak = counts[str(NEEDS_WORK)] + counts[str(MIDDLE)]
        table["percent_to_improve"] = (100 * weak / base).astype("Float64").to_numpy()
    return table


@dataclass(frozen=True)
class KindFigures:
    """The figures of one kind of fund in an area.

    Attributes
    ----------
    funds
        How many there are.
    by_level
        Funds by level as printed; ``unknown`` for those without one.
    percent_good
        Level 3 of those with a known level; ``None`` for kinds without levels 1–3.
    """

    kind: str
    funds: int
    by_level: dict[str, int]
    percent_good: float | None


def figures(levels: pd.DataFrame, year: int | None = None) -> tuple[KindFigures, ...]:
    """Return the headline figures of each kind that is counted, in the order of the kinds."""
    here = of_year(levels, year)
    found = []
    for one in fund_types():
        counts = here[here["fund_type"] == one.id].groupby("level")["funds"].sum()
        if counts.empty:
            continue
        by_level = {level: int(counts.get(level, 0)) for level in one.levels}
        known = sum(by_level.values())
        if counts.get(UNKNOWN, 0):
            by_level[UNKNOWN] = int(counts[UNKNOWN])
        good = by_level.get(str(GOOD), 0)
        percent = 100 * good / known if one.ranked and known else None
        found.append(KindFigures(one.id, sum(by_level.values()), by_level, percent))
    return tuple(found)
