"""How well a boundary set fits together: broken shapes, overlaps, gaps, codes, nesting."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from phaenthi.geo.boundaries.reading import (
    SNAPPING_DEGREES,
    GazetteerComparison,
    compare_with_gazetteer,
    dissolve,
)
from phaenthi.geo.notes import Note
from phaenthi.geo.places.codes import Level, level_of
from phaenthi.geo.shapes.crs import ELLIPSOID, GEOGRAPHIC, area_square_metres
from phaenthi.wording import Language

_Shapes = npt.NDArray[np.object_]

SLIVER_METRES = 100.0
"""A gap, an overlap or a part of an area narrower than this is a slip of the pen."""
SLIVER_ROUNDNESS = 0.1
"""4π × area / perimeter² (a circle: 1) below which a narrow part is no islet but a sliver."""
NAMED_CODES = 20
"""A sentence names so many codes and counts the rest; the tables of the report hold them all."""
FAULT_COLUMNS = ["kind", "code", "other_code", "square_kilometres", "width_metres", "geometry"]
_SQUARE_METRES_A_SQUARE_KILOMETRE = 1e6


@dataclass(frozen=True)
class BoundaryCare:
    """What is wrong with a boundary set.

    Attributes
    ----------
    level, areas
        Its level, and the number of its areas.
    faults
        kind, code, other_code, square_kilometres, width_metres, geometry (EPSG:4326), worst
        first inside a kind. Kinds: ``invalid`` (a shape that crosses itself; geometry: where),
        ``overlap`` (of code and other_code), ``gap`` (enclosed by areas; code and other_code
        are the two with the longest edge on it), ``edge`` (a shared edge whose corners do not
        match; no area), ``sliver`` (a part of an area narrower than ``SLIVER_METRES`` and long),
        ``nesting`` (what is in the area of the level above but not in its parts, or the other
        way round; code: of the level above). Width is twice the area over the perimeter.
    nesting
        code, square_kilometres (of the level above), square_kilometres_apart: the symmetric
        difference of each area of the level above and its parts; empty without a level above.
    gazetteer
        Missing, abolished and unknown codes.
    """

    level: Level
    areas: int
    faults: gpd.GeoDataFrame
    nesting: pd.DataFrame
    gazetteer: GazetteerComparison

    def lines(self, language: Language = "th") -> list[str]:
        """Return the report in sentences."""
        notes = [Note("geo.care.areas", {"count": self.areas})]
        for kind, rows in self.faults.groupby("kind", sort=False):
            total = f"{rows['square_kilometres'].sum():,.3f}"
            notes.append(Note(f"geo.care.{kind}", {"count": len(rows), "area": total}))
        for name in ("missing", "abolished", "unknown"):
            codes = getattr(self.gazetteer, name)["code"]
            if len(codes):
                more = " …" if len(codes) > NAMED_CODES else ""
                listed = {"count": len(codes), "list": ", ".join(codes[:NAMED_CODES]) + more}
                notes.append(Note(f"geo.care.{name}", listed))
        if len(notes) == 1:
            notes.append(Note("geo.care.sound"))
        return [note.sentence(language) for note in notes]


def examine(
    table: gpd.GeoDataFrame, *, above: gpd.GeoDataFrame | None = None, province: str | None = None
) -> BoundaryCare:
    """Look for everything that is wrong with a boundary set.

    Parameters
    ----------
    table
        code, geometry (EPSG:4326), all of one level, at least one row.
    above
        The same of a higher level, to see whether the areas nest in it; only its areas that
        have parts in ``table`` are compared.
    province
        Code of the province whose areas are to be complete; the country if not given.
    """
    level = level_of(str(table["code"].iloc[0]))
    codes, shapes = table["code"].to_numpy(), table.geometry.to_numpy()
    broken = ~shapely.is_valid(shapes)
    sound = shapes.copy()
    sound[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    named = table if "name_th" in table else table.assign(name_th=pd.NA)
    apart, nesting = _nesting(codes, sound, above)
    found = [
        _invalid(codes[broken], shapes[broken]),
        *_misfits(codes, sound),
        _slivers(codes, sound),
        apart,
    ]
    return BoundaryCare(
        level=level,
        areas=len(table),
        faults=_measured(found),
        nesting=nesting,
        gazetteer=compare_with_gazetteer(named, level, province),
    )


def _fault(kind: str, codes: object, others: object, shapes: _Shapes) -> gpd.GeoDataFrame:
    """Return faults of one kind, still without measures."""
    columns = {"kind": kind, "code": codes, "other_code": others}
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=GEOGRAPHIC)


def _invalid(codes: npt.NDArray[np.object_], shapes: _Shapes) -> gpd.GeoDataFrame:
    reasons = pd.Series(shapely.is_valid_reason(shapes), dtype="string")
    # GEOS tells the place at the end: "Self-intersection[99.7412 9.0331]".
    places = reasons.str.extract(r"\[(\S+) (\S+)\]").astype("float64")
    return _fault("invalid", codes, None, gpd.points_from_xy(places[0], places[1]).to_numpy())


def _misfits(codes: npt.NDArray[np.object_], shapes: _Shapes) -> list[gpd.GeoDataFrame]:
    """Return overlaps, mismatched edges and gaps between valid shapes."""
    edges = shapely.coverage_invalid_edges(shapes)
    suspects = np.flatnonzero(~shapely.is_empty(edges))
    tree = shapely.STRtree(shapes[suspects])
    first, second = tree.query(shapes[suspects], predicate="intersects")
    once = codes[suspects[first]] < codes[suspects[second]]
    first, second = suspects[first[once]], suspects[second[once]]
    common = _polygons(shapely.intersection(shapes[first], shapes[second]))
    some = ~shapely.is_empty(common)
    overlaps = _fault("overlap", codes[first[some]], codes[second[some]], common[some])
    gaps = _enclosed(shapely.union_all(shapes))
    # A gap or overlap explains the edges that touch it; on the others only corners differ.
    explained = shapely.union_all([*common[some], *gaps]).buffer(SNAPPING_DEGREES)
    lines, of = shapely.get_parts(edges[suspects], return_index=True)
    rest = shapely.disjoint(lines, explained)
    owners = np.unique(of[rest])
    left = np.array([shapely.union_all(lines[rest & (of == owner)]) for owner in owners], object)
    mismatched = _fault("edge", codes[suspects[owners]], None, left)
    return [overlaps, mismatched, _with_neighbours(codes, shapes, gaps)]


def _polygons(shapes: _Shapes) -> _Shapes:
    """Return the polygonal part of each shape; empty where it has none."""
    parts, of = shapely.get_parts(shapes, return_index=True)
    inner, of_inner = shapely.get_parts(parts, return_index=True)
    areas = shapely.get_dimensions(inner) == 2
    found = np.array([shapely.MultiPolygon()] * len(shapes), dtype=object)
    for place in np.unique(of[of_inner[areas]]):
        found[place] = shapely.union_all(inner[areas & (of[of_inner] == place)])
    return found


def _enclosed(union: shapely.Geometry) -> _Shapes:
    """Return the holes of an area as polygons."""
    parts = shapely.get_parts(union)
    rings = shapely.get_rings(parts)
    outer = shapely.get_exterior_ring(parts)
    holes = rings[~np.isin(_as_bytes(rings), _as_bytes(outer))]
    return np.asarray(shapely.polygons(holes), dtype=object)


def _as_bytes(shapes: _Shapes) -> npt.NDArray[np.object_]:
    return np.array([shape.wkb for shape in shapes], dtype=object)


def _with_neighbours(
    codes: npt.NDArray[np.object_], shapes: _Shapes, gaps: _Shapes
) -> gpd.GeoDataFrame:
    """Return gaps with the codes of the two areas that have the longest edge on each."""
    tree = shapely.STRtree(shapes)
    neighbours: list[list[str | None]] = []
    for gap in gaps:
        touching = tree.query(gap, predicate="intersects")
        lengths = shapely.length(shapely.intersection(shapes[touching], gap.exterior))
        order = sorted(zip(-lengths.round(9), codes[touching], strict=True))[:2]
        neighbours.append([*(code for _, code in order), None, None][:2])
    pairs = pd.DataFrame(neighbours, columns=["code", "other_code"], dtype="object")
    return _fault("gap", pairs["code"], pairs["other_code"], gaps)


def _slivers(codes: npt.NDArray[np.object_], shapes: _Shapes) -> gpd.GeoDataFrame:
    parts, of = shapely.get_parts(shapes, return_index=True)
    several = np.bincount(of, minlength=len(shapes))[of] > 1
    area, length = shapely.area(parts), np.maximum(shapely.length(parts), 1e-12)
    # Islets are small but round. Generously first in degrees, exactly afterwards in metres.
    thin = several & (4 * np.pi * area / length**2 < SLIVER_ROUNDNESS)
    thin &= 2 * area / length < SLIVER_METRES / 90_000
    slivers = _fault("sliver", codes[of[thin]], None, parts[thin])
    return slivers[_widths(slivers) < SLIVER_METRES]


def _nesting(
    codes: npt.NDArray[np.object_], shapes: _Shapes, above: gpd.GeoDataFrame | None
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    columns = ["code", "square_kilometres", "square_kilometres_apart"]
    if above is None:
        return _fault("nesting", [], None, np.array([], dtype=object)), pd.DataFrame(
            columns=columns
        )
    parts = gpd.GeoDataFrame({"code": pd.array(codes, "string")}, geometry=shapes, crs=GEOGRAPHIC)
    wholes = dissolve(parts, level_of(str(above["code"].iloc[0]))).set_index("code")
    both = above[above["code"].isin(wholes.index)]
    whole = shapely.make_valid(both.geometry.to_numpy(), method="structure", keep_collapsed=False)
    summed = wholes.geometry.reindex(both["code"]).to_numpy()
    apart = _polygons(shapely.symmetric_difference(whole, summed))
    found = _fault("nesting", both["code"].to_numpy(), None, apart)
    areas = gpd.GeoSeries(whole, crs=GEOGRAPHIC)
    nesting = pd.DataFrame(
        {
            "code": both["code"].array,
            "square_kilometres": _square_kilometres(areas),
            "square_kilometres_apart": _square_kilometres(found.geometry),
        }
    )
    return found[~found.geometry.is_empty], nesting


def _measured(found: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    filled = [faults for faults in found if len(faults)]
    if not filled:
        nothing = gpd.GeoDataFrame(columns=FAULT_COLUMNS, geometry="geometry", crs=GEOGRAPHIC)
        return nothing.astype({"square_kilometres": "float64", "width_metres": "float64"})
    faults = gpd.GeoDataFrame(pd.concat(filled, ignore_index=True), crs=GEOGRAPHIC)
    faults["square_kilometres"] = _square_kilometres(faults.geometry)
    faults["width_metres"] = _widths(faults)
    order = {kind: place for place, kind in enumerate(faults["kind"].drop_duplicates())}
    faults = faults.assign(_order=faults["kind"].map(order)).sort_values(
        ["_order", "square_kilometres", "code"], ascending=[True, False, True], ignore_index=True
    )
    return faults.astype({"code": "string", "other_code": "string"})[FAULT_COLUMNS]


def _square_kilometres(shapes: gpd.GeoSeries) -> pd.Series:
    return area_square_metres(shapes) / _SQUARE_METRES_A_SQUARE_KILOMETRE


def _widths(faults: gpd.GeoDataFrame) -> pd.Series:
    """Return the mean width of each polygon in metres: twice the area over the perimeter."""
    shapes = faults.geometry
    perimeter = pd.Series(
        [ELLIPSOID.geometry_length(shape.boundary) if shape.area else np.nan for shape in shapes],
        index=faults.index,
        dtype="float64",
    )
    return (2 * area_square_metres(shapes) / perimeter).fillna(0.0)
