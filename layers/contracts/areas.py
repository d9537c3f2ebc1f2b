"""The layer of counts by area: a measure of an area and year a row."""

from __future__ import annotations

from phaenthi.layers.contracts.contract import Column, Contract, Kind

AREA_COUNTS = Contract(
    name="area_counts",
    key=("level", "code", "register_year", "measure"),
    columns=(
        Column("level", Kind.TEXT, required=True),
        Column("code", Kind.CODE, required=True),
        Column("register_year", Kind.YEAR, required=True),
        Column("measure", Kind.TEXT, required=True),
        Column("count", Kind.COUNT, required=True),
    ),
)
