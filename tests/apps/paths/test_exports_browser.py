"""The analyst's export in Chromium, every request to another machine refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlparse

import pyogrio
import pytest
from playwright.sync_api import Browser, Page, expect

from phaenthi.apps.planning.plans import save_plan
from phaenthi.apps.publication.exported_fields import SHORT_NAMES
from phaenthi.geo.vectors.formats import FORMATS
from phaenthi.targeting.judging.evidence import gather
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.plan.record import Plan
from phaenthi.targeting.programme import programme as programmes
from phaenthi.wording import Language, say
from tests.apps.app_server import served
from tests.apps.in_browser import LAPTOP, PATIENCE, chromium, download, opened, pick
from tests.demo_copies import copy_demo

pytestmark = pytest.mark.browser

PROVINCE = "46"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exports-browser")


@pytest.fixture(scope="module")
def plan(home: Path) -> Plan:
    workspace = copy_demo(home / "demo", provinces=(PROVINCE,))
    programme = programmes.load("ne-poverty-2563")
    evidence = gather(workspace, [PROVINCE])
    made = plans.make(programme, evidence, [PROVINCE], decided_on=date(2019, 12, 2))
    save_plan(made, workspace)
    return made


@pytest.fixture(scope="module")
def address(home: Path, plan: Plan) -> Iterator[str]:
    with served(home / "demo", home / "log") as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with opened(browser, LAPTOP) as page:
        yield page


def open_exports(page: Page, address: str, plan: Plan, language: Language) -> None:
    page.goto(f"{address}/exports?of={plan.id}&lang={language}")
    heading = page.get_by_role("heading", name=say("app.exports.title", language), exact=True)
    expect(heading).to_be_visible(timeout=PATIENCE)


def make_and_take(page: Page, language: Language, name: str, folder: Path) -> Path:
    """Choose a format, make its file unless somebody made it before, and download it."""
    formats = page.get_by_role("combobox", name=say("app.exports.format", language))
    pick(formats, say(f"app.exports.format_of.{name}", language))
    made = page.locator(".ph-piece").filter(has_text=f" · {FORMATS[name].title}").first
    make = page.get_by_role("button", name=say("app.exports.make", language))
    expect(made.or_(make)).to_be_visible(timeout=PATIENCE)
    if make.is_visible():
        make.click()
    expect(made).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text(say("export.for_outsiders", language))).to_be_visible()
    handed = download(page.get_by_role("button", name=say("app.exports.take_it", language)).first)
    path = folder / handed.suggested_filename
    handed.save_as(path)
    return path


def test_an_analyst_takes_a_geopackage_and_a_shapefile_that_open_elsewhere(
    page: Page, address: str, plan: Plan, tmp_path: Path
) -> None:
    open_exports(page, address, plan, "th")
    found = {}
    for name in ("gpkg", "shapefile"):
        path = make_and_take(page, "th", name, tmp_path)
        assert plan.id in path.name
        table = pyogrio.read_dataframe(path, layer=0).rename(
            columns={short: column for column, short in SHORT_NAMES.items()}
        )
        found[name] = table.set_index("village_code").sort_index()
    for table in found.values():
        chosen = table.index[table["status"] == "chosen"]
        assert sorted(chosen) == sorted(plan.result(PROVINCE).chosen)
        assert len(table) == len(plan.units)
    assert found["gpkg"]["name_th"].equals(found["shapefile"]["name_th"])
    wide = page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    assert wide
    assert page.locator(".stException").count() == 0


def test_the_tour_leads_through_the_pages_and_ends(page: Page, address: str) -> None:
    page.goto(f"{address}/")
    page.get_by_role("button", name=say("app.tour.begin", "th")).click(timeout=PATIENCE)
    for number, name in enumerate(("overview", "data", "targeting", "layers", "exports", "help")):
        title = page.get_by_text(say(f"app.tour.step.{name}.title", "th"))
        expect(title).to_be_visible(timeout=PATIENCE)
        page.wait_for_url(f"**tour={number + 1}*", timeout=PATIENCE)
        last = name == "help"
        label = say("app.tour.done" if last else "app.tour.next", "th")
        page.get_by_role("button", name=label, exact=True).click()
    start = page.get_by_role("button", name=say("app.help.start_tour", "th"))
    expect(start).to_be_visible(timeout=PATIENCE)
    assert urlparse(page.url).path == "/help"
