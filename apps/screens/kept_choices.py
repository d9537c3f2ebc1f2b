"""What a reader chose, kept from page to page and from language to language.

A widget forgets its value on another page, and mixes its options up in another language: what the
reader chose is kept beside it, and each language has a widget of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.page_words import language

Option = TypeVar("Option", bound=str)


def recall(name: str, options: Sequence[Option], default: Option) -> Option:
    """Return what the reader chose last under a name, if it can still be chosen."""
    kept = st.session_state.get(f"kept_{name}", default)
    return kept if kept in options else default


def keep(name: str, value: Option) -> Option:
    """Keep what the reader chose under a name, and return it."""
    st.session_state[f"kept_{name}"] = value
    return value


def widget_key(name: str) -> str:
    """Return the key of a widget in the language of this session."""
    return f"{name}_{language()}"


def choose_one(
    label: str,
    options: Sequence[Option],
    name: str,
    say_option: Callable[[Option], str],
    *,
    default: Option | None = None,
    width: int | Literal["stretch"] = "stretch",
    label_visibility: Literal["visible", "collapsed"] = "visible",
) -> Option:
    """Show a box of options and return the chosen one; it is kept under ``name``."""
    value = recall(name, options, options[0] if default is None else default)
    if st.session_state.get(widget_key(name), value) not in options:
        del st.session_state[widget_key(name)]
    chosen = st.selectbox(
        label,
        options,
        index=options.index(value),
        format_func=say_option,
        key=widget_key(name),
        width=width,
        label_visibility=label_visibility,
    )
    return keep(name, value if chosen is None else chosen)


def remembered(
    name: str, options: Sequence[Option], default: Option | None = None
) -> tuple[Option, str, Callable[[], None]]:
    """Return what was chosen last, the key of a widget that shows it, and what takes a change.

    For widgets other than a box; a widget that can be emptied leaves the last choice.
    """
    value = recall(name, options, options[0] if default is None else default)
    key = widget_key(name)
    st.session_state[key] = value

    def take() -> None:
        # An empty text is an option like any other: every rule, every amphoe.
        taken = st.session_state[key]
        st.session_state[f"kept_{name}"] = value if taken is None else taken

    return keep(name, value), key, take
