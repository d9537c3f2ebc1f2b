"""The pictures of the help page, taken anew: ``python -m tests.apps.make_help_pictures``."""

from __future__ import annotations

import argparse
import io
import tempfile
from datetime import date
from pathlib import Path

import openpyxl
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from phaenthi.apps.demo import build as demo
from phaenthi.apps.exports.sealed_package import package_papers, write_package
from phaenthi.apps.planning.plans import save_plan
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.apps.screens.help import picture_of
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.layers.imports.by_place import import_matched
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.evidence import gather
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.plan.record import Plan
from phaenthi.targeting.programme import programme as programmes
from phaenthi.wording import LANGUAGES, Language, say
from tests.apps.app_server import BROWSER_ARGUMENTS, find_browser, served

PROVINCE = "46"
SIZE = {"width": 1366, "height": 860}
PICTURE_WIDTH = 960
QUALITY = 72
PATIENCE = 90_000
SETTLED = 3_500
GUIDES = ("choose", "swap", "browse", "import", "queue", "export", "check")


def make_plan(workspace: Workspace) -> Plan:
    """Make and save the plan that the pictures show."""
    programme = programmes.load("ne-poverty-2563")
    evidence = gather(workspace, [PROVINCE])
    made = plans.make(programme, evidence, [PROVINCE], decided_on=date(2019, 12, 2))
    save_plan(made, workspace)
    return made


def write_names(workspace: Workspace, path: Path) -> None:
    """Write a register that names its villages without their codes, some of them badly."""
    table = workspace.table("villages")
    some = table[table["village_code"].str.startswith(PROVINCE)].head(24)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["จังหวัด", "อำเภอ", "ตำบล", "หมู่ที่", "ชื่อหมู่บ้าน", "โครงการ", "ปีงบประมาณ"])
    for number, row in enumerate(some.itertuples()):
        code = str(row.village_code)
        name, moo = str(row.name_th), str(int(code[6:]))
        if number % 3 == 0:
            # As registers are typed: shortened, one letter lost, the number of the village too.
            name, moo = name.replace("จำลอง", "จำลง").replace("บ้าน", "บ."), ""
        places = [name_of(code[:2]), name_of(code[:4]), name_of(code[:6])]
        sheet.append([*places, moo, name, "สัมมาชีพชุมชน", 2562])
    book.save(path)


def visit(page: Page, address: str, guide: str, language: Language, plan: Plan, made: Path) -> None:
    """Lead a page to what the guide tells of."""
    at = f"programme={plan.programme_id}&province={PROVINCE}&plan={plan.id}&lang={language}"
    chosen = plan.result(PROVINCE).chosen[0]
    addresses = {
        "choose": f"?{at}&step=review",
        "swap": f"?{at}&step=review&village={chosen}",
        "browse": f"overview?lang={language}&area={PROVINCE}&inside={PROVINCE}",
        "import": f"data?lang={language}&part=import",
        "queue": f"data?lang={language}&part=queue",
        "export": f"exports?lang={language}&take=vector",
        "check": f"exports?lang={language}&do=check",
    }
    page.goto(f"{address}/{addresses[guide]}")
    page.locator(".stMainBlockContainer h2").first.wait_for(timeout=PATIENCE)
    page.wait_for_timeout(SETTLED)
    if guide == "export":
        make = say("app.exports.make", language)
        page.get_by_role("button", name=make).click()
        page.get_by_text(say("app.exports.to_know", language)).wait_for(timeout=PATIENCE)
    sent = {"check": "package.zip", "import": "register.xlsx"}.get(guide)
    box = page.locator('input[type="file"]')
    if sent and box.count():
        box.first.set_input_files(str(made / sent))
        page.wait_for_timeout(SETTLED)
    page.wait_for_timeout(SETTLED)


def take(page: Page, path: Path) -> None:
    """Take a small picture of a page."""
    with Image.open(io.BytesIO(page.screenshot())) as shot:
        height = round(shot.height * PICTURE_WIDTH / shot.width)
        small = shot.convert("RGB").resize((PICTURE_WIDTH, height), Image.Resampling.LANCZOS)
        path.parent.mkdir(parents=True, exist_ok=True)
        small.save(path, "WEBP", quality=QUALITY, method=6)


def main() -> None:
    """Take the pictures asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("guides", nargs="*", default=GUIDES, metavar="GUIDE")
    wanted = parser.parse_args().guides
    with tempfile.TemporaryDirectory(prefix="phaenthi-pictures-") as home:
        folder = Path(home)
        workspace = demo.build(folder / "demo", provinces=(PROVINCE,))
        plan = make_plan(workspace)
        publication = Publication.of(plan, workspace)
        papers = package_papers(publication, folder / "papers")
        write_package(publication, papers, folder / "package.zip")
        write_names(workspace, folder / "register.xlsx")
        if "queue" in wanted:
            import_matched(workspace, "history", folder / "register.xlsx", made_up=True)
        with served(workspace.folder, folder / "log") as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find_browser(), args=list(BROWSER_ARGUMENTS)
            )
            for language in LANGUAGES:
                for guide in wanted:
                    page = browser.new_page(viewport=SIZE)
                    visit(page, address, guide, language, plan, folder)
                    take(page, picture_of(guide, language))
                    page.close()
            browser.close()


if __name__ == "__main__":
    main()
