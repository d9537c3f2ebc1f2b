"""Who has no fund, and how many of the poor live where there is one."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import polars as pl

from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.layers.funds.summary import latest_funds
from phaenthi.layers.funds.types import fund_types
from phaenthi.layers.people.disclosure import hide_small_counts
from phaenthi.wording import Language

ANY = "any"
"""In place of a kind of fund: any of them."""


def villages_without(
    funds: pd.DataFrame | pl.DataFrame, villages: pd.DataFrame, kinds: Sequence[str] = ()
) -> pd.DataFrame:
    """Return the villages that have no fund of a kind (กองทุนที่ยังไม่มี).

    Parameters
    ----------
    funds
        Rows of the layer ``funds``.
    villages
        village_code and name_th of the village list.
    kinds
        Kinds to look for; all that are known unless given.

    Returns
    -------
    pandas.DataFrame
        village_code, name_th, fund_type, without: yes, or missing where the register holds no
        fund of this kind in the whole province, so that nobody can say. A row a village and kind
        that it is not known to have; sorted by village and kind.
    """
    rows = latest_funds(funds).select("village_code", "fund_type").to_pandas().astype("string")
    wanted = list(kinds) or [one.id for one in fund_types()]
    codes = villages["village_code"].astype("string")
    listed = pd.DataFrame({"village_code": codes, "name_th": villages["name_th"].astype("string")})
    pairs = listed.merge(pd.DataFrame({"fund_type": pd.array(wanted, dtype="string")}), how="cross")
    has = rows.drop_duplicates().assign(has=True)
    pairs = pairs.merge(has, how="left", on=["village_code", "fund_type"])
    pairs = pairs[pairs["has"].isna()].drop(columns="has")
    held = set(
        zip(parent_code(rows["village_code"], Level.PROVINCE), rows["fund_type"], strict=True)
    )
    province = parent_code(pairs["village_code"], Level.PROVINCE)
    told = [pair in held or None for pair in zip(province, pairs["fund_type"], strict=True)]
    pairs = pairs.assign(without=pd.array(told, dtype="boolean"))
    return pairs.sort_values(["village_code", "fund_type"], ignore_index=True)


def coverage_of_poor(
    funds: pd.DataFrame | pl.DataFrame,
    villages: pd.DataFrame,
    kind: str = ANY,
    *,
    column: str = "poor_households",
    smallest_shown: int = 5,
    language: Language = "th",
) -> pd.DataFrame:
    """Count the poor households of villages with and without a fund, by amphoe.

    Parameters
    ----------
    funds
        Rows of the layer ``funds``.
    villages
        village_code and ``column``: the village table of
        ``phaenthi.layers.villages.table.build``.
    kind
        Kind of fund, or ``any``.
    column
        Counts of households, such as poor_households or target_poor_households; a village
        without a count is left out and told of in ``villages_unknown``.
    smallest_shown
        Counts from 1 to one less are hidden, with others beside them so that nothing can be
        subtracted back (``phaenthi.layers.people.disclosure``).

    Returns
    -------
    pandas.DataFrame
        code (amphoe; the last row, with an empty code, is the whole), name, villages_with,
        villages_without, villages_unknown, poor, poor_with, poor_without (``Int64``, missing where
        hidden), hidden (whether one of them is), percent_covered (missing where any is hidden
        or nobody is poor).
    """
    rows = latest_funds(funds)
    of_kind = rows if kind == ANY else rows.filter(pl.col("fund_type") == kind)
    has = villages["village_code"].astype("string").isin(of_kind["village_code"].unique().to_list())
    poor = villages[column].astype("Int64")
    amphoe = parent_code(villages["village_code"].astype("string"), Level.AMPHOE)
    table = pd.DataFrame({"code": amphoe, "has": has.to_numpy(), "poor": poor.to_numpy()})
    table = table[table["code"].notna()]
    known = table[table["poor"].notna()]
    counted = pd.DataFrame(
        {
            "villages_with": table.groupby("code")["has"].sum().astype("Int64"),
            "villages_without": (~table["has"]).groupby(table["code"]).sum().astype("Int64"),
            "villages_unknown": table["poor"].isna().groupby(table["code"]).sum().astype("Int64"),
            "poor": known.groupby("code")["poor"].sum().astype("Int64"),
            "poor_with": known[known["has"]].groupby("code")["poor"].sum().astype("Int64"),
            "poor_without": known[~known["has"]].groupby("code")["poor"].sum().astype("Int64"),
        }
    ).sort_index()
    # An amphoe where no village's count is known stays unknown; a part without villages is 0.
    somewhere = counted["poor"].notna()
    for name in ("poor_with", "poor_without"):
        counted[name] = counted[name].mask(counted[name].isna() & somewhere, 0)
    whole = counted.sum(min_count=1)
    counted.loc[""] = whole
    shown = _hidden_where_small(counted, smallest_shown)
    names = ["" if code == "" else name_of(code, language) for code in shown["code"]]
    shown.insert(1, "name", pd.Series(names, dtype="string"))
    percent = 100 * shown["poor_with"].astype("Float64") / shown["poor"].mask(shown["poor"] == 0)
    return shown.assign(percent_covered=percent.astype("Float64"))


def _hidden_where_small(counted: pd.DataFrame, smallest_shown: int) -> pd.DataFrame:
    """Hide small counts among the amphoe, their two parts and the whole, all in one tree."""
    parts = {"poor": "", "poor_with": "01", "poor_without": "02"}
    # Under an amphoe its two parts stand where its tambons would; the whole has its parts alone.
    amphoe = counted[counted.index != ""]
    pieces = [
        pd.DataFrame({"code": amphoe.index + end, "count": amphoe[name].to_numpy()})
        for name, end in parts.items()
    ]
    pieces.append(pd.DataFrame({"code": [""], "count": [counted["poor"].get("")]}))
    both = pd.concat([*pieces], ignore_index=True)
    both["count"] = both["count"].astype("Int64")
    told = hide_small_counts(both, smallest_shown).set_index("code")
    result = counted.astype("Int64").copy()
    hidden = pd.Series(data=False, index=counted.index)
    for name, end in parts.items():
        here = told.reindex(amphoe.index + end)
        result.loc[amphoe.index, name] = here["count"].to_numpy()
        hidden[amphoe.index] |= here["hidden"].to_numpy(dtype=bool)
    # The sums of the parts over all amphoe would give back a part that is hidden in one alone.
    result.loc["", "poor"] = told["count"].get("")
    some_hidden = bool(hidden[amphoe.index].any())
    if some_hidden:
        result.loc["", ["poor_with", "poor_without"]] = pd.NA
    hidden[""] = some_hidden or bool(told["hidden"].get("", False))
    result = result.assign(hidden=hidden.astype(bool)).rename_axis("code").reset_index()
    return result.astype({"code": "string"})
