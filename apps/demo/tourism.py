"""Tourism communities, programmes and attractions made up on the villages of the demo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from phaenthi.apps.demo.by_province import by_province, made_up
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.layers.contracts.tourism import ATTRACTIONS, COMMUNITIES, PROGRAMMES
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import say

YEAR = 2562
SHARE_WITH_COMMUNITY = 0.03
LEAST_COMMUNITIES = 12
SHARES_OF_CLASSES = (0.16, 0.34, 0.32, 0.14, 0.04)  # A … D, not classed
CLASSES = ("A", "B", "C", "D", None)
# Provinces whose main city draws visitors by itself (เมืองหลัก); the others are secondary.
MAIN_CITIES = ("83",)
CRAFTS = ("weaving", "dyeing", "basketry", "pottery", "cooking", "herbs", "rice", "dance")
INTERESTS = {
    "weaving": "craft",
    "dyeing": "craft",
    "basketry": "craft",
    "pottery": "craft",
    "cooking": "food",
    "herbs": "health",
    "rice": "farm",
    "dance": "culture",
}
# Visits of attractions: kind, interest, minutes, opens, closes.
SIGHTS = (
    ("temple", "culture", 45, "08:00", "17:00"),
    ("waterfall", "nature", 90, "08:30", "16:30"),
    ("museum", "culture", 60, "09:00", "16:00"),
    ("viewpoint", "nature", 40, "06:00", "18:00"),
    ("market", "food", 60, "15:00", "20:00"),
    ("garden", "farm", 60, "08:30", "17:00"),
)
ATTRACTIONS_A_PROVINCE = 24
ROUNDS = ("09:00", "09:30", "10:00", "13:00", "13:30", "09:00;13:00")
DAYS = ("1234567", "1234567", "1234567", "12345", "67", None)
METRES_A_DEGREE = 111_000
SHARE_UNKNOWN = 0.05
_STREAM = 29


def put_tourism(workspace: Workspace, seed: int) -> None:
    """Put made-up tourism layers for the villages of a workspace.

    A province's rows do not depend on which others there are.
    """
    parts: dict[str, list[pl.DataFrame]] = {
        one.name: [] for one in (COMMUNITIES, PROGRAMMES, ATTRACTIONS)
    }
    for province, here, rng in by_province(workspace, seed, _STREAM):
        for name, rows in make_tourism(here, province, rng).items():
            parts[name].append(rows)
    for name, tables in parts.items():
        if tables:
            workspace.put(name, pl.concat(tables), made_up(seed))


def make_tourism(
    villages: pd.DataFrame, province: str, rng: np.random.Generator
) -> dict[str, pl.DataFrame]:
    """Make up the tourism layers of one province.

    Parameters
    ----------
    villages
        village_code, name_th, longitude, latitude; those without a position get no community.
    province
        Province code, 2 digits.
    rng
        Source of chance.

    Returns
    -------
    dict
        ``tourism_communities``, ``tourism_programmes`` and ``attractions`` by their contracts.
    """
    placed = villages[villages["longitude"].notna()].reset_index(drop=True)
    count = min(len(placed), max(LEAST_COMMUNITIES, round(SHARE_WITH_COMMUNITY * len(placed))))
    chosen = placed.iloc[np.sort(rng.choice(len(placed), count, replace=False))]
    communities = _communities(chosen, province, rng)
    return {
        COMMUNITIES.name: communities,
        PROGRAMMES.name: _programmes(communities, rng),
        ATTRACTIONS.name: _attractions(placed, province, rng),
    }


def _communities(villages: pd.DataFrame, province: str, rng: np.random.Generator) -> pl.DataFrame:
    count = len(villages)
    classed = rng.choice(len(CLASSES), count, p=SHARES_OF_CLASSES)
    # Visitors go where a community is of a high class.
    scale = np.array([9.2, 8.2, 7.4, 6.6, 7.0])[classed]
    visitors = np.round(np.exp(rng.normal(scale, 0.6)), -1).astype(int)
    ready = np.array([0.95, 0.75, 0.4, 0.15, 0.4])[classed]
    names = villages["name_th"].fillna("").tolist()
    return _rows(
        COMMUNITIES.stored_types,
        {
            "community_id": [f"TC{province}{number:04d}" for number in range(1, count + 1)],
            "village_code": villages["village_code"].astype(str).tolist(),
            "name_th": [say("demo.tourism.community", village=name) for name in names],
            "class_th": [CLASSES[one] for one in classed],
            "visitors": _some(visitors.tolist(), rng),
            "developed_products": _some(rng.poisson(6.0, count).tolist(), rng),
            "has_potential": _some((rng.random(count) < ready + 0.1).tolist(), rng),
            "ready_for_visitors": _some((rng.random(count) < ready).tolist(), rng),
            "ready_for_dhope": _some((rng.random(count) < ready - 0.1).tolist(), rng),
            "year": [YEAR] * count,
            "longitude": villages["longitude"].tolist(),
            "latitude": villages["latitude"].tolist(),
        },
    )


def _programmes(communities: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    offered = np.clip(rng.poisson(2.6, communities.height), 0, 8)
    owners = np.repeat(np.arange(communities.height), offered)
    number = np.arange(owners.size) - np.repeat(np.cumsum(offered) - offered, offered) + 1
    crafts = [CRAFTS[one] for one in rng.integers(0, len(CRAFTS), owners.size)]
    ids = communities["community_id"].to_list()
    minutes = rng.choice([60, 90, 120, 180], owners.size, p=[0.2, 0.3, 0.35, 0.15])
    price = np.round(minutes * rng.uniform(0.8, 1.8, owners.size) / 10) * 10
    return _rows(
        PROGRAMMES.stored_types,
        {
            "programme_id": [f"{ids[o]}-{n}" for o, n in zip(owners, number, strict=True)],
            "community_id": [ids[owner] for owner in owners],
            "name_th": [say(f"demo.tourism.programme.{craft}") for craft in crafts],
            "minutes": minutes.tolist(),
            "price_baht": _some(price.tolist(), rng),
            "opens": [ROUNDS[one] for one in rng.integers(0, len(ROUNDS), owners.size)],
            "closes": [None] * owners.size,
            "days": [DAYS[one] for one in rng.integers(0, len(DAYS), owners.size)],
            "interest": [say(f"demo.tourism.interest.{INTERESTS[craft]}") for craft in crafts],
            "capacity": _some(rng.choice([10, 15, 20, 30, 35], owners.size).tolist(), rng),
        },
    )


def _attractions(villages: pd.DataFrame, province: str, rng: np.random.Generator) -> pl.DataFrame:
    count = min(ATTRACTIONS_A_PROVINCE, len(villages))
    near = villages.iloc[np.sort(rng.choice(len(villages), count, replace=False))]
    sights = [SIGHTS[one] for one in rng.integers(0, len(SIGHTS), count)]
    spread = 2_000 / METRES_A_DEGREE
    x = near["longitude"].to_numpy() + rng.uniform(-spread, spread, count)
    y = near["latitude"].to_numpy() + rng.uniform(-spread, spread, count)
    tambons = parent_code(near["village_code"].astype("string"), Level.TAMBON).tolist()
    city = "main" if province in MAIN_CITIES else "secondary"
    return _rows(
        ATTRACTIONS.stored_types,
        {
            "attraction_id": [f"TA{province}{number:03d}" for number in range(1, count + 1)],
            "name_th": [
                say(f"demo.tourism.sight.{sight[0]}", tambon=name_of(tambon))
                for sight, tambon in zip(sights, tambons, strict=True)
            ],
            "area_code": tambons,
            "city_class": _some([city] * count, rng),
            "minutes": _some([sight[2] for sight in sights], rng),
            "price_baht": rng.choice([0.0, 0.0, 20.0, 40.0, 100.0], count).tolist(),
            "opens": [sight[3] for sight in sights],
            "closes": [sight[4] for sight in sights],
            "days": ["1234567"] * count,
            "interest": [say(f"demo.tourism.interest.{sight[1]}") for sight in sights],
            "longitude": np.round(x, 5).tolist(),
            "latitude": np.round(y, 5).tolist(),
        },
    )


def _some(values: Sequence[object], rng: np.random.Generator) -> list[object]:
    """Return the values, a few of them not known."""
    unknown: NDArray[np.bool_] = rng.random(len(values)) < SHARE_UNKNOWN
    return [None if lost else value for value, lost in zip(values, unknown, strict=True)]


def _rows(types: dict[str, pl.DataType], columns: Mapping[str, Sequence[object]]) -> pl.DataFrame:
    return pl.DataFrame(dict(columns), schema={name: types[name] for name in columns})
