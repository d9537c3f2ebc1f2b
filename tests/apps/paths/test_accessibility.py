"""Nobody is kept out: axe-core finds no serious fault on any page, in either language."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, Frame, Page, sync_playwright

from phaenthi.apps.planning.plans import save_plan
from phaenthi.targeting.judging.evidence import gather
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.programme import programme
from tests.apps.app_server import BROWSER_ARGUMENTS, find_browser, served
from tests.demo_copies import copy_demo

pytestmark = pytest.mark.browser

# The page of the targets is the first one, and has the bare address.
PAGES = ("", "overview", "layers", "data", "exports", "help")
VISITS = {"th": (1366, 768), "en": (390, 844)}
GRAVE = {"serious", "critical"}
PATIENCE = 60_000


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if find_browser() is None:
        if os.environ.get("PHAENTHI_REQUIRE_BROWSER"):
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is not installed")
    folder = tmp_path_factory.mktemp("accessible")
    workspace = copy_demo(folder / "demo", provinces=("42",))
    evidence = gather(workspace, ["42"])
    pack = programme.load("ne-poverty-2563")
    plan = plans.make(pack, evidence, ["42"], decided_on=date(2020, 1, 6))
    save_plan(plan, workspace)
    with served(workspace.folder, folder / "app.log") as where:
        yield where


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=find_browser(), args=list(BROWSER_ARGUMENTS)
        )
        yield chromium
        chromium.close()


def settle(page: Page) -> None:
    """Wait until the app has drawn all that it has to draw."""
    page.locator('[data-testid="stHeading"]').first.wait_for(timeout=PATIENCE)
    page.wait_for_function(
        """() => {
            const app = document.querySelector('[data-testid="stApp"]');
            return app && app.dataset.testScriptState === 'notRunning'
                && !document.querySelector('[data-testid="stSkeleton"]');
        }""",
        timeout=PATIENCE,
    )
    page.wait_for_timeout(800)


def faults(frame: Frame) -> list[str]:
    """Return the grave faults of one frame with the first element of each."""
    frame.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8"))
    found = frame.evaluate("() => axe.run(document, {resultTypes: ['violations'], iframes: false})")
    return [
        f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:300]}"
        f" [{len(one['nodes'])}] {one['nodes'][0]['failureSummary'][:300]}"
        for one in found["violations"]
        if one["impact"] in GRAVE
    ]


@pytest.mark.parametrize("language", VISITS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_serious_fault(
    address: str, browser: Browser, name: str, language: str
) -> None:
    width, height = VISITS[language]
    page = browser.new_page(viewport={"width": width, "height": height})
    try:
        page.goto(f"{address}/{name}?lang={language}")
        settle(page)
        told = [fault for frame in page.frames for fault in faults(frame)]
    finally:
        page.close()
    assert not told, "\n".join(told)


def test_axe_finds_a_fault_that_is_there(browser: Browser) -> None:
    page: Page = browser.new_page()
    page.set_content('<html lang="th"><title>ก</title><main><img src="x.png"></main></html>')
    assert any("image-alt" in fault for fault in faults(page.main_frame))
    page.close()
