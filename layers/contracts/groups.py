"""Occupational groups (กลุ่มอาชีพ): a group a row."""

from __future__ import annotations

from phaenthi.layers.contracts.columns import VILLAGE_CODE
from phaenthi.layers.contracts.contract import Column, Contract, Kind
from phaenthi.layers.contracts.positions import POSITION_COLUMNS

FIVE_K = ("has_members", "has_committee", "has_rules", "has_fund", "has_activities")
"""5ก: การรวมกลุ่ม กรรมการ กติกา กองทุน กิจกรรม, in the order in which the guideline names them."""


_NOT_YET = Column(
    "otop_not_yet",
    Kind.YES_NO,
    aliases=("ยังไม่ลงทะเบียน", "ยังไม่ได้ลงทะเบียน", "ยังไม่ขึ้นทะเบียน", "ยังไม่เป็นotop", "ลงทะเบียนotopยังไม่"),
)
"""The second of two columns to tick: registered / not yet."""


GROUPS_CONTRACT = Contract(
    name="groups",
    key=("group_id",),
    of_listed_villages=True,
    of_people=True,
    repeats_set_aside=True,
    columns=(
        # Made from village and order in the file where a register numbers no groups.
        Column(
            "group_id",
            Kind.TEXT,
            aliases=("รหัสกลุ่ม", "รหัสกลุ่มอาชีพ", "เลขทะเบียนกลุ่ม", "เลขที่กลุ่ม", "ทะเบียนเลขที่"),
        ),
        VILLAGE_CODE,
        Column(
            "name_th",
            Kind.TEXT,
            aliases=("ชื่อกลุ่ม", "ชื่อกลุ่มอาชีพ", "กลุ่มอาชีพ", "ชื่อกลุ่มสัมมาชีพ", "group_name"),
        ),
        Column(
            "product_th",
            Kind.TEXT,
            aliases=("ผลิตภัณฑ์", "ชื่อผลิตภัณฑ์", "สินค้า", "ผลผลิต", "ผลิตภัณฑ์ของกลุ่ม", "อาชีพ", "product"),
        ),
        Column(
            "product_family",
            Kind.TEXT,
            aliases=("กลุ่มผลิตภัณฑ์", "ประเภทผลิตภัณฑ์", "ประเภทอาชีพ", "ประเภทสินค้า", "หมวดผลิตภัณฑ์"),
        ),
        Column(
            "members",
            Kind.COUNT,
            unit="persons",
            aliases=("จำนวนสมาชิก", "สมาชิก", "สมาชิกกลุ่ม", "จำนวนสมาชิกกลุ่ม", "จำนวนคน"),
        ),
        Column(
            "founded_year",
            Kind.YEAR,
            aliases=("ปีที่จัดตั้ง", "ปีที่ก่อตั้ง", "จัดตั้งปี", "จัดตั้งเมื่อปี", "ปีจัดตั้ง"),
        ),
        Column(
            "otop_registered",
            Kind.YES_NO,
            aliases=(
                *("ลงทะเบียนotop", "ขึ้นทะเบียนotop", "ลงทะเบียนotopแล้ว", "ขึ้นทะเบียนotopแล้ว"),
                *("ลงทะเบียนแล้ว", "ขึ้นทะเบียนแล้ว", "เป็นผู้ผลิตotop"),
            ),
        ),
        Column("has_members", Kind.YES_NO, aliases=("การรวมกลุ่ม", "มีการรวมกลุ่ม", "มีสมาชิก")),
        Column("has_committee", Kind.YES_NO, aliases=("กรรมการ", "คณะกรรมการ", "มีกรรมการ")),
        Column(
            "has_rules", Kind.YES_NO, aliases=("กติกา", "กฎกติกา", "กฎ", "มีกติกา", "ข้อบังคับ", "มีกฎกติกา")
        ),
        Column("has_fund", Kind.YES_NO, aliases=("กองทุน", "มีกองทุน", "กองทุนกลุ่ม")),
        Column("has_activities", Kind.YES_NO, aliases=("กิจกรรม", "มีกิจกรรม")),
        Column("potential", Kind.TEXT, aliases=("ศักยภาพ", "ระดับศักยภาพ", "ผลการจัดระดับ", "เกรด")),
        Column(
            "outlet",
            Kind.TEXT,
            aliases=("สถานที่จำหน่าย", "แหล่งจำหน่าย", "ช่องทางจำหน่าย", "ตลาด", "ที่จำหน่าย", "สถานที่ขาย"),
        ),
        Column(
            "funded_by_others",
            Kind.YES_NO,
            aliases=("ซ้ำกับงบประมาณของหน่วยงานอื่น", "ได้รับงบหน่วยงานอื่น", "งบหน่วยงานอื่น"),
        ),
        Column("durable_goods", Kind.YES_NO, aliases=("ขอรับครุภัณฑ์", "ขอครุภัณฑ์", "ครุภัณฑ์")),
        *POSITION_COLUMNS,
    ),
    markers=(_NOT_YET,),
)
