"""Files are read with their Thai intact, and written so that others read the same."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapefile
from shapely.geometry import LineString, Point, box

from phaenthi.geo.vectors.files import Field, read, write_geopackage, write_shapefile
from phaenthi.geo.vectors.records import records_of
from phaenthi.geo.vectors.reopening import Difference, first_difference
from phaenthi.wording import Problem

FIELDS = [
    Field("village_code", "VILL_CODE", "รหัสหมู่บ้าน", "village code"),
    Field("name_th", "NAME_TH", "ชื่อหมู่บ้าน", "name of the village"),
    Field("households", "HOUSEHOLDS", "ครัวเรือน", "households", "ครัวเรือน"),
    Field("need", "NEED", "คะแนน", "need"),
    Field("usable", "USABLE", "ใช้ได้", "usable"),
    Field("decided_on", "DECIDED", "วันที่", "decided on"),
]


@pytest.fixture
def villages() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "village_code": pd.array(["46010203", "46010204", "46010205"], dtype="string"),
            "name_th": ["บ้านน้ำเกลี้ยง", "", None],
            "households": pd.array([120, None, 3], dtype="Int64"),
            "need": [1 / 3, 12.0, None],
            "usable": pd.array([True, None, False], dtype="boolean"),
            "decided_on": pd.to_datetime(["2020-01-31", None, "2020-02-29"]),
            "left_behind": [1, 2, 3],
        },
        geometry=[Point(103.123456789, 16.4), None, Point(103.2, 16.5)],
        crs="EPSG:4326",
        index=[10, 10, 12],
    )


@pytest.mark.parametrize("encoding", ["utf-8", "cp874"])
def test_an_exported_shapefile_reads_back_in_two_readers(
    villages: gpd.GeoDataFrame, tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "targets.zip"
    report = write_shapefile(villages, path, FIELDS, encoding=encoding)
    assert (report.path, report.rows, len(report.truncated)) == (path, 3, 0)
    first = gpd.read_file(path, layer="targets")
    assert list(first.columns[:-1]) == [field.short_name for field in FIELDS]
    assert first["NAME_TH"][0] == "บ้านน้ำเกลี้ยง"
    assert first.crs.to_epsg() == 4326
    with shapefile.Reader(str(path)) as second:
        rows = [record.as_dict() for record in second.records()]
    assert [row["NAME_TH"].strip() for row in rows] == ["บ้านน้ำเกลี้ยง", "", ""]
    assert [row["HOUSEHOLDS"] for row in rows] == [120, None, 3]
    assert [row["VILL_CODE"] for row in rows] == villages["village_code"].to_list()
    assert rows[0]["DECIDED"] == "2020-01-31"
    assert rows[0]["USABLE"] == 1


def test_the_zip_holds_the_code_page_and_the_bilingual_dictionary(
    villages: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "หมู่บ้านเป้าหมาย.zip"
    write_shapefile(villages, path, FIELDS)
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert all(name.isascii() for name in names)
        assert archive.read("layer.cpg") == b"UTF-8"
        dictionary = archive.read("fields.csv").decode("utf-8-sig")
    assert "VILL_CODE,village_code,รหัสหมู่บ้าน,village code," in dictionary
    assert list(tmp_path.iterdir()) == [path]


def test_a_long_thai_text_is_cut_between_letters_and_reported(
    villages: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    villages["name_th"] = ["ก้" * 100, "สั้น", "เก้า" * 30]
    report = write_shapefile(villages, tmp_path / "a.zip", FIELDS)
    assert report.truncated.to_dict("records") == [
        {"row": 1, "column": "name_th", "bytes": 600},
        {"row": 3, "column": "name_th", "bytes": 360},
    ]
    back = read(tmp_path / "a.zip").table
    assert back["NAME_TH"][0] == "ก้" * 42
    assert back["NAME_TH"][2] == "เก้า" * 21


def test_a_letter_that_the_encoding_lacks_is_refused_with_its_record(
    villages: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    villages["name_th"] = ["ก", "ข", "บ้าน𝒙"]
    with pytest.raises(Problem, match="row 3 column name_th"):
        write_shapefile(villages, tmp_path / "a.zip", FIELDS, encoding="cp874")
    assert not (tmp_path / "a.zip").exists()


def test_villages_without_any_place_can_still_be_exported(
    villages: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    nowhere = villages.set_geometry(gpd.GeoSeries([None] * 3, crs=4326, index=villages.index))
    write_shapefile(nowhere, tmp_path / "a.zip", FIELDS)
    write_geopackage(nowhere, tmp_path / "a.gpkg", "หมู่บ้าน", FIELDS)
    assert read(tmp_path / "a.zip").table.geometry.isna().all()


def test_polygons_of_one_and_of_several_parts_go_into_one_file(tmp_path: Path) -> None:
    island = box(98, 8, 98.1, 8.1)
    areas = gpd.GeoDataFrame(
        {"name_th": ["เกาะ", "หมู่เกาะ"]},
        geometry=[island, island.union(box(98.5, 8, 98.6, 8.1))],
        crs="EPSG:4326",
    )
    for write in (
        lambda: write_shapefile(areas, tmp_path / "a.zip", FIELDS[1:2]),
        lambda: write_geopackage(areas, tmp_path / "a.gpkg", "islands", FIELDS[1:2]),
    ):
        assert write().rows == 2


def test_nothing_is_not_exported(villages: gpd.GeoDataFrame, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no record to export"):
        write_shapefile(villages.iloc[:0], tmp_path / "a.zip", FIELDS)


def test_points_and_lines_do_not_go_into_one_file(tmp_path: Path) -> None:
    mixed = gpd.GeoDataFrame(
        {"name_th": ["ก", "ข"]}, geometry=[Point(1, 1), LineString([(0, 0), (1, 1)])], crs=4326
    )
    with pytest.raises(Problem, match="LineString, Point"):
        write_shapefile(mixed, tmp_path / "a.zip", FIELDS[1:2])


def test_a_geopackage_keeps_long_names_types_and_its_dictionary(
    villages: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "แผน.gpkg"
    write_geopackage(villages, path, "หมู่บ้านเป้าหมาย", FIELDS)
    back = gpd.read_file(path, layer="หมู่บ้านเป้าหมาย")
    assert list(back.columns[:-1]) == [field.column for field in FIELDS]
    assert back["name_th"][1] == ""
    assert pd.isna(back["name_th"][2])
    dictionary = gpd.read_file(path, layer="fields")
    assert dictionary.iloc[0, :4].to_list() == [
        "VILL_CODE",
        "village_code",
        "รหัสหมู่บ้าน",
        "village code",
    ]
    assert list(tmp_path.iterdir()) == [path]


def test_an_export_that_does_not_read_back_is_not_kept(
    villages: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "a.zip"
    path.write_text("the old file")
    villages["need"] = [1e300, 1.0, 2.0]  # a DBF has no room for it
    with (
        pytest.warns(RuntimeWarning, match="not successfully written"),
        pytest.raises(Problem, match=r"row 1 column NEED.*does not read back"),
    ):
        write_shapefile(villages, path, FIELDS)
    assert path.read_text() == "the old file"


def test_a_field_name_that_a_dbf_would_cut_is_refused() -> None:
    for name in ("ชื่อ", "HOUSEHOLDS1", "1ST", "A B", ""):
        with pytest.raises(ValueError, match="field name"):
            Field("column", name, "", "")


def test_a_dictionary_that_does_not_fit_the_table_is_refused(
    villages: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="same short name"):
        write_shapefile(villages, tmp_path / "a.zip", [*FIELDS, FIELDS[0]])
    with pytest.raises(ValueError, match="absent"):
        write_shapefile(villages, tmp_path / "a.zip", [Field("absent", "A", "", "")])


def test_every_kind_of_difference_is_found(villages: gpd.GeoDataFrame) -> None:
    table = villages.reset_index(drop=True)

    def difference(changed: gpd.GeoDataFrame) -> Difference | None:
        return first_difference(records_of(table), records_of(changed))

    assert difference(table.copy()) is None
    for column, value in (("name_th", "x"), ("households", 4), ("need", 12.0001)):
        changed = table.copy()
        changed.loc[2, column] = value
        found = difference(changed)
        assert found is not None
        assert (found.what, found.row, found.column) == ("values", 3, column)
    moved = table.copy()
    moved.loc[0, "geometry"] = Point(103.123456788, 16.4)
    found = difference(moved)
    assert found is not None
    assert (found.what, found.row) == ("geometry", 1)
    renamed = difference(table.rename(columns={"need": "nee"}))
    assert renamed is not None
    assert renamed.what.startswith("names")
    assert difference(table.iloc[:2]) is not None
    assert difference(table.to_crs("EPSG:32648")) is not None


# Reading


@pytest.fixture
def zipped(villages: gpd.GeoDataFrame, tmp_path: Path) -> Path:
    path = tmp_path / "villages.zip"
    write_shapefile(villages, path, FIELDS)
    return path


def repack(path: Path, new: Path, keep: str, rename: str = "{}") -> Path:
    """Copy a zip with only the members whose suffix is in ``keep``."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(new, "w") as archive:
        for name in old.namelist():
            if Path(name).suffix in keep.split():
                archive.writestr(rename.format(name), old.read(name))
    return new


def test_a_truncated_zip_is_refused_in_plain_words(zipped: Path) -> None:
    zipped.write_bytes(zipped.read_bytes()[:-200])
    with pytest.raises(Problem) as problem:
        read(zipped)
    assert problem.value.message_id == "geo.zip_damaged"
    assert "villages.zip" in problem.value.sentence("th")


def test_a_zip_with_a_flipped_byte_is_refused(zipped: Path) -> None:
    content = bytearray(zipped.read_bytes())
    content[120] ^= 0xFF
    zipped.write_bytes(content)
    with pytest.raises(Problem) as problem:
        read(zipped)
    assert problem.value.message_id == "geo.zip_damaged"


def test_a_zip_without_a_map_file_is_refused(zipped: Path, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no map file"):
        read(repack(zipped, tmp_path / "b.zip", ".dbf .csv"))


def test_a_shapefile_without_its_table_is_refused(zipped: Path, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="lacks its"):
        read(repack(zipped, tmp_path / "b.zip", ".shp .shx .prj"))


def test_a_shapefile_in_a_thai_folder_of_the_zip_is_read(zipped: Path, tmp_path: Path) -> None:
    path = repack(zipped, tmp_path / "b.zip", ".shp .shx .dbf .prj", rename="ตำบล/{}")
    assert read(path).table["NAME_TH"][0] == "บ้านน้ำเกลี้ยง"


def test_a_shapefile_cut_short_is_refused(zipped: Path, tmp_path: Path) -> None:
    shutil.unpack_archive(zipped, tmp_path / "parts")
    shp = tmp_path / "parts" / "villages.shp"
    assert len(read(shp).table) == 3
    shp.write_bytes(shp.read_bytes()[:-20])
    with pytest.raises(Problem, match="cut short"):
        read(shp)


def test_a_missing_crs_is_only_assumed_for_degrees_in_thailand(
    villages: gpd.GeoDataFrame, zipped: Path, tmp_path: Path
) -> None:
    degrees = read(repack(zipped, tmp_path / "b.zip", ".shp .shx .dbf"))
    assert degrees.table.crs.to_epsg() == 4326
    assert [note.message_id for note in degrees.notes][-1] == "geo.note.crs_assumed"
    write_shapefile(villages.to_crs("EPSG:32648"), zipped, FIELDS)
    with pytest.raises(Problem, match="coordinate system"):
        read(repack(zipped, tmp_path / "c.zip", ".shp .shx .dbf"))


def test_two_layers_need_a_choice(zipped: Path, tmp_path: Path) -> None:
    path = repack(zipped, tmp_path / "b.zip", ".shp .shx .dbf .prj")
    with zipfile.ZipFile(path, "a") as archive, zipfile.ZipFile(zipped) as old:
        for suffix in (".shp", ".shx", ".dbf", ".prj"):
            archive.writestr(f"other{suffix}", old.read(f"villages{suffix}"))
    with pytest.raises(Problem, match="villages, other"):
        read(path)
    assert len(read(path, layer="other").table) == 3


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".fgb", ".parquet", ".kml"])
def test_the_other_formats_are_read_alike(tmp_path: Path, suffix: str) -> None:
    table = gpd.GeoDataFrame({"NAME_TH": ["บ้านน้ำเกลี้ยง"]}, geometry=[Point(103, 16)], crs=4326)
    path = tmp_path / f"แผนที่{suffix}"
    if suffix == ".parquet":
        table.to_parquet(path)
    else:
        table.to_file(path, driver="KML" if suffix == ".kml" else None)
    file = read(path)
    assert file.table["NAME_TH"].to_list() == ["บ้านน้ำเกลี้ยง"]
    assert file.table.crs.to_epsg() == 4326
    assert file.encoding == "utf-8"
    assert file.notes == ()


def test_files_that_are_no_maps_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no such file"):
        read(tmp_path / "absent.shp")
    table = tmp_path / "a.csv"
    table.write_text("a")
    with pytest.raises(Problem, match=r"“\.csv”"):
        read(table)
    for name, content in (("a.gpkg", "not one"), ("b.geojson", "{"), ("c.parquet", "x")):
        path = tmp_path / name
        path.write_text(content)
        with pytest.raises(Problem, match="cannot be read") as problem:
            read(path)
        assert str(tmp_path) not in str(problem.value)
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "d.parquet")
    with pytest.raises(Problem, match="no shapes"):
        read(tmp_path / "d.parquet")
    empty = tmp_path / "e.geojson"
    empty.write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(Problem, match="no record"):
        read(empty)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "encoding", "column", "text"),
    [
        ("bangkok_health_area_cp874_utm47n.zip", "cp874", "HC_AREA", "พื้นที่บริการศูนย์ 60"),
        ("bangkok_bike_way_cp874_utm47n.zip", "cp874", "NAME", "ถนนจรัญสนิทวงศ์"),
        ("bangkok_land_value_cp874_utm47n.zip", "cp874", "name", "ถนนสมเด็จพระปิ่นเกล้า"),
        ("bangkok_hospital.zip", "utf-8", "name", "โรงพยาบาลภูมิพลอดุลยเดช"),
        ("TH_VILLAGE2012.zip", "utf-8", "NAME", "บ้านท่าลานเตียน"),
        ("tha_admbnda_adm2_shapefile.zip", "utf-8", "ADM2_TH", "พระนคร"),
        ("tha_admbnda_adm3_rtsd_20220121.zip", "utf-8", "ADM3_TH", "พระบรมมหาราชวัง"),
        ("83_phuket_tambon.kml", "utf-8", "ADM3_TH", "ตลาดใหญ่"),
        ("provinces_opengisdata.geojson", "utf-8", "pro_th", "พะเยา"),
    ],
)
def test_real_files_of_every_encoding_are_read(
    real_data: Path, name: str, encoding: str, column: str, text: str
) -> None:
    file = read(real_data / "originals" / name)
    assert file.encoding == encoding
    assert file.table[column][0] == text
