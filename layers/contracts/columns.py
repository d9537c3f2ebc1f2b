"""Columns that several registers hold, with the headers that those registers give them."""

from __future__ import annotations

from phaenthi.layers.contracts.contract import Column, Kind

HOUSEHOLD_ID_ALIASES = (
    "household_id",
    "รหัสครัวเรือน",
    "เลขครัวเรือน",
    "รหัสประจำบ้าน",
    "เลขรหัสประจำบ้าน",
    "รหัสบ้าน",
    "house_id",
    "hh_id",
    "hhid",
    "hc_code",
    "เลขประจำตัวประชาชนหัวหน้าครัวเรือน",
)
INCOME_ALIASES = (
    "income_per_person",
    "รายได้เฉลี่ยต่อคนต่อปี",
    "รายได้บุคคลเฉลี่ยต่อปี",
    "รายได้เฉลี่ยต่อคน",
    "รายได้ต่อคนต่อปี",
    "รายได้เฉลี่ย",
    "avg_income",
    "income_avg",
    "income_per_person_year",
)
VILLAGE_CODE_ALIASES = (
    "village_code",
    "รหัสหมู่บ้าน",
    "รหัสหมู่บ้าน8หลัก",
    "รหัสพื้นที่หมู่บ้าน",
    "vill_code",
    "village_id",
    "villageid",
    "jpt_village_id",
    "รหัสหมู่",
)

VILLAGE_CODE = Column(
    "village_code", Kind.VILLAGE_CODE, required=True, aliases=VILLAGE_CODE_ALIASES
)
HOUSEHOLD_ID = Column(
    "household_id", Kind.HOUSEHOLD_ID, required=True, personal=True, aliases=HOUSEHOLD_ID_ALIASES
)
SURVEY_YEAR = Column(
    "survey_year",
    Kind.YEAR,
    required=True,
    aliases=("survey_year", "ปีที่สำรวจ", "ปีสำรวจ", "ปีจปฐ", "ปีข้อมูล", "ปี", "ปีพศ", "year"),
)
INCOME_PER_PERSON = Column(
    "income_per_person",
    Kind.AMOUNT,
    personal=True,
    unit="baht_per_person_per_year",
    aliases=INCOME_ALIASES,
)
