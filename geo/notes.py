"""A remark on a file that a person should see but that stops nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wording import Language, say


@dataclass(frozen=True)
class Note:
    """A remark: the id of its sentence in the wording files and the values in it."""

    message_id: str
    values: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, language: Language = "th") -> str:
        """Return the remark in words."""
        return say(self.message_id, language, **self.values)
