"""The whole country in Chromium: down to the villages and back, without a blank map on the way."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.national_workspace import build_national
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import areas
from phaenthi.layers.workspace.folder import Workspace
from tests.apps.app_server import BROWSER_ARGUMENTS, find_browser, served
from tests.apps.paths.test_browser import PATIENCE, Visit

pytestmark = pytest.mark.browser

MOST_BYTES = 4_000_000
FEW_VILLAGES, FEW_HOUSEHOLDS = 16_000, 60_000


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Build a country on the codes of today; its areas are real where an office has them."""
    named = os.environ.get("PHAENTHI_REAL_DATA")
    return build_national(
        tmp_path_factory.mktemp("country") / "national",
        households=FEW_HOUSEHOLDS,
        villages=FEW_VILLAGES,
        real_data=Path(named) if named else None,
    )


@pytest.fixture(scope="module")
def address(country: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(country.folder, tmp_path_factory.mktemp("log") / "streamlit.log") as address:
        yield address


@pytest.fixture
def visit(address: str) -> Iterator[Visit]:
    path = find_browser()
    if path is None:
        pytest.skip("no Chromium is installed: the country was not tried in a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_ARGUMENTS))
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        yield Visit(page, address)
        browser.close()


def open_country(visit: Visit, level: Level = Level.PROVINCE) -> None:
    visit.open(f"overview?area=all&level={level}")


def shown_areas(visit: Visit) -> int:
    found = visit.in_map("() => phaenthi.count(window.map, 'areaCount')")
    assert isinstance(found, int)
    return found


def wait_for_areas(visit: Visit, count: int) -> None:
    for _ in range(200):
        if shown_areas(visit) == count:
            return
        visit.page.wait_for_timeout(100)
    raise AssertionError(f"{shown_areas(visit)} areas, not {count}")


def click_area(visit: Visit, country: Workspace, level: Level, code: str) -> None:
    table = country.boundaries(level)
    point = table[table["code"] == code].geometry.representative_point().iloc[0]
    visit.click_village(point.x, point.y)


def watch_for_blanks(visit: Visit) -> None:
    """Let the map note, frame by frame, the least that was ever painted of it."""
    visit.in_map(
        """() => {
          window.least = 1;
          const small = document.createElement('canvas');
          [small.width, small.height] = [64, 64];
          const pen = small.getContext('2d', { willReadFrequently: true });
          const look = () => {
            const canvas = document.querySelector('.leaflet-overlay-pane canvas');
            pen.clearRect(0, 0, 64, 64);
            if (canvas) { pen.drawImage(canvas, 0, 0, 64, 64); }
            const points = pen.getImageData(0, 0, 64, 64).data;
            let painted = 0;
            for (let at = 3; at < points.length; at += 4) { if (points[at]) { painted += 1; } }
            window.least = Math.min(window.least, painted / 4096);
            requestAnimationFrame(look);
          };
          look();
        }"""
    )


def least_painted(visit: Visit) -> float:
    least = visit.in_map("() => window.least")
    assert isinstance(least, int | float)
    return float(least)


def count_of(level: Level, prefix: str) -> int:
    codes = areas(level)["code"]
    return int(codes.str.startswith(prefix).sum())


def test_a_click_chooses_a_province_and_the_map_is_never_blank_meanwhile(
    visit: Visit, country: Workspace
) -> None:
    open_country(visit)
    assert shown_areas(visit) == 77
    before = visit.view()
    watch_for_blanks(visit)
    click_area(visit, country, Level.PROVINCE, "46")
    enter = visit.page.locator(".st-key-overview_enter button")
    expect(enter).to_contain_text("กาฬสินธุ์", timeout=PATIENCE)
    visit.page.wait_for_timeout(800)
    visit.assert_view(before)
    assert least_painted(visit) > 0.02


def test_a_reader_goes_down_to_the_villages_and_back_on_one_map(
    visit: Visit, country: Workspace
) -> None:
    open_country(visit)
    visit.in_map("() => { window.is_the_same = true; }")
    watch_for_blanks(visit)
    crumbs = visit.page.locator(".st-key-overview_crumbs")
    for code, level, name in (
        ("46", Level.PROVINCE, "กาฬสินธุ์"),
        ("4602", Level.AMPHOE, "นามน"),
        ("460202", Level.TAMBON, "ยอดแกง"),
    ):
        click_area(visit, country, level, code)
        enter = visit.page.locator(".st-key-overview_enter button")
        expect(enter).to_contain_text(name, timeout=PATIENCE)
        visit.page.wait_for_timeout(500)
        click_area(visit, country, level, code)
        expect(crumbs.locator("strong")).to_have_text(name, timeout=PATIENCE)
        expect(visit.page).to_have_url(re.compile(f"inside={code}"))
        if level is not Level.TAMBON:
            below = level.child
            assert below is not None
            wait_for_areas(visit, count_of(below, code) + 1)
        visit.page.wait_for_timeout(500)
    listed = country.table("villages")["village_code"].str.startswith("460202").sum()
    expect(visit.page.locator(".ph-figure-value").first).to_have_text(f"{listed:,}")
    crumbs.get_by_role("button", name="กาฬสินธุ์", exact=True).click()
    wait_for_areas(visit, count_of(Level.AMPHOE, "46") + 1)
    crumbs.get_by_role("button", name="ทั้งประเทศ").click()
    wait_for_areas(visit, 77)
    assert visit.in_map("() => window.is_the_same") is True
    assert least_painted(visit) > 0.01


@pytest.mark.parametrize("level", [Level.PROVINCE, Level.AMPHOE, Level.TAMBON, Level.VILLAGE])
def test_a_view_of_the_country_takes_less_than_four_megabytes_besides_streamlit_itself(
    visit: Visit, country: Workspace, level: Level
) -> None:
    sent = sent_to(visit.page)
    open_country(visit, level)
    visit.page.wait_for_timeout(1500)
    assert 10_000 < sum(sent) < MOST_BYTES
    if level is not Level.VILLAGE:
        edges = 0 if level is Level.PROVINCE else 77
        assert shown_areas(visit) == len(country.boundaries(level)) + edges
    else:
        located = country.table("villages")["longitude"].notna().sum()
        drawn = visit.in_map("() => phaenthi.count(window.map, 'villageCount')")
        assert drawn == located


def test_tambons_lie_below_the_villages_of_a_country_once_one_looks_nearer(
    visit: Visit, country: Workspace
) -> None:
    open_country(visit, Level.VILLAGE)
    assert shown_areas(visit) == 77
    visit.in_map("() => { window.map.setView([16.4, 103.5], 9, {animate: false}); }")
    wait_for_areas(visit, 77 + len(country.boundaries(Level.TAMBON)))
    visit.in_map("() => { window.map.setView([16.4, 103.5], 7, {animate: false}); }")
    wait_for_areas(visit, 77)


def sent_to(page: Page) -> list[int]:
    """Return a list that grows by the bytes of each answer and message, but for Streamlit's own."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    of_ours: set[str] = set()
    sent: list[int] = []

    def note_answer(event: dict[str, object]) -> None:
        answer = event["response"]
        assert isinstance(answer, dict)
        if "/static/js/" not in answer["url"] and "/static/media/" not in answer["url"]:
            of_ours.add(str(event["requestId"]))

    def note_end(event: dict[str, object]) -> None:
        if event["requestId"] in of_ours:
            sent.append(int(str(event["encodedDataLength"]).partition(".")[0]))

    def note_message(event: dict[str, object]) -> None:
        message = event["response"]
        assert isinstance(message, dict)
        # What is not text comes as base 64.
        sent.append(len(message["payloadData"]) * (1 if message["opcode"] == 1 else 3) // 4)

    wire.on("Network.responseReceived", note_answer)
    wire.on("Network.loadingFinished", note_end)
    wire.on("Network.webSocketFrameReceived", note_message)
    return sent


def test_who_has_no_mouse_moves_the_map_and_chooses_what_lies_in_its_middle(
    visit: Visit, country: Workspace
) -> None:
    open_country(visit)
    table = country.boundaries(Level.PROVINCE)
    point = table[table["code"] == "40"].geometry.representative_point().iloc[0]
    visit.in_map(
        f"() => {{ window.map.setView([{point.y}, {point.x}], 8, {{animate: false}});"
        " window.map.getContainer().focus(); }"
    )
    visit.page.keyboard.press("Enter")
    enter = visit.page.locator(".st-key-overview_enter button")
    expect(enter).to_contain_text("ขอนแก่น", timeout=PATIENCE)
    before = visit.view()
    visit.in_map("() => { window.map.getContainer().focus(); }")
    visit.page.keyboard.press("ArrowRight")
    visit.page.wait_for_timeout(700)
    assert visit.view()[2] > before[2]
    visit.page.keyboard.press("+")
    visit.page.wait_for_timeout(700)
    assert visit.view()[0] > before[0]


def test_a_link_leads_past_the_map_to_the_table(visit: Visit) -> None:
    open_country(visit)
    link = visit.page.locator("a.ph-skip")
    link.focus()
    expect(link).to_be_visible()
    visit.page.keyboard.press("Enter")
    expect(visit.page).to_have_url(re.compile(r"#areas_table$"))
    visit.page.keyboard.press("Tab")
    inside = visit.page.evaluate(
        "() => document.activeElement.closest('[data-testid=stDataFrame], .stDataFrame') !== null"
    )
    assert inside
