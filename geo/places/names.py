"""Thai place names: candidates and matches inside one parent, never by name alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process

from phaenthi.geo.places import gazetteer
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.spelling import normalise, read_moo, similarity, skeleton

__all__ = ["Match", "candidates", "match", "match_many", "normalise", "read_moo", "similarity"]

LEAST_SCORE = 80.0
"""Below this, two spellings are not taken for one name (0–100)."""
LEAST_LEAD = 8.0
"""A candidate that is not ahead of the next by this much is not chosen without a person."""
LEAST_LEAD_OF_SKELETON = 4.0
"""The same for the only candidate that differs by nothing but tones and look-alike letters."""


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
    score = 0.0 if inside.empty else _likeness([normalise(name, level)], inside)[0][0]
    ranked = inside[["code", "name_th"]].assign(score=score)
    ranked = ranked.sort_values(["score", "code"], ascending=[False, True], ignore_index=True)
    return ranked.head(limit)


def _likeness(
    names: list[str], areas: pd.DataFrame
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Compare normalised names with areas, of which there is at least one (names × areas).

    The first is the likeness, 0–100: the mean of the likeness of the spellings and that of
    their skeletons (``fuzz.ratio``), the better of Thai and English. The second tells where
    the skeletons are the same.
    """
    best = np.zeros((len(names), len(areas)))
    same = np.zeros_like(best, dtype=bool)
    skeletons = [skeleton(name) for name in names]
    for end in ("th", "en"):
        if f"spelling_{end}" not in areas:
            continue
        plain = process.cdist(names, areas[f"spelling_{end}"].to_list(), scorer=fuzz.ratio)
        bare = process.cdist(skeletons, areas[f"skeleton_{end}"].to_list(), scorer=fuzz.ratio)
        best = np.maximum(best, (plain.astype("float64") + bare) / 2)
        same |= bare == 100
    return best, same


def _decided(
    score: npt.NDArray[np.float64], same: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the area that each name means (-1: a person must decide), its score and lead."""
    each = np.arange(len(score))
    nearest = score.argmax(axis=1)
    top = score[each, nearest]
    others = score.copy()
    others[each, nearest] = 0
    lead = top - others.max(axis=1)
    only = same[each, nearest] & (same.sum(axis=1) == 1)
    sure = only & ((top == 100) | (lead >= LEAST_LEAD_OF_SKELETON))
    sure |= ~same.any(axis=1) & (top >= LEAST_SCORE) & (lead >= LEAST_LEAD)
    return np.where(sure, nearest, -1), top, lead


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
    skeletons = {
        f"skeleton_{name.removeprefix('spelling_')}": [skeleton(text) for text in texts]
        for name, texts in spellings.items()
    }
    return areas.assign(**spellings, **skeletons)


def match(
    name: str, level: Level, parent_code: str, *, among: pd.DataFrame | None = None
) -> Match | None:
    """Return the area that a name means inside a parent, or None if a person must decide.

    A wrong match is worse than none. If one area has the same skeleton (it differs by nothing
    but tones and look-alike letters), that is taken where the spelling is the same or it is
    ahead of all others by ``LEAST_LEAD_OF_SKELETON``; if two have it, a person decides even
    where one is spelled the same: บ้านโคก may be บ้านโตก beside it. If none has it, the nearest
    spelling is taken where it is near (``LEAST_SCORE``) and clearly ahead (``LEAST_LEAD``).
    Parameters are those of ``candidates``.
    """
    found = match_many(pd.Series([name]), level, pd.Series([parent_code]), among=among)
    if pd.isna(found["code"][0]):
        return None
    code, name_th, score, lead = found.iloc[0]
    return Match(str(code), str(name_th), float(score), float(lead))


def match_many(
    names: pd.Series, level: Level, parent_codes: pd.Series, *, among: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the areas that a column of names mean, each inside its own parent.

    The rule is that of ``match``; rows of one parent are compared at once.

    Parameters
    ----------
    names
        Names in Thai or English; a missing one matches nothing.
    level
        Level of the areas.
    parent_codes
        Code of an enclosing area for each name, same index; a missing one matches nothing.
    among
        As of ``candidates``.

    Returns
    -------
    pandas.DataFrame
        Index of ``names``; code, name_th (missing where a person must decide), score of the
        nearest area (0–100), lead over the next (both missing where the parent has no area).
    """
    areas = _of_gazetteer(level) if among is None else _spelled(among, level)
    found = pd.DataFrame({"name": names.array, "parent": parent_codes.reindex(names.index).array})
    place = np.full(len(found), -1)
    score, lead = np.full(len(found), np.nan), np.full(len(found), np.nan)
    for parent, rows in found.dropna().groupby("parent"):
        inside = np.flatnonzero(areas["code"].str.startswith(str(parent)))
        if inside.size:
            spelled = [normalise(str(name), level) for name in rows["name"]]
            best, top, ahead = _decided(*_likeness(spelled, areas.iloc[inside]))
            place[rows.index] = np.where(best >= 0, inside[best], -1)
            score[rows.index], lead[rows.index] = top, ahead
    matched = areas[["code", "name_th"]].reset_index(drop=True).reindex(place)  # -1: missing
    matched = matched.astype("string").set_index(names.index)
    return matched.assign(score=score, lead=lead)
