"""A planner's whole path in a browser: from a pack to a saved plan with one swap, and its link."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from phaenthi.apps.planning import plan_labels
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.plan import keeping
from phaenthi.targeting.plan.record import Plan
from phaenthi.wording import Language, say
from tests.apps.app_server import served
from tests.apps.in_browser import PATIENCE, SIZES, chromium, opened, rest
from tests.demo_copies import copy_demo

pytestmark = pytest.mark.browser

MAP = 'iframe[title="streamlit_folium.st_folium"]'
PROVINCE = "46"
REASON, OFFICE = "ประชาคมมีมติขอถอนตัว", "ศจพ.อ.เมืองกาฬสินธุ์"
NAME = "ฉบับเสนอ ศจพ.จ."
CASES = [(size, language) for size in SIZES for language in ("th", "en")]


@dataclass
class Planner:
    """A planner at a screen, in a language."""

    page: Page
    address: str
    language: Language

    def tell(self, message: str, **values: object) -> str:
        return say(f"app.{message}", self.language, **values)

    def open(self, query: str = "") -> None:
        self.page.goto(f"{self.address}/?lang={self.language}{query}")

    def button(self, key: str) -> Locator:
        """Return the button of a key; one with a hint stands in the page twice, once in sight."""
        return self.page.locator(f".st-key-{key} button:visible").first

    def is_at(self, step: str) -> None:
        """Wait until a step stands there."""
        expect(self.button(f"step_{step}")).to_have_attribute("kind", "primary", timeout=PATIENCE)
        rest(self.page)

    def go_on(self, step: str) -> None:
        """Press the way on."""
        self.button("way_on").click()
        self.is_at(step)

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
        for _ in range(300):
            if self.painted() > 0.02:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("the map stayed blank")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planner") / "demo"
    copy_demo(folder, provinces=(PROVINCE, "83"))
    return folder


@pytest.fixture(scope="module")
def address(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(folder, tmp_path_factory.mktemp("log") / "streamlit.log") as address:
        yield address


@pytest.fixture(params=CASES, ids=[f"{size}-{language}" for size, language in CASES])
def planner(
    request: pytest.FixtureRequest, browser: Browser, address: str, folder: Path
) -> Iterator[Planner]:
    """Sit a planner down before a workspace without any plan: as a newcomer finds it."""
    for made in (DocumentKind.PLANS, "lines"):
        shutil.rmtree(folder / made, ignore_errors=True)
    size, language = request.param
    with opened(browser, SIZES[size]) as page:
        yield Planner(page, address, language)


def newest(folder: Path) -> Plan:
    return keeping.load(folder / DocumentKind.PLANS / keeping.saved(folder / DocumentKind.PLANS)[0])


def test_a_planner_goes_from_the_pack_to_a_saved_plan_with_one_swap(
    planner: Planner, folder: Path
) -> None:
    page = planner.page
    planner.open()
    planner.is_at("programme")
    expect(planner.button("step_save")).to_be_disabled()
    planner.go_on("area")
    planner.go_on("data")
    expect(page.locator(".ph-check")).not_to_have_count(0)
    planner.go_on("rules")
    expect(page.locator(".ph-rule").first).to_be_visible()
    planner.go_on("choose")
    planner.button("targeting_run").click()
    planner.is_at("review")
    planner.wait_for_map()

    plan = newest(folder)
    leaving = plan.result(PROVINCE).chosen[0]
    lost = _swap(planner, leaving)

    made = newest(folder)
    [entering] = [one.unit_code for one in made.overrides if one.action == "in"]
    assert [one.unit_code for one in made.overrides if one.action == "out"] == [leaving]
    assert entering in plan.result(PROVINCE).reserve
    # A swap may move others too: the number of amphoe and their caps still hold.
    chosen = set(made.result(PROVINCE).chosen)
    assert entering in chosen
    assert leaving not in chosen
    assert len(chosen) == len(plan.result(PROVINCE).chosen)
    assert plan.result(PROVINCE).need - made.result(PROVINCE).need == lost
    assert {one.reason for one in made.overrides} == {REASON}

    link = _put_away(planner, made, folder)
    _open_for_a_colleague(planner, made, link)


def _put_away(planner: Planner, made: Plan, folder: Path) -> str:
    """Save the plan under a name and return the link that the page gives."""
    page = planner.page
    planner.go_on("save")
    page.get_by_label(planner.tell("planner.save.name"), exact=True).fill(NAME)
    page.get_by_label(planner.tell("planner.save.kept_by"), exact=True).fill(OFFICE)
    page.get_by_role("button", name=planner.tell("planner.save.button")).click()
    expect(page.locator(".st-key-put_away")).to_contain_text(NAME, timeout=PATIENCE)
    label = plan_labels.label_of(made.id, Workspace.open(folder))
    assert label is not None
    assert [step.kind for step in label.steps] == ["chosen", "swap"]
    return page.locator(".st-key-put_away code").inner_text().strip()


def _open_for_a_colleague(planner: Planner, made: Plan, link: str) -> None:
    """Open the link at another desk: the same plan, its way back, and the same after a reload."""
    assert f"lang={planner.language}" in link
    browser = planner.page.context.browser
    assert browser is not None
    size = planner.page.viewport_size
    assert size is not None
    with opened(browser, (size["width"], size["height"])) as page:
        colleague = Planner(page, planner.address, planner.language)
        page.goto(link)
        colleague.is_at("review")
        expect(page.locator(".ph-figures").first).to_contain_text(
            f"{made.result(PROVINCE).need:,}", timeout=PATIENCE
        )
        expect(colleague.button("plan_undo")).to_be_enabled(timeout=PATIENCE)
        if planner.language == "th":
            # Going back is the colleague's own; whoever sent the link still has the plan.
            colleague.button("plan_undo").click()
            expect(colleague.button("plan_redo")).to_be_enabled(timeout=PATIENCE)
            expect(page).not_to_have_url(re.compile(made.id), timeout=PATIENCE)
            page.reload()
            colleague.is_at("review")
            expect(colleague.button("plan_redo")).to_be_enabled(timeout=PATIENCE)
            expect(planner.page.locator(".st-key-put_away")).to_contain_text(NAME)


def _swap(planner: Planner, leaving: str) -> int:
    """Swap one village for another on the page, and return the points that it said are lost."""
    page = planner.page
    box = page.locator(".st-key-find_" + planner.language).get_by_role("combobox")
    box.click()
    box.fill(leaving)
    page.get_by_role("option").filter(has_text=leaving).first.click()
    card = page.locator(".st-key-reason_card")
    expect(card).to_contain_text(leaving, timeout=PATIENCE)
    rest(page)
    before, drawn = planner.view(), planner.painted()
    planner.button("decide_swap").click()
    price = page.locator(".st-key-decision_price strong")
    expect(price).to_have_count(1, timeout=PATIENCE)
    cheapest = price.inner_text()
    page.locator(".st-key-swap_partner").get_by_role("combobox").click()
    in_reserve = planner.tell("status_short.reserve")
    page.get_by_role("option").filter(has_text=in_reserve).nth(1).click()
    expect(price).not_to_have_text(cheapest, use_inner_text=True, timeout=PATIENCE)
    expect(price).to_have_text(re.compile(r"[\d,]+"), timeout=PATIENCE)
    rest(page)
    found = re.search(r"([\d,]+)", price.inner_text())
    assert found is not None
    page.locator(".st-key-decision_reason textarea").fill(REASON)
    page.locator(".st-key-decision_decided_by input").fill(OFFICE)
    page.get_by_role("button", name=planner.tell("decision.save")).click()
    expect(planner.button("plan_undo")).to_be_enabled(timeout=PATIENCE)
    rest(page)
    # The map stands as it stood: not blank, and where the planner left it.
    assert planner.painted() == pytest.approx(drawn, rel=0.3)
    assert planner.view() == pytest.approx(before, abs=0.005)
    return int(found.group(1).replace(",", ""))
