"""Build the documentation: ``python -m docs.site.build`` writes ``site/`` and ``site/en/``.

Pages are laid out in ``build/docs`` first – those that people wrote, and those that are made of
commands, layers, words and docstrings – and Zensical makes the site of them.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

import yaml
from docs.site import commands, guide, reference, tables
from docs.site.pages import LANGUAGES, ROOT, Page, Site, linked, listed, nav_of
from docs.site.pages import written, written_in_folder
from phaenthi.wording import Language

LAID_OUT = ROOT / "build" / "docs"
_HERE = Path(__file__).parent
_BUILT = "built"
_ROOTS = {"th": "", "en": "en"}
_TO_OTHER = {"th": "en", "en": ".."}
_NAMES = {"th": "ไทย", "en": "English"}


def main() -> int:
    """Build both languages and return an exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=ROOT / "site", help="folder of the site")
    to: Path = parser.parse_args().to.resolve()
    shutil.rmtree(LAID_OUT, ignore_errors=True)
    names_modules()
    sites = {language: gathered(cast(Language, language)) for language in LANGUAGES}
    for language in LANGUAGES:
        (other,) = set(LANGUAGES) - {language}
        beyond = {page.source: page.page for page in sites[other].pages.values()}
        config = lay_out(language, sites[language], beyond)
        built = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-m", "zensical", "build", "--strict", "--config-file", config],
            cwd=LAID_OUT,
            check=False,
        )
        if built.returncode:
            return built.returncode
    shutil.rmtree(to, ignore_errors=True)
    shutil.move(LAID_OUT / _BUILT, to)
    return 0


def names_modules() -> None:
    """Lay the folders out under the name that they are installed by, for who reads docstrings."""
    package = LAID_OUT / "modules" / "phaenthi"
    for floor in reference.FLOORS:
        shutil.copytree(
            ROOT / floor, package / floor, ignore=lambda _, names: [n for n in names if not _read(n)]
        )


def _read(name: str) -> bool:
    return "." not in name or name.endswith(".py")


def gathered(language: Language) -> Site:
    """Return every page of a language."""
    site = Site()
    _, entries = listed(language)
    site.nav = [item for entry in entries for item in _taken(entry, site, language)]
    return site


def _taken(entry: Mapping[str, Any], site: Site, language: Language) -> Iterable[object]:
    if "pages" in entry:
        yield {entry["title"]: [i for e in entry["pages"] for i in _taken(e, site, language)]}
        return
    pages = list(_pages(entry, language))
    site.pages |= {page.page: page for page in pages}
    if len(pages) == 1:
        yield {entry["title"]: pages[0].page}
    elif pages:
        yield nav_of(entry["title"], pages)


def _pages(entry: Mapping[str, str], language: Language) -> Iterable[Page]:
    place = entry["page"]
    match entry.get("made"):
        case "help":
            return [guide.page(language, entry["file"], place)]
        case "commands":
            return commands.pages(language, entry["file"], place)
        case "reference":
            return reference.pages(entry["file"], place)
    if "files" in entry:
        return written_in_folder(entry["files"], place)
    page = written(entry["file"], place)
    return [Page(page.source, place, tables.filled(page.text, language))] if page else []


def lay_out(language: str, site: Site, beyond: Mapping[str, str]) -> str:
    """Write the pages and pictures of a language, and what Zensical is told; return its name."""
    folder = LAID_OUT / language
    for page in site.pages.values():
        path = folder / page.page
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(linked(page, site, beyond, _TO_OTHER[language]), encoding="utf-8")
    for place, picture in site.pictures.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(picture, folder / place)
    shutil.copyfile(_HERE / "site.css", folder / "site.css")
    config = LAID_OUT / f"{language}.yml"
    config.write_text(yaml.safe_dump(told(language, site), allow_unicode=True), encoding="utf-8")
    return config.name


def told(language: str, site: Site) -> dict[str, Any]:
    """Return what Zensical is told: the settings of both languages and those of this one."""
    settings: dict[str, Any] = yaml.safe_load((_HERE / "site.yml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    settings["site_name"], _ = listed(language)
    settings["copyright"] = f"Phaenthi {project['version']} · Apache License 2.0"
    settings["docs_dir"] = language
    settings["site_dir"] = f"{_BUILT}/{_ROOTS[language]}"
    settings["nav"] = site.nav
    settings["theme"]["language"] = language
    settings["extra"]["alternate"] = [
        {"name": _NAMES[one], "lang": one, "link": _start(language, one)} for one in LANGUAGES
    ]
    if language == "th":
        del settings["plugins"]["mkdocstrings"]
    return settings


def _start(language: str, other: str) -> str:
    return "index.html" if language == other else f"{_TO_OTHER[language]}/index.html"


if __name__ == "__main__":
    sys.exit(main())
