"""The app in Chromium with every request to another machine refused."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import FrameLocator, Page, Request, Route, expect, sync_playwright

from phaenthi.apps.planning.plans import save_plan
from phaenthi.layers.villages import table as villages
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.evidence import gather
from phaenthi.targeting.plan import keeping
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.plan.record import Plan
from phaenthi.targeting.programme import programme
from tests.apps.app_server import BROWSER_ARGUMENTS, find_browser, served
from tests.apps.in_browser import PAINTED_SHARE
from tests.demo_copies import copy_demo

pytestmark = pytest.mark.browser

LOCAL = ("localhost", "127.0.0.1", "")
MAP = 'iframe[title="streamlit_folium.st_folium"]'
SIZES = {"laptop": (1366, 768), "phone": (390, 844)}
PATIENCE = 60_000


@dataclass
class Visit:
    """A page in the browser and what it asked of other machines."""

    page: Page
    address: str
    asked_elsewhere: list[str] = field(default_factory=list)
    failed_here: list[str] = field(default_factory=list)

    @property
    def map(self) -> FrameLocator:
        return self.page.frame_locator(MAP)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}/{path}")
        expect(self.page.locator(MAP)).to_be_visible(timeout=PATIENCE)
        self.wait_for_map()

    def wait_for_map(self) -> None:
        """Wait until the map's canvas holds something."""
        self.map.locator("canvas").wait_for(timeout=PATIENCE)
        for _ in range(100):
            if self.painted() > 0.02:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("the map stayed blank")

    def in_map(self, script: str) -> object:
        frame = self.page.query_selector(MAP)
        assert frame is not None
        content = frame.content_frame()
        assert content is not None
        return content.evaluate(script)

    def painted(self) -> float:
        """Return the share of the map's canvas that anything is drawn on."""
        share = self.in_map(PAINTED_SHARE)
        assert isinstance(share, int | float)
        return float(share)

    def view(self) -> list[float]:
        """Return zoom, latitude and longitude of the map's centre."""
        found = self.in_map(
            "() => [window.map.getZoom(), window.map.getCenter().lat, window.map.getCenter().lng]"
        )
        assert isinstance(found, list)
        return [float(value) for value in found]

    def assert_view(self, before: list[float]) -> None:
        """Assert that the map shows what it did; a scroll bar may move the centre a hair."""
        assert self.view() == pytest.approx(before, abs=0.005)

    def click_village(self, longitude: float, latitude: float) -> None:
        """Click where a village lies, without a scroll between finding the place and the click."""
        frame = self.page.locator(MAP)
        frame.evaluate("(frame) => frame.scrollIntoView({ block: 'center' })")
        self.page.wait_for_timeout(500)
        place = self.in_map(f"() => window.map.latLngToContainerPoint([{latitude}, {longitude}])")
        box = frame.bounding_box()
        assert isinstance(place, dict)
        assert box is not None
        self.page.mouse.click(box["x"] + place["x"], box["y"] + place["y"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser") / "demo"
    workspace = copy_demo(folder, provinces=("46", "83"))
    made = plans.make(
        programme.load("ne-poverty-2563"),
        gather(workspace, ["46"]),
        ["46"],
        decided_on=date(2019, 11, 1),
    )
    save_plan(made, Workspace.open(folder))
    return folder


@pytest.fixture(scope="module")
def plan(folder: Path) -> Plan:
    return keeping.load(folder / DocumentKind.PLANS / keeping.saved(folder / DocumentKind.PLANS)[0])


@pytest.fixture(scope="module")
def address(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(folder, tmp_path_factory.mktemp("log") / "streamlit.log") as address:
        yield address


@pytest.fixture(scope="module")
def browser_path() -> str:
    path = find_browser()
    if path is None:
        words = "no Chromium is installed: the app was not tried in a browser"
        if os.environ.get("PHAENTHI_REQUIRE_BROWSER") == "1":
            pytest.fail(words)
        pytest.skip(words)
    return path


@pytest.fixture(params=SIZES)
def visit(request: pytest.FixtureRequest, browser_path: str, address: str) -> Iterator[Visit]:
    width, height = SIZES[request.param]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=list(BROWSER_ARGUMENTS)
        )
        page = browser.new_page(viewport={"width": width, "height": height})
        visit = Visit(page, address)

        def only_here(route: Route) -> None:
            if urlparse(route.request.url).hostname not in LOCAL:
                visit.asked_elsewhere.append(route.request.url)
                route.abort()
            else:
                route.continue_()

        def note_failure(failed: Request) -> None:
            visit.failed_here.append(failed.url)

        page.route(re.compile(r"^(?!data:|blob:)"), only_here)
        page.on("requestfailed", note_failure)
        yield visit
        browser.close()


def village(plan: Plan, folder: Path, status: str, skip: int = 0) -> tuple[str, str, float, float]:
    """Return code, Thai reason, longitude and latitude of a village of a status.

    Of those that no other large symbol lies near, so that a click means this one.
    """
    table = villages.build(Workspace.open(folder), "46").set_index("village_code")
    units = plan.units.set_index("village_code")
    large = units.index[units["status"].isin(["chosen", "reserve"]) & table["located"]]
    points = table.geometry[large]
    apart = points.map(lambda point: points.distance(point).nlargest(len(points) - 1).min())
    of_status = apart[(units["status"].reindex(large) == status).to_numpy()]
    code = of_status.sort_values(ascending=False, kind="stable").index[skip]
    return code, str(units.loc[code, "reason_th"]), points[code].x, points[code].y


def test_the_app_shows_areas_and_villages_and_asks_nothing_of_another_machine(
    visit: Visit,
) -> None:
    visit.open("")
    # Streamlit fetches a page's parts late: give whatever it wants the time to be asked for.
    visit.page.wait_for_timeout(2500)
    areas = visit.in_map("() => phaenthi.count(window.map, 'areaCount')")
    villages = visit.in_map("() => phaenthi.count(window.map, 'villageCount')")
    assert isinstance(areas, int)
    assert isinstance(villages, int)
    assert areas > 100
    assert villages > 500
    assert visit.asked_elsewhere == []


def test_a_click_on_a_village_shows_its_reason_in_thai_and_keeps_the_map(
    visit: Visit, plan: Plan, folder: Path
) -> None:
    visit.open("")
    before, drawn = visit.view(), visit.painted()
    _, reason, longitude, latitude = village(plan, folder, "chosen")
    visit.click_village(longitude, latitude)
    card = visit.page.locator(".st-key-reason_card")
    expect(card).to_contain_text(reason, timeout=PATIENCE)
    assert re.search(r"[ก-๙]{10}", reason)
    visit.page.wait_for_timeout(1000)
    assert visit.painted() == pytest.approx(drawn, rel=0.2)
    visit.assert_view(before)
    assert visit.asked_elsewhere == []


def test_a_second_click_shows_the_second_village(visit: Visit, plan: Plan, folder: Path) -> None:
    visit.open("")
    card = visit.page.locator(".st-key-reason_card")
    for status, skip in (("chosen", 1), ("reserve", 0), ("chosen", 1)):
        code, _, longitude, latitude = village(plan, folder, status, skip)
        visit.click_village(longitude, latitude)
        expect(card).to_contain_text(code, timeout=PATIENCE)


def test_a_moved_view_stays_through_a_click_and_a_filter(
    visit: Visit, plan: Plan, folder: Path
) -> None:
    visit.open("")
    code, _, longitude, latitude = village(plan, folder, "chosen", 2)
    visit.in_map(
        f"() => {{ window.map.setView([{latitude}, {longitude}], 12, {{animate: false}}) }}"
    )
    visit.page.wait_for_timeout(800)
    before = visit.view()
    visit.click_village(longitude, latitude)
    expect(visit.page.locator(".st-key-reason_card")).to_contain_text(code, timeout=PATIENCE)
    visit.page.get_by_role("button", name=re.compile("ไม่เข้าเกณฑ์")).first.click()
    visit.page.wait_for_timeout(2000)
    visit.assert_view(before)
    assert visit.painted() > 0.02


def test_the_overview_shows_its_areas_and_a_click_keeps_the_map(visit: Visit) -> None:
    visit.open("overview")
    before = visit.view()
    visit.map.locator("#map_div").click()
    visit.page.wait_for_timeout(2000)
    assert visit.painted() > 0.1
    visit.assert_view(before)
    assert visit.asked_elsewhere == []


def test_a_planner_leaves_a_village_out_for_a_reason_and_undoes_it(
    visit: Visit, plan: Plan
) -> None:
    units = plan.units.set_index("village_code")
    code = plan.result("46").chosen[0]
    lost = int(plan.result("46").need - units.loc[code, "points"])
    visit.open(f"?lang=th&plan={plan.id}&village={code}")
    page = visit.page
    before = visit.view()
    page.locator(".st-key-decide_out button").click()
    price = page.locator(".st-key-decision_price")
    expect(price).to_contain_text(f"{lost:,}", timeout=PATIENCE)
    expect(price).to_contain_text(units.loc[code, "replaces"].split()[0])
    page.locator(".st-key-decision_reason textarea").fill("ประชาคมมีมติขอถอนตัว")
    page.locator(".st-key-decision_decided_by input").fill("ศจพ.อ.เมืองกาฬสินธุ์")
    page.get_by_role("button", name="บันทึกการตัดสิน").click()
    card = page.locator(".st-key-reason_card").first
    expect(card).to_contain_text("ประชาคมมีมติขอถอนตัว", timeout=PATIENCE)
    expect(page.locator(".ph-figures").first).to_contain_text(f"{lost:,}")
    visit.assert_view(before)
    page.locator(".st-key-decide_withdrawn button").first.click()
    page.get_by_role("button", name="ยืนยันยกเลิกการตัดสิน").click(timeout=PATIENCE)
    expect(card).not_to_contain_text("ประชาคมมีมติขอถอนตัว", timeout=PATIENCE)
    expect(page.locator(".ph-figures").first).to_contain_text(f"{plan.result('46').need:,}")
    assert visit.asked_elsewhere == []


@pytest.mark.parametrize("visit", ["laptop"], indirect=True)
def test_village_and_view_of_the_map_outlast_a_visit_to_another_page(
    visit: Visit, plan: Plan, folder: Path
) -> None:
    code, reason, longitude, latitude = village(plan, folder, "chosen", 2)
    visit.open(f"?lang=th&village={code}")
    visit.in_map(
        f"() => {{ window.map.setView([{latitude}, {longitude}], 11, {{animate: false}}) }}"
    )
    visit.page.wait_for_timeout(500)
    before = visit.view()
    for path, heading in (("overview", "ภาพรวมพื้นที่"), ("targeting", "เลือกหมู่บ้านเป้าหมาย")):
        link = visit.page.locator(f'a[href$="/{path}"], a[href$="/"]').filter(has_text=heading[:6])
        link.first.click()
        expect(visit.page.locator("h2").first).to_have_text(heading, timeout=PATIENCE)
        visit.wait_for_map()
    expect(visit.page.locator(".st-key-reason_card").first).to_contain_text(reason)
    expect(visit.page).to_have_url(re.compile(f"village={code}"))
    visit.page.wait_for_timeout(800)
    visit.assert_view(before)


def test_the_switch_turns_the_page_to_english_and_back(visit: Visit) -> None:
    visit.open("")
    heading = visit.page.locator("h2").first
    visit.page.get_by_text("English", exact=True).click()
    expect(heading).to_have_text("Choose target villages", timeout=PATIENCE)
    # The old switch fades away while the new one stands.
    expect(visit.page.get_by_text("ไทย", exact=True)).to_have_count(1, timeout=PATIENCE)
    visit.page.get_by_text("ไทย", exact=True).click()
    expect(heading).to_have_text("เลือกหมู่บ้านเป้าหมาย", timeout=PATIENCE)
    assert visit.asked_elsewhere == []


@pytest.mark.parametrize("visit", ["laptop"], indirect=True)
def test_two_tabs_on_other_provinces_and_languages_do_not_disturb_each_other(visit: Visit) -> None:
    browser = visit.page.context.browser
    assert browser is not None
    window = browser.new_context(viewport={"width": 1366, "height": 768})
    first, other = (Visit(window.new_page(), visit.address) for _ in range(2))
    first.open("overview?lang=th&area=46&level=amphoe")
    other.open("overview?lang=en&area=83&level=amphoe")
    before, framed = first.view(), other.view()
    assert before != pytest.approx(framed, abs=0.5)
    for tab, prefix, heading in ((other, "83", "Overview"), (first, "46", "ภาพรวม")):
        tab.page.bring_to_front()
        tab.map.locator("#map_div").click()
        enter = tab.page.locator(".st-key-overview_enter button")
        expect(enter).to_be_visible(timeout=PATIENCE)
        expect(tab.page.locator("h2").first).to_contain_text(heading)
        expect(tab.page).to_have_url(re.compile(f"area={prefix}"))
        tab.page.wait_for_timeout(500)
    first.assert_view(before)
    other.assert_view(framed)
    thai = first.page.locator(".st-key-overview_enter button").inner_text()
    english = other.page.locator(".st-key-overview_enter button").inner_text()
    assert re.search("[ก-๙]", thai)
    assert not re.search("[ก-๙]", english)
    window.close()


@pytest.mark.parametrize("visit", ["laptop"], indirect=True)
def test_the_map_is_reached_and_left_by_tab_alone(visit: Visit) -> None:
    visit.open("")
    visit.page.locator("a.ph-skip").focus()
    reached = [_step(visit)]
    while reached[-1] and len(reached) < 20:
        reached.append(_step(visit))
    assert reached[0] == "map_div"
    # Its buttons come next, and then the way leads out of it again.
    assert any("leaflet-control-zoom-in" in one for one in reached)
    assert reached[-1] == ""
    visit.page.keyboard.press("Shift+Tab")
    assert _focused(visit) == reached[-2]


def _step(visit: Visit) -> str:
    visit.page.keyboard.press("Tab")
    return _focused(visit)


def _focused(visit: Visit) -> str:
    """Return what of the map has the focus; nothing where the focus lies outside it."""
    inside = visit.page.evaluate("() => document.activeElement.tagName") == "IFRAME"
    if not inside:
        return ""
    name = visit.in_map("() => document.activeElement.id || document.activeElement.className")
    return str(name) or "frame"
