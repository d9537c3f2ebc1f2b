"""Approximate village areas: the land of a tambon that is nearest to each village's point."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.shapes.crs import GEOGRAPHIC

_SAME_POINT_DECIMALS = 6
"""Points that agree to a tenth of a metre are one."""


@dataclass(frozen=True)
class VillageCells:
    """Approximate areas of villages.

    Attributes
    ----------
    table
        code, tambon_code, approximate (always True), geometry (Polygon or MultiPolygon,
        EPSG:4326); sorted by code.
    not_drawn
        code, reason (message id): ``geo.reason.no_point``, ``geo.reason.same_point``,
        ``geo.reason.outside_tambon``, ``geo.reason.no_tambon``; sorted by code.
    """

    table: gpd.GeoDataFrame
    not_drawn: pd.DataFrame


def draw_cells(villages: gpd.GeoDataFrame, tambons: gpd.GeoDataFrame) -> VillageCells:
    """Divide each tambon among its villages: every place goes to the nearest village point.

    Voronoi cells, cut by the tambon of the village's code; nearness is judged in degrees with
    longitude shrunk by the cosine of the latitude. They are no boundaries of anybody's making,
    so they say ``approximate``. Villages of one point cannot be told apart: their cell stays
    blank. The land of villages without a point falls to their neighbours.

    Parameters
    ----------
    villages
        code (8 digits), geometry (Point or missing, any CRS).
    tambons
        code (6 digits), geometry.
    """
    points = villages.geometry.to_crs(GEOGRAPHIC).to_numpy()
    codes = villages["code"].astype("string").reset_index(drop=True)
    of_tambon = parent_code(codes, Level.TAMBON)
    shapes = tambons.to_crs(GEOGRAPHIC).set_index("code").geometry
    own = shapes.reindex(of_tambon).to_numpy()
    nowhere = shapely.is_missing(points) | shapely.is_empty(points)
    places = pd.DataFrame({"x": shapely.get_x(points), "y": shapely.get_y(points)})
    alike = places.round(_SAME_POINT_DECIMALS).duplicated(keep=False).to_numpy()
    reasons = np.select(
        [nowhere, shapely.is_missing(own), ~shapely.intersects(points, own), alike],
        [
            f"geo.reason.{name}"
            for name in ("no_point", "no_tambon", "outside_tambon", "same_point")
        ],
        "",
    )
    seeds = pd.DataFrame({"code": codes, "tambon_code": of_tambon, "reason": reasons})
    seeds["point"] = points
    inside = seeds[seeds["reason"].isin(["", "geo.reason.same_point"])]
    drawn = [
        rows.assign(geometry=_divide(shapes[tambon], rows["point"].to_numpy()))
        for tambon, rows in inside.groupby("tambon_code", sort=True)
    ]
    columns = ["code", "tambon_code", "geometry"]
    cells = pd.concat(drawn) if drawn else pd.DataFrame(columns=[*columns, "reason"])
    table = gpd.GeoDataFrame(cells[cells["reason"] == ""][columns], crs=GEOGRAPHIC)
    table.insert(2, "approximate", np.ones(len(table), dtype=bool))
    missing = seeds.loc[seeds["reason"] != "", ["code", "reason"]]
    return VillageCells(
        table.sort_values("code", ignore_index=True),
        missing.astype("string").sort_values("code", ignore_index=True),
    )


def _divide(tambon: shapely.Geometry, points: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return the part of a tambon nearest to each point; points that agree get the same part."""
    latitude = shapely.get_y(shapely.centroid(tambon))
    shrink = np.array([np.cos(np.radians(latitude)), 1.0])
    places, of_point = np.unique(
        shapely.get_coordinates(points).round(_SAME_POINT_DECIMALS), axis=0, return_inverse=True
    )
    if len(places) == 1:
        return np.array([tambon] * len(points), dtype=object)
    flat = shapely.multipoints(places * shrink)
    around = shapely.transform(shapely.envelope(tambon), partial(np.multiply, shrink))
    diagram = shapely.get_parts(shapely.voronoi_polygons(flat, extend_to=around, ordered=True))
    cells = shapely.transform(diagram, partial(np.multiply, 1 / shrink))
    return np.asarray(shapely.intersection(cells, tambon)[of_point.ravel()], dtype=object)
