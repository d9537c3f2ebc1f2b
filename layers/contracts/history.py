"""Target villages of earlier programmes: a village, programme and fiscal year a row."""

from __future__ import annotations

from phaenthi.layers.contracts.columns import VILLAGE_CODE
from phaenthi.layers.contracts.contract import Column, Contract, Kind

PROGRAMME_ALIASES = ("programme", "โครงการ", "ชื่อโครงการ", "program", "project", "กิจกรรม")


FISCAL_YEAR_ALIASES = ("fiscal_year", "ปีงบประมาณ", "ปีงบ", "ปีงบประมาณพศ", "ปี", "ปีพศ", "year")


HISTORY_CONTRACT = Contract(
    name="history",
    key=("village_code", "programme", "fiscal_year"),
    of_listed_villages=True,
    repeats_set_aside=True,
    columns=(
        VILLAGE_CODE,
        Column("programme", Kind.TEXT, required=True, aliases=PROGRAMME_ALIASES),
        Column("fiscal_year", Kind.YEAR, required=True, aliases=FISCAL_YEAR_ALIASES),
    ),
)
