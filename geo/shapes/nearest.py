"""The nearest place on the sphere: in the same province first, then outside it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from phaenthi.geo.shapes.sphere import check_in_thailand, metres_of, unit_vectors

COLUMNS = ("place_id", "kind", "name_th", "metres", "in_province", "nearer_id", "nearer_metres")

_TYPES = {
    **dict.fromkeys(COLUMNS, "string"),
    **dict.fromkeys(("metres", "nearer_metres"), "float64"),
    "in_province": "boolean",
}
# Farther apart than any two places on the unit sphere.
_APART = 4.0
# Distances that differ by less are the same distance written another way.
_SAME = 1e-9
_LOOKED_AT = 4


def nearest_places(points: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Return the nearest place of each point: in its own province first, then outside it.

    Parameters
    ----------
    points
        longitude, latitude (degrees, missing where unknown), province_code (missing where
        unknown: then any province is as good).
    places
        place_id, longitude, latitude, province_code; kind and name_th if they are known. Hand
        over the places of the kinds that are asked for.

    Returns
    -------
    pandas.DataFrame
        Index of ``points``. place_id, kind, name_th, metres (great circle) of the nearest place
        in the province, or of the nearest one at all where the province has none; in_province;
        nearer_id and nearer_metres of a place outside the province that is nearer still. All
        missing where the point is unknown or there is no place. Of places equally near the one
        of the lowest id is taken.

    Raises
    ------
    Problem
        ``geo.places_swapped`` or ``geo.places_outside``, for points or places.

    Notes
    -----
    "In the province first, then outside it" is how the guidelines of the Department choose a
    place to learn at; no limit of distance is stated, so none is set here.
    """
    known = check_in_thailand(points["longitude"], points["latitude"])
    there = check_in_thailand(places["longitude"], places["latitude"])
    open_ = places[there].sort_values("place_id", kind="stable")
    open_ = open_.drop_duplicates(["longitude", "latitude", "province_code"], ignore_index=True)
    asked = points[known]
    result = _empty(points.index)
    if asked.empty or open_.empty:
        return result

    anywhere, anywhere_metres = _nearest(asked, open_)
    inside, inside_metres = _nearest(asked, open_, of_province=True)
    at_home = inside >= 0
    taken = np.where(at_home, inside, anywhere)
    metres = np.where(at_home, inside_metres, anywhere_metres)
    nearer = at_home & (anywhere_metres < inside_metres * (1 - _SAME))
    home = asked["province_code"].astype("string").reset_index(drop=True)
    theirs = open_["province_code"].astype("string").iloc[taken].reset_index(drop=True)
    rows = pd.DataFrame(
        {
            "place_id": open_["place_id"].astype("string").iloc[taken].array,
            "kind": _column(open_, "kind").iloc[taken].array,
            "name_th": _column(open_, "name_th").iloc[taken].array,
            "metres": metres,
            "in_province": (home == theirs).astype("boolean").array,
            "nearer_id": open_["place_id"]
            .astype("string")
            .iloc[anywhere]
            .reset_index(drop=True)
            .where(pd.Series(nearer))
            .array,
            "nearer_metres": np.where(nearer, anywhere_metres, np.nan),
        },
        index=np.flatnonzero(known),
    )
    filled = rows.reindex(np.arange(len(points))).astype(_TYPES)
    filled.index = points.index
    return filled


def _nearest(
    points: pd.DataFrame, places: pd.DataFrame, *, of_province: bool = False
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the row of each point's nearest place (-1 for none) and the metres to it."""
    where, towards = (
        unit_vectors(table["longitude"].to_numpy(), table["latitude"].to_numpy())
        for table in (points, places)
    )
    if of_province:
        numbers = pd.factorize(
            pd.concat([points["province_code"], places["province_code"]]).astype("string")
        )[0].astype(np.float64)
        # An unknown province is nobody's home.
        own, theirs = numbers[: len(points)], numbers[len(points) :]
        own = np.where(own < 0, numbers.max() + 1, own)
        theirs = np.where(theirs < 0, numbers.max() + 2, theirs)
        where = np.column_stack([where, own * _APART])
        towards = np.column_stack([towards, theirs * _APART])
    looked_at = np.arange(1, min(_LOOKED_AT, len(places)) + 1)
    from scipy.spatial import cKDTree  # noqa: PLC0415 - a quarter of a second at every start

    chords, rows = cKDTree(towards).query(where, k=looked_at, distance_upper_bound=_APART / 2 + 1)
    first = chords[:, :1]
    equal = chords <= first * (1 + _SAME)
    found = np.where(equal, rows, len(places)).min(axis=1).astype(np.int64)
    missing = ~np.isfinite(first[:, 0])
    metres = np.where(missing, np.nan, metres_of(np.where(missing, 0.0, first[:, 0])))
    return np.where(missing, -1, found), metres


def _column(places: pd.DataFrame, name: str) -> pd.Series:
    if name in places:
        return places[name].astype("string")
    return pd.Series(pd.NA, index=places.index, dtype="string")


def _empty(index: pd.Index) -> pd.DataFrame:
    return pd.DataFrame(index=index, columns=list(COLUMNS)).astype(_TYPES)
