"""Learning places, markets, schools and hospitals made up on the villages of the demo."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl

from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.layers.contracts.spots import SPOTS_CONTRACT
from phaenthi.wording import say

# Kind → share of the villages that have one; the least number in a province.
SHARES = {
    "learning_centre": (0.012, 2),
    "sammachip_village": (0.02, 2),
    "sufficiency_village": (0.01, 1),
    "market": (0.03, 2),
    "school": (0.12, 3),
    "hospital": (0.02, 1),
    "attraction": (0.02, 2),
}
# About 200 metres, as degrees: a place is in its village but not on its point.
DEGREES_FROM_VILLAGE = 0.002


def make_places(villages: pd.DataFrame, province: str, rng: np.random.Generator) -> pl.DataFrame:
    """Make up places near the villages of one province.

    Parameters
    ----------
    villages
        village_code, name_th, longitude, latitude; those without a position get no place.
    province
        Province code, 2 digits.
    rng
        Source of chance.

    Returns
    -------
    polars.DataFrame
        The columns of the layer ``places``.
    """
    known = villages.dropna(subset=["longitude", "latitude"]).reset_index(drop=True)
    tables = []
    for kind, (share, least) in SHARES.items():
        wanted = min(len(known), max(least, round(share * len(known))))
        at = np.sort(rng.choice(len(known), wanted, replace=False))
        near = known.iloc[at]
        codes = near["village_code"].astype("string").reset_index(drop=True)
        spread = rng.uniform(-DEGREES_FROM_VILLAGE, DEGREES_FROM_VILLAGE, (wanted, 2))
        name = say(f"layers.place_kind.{kind}")
        tables.append(
            pl.DataFrame(
                {
                    "place_id": [f"{province}-{kind}-{n:03d}" for n in range(1, wanted + 1)],
                    "kind": [kind] * wanted,
                    "name_th": [
                        say("demo.place_name", kind=name, village=village)
                        for village in near["name_th"]
                    ],
                    "village_code": codes.to_list(),
                    "tambon_code": parent_code(codes, Level.TAMBON).to_list(),
                    "longitude": (near["longitude"].to_numpy(dtype=float) + spread[:, 0]).round(5),
                    "latitude": (near["latitude"].to_numpy(dtype=float) + spread[:, 1]).round(5),
                },
                schema=SPOTS_CONTRACT.stored_types,
            )
        )
    return pl.concat(tables) if tables else pl.DataFrame(schema=SPOTS_CONTRACT.stored_types)
