"""The household survey จปฐ. (ความจำเป็นพื้นฐาน): a household and year a row."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from layers.by_parts import read_by_parts
from layers.contract import Column, Contract, Kind
from layers.draft import Reading

if TYPE_CHECKING:
    from layers.workspace import Workspace

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

CONTRACT = Contract(
    name="households",
    key=("household_id", "survey_year"),
    of_listed_villages=True,
    of_people=True,
    columns=(
        Column(
            "household_id",
            Kind.HOUSEHOLD_ID,
            required=True,
            personal=True,
            aliases=HOUSEHOLD_ID_ALIASES,
        ),
        Column("village_code", Kind.VILLAGE_CODE, required=True, aliases=VILLAGE_CODE_ALIASES),
        Column(
            "survey_year",
            Kind.YEAR,
            required=True,
            aliases=("survey_year", "ปีที่สำรวจ", "ปีสำรวจ", "ปีจปฐ", "ปีข้อมูล", "ปี", "ปีพศ", "year"),
        ),
        Column(
            "income_per_person",
            Kind.AMOUNT,
            personal=True,
            unit="baht_per_person_per_year",
            aliases=INCOME_ALIASES,
        ),
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


def read(
    path: Path,
    workspace: Workspace,
    *,
    sheet: str | None = None,
    constants: Mapping[str, str] | None = None,
) -> Reading:
    """Read a file of this layer, CSV or workbook, with Thai or English headers.

    See ``layers.reading.read_rows`` for the parameters; raises what ``read_rows`` and
    ``layers.reading.finish`` raise.
    """
    return read_by_parts(CONTRACT, path, workspace, sheet=sheet, constants=constants)
