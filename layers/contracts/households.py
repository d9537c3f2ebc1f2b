"""The household survey จปฐ. (ความจำเป็นพื้นฐาน): a household and year a row."""

from __future__ import annotations

from phaenthi.layers.contracts.columns import (
    HOUSEHOLD_ID,
    INCOME_PER_PERSON,
    SURVEY_YEAR,
    VILLAGE_CODE,
)
from phaenthi.layers.contracts.contract import Column, Contract, Kind

HOUSEHOLDS_CONTRACT = Contract(
    name="households",
    key=("household_id", "survey_year"),
    of_listed_villages=True,
    of_people=True,
    columns=(
        HOUSEHOLD_ID,
        VILLAGE_CODE,
        SURVEY_YEAR,
        INCOME_PER_PERSON,
        Column(
            "members",
            Kind.COUNT,
            unit="persons",
            aliases=("members", "จำนวนสมาชิก", "สมาชิกในครัวเรือน", "จำนวนสมาชิกในครัวเรือน", "จำนวนคน"),
        ),
        Column(
            "only_elderly_or_disabled",
            Kind.YES_NO,
            personal=True,
            aliases=(
                "only_elderly_or_disabled",
                "มีเฉพาะผู้สูงอายุหรือคนพิการ",
                "มีแต่ผู้สูงอายุหรือผู้พิการ",
                "เฉพาะผู้สูงอายุผู้พิการ",
            ),
        ),
        Column(
            "relief_only",
            Kind.YES_NO,
            personal=True,
            aliases=("relief_only", "ต้องสงเคราะห์", "ครัวเรือนสงเคราะห์", "สงเคราะห์"),
        ),
        Column(
            "moved_or_died",
            Kind.YES_NO,
            personal=True,
            aliases=("moved_or_died", "ย้ายหรือเสียชีวิต", "ย้ายหรือตาย", "ย้ายออกหรือเสียชีวิต"),
        ),
        Column(
            "drug_treatment_completed",
            Kind.YES_NO,
            personal=True,
            aliases=(
                "drug_treatment_completed",
                "ผ่านการบำบัดยาเสพติด",
                "ผู้ผ่านการบำบัดยาเสพติด",
                "มีผู้ผ่านการบำบัดยาเสพติด",
            ),
        ),
        Column(
            "released_from_prison",
            Kind.YES_NO,
            personal=True,
            aliases=("ผู้พ้นโทษ", "มีผู้พ้นโทษ", "ครัวเรือนผู้พ้นโทษ", "ผู้ได้รับการปล่อยตัวจากราชทัณฑ์", "พ้นโทษ"),
        ),
        Column(
            "interested",
            Kind.YES_NO,
            personal=True,
            aliases=("สนใจ", "สนใจฝึกอาชีพ", "สนใจเข้าร่วม", "สนใจเข้าร่วมโครงการ", "ครัวเรือนที่สนใจ"),
        ),
        Column(
            "willing",
            Kind.YES_NO,
            personal=True,
            aliases=("สมัครใจ", "สมัครใจเข้าร่วม", "สมัครใจเข้าร่วมโครงการ", "ต้องการฝึกอาชีพ", "ความสมัครใจ"),
        ),
    ),
)
