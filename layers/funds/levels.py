"""Funds by area, kind, level and year: the table that provinces print, and its layer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import pandas as pd

from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.places.gazetteer import areas, name_of
from phaenthi.layers.funds.types import fund_type, fund_types, plain_fund_name, read_level
from phaenthi.layers.tables.stacked_headers import JOINT
from phaenthi.wording import Language, say
from phaenthi.wording.digits import plain_digits

UNKNOWN = "unknown"
"""Level of funds that are counted without one."""
TOTAL = "total"


_LEVEL_END = re.compile(r"^(?:จำนวน|ระดับที่|ระดับ|เกรด|level|grade)*([123abc๑๒๓])$")
_TOTAL_END = re.compile(r"^(?:จำนวน|ทั้งหมด|รวม|กลุ่ม|กองทุน|แห่ง|หมู่บ้าน|total|number)*$")


def count_header(header: str) -> tuple[str, str] | None:
    """Return the kind of fund and the level (or ``total``) that a header counts, or None.

    ``osg_level1`` and ``กลุ่มออมทรัพย์ฯ / 1`` are savings groups of level 1.
    """
    plain = plain_fund_name(header.replace(JOINT, " "))
    for spelling, kind in _spellings_by_length():
        before, found, after = plain.partition(spelling)
        if not found or not _TOTAL_END.match(before):
            continue
        level = _LEVEL_END.match(after)
        if level:
            text = plain_digits(level.group(1)).upper()
            return (kind, text) if text in fund_type(kind).levels else None
        if _TOTAL_END.match(after):
            return kind, TOTAL
        _, word = read_level(after)
        return (kind, str(word)) if word is not None and fund_type(kind).ranked else None
    return None


def printed_table(
    levels: pd.DataFrame, year: int | None = None, language: Language = "th"
) -> pd.DataFrame:
    """Return the table as provinces print it: a row an area, a block of columns a kind of fund.

    Parameters
    ----------
    levels
        Rows of the layer ``fund_levels``.
    year
        Year of assessment; the latest one unless given.

    Returns
    -------
    pandas.DataFrame
        area_code, name; then for each kind that is counted ``<kind>_total`` and
        ``<kind>_<level>`` (``Int64``; 0 where none is counted). The last row, with an empty code,
        is the sum of all areas. Without rows where nothing is counted.
    """
    counted = of_year(levels, year)
    kinds = [one for one in fund_types() if one.id in set(counted["fund_type"])]
    codes = sorted(counted["area_code"].unique())
    table = pd.DataFrame(
        {
            "area_code": pd.array(codes, dtype="string"),
            "name": pd.array([name_of(code, language) for code in codes], dtype="string"),
        }
    )
    if not codes:
        return table
    for kind in kinds:
        here = counted[counted["fund_type"] == kind.id].pivot_table(
            index="area_code", columns="level", values="funds", aggfunc="sum"
        )
        here = here.reindex(codes)
        extra = [UNKNOWN] if UNKNOWN in here else []
        here = here.reindex(columns=[*kind.levels, *extra]).fillna(0).astype("Int64")
        table[f"{kind.id}_{TOTAL}"] = here.sum(axis=1).to_numpy()
        for level in here.columns:
            table[f"{kind.id}_{level}"] = here[level].to_numpy()
    numbers = table.columns[2:]
    table[numbers] = table[numbers].astype("Int64")
    whole = {"area_code": "", "name": say("layers.funds.all_areas", language)}
    total = pd.DataFrame([whole]).join(table[numbers].sum().to_frame().T)
    both = pd.concat([table, total], ignore_index=True)
    texts = {"area_code": "string", "name": "string"}
    return both.astype({**texts, **{str(name): "Int64" for name in numbers}})


def of_year(levels: pd.DataFrame, year: int | None = None) -> pd.DataFrame:
    """Return the rows of one year of assessment; the latest one unless given.

    A level that a kind of fund does not have counts as unknown.
    """
    if levels.empty:
        return levels
    rows = levels[levels["year"] == (levels["year"].max() if year is None else year)]
    pairs = [f"{one.id} {level}" for one in fund_types() for level in one.levels]
    known = (rows["fund_type"] + " " + rows["level"]).isin(pairs)
    return rows.assign(level=rows["level"].where(known, UNKNOWN))


@cache
def _spellings_by_length() -> tuple[tuple[str, str], ...]:
    """Return the names of all kinds as they are compared, the longest first."""
    found = {
        plain_fund_name(name): one.id
        for one in fund_types()
        for name in (one.id, one.th, one.en, *one.words)
    }
    return tuple(sorted(found.items(), key=lambda pair: -len(pair[0])))


def areas_without_count(levels: pd.DataFrame, provinces: Iterable[str]) -> pd.DataFrame:
    """Return the amphoe of some provinces that the table says nothing of: code, name_th."""
    amphoe = areas(Level.AMPHOE)
    inside = amphoe[parent_code(amphoe["code"], Level.PROVINCE).isin(list(provinces))]
    missing = inside[~inside["code"].isin(set(levels["area_code"]))]
    return missing[["code", "name_th"]].sort_values("code", ignore_index=True)
