"""The water that a pond with sloping sides holds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

Numbers = npt.NDArray[np.float64]
Shapes = npt.NDArray[np.object_]

_SLICES = 8
_LEAST_INWARD = 1e-6


def depth_reached(width: Numbers, length: Numbers, depth: Numbers, side_slope: Numbers) -> Numbers:
    """Return how deep a pond gets before its sides meet, in metres.

    Parameters
    ----------
    width, length
        Of the rim, in metres.
    depth
        As planned, in metres; what is missing (NaN) leaves the answer missing.
    side_slope
        Metres across for each metre down; 0 for upright sides.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        meeting = np.minimum(width, length) / (2 * side_slope)
        reached = np.minimum(depth, np.where(side_slope > 0, meeting, np.inf))
    # Nothing times a missing number is missing.
    return np.asarray(reached + 0 * (width + length + side_slope))


def box_volume(width: Numbers, length: Numbers, depth: Numbers, side_slope: Numbers) -> Numbers:
    """Return the cubic metres that a rectangular pond holds up to its rim.

    The frustum whose four sides have the same slope: the integral over the depth of
    ``(width − 2·slope·z)(length − 2·slope·z)``. For a square it is the well-known
    ``depth/3·(A + a + √(A·a))`` of the areas of rim and floor. Where the sides meet before the
    planned depth the pond ends there.

    Parameters
    ----------
    width, length, depth, side_slope
        As in :func:`depth_reached`; missing (NaN) where unknown, and so is then the volume.
    """
    reached = depth_reached(width, length, depth, side_slope)
    return np.asarray(
        width * length * reached
        - side_slope * (width + length) * reached**2
        + 4 / 3 * side_slope**2 * reached**3
    )


def shape_volumes(rims: Shapes, depth: Numbers, side_slope: Numbers) -> tuple[Numbers, Numbers]:
    """Return the cubic metres that ponds of any shape hold, and the depths that they reach.

    Parameters
    ----------
    rims
        Polygons in metres; missing ones have no volume.
    depth
        Metres; where the sides meet before it the pond ends there.
    side_slope
        Metres across for each metre down; 0 for upright sides.

    Returns
    -------
    tuple
        Cubic metres and metres; NaN where anything is missing.

    Notes
    -----
    Simpson's rule over levels at which the rim is drawn in by the slope with square corners:
    exact for rectangles, where the area of a level is of the second degree in its depth.
    """
    known = ~(shapely.is_missing(rims) | np.isnan(depth) | np.isnan(side_slope))
    volume, reached = np.full(len(rims), np.nan), np.full(len(rims), np.nan)
    shapes, slope = rims[known], side_slope[known]
    if not shapes.size:
        return volume, reached
    widest = shapely.length(shapely.maximum_inscribed_circle(shapes, tolerance=0.01))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        bottom = np.minimum(depth[known], np.where(slope > 0, widest / slope, np.inf))
    total = np.zeros(shapes.size)
    weights = np.r_[1, np.tile([4, 2], _SLICES - 1), 4, 1]
    for part, weight in zip(np.linspace(0, 1, weights.size), weights, strict=True):
        inward = slope * bottom * part
        drawn_in = shapely.buffer(shapes, -inward, join_style="mitre")
        # GEOS loses shapes that are drawn in by next to nothing.
        level = np.where(inward > _LEAST_INWARD, drawn_in, shapes)
        total += weight * shapely.area(level)
    volume[known] = total * bottom / (weights.size - 1) / 3
    reached[known] = bottom
    return volume, reached
