"""Target villages of earlier years near a unit: for trainers, and for households that fill up.

Near is what the documents say it is: the same tambon, then the same amphoe. They give no distance.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd
import polars as pl

from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.targeting.judging import members
from phaenthi.targeting.judging.evidence import Evidence
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.rules.rule import TargetOf


def near_targets(
    asked: TargetOf, within: Sequence[str], evidence: Evidence, units: pd.DataFrame
) -> pd.DataFrame:
    """Return the earlier target villages near each unit, the nearest first.

    Parameters
    ----------
    asked
        The programme and years of the target villages.
    within
        Levels of the areas that a village may share with the unit, the nearest first.
    units
        unit_code, village_code and the codes of the areas around each.

    Returns
    -------
    pandas.DataFrame
        unit_code, village_code (of the target village, never the unit's own), within (level) and
        place (1 …, by level and then by code).
    """
    history = evidence.history
    named = (history["programme"] == asked.programme) & history["fiscal_year"].isin(asked.years)
    codes = history.loc[named, "village_code"].astype("string").drop_duplicates()
    found = []
    for rank, name in enumerate(within):
        level = Level(name)
        targets = pd.DataFrame({"village": codes, "area": parent_code(codes, level)})
        own = units[["unit_code", "village_code", level.column]].dropna(subset=[level.column])
        pairs = own.merge(targets, left_on=level.column, right_on="area")
        pairs = pairs[pairs["village"] != pairs["village_code"].fillna("")]
        found.append(pairs[["unit_code", "village"]].assign(within=name, rank=rank))
    columns = ["unit_code", "village", "within", "rank"]
    near = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)
    near = near.sort_values(["unit_code", "rank", "village"])
    near = near.drop_duplicates(["unit_code", "village"], ignore_index=True)
    near = near.assign(place=near.groupby("unit_code").cumcount() + 1)
    return near.rename(columns={"village": "village_code"})[
        ["unit_code", "village_code", "within", "place"]
    ]


def fill_up(
    programme: Programme,
    evidence: Evidence,
    classified: pl.LazyFrame,
    picked: pd.DataFrame,
    village_codes: Collection[str],
) -> pd.DataFrame:
    """Fill villages that have too few households from near target villages of earlier years.

    Parameters
    ----------
    classified
        What :func:`phaenthi.targeting.judging.members.classify` returned.
    picked
        What :func:`phaenthi.targeting.judging.members.pick` returned for the chosen villages.
    village_codes
        The chosen villages; households that live in one of them fill up no other.

    Returns
    -------
    pandas.DataFrame
        village_code (that is filled up), place, household_id, tier and from_village: the
        households added, the nearest village first, then by tier, income and code. No household
        is taken twice. Empty where the programme does not allow it.
    """
    rule = programme.members()
    columns = ["village_code", "place", "household_id", "tier", "from_village"]
    if rule is None or rule.fill_up is None:
        return pd.DataFrame(columns=columns)
    counts = picked["village_code"].value_counts().to_dict()
    short = {c: rule.per_unit - counts.get(c, 0) for c in sorted(village_codes)}
    villages = evidence.villages.assign(unit_code=evidence.villages["village_code"])
    wanted = villages[villages["village_code"].isin([c for c, n in short.items() if n > 0])]
    near = near_targets(rule.fill_up.target_of, rule.fill_up.within, evidence, wanted)
    near = near[~near["village_code"].isin(list(village_codes))]
    usable = pl.col("helped_before").not_().fill_null(value=False) & (pl.col("tier_proven") > 0)
    people = (
        classified.filter(pl.col("village_code").is_in(sorted(set(near["village_code"]))), usable)
        .collect(engine="streaming")
        .to_pandas()
        .sort_values(["tier_proven", "income_per_person", "household_id"])
    )
    taken: set[str] = set()
    rows: list[tuple[str, int, str, int, str]] = []
    for code, missing in short.items():
        place = rule.per_unit - missing
        for village in near.loc[near["unit_code"] == code, "village_code"]:
            free = people[(people["village_code"] == village) & ~people["household_id"].isin(taken)]
            for one in free.head(rule.per_unit - place).itertuples():
                place += 1
                taken.add(str(one.household_id))
                rows.append(
                    (code, place, str(one.household_id), int(str(one.tier_proven)), village)
                )
    return pd.DataFrame(rows, columns=columns)


def pick_with_fill_up(
    programme: Programme, evidence: Evidence, village_codes: Sequence[str]
) -> pd.DataFrame:
    """Choose the households of the chosen villages, filled up from near ones where allowed.

    Returns
    -------
    pandas.DataFrame
        As :func:`phaenthi.targeting.judging.members.pick`; with ``from_village``, missing for a
        village's own households, where any village was filled up.
    """
    classified = members.classify(programme, evidence)
    picked = members.pick(programme, classified, village_codes)
    added = fill_up(programme, evidence, classified, picked, village_codes)
    if added.empty:
        return picked
    own = picked.assign(from_village=pd.array([pd.NA] * len(picked), dtype="string"))
    both = pd.concat([own, added.astype(own.dtypes.to_dict())], ignore_index=True)
    return both.sort_values(["village_code", "place"], ignore_index=True)
