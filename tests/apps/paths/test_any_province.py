"""An office of a province that is none of the demo's four: its own map from the first minute."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from playwright.sync_api import Browser, expect
from streamlit.testing.v1 import AppTest

from phaenthi.apps.cli import main
from phaenthi.apps.commands.app import APP
from phaenthi.apps.demo.villages import (
    make_history,
    make_households,
    make_poverty,
    make_villages,
    scatter_points,
)
from phaenthi.geo.boundaries.embedded import read_embedded
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import areas
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.plan import keeping
from phaenthi.wording import say
from tests.apps.in_browser import LAPTOP, chromium, opened

Captured = pytest.CaptureFixture[str]
APPROXIMATE = say("export.approximate", "th")
# In the project of the north-east, and without boundaries of its own.
OFFICE_PROVINCE = "49"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("PHAENTHI_LANGUAGE", "PHAENTHI_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)


def demo_of(province: str, folder: Path) -> tuple[str, str]:
    """Run the demo and return its plan and what it said."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        where = ["--workspace", str(folder / "demo"), "--to", str(folder / "written")]
        assert main(["demo", "--province", province, *where]) == 0
    found = re.search(r"[a-z]+[a-z0-9-]*-25\d\d-\d\d-[0-9a-f]{8}", said.getvalue())
    assert found, said.getvalue()
    return found.group(), said.getvalue()


@dataclass(frozen=True)
class Made:
    """A demo that was made: whose, its folder, its plan, and what was said of it."""

    province: str
    code: str
    folder: Path
    plan: str
    said: str


@pytest.fixture(scope="module", params=[("นราธิวาส", "96"), ("เชียงราย", "57")])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    province, code = request.param
    folder = tmp_path_factory.mktemp(code)
    return Made(province, code, folder, *demo_of(province, folder))


# -- the demo --------------------------------------------------------------------------------------


def test_the_demo_of_a_province_outside_the_four_chooses_by_a_national_programme(
    made: Made,
) -> None:
    assert made.plan.startswith(f"sammachip-2563-{made.code}-")
    told = say("cli.demo.national", "th", province=made.province)
    assert told in made.said.replace("\n", "")
    assert say("export.made_up", "th") in made.said
    assert APPROXIMATE in made.said
    saved = keeping.load(made.folder / "demo" / DocumentKind.PLANS / made.plan)
    [result] = saved.results
    assert result.shortage is None
    assert len(result.chosen) == result.demand.units
    assert all(unit.startswith(made.code) for unit in result.chosen)
    where = ["--workspace", str(made.folder / "demo")]
    assert main(["verify", made.plan, *where]) == 0
    assert main(["choose", "sammachip-2563", "--province", made.code, *where]) == 0


@pytest.mark.browser
def test_its_map_opens_in_a_browser_with_every_amphoe_named_and_nothing_behind_the_panel(
    made: Made, browser: Browser
) -> None:
    amphoe = areas(Level.AMPHOE)
    names = amphoe.loc[amphoe["parent_code"] == made.code, "name_th"]
    with opened(browser, LAPTOP) as page:
        page.goto((made.folder / "written/map.html").as_uri())
        for name in names:
            expect(page.locator(".ph-name-amphoe", has_text=name).first).to_be_attached()
        panel = page.locator(".ph-panel")
        expect(panel).to_contain_text(APPROXIMATE)
        panel.locator("summary").click()
        expect(panel.locator("details")).to_contain_text("Natural Earth")
        box = panel.bounding_box()
        assert box is not None
        west = page.evaluate(
            "() => Math.min(...[...document.querySelectorAll('.ph-name-amphoe')]"
            ".map((name) => name.getBoundingClientRect().left))"
        )
        assert west > box["x"] + box["width"]


def test_a_demo_of_another_province_joins_what_was_there(tmp_path: Path) -> None:
    demo_of("สมุทรสงคราม", tmp_path)
    assert provinces_of(tmp_path) == {"75"}
    demo_of("สิงห์บุรี", tmp_path)
    assert provinces_of(tmp_path) == {"17", "75"}
    before = (tmp_path / "demo/workspace.json").read_bytes()
    demo_of("สมุทรสงคราม", tmp_path)
    assert (tmp_path / "demo/workspace.json").read_bytes() == before


def provinces_of(folder: Path) -> set[str]:
    return set(Workspace.open(folder / "demo").table("villages")["village_code"].str[:2])


def test_bangkok_has_no_villages_to_make_up(capsys: Captured) -> None:
    assert main(["demo", "--province", "กรุงเทพ"]) == 2
    assert "แขวง" in capsys.readouterr().err
    assert not Path("workspaces/demo").exists()


# -- an office -------------------------------------------------------------------------------------


@pytest.fixture
def office(capsys: Captured) -> Path:
    """Import what an office of Mukdahan holds: registers with points, and no boundaries."""
    rng = np.random.default_rng(int(OFFICE_PROVINCE))
    villages = make_villages(OFFICE_PROVINCE, rng)
    places = scatter_points(villages, read_embedded(Level.TAMBON, [OFFICE_PROVINCE]), rng)
    households = make_households(villages, OFFICE_PROVINCE, rng)
    listed = villages.drop(columns=["tambon_code", "name_en"]).join(places)
    listed.to_csv("villages.csv", index=False)
    households.write_csv("households.csv")
    make_poverty(households, rng).write_csv("poverty.csv")
    make_history(villages, rng).drop("list_held").write_csv("history.csv")
    assert main(["workspace", "create", "office"]) == 0
    for layer in ("villages", "households", "poverty", "history"):
        assert main(["workspace", "import", layer, f"{layer}.csv", "--workspace", "office"]) == 0
    capsys.readouterr()
    return Path("office")


def test_every_file_of_an_office_without_boundaries_says_that_they_are_approximate(
    office: Path, capsys: Captured
) -> None:
    assert main(["workspace", "status", "--workspace", "office"]) == 0
    assert "ขอบเขตโดยประมาณที่มากับระบบ" in capsys.readouterr().out
    readings = ("no-sammachip=as-imported", "no-sufficiency-village=as-imported")
    asked = [part for reading in readings for part in ("--reading", reading)]
    where = ["--workspace", "office"]
    assert main(["choose", "ne-poverty-2563", "--province", OFFICE_PROVINCE, *asked, *where]) == 0
    assert APPROXIMATE in capsys.readouterr().err
    [plan] = keeping.saved(office / DocumentKind.PLANS)
    assert main(["export", plan, "--to", "written", *where]) == 0
    with zipfile.ZipFile("written/villages.zip") as archive:
        assert APPROXIMATE in archive.read("about.txt").decode("utf-8-sig")
    with sqlite3.connect("written/villages.gpkg") as database:
        [description, *_] = database.execute("SELECT description FROM gpkg_contents").fetchone()
    assert APPROXIMATE in description
    workbook = openpyxl.load_workbook("written/register.xlsx", read_only=True)
    for sheet in workbook:
        told = {value for row in sheet.iter_rows(values_only=True) for value in row}
        assert APPROXIMATE in told
    page = Path("written/map.html").read_text(encoding="utf-8")
    assert json.dumps(APPROXIMATE)[1:-1] in page
    assert main(["papers", plan, "--map", "--letter", "--to", "papers", *where]) == 0
    assert {"map_A4.png", "map_A4.svg"} <= {path.name for path in Path("papers").iterdir()}


def test_on_screen_its_pages_show_its_map_and_say_so(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(office.absolute()))
    page = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not page.exception
    badges = [one.value for one in page.markdown if "badge" in one.value]
    assert any(say("app.approximate", "th") in badge for badge in badges)
