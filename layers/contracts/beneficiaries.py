"""Households that programmes helped: a household, programme and fiscal year a row."""

from __future__ import annotations

from phaenthi.layers.contracts.columns import HOUSEHOLD_ID, VILLAGE_CODE
from phaenthi.layers.contracts.contract import Column, Contract, Kind
from phaenthi.layers.contracts.history import FISCAL_YEAR_ALIASES, PROGRAMME_ALIASES

BENEFICIARIES_CONTRACT = Contract(
    name="beneficiaries",
    key=("household_id", "programme", "fiscal_year"),
    of_listed_villages=True,
    of_people=True,
    repeats_set_aside=True,
    columns=(
        HOUSEHOLD_ID,
        VILLAGE_CODE,
        Column("programme", Kind.TEXT, required=True, aliases=PROGRAMME_ALIASES),
        Column("fiscal_year", Kind.YEAR, required=True, aliases=FISCAL_YEAR_ALIASES),
    ),
)
