"""One plot divided into water, rice, garden and forest, and dwelling: numbers and shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely

from phaenthi.geo.land.parcels import are_polygons, by_zone
from phaenthi.geo.land.split import room_inside, split_land
from phaenthi.geo.shapes.crs import GEOGRAPHIC, area_square_metres
from phaenthi.layers.plots.parameters import plot_parameters


@dataclass(frozen=True)
class PlotSketch:
    """A plot divided.

    Attributes
    ----------
    parts
        A row a part in the order of layout: part (id), percent, square_metres (its share of the
        plot's area: stated for a point, measured for a polygon), geometry (EPSG:4326; None
        where the plot is a point).
    square_metres
        Area of the whole plot; missing where nobody knows it.
    bearing
        Direction from north in which the water lies; None for a point.
    pond_room
        Where in the water part a pond keeps its distance (EPSG:4326), None where it was not
        asked for or there is none.
    """

    parts: gpd.GeoDataFrame
    square_metres: float | None
    bearing: float | None
    pond_room: shapely.Geometry | None = None


def sketch_plot(
    shape: shapely.Geometry | None,
    stated_square_metres: float | None = None,
    *,
    shares: Mapping[str, float] | None = None,
    water_towards: float | None = None,
    setback_metres: float | None = None,
) -> PlotSketch:
    """Divide a plot by the shares of its parts.

    A polygon is cut by parallel lines across its longest axis, exactly to a millionth of its
    area in its UTM zone; of a point only the areas of the parts are known. The sketch is a
    start for the talk on site: it knows nothing of slope, soil or trees.

    Parameters
    ----------
    shape
        Point, Polygon or MultiPolygon (EPSG:4326) or None.
    stated_square_metres
        The area that the register states, for a plot without a polygon.
    shares
        Part → share in the order of layout; 30 : 30 : 30 : 10 of ``plot_parameters.yaml``
        unless given.
    water_towards
        Bearing in degrees of the end where the first part goes, the lowest ground.
    setback_metres
        Distance to keep between a pond and the parcel's boundary, for ``pond_room``.
    """
    wanted = dict(shares or plot_parameters().split.shares)
    whole = float(sum(wanted.values()))
    series = gpd.GeoSeries([shape], crs=GEOGRAPHIC)
    stated = (
        None
        if stated_square_metres is None or pd.isna(stated_square_metres)
        else stated_square_metres
    )
    shapes: list[shapely.Geometry | None] = [None] * len(wanted)
    bearing, room, square_metres = None, None, stated
    if bool(are_polygons(series)[0]):
        _, metres = next(by_zone(series))
        parcel = metres.iloc[0]
        split = split_land(parcel, list(wanted.values()), first_towards=water_towards)
        bearing = split.bearing
        back = gpd.GeoSeries(list(split.parts), crs=metres.crs).to_crs(GEOGRAPHIC)
        shapes = list(back)
        square_metres = float(area_square_metres(series).iloc[0])
        if setback_metres is not None:
            inner = room_inside(parcel, split.parts[0], setback_metres)
            if not shapely.is_empty(inner):
                room = gpd.GeoSeries([inner], crs=metres.crs).to_crs(GEOGRAPHIC).iloc[0]
    table = gpd.GeoDataFrame(
        {
            "part": list(wanted),
            "percent": [share / whole * 100 for share in wanted.values()],
            "square_metres": pd.array(
                [
                    None if square_metres is None else square_metres * share / whole
                    for share in wanted.values()
                ],
                dtype="Float64",
            ),
        },
        geometry=shapes,
        crs=GEOGRAPHIC,
    )
    return PlotSketch(table, square_metres, bearing, room)
