"""The layers that come of matching: points, decisions, and what could not be placed for sure."""

from __future__ import annotations

from phaenthi.layers.contracts.contract import Column, Contract, Kind
from phaenthi.layers.contracts.positions import POSITION_COLUMNS

DECISIONS = Contract(
    name="decisions",
    key=("source", "place"),
    columns=(
        Column("source", Kind.TEXT, required=True),
        Column("place", Kind.TEXT, required=True),
        Column("village_code", Kind.VILLAGE_CODE),
        Column("decided_by", Kind.TEXT, required=True),
        Column("decided_on", Kind.TEXT, required=True),
        Column("reason", Kind.TEXT),
    ),
)
"""What persons decided about places that no rule could settle; without a code, no village."""

POSSIBLE_TARGETS = Contract(
    name="possible_targets",
    key=("village_code", "programme", "fiscal_year", "layer", "row"),
    columns=(
        Column("village_code", Kind.VILLAGE_CODE, required=True),
        Column("programme", Kind.TEXT, required=True),
        Column("fiscal_year", Kind.YEAR, required=True),
        Column("layer", Kind.TEXT, required=True),
        Column("row", Kind.COUNT, required=True),
        Column("how", Kind.TEXT, required=True),
    ),
)
"""Villages that a row of ``history`` or ``beneficiaries`` may mean: unknown until cleared."""

MATCHED_PLACES = Contract(
    name="matched_places",
    key=("layer", "place"),
    columns=(
        Column("layer", Kind.TEXT, required=True),
        Column("place", Kind.TEXT, required=True),
        Column("row", Kind.COUNT, required=True),
        Column("rows", Kind.COUNT, required=True),
        Column("village_code", Kind.VILLAGE_CODE),
        Column("how", Kind.TEXT, required=True),
        Column("confidence", Kind.AMOUNT, required=True),
        Column("since", Kind.TEXT),
    ),
)
"""How each place that a register names was matched: the evidence behind the other layers."""

VILLAGE_POINTS = Contract(
    name="village_points",
    key=("row",),
    columns=(
        Column("row", Kind.COUNT, required=True),
        Column("name", Kind.TEXT),
        *POSITION_COLUMNS,
        Column("tambon_code", Kind.CODE),
        Column("village_code", Kind.VILLAGE_CODE),
        Column("how", Kind.TEXT, required=True),
        Column("confidence", Kind.AMOUNT, required=True),
    ),
)
"""Points of villages as a file gives them, and which village each was matched to."""

CONTRACTS = (VILLAGE_POINTS, DECISIONS, POSSIBLE_TARGETS, MATCHED_PLACES)
