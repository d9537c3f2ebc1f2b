"""The help page of the app as a page of the site: the same words, pictures and terms."""

from __future__ import annotations

from collections.abc import Iterator

from docs.site.pages import ROOT, Page
from phaenthi.apps.screens.glossary import GROUPS
from phaenthi.apps.screens.help import GUIDES, picture_of
from phaenthi.wording import Language, say


def page(language: Language, source: str, place: str) -> Page:
    """Return the guide of each task, then the glossary."""
    parts = [f"# {say('app.help.title', language)}"]
    for guide in GUIDES:
        parts += _guide(guide, language, depth=source.count("/"))
    parts.append(f"## {say('app.help.glossary', language)}")
    for group, terms in GROUPS.items():
        parts.append(f"### {say(f'app.help.terms_of.{group}', language)}")
        parts.append("\n".join(f"- {say(f'glossary.{term}', language)}" for term in terms))
    return Page(source, place, "\n\n".join(parts) + "\n")


def _guide(guide: str, language: Language, depth: int) -> Iterator[str]:
    def words(name: str) -> str:
        return say(f"app.help.guide.{guide}.{name}", language)

    picture = picture_of(guide, language).resolve().relative_to(ROOT)
    yield f"## {words('title')}"
    yield words("for")
    yield f"![{words('alt')}]({'../' * depth}{picture.as_posix()})"
    yield "\n".join(f"1. {step}" for step in words("steps").split("\n"))
    yield f"**{say('app.help.tip', language)}** {words('tip')}"

