"""The analyst's way in Chromium: import, clear the queue, export, and open the file elsewhere."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pyogrio
import pytest
from playwright.sync_api import Browser, Page, expect

from phaenthi.apps.intake.importing import Request, take_in
from phaenthi.apps.intake.upload import Upload
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.layers.workspace.manifest import MANIFEST_FILE
from phaenthi.wording import LANGUAGES, Language, say
from tests.apps.app_server import served
from tests.apps.in_browser import PATIENCE, SIZES, chromium, download, opened, pick, rest
from tests.apps.registers_by_hand import VILLAGES

pytestmark = pytest.mark.browser

REGISTER = """ลำดับ,ชื่อหมู่บ้าน,ตำบล,อำเภอ,จังหวัด,โครงการ,ปีงบประมาณ
1,บ้านท่าโพธิ์,กาฬสินธุ์,เมืองกาฬสินธุ์,กาฬสินธุ์,สัมมาชีพชุมชน,2560
2,บ้านหนองแสง,เหนือ,เมืองกาฬสินธุ์,กาฬสินธุ์,สัมมาชีพชุมชน,2560
3,บ้านที่ไม่มี,กาฬสินธุ์,เมืองกาฬสินธุ์,กาฬสินธุ์,สัมมาชีพชุมชน,2560
"""
NUMBERS = count()
CASES = [(size, language) for size in SIZES for language in LANGUAGES]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("analyst")


@pytest.fixture(scope="module")
def empty_office(home: Path) -> Path:
    workspace = Workspace.create(home / "begin", salt="for tests")
    villages = Upload("villages.csv", VILLAGES.encode())
    with villages.written() as path:
        take_in(workspace, Request(villages, "villages"), path)
    return workspace.folder


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with served(home / "office", home / "streamlit.log") as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def office(empty_office: Path, home: Path) -> Path:
    """Lay the workspace as it was in the beginning where the one server looks for it."""
    folder = home / "office"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(empty_office, folder)
    # What the server keeps of another case, it keeps by the number of changes.
    manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    manifest["changes"] += 100 * next(NUMBERS)
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    with opened(browser, SIZES[request.param]) as page:
        yield page


@pytest.mark.parametrize(("page", "language"), CASES, indirect=["page"])
def test_an_analyst_imports_a_register_clears_its_queue_and_exports_it(
    page: Page, address: str, office: Path, tmp_path: Path, language: Language
) -> None:
    import_register(page, address, language, tmp_path)
    assert Workspace.open(office).table("history")["village_code"].tolist() == ["46010102"]
    clear_queue(page, language)
    after = Workspace.open(office)
    assert sorted(after.table("history")["village_code"]) == ["46010102", "46010203"]
    assert after.table("possible_targets").empty

    path = export_layer(page, address, language, tmp_path)
    found = pyogrio.read_dataframe(path, layer=0).set_index("village_code").sort_index()
    assert found.index.tolist() == ["46010102", "46010203"]
    # A village without a position of its own has none in the file; the other its own.
    assert found.geometry.isna().tolist() == [True, False]
    assert (found.geometry.iloc[1].x, found.geometry.iloc[1].y) == (103.54, 16.46)
    assert found["fiscal_year"].tolist() == [2560, 2560]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.locator(".stException").count() == 0


def import_register(page: Page, address: str, language: Language, folder: Path) -> None:
    """Send a register of names in the old Thai encoding, look at the trial and import it."""
    register = folder / "ทะเบียนปี 2560.csv"
    register.write_text(REGISTER, encoding="cp874")
    page.goto(f"{address}/data?lang={language}&part=import")
    page.locator("input[type=file]").set_input_files(register)
    label = say("layers.names.history", language)
    guess = say("app.data.guess", language, layer=label[:1].upper() + label[1:])
    expect(page.get_by_text(guess)).to_be_visible(timeout=PATIENCE)
    page.locator(".st-key-data_check button").click()
    page.locator(".st-key-data_import button").click()
    page.locator(".st-key-data_to_queue button").click()


def clear_queue(page: Page, language: Language) -> None:
    """Decide both places that wait, and let the decisions work on the register."""
    none = say("app.data.queue.none", language)
    page.locator(".st-key-data_by input").fill("พัฒนาการอำเภอเมืองกาฬสินธุ์")
    page.locator(".st-key-data_by input").press("Enter")
    asked = page.get_by_role("radiogroup").filter(has_text=none)
    expect(asked).to_have_count(2, timeout=PATIENCE)
    rest(page)
    asked.first.get_by_text("บ้านหนองแสง").nth(1).click()
    asked.last.get_by_text(none).click()
    page.get_by_role("button", name=say("app.data.queue.save", language)).click()
    expect(page.get_by_text(say("app.data.queue.empty", language))).to_be_visible(timeout=PATIENCE)
    page.locator(".st-key-data_apply_history button").click()
    expect(page.locator(".st-key-data_apply_history")).to_have_count(0, timeout=PATIENCE)


def export_layer(page: Page, address: str, language: Language, folder: Path) -> Path:
    """Go to the exports page, make a GeoPackage of the register and download it."""
    page.goto(f"{address}/exports?lang={language}&do=layer&layer=history")
    formats = page.get_by_role("combobox", name=say("app.exports.format", language), exact=True)
    pick(formats, say("app.exports.format_of.gpkg", language))
    page.get_by_role("button", name=say("app.exports.make", language)).click()
    take = page.get_by_role("button", name=say("app.exports.take_it", language), exact=True).first
    expect(take).to_be_visible(timeout=PATIENCE)
    rest(page)
    handed = download(take)
    path = folder / handed.suggested_filename
    handed.save_as(path)
    return path


@pytest.mark.parametrize("page", ["laptop"], indirect=True)
def test_an_import_is_undone_by_the_page(page: Page, address: str, office: Path) -> None:
    upload = Upload("history.csv", REGISTER.encode())
    with upload.written() as path:
        take_in(Workspace.open(office), Request(upload, "history"), path)
    page.goto(f"{address}/data?lang=en&part=undo")
    page.get_by_role("button", name=say("app.data.undo_button", "en")).click()
    page.locator(".st-key-data_undo button").click()
    gone = page.get_by_text(say("app.data.nothing_to_undo", "en"))
    last = page.get_by_text(say("layers.names.villages", "en"), exact=False)
    expect(gone.or_(last).first).to_be_visible(timeout=PATIENCE)
    for _ in range(100):
        if not Workspace.open(office).has("history"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the register is still there")
