"""Every format is written with its dictionary, style and coordinate system, or says why not."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon, box

from phaenthi.geo.shapes.crs import from_indian_1975, in_crs
from phaenthi.geo.shapes.outlines import group_centres, group_outlines, lines_through
from phaenthi.geo.vectors.files import Field, Layer, read, write_layers, write_vector
from phaenthi.geo.vectors.formats import FORMATS, OFFERED_CRS, crs_for, format_of
from phaenthi.geo.vectors.records import Records, records_of
from phaenthi.geo.vectors.styles import PLAIN, Style, StyleClass, Symbol, classes_of, qml, sld
from phaenthi.wording import Problem

FIELDS = [
    Field("village_code", "VILL_CODE", "รหัสหมู่บ้าน", "village code"),
    Field("name_th", "NAME_TH", "ชื่อหมู่บ้าน", "name"),
    Field("status", "STATUS", "สถานะ", "status"),
    Field("need", "NEED", "คะแนน", "need", "คะแนน / points"),
]
STATUSES = Style(
    "สถานะ",
    (
        StyleClass("เป้าหมาย", Symbol("#0072B2"), value="chosen"),
        StyleClass("สำรอง", Symbol("#E69F00", "diamond"), value="reserve"),
        StyleClass("ไม่เข้าเกณฑ์", Symbol("#7F8C92", "cross", 1.5), value="excluded"),
    ),
    column="status",
    label="name_th",
)
COUNTS = Style(
    "คะแนน",
    (
        StyleClass("1 – 9", Symbol("#ffffcc"), low=1, high=9),
        StyleClass("10 – 99", Symbol("#253494"), low=10, high=99),
        StyleClass("ปกปิด", Symbol("#d5d9db")),
    ),
    column="need",
)


@pytest.fixture
def villages() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "village_code": ["46010203", "46010204", "46010205"],
            "name_th": ["บ้านน้ำเกลี้ยง", "ผู้ใหญ่ปั้น", "บ้านโคก\u200bสูง"],
            "status": ["chosen", "reserve", "excluded"],
            "need": pd.array([12, None, 3], dtype="Int64"),
        },
        geometry=[Point(103.123456789012, 16.4), Point(103.2, 16.5), Point(103.3, 16.6)],
        crs="EPSG:4326",
    )


def path_of(folder: Path, kind: str) -> Path:
    return folder / f"villages{format_of(kind).suffix}"


# -- coordinate systems ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [n for n, one in FORMATS.items() if not one.geographic])
@pytest.mark.parametrize("crs", OFFERED_CRS)
def test_a_file_in_each_system_has_the_villages_where_they_are(
    villages: gpd.GeoDataFrame, tmp_path: Path, kind: str, crs: str
) -> None:
    path = path_of(tmp_path, kind)
    report = write_vector(villages, path, FIELDS, format=kind, crs=crs)
    if kind == "csv":
        table = pd.read_csv(path)
        told = pyproj.CRS(path.with_suffix(".prj").read_text())
        shapes = gpd.GeoSeries.from_wkt(table["WKT"], crs=crs)
    elif kind == "parquet":
        shapes = gpd.read_parquet(path).geometry
        told = shapes.crs
    else:
        shapes = pyogrio.read_dataframe(path).geometry
        told = shapes.crs
    assert told.to_epsg() == int(crs[5:]) or told.name.replace("_", " ") in pyproj.CRS(crs).name
    back = in_crs(gpd.GeoDataFrame(geometry=shapes.set_crs(crs, allow_override=True)), villages.crs)
    assert np.allclose(
        shapely.get_coordinates(back.geometry),
        shapely.get_coordinates(villages.geometry),
        atol=1e-8,
    )
    indian = [note.message_id for note in report.notes if "indian" in note.message_id]
    assert bool(indian) == (crs in ("EPSG:24047", "EPSG:24048"))


def test_indian_1975_there_and_back_is_the_same_place() -> None:
    corners = gpd.GeoDataFrame(geometry=[Point(97.5, 6), Point(105.5, 20)], crs=4326)
    for crs in ("EPSG:24047", "EPSG:24048", "EPSG:4240"):
        there = in_crs(corners, pyproj.CRS(crs))
        back = from_indian_1975(there)
        assert np.allclose(
            shapely.get_coordinates(back.geometry),
            shapely.get_coordinates(corners.geometry),
            atol=1e-9,
        )
    # Between the old systems no datum changes, so that nothing may move by a metre.
    old = in_crs(corners, pyproj.CRS("EPSG:24047"))
    other = in_crs(old, pyproj.CRS("EPSG:24048"))
    assert np.allclose(
        shapely.get_coordinates(from_indian_1975(other).geometry),
        shapely.get_coordinates(corners.geometry),
        atol=1e-7,
    )


@pytest.mark.parametrize("kind", [name for name, one in FORMATS.items() if one.geographic])
def test_a_format_of_degrees_refuses_metres(
    villages: gpd.GeoDataFrame, tmp_path: Path, kind: str
) -> None:
    with pytest.raises(Problem, match="EPSG:4326"):
        write_vector(villages, path_of(tmp_path, kind), FIELDS, format=kind, crs="32648")
    metres = villages.to_crs("EPSG:32648")
    assert write_vector(metres, path_of(tmp_path, kind), FIELDS, format=kind).rows == 3


def test_what_is_not_offered_is_refused_with_what_is(
    villages: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    for text in ("EPSG:3857", "utm", ""):
        with pytest.raises(Problem, match="EPSG:32647"):
            crs_for(text, format_of("gpkg"))
    with pytest.raises(Problem, match="geojson"):
        format_of("dxf")
    assert format_of(".SHP") is format_of("shapefile")
    with pytest.raises(Problem, match="utf-8"):
        write_vector(villages, tmp_path / "a.gpkg", FIELDS, format="gpkg", encoding="cp874")
    with pytest.raises(Problem, match="cp874"):
        write_vector(villages, tmp_path / "a.zip", FIELDS, format="shapefile", encoding="latin-1")


# -- shapes ----------------------------------------------------------------------------------------

SHAPES: dict[str, list[shapely.Geometry | None]] = {
    "lines": [LineString([(100, 15), (101, 16), (101, 17)]), LineString([(99, 8), (98, 8)])],
    "broken lines": [
        LineString([(100, 15), (101, 16)]),
        MultiLineString([[(100, 15), (101, 16)], [(102, 15), (103, 16)]]),
    ],
    "areas": [
        box(98, 8, 98.5, 8.5),
        MultiPolygon([box(99, 8, 99.1, 8.1), box(99.5, 8, 99.6, 8.1)]),
        Polygon(box(100, 8, 101, 9).exterior, [box(100.2, 8.2, 100.4, 8.4).exterior]),
    ],
    "some nowhere": [Point(100, 15), None, Point(101, 16)],
    "nowhere at all": [None, None],
    "empty": [Point(100, 15), Point()],
    "with heights": [Point(100, 15, 300)],
    "mixed": [Point(100, 15), LineString([(100, 15), (101, 16)])],
}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("name", SHAPES)
def test_shapes_of_every_kind_are_kept_or_refused(tmp_path: Path, kind: str, name: str) -> None:
    shapes, one = SHAPES[name], format_of(kind)
    table = gpd.GeoDataFrame(
        {"name_th": [f"ที่ {n}" for n in range(len(shapes))]}, geometry=shapes, crs="EPSG:4326"
    )
    path = path_of(tmp_path, kind)
    refused = (
        (name == "mixed" and not one.mixed)
        or (name == "areas" and one.shapes)
        or (name == "nowhere at all" and one.places_only)
    )
    if refused:
        with pytest.raises(Problem):
            write_vector(table, path, FIELDS[1:2], format=kind)
        assert not path.exists()
        return
    report = write_vector(table, path, FIELDS[1:2], format=kind)
    there = sum(shape is not None and not shape.is_empty for shape in shapes)
    assert report.rows == (there if one.places_only else len(shapes))
    left_out = [note for note in report.notes if note.message_id == "geo.loss.without_place"]
    assert bool(left_out) == (report.rows < len(shapes))
    if kind in ("shapefile", "gpkg", "geojson", "fgb", "kml") and there:
        assert len(pyogrio.read_dataframe(path)) == len(shapes)


# -- what stands in and beside a file --------------------------------------------------------------


@pytest.mark.parametrize("kind", FORMATS)
def test_every_file_has_its_dictionary_and_says_what_must_be_known(
    villages: gpd.GeoDataFrame, tmp_path: Path, kind: str
) -> None:
    path = path_of(tmp_path, kind)
    report = write_vector(
        villages, path, FIELDS, format=kind, style=STATUSES, layer="หมู่บ้าน", about="ข้อมูลจำลอง"
    )
    written = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    assert set(written) == {path.name, *(one.name for one in report.beside)}
    if kind in ("shapefile", "kmz"):
        with zipfile.ZipFile(path) as archive:
            written = {name: archive.read(name) for name in archive.namelist()}
        assert all(name.isascii() for name in written)
    if kind == "gpkg":
        with sqlite3.connect(path) as base:
            rows = base.execute("SELECT * FROM fields").fetchall()
            (about,) = base.execute(
                "SELECT description FROM gpkg_contents WHERE data_type = 'features'"
            ).fetchone()
        assert [row[1:4] for row in rows][1] == ("NAME_TH", "name_th", "ชื่อหมู่บ้าน")
    else:
        (dictionary,) = (name for name in written if name.endswith("fields.csv"))
        rows = list(csv.reader(io.StringIO(written[dictionary].decode("utf-8-sig"))))
        assert rows[2] == ["NAME_TH", "name_th", "ชื่อหมู่บ้าน", "name", ""]
        about = b"".join(written.values()).decode("utf-8", errors="replace")
    assert "ข้อมูลจำลอง" in about


def test_an_export_that_fails_leaves_the_old_file_and_nothing_else(
    villages: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    for kind in FORMATS:
        path = path_of(tmp_path, kind)
        path.write_text("the old file")
        before = {one.name for one in tmp_path.iterdir()}
        broken = villages.assign(name_th="\0")
        with pytest.raises(Problem):
            write_vector(broken, path, FIELDS, format=kind, style=STATUSES)
        assert path.read_text() == "the old file"
        assert {one.name for one in tmp_path.iterdir()} == before


def test_the_same_table_gives_the_same_bytes(villages: gpd.GeoDataFrame, tmp_path: Path) -> None:
    for kind in FORMATS:
        if kind == "gpkg":  # SQLite writes the time of the last change
            continue
        first, second = path_of(tmp_path / "1", kind), path_of(tmp_path / "2", kind)
        for path in (first, second):
            write_vector(villages, path, FIELDS, format=kind, style=STATUSES)
        assert first.read_bytes() == second.read_bytes(), kind


def test_geojson_is_that_of_the_standard(tmp_path: Path) -> None:
    clockwise = Polygon([(100, 15), (100, 16), (101, 16), (101, 15)])
    table = gpd.GeoDataFrame({"name_th": ["ก"]}, geometry=[clockwise], crs="EPSG:4326")
    write_vector(table.to_crs(32647), tmp_path / "a.geojson", FIELDS[1:2], format="geojson")
    collection = json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))
    assert "crs" not in collection
    ring = collection["features"][0]["geometry"]["coordinates"][0]
    assert shapely.LinearRing(ring).is_ccw
    assert np.abs(np.array(ring)).max() < 180


def test_a_csv_keeps_the_zeros_of_codes_for_other_programs(tmp_path: Path) -> None:
    table = gpd.GeoDataFrame(
        {"village_code": ["01020304"], "need": [3]}, geometry=[Point(100, 15)], crs="EPSG:4326"
    )
    fields = [FIELDS[0], FIELDS[3]]
    write_vector(table, tmp_path / "a.csv", fields, format="csv")
    found = pyogrio.read_dataframe(tmp_path / "a.csv")
    assert found["village_code"].to_list() == ["01020304"]
    assert found["need"].to_list() == [3]
    assert found.crs.to_epsg() == 4326


def test_gpx_holds_stops_and_the_route_through_them(tmp_path: Path) -> None:
    stops = gpd.GeoDataFrame(
        {"day": [1, 1, 2], "order": [1, 2, 1], "name_th": ["ก", "ข", "ค"]},
        geometry=[Point(101, 17), Point(102, 17.5), Point(103, 17)],
        crs="EPSG:4326",
    )
    lines = lines_through(stops, "day", "order")
    assert lines["stops"].to_list() == [2]
    assert lines["kilometres"].iloc[0] == pytest.approx(119.8, abs=0.5)
    day = Field("day", "DAY", "วัน", "day")
    named = Field("name_th", "NAME_TH", "ชื่อ", "name")
    label = Style("จุดแวะ", (StyleClass("จุดแวะ", PLAIN),), label="name_th")
    layers = [Layer("เส้นทาง", lines, [day]), Layer("จุดแวะ", stops, [day, named], label)]
    report = write_layers(layers, tmp_path / "a.gpx", format="gpx")
    assert report.rows == 4
    found = pyogrio.read_dataframe(tmp_path / "a.gpx", layer="waypoints")
    assert found["name"].to_list() == ["ก", "ข", "ค"]
    assert len(pyogrio.read_dataframe(tmp_path / "a.gpx", layer="routes")) == 1
    for suffix in (".gpkg", ".zip", ".kml", ".kmz"):
        path = tmp_path / f"route{suffix}"
        assert write_layers(layers, path, format=suffix).rows == 4
    assert [name for name, kind in pyogrio.list_layers(tmp_path / "route.gpkg") if kind] == [
        "เส้นทาง",
        "จุดแวะ",
    ]
    assert read(tmp_path / "route.zip", layer="layer_2").table["NAME_TH"].to_list() == [*"กขค"]
    with pytest.raises(ValueError, match="one layer"):
        write_layers(layers, tmp_path / "a.geojson", format="geojson")


def test_outlines_hold_all_places_of_their_group_and_centres_lie_inside() -> None:
    rng = np.random.default_rng(5)
    places = gpd.GeoDataFrame(
        {"cluster": pd.array([1] * 9 + [2] * 2 + [3] + [None], dtype="Int64")},
        geometry=[*shapely.points([102, 16] + rng.random((12, 2)) * 0.2), None],
        crs="EPSG:4326",
    )
    hulls, centres = group_outlines(places, "cluster"), group_centres(places, "cluster")
    assert hulls["members"].to_list() == centres["members"].to_list() == [9, 2, 1]
    assert set(hulls.geom_type) == {"Polygon"}
    for number, hull, centre in zip(
        hulls["cluster"], hulls.geometry, centres.geometry, strict=True
    ):
        members = places[(places["cluster"] == number).fillna(value=False)].geometry
        assert members.within(hull).all()
        assert centre.within(hull)
    assert group_outlines(places.iloc[:0], "cluster").empty


# -- styles ----------------------------------------------------------------------------------------


def records(table: gpd.GeoDataFrame) -> Records:
    return records_of(table)


def test_every_record_is_drawn_by_the_class_that_holds_its_value(
    villages: gpd.GeoDataFrame,
) -> None:
    columns = records(villages).columns
    assert classes_of(STATUSES, columns) == [0, 1, 2]
    assert classes_of(COUNTS, columns) == [1, 2, 0]
    assert classes_of(Style("x", (StyleClass("x", PLAIN),)), columns) == [0, 0, 0]


@pytest.mark.parametrize("style", [STATUSES, COUNTS])
@pytest.mark.parametrize("drawn", ["point", "line", "area"])
@pytest.mark.parametrize("short", [True, False])
def test_styles_are_sound_xml_with_the_names_of_the_file(
    style: Style, drawn: str, *, short: bool
) -> None:
    told = qml(style, drawn, FIELDS, short=short)  # type: ignore[arg-type]
    root = ET.fromstring(told)
    aliases = {one.get("field"): one.get("name") for one in root.iter("alias")}
    assert aliases["NAME_TH" if short else "name_th"] == "ชื่อหมู่บ้าน"
    labels = [one.label for one in style.classes]
    found = [one.get("label") for one in root.iter() if one.tag in ("category", "rule")]
    assert found == labels
    assert len(list(root.iter("symbol"))) == len(labels)
    rules = ET.fromstring(sld(style, drawn, FIELDS, short=short))  # type: ignore[arg-type]
    titles = [one.text for one in rules.iter("{http://www.opengis.net/sld}Title")]
    assert titles == labels
    names = {one.text for one in rules.iter("{http://www.opengis.net/ogc}PropertyName")}
    assert names <= {field.name(short=short) for field in FIELDS}


def test_a_geopackage_keeps_its_style_as_the_default(
    villages: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    write_vector(
        villages, tmp_path / "a.gpkg", FIELDS, format="gpkg", style=STATUSES, layer="หมู่บ้าน"
    )
    with sqlite3.connect(tmp_path / "a.gpkg") as base:
        (row,) = base.execute(
            "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML, styleSLD"
            " FROM layer_styles"
        ).fetchall()
        geometry = base.execute("SELECT column_name FROM gpkg_geometry_columns").fetchone()
    assert row[:3] == ("หมู่บ้าน", geometry[0], 1)
    assert "categorizedSymbol" in row[3]
    assert "เป้าหมาย" in row[4]


# -- other programs --------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "cp874"])
def test_ogrinfo_reads_thai_from_shapefile_and_geopackage(
    villages: gpd.GeoDataFrame, tmp_path: Path, encoding: str
) -> None:
    villages["name_th"] = ["บ้านน้ำเกลี้ยง", "ผู้ใหญ่ปั้น “ใหม่”", "๑๒"]
    zipped, base = tmp_path / "a.zip", tmp_path / "a.gpkg"
    write_vector(villages, zipped, FIELDS, format="shapefile", encoding=encoding, style=STATUSES)
    write_vector(villages, base, FIELDS, format="gpkg", style=STATUSES, layer="หมู่บ้าน")
    for path in (f"/vsizip/{zipped}/a.shp", str(base)):
        said = subprocess.run(
            ["ogrinfo", "-ro", "-al", path], check=True, capture_output=True, text=True
        )
        for name in villages["name_th"]:
            assert f"= {name}\n" in said.stdout
        assert "Warning" not in said.stderr


IN_QGIS = """
import json, sys
from qgis.core import QgsApplication, QgsVectorLayer
application = QgsApplication([], False)
application.initQgis()
told = []
for path in sys.argv[1:]:
    layer = QgsVectorLayer(path, "x", "ogr")
    if path.endswith(".shp"):
        layer.loadNamedStyle(path.replace(".shp", ".qml"))
    kind = layer.renderer().type()
    legend = [item.label() for item in layer.renderer().legendSymbolItems()]
    colours = [item.symbol().color().name() for item in layer.renderer().legendSymbolItems()]
    good = True
    if path.endswith(".shp"):
        said, good = layer.loadSldStyle(path.replace(".shp", ".sld"))
    told.append({
        "valid": layer.isValid() and good,
        "names": [field.name() for field in layer.fields()],
        "aliases": sorted(one for one in layer.attributeAliases().values() if one),
        "values": [feature["NAME_TH" if path.endswith(".shp") else "name_th"]
                   for feature in layer.getFeatures()],
        "renderer": kind, "legend": legend, "colours": colours,
        "crs": layer.crs().authid(),
    })
print("TOLD" + json.dumps(told))
application.exitQgis()
"""


@pytest.mark.skipif(not shutil.which("qgis"), reason="QGIS is not installed on this machine")
def test_qgis_opens_shapefile_and_geopackage_with_thai_and_style(
    villages: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    paths = []
    for name, style in (("statuses", STATUSES), ("counts", COUNTS)):
        zipped, base = tmp_path / f"{name}.zip", tmp_path / f"{name}.gpkg"
        write_vector(villages, zipped, FIELDS, format="shapefile", style=style, crs="32648")
        shutil.unpack_archive(zipped, tmp_path / name)
        write_vector(villages, base, FIELDS, format="gpkg", style=style, layer="หมู่บ้าน")
        paths += [str(tmp_path / name / f"{name}.shp"), f"{base}|layername=หมู่บ้าน"]
    script = tmp_path / "open.py"
    script.write_text(IN_QGIS, encoding="utf-8")
    # Debian's QGIS speaks to Debian's Python, not to this one.
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "QT_QPA_PLATFORM": "offscreen",
        "LC_ALL": "C.UTF-8",
    }
    said = subprocess.run(
        ["/usr/bin/python3", str(script), *paths],
        check=False, capture_output=True, text=True, env=environment, timeout=120,
    )  # fmt: skip
    told = json.loads(said.stdout.partition("TOLD")[2].splitlines()[0])
    for one, style in zip(told, (STATUSES, STATUSES, COUNTS, COUNTS), strict=True):
        assert one["valid"]
        assert one["values"] == villages["name_th"].to_list()
        assert one["aliases"] == sorted(field.th for field in FIELDS)
        assert one["legend"] == [line.label for line in style.classes]
        assert one["colours"] == [line.symbol.colour.lower() for line in style.classes]
        assert one["renderer"] == ("categorizedSymbol" if style is STATUSES else "RuleRenderer")
    assert [one["crs"] for one in told] == ["EPSG:32648", "EPSG:4326"] * 2
    assert told[0]["names"] == [field.short_name for field in FIELDS]
