"""Plots read from what offices and phones give, counted where they are."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import polars as pl
import pytest
import shapely

from phaenthi.geo.places.codes import Level
from phaenthi.geo.shapes.crs import GEOGRAPHIC, UTM_48_NORTH, area_square_metres, land_area
from phaenthi.layers.contracts.catalogue import contract_of
from phaenthi.layers.contracts.plots import CONTRACT, LOG
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.plots.checks import measure_plots
from phaenthi.layers.plots.parameters import land_titles, plot_parameters
from phaenthi.layers.plots.reading import read
from phaenthi.layers.plots.sketch import sketch_plot
from phaenthi.layers.plots.summary import summary, summary_by_village
from phaenthi.layers.plots.words import titles_of
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.programme.programme import load
from phaenthi.wording import Problem
from tests.layers.office import write
from tests.layers.plots_by_hand import (
    SOUND,
    TAMBONS,
    VILLAGES,
    open_plot_office,
    parcel,
    plots_table,
    source,
)

HEADERS = (
    "รหัสแปลง,รหัสหมู่บ้าน,รหัสตำบลที่อยู่เจ้าของ,ชื่อเจ้าของ,เลขประจำตัวประชาชน,"
    "ละติจูด,ลองจิจูด,ไร่,งาน,ตารางวา,เอกสารสิทธิ์,ยินยอม,สถานะ"
)
REGISTER = f"""{HEADERS}
P-1,46010201,830101,สมชาย ใจดี,1103700000001,16.45,103.43,5,2,50,โฉนดที่ดิน,ใช่,ยื่นสมัคร
P-2,46010201,460102,สมหญิง ใจดี,1103700000002,16.45,103.52,3,,,ส.ป.ก. 4-01,,สำรอง
P-3,46010202,,,,,,,1,,ที่ไหนก็ไม่รู้,ไม่,
"""


@pytest.fixture
def office(tmp_path) -> Workspace:
    return open_plot_office(tmp_path)


def test_a_plot_counts_where_it_lies_and_not_where_its_owner_lives(office, tmp_path):
    report = import_file(office, "plots", write(tmp_path, "plots.csv", REGISTER))
    plots = office.table("plots").set_index("plot_id")
    # The owner of P-1 lives in Phuket; P-2 lies in the neighbouring tambon.
    assert plots["tambon_code"].to_dict() == {"P-1": "460102", "P-2": "460103", "P-3": "460102"}
    assert plots["village_code"].to_dict() == {
        "P-1": "46010201",
        "P-2": "46010301",
        "P-3": "46010202",
    }
    assert plots["stated_village_code"].tolist() == ["46010201", "46010201", "46010202"]
    assert plots["owner_tambon_code"].tolist()[:2] == ["830101", "460102"]
    assert plots["area_square_metres"].tolist() == [5 * 1600 + 800 + 200, 4800, 400]
    assert plots["title_type"].fillna("").tolist() == ["private", "land_reform", ""]
    assert plots["status"].fillna("").tolist() == ["applied", "reserve", ""]
    told = {note.message_id.rpartition(".")[2] for note in report.notes}
    assert {"plots_elsewhere", "plots_without_place", "plot_title_type_unknown"} <= told
    assert "personal_columns_left" in told


def test_no_name_and_no_number_of_a_person_gets_into_the_layer(office, tmp_path):
    import_file(office, "plots", write(tmp_path, "plots.csv", REGISTER))
    everything = office.scan("plots").drop("geometry").collect().write_csv()
    for personal in ("สมชาย", "สมหญิง", "1103700000001"):
        assert personal not in everything


def test_a_register_whose_plots_go_by_their_owners_names_is_refused_with_its_row(office, tmp_path):
    path = write(
        tmp_path, "plots.csv", "รหัสแปลง,lat,lon\n1,16.45,103.43\nนายสมชาย ใจดี,16.4,103.4\n"
    )
    with pytest.raises(Problem) as raised:
        import_file(office, "plots", path)
    assert (raised.value.message_id, raised.value.row) == ("layers.plot_id_is_person", 3)


def test_a_district_called_na_yai_am_is_no_person(office, tmp_path):
    path = write(tmp_path, "plots.csv", "รหัสแปลง,lat,lon\nนายายอาม 1,16.45,103.43\n")
    assert read(path, office).table.height == 1


@pytest.mark.parametrize(
    ("east", "north", "zone", "village"),
    [
        (333_000, 1_819_500, "48", "46010201"),
        (333_000, 1_819_500, "48Q", "46010201"),
        (333_000, 1_819_500, "EPSG:32648", "46010201"),
        (333_000, 1_819_500, "", "46010201"),  # the stated village settles the zone
    ],
)
def test_utm_metres_are_read_in_their_zone(office, tmp_path, east, north, zone, village):
    text = f"รหัสแปลง,รหัสหมู่บ้าน,พิกัด X,พิกัด Y,โซน\nP,{village},{east},{north},{zone}\n"
    plots = read(write(tmp_path, "plots.csv", text), office).table
    point = shapely.from_wkb(plots["geometry"][0])
    expected = gpd.GeoSeries([shapely.Point(east, north)], crs=UTM_48_NORTH).to_crs(GEOGRAPHIC)
    assert point.distance(expected.iloc[0]) < 1e-9
    assert plots["tambon_code"].to_list() == ["460102"]


def test_utm_metres_without_zone_and_place_are_nowhere_and_told(office, tmp_path):
    path = write(tmp_path, "plots.csv", "รหัสแปลง,easting,northing\nP,333000,1819500\n")
    reading = read(path, office)
    assert reading.table["geometry"][0] is None
    assert any(note.message_id.endswith("plot_zone_unknown") for note in reading.notes)


def test_the_old_datum_is_brought_to_the_new_one(office, tmp_path):
    text = "รหัสแปลง,E,N,โซน,datum\nnew,333000,1819500,48,WGS84\nold,333000,1819500,48,Indian 1975\n"
    plots = read(write(tmp_path, "plots.csv", text), office).table
    points = gpd.GeoSeries.from_wkb(plots["geometry"].to_list(), crs=GEOGRAPHIC).to_crs(
        UTM_48_NORTH
    )
    assert 400 < points[0].distance(points[1]) < 600


def test_swapped_degrees_are_refused_with_their_row(office, tmp_path):
    path = write(tmp_path, "plots.csv", "รหัสแปลง,ละติจูด,ลองจิจูด\nP,103.4,16.4\n")
    with pytest.raises(Problem) as raised:
        read(path, office)
    assert (raised.value.message_id, raised.value.row) == ("layers.coordinates_swapped", 2)


def test_map_files_of_every_kind_give_the_same_plots(office, tmp_path):
    land = parcel(103.43, 16.45, 100, 80)
    table = gpd.GeoDataFrame(
        {"plot_id": ["L", "P"], "vill_code": ["46010201", "46010202"], "area_rai": [5.0, None]},
        geometry=[land, shapely.Point(103.47, 16.45)],
        crs=GEOGRAPHIC,
    )
    table.to_file(tmp_path / "plots.geojson")
    table.to_file(tmp_path / "plots.gpkg")
    table.iloc[:1].to_crs(UTM_48_NORTH).to_file(tmp_path / "lands.shp", encoding="utf-8")
    table.rename(columns={"plot_id": "Name"}).to_file(tmp_path / "plots.kml", driver="KML")
    for name in ("plots.geojson", "plots.gpkg", "lands.shp", "plots.kml"):
        plots = read(tmp_path / name, office).table
        assert plots["plot_id"].to_list() == ["L", "P"][: plots.height]
        assert plots["village_code"].to_list() == ["46010201", "46010202"][: plots.height]
        shape = shapely.from_wkb(plots["geometry"][0])
        assert shape.symmetric_difference(land).area < 1e-10


def test_a_parcel_walked_around_with_a_phone_is_read_from_gpx(office, tmp_path):
    corners = shapely.get_coordinates(parcel(103.43, 16.45, 60, 40))[:-1]
    points = "".join(f'<trkpt lat="{y}" lon="{x}"><ele>150</ele></trkpt>' for x, y in corners)
    first = f'<trkpt lat="{corners[0][1]}" lon="{corners[0][0]}"/>'
    text = (
        '<?xml version="1.0"?><gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1">'
        '<wpt lat="16.45" lon="103.52"><name>W</name></wpt>'
        f"<trk><name>T</name><trkseg>{points}{first}</trkseg></trk>"
        '<trk><name>path</name><trkseg><trkpt lat="16.45" lon="103.43"/>'
        '<trkpt lat="16.46" lon="103.44"/></trkseg></trk></gpx>'
    )
    reading = read(write(tmp_path, "walk.gpx", text), office)
    table = gpd.GeoSeries.from_wkb(reading.table["geometry"].to_list(), crs=GEOGRAPHIC)
    kinds = dict(zip(reading.table["plot_id"], table.geom_type, strict=True))
    assert (kinds["W"], kinds["T"]) == ("Point", "Polygon")
    assert reading.table["geometry"].null_count() == 1
    assert area_square_metres(table[[1]]).iloc[0] == pytest.approx(2400, rel=2e-3)
    assert any(note.message_id.endswith("plot_shapes_lost") for note in reading.notes)


def test_a_gpx_file_that_is_something_else_is_not_opened(office, tmp_path):
    path = write(tmp_path, "x.gpx", "<OGRVRTDataSource><OGRVRTLayer name='a'/></OGRVRTDataSource>")
    with pytest.raises(Problem) as raised:
        read(path, office)
    assert raised.value.message_id == "geo.content_unknown"


@pytest.mark.parametrize(
    ("header", "cell", "square_metres"),
    [
        ("เนื้อที่", "3-2-45.5", 3 * 1600 + 2 * 400 + 45.5 * 4),
        ("เนื้อที่ (ไร่)", "2.5", 4000),
        ("เนื้อที่ (ตร.ม.)", "2500", 2500),
        ("ขนาดแปลง", "๓ ไร่ ๑ งาน", 5200),
        ("area_square_metres", "1600", 1600),
    ],
)
def test_areas_are_read_as_offices_write_them(office, tmp_path, header, cell, square_metres):
    path = write(tmp_path, "plots.csv", f"รหัสแปลง,lat,lon,{header}\nP,16.45,103.43,{cell}\n")
    assert read(path, office).table["area_square_metres"].to_list() == [square_metres]


def test_every_title_is_one_of_the_pack_and_says_whom_to_ask():
    titles = land_titles().titles
    choices = load("khok-nong-na-hlm").pack.columns["title_type"].choices
    assert [title.id for title in titles] == list(choices)
    assert all((title.agency is not None) == title.permission for title in titles)
    assert [title.id for title in titles if not title.permission] == ["private"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("น.ส. 3 ก.", "private"),
        ("โฉนดที่ดินเลขที่ 55", "private"),
        ("สปก.4-01", "land_reform"),
        ("ที่ราชพัสดุ (กรมธนารักษ์)", "treasury_land"),
        ("ป่าสงวนแห่งชาติ", "reserved_forest"),
        ("อื่น", None),
    ],
)
def test_titles_are_known_as_registers_write_them(text, title):
    assert titles_of(pl.Series([text])).to_list() == [title]


def test_the_record_goes_before_the_file(office, tmp_path):
    line = {
        "plot_id": ["P-1"],
        "step": [1],
        "status": ["amphoe_checked"],
        "decided_on": ["2025-05-01"],
        "decided_by": ["amphoe_office"],
    }
    office.put(LOG.name, pl.DataFrame(line), source())
    import_file(office, "plots", write(tmp_path, "plots.csv", REGISTER))
    assert office.table("plots").set_index("plot_id")["status"]["P-1"] == "amphoe_checked"


def test_ponds_are_read_and_one_without_a_polygon_is_set_aside(office, tmp_path):
    pond = parcel(103.4301, 16.4501, 20, 20)
    text = f'รหัสสระ,รหัสแปลง,ลึก,wkt\nS-1,P-1,4,"{pond.wkt}"\nS-2,P-1,3,"POINT (103.43 16.45)"\n'
    report = import_file(office, "plot_ponds", write(tmp_path, "ponds.csv", text))
    assert (report.provenance.rows_kept, report.provenance.rows_set_aside) == (1, 1)


# -- measured --------------------------------------------------------------------------------


def measured(*rows, ponds=None):
    return measure_plots(plots_table(*rows), TAMBONS, VILLAGES, ponds)


def test_area_is_told_as_stated_and_as_measured():
    facts = measured(
        {"plot_id": "A", "geometry": parcel(103.43, 16.45, 100, 80)},
        {"plot_id": "B", "geometry": shapely.Point(103.43, 16.47), "area_square_metres": 3200.0},
    ).plots
    assert facts["measured_square_metres"].iloc[0] == pytest.approx(8000, rel=2e-3)
    assert facts["measured_square_metres"].isna().tolist() == [False, True]
    assert facts["land_square_metres"].iloc[1] == 3200
    assert land_area(facts["land_square_metres"].iloc[1]).rai == 2


@pytest.mark.parametrize(
    ("x", "zone", "tambon", "y"),
    [
        (101.9995, "47", "420101", 17.1),
        (102.0005, "48", "420101", 17.1),
        (101.99975, "47", "420101", 17.1),
        (98.35, "47", "830101", 7.85),
    ],
)
def test_plots_at_the_zone_edge_and_on_islands_are_measured_alike(x, zone, tambon, y):
    shape = parcel(x, y, 100, 80, zone)
    pond = gpd.GeoDataFrame(
        {
            "pond_id": ["S"],
            "plot_id": ["A"],
            "pond_depth_metres": [4.0],
            "pond_side_slope": [0.0],
        },
        geometry=[pond_in(shape, zone, 8.0, 20, 20)],
        crs=GEOGRAPHIC,
    )
    facts = measured({"plot_id": "A", "geometry": shape}, ponds=pond)
    row, water = facts.plots.iloc[0], facts.ponds.iloc[0]
    assert row["tambon_code"] == tambon
    assert row["measured_square_metres"] == pytest.approx(8000, rel=2.5e-3)
    assert water["metres_to_others_land"] == pytest.approx(8, abs=0.05)
    assert water["setback_how"] == "measured"
    assert water["volume_cubic_metres"] == pytest.approx(1600, rel=2.5e-3)


def pond_in(shape, zone, setback, width, height):
    """Return a pond of so many metres, so far in from the western and southern edge of a parcel."""
    crs = {"47": "EPSG:32647", "48": UTM_48_NORTH}[zone]
    flat = gpd.GeoSeries([shape], crs=GEOGRAPHIC).to_crs(crs).iloc[0]
    west, south = flat.bounds[:2]
    pond = shapely.box(
        west + setback, south + setback, west + setback + width, south + setback + height
    )
    return gpd.GeoSeries([pond], crs=crs).to_crs(GEOGRAPHIC).iloc[0]


def test_the_pond_of_the_new_theory_lasts_the_dry_season():
    # 15 rai, 10 of them planted, a pond of 3 rai and 4 m with upright sides: 19,200 m³.
    facts = measured(
        {
            "plot_id": "A",
            "geometry": shapely.Point(103.43, 16.45),
            "area_square_metres": 15 * 1600.0,
            "rice_percent": 100 / 3,
            "garden_percent": 100 / 3,
            "pond_width_metres": 60.0,
            "pond_length_metres": 80.0,
            "pond_depth_metres": 4.0,
            "pond_side_slope": 0.0,
        }
    ).plots.iloc[0]
    assert facts["pond_cubic_metres"] == pytest.approx(19_200)
    assert facts["use_cubic_metres"] == pytest.approx(10_000)
    rain = plot_parameters().water.rain_millimetres_a_year.value / 1000
    assert facts["rain_cubic_metres"] == pytest.approx(rain * (4800 + 0.5 * 19_200))
    assert facts["evaporation_cubic_metres"] == pytest.approx(4800 * 1.8)
    stored = min(19_200, facts["rain_cubic_metres"])
    left = stored - facts["evaporation_cubic_metres"] - 10_000
    assert facts["water_left_cubic_metres"] == pytest.approx(left)
    assert left == pytest.approx(560)


def test_a_withdrawn_plot_claims_no_land():
    shape = parcel(103.43, 16.45, 100, 80)
    facts = measured(
        {"plot_id": "A", "geometry": shape},
        {"plot_id": "B", "geometry": shape, "status": "withdrawn"},
    ).plots
    assert facts["same_as"].isna().tolist() == [True, True]


def test_overlaps_name_the_others_and_repeats_name_the_first():
    one = parcel(103.43, 16.45, 100, 80)
    half = parcel(103.43, 16.45, 50, 80)
    facts = measured(
        {"plot_id": "A", "geometry": one},
        {"plot_id": "B", "geometry": half},
        {"plot_id": "C", "geometry": one},
        {"plot_id": "D", "geometry": shapely.Point(103.4302, 16.4502)},
    ).plots.set_index("plot_id")
    assert facts["same_as"].fillna("").to_dict() == {"A": "C", "B": "", "C": "A", "D": ""}
    assert facts["overlap_with"]["B"] == "A"
    assert facts["overlap_percent"]["B"] == pytest.approx(100, abs=0.1)
    assert facts["near_metres"]["D"] == 0
    assert facts["near_plot"]["D"] in {"A", "B", "C"}


# -- sketch and summary ----------------------------------------------------------------------


def test_a_sketch_keeps_the_shares_and_a_point_gives_numbers_alone():
    shape = parcel(103.43, 16.45, 120, 70)
    sketch = sketch_plot(shape, setback_metres=8.0)
    areas = area_square_metres(gpd.GeoSeries(sketch.parts.geometry, crs=GEOGRAPHIC))
    assert (areas / areas.sum() * 100).to_numpy() == pytest.approx([30, 30, 30, 10], abs=1e-2)
    assert sketch.parts["part"].tolist() == ["water", "rice", "garden", "dwelling"]
    assert sketch.pond_room is not None
    assert shapely.covers(shapely.buffer(sketch.parts.geometry[0], 1e-9), sketch.pond_room)
    point = sketch_plot(shapely.Point(103.4, 16.4), 1600.0)
    assert point.parts.geometry.isna().all()
    assert point.parts["square_metres"].tolist() == [480, 480, 480, 160]
    unknown = sketch_plot(None)
    assert unknown.parts["square_metres"].isna().all()


def test_a_summary_counts_every_plot_once_at_each_level():
    facts = measured(
        {"plot_id": "A", "geometry": parcel(103.43, 16.45, 100, 80)},
        {"plot_id": "B", "geometry": shapely.Point(103.52, 16.45), "status": "selected"},
        {
            "plot_id": "C",
            "geometry": shapely.Point(103.53, 16.45),
            "status": None,
            "pond_depth_metres": None,
        },
    ).plots
    by_tambon = summary(facts, Level.TAMBON).set_index("code")
    assert by_tambon["plots"].to_dict() == {"460102": 1, "460103": 2}
    assert by_tambon["plots_selected"].to_dict() == {"460102": 0, "460103": 1}
    assert by_tambon["plots_status_unknown"].to_dict() == {"460102": 0, "460103": 1}
    assert by_tambon["ponds_unknown"].to_dict() == {"460102": 0, "460103": 1}
    assert by_tambon["land_rai"].to_dict()["460103"] == pytest.approx(10)
    whole = summary(facts, Level.PROVINCE)
    assert whole["plots"].tolist() == [3]


# -- any size --------------------------------------------------------------------------------


def made_rows(rows: int) -> gpd.GeoDataFrame:
    rng = np.random.default_rng(7)
    x, y = rng.uniform(103.4, 103.6, rows), rng.uniform(16.4, 16.5, rows)
    shapes = shapely.box(x, y, x + 0.0003, y + 0.0002)
    points = rng.random(rows) < 0.3
    shapes[points] = shapely.points(x[points], y[points])
    shapes[rng.random(rows) < 0.05] = None
    table = plots_table({"plot_id": "0"}).drop(columns="geometry")
    table = table.loc[table.index.repeat(rows)].reset_index(drop=True)
    table["plot_id"] = pd.Series([f"P{number:06d}" for number in range(rows)], dtype="string")
    return gpd.GeoDataFrame(table, geometry=shapes, crs=GEOGRAPHIC)


@pytest.mark.parametrize("rows", [0, 1, 100_000])
def test_measuring_survives_any_number_of_rows(rows):
    facts = measure_plots(made_rows(rows), TAMBONS, VILLAGES)
    assert len(facts.plots) == rows
    assert len(facts.ponds) == rows
    placed = int(facts.plots["tambon_code"].notna().sum())
    assert int(summary(facts.plots, Level.TAMBON)["plots"].sum()) == placed


def test_measuring_survives_rows_of_which_nothing_is_known():
    table = plots_table({"plot_id": "A"}, {"plot_id": "B"})
    for name in table.columns.drop(["plot_id", "geometry"]):
        table[name] = pd.Series(pd.NA, index=table.index, dtype=table[name].dtype)
    facts = measure_plots(table, TAMBONS.iloc[:0], VILLAGES.iloc[:0]).plots
    assert facts["tambon_how"].tolist() == ["unplaced", "unplaced"]
    assert facts["land_square_metres"].isna().all()
    assert summary(facts, Level.AMPHOE).empty


def test_the_layer_alone_gives_a_summary_by_village(office, tmp_path):
    import_file(office, "plots", write(tmp_path, "plots.csv", REGISTER))
    table = summary_by_village(office.scan("plots").collect())
    assert dict(zip(table["village_code"], table["plots"], strict=True)) == {
        "46010201": 1,
        "46010202": 1,
        "46010301": 1,
    }
    assert summary_by_village(pl.DataFrame(schema=CONTRACT.stored_types)).is_empty()


def test_the_contract_is_in_the_catalogue_and_sound_rows_keep_to_it():
    assert contract_of("plots") is CONTRACT
    assert set(SOUND) <= set(CONTRACT.names)
