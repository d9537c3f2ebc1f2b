"""Words as text of a page: a browser shows what the data say, and never takes it for a tag."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape


def fill(pattern: str, *values: object, **named: object) -> Markup:
    """Return a piece of a page with values in its braces, as ``str.format`` puts them there.

    Parameters
    ----------
    pattern
        HTML of our own, with attributes in quotes; never anything that was read.
    values, named
        Pieces of a page, which stay as they are, or whatever else, whose text is shown.
    """
    return Markup(pattern).format(*values, **named)  # noqa: S704 - the one room that may


def own(content: str) -> Markup:
    """Return HTML or a style of our own as a piece of a page; never anything that was read."""
    return Markup(content)  # noqa: S704 - the one room that may


def text(value: object) -> Markup:
    """Return a text that is shown as it is."""
    return escape(value)


def join(pieces: Iterable[str], between: str = "") -> Markup:
    """Return pieces of a page one after another; whatever else stands among them is shown."""
    return Markup(between).join(pieces)  # noqa: S704 - words of our own
