"""The layers page in Chromium with every request to another machine refused."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, Page, Response, Route, expect, sync_playwright

from tests.apps.app_server import BROWSER_ARGUMENTS, find_browser, served
from tests.apps.in_browser import PAINTED_SHARE
from tests.demo_copies import copy_demo

pytestmark = pytest.mark.browser

MAP = 'iframe[title="streamlit_folium.st_folium"]'
SIZES = {"laptop": (1366, 768), "phone": (390, 844)}
PATIENCE = 90_000
MOST_BYTES = 4_000_000


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("layers") / "demo"
    copy_demo(folder, provinces=("31",))
    with served(folder, tmp_path_factory.mktemp("log") / "app.log") as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(BROWSER_ARGUMENTS))
        yield opened
        opened.close()


def painted(page: Page) -> float:
    frame = page.query_selector(MAP)
    content = frame.content_frame() if frame else None
    if content is None:
        return 0.0
    share = content.evaluate(PAINTED_SHARE)
    return float(share)


def wait_for_map(page: Page) -> None:
    expect(page.locator(MAP)).to_be_visible(timeout=PATIENCE)
    for _ in range(200):
        if painted(page) > 0.02:
            return
        page.wait_for_timeout(150)
    raise AssertionError("the map stayed blank")


@pytest.mark.parametrize(("language", "size"), [("th", "laptop"), ("en", "phone")])
def test_many_layers_lie_on_one_map_and_a_view_comes_back_by_its_address(
    browser: Browser, address: str, size: str, language: str
) -> None:
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height})
    elsewhere: list[str] = []
    sizes: list[int] = []

    def guard(route: Route) -> None:
        if urlparse(route.request.url).hostname in ("localhost", "127.0.0.1", None):
            route.continue_()
            return
        elsewhere.append(route.request.url)
        route.abort()

    def weigh(response: Response) -> None:
        if "/app/static/areas/" in response.url:
            sizes.append(len(response.body()))

    page.route("**/*", guard)
    page.on("response", weigh)
    layers = "funds.groups.otop.clusters.tourism.plots.places"
    page.goto(f"{address}/layers?lang={language}&at=31&layers={layers}&section=plots")
    wait_for_map(page)
    words = {"th": "แปลงโคก หนอง นา", "en": "Khok nong na plots"}[language]
    expect(page.locator(".ph-layers")).to_contain_text(words, timeout=PATIENCE)
    assert sum(sizes) < MOST_BYTES
    # A narrow screen is never wider than itself.
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # Another section leaves the map as it stands.
    section = {"th": "กลุ่มอาชีพ", "en": "Occupational groups"}[language]
    page.get_by_role("radio", name=section, exact=True).click()
    register = {"th": "ทะเบียนกลุ่ม", "en": "Register"}[language]
    expect(page.get_by_role("radio", name=register, exact=True)).to_be_visible(timeout=PATIENCE)
    assert painted(page) > 0.02
    page.wait_for_function("location.search.includes('section=groups')", timeout=PATIENCE)
    assert "at=31" in page.url
    page.reload()
    wait_for_map(page)
    expect(page.get_by_role("radio", name=register, exact=True)).to_be_visible(timeout=PATIENCE)
    assert elsewhere == []
    page.close()
