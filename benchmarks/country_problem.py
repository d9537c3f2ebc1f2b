"""The choice of a whole country like P1: made-up needs on the codes of today's amphoe.

A cap of 3 an amphoe, the official allotment of villages and amphoe to 20 provinces, and a national
allotment that the other provinces share.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from phaenthi.data import ALLOTMENTS
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import areas
from phaenthi.targeting.limits.problem import ALL, AnyLimit, Areas, ChoiceProblem, Count, Group

VILLAGES = 75_000
NATIONAL = 1_500
CAP = 3
SEED = 2563
TABLE = ALLOTMENTS / "ne_poverty_2563_allotment.csv"


def country(villages: int = VILLAGES) -> ChoiceProblem:
    """Return the problem of the whole country, of so many villages."""
    rng = np.random.default_rng(SEED)
    amphoe = sorted(str(code) for code in areas(Level.AMPHOE)["code"])
    place = np.sort(
        np.concatenate(
            [
                np.arange(len(amphoe)).repeat(4),
                rng.integers(0, len(amphoe), villages - 4 * len(amphoe)),
            ]
        )
    )
    number = pd.Series(place).groupby(place).cumcount().to_numpy()
    codes = [
        f"{amphoe[p]}{n // 99 + 1:02d}{n % 99 + 1:02d}" for p, n in zip(place, number, strict=True)
    ]
    units = pd.DataFrame(
        {
            "unit_code": codes,
            "need": rng.integers(0, 400, villages),
            "target_households": rng.integers(20, 120, villages),
            "cost_baht": 80_000,
            "unit_tier": 1,
            "amphoe_code": [code[:4] for code in codes],
            "province_code": [code[:2] for code in codes],
            "verdict": "met",
        }
    )
    limits: list[AnyLimit] = [Count("cap", Group("amphoe_code", code), 0, CAP) for code in amphoe]
    for row in pd.read_csv(TABLE, dtype="string").to_dict("records"):
        province = Group("province_code", str(row["province_code"]))
        limits.append(Count("allotment", province, int(row["villages"]), int(row["villages"])))
        limits.append(Areas("participating-amphoe", province, "amphoe_code", int(row["amphoe"])))
    limits.append(Count("national-allotment", ALL, NATIONAL, NATIONAL))
    return ChoiceProblem(units.sort_values("unit_code", ignore_index=True), tuple(limits))
