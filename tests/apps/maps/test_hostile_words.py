"""Words of the data stay words: what stands in a register is never run, drawn or asked for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import folium
import geopandas as gpd
import pytest
from branca.element import Element
from playwright.sync_api import Browser, Page
from shapely.geometry import box
from streamlit_folium import generate_leaflet_string

from phaenthi.apps.cli import main
from phaenthi.apps.maps import offline
from phaenthi.apps.maps import pages as map_pages
from phaenthi.apps.maps import view as map_view
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.plan import keeping
from tests.apps.demo_plan import PROVINCE, demo_workspace
from tests.apps.in_browser import LAPTOP, chromium, opened

BOUNDS = (103.4, 16.4, 103.6, 16.5)
# What would tell that a word was run: a folder, a product, an error, a value of the browser's.
TEMPLATES = (
    "{{lipsum.__globals__.os.mkdir(dict(PWNED=1)|join)}}",
    "{{7*7}}",
    "{% for x in",
    "{# never closed",
    "{%raw%}{{7*7}}{%endraw%}",
)
PAGES = (
    "</script><script>window.PWNED=1</script>",
    "<img src=x onerror=window.PWNED=1>",
    "`${window.PWNED=1}`",
    "'\"><svg onload=window.PWNED=1>",
)
WORDS = (*TEMPLATES, *PAGES)


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    yield
    assert not (tmp_path / "PWNED").exists()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def hostile_register(workspace: Workspace, path: Path) -> Path:
    """Write the villages of a workspace as a register whose names are the words in turn."""
    held = workspace.table("villages")
    names = [WORDS[number % len(WORDS)] for number in range(len(held))]
    columns = {
        "รหัสหมู่บ้าน": held["village_code"],
        "ชื่อหมู่บ้าน": names,
        "ละติจูด": held["latitude"],
        "ลองจิจูด": held["longitude"],
    }
    held[[]].assign(**columns).to_csv(path, index=False)
    return path


def told_on_map(page: Page) -> list[str]:
    """Return what the map tells over the villages, as a reader sees it."""
    return page.evaluate(
        """() => {
          const map = Object.values(window).find((one) => one instanceof L.Map);
          const made = [...map.kept.values()].map((entry) => entry.made)
            .find((one) => one && one.villageCount);
          const box = document.body.appendChild(document.createElement("div"));
          return Array.from({ length: made.table.size }, (_, index) => {
            box.innerHTML = made.told(index, made.looks[0], 1).tip;
            return box.querySelector("b").textContent;
          });
        }"""
    )


def test_a_village_named_like_code_is_imported_chosen_exported_and_only_shown(
    tmp_path: Path, browser: Browser
) -> None:
    office = tmp_path / "office"
    shutil.copytree(demo_workspace().folder, office, ignore=shutil.ignore_patterns("plans"))
    register = hostile_register(Workspace.open(office), tmp_path / "register.csv")
    at = ["--workspace", str(office)]
    assert main(["workspace", "import", "villages", str(register), *at]) == 0
    before = set(keeping.saved(office / "plans"))
    assert main(["choose", "ne-poverty-2563", "--province", PROVINCE, *at]) == 0
    [plan] = set(keeping.saved(office / "plans")) - before
    assert main(["export", plan, "--to", "out", *at]) == 0
    with opened(browser, LAPTOP) as page:
        page.goto((tmp_path / "out" / "map.html").as_uri())
        page.wait_for_function("() => document.querySelector('.ph-panel')")
        told = told_on_map(page)
        assert page.evaluate("() => window.PWNED") is None
    held = set(Workspace.open(office).table("villages")["name_th"])
    assert len(held) == len(WORDS)
    assert all(any(word in name for name in told) for word in held)


def test_a_boundary_set_coded_like_code_is_drawn_and_only_shown(
    tmp_path: Path, browser: Browser
) -> None:
    faults = gpd.GeoDataFrame(
        {"kind": "overlap", "code": WORDS, "square_kilometres": 1.5},
        geometry=[box(103.5, 16.4, 103.501, 16.401)] * len(WORDS),
        crs=4326,
    )
    areas = gpd.GeoDataFrame(
        {"code": WORDS, "name_th": WORDS, "name_en": WORDS},
        geometry=[box(103.4, 16.4, 103.6, 16.5)] * len(WORDS),
        crs=4326,
    )
    text = map_pages.faults_page(areas, faults, title=WORDS[0], notes=WORDS, language="th")
    path = tmp_path / "faults.html"
    path.write_text(text, encoding="utf-8")
    with opened(browser, LAPTOP) as page:
        page.goto(path.as_uri())
        page.wait_for_function("() => document.querySelector('.ph-panel')")
        told = told_on_map(page)
        panel = page.locator(".ph-panel").text_content() or ""
        assert page.title() == WORDS[0]
        assert page.evaluate("() => window.PWNED") is None
    assert len(told) == len(WORDS)
    for word, name in zip(WORDS, told, strict=True):
        assert name == f"ทับกัน {word} · 1.5000 km²"
        assert word in panel


def test_the_map_of_the_app_writes_words_and_runs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for word in WORDS:
        monkeypatch.setenv(offline.TILES_VARIABLE, f"http://tiles/{word}")
        monkeypatch.setenv(offline.TILES_CREDIT_VARIABLE, word)
        drawn = map_view.base_map(BOUNDS)
        group = map_view.panel_layer(word)
        drawn.get_root().render()
        group.add_to(drawn)
        group.render()
        page = drawn.get_root().render()
        script = generate_leaflet_string(drawn)
        assert ">49<" not in page
        assert '"49"' not in page + script


def test_a_page_refuses_what_was_compiled_from_text() -> None:
    drawn = map_view.base_map(BOUNDS)
    with pytest.raises(TypeError, match="template"):
        drawn.get_root().script.add_child(Element("var x = 1;"))
    drawn.add_child(folium.Marker([16.45, 103.5], popup="ชื่อ"))
    with pytest.raises(TypeError, match="template"):
        drawn.get_root().render()
