"""Counts of every area of each level and year, with the small ones hidden."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from phaenthi.geo.places.codes import Level, is_municipal, parent_code
from phaenthi.layers.people.disclosure import hide_small_counts

LEVELS = (Level.PROVINCE, Level.AMPHOE, Level.TAMBON, Level.VILLAGE)
# The level of the one row of everything; its code is empty.
COUNTRY = "country"
# Which figures may give a household away, and so are hidden when small.
PERSONAL = ("poor_households", "target_poor_households", "poor_persons")
# Years before these are counted nowhere on the page.
MOST_YEARS = 6


@dataclass(frozen=True)
class Counts:
    """What is known of every area now, and of every area and year.

    Attributes
    ----------
    now
        level (``COUNTRY`` for the row of everything, whose code is empty), code, villages,
        households, prior_villages, the columns of ``PERSONAL`` (missing where hidden), hidden,
        persons_hidden (for poor_persons), income_unknown, poor_share (per cent; missing where its
        count is).
    by_year
        level, code, year; ``poor_households``, ``target_poor_households`` and ``poor_persons``
        of the poverty register of that year (missing where hidden or not known), ``households``
        of the survey of that year, ``poor_share`` of them (per cent), ``prior_villages`` that a
        programme helped in that year; hidden, persons_hidden.
    """

    now: pd.DataFrame
    by_year: pd.DataFrame


def hidden_in(counts: pd.DataFrame, name: str) -> pd.Series:
    """Tell in which areas a figure is known and must not be shown.

    Parameters
    ----------
    counts
        Either table of :class:`Counts`.
    name
        One of its figures; those that count no people are hidden nowhere.
    """
    if name == "poor_persons":
        return counts["persons_hidden"].astype(bool)
    if name == "poor_share":
        return counts["hidden"].astype(bool) & counts["households"].notna()
    if name in PERSONAL:
        return counts["hidden"].astype(bool)
    return pd.Series(data=False, index=counts.index)


@dataclass(frozen=True)
class Yearly:
    """Counts by village and year, as ``phaenthi.layers.villages.by_year`` gives them."""

    poor: pd.DataFrame
    surveyed: pd.DataFrame
    helped: pd.DataFrame


def count_everything(table: pd.DataFrame, towns: pd.DataFrame, yearly: Yearly) -> Counts:
    """Count by area, and by area and year, and hide in both what either would give away.

    Parameters
    ----------
    table
        The village table.
    towns
        Municipal areas that surveys know and no village list does; they count in their amphoe.
    yearly
        What is known of each year.
    """
    rows = _with_towns(table.assign(villages=1), towns)
    poor = _listed(yearly.poor, table)
    latest = poor.drop_duplicates("village_code", keep="last")
    rows = rows.assign(
        income_unknown=rows["households"] - rows["households_income_known"],
        prior_villages=rows["prior_targets"].fillna("").ne("").astype(int),
    )
    names = ["villages", "households", "income_unknown", *PERSONAL[:2], "prior_villages"]
    now = _summed(rows, names)
    persons = _by_level(latest, table, ["poor_persons"])
    now = now.merge(persons, on=["level", "code"], how="left")
    by_year = _years(poor, yearly, table)
    hidden, hidden_persons = _to_hide(now, poor, table)
    return Counts(_masked(now, hidden, hidden_persons), _masked(by_year, hidden, hidden_persons))


# -- adding up -------------------------------------------------------------------------------------


def _with_towns(table: pd.DataFrame, towns: pd.DataFrame) -> pd.DataFrame:
    if towns.empty:
        return table
    return pd.concat([table, towns.assign(villages=0)], ignore_index=True)


def _summed(rows: pd.DataFrame, names: list[str], *also: str) -> pd.DataFrame:
    """Add up columns by the areas of every level; rows without a village count above it."""
    levels = []
    for level in LEVELS:
        keys = [rows[level.column].rename("code"), *(rows[name] for name in also)]
        summed = rows[names].groupby(keys).sum(min_count=1).reset_index()
        levels.append(summed.assign(level=level.value))
    whole = pd.Series("", index=rows.index, name="code")
    keys = [whole, *(rows[name] for name in also)]
    summed = rows[names].groupby(keys).sum(min_count=1).reset_index()
    return pd.concat([summed.assign(level=COUNTRY), *levels], ignore_index=True)


def _listed(rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of listed villages and municipal areas."""
    codes = rows["village_code"]
    known = codes.isin(set(table["village_code"])) | is_municipal(codes)
    return rows[known.to_numpy()].reset_index(drop=True)


def _of_last_years(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the years that the page shows.

    What is hidden is settled before, over all years: a village that the register told of long ago
    is still counted in what there is now.
    """
    return rows[rows["year"].isin(sorted(rows["year"].unique())[-MOST_YEARS:])]


def _by_level(
    rows: pd.DataFrame, table: pd.DataFrame, names: list[str], *also: str
) -> pd.DataFrame:
    """Add up rows of villages; a municipal area that no list holds counts above the village."""
    codes = rows["village_code"].astype("string")
    above = {
        level.column: parent_code(codes, level)
        for level in (Level.TAMBON, Level.AMPHOE, Level.PROVINCE)
    }
    village = codes.where(codes.isin(set(table["village_code"])))
    return _summed(rows.assign(**above, village_code=village), names, *also)


def _years(poor: pd.DataFrame, yearly: Yearly, table: pd.DataFrame) -> pd.DataFrame:
    """Return a row an area and year in which a register, survey or programme says something."""
    columns = ["poor_households", "target_poor_households", "poor_persons", "persons_unknown"]
    found = _by_level(_of_last_years(poor), table, columns, "year")
    surveyed = _by_level(
        _of_last_years(_listed(yearly.surveyed, table)), table, ["households"], "year"
    )
    helped = _of_last_years(_listed(yearly.helped, table))
    helped = helped.drop_duplicates(["village_code", "year"])
    targets = _by_level(helped.assign(prior_villages=1), table, ["prior_villages"], "year")
    keys = ["level", "code", "year"]
    joined = found.merge(surveyed, on=keys, how="outer").merge(targets, on=keys, how="outer")
    return joined.sort_values(["year", "code"], ignore_index=True)


# -- hiding ----------------------------------------------------------------------------------------


def _masked(counts: pd.DataFrame, hidden: set[str], hidden_persons: set[str]) -> pd.DataFrame:
    known = counts["poor_households"].notna()
    concealed = counts["code"].isin(hidden) & known
    without_persons = counts["code"].isin(hidden | hidden_persons) & counts["poor_persons"].notna()
    personal = {
        name: counts[name]
        .astype("Int64")
        .mask(without_persons if name == "poor_persons" else concealed)
        for name in PERSONAL
    }
    shown = counts.assign(**personal)
    share = 100 * shown["poor_households"].astype("Float64") / shown["households"]
    return shown.assign(
        hidden=concealed,
        persons_hidden=without_persons,
        poor_share=share.where((shown["households"] > 0).fillna(value=False)),
    )


def _to_hide(
    now: pd.DataFrame, poor: pd.DataFrame, table: pd.DataFrame
) -> tuple[set[str], set[str]]:
    """Return the areas whose counts of households, and of persons, must not be shown.

    What a village counts now is what it counted in its latest year. Every figure that is shown,
    of now or of a year, is therefore a sum of counts of two kinds for each year: of the villages
    whose latest year it is, and of the others. Each of these is protected by itself, and all are
    hidden in the same areas; then no sums of them tell more than they do. Persons are no part of
    those sums: where they are few they are hidden alone.
    """
    latest = poor.drop_duplicates("village_code", keep="last")
    one_latest = len(set(latest["year"])) <= 1
    # Where every village has the same latest year, its counts are those of now.
    tables = [now] if one_latest else []
    for year in sorted(set(poor["year"])):
        of_year = poor[poor["year"] == year]
        last = of_year["village_code"].isin(latest.loc[latest["year"] == year, "village_code"])
        kinds = [of_year[~last]] if one_latest else [of_year[~last], of_year[last]]
        tables += [_by_level(kind, table, list(PERSONAL)) for kind in kinds if len(kind)]
    hidden = set[str]().union(*(codes_to_hide(counts) for counts in tables))
    persons = _small((counts["code"], counts["poor_persons"]) for counts in tables)
    return hidden, persons


def codes_to_hide(counts: pd.DataFrame) -> set[str]:
    """Return the areas whose personal counts must not be shown.

    The target poor are a part of the poor, so their difference is a count too. Where any of the
    three would be hidden by itself all are: each then has at least the protection that it would
    have alone, because the other two, hidden in the same areas, add nothing to what is known.
    """
    poor, target = counts["poor_households"], counts["target_poor_households"]
    return _small((counts["code"], count) for count in (poor, target, poor - target))


def _small(tables: Iterable[tuple[pd.Series, pd.Series]]) -> set[str]:
    """Return the areas that any of the counts must be hidden in."""
    hidden: set[str] = set()
    for codes, count in tables:
        answer = hide_small_counts(pd.DataFrame({"code": codes, "count": count}))
        hidden.update(answer.loc[answer["hidden"], "code"])
    return hidden
