"""Pictures of every page, at both sizes, in both languages, of made-up, no and national data.

``python -m tests.apps.make_page_pictures FOLDER [--country WORKSPACE]`` takes them, to be looked at
by a person after a change of the pages; those under ``docs/pictures/pages`` were taken so, the
country's of ``python -m benchmarks.national_workspace WORKSPACE --every-layer``. Each is
named after its data, page, size and language. ``--contact`` also lays them out on sheets.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from phaenthi.apps.demo import build as demo
from phaenthi.apps.planning.plans import save_plan
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.evidence import gather
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.plan.record import Plan
from phaenthi.targeting.programme import programme as programmes
from phaenthi.wording import LANGUAGES, Language
from tests.apps.app_server import served
from tests.apps.in_browser import PATIENCE, SIZES, chromium, opened, rest

PROVINCE = "46"
PROGRAMME = "ne-poverty-2563"
SETTLED = 2_500
LAPTOP_WIDTH = 960
QUALITY = 60
SHEET_COLUMNS = 4


@dataclass(frozen=True)
class View:
    """A view of a page: its name and its address without language."""

    name: str
    address: str


def views(plan: Plan | None) -> Iterator[View]:
    """Return the views to look at; those of a plan only where there is one."""
    yield View("targeting", f"?programme={PROGRAMME}&province={PROVINCE}")
    yield View("overview", "overview?")
    yield View("layers", "layers?")
    yield View("data", "data?")
    yield View("exports", "exports?")
    yield View("help", "help?")
    if plan is None:
        return
    chosen = plan.result(PROVINCE).chosen[0]
    yield View(
        "targeting_review",
        f"?programme={PROGRAMME}&province={PROVINCE}&plan={plan.id}&step=review&village={chosen}",
    )
    yield View("overview_amphoe", f"overview?area={PROVINCE}&inside={PROVINCE}")
    for section, layers in (("otop", "otop.clusters"), ("tourism", "tourism"), ("plots", "plots")):
        address = f"layers?section={section}&layers={layers}&at={PROVINCE}"
        yield View(f"layers_{section}", address)
    yield View("overview_print", f"overview?area={PROVINCE}&inside={PROVINCE}&print=1")
    yield View("data_import", "data?part=import")
    yield View("exports_plan", f"exports?of={plan.id}&do=plan")


def make_plan(workspace: Workspace) -> Plan:
    """Make and save the plan of a province."""
    evidence = gather(workspace, [PROVINCE])
    made = plans.make(
        programmes.load(PROGRAMME), evidence, [PROVINCE], decided_on=date(2019, 12, 2)
    )
    save_plan(made, workspace)
    return made


def take(page: Page, path: Path) -> None:
    """Take a picture of what is in sight, not wider than it need be."""
    with Image.open(io.BytesIO(page.screenshot())) as shot:
        picture = shot.convert("RGB")
    if picture.width > LAPTOP_WIDTH:
        height = round(picture.height * LAPTOP_WIDTH / picture.width)
        picture = picture.resize((LAPTOP_WIDTH, height), Image.Resampling.LANCZOS)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, "WEBP", quality=QUALITY, method=6)


def take_all(
    workspace: Workspace, data: str, plan: Plan | None, folder: Path, only: tuple[str, ...] = ()
) -> None:
    """Take the pictures of one workspace."""
    log = folder / f"{data}.log"
    folder.mkdir(parents=True, exist_ok=True)
    with served(workspace.folder, log) as address, chromium() as browser:
        for size, pixels in SIZES.items():
            for language in LANGUAGES:
                for view in views(plan):
                    if only and view.name not in only:
                        continue
                    with opened(browser, pixels) as page:
                        page.goto(_with(f"{address}/{view.address}", language))
                        page.locator(".stMainBlockContainer h2").first.wait_for(timeout=PATIENCE)
                        page.wait_for_timeout(SETTLED)
                        rest(page)
                        page.wait_for_timeout(SETTLED)
                        take(page, folder / f"{data}-{view.name}-{size}-{language}.webp")
    log.unlink()


def _with(address: str, language: Language) -> str:
    return f"{address.rstrip('?')}{'&' if '=' in address else '?'}lang={language}"


def lay_out(folder: Path, data: str, size: str) -> None:
    """Lay the pictures of one size out on a sheet."""
    paths = sorted(folder.glob(f"{data}-*-{size}-*.webp"))
    if not paths:
        return
    pictures = [Image.open(path) for path in paths]
    width, height = pictures[0].size
    rows = -(-len(pictures) // SHEET_COLUMNS)
    sheet = Image.new("RGB", (SHEET_COLUMNS * (width + 8), rows * (height + 8)), "grey")
    for number, picture in enumerate(pictures):
        row, column = divmod(number, SHEET_COLUMNS)
        sheet.paste(picture, (column * (width + 8), row * (height + 8)))
    sheet.save(folder / f"sheet-{data}-{size}.png")


def main() -> None:
    """Take the pictures asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--country", type=Path, help="a workspace of the whole country")
    parser.add_argument("--data", nargs="*", default=("demo", "empty", "country"))
    parser.add_argument("--views", nargs="*", default=())
    parser.add_argument("--contact", action="store_true", help="lay them out on sheets too")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="phaenthi-pictures-") as home:
        if "demo" in asked.data:
            workspace = demo.build(Path(home) / "demo")
            take_all(workspace, "demo", make_plan(workspace), asked.folder, tuple(asked.views))
        if "empty" in asked.data:
            workspace = Workspace.create(Path(home) / "empty", salt="empty")
            take_all(workspace, "empty", None, asked.folder, tuple(asked.views))
        if "country" in asked.data and asked.country:
            workspace = Workspace.open(asked.country)
            take_all(workspace, "country", None, asked.folder, tuple(asked.views))
    for data in asked.data if asked.contact else ():
        for size in SIZES:
            lay_out(asked.folder, data, size)


if __name__ == "__main__":
    main()
