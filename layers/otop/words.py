"""How OTOP registers write categories, quadrants and kinds of producer."""

from __future__ import annotations

import re
from collections.abc import Mapping

from phaenthi.layers.tables.table_file import plain_header

MOST_STARS = 5

CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "drink": ("เครื่องดื่ม", "drink", "beverage"),
    "cloth": ("ผ้าเครื่องแต่งกาย", "ผ้าและเครื่องแต่งกาย", "ผ้า", "เครื่องแต่งกาย", "cloth", "textile"),
    "household": (
        *("ของใช้ของตกแต่งของที่ระลึก", "ของใช้", "ของตกแต่ง", "ของที่ระลึก", "ของใช้ประดับตกแต่ง"),
        *("ศิลปะประดิษฐ์และของที่ระลึก", "household", "souvenir"),
    ),
    "herb": ("สมุนไพรที่ไม่ใช่อาหาร", "สมุนไพรที่ไม่ใช่อาหารและยา", "สมุนไพร", "herb"),
    "food": ("อาหาร", "food"),
}
"""The five kinds of the register; ids as in ``product_families.yaml``."""

PRODUCER_TYPES: Mapping[str, tuple[str, ...]] = {
    "community": ("กลุ่มผู้ผลิตชุมชน", "ผู้ผลิตชุมชนที่เป็นกลุ่ม", "กลุ่มชุมชน", "กลุ่ม", "community"),
    "single": (
        *("ผู้ผลิตชุมชนเจ้าของรายเดียว", "ผู้ผลิตชุมชนที่เป็นเจ้าของรายเดียว", "เจ้าของรายเดียว"),
        *("รายเดียว", "single", "single owner"),
    ),
    "sme": ("ผู้ผลิตที่เป็นsme", "วิสาหกิจขนาดกลางและขนาดย่อม", "sme", "smes", "เอสเอ็มอี"),
}

QUADRANTS = ("A", "B", "C", "D")

PERSON = r"^\s*(?:นาย|นางสาว|นาง|น\.\s*ส\.|ด\.\s*[ชญ]\.|(?i:mr|mrs|miss|ms)\.?\s)"
"""A name that begins so is a person's, who owns alone; it is not kept."""

KIND_OF = ("category", "quadrant", "producer_type")
"""Columns whose words are read into ids."""


def read_word(column: str, text: str) -> str | None:
    """Return the id that a word of a column means, or None; nothing is guessed.

    Numbers before a word (``3. ผ้า``), brackets, spaces and signs do not matter.
    """
    if column == "quadrant":
        return _quadrant(text)
    plain = re.sub(r"^\d+", "", plain_header(text))
    plain = re.sub(r"^ประเภท", "", plain)
    kinds = CATEGORIES if column == "category" else PRODUCER_TYPES
    for kind, words in kinds.items():
        if plain == kind or plain in map(plain_header, words):
            return kind
    return None


def _quadrant(text: str) -> str | None:
    """Read ``D``, ``กลุ่ม D``, ``D ปรับตัวสู่การพัฒนา``, ``Quadrant B (…)``."""
    found = re.match(r"^\s*(?:กลุ่ม|quadrant)?\s*([A-Da-d])(?![A-Za-z])", text, re.IGNORECASE)
    return found.group(1).upper() if found else None
