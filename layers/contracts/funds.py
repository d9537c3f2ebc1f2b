"""Community funds (กองทุนชุมชน): a fund and year of assessment a row."""

from __future__ import annotations

from phaenthi.layers.contracts.columns import VILLAGE_CODE
from phaenthi.layers.contracts.contract import Column, Contract, Kind

FUND_TYPE_ALIASES = ("fund_type", "ประเภทกองทุน", "ชนิดกองทุน", "ประเภท", "กองทุน", "กองทุนชุมชน")


ASSESSED_ALIASES = ("ปีที่ประเมิน", "ปีประเมิน", "ปีงบประมาณ", "ปีข้อมูล", "ปี", "ปีพศ", "fiscal_year")


LEVEL_ORDER = Column(
    "level_order", Kind.TEXT, aliases=("level_order", "ทิศทางระดับ", "ลำดับระดับ", "ระดับที่ดี")
)
"""Which way round a file counts; ``--set level_order=1_is_good`` declares it for a whole file."""


_LEVEL = Column(
    "level_told",
    Kind.TEXT,
    aliases=(
        *("ระดับธรรมาภิบาล", "ระดับการพัฒนา", "ผลการจัดระดับ", "ระดับการประเมิน", "จัดระดับ", "ระดับกองทุน"),
        *("ระดับ", "ผลการประเมิน", "level"),
    ),
)


_LEVEL_IN_WORDS = Column(
    "level_in_words",
    Kind.TEXT,
    aliases=("แปลผล", "ความหมายของระดับ", "ผลการประเมินเป็นคำ", "ความหมาย", "level_in_words"),
)


FUNDS_CONTRACT = Contract(
    name="funds",
    key=("fund_id", "year"),
    of_listed_villages=True,
    of_people=True,
    repeats_set_aside=True,
    columns=(
        # Made from village, kind and order in the file where a register numbers no funds.
        Column(
            "fund_id",
            Kind.TEXT,
            aliases=("รหัสกองทุน", "เลขที่กองทุน", "เลขทะเบียนกองทุน", "รหัสกลุ่ม", "ทะเบียนเลขที่"),
        ),
        VILLAGE_CODE,
        Column("fund_type", Kind.TEXT, required=True, aliases=FUND_TYPE_ALIASES),
        Column("year", Kind.YEAR, required=True, aliases=ASSESSED_ALIASES),
        Column("fund_th", Kind.TEXT, aliases=("ชื่อกองทุน", "ชื่อกลุ่ม", "ชื่อกลุ่มกองทุน", "fund_name")),
        Column("governance_level", Kind.COUNT),
        Column("grade", Kind.TEXT, aliases=("เกรด",)),
        Column(
            "indicators_passed",
            Kind.COUNT,
            aliases=("จำนวนตัวชี้วัดที่ผ่าน", "ตัวชี้วัดที่ผ่าน", "ผ่านตัวชี้วัด", "คะแนนตัวชี้วัด"),
        ),
        Column(
            "failed_mandatory",
            Kind.YES_NO,
            aliases=("ไม่ผ่านตัวชี้วัดบังคับ", "ไม่ผ่านเกณฑ์บังคับ", "ตกตัวชี้วัดบังคับ"),
        ),
        Column(
            "failed_principles",
            Kind.TEXT,
            aliases=("หลักที่ไม่ผ่าน", "หลักธรรมาภิบาลที่ไม่ผ่าน", "ไม่ผ่านหลัก", "ด้านที่ไม่ผ่าน", "ประเด็นที่ไม่ผ่าน"),
        ),
        Column(
            "members",
            Kind.COUNT,
            unit="persons",
            aliases=("จำนวนสมาชิก", "สมาชิก", "จำนวนสมาชิกทั้งหมด", "ครัวเรือนสมาชิก"),
        ),
        Column(
            "capital_baht",
            Kind.AMOUNT,
            unit="baht",
            aliases=("เงินทุน", "เงินกองทุน", "เงินสัจจะสะสม", "ทุนดำเนินการ", "เงินทุนหมุนเวียน", "ยอดเงินทุน"),
        ),
        Column(
            "loans_baht",
            Kind.AMOUNT,
            unit="baht",
            aliases=("เงินกู้คงค้าง", "ลูกหนี้", "ยอดเงินกู้", "เงินให้กู้", "ลูกหนี้เงินกู้", "เงินยืม"),
        ),
        Column(
            "overdue_baht",
            Kind.AMOUNT,
            unit="baht",
            aliases=("หนี้ค้างชำระ", "เงินค้างชำระ", "หนี้เกินกำหนดชำระ", "หนี้เกินกำหนด", "ลูกหนี้ค้างชำระ"),
        ),
    ),
    markers=(_LEVEL, _LEVEL_IN_WORDS, LEVEL_ORDER),
)
