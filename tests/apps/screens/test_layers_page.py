"""The layers page without a browser: every layer, empty, one row, all missing, 100,000 rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import polars as pl
import pytest
import shapely
from streamlit.testing.v1 import AppTest

from phaenthi.apps.maps import layers as map_layers
from phaenthi.apps.screens.layers import own_file, route_builder
from phaenthi.layers.contracts.catalogue import contract_of
from phaenthi.layers.contracts.contract import Contract, Kind
from phaenthi.layers.contracts.provenance import Provenance
from phaenthi.layers.contracts.tourism import ATTRACTIONS
from phaenthi.layers.tourism.route_planning import plan_route
from phaenthi.layers.tourism.route_request import Position, RouteRequest
from phaenthi.layers.workspace.folder import Workspace
from tests.demo_copies import copy_demo
from tests.layers.routes_by_hand import PLASTER, VILLAGE, WEAVING, communities, programmes

PATIENCE = 300
VIEWS: Mapping[str, tuple[str, ...]] = {
    "funds": ("levels", "money", "without", "coverage", "remedies", "list"),
    "groups": ("readiness", "by_amphoe", "families", "register"),
    "otop": (
        *("products", "by_amphoe", "clusters", "hot_spots", "markets", "candidates"),
        "list",
    ),
    "tourism": ("communities", "programmes", "route", "check"),
    "plots": ("status", "by_amphoe", "checks", "one", "list"),
}
# Sections, the layers that they are of, and what lies on the map.
LAYERS = {
    "funds": ("funds", "fund_levels"),
    "groups": ("groups",),
    "otop": ("otop",),
    "tourism": ("tourism_communities", "tourism_programmes", "attractions"),
    "plots": ("plots",),
}
ON_MAP = "funds.groups.otop.clusters.tourism.plots.places"
ROWS = 100_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("layers") / "demo"
    copy_demo(folder, provinces=("31", "42"))
    return folder


def page(section: str, view: str = "", *, area: str = "31", shown: str = ON_MAP) -> AppTest:
    def script() -> None:
        from phaenthi.apps.screens import layers  # noqa: PLC0415 - AppTest runs this text alone

        layers.show()

    made = AppTest.from_function(script, default_timeout=PATIENCE)
    made.session_state["kept_layers_area"] = area
    made.session_state["kept_layers_section"] = section
    made.session_state["kept_layers_shown"] = shown
    if view:
        made.session_state[f"kept_layers_view_{section}"] = view
    return made


def words_of(made: AppTest) -> str:
    said = [
        element.value
        for kind in ("markdown", "caption", "header", "info", "warning", "error")
        for element in made.get(kind)
    ]
    said += [element.proto.body for element in made.get("html")]
    return re.sub(r"<[^>]+>", " ", " ".join(str(text) for text in said))


def sound(made: AppTest) -> str:
    made.run()
    assert not made.exception
    assert not made.error
    return words_of(made)


# -- demo ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize(("section", "view"), [(one, v) for one in VIEWS for v in VIEWS[one]])
def test_every_part_of_every_section_is_drawn_in_both_languages(
    folder: Path, monkeypatch: pytest.MonkeyPatch, section: str, view: str, language: str
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    made = page(section, view)
    made.session_state["language"] = language
    said = sound(made)
    assert ("ข้อมูลจำลอง" if language == "th" else "made-up data") in said


def test_the_official_table_of_loei_gives_its_totals_and_level_three_is_good(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    made = page("funds", "levels", area="42", shown="funds")
    said = sound(made)
    for total in ("508", "456", "436"):
        assert re.search(rf"\b{total}\b", said)
    assert "3 = ดี" in said


def test_a_route_is_built_with_times_cost_and_proof_and_then_checked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    made = page("tourism", "route", shown="tourism")
    made.run()
    build = next(one for one in made.button if "จัดเส้นทาง" in one.label)
    build.click()
    said = sound(made)
    assert "พิสูจน์แล้ว" in said
    assert "ค่ากิจกรรมต่อคน" in said or "ต่อคน" in said
    assert len(made.dataframe) >= 1
    assert "route" in made.session_state["kept_layers_shown"]
    made.session_state["layers_view_tourism_th"] = "check"
    said = sound(made)
    assert "route-31-" in said
    assert "ไม่ผ่าน" in said or "ยังไม่ทราบ" in said


def test_the_first_day_of_a_route_is_told_with_its_year_of_the_buddhist_era(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    made = page("tourism", "route", shown="tourism")
    made.run()
    made.date_input[0].set_value(date(2026, 11, 21))
    assert "21 พฤศจิกายน 2569" in sound(made)


def test_what_is_clicked_is_told_by_its_own_name_and_in_words(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    places = Workspace.open(folder).table("places")
    here = places[places["tambon_code"].str.startswith("31").fillna(value=False)]
    place = here[here["kind"] == "attraction"].iloc[0]
    made = page("tourism", shown="tourism.places")
    made.session_state["layers_clicked"] = f"places:{place['place_id']}"
    said = sound(made)
    assert place["name_th"] in said.replace("\\", "")
    assert "ประเภท: แหล่งท่องเที่ยว" in said
    assert "ชื่อหมู่บ้าน" not in said


def test_the_layer_of_a_section_that_is_not_on_the_map_can_be_put_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    made = page("plots", shown="funds")
    sound(made)
    next(one for one in made.button if one.label == "วางแปลงโคก หนอง นาบนแผนที่").click()
    sound(made)
    assert made.session_state["kept_layers_shown"] == "funds.plots"
    assert not [one for one in made.button if one.label.startswith("วาง")]


def test_a_list_that_cannot_hold_every_plot_says_so_and_is_searched(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    monkeypatch.setattr("phaenthi.apps.screens.layers.plots.MOST_LISTED", 5)
    made = page("plots", "one", shown="plots")
    assert "แสดง 5 แปลงแรกจาก" in sound(made)
    [box] = made.text_input
    box.set_value("31-0012")
    assert "แปลงแรกจาก" not in sound(made)
    made.text_input[0].set_value("ไม่มีแน่")
    assert "ไม่มีรหัสแปลงที่มี" in sound(made)


def test_what_is_looked_at_stands_in_the_address(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    made = page("plots", area="3101", shown="plots.places")
    sound(made)
    told = {name: "".join(value) for name, value in made.query_params.items()}
    assert told["at"] == "3101"
    assert told["layers"] == "plots.places"
    assert told["section"] == "plots"


# -- odd workspaces --------------------------------------------------------------------------------


def made_rows(contract: Contract, size: int, villages: list[str], *, missing: bool) -> pl.DataFrame:
    """Make rows that keep to a contract, with nothing but what it requires if so asked."""
    rng = np.random.default_rng(7)
    own = np.resize(np.array(villages, dtype=object), size)
    columns: dict[str, pl.Series] = {}
    for column in contract.columns:
        kind = contract.stored_types[column.name]
        if column.name in contract.key and column.kind is Kind.TEXT:
            values: object = [f"{column.name}-{row:06}" for row in range(size)]
        elif missing and not column.required:
            values = [None] * size
        elif column.kind is Kind.VILLAGE_CODE:
            values = own.tolist()
        elif column.kind is Kind.CODE:
            digits = 4 if column.name == "area_code" else 6
            values = [code[:digits] for code in own]
        elif column.kind is Kind.YEAR:
            values = [2567] * size
        elif column.kind is Kind.COUNT:
            values = rng.integers(1, 4, size).tolist()
        elif column.kind is Kind.AMOUNT:
            values = rng.uniform(1, 9_000, size).tolist()
        elif column.kind is Kind.DEGREES:
            low, high = (102.4, 103.5) if column.name == "longitude" else (14.3, 15.6)
            values = rng.uniform(low, high, size).tolist()
        elif column.kind is Kind.YES_NO:
            values = (rng.random(size) < 0.5).tolist()
        elif column.kind is Kind.GEOMETRY:
            points = shapely.points(rng.uniform(102.6, 103.4, size), rng.uniform(14.4, 15.4, size))
            values = shapely.to_wkb(points).tolist()
        else:
            words = WORDS.get(column.name, ("ก",))
            values = np.resize(np.array(words, dtype=object), size).tolist()
        columns[column.name] = pl.Series(column.name, values, dtype=kind)
    return pl.DataFrame(columns)


WORDS = {
    "fund_type": ("savings", "poverty_fund", "women"),
    "grade": (None,),
    "failed_principles": ("transparency",),
    "level": ("1", "2", "3"),
    "product_family": ("rice", "silk_weaving", "herbs"),
    "potential": ("A", "B", "C"),
    "category": ("food", "cloth", "drink"),
    "quadrant": ("A", "B", "C", "D"),
    "producer_type": ("community", "single", "sme"),
    "class_th": ("A", "B", "C", "D"),
    "status": ("applied", "selected", "reserve"),
    "title_type": ("private",),
    "opens": ("09:00",),
    "closes": ("16:00",),
    "days": ("1234567",),
    "city_class": ("main", "secondary"),
    "judged_on": ("2025-01-01",),
    "judged_by": ("amphoe_office",),
}


def odd(folder: Path, made_in: Path, names: tuple[str, ...], size: int, *, missing: bool) -> None:
    """Make a workspace of the demo's villages with some odd layers over them."""
    source = Workspace.open(made_in)
    workspace = Workspace.create(folder)
    origin = Provenance(source="ทดสอบ", sha256="", imported_at=datetime.now(UTC), made_up=True)
    for name in ("boundaries_province", "boundaries_amphoe", "boundaries_tambon"):
        workspace.put(name, source.table(name), origin)
    villages = source.scan("villages").collect()
    workspace.put("villages", villages, origin)
    codes = villages.filter(pl.col("village_code").str.starts_with("31"))["village_code"].to_list()
    for name in names:
        contract = contract_of(name)
        rows = made_rows(contract, size, codes, missing=missing)
        workspace.put(name, rows.unique(contract.key, maintain_order=True), origin)


@pytest.mark.parametrize("section", list(LAYERS))
@pytest.mark.parametrize(
    ("size", "missing"), [(0, False), (1, False), (40, True)], ids=["empty", "one row", "missing"]
)
def test_a_layer_that_is_empty_of_one_row_or_all_missing_is_drawn(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    section: str,
    size: int,
    missing: bool,
) -> None:
    odd(tmp_path / "odd", folder, LAYERS[section], size, missing=missing)
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(tmp_path / "odd"))
    for view in VIEWS[section]:
        for area in ("31", ""):
            sound(page(section, view, area=area))


@pytest.mark.parametrize("section", list(LAYERS))
def test_a_hundred_thousand_rows_are_drawn_together_and_the_page_says_so(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, section: str
) -> None:
    odd(tmp_path / "many", folder, LAYERS[section], ROWS, missing=False)
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(tmp_path / "many"))
    shown = {"funds": "funds"}.get(section, section)
    for view in VIEWS[section]:
        said = sound(page(section, view, shown=shown))
        if section != "funds":
            assert "มากเกินกว่าจะแยกให้เห็น" in said


def test_the_points_of_a_hundred_thousand_rows_take_less_than_two_megabytes() -> None:
    rng = np.random.default_rng(3)
    table = pd.DataFrame(
        {
            "id": [f"{row:06}" for row in range(ROWS)],
            "longitude": rng.uniform(97.5, 105.5, ROWS),
            "latitude": rng.uniform(5.7, 20.4, ROWS),
            "kind": rng.choice(["A", "B"], ROWS),
            "title": "กลุ่มอาชีพบ้านจำลอง",
            "where": "ผลิตภัณฑ์",
        }
    )
    together, side = map_layers.drawn_together(table)
    assert side > 0
    assert len(together) <= map_layers.MOST_POINTS
    assert int(together["count"].sum()) == ROWS
    assert len(together.to_json()) < 2_000_000
    alone, side = map_layers.drawn_together(table.head(100))
    assert side == 0
    assert alone["count"].eq(1).all()


def test_a_workspace_without_any_layer_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Workspace.create(tmp_path / "bare")
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(tmp_path / "bare"))
    for section in (*VIEWS, "own"):
        assert "ข้อมูล" in sound(page(section, area=""))


# -- one's own file --------------------------------------------------------------------------------


def test_a_file_of_ones_own_is_shown_with_its_report_and_kept_nowhere(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes = gpd.GeoDataFrame(
        {"name": ["จุด", "เส้น", "พื้นที่", "ว่าง"]},
        geometry=[
            shapely.Point(103, 15),
            shapely.LineString([(103, 15), (103.1, 15.1)]),
            shapely.box(103, 15, 103.2, 15.2),
            None,
        ],
        crs="EPSG:4326",
    )
    before = Workspace.open(folder).status()
    found = own_file.read("mine.geojson", shapes.to_json().encode(), "th")
    assert found.bounds == (103.0, 15.0, 103.2, 15.2)
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    made = page("own", shown="own")
    made.session_state[own_file.KEY] = found
    said = sound(made)
    assert "mine" in said
    assert "ไม่มีรูป" in said
    assert Workspace.open(folder).status().equals(before)


def test_stops_at_one_spot_share_a_symbol_with_all_their_numbers() -> None:
    assert route_builder.numbers([3]) == "3"
    assert route_builder.numbers([1, 2, 3]) == "1–3"
    assert route_builder.numbers([2, 5]) == "2,5"
    assert route_builder.numbers([2, 5, 6, 7]) == "2,5–7"
    assert route_builder.numbers([1, 3, 5, 7]) == "1…7"
    request = RouteRequest(
        province="51", start=Position(99.01, 18.58, "สพจ.ลำพูน"), days=1, most_stops=2
    )
    made = plan_route(
        communities(VILLAGE),
        programmes(WEAVING, PLASTER),
        pl.DataFrame(schema=ATTRACTIONS.stored_types),
        request,
    )
    # Both programmes are at the community's one place.
    assert len(made.stops) == 2
    points = route_builder.route_points(made)
    [symbol] = points.kinds
    assert symbol.letter == "1–2"
    assert symbol.radius is not None
    [title] = points.table["title"]
    assert all(stop.name_th in title for stop in made.stops)
    listed = route_builder.route_stops(made)
    assert [one.letter for one in listed] == ["1", "2"]
