"""Every file of a folder is read, left to others or refused, and a table says which and why."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point, box

from phaenthi.geo.boundaries.inspection import COLUMNS, inspect_folder
from phaenthi.wording import Problem


def test_a_folder_is_told_file_by_file_and_layer_by_layer(tmp_path: Path) -> None:
    areas = gpd.GeoDataFrame({"tam_code": ["460101"]}, geometry=[box(103, 16, 104, 17)], crs=4326)
    villages = gpd.GeoDataFrame({"code": ["46010101"]}, geometry=[Point(103, 16)], crs=4326)
    (tmp_path / "sub").mkdir()
    areas.to_file(tmp_path / "sub" / "areas.shp")
    areas.to_file(tmp_path / "two.gpkg", layer="areas")
    villages.to_file(tmp_path / "two.gpkg", layer="villages")
    (tmp_path / "list.xlsx").write_text("x")
    (tmp_path / "broken.geojson").write_text("{")
    (tmp_path / ".hidden.geojson").write_text("{")
    table = inspect_folder(tmp_path, "en")
    assert list(table.columns) == COLUMNS
    found = table[["file", "layer", "outcome", "crs", "rows", "level"]].astype("object")
    assert found.where(found.notna(), None).to_numpy().tolist() == [
        ["broken.geojson", None, "refused", None, None, None],
        ["list.xlsx", None, "not_a_map", None, None, None],
        ["sub/areas.shp", None, "read", "EPSG:4326", 1, "tambon"],
        ["two.gpkg", "areas", "read", "EPSG:4326", 1, "tambon"],
        ["two.gpkg", "villages", "read", "EPSG:4326", 1, "village"],
    ]
    assert table["refusal"].notna().to_list() == [True, True, False, False, False]
    assert "broken.geojson" in table["refusal"][0]


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no such folder"):
        inspect_folder(tmp_path / "absent")


def test_an_empty_folder_gives_an_empty_table(tmp_path: Path) -> None:
    assert inspect_folder(tmp_path).empty


ENCODING_FOUND, BY_CODE_PAGE = "found out from the file itself", ""
# file: driver, encoding, EPSG, rows, level, words that its notes hold
ORIGINALS = {
    "83_phuket_amphoe.kml": ("KML", "utf-8", 4326, 3, "amphoe", "3 used"),
    "83_phuket_tambon.kml": ("KML", "utf-8", 4326, 17, "tambon", "17 used"),
    "TH_VILLAGE2012.zip": ("ESRI Shapefile", "utf-8", 4326, 65213, None, ENCODING_FOUND),
    "bangkok_bike_way_cp874_utm47n.zip": ("ESRI Shapefile", "cp874", 32647, 31, None, ""),
    "bangkok_health_area_cp874_utm47n.zip": ("ESRI Shapefile", "cp874", 32647, 68, None, ""),
    "bangkok_hospital.zip": ("ESRI Shapefile", "utf-8", 4326, 121, None, ""),
    "bangkok_land_value_cp874_utm47n.zip": ("ESRI Shapefile", "cp874", 32647, 834, None, ""),
    "provinces_opengisdata.geojson": ("GeoJSON", "utf-8", 4326, 77, "province", "77 used"),
    "tha_admbnda_adm2_shapefile.zip": (
        *("ESRI Shapefile", "utf-8", 4326, 928, "amphoe"),
        "1 areas with a broken shape repaired: 8403",
    ),
    "tha_admbnda_adm2_topojson.json.gz": (
        *("TopoJSON", "utf-8", 4326, 928, "amphoe"),
        "it was taken as EPSG:4326",
    ),
    "tha_admbnda_adm3_rtsd_20220121.zip": (
        *("ESRI Shapefile", "utf-8", 4326, 7425, "tambon"),
        "not in today's gazetteer (kept): 104701, 105001, 530306",
    ),
}
PROVINCES = {
    "31_buriram_amphoe_full.zip": (23, "amphoe"),
    "31_buriram_tambon_full.zip": (189, "tambon"),
    "42_loei_amphoe_full.zip": (14, "amphoe"),
    "42_loei_tambon_full.zip": (90, "tambon"),
    "46_kalasin_amphoe_full.zip": (18, "amphoe"),
    "83_phuket_amphoe_full.zip": (3, "amphoe"),
    "83_phuket_tambon_full.zip": (17, "tambon"),
}


@pytest.mark.real_data
def test_every_original_file_is_read_as_what_it_is(real_data: Path) -> None:
    table = inspect_folder(real_data / "originals", "en").set_index("file")
    workbook = table.loc["46_kalasin_tambon.xlsx"]
    assert workbook["outcome"] == "not_a_map"
    assert "import it as one" in workbook["refusal"]
    read = table[table["outcome"] == "read"]
    assert set(read.index) == set(ORIGINALS)
    for name, (driver, encoding, epsg, rows, level, words) in ORIGINALS.items():
        found = read.loc[name]
        assert (found["driver"], found["encoding"], found["crs"], found["rows"]) == (
            driver,
            encoding,
            f"EPSG:{epsg}",
            rows,
        ), name
        assert (None if pd.isna(found["level"]) else found["level"]) == level, name
        assert words in found["notes"], name


@pytest.mark.real_data
def test_every_full_resolution_file_is_read_without_a_repair(real_data: Path) -> None:
    table = inspect_folder(real_data / "provinces", "en").set_index("file")
    assert table["outcome"].eq("read").all()
    found = {name: (row["rows"], row["level"]) for name, row in table.iterrows()}
    assert found == PROVINCES
    assert table["crs"].eq("EPSG:4326").all()
    assert not table["notes"].str.contains("repaired|set aside|joined|gazetteer").any()
