"""A coordinate system that cannot be right is mended where that is certain, else asked for."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from shapely.geometry import Point

from phaenthi.geo.places.extents import EXTENTS, in_province
from phaenthi.geo.vectors.files import VectorFile, read
from phaenthi.wording import Problem

KALASIN, TAK = [Point(103.5, 16.4), Point(103.6, 16.5)], [Point(98.9, 16.9), Point(98.95, 16.8)]
CODES = {"tam_code": ["460101", "460102"]}


def to_indian_1975(table: gpd.GeoDataFrame, zone: str) -> gpd.GeoDataFrame:
    """Move points to the old datum by the transformation of the EPSG register itself."""
    shift = pyproj.Transformer.from_pipeline("EPSG:1304")  # takes and gives latitude first
    latitude, longitude = shift.transform(table.geometry.y, table.geometry.x, direction="INVERSE")
    return table.set_geometry(gpd.points_from_xy(longitude, latitude), crs=4240).to_crs(zone)


def file_of(
    tmp_path: Path,
    points: list[Point],
    columns: dict[str, list[str]],
    *,
    stored: str = "EPSG:4326",
    declared: str | None = None,
    swapped: bool = False,
) -> Path:
    """Write points in one system under the name of another."""
    table = gpd.GeoDataFrame(columns or {"a": ["1"] * len(points)}, geometry=points, crs=4326)
    old = stored.startswith("EPSG:240")
    table = to_indian_1975(table, stored) if old else table.to_crs(stored)
    if swapped:
        table["geometry"] = shapely.transform(table.geometry.array, lambda p: p[:, ::-1])
    path = tmp_path / "a.shp"
    table.set_crs(declared or stored, allow_override=True).to_file(path)
    if declared is None:
        path.with_suffix(".prj").unlink()
    return path


def places(file: VectorFile) -> list[tuple[float, float]]:
    points = file.table.to_crs(4326).geometry
    return [(round(x, 4), round(y, 4)) for x, y in zip(points.x, points.y, strict=True)]


RIGHT = [(103.5, 16.4), (103.6, 16.5)]


@pytest.mark.parametrize("system", ["EPSG:4326", "EPSG:32647", "EPSG:32648"])
def test_a_declared_system_that_fits_is_kept_without_a_word(tmp_path: Path, system: str) -> None:
    file = read(file_of(tmp_path, KALASIN, CODES, stored=system, declared=system))
    assert f"EPSG:{file.table.crs.to_epsg()}" == system
    assert file.notes == ()
    assert places(file) == RIGHT


@pytest.mark.parametrize("system", ["EPSG:24047", "EPSG:24048"])
def test_indian_1975_comes_out_in_wgs_84_where_it_belongs(tmp_path: Path, system: str) -> None:
    file = read(file_of(tmp_path, KALASIN, CODES, stored=system, declared=system))
    assert file.table.crs.to_epsg() == 4326
    assert places(file) == RIGHT
    assert [note.message_id for note in file.notes] == ["geo.note.indian_1975"]


def test_indian_1975_is_about_450_metres_from_wgs_84(tmp_path: Path) -> None:
    """The rule that surveyors use: 330 m west and 303 m north, to a few metres."""
    file = read(file_of(tmp_path, TAK, {}, stored="EPSG:32647", declared="EPSG:24047"))
    moved = file.table.to_crs(32647).geometry
    there = gpd.GeoSeries(TAK, crs=4326).to_crs(32647)
    assert (moved.x - there.x).to_list() == pytest.approx([-330] * 2, abs=10)
    assert (moved.y - there.y).to_list() == pytest.approx([303] * 2, abs=10)


@pytest.mark.parametrize(
    ("stored", "declared", "swapped", "note"),
    [
        ("EPSG:4326", "EPSG:4326", True, "swapped"),
        ("EPSG:4326", None, True, "swapped"),
        ("EPSG:4326", None, False, "crs_assumed"),
        ("EPSG:32648", "EPSG:32648", True, "swapped"),
        ("EPSG:32648", "EPSG:32647", False, "other_zone"),
        ("EPSG:24048", "EPSG:24047", False, "other_zone"),
        ("EPSG:32648", "EPSG:32647", True, "other_zone"),
        ("EPSG:32648", "EPSG:4326", False, "metres_in_degrees"),
        ("EPSG:4326", "EPSG:32648", False, "degrees_in_metres"),
        ("EPSG:4326", "EPSG:32647", True, "degrees_in_metres"),
    ],
)
def test_usual_mistakes_are_mended_where_codes_tell_the_place(
    tmp_path: Path, stored: str, declared: str | None, swapped: bool, note: str
) -> None:
    path = file_of(tmp_path, KALASIN, CODES, stored=stored, declared=declared, swapped=swapped)
    file = read(path)
    assert file.notes[0].message_id == f"geo.note.{note}"
    assert places(file) == RIGHT
    for remark in file.notes:
        assert remark.sentence("th") != remark.sentence("en")


def test_without_codes_only_an_impossible_zone_is_mended(tmp_path: Path) -> None:
    near_edge = [Point(102.1, 17.4), Point(102.3, 17.5)]  # in zone 47 this would be Myanmar
    file = read(file_of(tmp_path, near_edge, {}, stored="EPSG:32648", declared="EPSG:32647"))
    assert file.notes[0].message_id == "geo.note.other_zone"
    believed = read(file_of(tmp_path, KALASIN, {}, stored="EPSG:32648", declared="EPSG:32647"))
    assert believed.notes == ()  # 97.5 E 16.4 N: nothing in the file speaks against it


@pytest.mark.parametrize("stored", ["EPSG:32647", "EPSG:24048"])
def test_metres_without_a_prj_are_asked_for(tmp_path: Path, stored: str) -> None:
    points = TAK if stored == "EPSG:32647" else KALASIN
    path = file_of(tmp_path, points, {}, stored=stored)
    with pytest.raises(Problem) as problem:
        read(path)
    assert problem.value.message_id == "geo.crs_missing_metres"
    assert "EPSG:24047" in problem.value.sentence("th")
    told = read(path, crs=stored)
    assert places(told) == [(p.x, p.y) for p in points]


def test_metres_said_to_be_degrees_are_asked_for_where_two_zones_fit(tmp_path: Path) -> None:
    path = file_of(tmp_path, KALASIN, {}, stored="EPSG:32648", declared="EPSG:4326")
    with pytest.raises(Problem) as problem:
        read(path)
    assert problem.value.message_id == "geo.metres_in_degrees"
    assert places(read(path, crs="EPSG:32648")) == RIGHT


def test_a_system_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    path = file_of(tmp_path, KALASIN, {}, stored="EPSG:32648")
    with pytest.raises(Problem, match="EPSG:999999"):
        read(path, crs="EPSG:999999")


def test_a_system_without_a_known_datum_is_refused(tmp_path: Path) -> None:
    path = file_of(tmp_path, KALASIN, {}, stored="EPSG:32648", declared="EPSG:32648")
    prj = path.with_suffix(".prj")
    prj.write_text(prj.read_text().replace("WGS_1984", "Somewhere").replace("6378137", "6377000"))
    with pytest.raises(Problem) as problem:
        read(path)
    assert problem.value.message_id == "geo.crs_unusable"


def test_a_file_of_another_country_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="outside Thailand"):
        read(file_of(tmp_path, [Point(10, 50)], {}, declared="EPSG:4326"))


def test_single_swapped_and_foreign_records_are_told_with_their_rows(tmp_path: Path) -> None:
    points = [*KALASIN, *TAK, Point(16.4, 103.5), Point(0, 0)]
    file = read(file_of(tmp_path, points, {}, declared="EPSG:4326"))
    assert places(file)[4] == RIGHT[0]
    told = {note.message_id: dict(note.values) for note in file.notes}
    assert told == {
        "geo.note.some_swapped": {"count": 1, "list": "5"},
        "geo.note.outside_thailand": {"count": 1, "list": "6"},
    }


def test_codes_that_no_system_puts_right_are_told(tmp_path: Path) -> None:
    codes = {"tam_code": ["830101", "830102", "460101"]}
    file = read(file_of(tmp_path, [*KALASIN, Point(103.5, 16.45)], codes, declared="EPSG:4326"))
    assert [note.message_id for note in file.notes] == ["geo.note.codes_elsewhere"]
    assert file.notes[0].values["count"] == 2


def test_heights_survive_a_swap(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    gpd.GeoDataFrame({"a": [1]}, geometry=[Point(16.4, 103.5, 150)], crs=4326).to_file(path)
    assert read(path).table.geometry[0].z == 150


def test_a_file_without_any_shape_keeps_its_records(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    nothing = gpd.GeoDataFrame({"a": [1]}, geometry=[None], crs=32647)
    nothing.to_file(path)
    assert len(read(path).table) == 1


@pytest.mark.real_data
def test_every_province_lies_in_its_extent(real_data: Path) -> None:
    provinces = gpd.read_parquet(real_data / "country" / "province.parquet")
    codes = provinces["ADM1_PCODE"].str[2:]
    bounds = provinces.geometry.bounds
    assert set(codes) == set(EXTENTS)
    for x, y in (("minx", "miny"), ("maxx", "maxy")):
        assert in_province(bounds[x].to_numpy(), bounds[y].to_numpy(), codes).all()
    moved = provinces.geometry.to_crs(32647).set_crs(32648, allow_override=True).to_crs(4326)
    centre = moved.representative_point()
    assert not in_province(np.array(centre.x), np.array(centre.y), codes).any()
