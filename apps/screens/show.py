"""Streamlit as the pages use it: words are shown as they are, and markup is markup on purpose.

Streamlit takes texts, labels and hints for Markdown, so that a name in a register could be a link,
or a picture that a browser fetches from elsewhere. Here every text is plain unless it was made by
``phaenthi.geo.texts.markdown``, and HTML must come from ``phaenthi.geo.texts.html``. The pages
import this module under Streamlit's usual name, ``st``.
"""

from __future__ import annotations

from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit
from markupsafe import Markup
from streamlit import _main

from phaenthi.geo.texts.markdown import plain

# Streamlit's own as they are: what takes no words, or none for Markdown. All else is wrapped, also
# what a later Streamlit brings.
_AS_THEY_ARE = frozenset(
    (
        *("Page", "cache_data", "cache_resource", "code", "column_config", "columns", "container"),
        *("context", "empty", "form", "fragment", "iframe", "logo", "navigation"),
        *("query_params", "rerun", "session_state", "set_page_config", "switch_page"),
    )
)
# The first thing of these is a picture, and not words.
_NO_WORDS_FIRST = frozenset({"image"})
_WORDS = ("body", "label", "text", "title", "help", "caption", "captions")
# Their options are words too.
_OPTIONS = frozenset({"pills", "radio", "segmented_control"})


# Streamlit has a folder of that name as well.
dataframe = _main.dataframe


def __getattr__(name: str) -> Any:
    return getattr(streamlit, name) if name in _AS_THEY_ARE else _in_words(name)


@cache
def _in_words(name: str) -> Any:
    """Return an element of Streamlit that shows the words it is given as they are."""
    element = getattr(streamlit, name)

    @wraps(element)
    def shown(*given: Any, **options: Any) -> Any:
        if name == "write":
            given = tuple(_plain(one) for one in given)
        elif given and name not in _NO_WORDS_FIRST:
            given = (_plain(given[0]), *given[1:])
        options |= {one: _plain(options[one]) for one in _WORDS if one in options}
        if name in _OPTIONS:
            say = options.get("format_func", str)
            options["format_func"] = lambda option: plain(say(option))
        return element(*given, **options)

    return shown


def _plain(words: Any) -> Any:
    if isinstance(words, str):
        return plain(words)
    return [_plain(one) for one in words] if isinstance(words, list | tuple) else words


def html(content: Markup | Path, **options: Any) -> None:
    """Show a piece of a page, or a style sheet of ours; see ``streamlit.html`` for the options.

    Raises
    ------
    TypeError
        If it was not made by ``phaenthi.geo.texts.html``: then what the data say may be a tag.
    """
    if not isinstance(content, Markup | Path):
        raise TypeError("a page is made of pieces of phaenthi.geo.texts.html")
    streamlit.html(content, **options)


if TYPE_CHECKING:
    # To a reader of types all else is Streamlit.
    from streamlit import *  # type: ignore[assignment]  # noqa: F403
