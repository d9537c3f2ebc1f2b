"""Words as pieces of a page: a browser's parser finds the tags of the pattern and no others."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from phaenthi.apps.screens import show
from phaenthi.geo.texts import html

TRICKY = st.text(st.sampled_from("<>&\"'`/=;#x{} กscriptonerror"), max_size=30) | st.text()
HOSTILE = '</b><img src=x onerror="alert(1)"><!-- \'" {0} {{7*7}} &lt; --><script>'


class Seen(HTMLParser):
    """What a parser makes of a piece: its tags with their attributes, and the text."""

    def __init__(self, piece: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.words = ""
        self.feed(piece)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.words += data


@given(TRICKY.filter(lambda text: "\r" not in text and "\x00" not in text))
def test_a_text_stays_a_text_in_a_tag_and_in_an_attribute(text: str) -> None:
    seen = Seen(html.fill('<b title="{}">{}</b>', text, text))
    assert seen.tags == [("b", [("title", text)])]
    assert seen.words == text


def test_pieces_are_put_together_and_nothing_is_quoted_twice() -> None:
    items = html.join(html.fill("<li>{}</li>", one) for one in ("ก & ข", "<i>"))
    whole = html.fill("<ul>{}</ul>{count:,}", items, count=1234)
    assert whole == "<ul><li>ก &amp; ข</li><li>&lt;i&gt;</li></ul>1,234"
    assert html.join(["<i>", html.own("<hr>")], " · ") == "&lt;i&gt; · <hr>"


def test_braces_in_a_text_are_not_filled_again() -> None:
    assert Seen(html.fill("<p>{}</p>", HOSTILE)).words == HOSTILE


@pytest.mark.parametrize("piece", ["<b>x</b>", f"<b>{Markup('x')}</b>", ""])
def test_a_page_takes_no_piece_that_was_put_together_otherwise(piece: str) -> None:
    with pytest.raises(TypeError, match=r"texts\.html"):
        show.html(piece)  # type: ignore[arg-type]
