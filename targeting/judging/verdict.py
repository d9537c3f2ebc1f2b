"""Met, not met, unknown: Kleene's three-valued logic, for one verdict and for whole columns.

``all_of`` is the strong conjunction (one *not met* settles it, an *unknown* keeps it open) and
``any_of`` the strong disjunction: S. C. Kleene, *Introduction to Metamathematics*, 1952, § 64.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd


class Verdict(StrEnum):
    """What a rule says of a village."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


# From worst to best: "and" takes the lowest place, "or" the highest.
ORDER: tuple[Verdict, ...] = (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.MET)
_PLACE = {verdict.value: place for place, verdict in enumerate(ORDER)}
_NAMES = np.array([verdict.value for verdict in ORDER], dtype=object)


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Return *met* when all are met, *not met* when one is not, else *unknown*."""
    return min(verdicts, key=ORDER.index, default=Verdict.MET)


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Return *met* when one is met, *not met* when none can be, else *unknown*."""
    return max(verdicts, key=ORDER.index, default=Verdict.NOT_MET)


def opposite(verdict: Verdict) -> Verdict:
    """Return *not met* for *met* and the other way; *unknown* stays."""
    return ORDER[len(ORDER) - 1 - ORDER.index(verdict)]


def at_least(certain: int, possible: int | None, limit: int) -> Verdict:
    """Judge a count of which only an interval is known against a lower limit.

    Parameters
    ----------
    certain, possible
        The least and the most that the count can be; ``possible`` is ``None`` when nothing
        bounds it.
    limit
        The count that is asked for.
    """
    if certain >= limit:
        return Verdict.MET
    if possible is not None and possible < limit:
        return Verdict.NOT_MET
    return Verdict.UNKNOWN


def all_of_columns(verdicts: Sequence[pd.Series]) -> pd.Series:
    """Return ``all_of`` row by row, for columns of verdicts that share an index."""
    places = np.minimum.reduce([_places(column) for column in verdicts])
    return pd.Series(_NAMES[places], index=verdicts[0].index, dtype="string")


def any_of_columns(verdicts: Sequence[pd.Series]) -> pd.Series:
    """Return ``any_of`` row by row, for columns of verdicts that share an index."""
    places = np.maximum.reduce([_places(column) for column in verdicts])
    return pd.Series(_NAMES[places], index=verdicts[0].index, dtype="string")


def at_least_column(certain: pd.Series, possible: pd.Series, limit: int) -> pd.Series:
    """Return ``at_least`` row by row; a missing ``possible`` means that nothing bounds it."""
    unbounded = possible.isna().to_numpy(dtype=bool)
    below = ~unbounded & (possible.fillna(0) < limit).to_numpy(dtype=bool)
    enough = (certain >= limit).to_numpy(dtype=bool)
    places = np.select([enough, below], [_PLACE["met"], _PLACE["not_met"]], _PLACE["unknown"])
    return pd.Series(_NAMES[places], index=certain.index, dtype="string")


def verdict_column(certain: pd.Series, possible: pd.Series) -> pd.Series:
    """Return *met* where a test certainly holds, *not met* where it cannot, else *unknown*.

    Parameters
    ----------
    certain, possible
        Booleans that share an index; what is certain is possible.
    """
    places = np.select(
        [certain.to_numpy(dtype=bool), ~possible.to_numpy(dtype=bool)],
        [_PLACE["met"], _PLACE["not_met"]],
        _PLACE["unknown"],
    )
    return pd.Series(_NAMES[places], index=certain.index, dtype="string")


def some_of_columns(verdicts: Sequence[pd.Series], at_least_so_many: int) -> pd.Series:
    """Return row by row whether at least so many of several verdicts are *met*."""
    certain = sum((column == Verdict.MET).astype(int) for column in verdicts)
    possible = sum((column != Verdict.NOT_MET).astype(int) for column in verdicts)
    return at_least_column(pd.Series(certain), pd.Series(possible), at_least_so_many)


def _places(column: pd.Series) -> npt.NDArray[np.int8]:
    places = np.full(len(column), -1, dtype=np.int8)
    for verdict, place in _PLACE.items():
        places[(column == verdict).to_numpy(dtype=bool, na_value=False)] = place
    if (places < 0).any():
        strange = column[places < 0].iloc[0]
        raise ValueError(f"not a verdict: {strange!r}")
    return places
