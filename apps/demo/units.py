"""Funds, groups, plots, communities … made up on the villages of a workspace (ข้อมูลจำลอง)."""

from __future__ import annotations

import zlib

import numpy as np
import pandas as pd

from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.places.gazetteer import areas
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.rules.of_areas import AllotmentRule
from phaenthi.targeting.rules.rule import FlagRule, RequiresRule, UnitColumn
from phaenthi.wording import say

# Units a village, so that every amphoe has some to choose from.
PER_VILLAGE = {"fund": 0.5, "group": 0.3, "community": 0.08, "product": 0.8, "plot": 0.15}
OTHERS_PER_VILLAGE = 0.05
SHARE_MISSING = 0.02
SHARE_MISPLACED = 0.04
# How often a flag is up, for one that helps a unit and for one that stands in its way.
SHARE_YES, SHARE_YES_IN_THE_WAY = 0.85, 0.08
# The middle of made-up numbers, by the unit that a pack states; counts have a middle of their own
# and lie far apart, because packs ask for five products as well as for seventy sellers.
MIDDLES = {"percent": 30.0, "metres": 6.0, "rai": 6.0, "baht": 30_000.0, "minutes": 30.0}
MIDDLE_COUNT, SPREAD_OF_COUNTS = 20.0, 1.0


def make_units(programme: Programme, villages: pd.DataFrame, year: int) -> pd.DataFrame:
    """Make up a table of units by the columns of a pack.

    Parameters
    ----------
    villages
        village_code, name_th.
    year
        Fiscal year (พ.ศ.) around which made-up years lie.

    Returns
    -------
    pandas.DataFrame
        unit_code, name_th, village_code and the pack's columns as text; the same villages and
        pack give the same table.
    """
    rng = np.random.default_rng(zlib.crc32(programme.id.encode("utf-8")))
    chosen = villages.sort_values("village_code", ignore_index=True)
    if programme.unit == "tambon":
        codes = parent_code(chosen["village_code"].astype("string"), Level.TAMBON)
        table = pd.DataFrame({"unit_code": codes.drop_duplicates().to_numpy()})
    elif programme.unit == "village":
        table = pd.DataFrame({"unit_code": chosen["village_code"].to_numpy()})
    else:
        share = PER_VILLAGE.get(programme.unit, OTHERS_PER_VILLAGE)
        chosen = chosen[rng.random(len(chosen)) < share].reset_index(drop=True)
        numbers = [f"{programme.unit[:1].upper()}{n:05d}" for n in range(1, len(chosen) + 1)]
        noun = say(f"limits.unit.{programme.unit}", "th")
        table = pd.DataFrame(
            {
                "unit_code": numbers,
                "name_th": [
                    say("app.planner.made_up_unit", "th", unit=noun, village=name)
                    for name in chosen["name_th"]
                ],
                "village_code": chosen["village_code"],
            }
        )
    in_the_way = _flags_in_the_way(programme)
    for name, column in programme.pack.columns.items():
        often = SHARE_YES_IN_THE_WAY if name in in_the_way else SHARE_YES
        values = _flags(len(table), often, rng)
        if column.kind != "flag":
            values = _values(name, column, table, year, rng)
        missing = rng.random(len(table)) < SHARE_MISSING
        table[name] = [None if no else value for no, value in zip(missing, values, strict=True)]
    return table


def _flags_in_the_way(programme: Programme) -> set[str]:
    """Return the columns whose yes raises a flag or keeps a unit out."""
    found: set[str] = set()
    for rule in programme.rules:
        if isinstance(rule, FlagRule):
            found |= {one.column for one in rule.any if one.column and one.is_}
        if isinstance(rule, RequiresRule):
            found |= {one.column for one in rule.all if one.column and one.is_ is False}
    return found


def _flags(size: int, often: float, rng: np.random.Generator) -> list[str]:
    return [str(value) for value in np.where(rng.random(size) < often, "1", "0")]


def _values(
    name: str, column: UnitColumn, table: pd.DataFrame, year: int, rng: np.random.Generator
) -> list[str]:
    size = len(table)
    if column.choices:
        return [str(value) for value in rng.choice(list(column.choices), size)]
    if column.kind == "year":
        return [str(year - back) for back in rng.integers(0, 9, size)]
    if column.kind == "amount":
        middle = MIDDLES.get(column.unit, 50.0)
        return [f"{value:.1f}" for value in rng.gamma(6.0, middle / 6.0, size)]
    if column.kind == "code":
        return _codes(name, table, rng)
    if column.kind == "text":
        numbers = rng.integers(1, 9, size)
        return [say("app.planner.made_up_text", "th", number=number) for number in numbers]
    counts = rng.lognormal(np.log(MIDDLE_COUNT), SPREAD_OF_COUNTS, size)
    return [str(round(count)) for count in counts]


def _codes(name: str, table: pd.DataFrame, rng: np.random.Generator) -> list[str]:
    """Return the codes of the units' own places, a few of them of another unit's."""
    own = table["village_code" if "village_code" in table else "unit_code"].astype("string")
    elsewhere = rng.random(len(own)) < SHARE_MISPLACED
    others = own.sample(frac=1.0, random_state=1).reset_index(drop=True)
    codes = own.reset_index(drop=True).mask(elsewhere, others)
    if name.endswith(Level.TAMBON.column):
        codes = parent_code(codes, Level.TAMBON)
    return [str(code) for code in codes]


def make_allotment(rule: AllotmentRule, programme: Programme) -> pd.DataFrame:
    """Make up the Department's numbers for every area of a scope, with the printed total.

    An area's number is as large as its share of the tambons.

    Returns
    -------
    pandas.DataFrame
        The columns that the rule reads: area code and number.
    """
    wanted = rule.input
    if wanted is None:
        raise ValueError(f"rule {rule.id} takes its numbers from no table")
    every = areas(Level(rule.level))["code"].astype("string")
    provinces = parent_code(every, Level.PROVINCE) if rule.level != "province" else every
    here = every[provinces.isin(programme.provinces())].reset_index(drop=True)
    total = 5 * len(here) if wanted.total is None else wanted.total
    above = areas(Level.TAMBON)["code"].str[: Level(rule.level).digits]
    tambons = above.value_counts().reindex(here).fillna(0).to_numpy()
    exact = total * tambons / tambons.sum()
    numbers = np.floor(exact).astype(int)
    # What rounding down leaves goes where it took the most.
    numbers[np.argsort(numbers - exact, kind="stable")[: total - numbers.sum()]] += 1
    return pd.DataFrame({wanted.area_column: here, wanted.column: numbers})
