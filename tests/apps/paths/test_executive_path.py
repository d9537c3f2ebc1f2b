"""An executive's way in Chromium: down to a village and back, on paper and as a picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Language, say
from tests.apps.app_server import served
from tests.apps.in_browser import PATIENCE, SIZES, chromium, download, opened, pick, rest
from tests.apps.paths.test_browser import Visit
from tests.apps.paths.test_country_map import least_painted, watch_for_blanks
from tests.demo_copies import copy_demo

pytestmark = pytest.mark.browser

PROVINCE, AMPHOE, TAMBON = "46", "4602", "460202"
# A4 at 300 dots an inch.
SHEET = [2480, 3508]
WHITE = 250


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return copy_demo(tmp_path_factory.mktemp("executive") / "demo", provinces=("31", "46"))


@pytest.fixture(scope="module")
def address(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(workspace.folder, tmp_path_factory.mktemp("log") / "streamlit.log") as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@dataclass
class Executive:
    """Somebody who reads the overview."""

    page: Page
    visit: Visit
    language: Language
    workspace: Workspace

    def say(self, message: str, **values: object) -> str:
        return say(f"app.overview.{message}", self.language, **values)

    def name(self, code: str) -> str:
        return name_of(code, self.language)

    def stands_in(self, name: str) -> None:
        """Wait until the page shows an area, and see that the map is the same and not blank."""
        here = self.page.locator(".st-key-overview_crumbs strong").first
        expect(here).to_have_text(name, timeout=PATIENCE)
        rest(self.page)
        assert self.visit.in_map("() => window.is_the_same") is True

    def list_of(self, name: str) -> Locator:
        return self.page.locator(f".st-key-overview_{name}_{self.language} input")

    def click_area(self, level: Level, code: str) -> None:
        table = self.workspace.boundaries(level)
        point = table[table["code"] == code].geometry.representative_point().iloc[0]
        self.visit.click_village(point.x, point.y)

    def click_village(self, code: str) -> None:
        villages = self.workspace.table("villages").set_index("village_code")
        self.visit.click_village(villages.loc[code, "longitude"], villages.loc[code, "latitude"])


def first_village(workspace: Workspace) -> str:
    villages = workspace.table("villages")
    here = villages[villages["village_code"].str.startswith(TAMBON) & villages["longitude"].notna()]
    return str(here["village_code"].iloc[0])


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("size", list(SIZES))
def test_an_executive_goes_down_to_a_village_and_back_prints_it_and_takes_the_map(
    browser: Browser,
    address: str,
    workspace: Workspace,
    size: str,
    language: Language,
    tmp_path: Path,
) -> None:
    with opened(browser, SIZES[size]) as page:
        reader = Executive(page, Visit(page, address), language, workspace)
        reader.visit.open(f"overview?lang={language}&area=all")
        reader.visit.in_map("() => { window.is_the_same = true; }")
        watch_for_blanks(reader.visit)
        goes_down_to_a_village(reader)
        comes_back(reader)
        assert least_painted(reader.visit) > 0.002
        prints(reader)
        takes_the_map(reader, tmp_path)


def goes_down_to_a_village(reader: Executive) -> None:
    """Go down by a list, by clicks on the map, and by the list again; choose a village there."""
    page = reader.page
    reader.stands_in(reader.say("country"))
    pick(reader.list_of("province"), reader.name(PROVINCE))
    reader.stands_in(reader.name(PROVINCE))
    reader.click_area(Level.AMPHOE, AMPHOE)
    enter = page.locator(".st-key-overview_enter button")
    expect(enter).to_contain_text(reader.name(AMPHOE), timeout=PATIENCE)
    rest(page)
    enter.click()
    reader.stands_in(reader.name(AMPHOE))
    pick(reader.list_of("tambon"), reader.name(TAMBON))
    reader.stands_in(reader.name(TAMBON))
    village = first_village(reader.workspace)
    reader.click_village(village)
    expect(page.locator(".st-key-overview_village")).to_contain_text(village, timeout=PATIENCE)
    expect(page).to_have_url(re.compile(f"chosen={village}"))
    rest(page)


def comes_back(reader: Executive) -> None:
    """Come back by the browser and by the crumbs; what is missing stays in view; reload."""
    page = reader.page
    village = page.locator(".st-key-overview_village")
    # A moment later, as people are; the address of the last step has then arrived.
    page.wait_for_timeout(700)
    page.go_back()
    expect(village).to_have_count(0, timeout=PATIENCE)
    reader.stands_in(reader.name(TAMBON))
    page.go_back()
    reader.stands_in(reader.name(AMPHOE))
    crumbs = page.locator(".st-key-overview_crumbs")
    crumbs.get_by_role("button", name=reader.name(PROVINCE), exact=True).click()
    reader.stands_in(reader.name(PROVINCE))
    expect(page).to_have_url(re.compile(f"inside={PROVINCE}&"))
    page.locator(".ph-small-map").last.scroll_into_view_if_needed()
    expect(page.locator(".ph-lacking summary")).to_be_in_viewport()


def prints(reader: Executive) -> None:
    """Open the page to print, keep it over a reload, and make the PDF."""
    page = reader.page
    page.locator(".st-key-overview_print_open button").click()
    head = page.locator(".ph-print-head")
    expect(head).to_contain_text(reader.name(PROVINCE), timeout=PATIENCE)
    expect(page).to_have_url(re.compile("print=1"))
    page.reload()
    expect(head).to_contain_text(reader.name(PROVINCE), timeout=PATIENCE)
    expect(head).to_contain_text(say("export.made_up", reader.language))
    inset = page.locator("img.ph-inset")
    expect(inset).to_be_visible(timeout=PATIENCE)
    rest(page)
    assert inset.evaluate("(picture) => picture.naturalWidth") > 100
    page.emulate_media(media="print")
    expect(page.locator(".st-key-overview_print_tools")).to_be_hidden()
    expect(page.locator(".stAppHeader")).to_be_hidden()
    page.emulate_media(media="null")
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 6
    assert len(paper) > 50_000


def takes_the_map(reader: Executive, folder: Path) -> None:
    """Take the map away as a picture, and find colours on it."""
    page = reader.page
    handed = download(page.locator(".st-key-overview_png button"))
    assert handed.suggested_filename == f"map-{PROVINCE}-amphoe-poor-households.png"
    handed.save_as(folder / "map.png")
    picture = Image.open(BytesIO((folder / "map.png").read_bytes())).convert("L")
    assert sorted(picture.size) == SHEET
    assert sum(picture.histogram()[:WHITE]) > 0.1 * picture.width * picture.height
    page.locator(".st-key-overview_print_back button").click()
    expect(page.locator(".st-key-overview_crumbs strong").first).to_have_text(
        reader.name(PROVINCE), timeout=PATIENCE
    )
