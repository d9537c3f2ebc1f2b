"""A parcel divided into parts of given shares by parallel lines across its longest axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from shapely import affinity

_BEST = 1e-9
"""How near, as a part of the whole, a line is brought to where it belongs."""
_STEPS = 200
_POLYGONS = (3, 6)


@dataclass(frozen=True)
class LandSplit:
    """A parcel divided.

    Attributes
    ----------
    parts
        Polygon or MultiPolygon of each share, in the order of the shares; none overlaps another
        and together they are the parcel. In the coordinates of the parcel.
    bearing
        Direction in degrees from north, clockwise, in which the first part lies from the last.
    """

    parts: tuple[shapely.Geometry, ...]
    bearing: float

    @property
    def areas(self) -> tuple[float, ...]:
        """Area of each part in square units of the parcel's coordinates."""
        return tuple(float(shapely.area(part)) for part in self.parts)


def split_land(
    parcel: shapely.Geometry, shares: Sequence[float], *, first_towards: float | None = None
) -> LandSplit:
    """Divide a parcel by parallel lines across its longest axis, found by bisection.

    The longest axis is that of the smallest rectangle, turned any way, that holds the parcel.
    Parts of a parcel that bends or has holes may be in several pieces.

    Parameters
    ----------
    parcel
        Valid Polygon or MultiPolygon in metres.
    shares
        Positive numbers, such as 30, 30, 30, 10; their sum is the whole.
    first_towards
        Bearing in degrees (0 north, 90 east) of the end where the first part goes, for instance
        the lowest ground; the western end (of two, the southern) unless given.

    Raises
    ------
    ValueError
        If the parcel has no area or a share is not positive.
    """
    if shapely.get_type_id(parcel) not in _POLYGONS or not shapely.area(parcel) > 0:
        raise ValueError("only a parcel with an area can be divided")
    if not shares or min(shares) <= 0:
        raise ValueError(f"shares must be positive: {shares}")
    angle = _axis(parcel)
    if first_towards is not None and np.cos(np.radians(90 - first_towards - angle)) > 0:
        angle += 180.0
    middle = shapely.get_coordinates(shapely.centroid(parcel))[0]
    # Near the origin and along the x-axis: lines of one x cut it, and numbers stay small.
    moved = affinity.translate(parcel, -middle[0], -middle[1])
    level = affinity.rotate(moved, -angle, origin=(0, 0))
    lines = _lines(level, [float(share) for share in np.cumsum(shares)[:-1] / sum(shares)])
    west, south, east, north = shapely.bounds(level)
    edges = [west - 1.0, *lines, east + 1.0]
    parts = []
    for left, right in pairwise(edges):
        strip = shapely.box(left, south - 1.0, right, north + 1.0)
        part = _areas_only(shapely.intersection(level, strip))
        back = affinity.rotate(part, angle, origin=(0, 0))
        parts.append(affinity.translate(back, middle[0], middle[1]))
    # The first part lies at the small end of the axis.
    return LandSplit(tuple(parts), (270.0 - angle) % 360.0)


def _axis(parcel: shapely.Geometry) -> float:
    """Return the direction of the longest axis in degrees from east, −90 up to under 90."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(parcel))
    sides = np.diff(corners[:3], axis=0)
    along = sides[int(np.argmax(np.linalg.norm(sides, axis=1)))]
    angle = float(np.degrees(np.arctan2(along[1], along[0])))
    return (angle + 90.0) % 180.0 - 90.0


def _lines(parcel: shapely.Geometry, shares: Sequence[float]) -> list[float]:
    """Return the x of the lines left of which the given shares of a parcel lie."""
    west, south, east, north = shapely.bounds(parcel)
    whole = float(shapely.area(parcel))
    lines: list[float] = []
    for share in shares:
        low, high = (lines[-1] if lines else west), east
        middle = low
        for _ in range(_STEPS):
            middle = (low + high) / 2
            strip = shapely.box(west - 1.0, south - 1.0, middle, north + 1.0)
            left = float(shapely.area(shapely.intersection(parcel, strip))) / whole
            if abs(left - share) <= _BEST:
                break
            low, high = (middle, high) if left < share else (low, middle)
        lines.append(middle)
    return lines


def _areas_only(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a shape without the lines and points that a cut along an edge leaves."""
    if shapely.get_type_id(shape) in _POLYGONS:
        return shape
    parts = [part for part in shapely.get_parts(shape) if shapely.get_type_id(part) in _POLYGONS]
    return shapely.union_all(parts)


def room_inside(
    parcel: shapely.Geometry, part: shapely.Geometry, metres: float
) -> shapely.Geometry:
    """Return where in a part one is at least so many metres from the parcel's boundary.

    Parameters
    ----------
    parcel, part
        Polygons in metres, the part inside the parcel.
    metres
        Distance to keep, 0 or more.

    Returns
    -------
    shapely.Geometry
        Polygon or MultiPolygon; empty where there is no room.
    """
    inner = shapely.buffer(parcel, -metres) if metres > 0 else parcel
    return _areas_only(shapely.intersection(part, inner))
