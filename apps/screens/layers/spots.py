"""Places that people go to: learning places, markets, schools, hospitals, attractions."""

from __future__ import annotations

import pandas as pd

from phaenthi.apps.maps.layers import Kind, Points
from phaenthi.apps.screens.layers.asked import Asked
from phaenthi.apps.screens.page_words import tell
from phaenthi.layers.spots.reading import KINDS
from phaenthi.wording import say

PLACES = "places"
LAYERS = (PLACES,)
COLOURS = ("#0072B2", "#56B4E9", "#009E73", "#E69F00", "#F0E442", "#D55E00", "#CC79A7", "#BBBBBB")


def kinds(asked: Asked) -> tuple[Kind, ...]:
    """Return how kinds of place are drawn."""
    return tuple(
        Kind(
            one,
            colour,
            tell(f"layers.places.letter.{one}"),
            say(f"layers.place_kind.{one}", asked.language),
        )
        for one, colour in zip(KINDS, COLOURS, strict=True)
    )


def points(asked: Asked) -> Points:
    """Return the places as points by kind."""
    rows = asked.rows(PLACES, "tambon_code")
    kind = rows["kind"].astype(str)
    made = pd.DataFrame(
        {
            "id": rows["place_id"],
            "longitude": rows["longitude"],
            "latitude": rows["latitude"],
            "kind": kind.where(kind.isin(KINDS), "other"),
            "title": rows["name_th"].fillna(rows["place_id"]).astype(str),
            "where": "",
        }
    )
    return Points(PLACES, "triangle", kinds(asked), made)
