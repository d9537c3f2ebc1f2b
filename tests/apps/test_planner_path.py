"""The planner's main path in Chromium: from the pack to a saved plan with one swap."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Locator, Page, Route, expect, sync_playwright

from apps import demo, plan_shelf
from targeting import plan as plans
from tests.apps.app_server import BROWSER_ARGUMENTS, find_browser, served
from wording import Language, say

pytestmark = pytest.mark.browser

LOCAL = ("localhost", "127.0.0.1", "")
MAP = 'iframe[title="streamlit_folium.st_folium"]'
SIZES = {"laptop": (1366, 768), "phone": (390, 844)}
PATIENCE = 90_000
REASON, OFFICE = "ประชาคมมีมติขอถอนตัว", "ศจพ.อ.เมืองกาฬสินธุ์"


@dataclass
class Planner:
    """A planner at a screen, in a language, cut off from every other machine."""

    page: Page
    address: str
    language: Language
    asked_elsewhere: list[str] = field(default_factory=list)

    def tell(self, message: str, **values: object) -> str:
        return say(f"app.{message}", self.language, **values)

    def open(self, query: str = "") -> None:
        self.page.goto(f"{self.address}/?lang={self.language}{query}")

    def button(self, key: str) -> Locator:
        """Return the button of a key; one with a hint stands in the page twice, once in sight."""
        return self.page.locator(f".st-key-{key} button:visible").first

    def go_on(self, step: str) -> None:
        """Press the way on and wait until the next step stands there."""
        self.button("way_on").click(timeout=PATIENCE)
        expect(self.button(f"step_{step}")).to_have_attribute("kind", "primary", timeout=PATIENCE)
        self.rest()

    def rest(self) -> None:
        """Wait until the page has nothing left to draw."""
        running = self.page.locator('[data-testid="stApp"][data-test-script-state="running"]')
        expect(running).to_have_count(0, timeout=PATIENCE)
        self.page.wait_for_timeout(250)

    def in_map(self, script: str) -> object:
        frame = self.page.wait_for_selector(MAP, timeout=PATIENCE).content_frame()
        assert frame is not None
        return frame.evaluate(script)

    def view(self) -> list[float]:
        found = self.in_map(
            "() => [window.map.getZoom(), window.map.getCenter().lat, window.map.getCenter().lng]"
        )
        assert isinstance(found, list)
        return [float(value) for value in found]

    def painted(self) -> float:
        """Return the share of the map's canvas that anything is drawn on."""
        share = self.in_map(
            """() => {
              const canvas = document.querySelector('.leaflet-overlay-pane canvas');
              if (!canvas) { return 0; }
              const { data } = canvas.getContext('2d')
                .getImageData(0, 0, canvas.width, canvas.height);
              let drawn = 0;
              for (let i = 3; i < data.length; i += 4) { if (data[i]) { drawn += 1; } }
              return 4 * drawn / data.length;
            }"""
        )
        assert isinstance(share, int | float)
        return float(share)

    def wait_for_map(self) -> None:
        for _ in range(150):
            if self.painted() > 0.02:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("the map stayed blank")


@pytest.fixture(scope="module")
def browser_path() -> str:
    path = find_browser()
    if path is None:
        words = "no Chromium is installed: the planner's path was not tried in a browser"
        if os.environ.get("PHAENTHI_REQUIRE_BROWSER") == "1":
            pytest.fail(words)
        pytest.skip(words)
    return path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "demo"
    demo.build(folder, provinces=("46", "83"))
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    """Return a workspace without any plan: as a newcomer finds it."""
    return Path(shutil.copytree(built, tmp_path / "demo"))


@pytest.fixture(params=[("laptop", "th"), ("phone", "en")])
def planner(
    request: pytest.FixtureRequest, browser_path: str, folder: Path, tmp_path: Path
) -> Iterator[Planner]:
    size, language = request.param
    width, height = SIZES[size]
    with served(folder, tmp_path / "streamlit.log") as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=list(BROWSER_ARGUMENTS)
        )
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(PATIENCE)
        planner = Planner(page, address, language)

        def only_here(route: Route) -> None:
            if urlparse(route.request.url).hostname not in LOCAL:
                planner.asked_elsewhere.append(route.request.url)
                route.abort()
            else:
                route.continue_()

        page.route(re.compile(r"^(?!data:|blob:)"), only_here)
        yield planner
        browser.close()


def test_a_planner_goes_from_the_pack_to_a_saved_plan_with_one_swap(
    planner: Planner, folder: Path
) -> None:
    page = planner.page
    planner.open()
    expect(planner.button("step_programme")).to_have_attribute("kind", "primary", timeout=PATIENCE)
    expect(planner.button("step_save")).to_be_disabled()
    planner.go_on("area")
    planner.go_on("data")
    expect(page.locator(".ph-check")).not_to_have_count(0, timeout=PATIENCE)
    planner.go_on("rules")
    expect(page.locator(".ph-rule").first).to_be_visible()
    planner.go_on("choose")
    planner.button("targeting_run").click()
    expect(planner.button("step_review")).to_have_attribute("kind", "primary", timeout=PATIENCE)
    planner.rest()
    planner.wait_for_map()

    [first] = plans.saved(folder / plans.FOLDER)
    plan = plans.load(folder / plans.FOLDER / first)
    leaving = plan.result("46").chosen[0]
    lost = _swap(planner, leaving)

    made = plans.load(folder / plans.FOLDER / plans.saved(folder / plans.FOLDER)[0])
    [entering] = [one.village_code for one in made.overrides if one.action == "in"]
    assert [one.village_code for one in made.overrides if one.action == "out"] == [leaving]
    assert entering in plan.result("46").reserve
    assert set(made.result("46").chosen) == {*plan.result("46").chosen, entering} - {leaving}
    assert plan.result("46").need - made.result("46").need == lost
    assert {one.reason for one in made.overrides} == {REASON}

    planner.go_on("save")
    page.get_by_label(planner.tell("planner.save.name"), exact=True).fill("ฉบับเสนอ ศจพ.จ.")
    page.get_by_label(planner.tell("planner.save.kept_by"), exact=True).fill(OFFICE)
    page.get_by_role("button", name=planner.tell("planner.save.button")).click()
    expect(page.locator(".st-key-put_away")).to_contain_text("ฉบับเสนอ ศจพ.จ.", timeout=PATIENCE)
    label = plan_shelf.label_of(made.id, folder)
    assert label is not None
    assert [step.kind for step in label.steps] == ["chosen", "swap"]
    assert planner.asked_elsewhere == []

    # The link opens the same plan for a colleague, who finds the map and the decisions.
    link = page.locator(".st-key-put_away code").inner_text().strip()
    page.goto(link)
    expect(page.locator(".ph-figures").first).to_contain_text(f"{made.result('46').need:,}")
    planner.wait_for_map()
    expect(planner.button("plan_undo")).to_be_enabled(timeout=PATIENCE)
    assert planner.asked_elsewhere == []


def _swap(planner: Planner, leaving: str) -> int:
    """Swap one village for another on the page, and return the points that it said are lost."""
    page = planner.page
    box = page.locator(".st-key-find_" + planner.language).get_by_role("combobox")
    box.click()
    box.fill(leaving)
    page.get_by_role("option").filter(has_text=leaving).first.click()
    card = page.locator(".st-key-reason_card")
    expect(card).to_contain_text(leaving, timeout=PATIENCE)
    planner.rest()
    before, drawn = planner.view(), planner.painted()
    planner.button("decide_swap").click()
    price = page.locator(".st-key-decision_price")
    expect(price).to_be_visible(timeout=PATIENCE)
    cheapest = price.inner_text()
    page.locator(".st-key-swap_partner").get_by_role("combobox").click()
    in_reserve = planner.tell("status_short.reserve")
    page.get_by_role("option").filter(has_text=in_reserve).nth(1).click()
    expect(price).not_to_have_text(cheapest, use_inner_text=True, timeout=PATIENCE)
    planner.rest()
    said = price.inner_text()
    found = re.search(r"([\d,]+)", said)
    assert found is not None
    page.locator(".st-key-decision_reason textarea").fill(REASON)
    page.locator(".st-key-decision_decided_by input").fill(OFFICE)
    page.get_by_role("button", name=planner.tell("decision.save")).click()
    expect(planner.button("plan_undo")).to_be_enabled(timeout=PATIENCE)
    planner.rest()
    # The map stands as it stood: not blank, and where the planner left it.
    assert planner.painted() == pytest.approx(drawn, rel=0.3)
    assert planner.view() == pytest.approx(before, abs=0.005)
    return int(found.group(1).replace(",", ""))
