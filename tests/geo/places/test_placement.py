"""Records that do not lie where their code says are found, with how far they are off."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from shapely.geometry import Point, box

from phaenthi.geo.boundaries.reading import read_boundaries
from phaenthi.geo.places.codes import Level, read_codes
from phaenthi.geo.places.names import match_many
from phaenthi.geo.places.placement import VERDICTS, check_placement

WEST, EAST = box(103.0, 16.0, 103.1, 16.1), box(103.1, 16.0, 103.2, 16.1)
AREAS = gpd.GeoDataFrame({"code": ["460101", "460102"]}, geometry=[WEST, EAST], crs=4326)


def test_each_record_is_in_its_area_in_another_or_in_none() -> None:
    points = {
        "home": (Point(103.05, 16.05), "460101"),
        "edge": (Point(103.1, 16.05), "460102"),
        "next door": (Point(103.11, 16.05), "460101"),
        "abroad": (Point(103.05, 16.2), "460101"),
        "no polygon": (Point(103.05, 16.05), "460151"),
        "no point": (None, "460101"),
        "no code": (Point(103.05, 16.05), None),
    }
    index = pd.Index(points)
    where = gpd.GeoSeries([point for point, _ in points.values()], index=index, crs=4326)
    codes = pd.Series([code for _, code in points.values()], index=index)
    check = check_placement(where, codes, AREAS)
    table = check.table
    assert table["verdict"].to_list() == [
        *("inside", "inside", "other_area", "outside", "no_area", "no_point", "no_code")
    ]
    assert table.loc["edge", "found_code"] == "460102"
    assert table.loc["next door", "found_code"] == "460102"
    assert table.loc["home", "distance_metres"] == 0
    geod = pyproj.Geod(ellps="WGS84")
    door = geod.inv(103.1, 16.05, 103.11, 16.05)[2]
    assert table.loc["next door", "distance_metres"] == pytest.approx(door)
    assert table.loc["abroad", "distance_metres"] == pytest.approx(11_066, rel=0.001)
    assert table["distance_metres"].isna().sum() == 3
    assert check.repeated["first"].to_dict() == {
        "next door": "home", "abroad": "home", "no point": "home",
    }  # fmt: skip
    assert sum(check.counts.values()) == len(points)
    assert tuple(check.counts) == VERDICTS
    assert len(check.lines("th")) == 7


@pytest.mark.real_data
def test_the_tambon_offices_are_counted_as_by_an_independent_way(real_data: Path) -> None:
    table = pd.read_csv(real_data / "tables" / "tambon_dopa_latlon.csv", dtype="str")
    areas = read_boundaries(real_data / "country" / "tambon.parquet").table
    codes = read_codes(table["TA_ID"], Level.TAMBON)
    points = gpd.GeoSeries.from_xy(
        table["LONG"].astype(float), table["LAT"].astype(float), crs=4326
    )
    check = check_placement(points, codes, areas)
    assert check.counts == {
        "inside": 7333,
        "other_area": 100,
        "outside": 325,
        "no_area": 10,
        "no_point": 0,
        "no_code": 0,
    }
    # Duplicates by plain Python.
    seen: set[str] = set()
    repeated = sum(code in seen or seen.add(code) is not None for code in table["TA_ID"])
    assert len(check.repeated) == repeated == 404
    # Own area by a ray to the east through every edge (even-odd), without GEOS.
    shapes = dict(zip(areas["code"], areas.geometry, strict=True))
    inside = [
        code in shapes and _ray_crosses_oddly(shapes[code], point.x, point.y)
        for code, point in zip(codes, points, strict=True)
    ]
    assert sum(inside) == 7333
    # In any area at all, by geopandas.
    placed = gpd.sjoin(gpd.GeoDataFrame(geometry=points), areas, predicate="intersects")
    has_area = codes.isin(list(shapes))
    in_any = points.index.isin(placed.index)
    assert (in_any & has_area).sum() == 7333 + 100
    assert (~in_any & has_area).sum() == 325
    # 154 offices of Bangkok are แขวง; all others carry the prefix, and none misleads the match.
    prefixed = table["TAMBON_T"].str.startswith("ต.")
    assert (prefixed.sum(), (~prefixed).sum()) == (7614, 154)
    assert table.loc[~prefixed, "TAMBON_T"].str.startswith("แขวง").all()
    found = match_many(table["TAMBON_T"], Level.TAMBON, codes.str[:4])["code"]
    assert (found == codes).sum() / len(table) > 0.95


def _ray_crosses_oddly(shape: shapely.Geometry, x: float, y: float) -> bool:
    crossings = 0
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        corners = shapely.get_coordinates(ring)
        x0, y0, x1, y1 = *corners[:-1].T, *corners[1:].T
        spans = (y0 > y) != (y1 > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            at = x0 + (y - y0) / (y1 - y0) * (x1 - x0)
        crossings += int((spans & (at > x)).sum())
    return crossings % 2 == 1
