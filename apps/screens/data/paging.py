"""Long tables a page at a time: what goes to the browser is what is seen."""

from __future__ import annotations

import math

from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.page_words import tell

ROWS_A_PAGE = 200


def choose_page(rows: int, key: str, size: int = ROWS_A_PAGE) -> tuple[int, int]:
    """Let the reader choose a page of a long table; return its first row and the one after it."""
    pages = max(1, math.ceil(rows / size))
    if pages == 1:
        return 0, rows
    if int(st.session_state.get(key, 1)) > pages:
        st.session_state[key] = pages
    chosen = st.number_input(
        tell("data.page_of", pages=f"{pages:,}", rows=f"{rows:,}"), 1, pages, key=key, width=260
    )
    first = (int(chosen) - 1) * size
    return first, min(rows, first + size)
