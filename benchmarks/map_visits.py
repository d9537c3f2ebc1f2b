"""A window of Chromium that holds nothing yet: how long until something stands, what was sent."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Frame, Page, Route
from xstatic.pkg import jquery, leaflet, leaflet_markercluster

LAPTOP = (1366, 768)
MAP = 'iframe[title="streamlit_folium.st_folium"]'
PATIENCE_SECONDS = 90.0
# What comes late, such as the names of all villages, has come by then.
REST_MILLISECONDS = 1500
# From other machines the plain page would fetch these; here they come from installed packages.
PACKAGED = {
    "leaflet.js": Path(leaflet.BASE_DIR) / "leaflet.js",
    "leaflet.css": Path(leaflet.BASE_DIR) / "leaflet.css",
    "jquery-3.7.1.min.js": Path(jquery.BASE_DIR) / "jquery.min.js",
    "leaflet.markercluster.js": Path(leaflet_markercluster.BASE_DIR) / "leaflet.markercluster.js",
    "MarkerCluster.css": Path(leaflet_markercluster.BASE_DIR) / "MarkerCluster.css",
    "MarkerCluster.Default.css": Path(leaflet_markercluster.BASE_DIR) / "MarkerCluster.Default.css",
}
ELSEWHERE = re.compile(r"^https?://(?!localhost|127\.0\.0\.1)")
STREAMLIT_OWN = ("/static/js/", "/static/media/", "/static/css/")
PAINTED = """() => {
  const canvas = document.querySelector('.leaflet-overlay-pane canvas');
  if (!canvas || !canvas.width) { return false; }
  const small = document.createElement('canvas');
  [small.width, small.height] = [48, 48];
  const pen = small.getContext('2d', { willReadFrequently: true });
  pen.drawImage(canvas, 0, 0, 48, 48);
  const points = pen.getImageData(0, 0, 48, 48).data;
  for (let at = 3; at < points.length; at += 4) { if (points[at]) { return true; } }
  return false;
}"""


@dataclass
class Visit:
    """A page in a browser that holds nothing yet, and the bytes that it was sent."""

    page: Page
    sent: list[int] = field(default_factory=list)

    @property
    def map(self) -> Frame:
        """The frame that the map is drawn in, as it is now."""
        element = self.page.query_selector(MAP)
        frame = element.content_frame() if element else None
        if frame is None:
            raise LookupError("there is no map yet")
        return frame

    def until(self, holds: Callable[[], object]) -> float:
        """Return the seconds until something holds."""
        began = time.perf_counter()
        while time.perf_counter() - began < PATIENCE_SECONDS:
            try:
                if holds():
                    return time.perf_counter() - began
            except Exception as error:  # noqa: BLE001 - the frame may be about to be replaced
                self.last_error = error
            time.sleep(0.01)
        raise TimeoutError(f"nothing came of it: {getattr(self, 'last_error', '')}")

    def open(self, address: str) -> float:
        """Return the seconds until something is painted on the map."""
        began = time.perf_counter()
        self.page.goto(address, wait_until="commit")
        self.until(lambda: self.map.evaluate(PAINTED))
        return time.perf_counter() - began

    def click_at(self, latitude: float, longitude: float, map_name: str = "window.map") -> None:
        """Click on the map."""
        self.page.locator(MAP).evaluate("(frame) => frame.scrollIntoView({ block: 'center' })")
        self.page.wait_for_timeout(300)
        place = self.map.evaluate(
            f"() => {map_name}.latLngToContainerPoint([{latitude}, {longitude}])"
        )
        box = self.page.locator(MAP).bounding_box()
        assert box is not None
        self.page.mouse.move(box["x"] + place["x"], box["y"] + place["y"])
        self.page.wait_for_timeout(200)
        self.page.mouse.down()
        self.page.mouse.up()

    def rest(self) -> None:
        """Wait for what comes late."""
        self.page.wait_for_timeout(REST_MILLISECONDS)

    @property
    def megabytes(self) -> float:
        """What it was sent so far."""
        return sum(self.sent) / 1e6


@contextmanager
def new_visit(browser: Browser, size: tuple[int, int] = LAPTOP) -> Iterator[Visit]:
    """Open an empty browser window whose traffic is counted."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    visit = Visit(page)
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    ours: set[str] = set()

    def note_answer(event: dict[str, object]) -> None:
        answer = event["response"]
        if isinstance(answer, dict) and not any(part in answer["url"] for part in STREAMLIT_OWN):
            ours.add(str(event["requestId"]))

    def note_end(event: dict[str, object]) -> None:
        if event["requestId"] in ours:
            visit.sent.append(int(float(str(event["encodedDataLength"]))))

    def note_message(event: dict[str, object]) -> None:
        message = event["response"]
        if isinstance(message, dict):
            whole = 1.0 if message["opcode"] == 1 else 0.75
            visit.sent.append(int(len(message["payloadData"]) * whole))

    wire.on("Network.responseReceived", note_answer)
    wire.on("Network.loadingFinished", note_end)
    wire.on("Network.webSocketFrameReceived", note_message)
    # By a pattern, which Playwright looks at itself: a function here would slow every request.
    page.route(ELSEWHERE, from_packages)
    yield visit
    context.close()


def from_packages(route: Route) -> None:
    """Answer what is asked of another machine from an installed package, or with nothing."""
    found = PACKAGED.get(route.request.url.rsplit("/", 1)[-1])
    if found is not None:
        route.fulfill(path=found)
    else:
        route.fulfill(body="", content_type="text/css")
