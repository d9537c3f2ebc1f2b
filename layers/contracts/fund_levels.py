"""Funds counted by area, kind, level and year, as provinces print them."""

from __future__ import annotations

from phaenthi.layers.contracts.contract import Column, Contract, Kind
from phaenthi.layers.contracts.funds import ASSESSED_ALIASES, FUND_TYPE_ALIASES

FUND_LEVELS_CONTRACT = Contract(
    name="fund_levels",
    key=("area_code", "fund_type", "level", "year"),
    columns=(
        Column("area_code", Kind.CODE, required=True),
        Column("fund_type", Kind.TEXT, required=True, aliases=FUND_TYPE_ALIASES),
        Column(
            "level",
            Kind.TEXT,
            required=True,
            aliases=("level", "ระดับ", "ระดับธรรมาภิบาล", "ระดับการพัฒนา", "ผลการจัดระดับ"),
        ),
        Column("year", Kind.YEAR, required=True, aliases=ASSESSED_ALIASES),
        Column(
            "funds",
            Kind.COUNT,
            required=True,
            unit="funds",
            aliases=("funds", "จำนวนกองทุน", "จำนวน", "จำนวนกลุ่ม", "กองทุน", "count"),
        ),
    ),
)
