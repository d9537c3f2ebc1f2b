"""The OTOP register: a product of a producer a row."""

from __future__ import annotations

from phaenthi.layers.contracts.columns import VILLAGE_CODE
from phaenthi.layers.contracts.contract import Column, Contract, Kind
from phaenthi.layers.contracts.positions import POSITION_COLUMNS

_STARS_TOLD = Column(
    "stars_told",
    Kind.TEXT,
    aliases=("ระดับดาว", "ดาว", "จำนวนดาว", "ผลการคัดสรร", "ระดับผลิตภัณฑ์", "ระดับ", "star", "opc"),
)
"""Stars as registers write them: ``5 ดาว``, ``ระดับ ๓ ดาว``, ``4``, ``ไม่ได้ส่งคัดสรร``."""


OTOP_CONTRACT = Contract(
    name="otop",
    key=("producer_id", "product_id"),
    of_listed_villages=True,
    of_people=True,
    repeats_set_aside=True,
    columns=(
        Column(
            "producer_id",
            Kind.TEXT,
            required=True,
            aliases=(
                *("รหัสผู้ผลิต", "รหัสผู้ผลิตผู้ประกอบการ", "รหัสผู้ประกอบการ", "เลขทะเบียน", "เลขทะเบียนotop"),
                *("เลขทะเบียนผู้ผลิต", "เลขที่ลงทะเบียน", "ทะเบียนเลขที่", "otop_id", "producer_code"),
            ),
        ),
        # Made from the product's name where a register numbers no products.
        Column(
            "product_id",
            Kind.TEXT,
            aliases=("รหัสผลิตภัณฑ์", "เลขที่ผลิตภัณฑ์", "รหัสสินค้า", "product_code"),
        ),
        VILLAGE_CODE,
        Column(
            "producer_th",
            Kind.TEXT,
            aliases=(
                *("ชื่อผู้ผลิตผู้ประกอบการ", "ชื่อผู้ผลิต", "ชื่อผู้ประกอบการ", "ผู้ผลิตผู้ประกอบการ", "ผู้ผลิต"),
                *("ชื่อกลุ่ม", "ชื่อกลุ่มผู้ประกอบการ", "ชื่อกลุ่มผู้ผลิต", "ผู้ประกอบการ", "producer", "enterprise"),
            ),
        ),
        Column(
            "product_th",
            Kind.TEXT,
            aliases=("ชื่อผลิตภัณฑ์", "ผลิตภัณฑ์", "ชื่อสินค้า", "สินค้า", "product", "product_name"),
        ),
        Column(
            "category",
            Kind.TEXT,
            aliases=("ประเภทผลิตภัณฑ์", "ประเภทสินค้า", "หมวดผลิตภัณฑ์", "ประเภท", "product_type"),
        ),
        Column(
            "product_family",
            Kind.TEXT,
            aliases=("ประเภทย่อย", "กลุ่มย่อย", "ชนิดผลิตภัณฑ์", "ประเภทย่อยผลิตภัณฑ์", "subcategory"),
        ),
        Column("stars", Kind.COUNT),
        Column(
            "quadrant",
            Kind.TEXT,
            aliases=(
                *("quadrant", "กลุ่มผลิตภัณฑ์", "กลุ่มabcd", "การจัดกลุ่มผลิตภัณฑ์", "กลุ่มการพัฒนา"),
                *("จัดกลุ่ม", "กลุ่มquadrant", "ควอดแดรนท์"),
            ),
        ),
        Column(
            "producer_type",
            Kind.TEXT,
            aliases=("ประเภทผู้ผลิต", "ประเภทผู้ผลิตผู้ประกอบการ", "ประเภทผู้ประกอบการ", "ลักษณะผู้ผลิต"),
        ),
        Column(
            "registration_year",
            Kind.YEAR,
            aliases=(
                *("ปีที่ลงทะเบียน", "ปีลงทะเบียน", "ปีที่ขึ้นทะเบียน", "ลงทะเบียนปี", "ปีทะเบียน"),
                *("ปีที่ลงทะเบียนotop", "ปี", "ปีพศ", "year"),
            ),
        ),
        Column("has_potential", Kind.YES_NO, aliases=("มีศักยภาพ", "ศักยภาพ", "ผลิตภัณฑ์มีศักยภาพ")),
        Column(
            "in_other_project",
            Kind.YES_NO,
            aliases=("อยู่ในโครงการอื่นของกรมฯ", "ซ้ำกับโครงการอื่น", "เป้าหมายโครงการอื่น", "อยู่ในโครงการอื่น"),
        ),
        *POSITION_COLUMNS,
    ),
    markers=(_STARS_TOLD,),
)
"""``in_other_project`` is told for the fiscal year that the register was drawn up for.
``category``, ``quadrant`` and ``producer_type`` hold the ids of ``phaenthi.layers.otop.words``."""
