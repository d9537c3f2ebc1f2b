"""Community funds made up on the villages of the demo; those of Loei add up to the real table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from phaenthi.apps.demo.by_province import by_province, made_up
from phaenthi.data import shipped
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.layers.funds.level_file import read as read_levels
from phaenthi.layers.funds.remedies import BETWEEN, principles
from phaenthi.layers.funds.types import fund_type, fund_types
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import say

YEAR = 2567
OFFICIAL = shipped("phaenthi.data", "allotments", "loei_fund_levels_2567_by_amphoe.csv")
"""The real table of Loei: funds by amphoe, kind and level."""
OFFICIAL_PROVINCE = "42"
# Share of the villages that have a fund of each kind, where no table says how many there are.
SHARES = {
    "savings": 0.42,
    "poverty_fund": 0.4,
    "mother_of_land": 0.35,
    "women": 0.12,
    "village_fund": 0.96,
}
LEVEL_SHARES = {"1": 0.18, "2": 0.27, "3": 0.55, "A": 0.18, "B": 0.79, "C": 0.03}
# Middle of the capital in baht, where a kind has none that is fixed.
MIDDLE_CAPITAL = {
    "savings": 1_300_000.0,
    "mother_of_land": 45_000.0,
    "women": 180_000.0,
    "village_fund": 2_100_000.0,
}
OVERDUE_BY_LEVEL = {"1": 0.22, "2": 0.1, "3": 0.03}
SHARE_UNKNOWN = 0.03
_STREAM = 21


def put_funds(workspace: Workspace, seed: int) -> None:
    """Put made-up funds for the villages of a workspace, and the real table where there is one.

    A province's rows do not depend on which others there are. The table of Loei is imported from
    its file as an office would do it, and is not made up.
    """
    made = {
        province: make_funds(here, province, rng)
        for province, here, rng in by_province(workspace, seed, _STREAM)
    }
    if OFFICIAL_PROVINCE in made:
        import_file(
            workspace,
            "fund_levels",
            OFFICIAL,
            constants={"year": str(YEAR)},
            credit=say("demo.fund_levels_credit"),
        )
    if made:
        workspace.put("funds", pl.concat(made.values()), made_up(seed))


def make_funds(villages: pd.DataFrame, province: str, rng: np.random.Generator) -> pl.DataFrame:
    """Make up the funds of a province's villages.

    Parameters
    ----------
    villages
        village_code, name_th.
    province
        Province code; in Loei the funds of each amphoe, kind and level are as many as the real
        table says.
    rng
        Source of chance.

    Returns
    -------
    polars.DataFrame
        Rows of the layer ``funds``.
    """
    codes = villages["village_code"].astype("string").reset_index(drop=True)
    amphoe = parent_code(codes, Level.AMPHOE)
    official = official_counts() if province == OFFICIAL_PROVINCE else {}
    parts = []
    for kind in (one.id for one in fund_types()):
        for code in sorted(amphoe.unique()):
            places = np.flatnonzero((amphoe == code).to_numpy())
            levels = _levels(kind, str(code), len(places), official, rng)
            parts.append(
                pd.DataFrame(
                    {
                        "place": _spread(places, len(levels), rng),
                        "fund_type": kind,
                        "level": levels,
                    }
                )
            )
    funds = pd.concat(parts, ignore_index=True)
    funds["village_code"] = codes.to_numpy()[funds["place"].to_numpy(dtype=int)]
    names = villages["name_th"].to_numpy()[funds["place"].to_numpy(dtype=int)]
    return _with_figures(funds.assign(village=names), rng)


def official_counts() -> Mapping[tuple[str, str, str], int]:
    """Return the real numbers of Loei by amphoe, kind and level."""
    table = cast(pl.DataFrame, read_levels(OFFICIAL, constants={"year": str(YEAR)}).table)
    rows = table.select("area_code", "fund_type", "level", "funds").iter_rows()
    return {(area, kind, level): funds for area, kind, level, funds in rows}


def _levels(
    kind: str,
    amphoe: str,
    villages: int,
    official: Mapping[tuple[str, str, str], int],
    rng: np.random.Generator,
) -> NDArray[np.object_]:
    """Return the level of each fund of a kind in an amphoe: as many as the table says, or so."""
    levels = list(fund_type(kind).levels)
    if any(one == kind for _, one, _ in official):
        counts = [official.get((amphoe, kind, level), 0) for level in levels]
        drawn = np.repeat(np.array(levels, dtype=object), counts)
        rng.shuffle(drawn)
        return drawn
    count = int(rng.binomial(villages, SHARES[kind]))
    if not levels:
        return np.full(count, None, dtype=object)
    shares = np.array([LEVEL_SHARES[level] for level in levels])
    return rng.choice(np.array(levels, dtype=object), count, p=shares / shares.sum())


def _spread(places: NDArray[np.intp], count: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return a village for each fund: no village has two before each has one."""
    rounds = [rng.permutation(places) for _ in range(-(-count // max(1, len(places))))]
    drawn: NDArray[np.intp] = np.concatenate(rounds)[:count] if rounds else places[:0]
    return drawn


def _with_figures(funds: pd.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Add members, money, what failed, ids and names."""
    count = len(funds)
    level = funds["level"].astype("string")
    middle = funds["fund_type"].map(MIDDLE_CAPITAL).astype(float).to_numpy()
    capital = np.round(middle * np.exp(rng.normal(0, 0.7, count)), -2)
    given = funds["fund_type"].map({one.id: one.capital_baht for one in fund_types()})
    fixed = given.notna().to_numpy()
    growth = np.round(given.fillna(0).astype(float).to_numpy() * rng.normal(1.02, 0.03, count), -2)
    capital = np.where(fixed, growth, capital)
    loans = np.round(capital * rng.beta(6, 2.5, count), -2)
    share = level.map(OVERDUE_BY_LEVEL).fillna(0.06).astype(float).to_numpy()
    overdue = np.minimum(loans, np.round(loans * share * rng.gamma(1.2, 0.8, count), -2))
    # กองทุนแม่ของแผ่นดิน gives help and lends nothing.
    lends = (funds["fund_type"] != "mother_of_land").to_numpy()
    numbered = level.isin(["1", "2", "3"]).to_numpy(dtype=bool)
    failed = _failed(level, rng)
    mandatory = (level == "1").to_numpy(dtype=bool, na_value=False) & (rng.random(count) < 0.7)
    order = funds.groupby(["village_code", "fund_type"]).cumcount() + 1
    ids = funds["village_code"].astype(str) + "-" + funds["fund_type"] + "-" + order.astype(str)
    names = {one.id: one.th for one in fund_types()}
    table = pl.DataFrame(
        {
            "fund_id": ids.to_list(),
            "village_code": funds["village_code"].astype(str).to_list(),
            "fund_type": funds["fund_type"].to_list(),
            "year": np.full(count, YEAR),
            "fund_th": [
                say("demo.fund_name", kind=names[kind], village=village)
                for kind, village in zip(funds["fund_type"], funds["village"], strict=True)
            ],
            "governance_level": [
                int(one) if known else None for one, known in zip(level, numbered, strict=True)
            ],
            "grade": [one if one in ("A", "B", "C") else None for one in level.fillna("")],
            "failed_mandatory": [
                bool(one) if known else None for one, known in zip(mandatory, numbered, strict=True)
            ],
            "failed_principles": failed,
            "members": np.clip(rng.poisson(70, count), 12, None),
            "capital_baht": capital,
            "loans_baht": np.where(lends, loans, np.nan),
            "overdue_baht": np.where(lends, overdue, np.nan),
        },
        schema_overrides={
            "governance_level": pl.Int64,
            "grade": pl.String,
            "failed_mandatory": pl.Boolean,
            "failed_principles": pl.String,
        },
        strict=False,
    )
    unsaid = {
        name: pl.Series(rng.random(count) < SHARE_UNKNOWN)
        for name in ("members", "capital_baht", "overdue_baht")
    }
    return table.with_columns(
        pl.when(~gone).then(pl.col(name)).alias(name) for name, gone in unsaid.items()
    ).with_columns(pl.col("loans_baht", "overdue_baht").fill_nan(None))


def _failed(level: pd.Series, rng: np.random.Generator) -> list[str | None]:
    """Return the principles that each fund failed: some of level 1 and 2, none of level 3."""
    names = [one.id for one in principles()]
    chance = level.map({"1": 0.45, "2": 0.18}).fillna(0.0).astype(float).to_numpy()
    drawn = rng.random((len(level), len(names))) < chance[:, None]
    weakest = rng.integers(len(names), size=len(level))
    first = (level == "1").to_numpy(dtype=bool, na_value=False)
    drawn[np.flatnonzero(first), weakest[first]] = True
    said = {
        row: BETWEEN.join(name for name, failed in zip(names, row, strict=True) if failed) or None
        for row in {tuple(one) for one in drawn.tolist()}
    }
    return [said[tuple(row)] for row in drawn.tolist()]
