"""The analyst's way in Chromium: a register of names imported, its queue cleared, used, undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.screens.data.taking_in import Request, take_in
from apps.screens.data.upload import Upload
from layers.workspace import Workspace
from tests.apps.app_server import served
from tests.apps.in_browser import PATIENCE, SIZES, chromium, opened
from tests.apps.test_data_page import REGISTER, VILLAGES

pytestmark = pytest.mark.browser

WORDS = {
    "th": {
        "guess": "น่าจะเป็นทะเบียนหมู่บ้านเป้าหมายปีก่อน",
        "save": "บันทึกคำตัดสินในหน้านี้",
        "none": "ไม่ใช่หมู่บ้านใดในทะเบียน",
        "empty": "ไม่มีสถานที่ที่รอตัดสิน",
        "done": "นำเข้า",
        "undo": "ย้อนการนำเข้าครั้งล่าสุด",
        "undone": "นำเข้าครั้งล่าสุด: คำตัดสิน",
    },
    "en": {
        "guess": "this file seems to be",
        "save": "Save the decisions of this page",
        "none": "No village of the register",
        "empty": "No place waits for a decision",
        "done": "is imported",
        "undo": "Undo the last import",
        "undone": "Last import: ",
    },
}


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    workspace = Workspace.create(tmp_path / "office", salt="for tests")
    villages = Upload("villages.csv", VILLAGES.encode())
    take_in(workspace, Request(villages, "villages"))
    return workspace


@pytest.fixture
def address(office: Workspace, tmp_path: Path) -> Iterator[str]:
    with served(office.folder, tmp_path / "streamlit.log") as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    with opened(browser, SIZES[request.param]) as page:
        yield page


@pytest.mark.parametrize(
    ("page", "language"), [("laptop", "th"), ("phone", "en")], indirect=["page"]
)
def test_an_analyst_imports_a_register_clears_its_queue_and_undoes(
    page: Page, address: str, office: Workspace, tmp_path: Path, language: str
) -> None:
    words = WORDS[language]
    register = tmp_path / "ทะเบียนปี 2560.csv"
    register.write_text(REGISTER, encoding="cp874")
    page.goto(f"{address}/data?lang={language}&part=import")
    page.locator("input[type=file]").set_input_files(register)
    main = page.locator('[data-testid="stMain"]')
    expect(main).to_contain_text(words["guess"], timeout=PATIENCE)
    page.locator(".st-key-data_check button").click()
    page.locator(".st-key-data_import button").click()
    page.locator(".st-key-data_to_queue button").click()

    page.locator(".st-key-data_by input").fill("พัฒนาการอำเภอเมืองบึงกาฬ")
    page.locator(".st-key-data_by input").press("Enter")
    asked = page.get_by_role("radiogroup").filter(has_text=words["none"])
    expect(asked).to_have_count(2, timeout=PATIENCE)
    first, second = asked.first, asked.last
    first.get_by_text("บ้านหนองแสง").nth(1).click()
    second.get_by_text(words["none"]).click()
    page.get_by_role("button", name=words["save"]).click()
    expect(main).to_contain_text(words["empty"], timeout=PATIENCE)
    page.locator(".st-key-data_apply_history button").click()
    expect(page.locator(".st-key-data_apply_history")).to_have_count(0, timeout=PATIENCE)
    after = Workspace.open(office.folder)
    assert sorted(after.table("history")["village_code"]) == ["38010102", "38010204"]
    assert not after.has("possible_targets") or after.table("possible_targets").empty

    page.goto(f"{address}/data?lang={language}&part=undo")
    page.get_by_role("button", name=words["undo"]).click()
    page.locator(".st-key-data_undo button").click()
    expect(main).to_contain_text(words["undone"], timeout=PATIENCE)
    page.wait_for_timeout(500)
    assert Workspace.open(office.folder).table("history")["village_code"].tolist() == ["38010102"]
