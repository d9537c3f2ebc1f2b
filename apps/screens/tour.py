"""The tour for newcomers: a card above each page in turn, remembered in session and address."""

from __future__ import annotations

from collections.abc import Mapping

from phaenthi.apps.screens import address, workspace_tables
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import markdown
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem

STEPS = ("overview", "data", "targeting", "layers", "exports", "help")
FIRST_PAGE = "targeting"
KEY = "tour_step"
CLOSED = "0"
NEWCOMER = "tour_newcomer"
TARGET = "tour_to"

Pages = Mapping[str, "st.Page"]


def show(pages: Pages, at: str) -> None:
    """Show the tour's card, or to a newcomer on made-up data the offer of it.

    Parameters
    ----------
    pages
        The pages of the app by their place in the address.
    at
        The page that is shown.
    """
    # Who follows a link wants to see what was sent, and is not asked.
    st.session_state.setdefault(NEWCOMER, not set(st.query_params) - {"lang"})
    target = st.session_state.pop(TARGET, None)
    if target in pages and target != at:
        st.switch_page(pages[target])
    step = _step()
    if step is not None:
        _show_card(step, at)
        address.write(("tour",))
    elif st.session_state.get(KEY) == CLOSED:
        address.write(("tour",))
    elif at == FIRST_PAGE and st.session_state[NEWCOMER] and _made_up():
        _show_offer()


def show_start() -> None:
    """Show the button that starts the tour again."""
    if _step() is None:
        st.button(
            tell("help.start_tour"),
            icon=":material/tour:",
            key="tour_start_again",
            on_click=go_to,
            args=(1,),
        )


def go_to(number: int) -> None:
    """Go to a step of the tour and its page; 0 closes the tour."""
    st.session_state[KEY] = str(number) if 0 < number <= len(STEPS) else CLOSED
    if st.session_state[KEY] != CLOSED:
        st.session_state[TARGET] = STEPS[number - 1]


def _step() -> int | None:
    """Return the step that the tour is at, from 1; None where it is not under way."""
    kept = str(st.session_state.get(KEY) or "")
    number = int(kept) if kept.isdecimal() else 0
    return number if 1 <= number <= len(STEPS) else None


def _made_up() -> bool:
    folder = workspace_tables.workspace_folder()
    try:
        return Workspace.is_at(folder) and Workspace.open(folder).made_up
    except Problem:
        # The page below tells it; a tour of a workspace that cannot be opened helps nobody.
        return False


def _show_offer() -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="tour_offer"):
        st.markdown(
            markdown.fill(":material/tour: {}", tell("tour.offer", count=len(STEPS))),
            width="content",
        )
        st.button(tell("tour.begin"), key="tour_begin", type="primary", on_click=go_to, args=(1,))
        st.button(tell("tour.later"), key="tour_later", type="tertiary", on_click=go_to, args=(0,))


def _show_card(step: int, at: str) -> None:
    name, count = STEPS[step - 1], len(STEPS)
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key="tour_card",
    ):
        st.markdown(
            markdown.fill(
                ":gray[{}]  \n**{}** · {}",
                tell("tour.at", number=step, count=count),
                tell(f"tour.step.{name}.title"),
                tell(f"tour.step.{name}.text"),
            ),
            width="stretch",
        )
        with st.container(horizontal=True, gap="xsmall", width="content", key="tour_buttons"):
            if at != name:
                # The reader wandered off, or came by a link: one press leads back on the way.
                st.button(
                    tell("help.go"), key="tour_here", type="primary", on_click=go_to, args=(step,)
                )
            if step > 1:
                st.button(tell("tour.back"), key="tour_back", on_click=go_to, args=(step - 1,))
            last = step == count
            st.button(
                tell("tour.done") if last else tell("tour.next"),
                key="tour_next",
                type="secondary" if at != name else "primary",
                on_click=go_to,
                args=(0 if last else step + 1,),
            )
            if not last:
                st.button(
                    tell("tour.close"),
                    key="tour_close",
                    type="tertiary",
                    on_click=go_to,
                    args=(0,),
                )
