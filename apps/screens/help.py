"""The help page: a guide for each task with its picture, and the glossary."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path

from phaenthi.apps.screens import address, furniture, glossary, kept_choices, page_words, tour
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.page_words import tell
from phaenthi.data import shipped
from phaenthi.geo.texts import html

# Where each task is done.
GUIDES: Mapping[str, str] = {
    "choose": "targeting",
    "swap": "targeting",
    "browse": "overview",
    "import": "data?part=import",
    "queue": "data?part=queue",
    "export": "exports",
    "check": "exports?do=check",
}
GLOSSARY = "glossary"
PICTURES = shipped("phaenthi.apps", "assets", "help")


def show() -> None:
    """Draw the page."""
    furniture.show_heading(tell("help.title"), None)
    options = [*GUIDES, GLOSSARY]
    guide = kept_choices.recall("help_guide", options, options[0])
    key = kept_choices.widget_key("help_guide")
    st.session_state[key] = guide

    def take() -> None:
        st.session_state["kept_help_guide"] = st.session_state[key] or guide

    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.pills(
            tell("help.which"),
            options,
            format_func={one: _say_option(one) for one in options}.__getitem__,
            key=key,
            required=True,
            on_change=take,
            label_visibility="collapsed",
            width="content",
        )
        tour.show_start()
    kept_choices.keep("help_guide", guide)
    if guide == GLOSSARY:
        show_glossary()
    else:
        show_guide(guide)
    address.write(("guide",))


def _say_option(option: str) -> str:
    return tell("help.glossary") if option == GLOSSARY else tell(f"help.guide.{option}.title")


def picture_of(guide: str, language: str) -> Path:
    """Return the file of a guide's picture, which may not be there."""
    return PICTURES / f"{guide}-{language}.webp"


def show_guide(guide: str) -> None:
    """Show what a task is for, its steps, and how its page looks."""
    left, right = st.columns((1, 1.35), gap="large")

    def words(name: str) -> str:
        return tell(f"help.guide.{guide}.{name}")

    with left:
        steps = html.join(html.fill("<li>{}</li>", step) for step in words("steps").split("\n"))
        st.html(
            html.fill(
                '<div class="ph-guide"><h3>{}</h3><p>{}</p><h4>{}</h4><ol>{}</ol>'
                '<div class="ph-tip"><b>{}</b> {}</div><a class="ph-link" '
                'href="{}" target="_self">{} →</a></div>',
                words("title"),
                words("for"),
                tell("help.steps"),
                steps,
                tell("help.tip"),
                words("tip"),
                GUIDES[guide],
                tell("help.go"),
            )
        )
    picture = picture_of(guide, page_words.language())
    if picture.is_file():
        with right, st.container(key="help_picture"):
            # st.image gives a picture no words for those who cannot see it.
            shown = base64.b64encode(picture.read_bytes()).decode("ascii")
            st.html(
                html.fill(
                    '<figure class="ph-picture"><img src="data:image/webp;base64,{}" '
                    'alt="{}"><figcaption>{}</figcaption></figure>',
                    shown,
                    words("alt"),
                    words("alt"),
                )
            )


def show_glossary() -> None:
    """Show every official term, and a box to find one."""
    wanted = st.text_input(
        tell("help.find"),
        placeholder=tell("help.find_hint"),
        key=kept_choices.widget_key("help_find"),
        width=360,
    )
    glossary.show_all(wanted)
