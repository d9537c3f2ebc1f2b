"""Communities, programmes and attractions to plan routes with, made by hand."""

from __future__ import annotations

from typing import Any

import polars as pl

from phaenthi.layers.contracts.contract import Contract, check
from phaenthi.layers.contracts.tourism import ATTRACTIONS, COMMUNITIES, PROGRAMMES

WEAVING = {
    "programme_id": "P1",
    "community_id": "C1",
    "name_th": "ทอผ้า",
    "minutes": 180,
    "price_baht": 250.0,
    "opens": "09:00",
    "capacity": 35,
    "days": "1234567",
}
PLASTER = {
    "programme_id": "P2",
    "community_id": "C1",
    "name_th": "ปั้นปูน",
    "minutes": 120,
    "price_baht": 159.0,
    "opens": "13:00",
    "capacity": 35,
    "days": "1234567",
}
VILLAGE = {
    "community_id": "C1",
    "village_code": "51010903",
    "name_th": "ชุมชนตัวอย่าง",
    "class_th": "B",
    "longitude": 99.02,
    "latitude": 18.57,
}


def rows_of(contract: Contract, *rows: dict[str, Any]) -> pl.DataFrame:
    """Return rows of a layer; what a row leaves out is unknown."""
    if not rows:
        return pl.DataFrame(schema=contract.stored_types)
    named = list(dict.fromkeys(name for row in rows for name in row))
    types = {name: contract.stored_types[name] for name in named}
    return check(contract, pl.DataFrame(list(rows), schema=types))


def communities(*rows: dict[str, Any]) -> pl.DataFrame:
    return rows_of(COMMUNITIES, *rows)


def programmes(*rows: dict[str, Any]) -> pl.DataFrame:
    return rows_of(PROGRAMMES, *rows)


def attractions(*rows: dict[str, Any]) -> pl.DataFrame:
    return rows_of(ATTRACTIONS, *rows)
