"""The provinces that data can be made up for."""

from __future__ import annotations

from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import areas

WITHOUT_VILLAGES = "10"
"""Bangkok is divided into khwaeng, which have no villages."""


def provinces_with_villages() -> tuple[str, ...]:
    """Return the codes of every province but Bangkok."""
    return tuple(code for code in areas(Level.PROVINCE)["code"] if code != WITHOUT_VILLAGES)
