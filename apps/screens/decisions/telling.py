"""Problems told in a sentence where a part of the page is drawn by itself, never as a traceback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from phaenthi.apps.screens import page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.page_words import tell
from phaenthi.wording import Problem


@contextmanager
def telling() -> Iterator[None]:
    """Draw something; what goes wrong is told in its place."""
    try:
        yield
    except Problem as problem:
        st.error(problem.sentence(page_words.language()), icon=":material/error:")
    except Exception:
        logging.getLogger(__name__).exception("a part of the page could not be drawn")
        st.error(tell("unexpected"), icon=":material/error:")
