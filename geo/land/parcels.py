"""Parcels of land: points or polygons in metres, the area that holds each, a pond's setback."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from phaenthi.geo.places.locate import NEAREST_WITHIN_METRES, locate
from phaenthi.geo.shapes.crs import GEOGRAPHIC, ZONE_EDGE, metric_crs

Shapes = npt.NDArray[np.object_]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

_POLYGONS = (3, 6)
_LINES = (1, 2, 5)
_POINT = 0
# A path that was walked around a parcel ends near where it began.
_LARGEST_GAP = 0.1
_LEAST_CORNERS = 3


def as_parcels(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return shapes as points or valid polygons; what is neither is missing.

    A line that ends near where it began, as a phone draws it when somebody walks around a
    parcel, is taken as the parcel's edge; several points, or a line that stays open, are no
    parcel. Heights are dropped, polygons that cross themselves are made valid.

    Returns
    -------
    geopandas.GeoSeries
        Point, Polygon, MultiPolygon or None; index and CRS of the shapes.
    """
    flat = shapely.force_2d(shapes.to_numpy())
    kind = shapely.get_type_id(flat)
    for place in np.flatnonzero(np.isin(kind, _LINES)):
        flat[place] = _ring(flat[place])
    kind = shapely.get_type_id(flat)
    broken = np.isin(kind, _POLYGONS) & ~shapely.is_valid(flat)
    flat[broken] = [_polygons_of(shape) for shape in shapely.make_valid(flat[broken])]
    single = (shapely.get_type_id(flat) == 4) & (shapely.get_num_geometries(flat) == 1)
    flat[single] = shapely.get_geometry(flat[single], 0)
    kind = shapely.get_type_id(flat)
    usable = ((kind == _POINT) | np.isin(kind, _POLYGONS)) & ~shapely.is_empty(flat)
    flat[~usable] = None
    return gpd.GeoSeries(flat, index=shapes.index, crs=shapes.crs)


def _ring(line: shapely.Geometry) -> shapely.Geometry | None:
    """Return the parcel that a line goes around, or None where it goes around none."""
    merged = shapely.line_merge(line) if shapely.get_type_id(line) != 1 else line
    if shapely.get_type_id(merged) != 1:
        return None
    places = shapely.get_coordinates(merged)
    if len(np.unique(places, axis=0)) < _LEAST_CORNERS:
        return None
    gap = float(np.linalg.norm(places[0] - places[-1]))
    if gap > _LARGEST_GAP * shapely.length(merged):
        return None
    return _polygons_of(shapely.make_valid(shapely.Polygon(places)))


def _polygons_of(shape: shapely.Geometry) -> shapely.Geometry | None:
    """Return the areas of a shape as one; None where it has none."""
    parts = shapely.get_parts(shapely.get_parts(np.array([shape], dtype=object)))
    areas = [part for part in parts if shapely.get_type_id(part) in _POLYGONS]
    areas = [part for part in areas if shapely.area(part) > 0]
    return shapely.union_all(areas) if areas else None


def are_polygons(shapes: gpd.GeoSeries) -> Booleans:
    """Tell which shapes are areas and not points."""
    return np.asarray(np.isin(shapely.get_type_id(shapes.to_numpy()), _POLYGONS), dtype=bool)


def side_of_zone(shapes: gpd.GeoSeries) -> Booleans:
    """Tell which shapes (EPSG:4326) lie west of 102° E by their centroid; missing ones do not."""
    longitude = shapely.get_x(shapely.centroid(shapes.to_numpy()))
    with np.errstate(invalid="ignore"):
        return np.asarray(longitude < ZONE_EDGE, dtype=bool)


def by_zone(shapes: gpd.GeoSeries) -> Iterator[tuple[Integers, gpd.GeoSeries]]:
    """Yield the places and the shapes in metres of each UTM zone that some shapes lie in.

    Every shape is in just one zone, by its centroid; those that are missing are in none.

    Parameters
    ----------
    shapes
        Any CRS.
    """
    degrees = shapes.to_crs(GEOGRAPHIC)
    there = ~(degrees.isna() | degrees.is_empty).to_numpy()
    west = side_of_zone(degrees)
    for side in (west, ~west):
        places = np.flatnonzero(there & side)
        if places.size:
            ours = degrees.iloc[places]
            yield places, ours.to_crs(metric_crs(ours))


def place_parcels(
    parcels: gpd.GeoSeries,
    areas: gpd.GeoDataFrame,
    *,
    nearest_within_metres: float = NEAREST_WITHIN_METRES,
) -> pd.DataFrame:
    """Return the area that each parcel lies in: a polygon where most of its land is.

    Parameters
    ----------
    parcels
        Points and polygons, any CRS; missing ones are allowed.
    areas
        code (each once), geometry.
    nearest_within_metres
        As in :func:`phaenthi.geo.places.locate.locate`: for parcels outside every area.

    Returns
    -------
    pandas.DataFrame
        Index of the parcels; code (string), how: ``inside``, ``edge`` (a point on a shared edge:
        the lowest code), ``most`` (a polygon in several areas: the one with most of its land, of
        two with the same the lowest code), ``nearest``, ``unplaced``; distance_metres as in
        ``locate``; share (of the polygon's land that lies in that area, 1 for points; missing
        where unplaced or nearest).
    """
    degrees = parcels.to_crs(GEOGRAPHIC)
    shapes = degrees.to_numpy()
    polygon = are_polygons(degrees)
    inner = shapely.point_on_surface(shapes)
    points = gpd.GeoSeries(inner, index=parcels.index, crs=GEOGRAPHIC)
    placed = locate(points, areas, nearest_within_metres=nearest_within_metres)
    placed["share"] = np.where(placed["how"].isin(["inside", "edge"]), 1.0, np.nan)
    ordered = areas.to_crs(GEOGRAPHIC).sort_values("code", ignore_index=True)
    held = ordered.geometry.to_numpy()
    lands = np.flatnonzero(polygon)
    if not (lands.size and len(held)):
        return placed
    # Prepared areas take many parcels quickly; only those on an edge are cut.
    in_area, which = shapely.STRtree(shapes[lands]).query(held, predicate="intersects")
    covered = np.zeros(lands.size, dtype=bool)
    whole_area, whole = shapely.STRtree(shapes[lands]).query(held, predicate="covers")
    covered[whole] = True
    first = np.full(lands.size, len(held), dtype=np.int64)
    np.minimum.at(first, whole, whole_area)
    rows = placed.index[lands[covered]]
    codes = ordered["code"].astype("string")
    placed.loc[rows, "code"] = codes.iloc[first[covered]].to_numpy()
    placed.loc[rows, "how"], placed.loc[rows, "share"] = "inside", 1.0
    placed.loc[rows, "distance_metres"] = 0.0
    cut = ~covered[which]
    if not cut.any():
        return placed
    which, in_area = which[cut], in_area[cut]
    pieces = shapely.intersection(shapes[lands[which]], held[in_area])
    size, whole_size = utm_areas(pieces), utm_areas(shapes[lands[which]])
    share = pd.DataFrame({"which": which, "area": in_area, "share": size / whole_size})
    # A hundredth of a percent is less than anybody surveys.
    share["rounded"] = share["share"].round(4)
    best = share[share["rounded"] > 0].sort_values(
        ["which", "rounded", "area"], ascending=[True, False, True]
    )
    best = best.drop_duplicates("which")
    rows = placed.index[lands[best["which"]]]
    placed.loc[rows, "code"] = codes.iloc[best["area"]].to_numpy()
    placed.loc[rows, "how"] = "most"
    placed.loc[rows, "share"] = best["share"].to_numpy()
    placed.loc[rows, "distance_metres"] = 0.0
    return placed


def utm_areas(shapes: Shapes) -> npt.NDArray[np.float64]:
    """Return areas of shapes (EPSG:4326) in square metres, each in the UTM zone of its place."""
    series = gpd.GeoSeries(shapes, crs=GEOGRAPHIC)
    size = np.zeros(len(shapes))
    for places, metres in by_zone(series):
        size[places] = metres.area
    return size


def setback_metres(ponds: gpd.GeoSeries, parcels: gpd.GeoSeries) -> pd.Series:
    """Return how far the edge of each pond is from the boundary of its parcel.

    The boundary is that of the outline and of holes, which are others' land. A pond that
    reaches over it, or lies outside, has no distance left: 0.

    Parameters
    ----------
    ponds, parcels
        Polygons of any CRS with the same index, a pond beside its parcel. Where either is
        missing or a point, nobody can measure.

    Returns
    -------
    pandas.Series
        Metres in the UTM zone of the parcel, index of the ponds; missing where not measured.
    """
    ponds, parcels = ponds.to_crs(GEOGRAPHIC), parcels.to_crs(GEOGRAPHIC)
    metres = np.full(len(ponds), np.nan)
    both = are_polygons(ponds) & are_polygons(parcels)
    for places, lands in by_zone(parcels.where(both)):
        waters = ponds.iloc[places].to_crs(lands.crs).to_numpy()
        shapes = lands.to_numpy()
        distance = shapely.distance(waters, shapely.boundary(shapes))
        metres[places] = np.where(shapely.covers(shapes, waters), distance, 0.0)
    return pd.Series(metres, index=ponds.index, name="setback_metres", dtype="Float64").mask(
        np.isnan(metres)
    )
