"""What the pages say: the language of a session, and words in it."""

from __future__ import annotations

from phaenthi.apps.screens import show as st
from phaenthi.geo.places.gazetteer import exists, name_of
from phaenthi.layers.contracts.catalogue import contract_of
from phaenthi.wording import LANGUAGES, Language, say


def language() -> Language:
    """Return the language of this session: Thai unless the reader or the address says English."""
    return "en" if st.session_state.get("language") == "en" else "th"


def choose_language() -> None:
    """Show the switch of language and keep the choice in the address."""
    names = {"th": "ไทย", "en": "English"}
    key = f"language_switch_{language()}"

    def take_choice() -> None:
        st.session_state["language"] = st.session_state[key]

    st.segmented_control(
        say("app.language", language()),
        LANGUAGES,
        default=language(),
        format_func=names.__getitem__,
        key=key,
        label_visibility="collapsed",
        required=True,
        on_change=take_choice,
    )


def tell(message_id: str, **values: object) -> str:
    """Return a sentence of ``app`` in the language of this session."""
    return say(f"app.{message_id}", language(), **values)


def layer_label(name: str) -> str:
    """Return what people call a layer, in the language of this session."""
    label = contract_of(name).label(language())
    return label[:1].upper() + label[1:]


def area_name(code: str, language: Language) -> str:
    """Return the name of an area; a municipal code, which has none, is told as it is."""
    return name_of(code, language) if exists(code) else tell("overview.municipal", code=code)
