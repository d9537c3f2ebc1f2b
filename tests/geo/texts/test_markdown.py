"""Words in Markdown: Streamlit shows them letter by letter, unless they are Markdown on purpose."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from phaenthi.geo.texts import markdown

ROOT = Path(__file__).parents[3]
MARKUP = (
    "![ภาพ](http://elsewhere.invalid/x.png)",
    "[บ้าน](javascript:alert(1))",
    "<http://elsewhere.invalid>",
    "http://elsewhere.invalid/x",
    "www.elsewhere.invalid",
    "somebody@elsewhere.invalid",
    "**หนา** _เอน_ ~~ขีด~~ `โค้ด`",
    ":red[แดง] :material/home: :smile:",
    "$\\frac{1}{2}$",
    "| ก | ข |\n|---|---|\n| 1 | 2 |",
    "# หัวเรื่อง",
    "> อ้าง",
    "- ข้อ\n+ ข้อ\n1. ข้อ\n2) ข้อ",
    "หัวเรื่อง\n===\nหัวเรื่อง\n---",
    "    โค้ด\n\tโค้ด",
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt; &#60;",
    "ก\\*ข",
)
PLAIN = ("บ้านโนนสูง หมู่ที่ 3", "1,234 ครัวเรือน (10%) 10.30 น.", "ก - ข = ค; ง/จ", "ชื่อ: บ้าน")


@pytest.mark.parametrize("text", PLAIN)
def test_words_without_signs_stay_as_they_are(text: str) -> None:
    assert markdown.plain(text) == text


@pytest.mark.parametrize("text", MARKUP)
def test_every_sign_is_quoted_and_taking_the_quotes_away_gives_the_text(text: str) -> None:
    quoted = markdown.plain(text)
    assert quoted != text
    bare = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", quoted)
    assert bare.split() == text.split()


def test_markdown_on_purpose_is_not_quoted_again() -> None:
    title = markdown.fill(":material/info: **{}** {n:,}", "ก*ข", n=1234)
    assert title == ":material/info: **ก\\*ข** 1,234"
    assert markdown.plain(title) == title
    assert markdown.bullets([title, "* ค"]) == f"- {title}\n- \\* ค"


def test_a_page_shows_words_and_not_markup() -> None:
    def page() -> None:
        from phaenthi.apps.screens import show as st  # noqa: PLC0415 - AppTest runs this text alone

        name = "![ภาพ](http://elsewhere.invalid/x.png)"
        st.caption(name)
        st.write(name, name)
        st.markdown(f"**{name}**")
        st.button(name, help=name, key="b")
        st.radio(name, [name, "ข"], captions=[name, name], key="r")
        st.pills(name, [name], format_func=lambda one: f"{one}!", key="p")
        with st.expander(name):
            st.info(body=name)

    shown = AppTest.from_function(page).run()
    assert not shown.exception
    protos = [str(element.proto) for element in shown.main]
    texts = [line for proto in protos for line in proto.splitlines() if "elsewhere" in line]
    assert len(texts) >= 11
    assert all(r"!\\[" in line or "!\\\\\\\\[" in line for line in texts)


def test_the_pages_have_streamlit_from_this_room_alone() -> None:
    rooms = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "apps").rglob("*.py")
        if re.search(
            r"^\s*(?:import streamlit\b|from streamlit import)", path.read_text("utf-8"), re.M
        )
    ]
    assert rooms == ["apps/screens/show.py"]


def test_a_place_on_a_page_is_given_markdown_on_purpose() -> None:
    """What Streamlit gives back, as ``st.empty()``, is its own and quotes nothing."""
    elements = "markdown|caption|write|info|warning|error|success|button|subheader|html|badge|text"
    given = re.compile(rf"\b(?!st\b|address\b|plans\b)(\w+)\.(?:{elements})\((?!markdown\.|self\b)")
    found = {
        f"{path.name}: {match[0]}"
        for path in (ROOT / "apps" / "screens").rglob("*.py")
        for match in given.finditer(path.read_text(encoding="utf-8"))
        if match[1] not in {"html", "streamlit"}
    }
    assert found == {"working.py: line.markdown("}
