"""What a map fetches: areas, values and villages as compact JSON, much smaller than GeoJSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from phaenthi.apps.maps.legends import Classes
from phaenthi.wording import Language

# Corners lie on a grid of a ten-thousandth of a degree, about 11 metres; villages of 1 metre.
GRID = 10_000
VILLAGE_GRID = 100_000
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
NOT_SHOWN = "-"
# A browser counts no further than 2 to the 53rd without rounding.
MOST_DIGITS = 15
NUMBERS = re.compile("[0-9]+")


def pack_areas(areas: gpd.GeoDataFrame, grid: int = GRID) -> dict[str, object]:
    """Return areas as rings of whole steps on a grid, with the names that are written in them.

    Parameters
    ----------
    areas
        Columns ``code``, ``name_th``, ``name_en`` and ``geometry`` (EPSG:4326). Rows without a
        shape are left out.
    grid
        Steps a degree.

    Returns
    -------
    dict
        ``grid``; ``codes``, ``th``, ``en``: an entry an area; ``places``: longitude and latitude
        in steps of a point inside each; ``widest``: positions of the areas, the widest first;
        ``shapes``: for each area its rings, holes among them (a point is inside where a line from
        it crosses the rings an odd number of times). A ring is its first corner and then the step
        to each next; the last edge goes back to the first corner.
    """
    shapes = areas.geometry.to_numpy()
    shaped = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    areas, shapes = areas[shaped], shapes[shaped]
    inside = shapely.get_coordinates(shapely.point_on_surface(shapes))
    west, _, east, _ = shapely.bounds(shapes).reshape(-1, 4).T
    return {
        "grid": grid,
        "codes": areas["code"].tolist(),
        "th": areas["name_th"].fillna("").tolist(),
        "en": areas["name_en"].fillna("").tolist(),
        "places": np.rint(inside * grid).astype(int).ravel().tolist(),
        "widest": np.argsort(west - east, kind="stable").tolist(),
        "shapes": _rings(shapes, grid),
    }


def _rings(shapes: NDArray[np.object_], grid: int) -> list[list[list[int]]]:
    if not len(shapes):
        return []
    parts, area_of_part = shapely.get_parts(shapes, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    area_of_ring = area_of_part[part_of_ring]
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    places = np.rint(corners * grid).astype(np.int64)
    first = np.r_[True, ring[1:] != ring[:-1]]
    repeated = ~first & np.r_[False, (places[1:] == places[:-1]).all(axis=1)]
    places, ring = places[~repeated], ring[~repeated]
    # The last corner is the first again, unless the whole ring fell into one place.
    last = np.r_[ring[1:] != ring[:-1], True]
    alone = np.bincount(ring, minlength=len(rings))[ring] == 1
    places, ring = places[~last | alone], ring[~last | alone]
    first = np.r_[True, ring[1:] != ring[:-1]]
    steps = np.where(first[:, None], places, places - np.roll(places, 1, axis=0))
    sizes = np.bincount(ring, minlength=len(rings))
    flat = steps.ravel().tolist()
    ends = np.r_[0, np.cumsum(2 * sizes)].tolist()
    packed: list[list[list[int]]] = [[] for _ in shapes]
    for area, size, (start, end) in zip(
        area_of_ring.tolist(), sizes.tolist(), pairwise(ends), strict=True
    ):
        # An islet that shrank to a point is not drawn, unless the area is nothing else.
        if size > 2 or not packed[area]:
            packed[area].append(flat[start:end])
    return packed


def name_places(packed: Mapping[str, Any], language: Language) -> list[list[object]]:
    """Return [latitude, longitude, name] for each of some packed areas, the widest first."""
    grid, places, names = packed["grid"], packed["places"], packed[language]
    return [
        [places[2 * area + 1] / grid, places[2 * area] / grid, names[area]]
        for area in packed["widest"]
    ]


def pack_values(codes: Sequence[str], classes: Classes, texts: Sequence[str]) -> dict[str, object]:
    """Return what fills areas and what is told over them.

    Parameters
    ----------
    codes
        As in the packed areas.
    classes
        From ``legends.classify``.
    texts
        A line for each area.

    Returns
    -------
    dict
        ``colours``; ``classes``: the place of each area's colour as a letter; ``texts``.
    """
    colours = list(dict.fromkeys(classes.colour_of.values()))
    letter = {colour: DIGITS[place] for place, colour in enumerate(colours)}
    return {
        "colours": colours,
        "classes": "".join(letter[classes.colour_of[code]] for code in codes),
        "texts": list(texts),
    }


def pack_villages(
    codes: Sequence[str],
    points: gpd.GeoSeries | NDArray[np.object_],
    titles: Sequence[str],
    places: Sequence[str],
) -> dict[str, object]:
    """Return villages as columns; each needs a point.

    Parameters
    ----------
    codes, points, titles, places
        Code, point (EPSG:4326), name, and line that tells where it lies, of each village.

    Returns
    -------
    dict
        ``grid``; ``codes``, as of :func:`pack_codes`; ``x``, ``y``: longitude and latitude as the
        step from the village before, in steps of the grid; ``words``: what is told over a village
        – ``titles``; ``places``, the different lines; ``place``, which of them each village has.
    """
    at = np.rint(shapely.get_coordinates(np.asarray(points)) * VILLAGE_GRID).astype(int)
    steps = np.diff(at, axis=0, prepend=np.zeros((1, 2), dtype=int))
    place, lines = pd.factorize(np.asarray(places, dtype=object))
    return {
        "grid": VILLAGE_GRID,
        "codes": pack_codes(codes),
        "x": steps[:, 0].tolist(),
        "y": steps[:, 1].tolist(),
        "words": {
            "titles": list(titles),
            "places": [str(line) for line in lines],
            "place": place.tolist(),
        },
    }


def pack_codes(codes: Sequence[str]) -> list[str] | dict[str, object]:
    """Return codes as steps from one number to the next: of sorted codes nearly all are 1.

    Parameters
    ----------
    codes
        In any order.

    Returns
    -------
    list or dict
        ``digits``, the width of every code, and ``steps``, the first being the first code itself;
        the codes as they are where they are no numbers of one width.
    """
    widths = {len(code) for code in codes}
    if len(widths) != 1 or max(widths) > MOST_DIGITS or not NUMBERS.fullmatch("".join(codes)):
        return list(codes)
    steps = np.diff(np.asarray(codes, dtype=np.int64), prepend=0)
    return {"digits": widths.pop(), "steps": steps.tolist()}


def pack_marks(kinds: Sequence[int | None]) -> str:
    """Return a letter for each village: which look it has, or that it does not show."""
    return "".join(NOT_SHOWN if kind is None else DIGITS[kind] for kind in kinds)


def as_bytes(content: Any) -> bytes:
    """Return JSON as it is served: short, and the same for the same content."""
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
