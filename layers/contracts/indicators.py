"""The layer of the indicators of the household survey จปฐ.: a household and indicator a row."""

from __future__ import annotations

from phaenthi.layers.contracts.columns import HOUSEHOLD_ID, SURVEY_YEAR, VILLAGE_CODE
from phaenthi.layers.contracts.contract import Column, Contract, Kind

_HEADERS = (
    *("indicator{}", "ind{}", "ตัวชี้วัดที่{}", "ตัวชี้วัด{}", "ตชว{}", "ข้อที่{}", "ข้อ{}", "จปฐ{}"),
    *("bmn{}", "f{}", "indicator{:02d}", "ind{:02d}", "f{:02d}"),
)


INDICATORS = Contract(
    name="indicators",
    key=("household_id", "survey_year"),
    of_listed_villages=True,
    of_people=True,
    columns=(
        HOUSEHOLD_ID,
        VILLAGE_CODE,
        SURVEY_YEAR,
        Column("passed", Kind.COUNT, required=True),
        Column("failed", Kind.COUNT, required=True),
    ),
)
"""passed and failed hold a bit for each indicator (1 for the first, 2 for the second, 4 …); an
indicator that is in neither was not assessed or is not known. See ``passed`` and ``failed``."""
