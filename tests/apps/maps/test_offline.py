"""Maps ask nothing of another machine, and tell a click as a village."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import folium
import geopandas as gpd
import pandas as pd
import pytest
import shapely
from folium.plugins import MarkerCluster

from phaenthi.apps.maps import legends, offline
from phaenthi.apps.maps import pages as map_pages
from phaenthi.apps.maps import view as map_view
from phaenthi.apps.maps.files import as_bytes, pack_areas
from phaenthi.wording import Problem

# A link that one may click is no request; what a page loads by itself is.
OTHER_MACHINE = re.compile(
    r"""<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*["']?(?:https?:)?//"""
    r"""|url\(\s*["']?(?:https?:)?//|@import"""
)


def square(west: float, south: float, size: float = 0.1) -> shapely.Polygon:
    return shapely.box(west, south, west + size, south + size)


@pytest.fixture
def amphoe() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "code": ["4601", "4602"],
            "name_th": ["เมืองกาฬสินธุ์", "นามน"],
            "name_en": ["Mueang Kalasin", "Na Mon"],
        },
        geometry=[square(103.4, 16.4), square(103.5, 16.4)],
        crs="EPSG:4326",
    )


@pytest.fixture
def units() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "village_code": ["46010101", "46010102", "46020101", "46020102"],
            "name_th": ["โนนสูง", "หนองบัว", "</script><b>ดงน้อย", "คำไฮ"],
            "tambon_th": ["กาฬสินธุ์", "กาฬสินธุ์", "นามน", "นามน"],
            "amphoe_th": ["เมืองกาฬสินธุ์", "เมืองกาฬสินธุ์", "นามน", "นามน"],
            "status": ["eligible", "chosen", "excluded", "unknown"],
        }
    )


@pytest.fixture
def points() -> gpd.GeoSeries:
    places = {
        "46010101": shapely.Point(103.42, 16.42),
        "46010102": shapely.Point(103.44, 16.44),
        "46020101": shapely.Point(103.52, 16.42),
    }
    return gpd.GeoSeries(places, crs="EPSG:4326")


def page(
    amphoe: gpd.GeoDataFrame, units: pd.DataFrame, points: gpd.GeoSeries, title: str = "แผน"
) -> str:
    titled = map_view.with_titles(units, "th")
    return map_pages.plan_page(
        titled, points, {"amphoe": amphoe}, title=title, notes=["ข้อมูลจำลอง"], language="th"
    )


def test_a_map_links_only_to_what_the_installed_packages_hold() -> None:
    drawn = map_view.base_map((103.4, 16.4, 103.6, 16.5))
    links = [address for _, address in drawn.default_js + drawn.default_css]
    assert links
    assert all(link.startswith(offline.FROM_MAP_FRAME) for link in links)
    assert not OTHER_MACHINE.search(drawn.get_root().render())


def test_folium_itself_keeps_its_links_for_others() -> None:
    map_view.base_map((103.4, 16.4, 103.6, 16.5))
    assert any(address.startswith("https://") for _, address in folium.Map.default_js)


def test_a_plain_folium_map_with_its_marker_decorations_is_made_local() -> None:
    drawn = folium.Map(tiles=None)
    offline.keep_local(drawn)
    assert not OTHER_MACHINE.search(drawn.get_root().render())


def test_a_plug_in_without_a_local_copy_is_refused_rather_than_fetched() -> None:
    drawn = map_view.base_map((103.4, 16.4, 103.6, 16.5))
    drawn.add_child(MarkerCluster())
    with pytest.raises(LookupError, match="MarkerCluster"):
        offline.keep_local(drawn)


def test_every_asset_is_copied_once_and_whole(tmp_path: Path) -> None:
    folder = offline.prepare_static_folder(tmp_path)
    for asset in offline.ASSETS:
        served = (folder / ("map.css" if asset.is_style else "map.js")).read_text("utf-8")
        assert asset.file.read_text("utf-8").partition("//# sourceMappingURL")[0] in served
    assert (folder / "images" / "layers.png").exists()
    before = {path: path.stat().st_ino for path in folder.rglob("*") if path.is_file()}
    offline.prepare_static_folder(tmp_path)
    assert before == {path: path.stat().st_ino for path in folder.rglob("*") if path.is_file()}


def test_a_static_folder_that_cannot_be_written_is_told_as_a_problem(tmp_path: Path) -> None:
    (tmp_path / "static").write_text("a file where the folder should be")
    with pytest.raises(Problem, match="static"):
        offline.prepare_static_folder(tmp_path / "static")


def test_the_same_areas_get_the_same_address(tmp_path: Path, amphoe: gpd.GeoDataFrame) -> None:
    first = offline.publish(as_bytes(pack_areas(amphoe)), ".json", tmp_path)
    assert first == offline.publish(as_bytes(pack_areas(amphoe)), ".json", tmp_path)
    assert first.startswith(offline.FROM_MAP_FRAME)
    assert len(list((tmp_path / "areas").iterdir())) == 1


def test_the_saved_page_holds_all_it_needs(
    amphoe: gpd.GeoDataFrame, units: pd.DataFrame, points: gpd.GeoSeries
) -> None:
    html = page(amphoe, units, points)
    assert not OTHER_MACHINE.search(html)
    assert "<script src" not in html
    assert "<link rel" not in html
    assert "L.map(" in html
    for words in ("ข้อมูลจำลอง", "โนนสูง", "เป้าหมาย"):
        assert json.dumps(words).strip('"') in html


def test_a_name_with_markup_in_it_stays_a_name(
    amphoe: gpd.GeoDataFrame, units: pd.DataFrame, points: gpd.GeoSeries
) -> None:
    html = page(amphoe, units, points, title="<script>alert(1)</script>")
    assert "</script><b>ดงน้อย" not in html
    assert "<script>alert" not in html


def test_a_village_without_a_point_is_not_drawn_and_not_an_error(
    units: pd.DataFrame, points: gpd.GeoSeries
) -> None:
    group = map_view.village_layer(map_view.with_titles(units, "th"), points, "th")
    drawn = next(rows for rows in group._children.values() if rows.verb == "villages")
    file, looks, [marks] = drawn.arguments
    assert file["codes"] == {"digits": 8, "steps": [46010101, 1, 9999]}
    told = [looks[int(mark)]["label"] for mark in marks]
    assert told == ["เข้าเกณฑ์ แต่ไม่ได้เลือก", "เป้าหมาย", "ไม่เข้าเกณฑ์"]


def test_the_same_bounds_give_the_same_map() -> None:
    one, other = (map_view.base_map((103.4, 16.4, 103.6, 16.5)) for _ in range(2))
    assert (one.location, one.options) == (other.location, other.options)


def test_classes_hold_about_equally_many_areas_and_say_what_they_hold() -> None:
    values = pd.Series(range(10, 60), index=[f"46{number:02d}" for number in range(50)])
    classes = legends.classify(values, pd.Series(False, index=values.index))
    assert len(classes.colours) == 5
    assert classes.ranges[0] == (10, 19)
    assert classes.ranges[-1] == (50, 59)
    assert not classes.any_hidden


def test_a_hidden_count_looks_the_same_whatever_it_is() -> None:
    values = pd.Series([None, 20.0, None], index=["4601", "4602", "4603"])
    hidden = pd.Series([True, False, False], index=values.index)
    classes = legends.classify(values, hidden)
    assert classes.colour_of["4601"] == legends.HIDDEN_COLOUR
    assert classes.colour_of["4603"] == legends.MISSING_COLOUR
    legend = legends.class_legend("ครัวเรือนยากจน", classes, ",.0f", "th")
    assert "ปกปิด" in legend
    assert "ไม่มีข้อมูล" in legend


def test_values_that_are_all_the_same_make_one_class() -> None:
    values = pd.Series([7.0, 7.0, 7.0], index=["4601", "4602", "4603"])
    classes = legends.classify(values, pd.Series(False, index=values.index))
    assert classes.ranges == ((7.0, 7.0),)


def test_no_values_at_all_make_no_class() -> None:
    values = pd.Series([None, None], index=["4601", "4602"], dtype=float)
    classes = legends.classify(values, pd.Series(False, index=values.index))
    assert classes.ranges == ()
    assert classes.any_missing


def test_every_status_has_a_shape_and_a_colour_of_its_own() -> None:
    looks = list(legends.STATUS_LOOKS.values())
    assert len({look.shape for look in looks}) == len(looks)
    assert len({look.colour for look in looks}) == len(looks)
    assert len({look.symbol for look in looks}) == len(looks)


def test_a_click_is_told_by_its_number_and_what_was_hit() -> None:
    answer = {
        "last_object_clicked_count": 3,
        "last_active_drawing": {"properties": {"village_code": "46010101"}},
    }
    assert map_view.clicked_properties(answer) == (3, {"village_code": "46010101"})
    assert map_view.clicked_properties(None) == (0, {})


def test_what_no_map_has_asked_for_lately_is_swept_away(tmp_path: Path) -> None:
    fresh = tmp_path / "areas" / offline.publish(b"[1]", ".json", tmp_path).rsplit("/", 1)[-1]
    stale = tmp_path / "areas" / offline.publish(b"[2]", ".json", tmp_path).rsplit("/", 1)[-1]
    old_assets = tmp_path / "map-000000000000" / "leaflet.js"
    old_assets.parent.mkdir()
    old_assets.write_text("old")
    for path in (stale, old_assets):
        os.utime(path, (0, 0))
    assert set(offline.sweep(tmp_path)) == {stale, old_assets}
    assert fresh.is_file()
    assert not old_assets.parent.exists()


def test_what_is_published_again_is_not_a_leftover(tmp_path: Path) -> None:
    name = offline.publish(b"[3]", ".json", tmp_path).rsplit("/", 1)[-1]
    os.utime(tmp_path / "areas" / name, (0, 0))
    offline.publish(b"[3]", ".json", tmp_path)
    assert offline.sweep(tmp_path) == []


# -- what a planner draws --------------------------------------------------------------------------


def drawn(*corners: tuple[float, float]) -> dict[str, object]:
    ring = [list(corner) for corner in (*corners, corners[0])]
    return {
        "type": "Feature",
        "properties": {"drawn": "area"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_the_area_that_stands_drawn_is_read_whatever_was_clicked_since() -> None:
    area = drawn((103, 16), (104, 16), (104, 17), (103, 17))
    village = {"type": "Feature", "properties": {"village_code": "46010101"}, "geometry": None}
    answer = {"all_drawings": [area], "last_active_drawing": village}
    assert map_view.drawn_area(answer).equals(shapely.box(103, 16, 104, 17))
    assert map_view.drawn_area({"last_active_drawing": area}).equals(shapely.box(103, 16, 104, 17))


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        {"all_drawings": []},
        {"all_drawings": None, "last_active_drawing": None},
        {"last_active_drawing": {"properties": {"code": "46"}, "geometry": None}},
        {"all_drawings": [drawn((103, 16), (103, 16), (103, 16))]},
    ],
)
def test_no_area_is_read_where_none_was_drawn(answer: dict[str, object] | None) -> None:
    assert map_view.drawn_area(answer) is None


def test_a_line_that_crosses_itself_holds_every_part_that_it_encloses() -> None:
    eight = drawn((0, 0), (2, 2), (2, 0), (0, 2))
    area = map_view.drawn_area({"all_drawings": [eight]})
    assert area.is_valid
    assert area.area == pytest.approx(2.0)
    assert area.covers(shapely.Point(0.2, 1))
    assert area.covers(shapely.Point(1.8, 1))


# -- base-map tiles --------------------------------------------------------------------------------


def test_no_map_has_tiles_unless_an_office_names_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(offline.TILES_VARIABLE, raising=False)
    drawn_map = map_view.base_map((103.4, 16.4, 103.6, 16.5))
    assert "phaenthi.tiles(" not in drawn_map.get_root().render()
    monkeypatch.setenv(offline.TILES_VARIABLE, "http://tiles.office/{z}/{x}/{y}.png")
    monkeypatch.setenv(offline.TILES_CREDIT_VARIABLE, "กรมแผนที่")
    asked = map_view.base_map((103.4, 16.4, 103.6, 16.5)).get_root().render()
    assert "http://tiles.office/{z}/{x}/{y}.png" in asked
    assert json.dumps("กรมแผนที่").strip('"') in asked


def test_a_saved_page_never_has_tiles(
    monkeypatch: pytest.MonkeyPatch,
    amphoe: gpd.GeoDataFrame,
    units: pd.DataFrame,
    points: gpd.GeoSeries,
) -> None:
    monkeypatch.setenv(offline.TILES_VARIABLE, "http://tiles.office/{z}/{x}/{y}.png")
    assert "tiles.office" not in page(amphoe, units, points)
