"""Chromium as the app's users have it: their screens, no way out of this machine, patience."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlparse

import pytest
from playwright.sync_api import (
    Browser,
    Download,
    Locator,
    Page,
    Route,
    expect,
    sync_playwright,
)
from playwright.sync_api import (
    TimeoutError as TookTooLong,
)

from tests.apps.app_server import BROWSER_ARGUMENTS, find_browser

LAPTOP, PHONE = (1366, 768), (390, 844)
SIZES = {"laptop": LAPTOP, "phone": PHONE}
PATIENCE = 60_000
HERE = ("localhost", "127.0.0.1", "", None)


PAINTED_SHARE = """() => {
  const canvas = document.querySelector('.leaflet-overlay-pane canvas');
  if (!canvas) { return 0; }
  const pixels = canvas.getContext('2d')
    .getImageData(0, 0, canvas.width, canvas.height).data;
  let drawn = 0;
  for (let i = 3; i < pixels.length; i += 4) { if (pixels[i]) { drawn += 1; } }
  return drawn / (pixels.length / 4);
}"""
"""Script in the frame of a map: the share of its canvas that anything is drawn on."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium; without one the test is skipped, unless the gate requires it."""
    path = find_browser()
    if path is None:
        words = "no Chromium is installed: the app was not tried in a browser"
        if os.environ.get("PHAENTHI_REQUIRE_BROWSER") == "1":
            pytest.fail(words)
        pytest.skip(words)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, size: tuple[int, int]) -> Iterator[Page]:
    """Open a page of its own that may ask this machine only; any other request is a failure."""
    width, height = size
    asked_elsewhere: list[str] = []

    def only_here(route: Route) -> None:
        if urlparse(route.request.url).hostname in HERE:
            route.continue_()
        else:
            asked_elsewhere.append(route.request.url)
            route.abort()

    page = browser.new_page(viewport={"width": width, "height": height}, accept_downloads=True)
    page.set_default_timeout(PATIENCE)
    page.route(re.compile(r"^(?!data:|blob:)"), only_here)
    yield page
    page.close()
    assert asked_elsewhere == []


def rest(page: Page) -> None:
    """Wait until the page has nothing left to draw."""
    running = page.locator('[data-testid="stApp"][data-test-script-state="running"]')
    expect(running).to_have_count(0, timeout=PATIENCE)
    page.wait_for_timeout(250)


def pick(box: Locator, option: str) -> None:
    """Choose an option of a list; a page that was still drawing closes the list once more."""
    choice = box.page.get_by_role("option", name=option)
    for _ in range(10):
        rest(box.page)
        if not choice.first.is_visible():
            box.click()
        try:
            choice.first.click(timeout=3_000)
        except TookTooLong:
            continue
        return
    raise AssertionError(f"the list never offered {option}")


def download(button: Locator) -> Download:
    """Press a button that hands a file over; a press on a page that was still drawing is lost."""
    page = button.page
    for _ in range(6):
        rest(page)
        try:
            with page.expect_download(timeout=PATIENCE / 6) as found:
                button.click()
        except TookTooLong:
            continue
        return found.value
    raise AssertionError("no file was ever handed over")
