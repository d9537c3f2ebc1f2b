"""Words as text of Markdown: what the data say makes no link and asks for no picture."""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import Formatter
from typing import Any

# Anywhere: what emphasises, links, quotes code or mathematics, strikes through, or begins a tag.
# A colon begins an emoji, a colour or the rest of an address; an at sign stands in an address of
# mail, and www. before one of the web; an ampersand begins a letter by its name.
_ANYWHERE = re.compile(
    r"[\\`*_\[\]<$~|]|:(?=[A-Za-z0-9_+/\-])|(?<=[\w.+\-])@(?=\w)|&(?=[#A-Za-z])|(?<=www)\.(?=\S)",
    re.IGNORECASE,
)
# At the beginning of a line: a heading, a quotation, a list, the line under a heading.
_AT_THE_BEGINNING = re.compile(r"^( *)(?:([#>+=-])|([0-9]{1,9})([.)]))", re.MULTILINE)
# Four blanks would begin code.
_INDENT = re.compile(r"^(?: {4,}| *\t[ \t]*)", re.MULTILINE)


class Marked(str):
    """Markdown on purpose: it is shown as Markdown, and is not quoted again."""

    __slots__ = ()


def plain(text: str) -> Marked:
    """Return Markdown that shows a text letter by letter."""
    if isinstance(text, Marked):
        return text
    bare = _INDENT.sub(" ", text)
    quoted = _ANYWHERE.sub(r"\\\g<0>", bare)
    return Marked(_AT_THE_BEGINNING.sub(_quoted, quoted))


def _quoted(found: re.Match[str]) -> str:
    blank, sign, number, after = found.groups()
    return f"{blank}\\{sign}" if sign else f"{blank}{number}\\{after}"


class _Words(Formatter):
    """Puts values into a pattern as words."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return a value as Markdown that shows it."""
        return value if isinstance(value, Marked) else plain(format(value, format_spec))


def fill(pattern: str, *values: object, **named: object) -> Marked:
    """Return a pattern with values in its braces, as ``str.format`` puts them there.

    Parameters
    ----------
    pattern
        Markdown of our own; never anything that was read.
    values, named
        Markdown on purpose, which stays as it is, or whatever else, whose text is shown.
    """
    return Marked(_Words().vformat(pattern, values, named))


def bullets(lines: Iterable[str]) -> Marked:
    """Return lines as a list of points."""
    return Marked("\n".join(f"- {plain(line)}" for line in lines))


def bold(text: str) -> Marked:
    """Return a text that stands out."""
    return fill("**{}**", text)
