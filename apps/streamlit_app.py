"""The app: the pages, Thai first, nothing asked of another machine."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module  # noqa: TID251 - only the page that is asked for is loaded

from phaenthi.apps.maps import offline
from phaenthi.apps.screens import address, page_words, tour
from phaenthi.apps.screens import show as st
from phaenthi.data import shipped
from phaenthi.wording import Problem

ASSETS = shipped("phaenthi.apps", "assets")
# The pages in their order, each with its icon; the first one stands at the bare address.
PAGES = {
    "targeting": "fact_check",
    "overview": "monitoring",
    "layers": "layers",
    "data": "database",
    "exports": "download",
    "help": "help",
}
FIRST_PAGE = "targeting"


def main() -> None:
    """Draw the page that the reader asked for."""
    address.take_over()
    st.set_page_config(
        page_title=page_words.tell("name"),
        # A named Material icon here would be fetched from another machine.
        page_icon=str(ASSETS / "icon.svg"),
        layout="wide",
        initial_sidebar_state="auto",
        menu_items={"Get help": None, "Report a bug": None, "About": page_words.tell("subtitle")},
    )
    st.logo(str(ASSETS / "logo.svg"), size="large", icon_image=str(ASSETS / "icon.svg"))
    st.html(ASSETS / "pages.css")
    pages = [
        st.Page(
            guarded(page(name)),
            title=page_words.tell(f"page.{name}"),
            icon=f":material/{icon}:",
            url_path=name,
            default=name == FIRST_PAGE,
        )
        for name, icon in PAGES.items()
    ]
    asked = st.navigation(pages, position="top")
    by_address = {one.url_path or FIRST_PAGE: one for one in pages}
    guarded(lambda: tour.show(by_address, asked.url_path or FIRST_PAGE))()
    asked.run()


@st.cache_resource(show_spinner=False, ttl=timedelta(days=1))
def prepare_static_folder() -> None:
    """Lay out what the browser fetches, and sweep away what no map has asked for lately."""
    offline.prepare_static_folder()
    offline.sweep()


def page(name: str) -> Callable[[], None]:
    """Return a page whose module is imported when it is first shown, not before."""

    def show() -> None:
        import_module(f"phaenthi.apps.screens.{name}").show()

    return show


def guarded(show: Callable[[], None]) -> Callable[[], None]:
    """Return a page that tells problems in a sentence and never shows a traceback."""

    def show_or_tell() -> None:
        try:
            prepare_static_folder()
            show()
        except Problem as problem:
            st.error(problem.sentence(page_words.language()), icon=":material/error:")
        except Exception:
            logging.getLogger(__name__).exception("a page could not be drawn")
            st.error(page_words.tell("unexpected"), icon=":material/error:")

    return show_or_tell


if __name__ == "__main__":
    main()
