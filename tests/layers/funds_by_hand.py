"""Funds and groups made by hand, a few words each."""

from __future__ import annotations

import polars as pl

from phaenthi.layers.contracts.contract import Contract, check
from phaenthi.layers.contracts.funds import FUNDS_CONTRACT
from phaenthi.layers.contracts.groups import GROUPS_CONTRACT


def shaped(contract: Contract, rows: list[dict[str, object]]) -> pl.DataFrame:
    """Return rows by a contract; columns that they do not name are unknown."""
    types = contract.stored_types
    named = [name for name in types if any(name in row for row in rows)]
    table = pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in named},
        schema={name: types[name] for name in named},
    )
    return check(contract, table)


def funds(*rows: dict[str, object]) -> pl.DataFrame:
    """Return rows of the layer of funds; savings groups of 2567 unless they say otherwise."""
    return shaped(
        FUNDS_CONTRACT,
        [
            {"fund_id": f"f{place:06}", "fund_type": "savings", "year": 2567, **row}
            for place, row in enumerate(rows)
        ],
    )


def groups(*rows: dict[str, object]) -> pl.DataFrame:
    """Return rows of the layer of groups."""
    return shaped(
        GROUPS_CONTRACT,
        [{"group_id": f"g{place:06}", **row} for place, row in enumerate(rows)],
    )
