"""A remark on a file that a person should see but that stops nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from phaenthi.wording import Language, say

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True)
class Note:
    """A remark: the id of its sentence in the wording files and the values in it."""

    message_id: str
    values: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, language: Language = "th") -> str:
        """Return the remark in words."""
        return say(self.message_id, language, **self.values)


def counted_note(message_id: str, rows: Sequence[int] | npt.NDArray[np.int64]) -> Note:
    """Return a note of ``count`` records and a ``list`` of the first ten, counted from 1."""
    shown = ", ".join(str(row + 1) for row in rows[:10])
    return Note(message_id, {"count": len(rows), "list": shown + " …" * (len(rows) > 10)})
