"""Thai place names: candidates and matches inside one parent, never by name alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd
from rapidfuzz import fuzz, process

from geo import gazetteer
from geo.codes import Level
from geo.spelling import normalise, read_moo, similarity

__all__ = ["Match", "candidates", "match", "normalise", "read_moo", "similarity"]

LEAST_SCORE = 70.0
"""Below this, two spellings are not taken for one name."""
LEAST_LEAD = 8.0
"""A candidate that is not ahead of the next by this much is not chosen without a person."""


@dataclass(frozen=True)
class Match:
    """The one area that a name means inside its parent.

    Attributes
    ----------
    code, name_th
        The area.
    score
        Likeness of the spellings, 0–100; 100 is the same after normalising.
    lead
        How far it is ahead of the next candidate.
    """

    code: str
    name_th: str
    score: float
    lead: float


def candidates(
    name: str,
    level: Level,
    parent_code: str,
    limit: int = 5,
    *,
    among: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the areas inside a parent whose names are nearest to a name.

    Parameters
    ----------
    name
        Thai or English, with or without prefix and moo.
    level
        Level of the areas.
    parent_code
        Code of an enclosing area of any higher level.
    limit
        Rows at most.
    among
        code, name_th and, if there is one, name_en: where to look instead of the gazetteer;
        needed for villages, which the gazetteer does not hold.

    Returns
    -------
    pandas.DataFrame
        code, name_th, score (0–100); best first, equal scores by code.
    """
    areas = _of_gazetteer(level) if among is None else _spelled(among, level)
    inside = areas[areas["code"].str.startswith(parent_code)]
    score = pd.Series(0.0, index=inside.index)
    for spellings in inside.columns.intersection(["spelling_th", "spelling_en"]):
        likeness = process.cdist(
            [normalise(name, level)], inside[spellings].to_list(), scorer=fuzz.ratio
        )[0]
        score = score.where(score >= likeness, likeness)
    ranked = inside[["code", "name_th"]].assign(score=score)
    ranked = ranked.sort_values(["score", "code"], ascending=[False, True], ignore_index=True)
    return ranked.head(limit)


@cache
def _of_gazetteer(level: Level) -> pd.DataFrame:
    return _spelled(gazetteer.areas(level), level)


def _spelled(areas: pd.DataFrame, level: Level) -> pd.DataFrame:
    """Return the areas with their names as they are compared: spelling_th, spelling_en."""
    spellings = {
        f"spelling_{end}": [normalise(name, level) for name in areas[f"name_{end}"].fillna("")]
        for end in ("th", "en")
        if f"name_{end}" in areas
    }
    return areas.assign(**spellings)


def match(
    name: str, level: Level, parent_code: str, *, among: pd.DataFrame | None = None
) -> Match | None:
    """Return the area that a name means inside a parent, or None if a person must decide.

    One name that is the same after normalising is taken. Otherwise the nearest spelling is
    taken if it is near (``LEAST_SCORE``) and clearly ahead of the next (``LEAST_LEAD``): a
    wrong match is worse than none. Parameters are those of ``candidates``.
    """
    nearest = candidates(name, level, parent_code, limit=2, among=among)
    if nearest.empty:
        return None
    scores = nearest["score"].to_list()
    lead = scores[0] - scores[1] if len(scores) > 1 else scores[0]
    exact = scores[0] == 100 and lead > 0
    if not exact and (scores[0] < LEAST_SCORE or lead < LEAST_LEAD):
        return None
    return Match(str(nearest["code"][0]), str(nearest["name_th"][0]), scores[0], lead)
