"""Boundaries of three levels: an area a row."""

from __future__ import annotations

from phaenthi.geo.places.codes import Level
from phaenthi.layers.contracts.contract import Column, Contract, Kind

LEVELS = (Level.PROVINCE, Level.AMPHOE, Level.TAMBON)


def layer_name(level: Level) -> str:
    """Return the name of the layer that holds the boundaries of a level.

    Raises
    ------
    ValueError
        For the village level, which has points and no boundaries.
    """
    if level not in LEVELS:
        raise ValueError(f"there are no boundaries of level {level}")
    return f"boundaries_{level}"


def _contract(level: Level) -> Contract:
    return Contract(
        name=layer_name(level),
        key=("code",),
        columns=(
            Column("code", Kind.CODE, required=True),
            Column("name_th", Kind.TEXT),
            Column("name_en", Kind.TEXT),
            Column("geometry", Kind.GEOMETRY, required=True),
        ),
    )


BOUNDARY_CONTRACTS = tuple(_contract(level) for level in LEVELS)
