"""The page itself: its parts, and the one that the reader is on."""

from __future__ import annotations

from phaenthi.apps.screens import address, first_steps, furniture, kept_choices
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.data import here, history, importing, lacking, queue_view
from phaenthi.apps.screens.page_words import tell

IN_ADDRESS = ("part", "where", "lacking")
PARTS = {
    "here": here.show,
    "import": importing.show,
    "queue": queue_view.show,
    "lacking": lacking.show,
    "undo": history.show,
}


def show() -> None:
    """Draw the page."""
    workspace = first_steps.open_workspace()
    furniture.show_heading(tell("data.title"), workspace)
    if workspace is None:
        return
    waiting = len(queue_view.queue_of(workspace.address, workspace.generation).places)
    chosen = _choose_part(waiting, empty=not workspace.layers)
    PARTS[chosen](workspace)
    address.write(IN_ADDRESS)


def _choose_part(waiting: int, *, empty: bool) -> str:
    """Show the parts of the page as a row of buttons; in an empty workspace import comes first."""
    options = list(PARTS)
    value = kept_choices.recall("data_part", options, "import" if empty else "here")
    asked = st.session_state.pop("data_part_next", None)
    key = kept_choices.widget_key("data_part")
    if asked in options:
        st.session_state[key] = value = asked

    def label(part: str) -> str:
        if part == "queue" and waiting:
            return tell("data.part.queue_of", count=f"{waiting:,}")
        return tell(f"data.part.{part}")

    if key not in st.session_state:
        st.session_state[key] = value
    chosen = st.segmented_control(
        tell("data.part.label"),
        options,
        format_func=label,
        key=key,
        label_visibility="collapsed",
        required=True,
    )
    return kept_choices.keep("data_part", str(chosen or value))
