"""Tourism communities, their hands-on programmes, and attractions: three layers."""

from __future__ import annotations

from phaenthi.layers.contracts.columns import VILLAGE_CODE
from phaenthi.layers.contracts.contract import Column, Contract, Kind
from phaenthi.layers.contracts.positions import POSITION_COLUMNS

CLASSES: tuple[str, ...] = ("A", "B", "C", "D")


CITY_CLASSES: tuple[str, ...] = ("main", "secondary")


_LENGTH = Column(
    "duration",
    Kind.TEXT,
    aliases=("duration", "ระยะเวลา", "เวลาที่ใช้", "ชั่วโมง", "จำนวนชั่วโมง", "hours", "duration_hours"),
)


_HOURS = Column(
    "open_hours",
    Kind.TEXT,
    aliases=(
        *("เวลาทำการ", "เวลาเปิดปิด", "เวลาเปิด-ปิด", "เวลาให้บริการ", "ช่วงเวลา", "วันเวลา", "เวลา"),
        *("opening_hours", "open_hours"),
    ),
)


_OPENS = ("opens", "เวลาเปิด", "เวลาเริ่ม", "เริ่มเวลา", "เวลาเริ่มกิจกรรม", "เปิด", "starts", "start_time")


_CLOSES = ("closes", "เวลาปิด", "เวลาสิ้นสุด", "สิ้นสุดเวลา", "ปิด", "ends", "end_time")


_DAYS = ("days", "วัน", "วันเปิด", "วันทำการ", "วันให้บริการ", "วันที่เปิด", "วันที่ให้บริการ", "open_days")


_MINUTES = ("minutes", "นาที", "จำนวนนาที", "ระยะเวลานาที", "duration_minutes")


_PRICE = (
    "price_baht",
    "ราคาต่อคน",
    "ราคาคนละ",
    "ราคา",
    "ค่าบริการ",
    "ค่าเข้าชม",
    "price",
    "price_per_person",
)


_INTEREST = ("interest", "ความสนใจ", "ประเภทกิจกรรม", "หมวดกิจกรรม", "หมวด", "ประเภท", "category")


_TIMES = (
    Column("minutes", Kind.COUNT, unit="minutes", aliases=_MINUTES),
    Column("price_baht", Kind.AMOUNT, unit="baht", aliases=_PRICE),
    Column("opens", Kind.TEXT, aliases=_OPENS),
    Column("closes", Kind.TEXT, aliases=_CLOSES),
    Column("days", Kind.TEXT, aliases=_DAYS),
    Column("interest", Kind.TEXT, aliases=_INTEREST),
)


COMMUNITIES = Contract(
    name="tourism_communities",
    key=("community_id",),
    of_listed_villages=True,
    of_people=True,
    columns=(
        Column(
            "community_id",
            Kind.TEXT,
            required=True,
            aliases=("community_id", "รหัสชุมชน", "รหัสชุมชนท่องเที่ยว", "เลขทะเบียนชุมชน", "รหัส"),
        ),
        VILLAGE_CODE,
        Column(
            "name_th",
            Kind.TEXT,
            aliases=("name_th", "ชื่อชุมชน", "ชื่อชุมชนท่องเที่ยว", "ชุมชน", "ชุมชนท่องเที่ยว", "community"),
        ),
        Column(
            "class_th",
            Kind.TEXT,
            aliases=(
                *("class_th", "class", "ประเภทชุมชน", "ประเภทชุมชนท่องเที่ยว", "ผลการจัดประเภท"),
                *("การจัดประเภท", "ประเภท", "กลุ่ม"),
            ),
        ),
        Column(
            "visitors",
            Kind.COUNT,
            unit="persons",
            aliases=("visitors", "จำนวนนักท่องเที่ยว", "นักท่องเที่ยว", "นักท่องเที่ยวต่อปี"),
        ),
        Column(
            "developed_products",
            Kind.COUNT,
            aliases=(
                *("developed_products", "ผลิตภัณฑ์ที่ได้รับการพัฒนา", "จำนวนผลิตภัณฑ์ที่พัฒนา"),
                *("จำนวนผลิตภัณฑ์", "ผลิตภัณฑ์ที่พัฒนา"),
            ),
        ),
        Column("has_potential", Kind.YES_NO, aliases=("potential", "มีศักยภาพ", "ศักยภาพ")),
        Column(
            "ready_for_visitors",
            Kind.YES_NO,
            aliases=("ready_for_visitors", "พร้อมรองรับนักท่องเที่ยว", "ความพร้อมรองรับนักท่องเที่ยว"),
        ),
        Column(
            "ready_for_dhope",
            Kind.YES_NO,
            aliases=("ready_for_dhope", "พร้อมเข้าสู่กระบวนการdhope", "ความพร้อมdhope", "dhope"),
        ),
        Column("year", Kind.YEAR, aliases=("year", "ปีที่จัดประเภท", "ปีของทะเบียน", "ปี", "ปีพศ")),
        *POSITION_COLUMNS,
    ),
)
"""``class_th`` is A, B, C or D, as the register of the year says."""


PROGRAMMES = Contract(
    name="tourism_programmes",
    key=("programme_id",),
    of_people=True,
    columns=(
        Column(
            "programme_id",
            Kind.TEXT,
            required=True,
            aliases=("programme_id", "รหัสโปรแกรม", "รหัสกิจกรรม", "เลขที่โปรแกรม", "program_id", "รหัส"),
        ),
        Column(
            "community_id",
            Kind.TEXT,
            required=True,
            aliases=("community_id", "รหัสชุมชน", "รหัสชุมชนท่องเที่ยว", "เลขทะเบียนชุมชน"),
        ),
        Column(
            "name_th",
            Kind.TEXT,
            aliases=(
                "name_th",
                "ชื่อโปรแกรม",
                "โปรแกรม",
                "ชื่อกิจกรรม",
                "กิจกรรม",
                "program",
                "programme",
            ),
        ),
        *_TIMES,
        Column(
            "capacity",
            Kind.COUNT,
            unit="persons",
            aliases=(
                *("capacity", "จำนวนผู้เข้าร่วมที่สามารถรับได้", "จำนวนที่รับได้", "รับได้", "จำนวนคน"),
                *("ผู้เข้าร่วม", "จำนวนผู้เข้าร่วม"),
            ),
        ),
    ),
    markers=(_LENGTH, _HOURS),
)
"""``opens`` is when it begins (``09:00``, several rounds ``09:00;13:00``); with ``closes``, the
hours inside which it may take place. ``days`` holds days of the week as digits, Monday 1."""


ATTRACTIONS = Contract(
    name="attractions",
    key=("attraction_id",),
    columns=(
        Column(
            "attraction_id",
            Kind.TEXT,
            required=True,
            aliases=("attraction_id", "รหัสแหล่งท่องเที่ยว", "รหัสสถานที่", "รหัส", "id"),
        ),
        Column(
            "name_th",
            Kind.TEXT,
            aliases=("name_th", "ชื่อแหล่งท่องเที่ยว", "แหล่งท่องเที่ยว", "ชื่อสถานที่", "สถานที่", "ชื่อ", "name"),
        ),
        Column(
            "area_code",
            Kind.CODE,
            aliases=("area_code", "รหัสพื้นที่", "รหัสตำบล", "tambon_code", "รหัสอำเภอ", "รหัสจังหวัด"),
        ),
        Column(
            "city_class",
            Kind.TEXT,
            aliases=("city_class", "ประเภทเมือง", "เมืองหลักเมืองรอง", "เมือง", "กลุ่มเมือง"),
        ),
        *_TIMES,
        *POSITION_COLUMNS,
    ),
    markers=(_LENGTH, _HOURS),
)
"""``city_class`` is ``main`` (เมืองหลัก) or ``secondary`` (เมืองรอง) of the city that it is of."""


TOURISM_CONTRACTS: tuple[Contract, ...] = (COMMUNITIES, PROGRAMMES, ATTRACTIONS)
