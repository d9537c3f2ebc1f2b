"""A route on its way out: kept, written as maps and papers, opened again and compared."""

from __future__ import annotations

import json
from datetime import date
from xml.etree import ElementTree as ET

import geopandas as gpd
import gpxpy
import numpy as np
import polars as pl
import pytest
from docx import Document

from phaenthi.apps.cli import main
from phaenthi.apps.demo.build import PROVINCES
from phaenthi.apps.demo.tourism import make_tourism, put_tourism
from phaenthi.apps.demo.villages import make_villages
from phaenthi.apps.exports.routes import (
    day_rows,
    lines_table,
    stops_table,
    write_maps,
    write_page,
    write_route,
    write_word,
)
from phaenthi.apps.planning.route_words import find_place, read_day
from phaenthi.apps.planning.saved_routes import list_routes, load_route, save_route
from phaenthi.layers.contracts.contract import check
from phaenthi.layers.contracts.provenance import Provenance
from phaenthi.layers.contracts.tourism import TOURISM_CONTRACTS
from phaenthi.layers.tourism.route_planning import plan_route
from phaenthi.layers.tourism.route_request import Position, RouteRequest
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import LANGUAGES, Problem, say
from tests.layers.office import made_up_source
from tests.layers.routes_by_hand import (
    PLASTER,
    VILLAGE,
    WEAVING,
    attractions,
    communities,
    programmes,
)

TEMPLE = {
    "attraction_id": "A1",
    "name_th": "วัด <เก่า> & สวน",
    "area_code": "510109",
    "minutes": 45,
    "opens": "08:00",
    "closes": "17:00",
    "price_baht": 0.0,
    "days": "1234567",
    "longitude": 99.13,
    "latitude": 18.5,
}
OFFICE = Position(99.01, 18.58, "สพจ.ลำพูน")
MONDAY = date(2026, 11, 23)


@pytest.fixture
def route():
    request = RouteRequest(
        province="51", start=OFFICE, days=2, most_stops=2, first_date=MONDAY, persons=20
    )
    return plan_route(
        communities(VILLAGE),
        programmes(WEAVING, {**PLASTER, "price_baht": None}),
        attractions(TEMPLE),
        request,
        made_up=True,
    )


@pytest.fixture
def village_route():
    cards = programmes(WEAVING, PLASTER)
    return plan_route(communities(VILLAGE), cards, attractions(), RouteRequest(province="51"))


@pytest.fixture
def workspace(tmp_path):
    made = Workspace.create(tmp_path / "office", salt="for tests")
    rows = (communities(VILLAGE), programmes(WEAVING, PLASTER), attractions(TEMPLE))
    for contract, table in zip(TOURISM_CONTRACTS, rows, strict=True):
        made.put(contract.name, table, made_up_source())
    return made


# -- keeping ----------------------------------------------------------------------------------


def test_a_route_that_is_kept_comes_back_the_same(route, workspace):
    save_route(workspace, route)
    assert load_route(workspace, route.id) == route
    assert load_route(workspace, route.id[:12]) == route
    assert list_routes(workspace) == (route.id,)
    assert (
        json.loads(workspace.documents(DocumentKind.ROUTES).read(f"{route.id}.json"))["format"] == 1
    )
    save_route(workspace, route)
    assert len(list_routes(workspace)) == 1


def test_a_route_that_was_changed_by_hand_is_not_trusted(route, workspace):
    save_route(workspace, route)
    path = workspace.documents(DocumentKind.ROUTES).file(f"{route.id}.json")
    sound = path.read_text(encoding="utf-8")
    for text, problem in (
        (sound.replace("ทอผ้า", "ทอไหม"), "app.route_damaged"),
        (sound[:200], "app.route_damaged"),
        ("[]", "app.route_damaged"),
        (sound.replace('"format": 1', '"format": 2'), "app.route_of_other_format"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(Problem) as refused:
            load_route(workspace, route.id)
        assert refused.value.message_id == problem
    with pytest.raises(Problem) as refused:
        load_route(workspace, "nowhere")
    assert refused.value.message_id == "app.route_missing"


# -- maps -------------------------------------------------------------------------------------


def test_the_gpx_holds_every_stop_and_a_route_a_day(route, tmp_path):
    (written,) = write_maps(route, tmp_path, formats=["gpx"])
    found = gpxpy.parse(written.path.read_text(encoding="utf-8"))
    assert [(one.name, one.longitude, one.latitude) for one in found.waypoints] == [
        (stop.name_th, stop.longitude, stop.latitude) for stop in route.stops
    ]
    days = [day for day in route.days if day.stops]
    assert [len(one.points) for one in found.routes] == [len(day.stops) + 2 for day in days]
    assert (found.routes[0].points[0].longitude, found.routes[0].points[0].latitude) == (
        99.01,
        18.58,
    )


def test_the_kml_is_well_formed_and_says_that_it_is_made_up(route, tmp_path):
    (written,) = write_maps(route, tmp_path, formats=["kml"])
    text = written.path.read_text(encoding="utf-8")
    root = ET.fromstring(text)
    assert len(list(root.iter("{http://www.opengis.net/kml/2.2}Placemark"))) == len(route.stops) + 2
    assert "จำลอง" in text


def test_geojson_keeps_order_times_and_unknown_prices(route, tmp_path):
    written = write_maps(route, tmp_path, formats=["geojson"])
    path = next(one.path for one in written if "stops" in one.path.name)
    stops = gpd.read_file(path)
    expected = stops_table(route)
    assert stops["name_th"].tolist() == expected["name_th"].tolist()
    raw = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert [one["properties"]["begins"] for one in raw] == expected["begins"].tolist()
    assert stops["price_baht"].isna().sum() == 1
    assert stops.crs.to_epsg() == 4326


def test_a_day_in_one_village_has_stops_and_no_line(village_route, tmp_path):
    assert lines_table(village_route).empty
    written = write_maps(village_route, tmp_path)
    assert {one.path.suffix for one in written} == {".gpx", ".kml", ".geojson"}


# -- papers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_programme_tells_every_time_and_price(route, tmp_path, language):
    write_page(route, tmp_path / "p.html", language, dated=MONDAY)
    text = (tmp_path / "p.html").read_text(encoding="utf-8")
    dot = "." if language == "th" else ":"
    for stop in route.stops:
        assert f"{stop.begins}–{stop.ends}".replace(":", dot) in text
    assert "วัด &lt;เก่า&gt; &amp; สวน" in text
    assert say("export.made_up", language) in text
    assert "@page { size: A4" in text
    assert "http" not in text
    assert "2569" in text


def test_the_word_file_holds_the_same_lines(route, tmp_path):
    write_word(route, tmp_path / "p.docx", "en", dated=MONDAY)
    document = Document(str(tmp_path / "p.docx"))
    told = [[c.text for c in row.cells] for table in document.tables for row in table.rows[1:]]
    lines = [row for day in route.days for row in day_rows(route, day, "en")]
    assert [row[0] for row in told] == [line.time for line in lines]
    assert any("250" in row[2] for row in told)
    assert "not known" in str(told)


def test_a_paper_that_differs_from_the_route_is_not_handed_over(route, tmp_path, monkeypatch):
    monkeypatch.setattr("phaenthi.apps.exports.routes._Cells.handle_data", lambda *_: None)
    with pytest.raises(Problem) as refused:
        write_page(route, tmp_path / "p.html")
    assert refused.value.message_id == "app.route_paper_differs"
    assert not (tmp_path / "p.html").exists()


def test_everything_is_written_together_and_an_empty_route_as_well(route, tmp_path):
    names = {path.name for path in write_route(route, tmp_path / "a")}
    assert {"route.gpx", "route.kml", "programme.html", "programme.docx"} <= names
    nothing = plan_route(
        communities(), programmes(), attractions({"attraction_id": "A1"}), RouteRequest(days=2)
    )
    names = {path.name for path in write_route(nothing, tmp_path / "b")}
    assert names == {"programme.html", "programme.docx"}


# -- what people type -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("18.58,99.01,สพจ.ลำพูน", OFFICE),
        ("๑๘.๕๘ , ๙๙.๐๑", Position(99.01, 18.58)),
        ("C1", Position(99.02, 18.57, "ชุมชนตัวอย่าง")),
        ("A1", Position(99.13, 18.5, "วัด <เก่า> & สวน")),
    ],
)
def test_a_place_is_typed_as_degrees_or_by_its_id(workspace, text, place):
    assert find_place(workspace, text) == place


def test_a_place_or_a_date_that_cannot_be_read_is_refused(workspace):
    with pytest.raises(Problem):
        find_place(workspace, "ลำพูน")
    assert read_day("๒๓/๑๑/2569") == MONDAY
    for text in ("23/11/2026", "31/02/2569", "พรุ่งนี้"):
        with pytest.raises(Problem):
            read_day(text)


# -- the command ------------------------------------------------------------------------------


def test_a_route_is_planned_listed_checked_and_exported(workspace, tmp_path, capfd):
    folder = ["--workspace", str(workspace.folder)]
    assert main(["route", "plan", "--province", "ลำพูน", *folder]) == 0
    told = capfd.readouterr().out
    for words in ("09.00–12.00", "13.00–15.00", "250", "409", "พิสูจน์แล้ว", "จำลอง"):
        assert words in told
    (name,) = list_routes(workspace)
    assert main(["--language", "en", "route", "list", *folder]) == 0
    assert name in capfd.readouterr().out
    assert main(["route", "show", name[:10], *folder]) == 0
    assert "409" in capfd.readouterr().out
    assert main(["route", "check", "south-tourism-2563", "--province", "ภูเก็ต", *folder]) == 0
    assert "ภูเก็ต" in capfd.readouterr().out
    target = tmp_path / "out"
    assert main(["route", "export", name, "--to", str(target), "--format", "gpx", *folder]) == 0
    assert gpxpy.parse((target / "route.gpx").read_text(encoding="utf-8")).waypoints
    assert (target / "programme.docx").exists()


def test_limits_tables_and_mistakes_on_the_command_line(workspace, tmp_path, capfd):
    folder = ["--province", "51", "--workspace", str(workspace.folder)]
    table = tmp_path / "travel.csv"
    table.write_text("จาก,ถึง,นาที\nstart,C1,25\nstart,A1,40\nC1,A1,x\n", encoding="utf-8")
    places = ["--start", "18.58,99.01", "--table", str(table), "--both-ways"]
    assert main(["route", "plan", *places, "--budget", "300", "--date", "23/11/2569", *folder]) == 0
    told = capfd.readouterr().out
    assert "เดินทาง 25 นาที" in told
    assert "23 พฤศจิกายน 2569" in told
    assert main(["route", "plan", *places, "--roads", "x.pbf", *folder]) == 2
    assert main(["route", "plan", "--interest", "งาน=มาก", *folder]) == 2
    assert main(["route", "plan", "--require", "P7", *folder]) == 2
    assert main(["route", "plan", "--from", "9", *folder]) == 2
    assert main(["route", "show", "nowhere", "--workspace", str(workspace.folder)]) == 2
    assert "Traceback" not in capfd.readouterr().err


# -- made-up rows -----------------------------------------------------------------------------


def test_made_up_tourism_keeps_its_contracts_and_is_the_same_again():
    for province in PROVINCES:
        rng = np.random.default_rng(1)
        villages = make_villages(province, rng).assign(longitude=101.0, latitude=15.0)
        villages.loc[::7, ["longitude", "latitude"]] = np.nan
        made = make_tourism(villages, province, np.random.default_rng(2))
        again = make_tourism(villages, province, np.random.default_rng(2))
        assert list(made) == [contract.name for contract in TOURISM_CONTRACTS]
        for contract in TOURISM_CONTRACTS:
            rows = check(contract, made[contract.name])
            assert rows.equals(check(contract, again[contract.name]))
            assert rows.height >= 12
        codes = made["tourism_communities"]["village_code"]
        assert codes.is_in(villages["village_code"].to_list()).all()
        assert (
            made["tourism_programmes"]["community_id"]
            .is_in(made["tourism_communities"]["community_id"].to_list())
            .all()
        )


def test_made_up_tourism_says_so_and_survives_a_workspace_without_villages(tmp_path):
    empty = Workspace.create(tmp_path / "empty", made_up=True)
    put_tourism(empty, 1)
    assert not empty.has("attractions")
    office = Workspace.create(tmp_path / "office", made_up=True)
    rows = pl.DataFrame(
        {
            "village_code": [f"830102{n:02d}" for n in range(1, 30)],
            "longitude": [98.3 + n / 100 for n in range(29)],
            "latitude": [7.9] * 29,
        }
    )
    office.put("villages", rows, made_up_source())
    put_tourism(office, 1)
    provenance = office.provenance("tourism_programmes")
    assert isinstance(provenance, Provenance)
    assert provenance.made_up
