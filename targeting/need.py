"""The score that ranks villages, in whole points, with each of its parts to be seen."""

from __future__ import annotations

import pandas as pd

from targeting.programme import Programme


def score(programme: Programme, counts: pd.DataFrame) -> pd.DataFrame:
    """Score villages by the pack's parts and weights.

    Parameters
    ----------
    programme
        With a ``need`` rule; without one every village scores nothing.
    counts
        Columns ``household_tier_<n>``, whole numbers.

    Returns
    -------
    pandas.DataFrame
        need_<part> for each part of the pack and need, their sum; whole points ≥ 0, same index.

    Notes
    -----
    Only what is certain scores: a household that may turn out to be a target adds nothing until
    it is known, so that a gap in the data never lifts a village above another.
    """
    rule, members = programme.need(), programme.members()
    scores = pd.DataFrame(index=counts.index)
    if rule is not None and members is not None:
        number = {tier.id: n for n, tier in enumerate(members.tiers, start=1)}
        for part in rule.parts:
            column = counts[f"household_tier_{number[part.tier]}"]
            scores[f"need_{part.id}"] = column.astype("int64") * part.weight
    return scores.assign(need=scores.sum(axis=1).astype("int64"))
