"""Small counts hidden in tables about a plan."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from phaenthi.layers.people.disclosure import SMALLEST_SHOWN, hide_small_counts

# Two invented areas below each amphoe: the target poor in chosen villages, and the others.
_INSIDE, _OUTSIDE = "01", "02"


def hide_counts(by_amphoe: pd.DataFrame) -> pd.DataFrame:
    """Hide counts of 1–4 people and what would give them back.

    Parameters
    ----------
    by_amphoe
        See :class:`phaenthi.targeting.plan.fairness.Fairness`.

    Returns
    -------
    pandas.DataFrame
        The table with target_poor and in_chosen missing where hidden, coverage and
        share_of_poor missing with them, and hidden (bool).

    Notes
    -----
    The target poor inside and outside chosen villages are parts of the target poor of the
    amphoe, and each adds up to a total that the percentages tell: each sum is protected.
    """
    codes = by_amphoe["amphoe_code"].astype(str)
    inside, poor = by_amphoe["in_chosen"], by_amphoe["target_poor"]
    outside = poor - inside
    parts = _hidden([*codes, *(codes + _INSIDE), *(codes + _OUTSIDE)], [*poor, *inside, *outside])
    by_total = _hidden(["", *codes], [int(inside.sum()), *inside])
    by_rest = _hidden(["", *codes], [int(outside.sum()), *outside])
    poor_hidden = codes.isin(parts)
    split = parts | {code + _INSIDE for code in by_total | by_rest}
    inside_hidden = (codes + _INSIDE).isin(split) | (codes + _OUTSIDE).isin(split)
    either = poor_hidden | inside_hidden
    return by_amphoe.assign(
        target_poor=poor.astype("Int64").mask(poor_hidden),
        in_chosen=inside.astype("Int64").mask(inside_hidden),
        coverage=by_amphoe["coverage"].mask(either),
        share_of_poor=by_amphoe["share_of_poor"].mask(poor_hidden),
        hidden=either,
    )


def _hidden(codes: Sequence[str], counts: Sequence[int]) -> set[str]:
    shown = hide_small_counts(pd.DataFrame({"code": codes, "count": counts}), SMALLEST_SHOWN)
    return set(shown.loc[shown["hidden"], "code"])
