"""The poverty register TPMAP: a household and year a row, with five dimensions of poverty."""

from __future__ import annotations

from phaenthi.layers.contracts.columns import HOUSEHOLD_ID, INCOME_PER_PERSON, VILLAGE_CODE
from phaenthi.layers.contracts.contract import Column, Contract, Kind

DIMENSIONS = ("poor_health", "poor_living", "poor_education", "poor_income", "poor_access")


def _dimension(name: str, *aliases: str) -> Column:
    return Column(name, Kind.YES_NO, personal=True, aliases=(name, *aliases))


POVERTY_CONTRACT = Contract(
    name="poverty",
    key=("household_id", "register_year"),
    of_listed_villages=True,
    of_people=True,
    columns=(
        HOUSEHOLD_ID,
        VILLAGE_CODE,
        Column(
            "register_year",
            Kind.YEAR,
            required=True,
            aliases=("register_year", "ปีข้อมูล", "ปีtpmap", "ปีทะเบียน", "ปี", "ปีพศ", "year"),
        ),
        INCOME_PER_PERSON,
        Column(
            "registered_for_welfare",
            Kind.YES_NO,
            personal=True,
            aliases=(
                "registered_for_welfare",
                "บัตรสวัสดิการแห่งรัฐ",
                "ผู้มีบัตรสวัสดิการแห่งรัฐ",
                "ลงทะเบียนสวัสดิการแห่งรัฐ",
                "ลงทะเบียนเพื่อสวัสดิการแห่งรัฐ",
                "ลงทะเบียนบัตรสวัสดิการแห่งรัฐ",
            ),
        ),
        _dimension("poor_health", "ด้านสุขภาพ", "สุขภาพ", "จนด้านสุขภาพ", "ยากจนด้านสุขภาพ"),
        _dimension(
            "poor_living", "ด้านความเป็นอยู่", "ความเป็นอยู่", "จนด้านความเป็นอยู่", "ยากจนด้านความเป็นอยู่"
        ),
        _dimension("poor_education", "ด้านการศึกษา", "การศึกษา", "จนด้านการศึกษา", "ยากจนด้านการศึกษา"),
        _dimension("poor_income", "ด้านรายได้", "จนด้านรายได้", "ยากจนด้านรายได้"),
        _dimension(
            "poor_access",
            "ด้านการเข้าถึงบริการรัฐ",
            "การเข้าถึงบริการรัฐ",
            "จนด้านการเข้าถึงบริการรัฐ",
            "ด้านการเข้าถึงบริการภาครัฐ",
            "ยากจนด้านการเข้าถึงบริการรัฐ",
        ),
    ),
)
