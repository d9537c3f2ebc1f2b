"""Boundary sets of any naming come to one shape; what was mended or left out is told."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from phaenthi.geo.boundaries.reading import (
    compare_with_gazetteer,
    dissolve,
    read_boundaries,
    simplify,
)
from phaenthi.geo.places.codes import Level
from phaenthi.geo.shapes.crs import area_square_metres
from phaenthi.wording import Problem

WEST, EAST = box(103.0, 16.0, 103.1, 16.1), box(103.1, 16.0, 103.2, 16.1)
BOW_TIE = Polygon([(103.2, 16.0), (103.3, 16.1), (103.3, 16.0), (103.2, 16.1)])


def write(tmp_path: Path, columns: dict[str, list[object]], *shapes: object) -> Path:
    path = tmp_path / "boundaries.geojson"
    table = gpd.GeoDataFrame(columns, geometry=list(shapes or (WEST, EAST)), crs="EPSG:4326")
    table.to_file(path)
    return path


@pytest.mark.parametrize(
    ("columns", "level"),
    [
        (
            {
                "ADM3_PCODE": ["TH460101", "TH460102"],
                "ADM3_TH": ["กาฬสินธุ์", "เหนือ"],
                "ADM3_EN": ["Kalasin", "Nuea"],
                "ADM2_PCODE": ["TH4601", "TH4601"],
            },
            Level.TAMBON,
        ),
        (
            {
                "CC_3": ["460101", "460102"],
                "NL_NAME_3": ["กาฬสินธุ์", "เหนือ"],
                "NAME_3": ["Kalasin", "Nuea"],
                "CC_2": ["4601", "4601"],
            },
            Level.TAMBON,
        ),
        (
            {
                "TAMBON_IDN": [460101, 460102],
                "TAM_CODE": ["01", "02"],
                "TAM_NAM_T": ["กาฬสินธุ์", "เหนือ"],
            },
            Level.TAMBON,
        ),
        (
            {
                "PROV_CODE": [46, 46],
                "AMP_CODE": [1, 1],
                "TAM_CODE": [1, 2],
                "TAM_NAMT": ["กาฬสินธุ์", "เหนือ"],
            },
            Level.TAMBON,
        ),
        ({"tam_code": ["460101", "460102"], "tam_th": ["กาฬสินธุ์", "เหนือ"]}, Level.TAMBON),
        ({"A_CODE": ["4601", "4602"], "P_CODE": ["46", "46"]}, Level.AMPHOE),
        ({"amp_code": ["4601", "4602"], "pro_code": ["46", "46"]}, Level.AMPHOE),
        ({"pro_code": ["46", "31"], "pro_th": ["กาฬสินธุ์", "บุรีรัมย์"]}, Level.PROVINCE),
        ({"code": ["460101", "460102"], "name_th": ["กาฬสินธุ์", None]}, Level.TAMBON),
    ],
)
def test_every_naming_comes_to_one_shape(
    tmp_path: Path, columns: dict[str, list[object]], level: Level
) -> None:
    reading = read_boundaries(write(tmp_path, columns))
    table = reading.table
    assert list(table.columns) == ["code", "name_th", "name_en", "geometry"]
    assert table.crs.to_epsg() == 4326
    assert reading.report.level is level
    assert table["code"].str.len().eq(level.digits).all()
    assert table["code"].is_monotonic_increasing
    assert table[["name_th", "name_en"]].notna().all(axis=None)


def test_names_that_the_file_lacks_come_from_the_gazetteer(tmp_path: Path) -> None:
    table = read_boundaries(write(tmp_path, {"amp_code": ["4602", "4601"]})).table
    assert table["name_th"].to_list() == ["เมืองกาฬสินธุ์", "นามน"]


def test_a_boundary_file_without_codes_is_refused_with_its_columns(tmp_path: Path) -> None:
    path = write(tmp_path, {"NAME": ["ก", "ข"], "tam_code": ["x", "y"]})
    with pytest.raises(Problem, match="NAME, tam_code") as problem:
        read_boundaries(path)
    assert problem.value.message_id == "geo.boundary_without_codes"
    assert "ไม่มีคอลัมน์รหัส" in problem.value.sentence("th")


def test_a_file_of_another_level_than_the_one_wanted_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, {"pro_code": ["46", "31"]})
    with pytest.raises(Problem) as problem:
        read_boundaries(path, Level.TAMBON)
    assert problem.value.message_id == "geo.boundary_without_codes"
    assert len(read_boundaries(path, Level.PROVINCE).table) == 2


def test_records_without_a_code_or_an_area_are_set_aside_with_their_number(tmp_path: Path) -> None:
    columns = {"tam_code": ["460101", "46010", "460103", "460104"]}
    report = read_boundaries(write(tmp_path, columns, WEST, EAST, Point(103, 16), None)).report
    assert (report.rows_read, report.rows_kept) == (4, 1)
    assert report.set_aside.to_dict("records") == [
        {"row": 2, "column": "tam_code", "found": "46010", "reason": "geo.reason.code_unreadable"},
        {"row": 3, "column": "tam_code", "found": "460103", "reason": "geo.reason.no_area"},
        {"row": 4, "column": "tam_code", "found": "460104", "reason": "geo.reason.no_area"},
    ]
    assert "พักไว้ 3 แถว: แถวที่ 2, 3, 4" in report.lines("th")


def test_a_file_of_points_with_codes_is_no_boundary_file(tmp_path: Path) -> None:
    path = write(tmp_path, {"tam_code": ["460101", "460102"]}, Point(103, 16), Point(103, 17))
    with pytest.raises(Problem, match="both a code and an area"):
        read_boundaries(path)


def test_a_shape_that_crosses_itself_is_repaired_and_reported(tmp_path: Path) -> None:
    reading = read_boundaries(write(tmp_path, {"tam_code": ["460101", "460102"]}, WEST, BOW_TIE))
    assert reading.table.is_valid.all()
    assert reading.table.geom_type.to_list() == ["Polygon", "MultiPolygon"]
    [repair] = reading.report.repaired.to_dict("records")
    assert repair["code"] == "460102"
    assert repair["reason"].startswith("Self-intersection")
    expected = area_square_metres(reading.table)[1]
    assert repair["square_metres_after"] == pytest.approx(expected)


def test_a_collection_keeps_its_areas_and_loses_its_lines(tmp_path: Path) -> None:
    both = shapely.GeometryCollection([WEST, LineString([(103, 16), (104, 17)])])
    table = read_boundaries(write(tmp_path, {"tam_code": ["460101"]}, both)).table
    assert table.geometry[0].equals(WEST)


def test_an_area_in_several_records_is_joined_and_reported(tmp_path: Path) -> None:
    columns = {"tam_code": ["460101", "460101"], "tam_th": ["กาฬสินธุ์", "ตลาด"]}
    reading = read_boundaries(write(tmp_path, columns))
    assert reading.table.geometry[0].equals(WEST.union(EAST))
    assert reading.table["name_th"].to_list() == ["กาฬสินธุ์"]
    assert reading.report.merged.to_dict("records") == [
        {"code": "460101", "rows": 2, "names": "กาฬสินธุ์ / ตลาด"}
    ]


def test_abolished_and_unknown_codes_are_kept_and_reported(tmp_path: Path) -> None:
    reading = read_boundaries(write(tmp_path, {"amp_code": ["4303", "4699"]}))
    assert reading.table["code"].to_list() == ["4303", "4699"]
    unknown = reading.report.unknown.set_index("code")
    assert unknown.loc["4303", "successors"] == ["3801"]
    assert pd.isna(unknown.loc["4699", "abolished_on"])
    comparison = compare_with_gazetteer(reading.table, Level.AMPHOE, province="43")
    assert comparison.abolished["code"].to_list() == ["4303"]
    assert comparison.unknown.empty
    assert comparison.missing["code"].str.startswith("43").all()
    assert any("4303, 4699" in line for line in reading.report.lines("en"))


def test_swapped_coordinates_are_put_right_with_a_note(tmp_path: Path) -> None:
    shapes = [shapely.transform(shape, lambda places: places[:, ::-1]) for shape in (WEST, EAST)]
    reading = read_boundaries(write(tmp_path, {"tam_code": ["460101", "460102"]}, *shapes))
    assert reading.table.geometry[0].equals(WEST)
    assert "ลองจิจูดกับละติจูดในแฟ้มสลับกัน" in reading.report.lines("th")[-1]


def test_areas_in_metres_come_out_in_degrees(tmp_path: Path) -> None:
    path = tmp_path / "metres.gpkg"
    table = gpd.GeoDataFrame({"tam_code": ["460101"]}, geometry=[WEST], crs="EPSG:4326")
    table.to_crs("EPSG:32648").to_file(path)
    found = read_boundaries(path).table
    assert found.total_bounds == pytest.approx(WEST.bounds, abs=1e-6)


def test_tambons_dissolve_into_their_amphoe(tmp_path: Path) -> None:
    columns = {"tam_code": ["460102", "460101", "460201"]}
    shapes = (WEST, EAST, MultiPolygon([box(103.2, 16, 103.3, 16.1), box(104, 16, 104.1, 16.1)]))
    tambons = read_boundaries(write(tmp_path, columns, *shapes)).table
    amphoe = dissolve(tambons, Level.AMPHOE)
    assert amphoe["code"].to_list() == ["4601", "4602"]
    assert amphoe["name_th"].to_list() == ["เมืองกาฬสินธุ์", "นามน"]
    assert list(amphoe.columns) == list(tambons.columns)
    assert amphoe.crs == tambons.crs
    assert amphoe.geometry[0].equals(WEST.union(EAST))
    assert dissolve(tambons, Level.PROVINCE)["name_en"].to_list() == ["Kalasin"]


def test_simplified_neighbours_still_share_their_edge() -> None:
    wavy = [(103.1 + 0.001 * (n % 2), 16 + n / 100) for n in range(11)]
    areas = gpd.GeoDataFrame(
        {"code": ["460101", "460102"]},
        geometry=[
            Polygon([*wavy, (103.0, 16.1), (103.0, 16.0)]),
            Polygon([*wavy, (103.2, 16.1), (103.2, 16.0)]),
        ],
        crs="EPSG:4326",
    )
    simple = simplify(areas, 0.01)
    count = shapely.get_num_coordinates
    assert count(simple.geometry).sum() < count(areas.geometry).sum()
    assert shapely.coverage_is_valid(simple.geometry.to_numpy())
    assert count(areas.geometry[0]) == 14  # what was given stays as it was


def test_areas_that_overlap_are_simplified_each_by_itself() -> None:
    areas = gpd.GeoDataFrame({"code": ["1", "2"]}, geometry=[WEST, WEST.buffer(0.01)], crs=4326)
    simple = simplify(areas, 0.005)
    assert simple.is_valid.all()
    assert shapely.get_num_coordinates(simple.geometry[1]) < 20


# Real sets


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "tambons", "amphoe"),
    [("42_loei", 90, 14), ("31_buriram", 189, 23), ("83_phuket", 17, 3)],
)
def test_full_resolution_provinces_are_whole(
    real_data: Path, name: str, tambons: int, amphoe: int
) -> None:
    code = name[:2]
    reading = read_boundaries(real_data / "provinces" / f"{name}_tambon_full.zip")
    assert (reading.report.level, reading.report.rows_kept) == (Level.TAMBON, tambons)
    comparison = compare_with_gazetteer(reading.table, Level.TAMBON, code)
    assert (len(comparison.missing), len(comparison.abolished), len(comparison.unknown)) == (
        0,
        0,
        0,
    )
    above = read_boundaries(real_data / "provinces" / f"{name}_amphoe_full.zip").table
    dissolved = dissolve(reading.table, Level.AMPHOE)
    assert dissolved["code"].to_list() == above["code"].to_list()
    assert len(above) == amphoe
    apart = shapely.area(shapely.symmetric_difference(dissolved.geometry, above.geometry))
    assert (apart / shapely.area(above.geometry)).max() < 1e-3
    simple = simplify(reading.table, 0.002)
    assert simple.is_valid.all()
    assert shapely.coverage_is_valid(simple.geometry.to_numpy())


@pytest.mark.real_data
def test_kalasin_is_whole_in_the_country_file(real_data: Path) -> None:
    reading = read_boundaries(real_data / "country" / "tambon.parquet")
    kalasin = compare_with_gazetteer(reading.table, Level.TAMBON, "46")
    assert kalasin.missing.empty
    assert reading.table["code"].str.startswith("46").sum() == 135
    country = compare_with_gazetteer(reading.table, Level.TAMBON)
    assert len(country.missing) == 14
    assert country.abolished["code"].to_list() == ["104701", "105001", "530306"]


@pytest.mark.real_data
def test_the_broken_polygon_of_don_sak_is_repaired_and_reported(real_data: Path) -> None:
    reading = read_boundaries(real_data / "originals" / "tha_admbnda_adm2_shapefile.zip")
    [repair] = reading.report.repaired.to_dict("records")
    assert repair["code"] == "8403"
    assert "99.7412" in repair["reason"]
    assert repair["square_metres_after"] == pytest.approx(repair["square_metres_before"], rel=1e-3)
    assert reading.table.is_valid.all()
    assert len(reading.table) == 928


@pytest.mark.real_data
def test_kml_and_opengisdata_are_read_as_boundaries(real_data: Path) -> None:
    folder = real_data / "originals"
    assert len(read_boundaries(folder / "83_phuket_tambon.kml").table) == 17
    provinces = read_boundaries(folder / "provinces_opengisdata.geojson")
    assert provinces.report.level is Level.PROVINCE
    assert compare_with_gazetteer(provinces.table, Level.PROVINCE).missing.empty


@pytest.mark.real_data
def test_health_areas_are_no_boundaries(real_data: Path) -> None:
    with pytest.raises(Problem, match="HC_AREA"):
        read_boundaries(real_data / "originals" / "bangkok_health_area_cp874_utm47n.zip")
