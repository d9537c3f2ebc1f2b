"""Files that were made a while ago, kept in memory until their data change or room is needed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

from phaenthi.apps.exports.export_choice import Made
from phaenthi.apps.screens import show as st

MOST_BYTES = 300_000_000


class Shelf:
    """Made files by what they were made of, the last used kept longest."""

    def __init__(self) -> None:
        self._held: OrderedDict[Hashable, Made] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> Made | None:
        """Return what was made, if it is still here."""
        with self._lock:
            made = self._held.get(key)
            if made is not None:
                self._held.move_to_end(key)
            return made

    def put(self, key: Hashable, made: Made) -> None:
        """Keep what was made; the longest unused makes room."""
        with self._lock:
            self._held[key] = made
            self._held.move_to_end(key)
            while len(self._held) > 1 and self._bytes() > MOST_BYTES:
                self._held.popitem(last=False)

    def _bytes(self) -> int:
        return sum(made.size for made in self._held.values())


@st.cache_resource(show_spinner=False)
def shelf() -> Shelf:
    """Return the shelf that all readers of this machine share."""
    return Shelf()
