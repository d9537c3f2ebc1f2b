"""What registers of plots write in words: titles, states, roles, reasons and areas of land."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from phaenthi.layers.plots.parameters import land_titles
from phaenthi.wording.digits import DIGITS, THAI_DIGITS

STATUSES: tuple[str, ...] = (
    *("applied", "amphoe_checked", "province_checked", "selected", "reserve", "withdrawn"),
)
ROLES: tuple[str, ...] = (
    "owner",
    "community_leader",
    "amphoe_office",
    "provincial_office",
    "committee",
)
"""Who may have judged or decided: a role, never a name."""
REASONS: tuple[str, ...] = (
    *("owner_withdrew", "permission_refused", "site_unsuitable", "no_contractor", "same_plot"),
    *("replaces", "committee_decision"),
)
"""Why a plot's state changed: one of a list, so that no name is written down."""
RED_FLAGS: tuple[str, ...] = (
    *("steep", "basin_or_flow_path", "boulders", "near_waste", "valley", "many_large_trees"),
    "remote",
)

_STATUS_WORDS: Mapping[str, tuple[str, ...]] = {
    "applied": ("สมัคร", "ยื่นสมัคร", "รับสมัคร", "สมัครแล้ว"),
    "amphoe_checked": ("ผ่านอำเภอ", "ผ่านการตรวจระดับอำเภอ", "อำเภอตรวจแล้ว", "ผ่านระดับอำเภอ"),
    "province_checked": ("ผ่านจังหวัด", "ผ่านการตรวจระดับจังหวัด", "จังหวัดตรวจแล้ว", "ผ่านระดับจังหวัด"),
    "selected": ("คัดเลือก", "ได้รับคัดเลือก", "ได้รับการคัดเลือก", "ตัวจริง", "เป้าหมาย"),
    "reserve": ("สำรอง", "แปลงสำรอง", "รายชื่อสำรอง"),
    "withdrawn": ("ถอนตัว", "สละสิทธิ์", "ยกเลิก", "ไม่เข้าร่วม"),
}
_ROLE_WORDS: Mapping[str, tuple[str, ...]] = {
    "owner": ("เจ้าของแปลง", "เจ้าของที่ดิน", "ผู้สมัคร"),
    "community_leader": ("ผู้นำชุมชน", "ผู้ใหญ่บ้าน", "กำนัน"),
    "amphoe_office": ("สพอ", "พัฒนาการอำเภอ", "สำนักงานพัฒนาชุมชนอำเภอ", "พัฒนากร", "อำเภอ"),
    "provincial_office": ("สพจ", "พัฒนาการจังหวัด", "สำนักงานพัฒนาชุมชนจังหวัด", "จังหวัด"),
    "committee": ("คณะกรรมการ", "คณะทำงาน", "กรรมการ"),
}
_NUMBER = r"\d+(?:\.\d+)?"
_DASHED = rf"^\s*({_NUMBER})\s*[-–/]\s*({_NUMBER})\s*[-–/]\s*({_NUMBER})"
# A title before a name and a surname: what nobody may use as the id of a plot.
PERSON = r"^(?:นาย|นางสาว|นาง|น\.ส\.|ด\.ช\.|ด\.ญ\.)\s*[^\s\d]{2,}\s+[^\s\d]{2,}"
SQUARE_METRES_A_RAI, SQUARE_METRES_A_NGAN, SQUARE_METRES_A_WA = 1600, 400, 4


def plain_word(text: str) -> str:
    """Return a text as it is compared: no spaces, full stops or capitals."""
    return re.sub(r"[\s._]", "", text).casefold()


def titles_of(texts: pl.Series) -> pl.Series:
    """Return the id of the land title that each text names; null where none is known.

    A text that says more (โฉนดที่ดินเลขที่ …) is read by the longest name in it.
    """
    names = {
        plain_word(alias): title.id
        for title in land_titles().titles
        for alias in (title.id, title.words.th, title.words.en, *title.aliases)
    }
    longest = sorted(names, key=len, reverse=True)
    found: dict[str, str | None] = {}
    for text in texts.drop_nulls().unique().to_list():
        plain = plain_word(text)
        inside = next((name for name in longest if name in plain), None)
        found[text] = names.get(plain) or (names[inside] if inside else None)
    return pl.Series(texts.name, [found.get(text) for text in texts.to_list()], dtype=pl.String)


def statuses_of(texts: pl.Series) -> pl.Series:
    """Return the id of the state that each text names; null where none is known."""
    return _ids(texts, STATUSES, _STATUS_WORDS)


def roles_of(texts: pl.Series) -> pl.Series:
    """Return the id of the role that each text names; null where none is known.

    A text that holds more, such as a person's name, is not taken over: the role alone is.
    """
    exact = _ids(texts, ROLES, _ROLE_WORDS)
    words = sorted(
        ((word, role) for role, some in _ROLE_WORDS.items() for word in some),
        key=lambda pair: -len(pair[0]),
    )
    found = [
        role or next((one for word, one in words if text and word in plain_word(text)), None)
        for role, text in zip(exact.to_list(), texts.to_list(), strict=True)
    ]
    return pl.Series(texts.name, found, dtype=pl.String)


def _ids(texts: pl.Series, ids: tuple[str, ...], words: Mapping[str, tuple[str, ...]]) -> pl.Series:
    names = {plain_word(word): one for one in ids for word in (one, *words.get(one, ()))}
    found = [None if text is None else names.get(plain_word(text)) for text in texts.to_list()]
    return pl.Series(texts.name, found, dtype=pl.String)


def square_metres(text: str, *, whole_in: float = SQUARE_METRES_A_RAI) -> pl.Expr:
    """Return the area that a column of texts states, in square metres; null where unreadable.

    Understood are ``3-2-45.5`` (ไร่-งาน-ตารางวา), ``3 ไร่ 2 งาน 45 ตร.ว.`` with any of the
    three, and a bare number.

    Parameters
    ----------
    text
        Name of the column.
    whole_in
        Square metres that a bare number counts: ไร่ unless the header says another unit.
    """
    plain = (
        pl.col(text)
        .str.replace_many(list(THAI_DIGITS), list(DIGITS))
        .str.replace_all(r"(\d),(\d{3})", "$1$2")
    )
    dashed = _sum([plain.str.extract(_DASHED, part) for part in (1, 2, 3)])
    named = _sum(
        [
            plain.str.extract(rf"({_NUMBER})\s*{unit}", 1)
            for unit in ("ไร่", "งาน", r"(?:ตร\.?\s*ว|ตารางวา|วา)")
        ]
    )
    bare = plain.str.extract(rf"^\s*({_NUMBER})\s*$", 1).cast(pl.Float64) * whole_in
    metres = plain.str.extract(rf"({_NUMBER})\s*(?:ตร\.?\s*ม|ตารางเมตร)", 1).cast(pl.Float64)
    return pl.coalesce(metres, dashed, named, bare)


def _sum(parts: list[pl.Expr]) -> pl.Expr:
    """Return the sum of ไร่, งาน and ตารางวา in square metres; null where none is there."""
    units = (SQUARE_METRES_A_RAI, SQUARE_METRES_A_NGAN, SQUARE_METRES_A_WA)
    numbers = [
        part.cast(pl.Float64, strict=False) * unit for part, unit in zip(parts, units, strict=True)
    ]
    total = pl.sum_horizontal(number.fill_null(0.0) for number in numbers)
    return pl.when(pl.any_horizontal(number.is_not_null() for number in numbers)).then(total)
