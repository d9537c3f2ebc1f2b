"""The pages of the site: which there are, and their links as they are in the site."""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath

import yaml

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("th", "en")
_HEADING = re.compile(r"^# (.+)$", re.MULTILINE)
# A link or picture of Markdown; fenced and inline code is taken whole first, so that it stays.
_LINK = re.compile(r"```.*?```|`[^`\n]*`|(!?)\[([^\]]*)\]\(([^)\s]+)\)", re.DOTALL)


@dataclass(frozen=True)
class Page:
    """A page of one language.

    Attributes
    ----------
    source
        Where it stands in the repository, or would stand if it were not made.
    page
        Where it stands in the site of its language.
    text
        Its Markdown, links still as in the repository.
    """

    source: str
    page: str
    text: str

    @property
    def title(self) -> str:
        """Its first heading."""
        found = _HEADING.search(self.text)
        return found.group(1) if found else self.page


@dataclass
class Site:
    """All pages of one language and the way to them.

    Attributes
    ----------
    pages
        Each page by its place in the site.
    pictures
        File in the repository of each picture, by its place in the site.
    nav
        The navigation as MkDocs writes it: ``{title: page}`` and ``{title: [...]}``.
    """

    pages: dict[str, Page] = field(default_factory=dict)
    pictures: dict[str, Path] = field(default_factory=dict)
    nav: list[object] = field(default_factory=list)


def listed(language: str) -> tuple[str, list[dict[str, str]]]:
    """Return the name of a language's site and the entries of ``pages.yml``."""
    words = yaml.safe_load(Path(__file__).with_name("pages.yml").read_text(encoding="utf-8"))
    return words[language]["name"], words[language]["pages"]


@cache
def _listed_sources() -> frozenset[str]:
    text = Path(__file__).with_name("pages.yml").read_text(encoding="utf-8")
    return frozenset(re.findall(r"file: ([^,}]+)", text))


def written(source: str, page: str) -> Page | None:
    """Return a page that people wrote, or None where there is none yet."""
    path = ROOT / source
    return Page(source, page, path.read_text(encoding="utf-8")) if path.is_file() else None


def written_in_folder(folder: str, page: str) -> Iterator[Page]:
    """Yield the pages of a folder, its README first, as the folder's own page."""
    for path in sorted((ROOT / folder).glob("*.md"), key=lambda p: (p.stem != "README", p.stem)):
        name = "index.md" if path.stem == "README" else path.name
        source = path.relative_to(ROOT).as_posix()
        yield Page(source, f"{page}/{name}", path.read_text(encoding="utf-8"))


def linked(page: Page, site: Site, other: Mapping[str, str], other_root: str) -> str:
    """Return a page's text with the links of the site; note the pictures that it shows.

    A link to a page of the other language goes over to its site. A link to a file that is no page,
    or to another host, becomes its words: the site leads nowhere else.

    Parameters
    ----------
    other
        Place of each page of the other language's site, by its source.
    other_root
        Where that site lies, seen from this one.

    Raises
    ------
    FileNotFoundError
        If a link leads to nothing that is there or that ``pages.yml`` expects.
    """
    here = {one.source: one.page for one in site.pages.values()}

    def replace(found: re.Match[str]) -> str:
        if found.group(3) is None:
            return found.group(0)
        picture, words, target = found.groups()
        address, _, anchor = target.partition("#")
        if not address:
            return found.group(0)
        if "://" in address or address.startswith("mailto:"):
            return words if words == address else f"{words} ({_host(address)})"
        source = os.path.normpath(PurePosixPath(page.source).parent / address)
        if picture:
            place = f"pictures/{source.replace('/', '-')}"
            site.pictures[place] = ROOT / source
            return f"![{words}]({_from(page.page, place)})"
        anchor = f"#{anchor}" if anchor else ""
        if source in here:
            return f"[{words}]({_from(page.page, here[source])}{anchor})"
        if source in other:
            beyond = f"{other_root}/{other[source].removesuffix('.md')}.html"
            up = "../" * page.page.count("/")
            return f'<a href="{up}{beyond}{anchor}">{words}</a>'
        if not (ROOT / source).exists() and source not in _listed_sources():
            raise FileNotFoundError(f"{page.source} leads to {target}, which is not there")
        return words

    return _LINK.sub(replace, page.text)


def _host(address: str) -> str:
    return address.partition("://")[2].partition("/")[0] or address.removeprefix("mailto:")


def _from(page: str, target: str) -> str:
    return Path(os.path.relpath(target, PurePosixPath(page).parent)).as_posix()


def nav_of(title: str, pages: Iterable[Page]) -> dict[str, list[object]]:
    """Return the navigation of a folder: its own page first, then each by its heading."""
    first, *others = pages
    return {title: [first.page, *({page.title: page.page} for page in others)]}
