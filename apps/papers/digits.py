"""Numbers as Thai offices write them: Thai digits, and amounts of baht in words."""

from __future__ import annotations

import re

from phaenthi.wording.digits import digits_in_thai

# A word with a Latin letter is a name that somebody types or looks up: a plan, a paper size.
_WORD_OR_NAME = re.compile(r"[A-Za-z0-9_./@-]*[A-Za-z][A-Za-z0-9_./@-]*|\d+")
_UNITS = ("", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")
_PLACES = ("", "สิบ", "ร้อย", "พัน", "หมื่น", "แสน")
_MILLION = 1_000_000


def thai_digits(text: str) -> str:
    """Return a text with Thai digits; words that hold Latin letters stay as they are.

    ``แผน ne-poverty-2563 ปี 2563`` becomes ``แผน ne-poverty-2563 ปี ๒๕๖๓``.
    """
    return _WORD_OR_NAME.sub(lambda found: _in_thai(found.group()), text)


def _in_thai(word: str) -> str:
    return digits_in_thai(word) if word.isdigit() else word


def baht_in_words(baht: int) -> str:
    """Return a whole amount of baht in words, such as ``หกหมื่นหกพันเอ็ดบาทถ้วน``.

    Raises
    ------
    ValueError
        If the amount is negative.
    """
    if baht < 0:
        raise ValueError(f"no amount: {baht}")
    return f"{_words(baht) or 'ศูนย์'}บาทถ้วน"


def _words(number: int) -> str:
    millions, rest = divmod(number, _MILLION)
    before = f"{_words(millions)}ล้าน" if millions else ""
    return before + _below_a_million(rest, after_more=bool(millions))


def _below_a_million(number: int, *, after_more: bool) -> str:
    spoken = ""
    for place in reversed(range(len(_PLACES))):
        digit = number // 10**place % 10
        if not digit:
            continue
        if place == 1 and digit <= 2:
            spoken += "สิบ" if digit == 1 else "ยี่สิบ"
        elif place == 0 and digit == 1 and (spoken or after_more):
            spoken += "เอ็ด"
        else:
            spoken += _UNITS[digit] + _PLACES[place]
    return spoken
