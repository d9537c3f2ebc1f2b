"""The documentation builds without a warning, leads nowhere else, and knows every command."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urldefrag

import click
import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from phaenthi.apps.cli import phaenthi
from tests.apps.app_server import BROWSER_ARGUMENTS, find_browser

ROOT = Path(__file__).resolve().parents[1]
ADDRESSES = ("href", "src", "srcset", "action", "poster", "data")
IN_STYLES = re.compile(r"""(?:url\(\s*|@import\s+)["']?([^"')\s]+)""")
LANGUAGES = {"th": "", "en": "en/"}


class Read(HTMLParser):
    """What a page names: addresses, ids, headings."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.ids: set[str] = set()
        self.headings: list[str] = []
        self.within = ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ADDRESSES and value:
                self.addresses.append(value)
            if name == "style" and value:
                self.addresses += IN_STYLES.findall(value)
            if name == "id" and value:
                self.ids.add(value)
        self.within = tag
        if re.fullmatch("h[1-6]", tag):
            self.headings.append("")

    def handle_data(self, data):
        if self.within == "style":
            self.addresses += IN_STYLES.findall(data)
        elif self.headings:
            self.headings[-1] += data

    def handle_endtag(self, tag):
        self.within = ""
        if re.fullmatch("h[1-6]", tag):
            self.headings[-1] = " ".join(self.headings[-1].split())
            self.headings.append("")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documentation") / "site"
    command = [sys.executable, "-m", "docs.site.build", "--to", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Read]:
    # What a server shows for an address that is not there stands at no depth of its own.
    return {path: Read(path) for path in site.rglob("*.html") if path.name != "404.html"}


def test_no_page_and_no_style_names_another_host(site: Path, pages: dict[Path, Read]):
    named = {str(path.relative_to(site)): read.addresses for path, read in pages.items()}
    for style in site.rglob("*.css"):
        named[style.name] = IN_STYLES.findall(style.read_text(encoding="utf-8"))
    beyond = {
        (where, address)
        for where, addresses in named.items()
        for address in addresses
        if re.match(r"(?!data:)[a-z][a-z0-9+.-]*:|//", address.strip(), re.IGNORECASE)
    }
    assert len(named) > 100
    assert not beyond


def test_every_link_inside_leads_somewhere(site: Path, pages: dict[Path, Read]):
    lost = []
    for path, read in pages.items():
        for address in read.addresses:
            if address.startswith("data:"):
                continue
            where, anchor = urldefrag(unquote(address))
            target = (path.parent / where).resolve() if where else path
            known = target.is_file() and (
                not anchor or target not in pages or anchor in pages[target].ids
            )
            if not known and anchor != "__skip":
                lost.append((str(path.relative_to(site)), address))
    assert not lost


def commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from commands(command.get_command(context, name), f"{path} {name}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_has_its_page_with_each_option(
    site: Path, pages: dict[Path, Read], language: str
):
    for path, command in commands(phaenthi, "phaenthi"):
        if path == "phaenthi":
            continue
        page = site / LANGUAGES[language] / "commands" / f"{path.split()[1]}.html"
        assert path in pages[page].headings
        text = page.read_text(encoding="utf-8")
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.opts[0] in text, f"{path} {parameter.opts[0]}"


def test_every_decision_and_every_folder_of_the_house_has_its_page(site: Path):
    for decision in (ROOT / "docs" / "decisions").glob("0*.md"):
        assert (site / "en" / "decisions" / f"{decision.stem}.html").is_file()
    folders = {
        ".".join(init.parent.relative_to(ROOT).parts)
        for floor in ("geo", "layers", "targeting")
        for init in (ROOT / floor).rglob("__init__.py")
    }
    described = {path.stem for path in (site / "en" / "reference").glob("*.html")}
    assert folders <= described


def test_the_reference_holds_what_docstrings_say(site: Path):
    text = (site / "en" / "reference" / "geo.places.html").read_text(encoding="utf-8")
    assert "read_code" in text
    assert "geo.code_unreadable" in text


def test_both_languages_have_the_pages_that_people_write(site: Path):
    thai, english = (
        {path.name for path in (ROOT / "docs" / language).glob("*.md")} for language in LANGUAGES
    )
    # In English that page is the whole of docs/scale.md.
    assert thai - {"scale.md"} == english
    for name in thai:
        assert (site / name.replace(".md", ".html")).is_file()


GUIDES = ("CONTRIBUTING.md", "docs/decisions/*.md", "docs/README.md", "docs/??/*.md")
# What the recipes of CONTRIBUTING make up.
EXAMPLES = ("wells", "2564")
FLOORS = ("geo", "layers", "targeting", "apps", "wording", "data", "tests", "docs", "benchmarks")


def test_every_path_that_guides_and_decisions_name_is_there():
    named = {
        (guide.name, path)
        for pattern in GUIDES
        for guide in ROOT.glob(pattern)
        for path in re.findall(r"`([a-z]+/[^` …]*)`", guide.read_text(encoding="utf-8"))
        if path.startswith(FLOORS) and not any(example in path for example in EXAMPLES)
    }
    assert len(named) > 50
    assert not {(guide, path) for guide, path in named if not (ROOT / path).exists()}


def test_the_changelog_tells_of_the_version_that_pyproject_says():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    told = re.findall(r"^## \[(\d[^\]]*)\]", changes, re.MULTILINE)
    assert told[0] == project["version"]


# -- in a browser, with every other host refused --------------------------------------------------


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if find_browser() is None:
        if os.environ.get("PHAENTHI_REQUIRE_BROWSER"):
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=find_browser(), args=list(BROWSER_ARGUMENTS)
        )
        yield chromium
        chromium.close()


@pytest.fixture
def alone(browser: Browser, address: str) -> Iterator[tuple[Page, list[str]]]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    asked: list[str] = []

    def refuse(route: Route) -> None:
        if route.request.url.startswith((address, "data:", "blob:")):
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    page.route("**/*", refuse)
    yield page, asked
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    "where",
    ["index", "help", "packs/ne-poverty-2563", "en/index", "en/reference/geo.places", "en/scale"],
)
def test_a_page_asks_nothing_of_another_host(
    alone: tuple[Page, list[str]], address: str, where: str
):
    page, asked = alone
    faults: list[str] = []
    page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    page.goto(f"{address}{where}.html", wait_until="networkidle")
    page.locator("h1").first.wait_for()
    assert not asked
    assert not faults


@pytest.mark.browser
def test_a_thai_word_inside_a_sentence_is_found(alone: tuple[Page, list[str]], address: str):
    page, asked = alone
    page.goto(f"{address}index.html", wait_until="networkidle")
    page.keyboard.press("Control+k")
    page.get_by_role("textbox").or_(page.get_by_role("combobox")).first.fill("สัมมาชีพ")
    page.get_by_text("สร้างสัมมาชีพชุมชน").first.wait_for(timeout=20_000)
    assert not asked
