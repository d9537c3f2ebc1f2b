"""The households inside a village: in which tier, whether they may count, and who is chosen.

A condition on a household is true, false or unknown; polars' nullable Booleans follow Kleene's
logic, so a missing income or flag leaves a tier open instead of being guessed. Two numbers hold
what is known: the tier that is **proven** (the first that certainly holds) and the best tier that
is still **possible**.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import polars as pl

from phaenthi.targeting.judging.evidence import Evidence
from phaenthi.targeting.judging.overlap import find_overlaps, helped_households, in_doubt
from phaenthi.targeting.judging.people import all_hold, join_sources, villages_covered
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.rules.rule import MembersRule, Tier

COUNTS = ("target_households", "target_households_possible", "helped_households")
NO_TIER = 0


def classify(
    programme: Programme,
    evidence: Evidence,
    doubtful_villages: Iterable[str] | None = None,
    covered: pd.DataFrame | None = None,
) -> pl.LazyFrame:
    """Put every household of the villages into a tier.

    Parameters
    ----------
    programme
        Without a ``members`` rule there is nobody to classify.
    evidence
        The registers.
    doubtful_villages
        Villages in which it is not known who was helped before; found out from the evidence
        unless given (see :func:`phaenthi.targeting.judging.overlap.in_doubt`).
    covered
        What :func:`phaenthi.targeting.judging.people.villages_covered` returned; found out unless
        given.

    Returns
    -------
    polars.LazyFrame
        household_id; village_code; tier_proven (1 … n, or 0 where none is certain);
        tier_possible (the best that is not ruled out, 0 where all are); tier (the tier where
        the two agree, else missing); helped_before (missing where unknown); income_per_person
        (baht a year, from the register that the tier ranks by).

    Notes
    -----
    Lazily, so that the whole country's survey can be counted without being held. A household
    that two registers place in different villages belongs where the pack's first source of
    everyone (``absent: unknown``) has it.
    """
    rule = programme.members()
    if rule is None:
        return _nobody()
    if doubtful_villages is None:
        doubtful_villages = in_doubt(find_overlaps(programme, evidence, evidence.villages))
    if covered is None:
        covered = villages_covered(programme, evidence)
    people = join_sources(programme, evidence, covered)
    holds = [all_hold(programme, tier.all) for tier in rule.tiers]
    numbered = list(enumerate(holds, start=1))
    people = people.with_columns(
        pl.coalesce(*(pl.when(one).then(n) for n, one in numbered), NO_TIER)
        .cast(pl.Int8)
        .alias("tier_proven"),
        pl.coalesce(*(pl.when(one.fill_null(value=True)).then(n) for n, one in numbered), NO_TIER)
        .cast(pl.Int8)
        .alias("tier_possible"),
    )
    helped = helped_households(programme, evidence).with_columns(known_helped=pl.lit(value=True))
    doubtful = pl.col("village_code").is_in(sorted(set(doubtful_villages)))
    return people.join(helped, on="household_id", how="left").select(
        "household_id",
        "village_code",
        "tier_proven",
        "tier_possible",
        pl.when(pl.col("tier_proven") == pl.col("tier_possible")).then("tier_proven").alias("tier"),
        pl.when("known_helped")
        .then(statement=True)
        .when(~doubtful)
        .then(statement=False)
        .alias("helped_before"),
        _income(rule.tiers).alias("income_per_person"),
    )


def count_by_village(programme: Programme, classified: pl.LazyFrame) -> pd.DataFrame:
    """Count the households of each village that count for certain, and those that may.

    Returns
    -------
    pandas.DataFrame
        village_code; household_tier_<n>: households not helped before, by the tier that is
        proven; target_households: their sum; target_households_possible: with those that an
        unknown income, flag or list leaves open; helped_households: households in a tier that
        are left out because they were helped before. Villages without households have no row.
    """
    tiers = range(1, len(_members_rule(programme).tiers) + 1)
    usable = pl.col("helped_before").not_().fill_null(value=False)
    helped = pl.col("helped_before").fill_null(value=False)
    proven, possible = pl.col("tier_proven"), pl.col("tier_possible") > NO_TIER
    counted = (
        classified.group_by("village_code")
        .agg(
            *((usable & (proven == n)).sum().alias(f"household_tier_{n}") for n in tiers),
            (usable & (proven > NO_TIER)).sum().alias("target_households"),
            (possible & ~helped).sum().alias("target_households_possible"),
            (possible & helped).sum().alias("helped_households"),
        )
        .sort("village_code")
        .collect(engine="streaming")
    )
    counts = [name for name in counted.columns if name != "village_code"]
    table = counted.with_columns(pl.col(counts).cast(pl.Int64)).to_pandas()
    return table.astype({"village_code": "string"})


def count_nobody() -> pd.DataFrame:
    """Return the counts of a programme without a ``members`` rule: a table without rows."""
    return pd.DataFrame(columns=["village_code", *COUNTS]).astype({"village_code": "string"})


def pick(
    programme: Programme, classified: pl.LazyFrame, village_codes: Iterable[str]
) -> pd.DataFrame:
    """Choose the households of the chosen villages, by tiers.

    Returns
    -------
    pandas.DataFrame
        village_code, place (1 … the number of the pack), household_id, tier (the proven one);
        sorted by village and place. Inside a tier the lower income comes first, an unknown one
        last, then the household's code. A village with too few households has fewer rows.
    """
    rule = programme.members()
    per_unit = rule.per_unit if rule else 0
    usable = pl.col("helped_before").not_().fill_null(value=False)
    chosen = (
        classified.filter(
            pl.col("village_code").is_in(sorted(set(village_codes))),
            usable,
            pl.col("tier_proven") > NO_TIER,
        )
        .collect(engine="streaming")
        .sort("village_code", "tier_proven", "income_per_person", "household_id", nulls_last=True)
        .with_columns(place=pl.int_range(1, pl.len() + 1).over("village_code"))
        .filter(pl.col("place") <= per_unit)
        .select("village_code", "place", "household_id", pl.col("tier_proven").alias("tier"))
    )
    return chosen.to_pandas().astype(
        {"village_code": "string", "household_id": "string", "place": "int64", "tier": "int64"}
    )


def _nobody() -> pl.LazyFrame:
    return pl.LazyFrame(
        schema={
            "household_id": pl.String,
            "village_code": pl.String,
            "tier_proven": pl.Int8,
            "tier_possible": pl.Int8,
            "tier": pl.Int8,
            "helped_before": pl.Boolean,
            "income_per_person": pl.Float64,
        }
    )


def _members_rule(programme: Programme) -> MembersRule:
    rule = programme.members()
    if rule is None:
        raise ValueError(f"pack {programme.id} has no members rule")
    return rule


def _income(tiers: tuple[Tier, ...]) -> pl.Expr:
    by_tier = [
        pl.when(pl.col("tier_proven") == n).then(
            pl.col(f"{tier.rank_by.source}.{tier.rank_by.column}")
        )
        for n, tier in enumerate(tiers, start=1)
    ]
    return pl.coalesce(*by_tier)
