"""The two pages measured in turns: ours, and plain folium on the same areas and villages."""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import folium
import geopandas as gpd
import pandas as pd
from playwright.sync_api import Browser, sync_playwright

from benchmarks import inputs
from benchmarks.cold_start import demo_with_plan, start_and_paint
from benchmarks.map_visits import Visit, new_visit
from benchmarks.national_workspace import build_national, real_data_folder
from phaenthi.apps.planning.plans import save_plan
from phaenthi.geo.places.codes import Level
from phaenthi.layers.villages import table as villages
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.evidence import gather
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.plan.record import Plan
from phaenthi.targeting.programme import programme
from tests.apps.app_server import BROWSER_ARGUMENTS, served

PLAIN_PAGE = Path(__file__).with_name("plain_map_page.py")
PROVINCE = "30"
# What both sides show when they show most.
BOTH = "all tambons and villages"
SAMPLE = 1_000
DONE = "done"
NEAR = 9

Figures = dict[tuple[str, str], list[float]]


@dataclass(frozen=True)
class Repeats:
    """How often each is measured, time allowing."""

    ours: int
    plain: int
    cold: int


@dataclass(frozen=True)
class Measures:
    """What was found.

    Attributes
    ----------
    figures
        By step and side, in seconds or megabytes.
    from_nothing, answered
        Seconds from the start of the process to the first map, and to the first answer.
    megabytes_as_it_comes
        Size of what folium writes without anything being left out or put together.
    country
        What was shown, in a sentence.
    """

    figures: Figures
    from_nothing: list[float]
    answered: list[float]
    megabytes_as_it_comes: float
    country: str


@dataclass(frozen=True)
class Places:
    """Where to click: latitude and longitude of a province, a tambon and two chosen villages."""

    province: tuple[float, float]
    tambon: tuple[float, float]
    tambon_code: str
    amphoe_count: int
    villages: tuple[tuple[str, float, float], ...]


def measure_all(
    folder: Path, browser_path: str, repeats: Repeats, seconds: float, *, small: bool
) -> Measures:
    """Measure both pages and the start of the app.

    Parameters
    ----------
    folder
        Where the country lies, or is put; the demo and the plain page's files beside it.
    browser_path
        Chromium.
    repeats
        How often, if the time suffices; each once at least.
    seconds
        When these have passed no further turn begins.
    """
    workspace = country_in(folder, small=small)
    until = time.monotonic() + seconds
    demo = demo_with_plan(folder / "demo")
    plain_folder = folder / "plain-map"
    points = write_plain_data(workspace, plain_folder)
    at = find_places(workspace, make_plan(workspace), points)
    figures: Figures = defaultdict(list)
    with ExitStack() as stack:
        os.environ["PLAIN_MAP_DATA"] = str(plain_folder)
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=list(BROWSER_ARGUMENTS)
        )
        stack.callback(browser.close)
        # The first start fills the disk's cache and does not count.
        starts = [start_and_paint(browser, demo.folder) for _ in range(repeats.cold + 1)][1:]
        ours = stack.enter_context(served(workspace.folder, folder / "ours.log"))
        plain = stack.enter_context(served(workspace.folder, folder / "plain.log", PLAIN_PAGE))
        measure_ours(browser, ours, at, defaultdict(list))
        warm_plain(browser, plain)
        for turn in range(max(repeats.ours, repeats.plain)):
            if turn and time.monotonic() > until:
                break
            if turn < repeats.ours:
                measure_ours(browser, ours, at, figures)
            if turn < repeats.plain and (not turn or time.monotonic() < until):
                measure_plain(browser, plain, at, figures)
    answered, painted = map(list, zip(*starts, strict=True))
    return Measures(figures, painted, answered, size_as_it_comes(workspace), _say(workspace))


def country_in(folder: Path, *, small: bool) -> Workspace:
    """Return the country that other measures made here, or one of its own, kept beside it."""
    for name in ("workspace", "map-country"):
        if (folder / name / DONE).exists():
            return Workspace.open(folder / name)
    size = inputs.size_of(small=small)
    made = build_national(
        folder / "map-country",
        households=size.households // 4,
        villages=size.villages,
        real_data=real_data_folder(),
        rugged=True,
    )
    (made.folder / DONE).touch()
    return made


def _say(workspace: Workspace) -> str:
    rows = workspace.status().set_index("layer")["rows"]
    made_up = workspace.status().set_index("layer")["made_up"]["boundaries_tambon"]
    shapes = "made-up" if made_up else "real"
    return (
        f"The country: {rows['boundaries_tambon']:,} tambons with {shapes} boundaries, "
        f"{rows['villages']:,} made-up villages."
    )


# -- ours ------------------------------------------------------------------------------------------


def measure_ours(browser: Browser, address: str, at: Places, figures: Figures) -> None:
    """Measure the app once."""
    with new_visit(browser) as visit:
        spent = visit.open(f"{address}/overview?area=all&level=village")
        figures[f"first map, {BOTH}", "ours"].append(spent)
        visit.rest()
        latitude, longitude = at.tambon
        visit.map.evaluate(
            f"() => map.setView([{latitude}, {longitude}], {NEAR}, {{ animate: false }})"
        )
        visit.rest()
        figures[f"sent, {BOTH}", "ours"].append(visit.megabytes)
    with new_visit(browser) as visit:
        spent = visit.open(f"{address}/overview?area=all&level=tambon")
        figures["first map, tambons", "ours"].append(spent)
        visit.rest()
        figures["sent, tambons", "ours"].append(visit.megabytes)
        visit.click_at(*at.tambon)
        spent = visit.until(lambda: f" {at.tambon_code}" in str(kept(visit)))
        figures["click on a tambon of the country", "ours"].append(spent)
    with new_visit(browser) as visit:
        visit.open(f"{address}/overview?area=all&level=province")
        visit.rest()
        visit.click_at(*at.province)
        visit.until(lambda: f" {PROVINCE}" in str(kept(visit)))
        visit.rest()
        visit.click_at(*at.province)
        count = "() => phaenthi.count(map, 'areaCount')"
        spent = visit.until(lambda: visit.map.evaluate(count) == at.amphoe_count + 1)
        figures["drill-down into a province", "ours"].append(spent)
    with new_visit(browser) as visit:
        figures["first map, a province's plan", "ours"].append(visit.open(address))
        visit.rest()
        figures["sent, a province's plan", "ours"].append(visit.megabytes)
        card = visit.page.locator(".st-key-reason_card")
        for code, latitude, longitude in at.villages:
            visit.click_at(latitude, longitude)
            spent = visit.until(lambda c=code: c in card.first.inner_text())
            figures["reason card of a village", "ours"].append(spent)
            visit.rest()


def kept(visit: Visit) -> object:
    """Return what stands on our map."""
    return visit.map.evaluate(
        "() => [...map.kept].filter(([, entry]) => entry.made && entry.made._map)"
        ".map(([key]) => key)"
    )


# -- plain -----------------------------------------------------------------------------------------


def warm_plain(browser: Browser, address: str) -> None:
    """Let the plain page read what it keeps."""
    for asked in ("level=tambon&villages=all", f"area={PROVINCE}"):
        with new_visit(browser) as visit:
            visit.open(f"{address}/?{asked}")


def measure_plain(browser: Browser, address: str, at: Places, figures: Figures) -> None:
    """Measure the plain page once."""
    with new_visit(browser) as visit:
        spent = visit.open(f"{address}/?level=tambon&villages=all")
        figures[f"first map, {BOTH}", "plain"].append(spent)
        visit.rest()
        figures[f"sent, {BOTH}", "plain"].append(visit.megabytes)
    with new_visit(browser) as visit:
        spent = visit.open(f"{address}/?level=tambon")
        figures["first map, tambons", "plain"].append(spent)
        visit.rest()
        figures["sent, tambons", "plain"].append(visit.megabytes)
        heading = visit.page.locator("h3")
        visit.click_at(*at.tambon, map_name="map_div")
        spent = visit.until(lambda: at.tambon_code in heading.inner_text())
        figures["click on a tambon of the country", "plain"].append(spent)
    with new_visit(browser) as visit:
        visit.open(f"{address}/?level=province")
        visit.rest()
        box = visit.page.locator('[data-testid="stSelectbox"] input')
        box.click()
        box.fill(PROVINCE)
        visit.rest()
        visit.page.keyboard.press("Enter")
        spent = visit.until(lambda: visit.map.evaluate(AREAS_OF_PLAIN) == at.amphoe_count)
        figures["drill-down into a province", "plain"].append(spent)
    with new_visit(browser) as visit:
        spent = visit.open(f"{address}/?area={PROVINCE}")
        figures["first map, a province's plan", "plain"].append(spent)
        visit.rest()
        figures["sent, a province's plan", "plain"].append(visit.megabytes)
        told = visit.page.locator('[data-testid="stMarkdownContainer"]')
        for _, latitude, longitude in at.villages:
            before = told.all_inner_texts()
            visit.click_at(latitude, longitude, map_name="map_div")
            # Where villages lie close together the page may tell of the next one.
            spent = visit.until(lambda b=before: told.all_inner_texts() != b)
            figures["reason card of a village", "plain"].append(spent)
            visit.rest()


AREAS_OF_PLAIN = """() => Object.values(map_div._layers)
  .filter((layer) => layer instanceof L.Polygon).length"""


def size_as_it_comes(workspace: Workspace) -> float:
    """Return the megabytes of a folium map of all tambons and villages, nothing put together."""
    areas = workspace.boundaries(Level.TAMBON)[["code", "name_th", "geometry"]]
    shapes = len(json.dumps(folium.GeoJson(areas).data, ensure_ascii=False).encode())
    table = villages.build(workspace)
    placed = table[table["located"]]
    drawn = folium.Map(tiles=None)
    empty = len(drawn.get_root().render().encode())
    some = placed.head(SAMPLE)
    for row in some.itertuples():
        at = [row.geometry.y, row.geometry.x]
        told = f"{row.name_th} {row.village_code}"
        folium.CircleMarker(at, radius=3, tooltip=told).add_to(drawn)
    markers = len(drawn.get_root().render().encode()) - empty
    return (shapes + markers * len(placed) / len(some)) / 1e6


# -- what both show --------------------------------------------------------------------------------


def write_plain_data(workspace: Workspace, folder: Path) -> pd.DataFrame:
    """Write what the plain page reads, and return the villages of the measured province."""
    folder.mkdir(exist_ok=True)
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


def make_plan(workspace: Workspace) -> Plan:
    """Choose for the measured province, and save the plan."""
    pack = programme.load("ne-poverty-2563")
    evidence = gather(workspace, [PROVINCE])
    made = plans.make(pack, evidence, [PROVINCE], decided_on=date(2019, 11, 1))
    save_plan(made, workspace)
    return made


def find_places(workspace: Workspace, plan: Plan, points: pd.DataFrame) -> Places:
    """Return where to click; villages that stand far from others of large symbols."""

    def inside(level: Level, code: str) -> tuple[float, float]:
        areas = workspace.boundaries(level)
        point = areas[areas["code"] == code].geometry.representative_point().iloc[0]
        return point.y, point.x

    tambons = workspace.boundaries(Level.TAMBON)
    largest = _largest(tambons)
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
        largest,
        int(amphoe),
        tuple((str(row.Index), row.latitude, row.longitude) for row in lonely.itertuples()),
    )


def _largest(areas: gpd.GeoDataFrame) -> str:
    bounds = areas.geometry.bounds
    wide = (bounds["maxx"] - bounds["minx"]) * (bounds["maxy"] - bounds["miny"])
    return str(areas.loc[wide.idxmax(), "code"])
