"""The maps of the whole country in Chromium, beside a plain folium page of the same data.

Run from the project's folder: ``python -m benchmarks.map_pages [--workspace FOLDER]``. Needs
Playwright and an installed Chromium. Each figure is the median of several runs; the two pages take
turns. The figures go into ``benchmarks/map_pages.md``.

What is measured: *first map*, from asking for the page in an empty browser until anything is
painted on the map, the server being warm; *click*, from the press of the button until the page
shows what was clicked; *drill-down*, from the press until the map shows the areas inside a
province; *reason card*, from a click on a village until its card stands beside the map.
*Sent* is what goes over the wire until the map is at rest, without Streamlit's own scripts and
fonts, which both pages need and the browser keeps for a year.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd
from playwright.sync_api import Browser, Frame, Page, Route, sync_playwright
from xstatic.pkg import jquery, leaflet, leaflet_markercluster

from benchmarks.national_workspace import build_national, real_data_folder
from geo.codes import Level
from layers import villages
from layers.workspace import Workspace
from targeting import plan as plans
from targeting import programme
from targeting.evidence import gather
from tests.apps.app_server import BROWSER_ARGUMENTS, find_browser, served

PAGE = Path(__file__).with_suffix(".md")
PLAIN_PAGE = Path(__file__).with_name("plain_map_page.py")
REPEATS = 5
PROVINCE = "30"
MAP = 'iframe[title="streamlit_folium.st_folium"]'
PATIENCE_SECONDS = 120.0
# From other machines the plain page would fetch these; here they come from installed packages.
PACKAGED = {
    "leaflet.js": Path(leaflet.BASE_DIR) / "leaflet.js",
    "leaflet.css": Path(leaflet.BASE_DIR) / "leaflet.css",
    "jquery-3.7.1.min.js": Path(jquery.BASE_DIR) / "jquery.min.js",
    "leaflet.markercluster.js": Path(leaflet_markercluster.BASE_DIR) / "leaflet.markercluster.js",
    "MarkerCluster.css": Path(leaflet_markercluster.BASE_DIR) / "MarkerCluster.css",
    "MarkerCluster.Default.css": Path(leaflet_markercluster.BASE_DIR) / "MarkerCluster.Default.css",
}
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
        self.page.wait_for_timeout(400)
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
        self.page.wait_for_timeout(2500)


@contextmanager
def new_visit(browser: Browser) -> Iterator[Visit]:
    """Open an empty browser window whose traffic is counted."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
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
    page.route(lambda address: "localhost" not in address, from_packages)
    yield visit
    context.close()


def from_packages(route: Route) -> None:
    """Answer what is asked of another machine from an installed package, or with nothing."""
    found = PACKAGED.get(route.request.url.rsplit("/", 1)[-1])
    if found is not None:
        route.fulfill(path=found)
    else:
        route.fulfill(body="", content_type="text/css")


# -- the two sides ---------------------------------------------------------------------------------


Figures = dict[tuple[str, str], list[float]]


@dataclass(frozen=True)
class Places:
    """Where to click: latitude and longitude of a province and of two chosen villages."""

    province: tuple[float, float]
    tambon: tuple[float, float]
    tambon_code: str
    amphoe_count: int
    villages: tuple[tuple[str, float, float], ...]


def measure_ours(browser: Browser, address: str, at: Places, figures: Figures) -> None:
    """Measure the app once."""
    for level in (Level.PROVINCE, Level.TAMBON, Level.VILLAGE):
        with new_visit(browser) as visit:
            spent = visit.open(f"{address}/overview?area=all&level={level}")
            figures[f"first map, country by {level}", "ours"].append(spent)
            visit.rest()
            figures[f"sent, country by {level}", "ours"].append(sum(visit.sent) / 1e6)
            if level is Level.TAMBON:
                visit.click_at(*at.tambon)
                code = at.tambon_code
                spent = visit.until(lambda v=visit, c=code: f" {c}" in str(kept(v)))
                figures["click on a tambon of the country", "ours"].append(spent)
            if level is Level.PROVINCE:
                visit.click_at(*at.province)
                visit.until(lambda v=visit: v.page.locator(".st-key-overview_enter").count())
                visit.rest()
                visit.click_at(*at.province)
                inside = at.amphoe_count + 1
                spent = visit.until(
                    lambda v=visit, n=inside: (
                        v.map.evaluate("() => phaenthi.count(map, 'areaCount')") == n
                    )
                )
                figures["drill-down into a province", "ours"].append(spent)
    with new_visit(browser) as visit:
        figures["first map, a province's plan", "ours"].append(visit.open(address))
        visit.rest()
        figures["sent, a province's plan", "ours"].append(sum(visit.sent) / 1e6)
        card = visit.page.locator(".st-key-reason_card")
        for code, latitude, longitude in at.villages:
            visit.click_at(latitude, longitude)
            spent = visit.until(lambda c=code, where=card: c in where.first.inner_text())
            figures["reason card of a village", "ours"].append(spent)
            visit.rest()


def kept(visit: Visit) -> object:
    """Return what stands on our map."""
    return visit.map.evaluate(
        "() => [...map.kept].filter(([, entry]) => entry.made && entry.made._map)"
        ".map(([key]) => key)"
    )


def measure_plain(browser: Browser, address: str, at: Places, figures: Figures) -> None:
    """Measure the plain page once."""
    for level in (Level.PROVINCE, Level.TAMBON, Level.VILLAGE):
        asked = "level=tambon&villages=all" if level is Level.VILLAGE else f"level={level}"
        with new_visit(browser) as visit:
            spent = visit.open(f"{address}/?{asked}")
            figures[f"first map, country by {level}", "plain"].append(spent)
            visit.rest()
            figures[f"sent, country by {level}", "plain"].append(sum(visit.sent) / 1e6)
            heading = visit.page.locator("h3")
            if level is Level.TAMBON:
                visit.click_at(*at.tambon, map_name="map_div")
                code = at.tambon_code
                spent = visit.until(lambda h=heading, c=code: c in h.inner_text())
                figures["click on a tambon of the country", "plain"].append(spent)
            if level is Level.PROVINCE:
                box = visit.page.locator('[data-testid="stSelectbox"] input')
                box.click()
                box.fill(PROVINCE)
                visit.rest()
                visit.page.keyboard.press("Enter")
                inside = at.amphoe_count
                spent = visit.until(lambda v=visit, n=inside: v.map.evaluate(AREAS_OF_PLAIN) == n)
                figures["drill-down into a province", "plain"].append(spent)
    with new_visit(browser) as visit:
        spent = visit.open(f"{address}/?area={PROVINCE}")
        figures["first map, a province's plan", "plain"].append(spent)
        visit.rest()
        figures["sent, a province's plan", "plain"].append(sum(visit.sent) / 1e6)
        card = visit.page.locator('[data-testid="stMarkdownContainer"]')
        for _, latitude, longitude in at.villages:
            before = card.all_inner_texts()
            visit.click_at(latitude, longitude, map_name="map_div")
            # Where villages lie close together the page may tell of the next one.
            spent = visit.until(lambda where=card, told=before: where.all_inner_texts() != told)
            figures["reason card of a village", "plain"].append(spent)
            visit.rest()


AREAS_OF_PLAIN = """() => Object.values(map_div._layers)
  .filter((layer) => layer instanceof L.Polygon).length"""


# -- what both show --------------------------------------------------------------------------------


def write_plain_data(workspace: Workspace, folder: Path) -> pd.DataFrame:
    """Write what the plain page reads, and return the villages of the measured province."""
    table = villages.build(workspace)
    for level in (Level.PROVINCE, Level.AMPHOE, Level.TAMBON):
        values = table.groupby(level.column)["poor_households"].sum().astype(float)
        areas = workspace.boundaries(level)
        areas = areas.assign(value=areas["code"].map(values).fillna(0.0))
        areas[["code", "name_th", "value", "geometry"]].to_parquet(folder / f"{level}.parquet")
    placed = table[table["located"]]
    points = pd.DataFrame(
        {
            "code": placed["village_code"],
            "name_th": placed["name_th"],
            "longitude": placed.geometry.x,
            "latitude": placed.geometry.y,
            "value": placed["poor_households"].astype(float),
        }
    )
    points.to_parquet(folder / "village.parquet")
    return points[points["code"].str.startswith(PROVINCE)]


def make_plan(workspace: Workspace) -> plans.Plan:
    """Choose for the measured province, and save the plan."""
    pack = programme.load("ne-poverty-2563")
    evidence = gather(workspace, [PROVINCE])
    made = plans.make(pack, evidence, [PROVINCE], decided_on=date(2019, 11, 1))
    plans.save(made, workspace.folder / plans.FOLDER)
    return made


def find_places(workspace: Workspace, plan: plans.Plan, points: pd.DataFrame) -> Places:
    """Return where to click; villages that stand far from others of large symbols."""

    def inside(level: Level, code: str) -> tuple[float, float]:
        areas = workspace.boundaries(level)
        point = areas[areas["code"] == code].geometry.representative_point().iloc[0]
        return point.y, point.x

    tambons = workspace.boundaries(Level.TAMBON)
    largest = tambons.loc[tambons.geometry.area.idxmax(), "code"]
    amphoe = workspace.boundaries(Level.AMPHOE)["code"].str.startswith(PROVINCE).sum()
    large = plan.units[plan.units["status"].isin(["chosen", "reserve"])]
    at = points[points["code"].isin(large["village_code"])].set_index("code")
    apart = [
        sorted(((at["longitude"] - x) ** 2 + (at["latitude"] - y) ** 2) ** 0.5)[1]
        for x, y in zip(at["longitude"], at["latitude"], strict=True)
    ]
    lonely = at.assign(apart=apart).nlargest(2, "apart")
    return Places(
        inside(Level.PROVINCE, PROVINCE),
        inside(Level.TAMBON, largest),
        str(largest),
        int(amphoe),
        tuple((str(row.Index), row.latitude, row.longitude) for row in lonely.itertuples()),
    )


def tell(figures: Figures, workspace: Workspace, repeats: int) -> str:
    """Return the page of figures."""
    rows = []
    for what in dict.fromkeys(name for name, _ in figures):
        ours = statistics.median(figures[what, "ours"])
        plain = statistics.median(figures[what, "plain"])
        unit = "MB" if what.startswith("sent") else "s"
        rows.append(f"| {what} | {plain:.2f} {unit} | {ours:.2f} {unit} | {plain / ours:.1f} × |")
    status = workspace.status().set_index("layer")
    shapes = (
        "real" if real_data_folder() and not status["made_up"]["boundaries_tambon"] else "made up"
    )
    table = "\n".join(rows)
    return f"""# Maps of the whole country in the browser

`python -m benchmarks.map_pages` writes this page. {status["rows"]["boundaries_tambon"]:,} tambons
({shapes} boundaries), {status["rows"]["villages"]:,} made-up villages; headless Chromium without a
graphics card, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()};
medians of {repeats} runs, the two pages turn about. The plain page is
`benchmarks/plain_map_page.py`: `st_folium` with simplified GeoJSON on a canvas, a
`FastMarkerCluster` where all villages show, a `CircleMarker` each within a province.

| step | plain | ours | ratio |
|---|---:|---:|---:|
{table}

*First map* begins in an empty browser with a warm server and ends when anything is painted. *Sent*
counts what reaches the browser until the map is at rest, besides Streamlit's own scripts and fonts
(4 MB, kept by the browser for a year). A click on the plain page draws its map anew where the page
asks for another area; ours keeps the map as it stands. Goals: a view at most 4 MB; first map under
3 s; drill-down, reason card and any click under 0.5 s.
"""


def main() -> None:
    """Measure both and write the page."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--workspace", type=Path, help="a country built before")
    reader.add_argument("--repeats", type=int, default=REPEATS)
    asked = reader.parse_args()
    path = find_browser()
    if path is None:
        sys.exit("no Chromium is installed")
    with ExitStack() as stack:
        own = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if asked.workspace is None:
            workspace = build_national(own / "national", real_data=real_data_folder())
        else:
            workspace = Workspace.open(asked.workspace)
        (own / "plain").mkdir()
        points = write_plain_data(workspace, own / "plain")
        at = find_places(workspace, make_plan(workspace), points)
        os.environ["PLAIN_MAP_DATA"] = str(own / "plain")
        ours = stack.enter_context(served(workspace.folder, own / "ours.log"))
        plain = stack.enter_context(served(workspace.folder, own / "plain.log", PLAIN_PAGE))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_ARGUMENTS))
        stack.callback(browser.close)
        figures: Figures = defaultdict(list)
        # The first visit warms the servers and does not count.
        for _ in range(asked.repeats + 1):
            measure_ours(browser, ours, at, figures)
            measure_plain(browser, plain, at, figures)
            sys.stdout.write(
                f"{ {name: round(found[-1], 2) for name, found in figures.items()} }\n"
            )
        counted = {
            name: found[len(found) // (asked.repeats + 1) :] for name, found in figures.items()
        }
    text = tell(counted, workspace, asked.repeats)
    PAGE.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
