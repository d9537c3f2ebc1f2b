"""Places as vectors on the unit sphere, where a straight chord stands for a great-circle distance.

The earth is taken as a sphere of its mean radius, as the haversine formula takes it: distances are
within 0.6 % of those on the ellipsoid.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from phaenthi.geo.shapes.crs import THAILAND_BOUNDS
from phaenthi.wording import Problem

EARTH_RADIUS_METRES = 6_371_008.8
"""Mean radius R₁ of the GRS 80 ellipsoid (IUGG)."""

Degrees = npt.ArrayLike
Numbers = npt.NDArray[np.float64]


def unit_vectors(longitude: Degrees, latitude: Degrees) -> Numbers:
    """Return places (degrees) as vectors of length 1, one row of x, y, z each."""
    x, y = np.radians(_numbers(longitude)), np.radians(_numbers(latitude))
    return np.column_stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)])


def chord_of(metres: float) -> float:
    """Return the chord of the unit sphere under a great-circle distance in metres."""
    return float(2 * np.sin(min(metres / EARTH_RADIUS_METRES, np.pi) / 2))


def metres_of(chords: npt.ArrayLike) -> Numbers:
    """Return the great-circle distances in metres over chords of the unit sphere."""
    halves = np.clip(np.asarray(chords, dtype=np.float64) / 2, 0.0, 1.0)
    return np.asarray(2 * EARTH_RADIUS_METRES * np.arcsin(halves), dtype=np.float64)


def haversine(x: Numbers, y: Numbers, other_x: Numbers, other_y: Numbers) -> Numbers:
    """Return sin² of half the angle between places in radians: the haversine of the angle."""
    across = np.sin(0.5 * (y - other_y)) ** 2
    along = np.sin(0.5 * (x - other_x)) ** 2
    return np.asarray(across + np.cos(y) * np.cos(other_y) * along, dtype=np.float64)


def sphere_metres(
    longitude: Degrees, latitude: Degrees, other_longitude: Degrees, other_latitude: Degrees
) -> Numbers:
    """Return the great-circle distances in metres between places in degrees, pair by pair."""
    radians = [
        np.radians(_numbers(values))
        for values in (longitude, latitude, other_longitude, other_latitude)
    ]
    return np.asarray(
        2 * EARTH_RADIUS_METRES * np.arcsin(np.sqrt(np.clip(haversine(*radians), 0.0, 1.0))),
        dtype=np.float64,
    )


def check_in_thailand(longitude: Degrees, latitude: Degrees) -> npt.NDArray[np.bool_]:
    """Tell which places are known; refuse those that cannot be in Thailand.

    Returns
    -------
    numpy.ndarray
        bool; False where longitude or latitude is missing.

    Raises
    ------
    Problem
        ``geo.places_swapped`` or ``geo.places_outside`` with the number of such places, the
        place in the table (1 for the first) and the values of the first. No distance would ever
        show that longitude and latitude were swapped.
    """
    x, y = _numbers(longitude), _numbers(latitude)
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError("longitude and latitude are two columns of one length")
    west, south, east, north = THAILAND_BOUNDS
    known = ~(np.isnan(x) | np.isnan(y))
    swapped = known & (x >= south) & (x <= north) & (y >= west) & (y <= east)
    outside = known & ~((x >= west) & (x <= east) & (y >= south) & (y <= north))
    for message, wrong in (("geo.places_swapped", swapped), ("geo.places_outside", outside)):
        if wrong.any():
            first = int(np.flatnonzero(wrong)[0])
            raise Problem(
                message,
                count=int(wrong.sum()),
                place=first + 1,
                longitude=f"{x[first]:g}",
                latitude=f"{y[first]:g}",
            )
    return np.asarray(known, dtype=bool)


def _numbers(values: npt.ArrayLike) -> Numbers:
    return np.asarray(values, dtype=np.float64)
