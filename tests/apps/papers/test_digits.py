"""Numbers on official papers: Thai digits, and baht in words as a cheque has them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phaenthi.apps.papers.digits import baht_in_words, thai_digits

UNITS = ["ศูนย์", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า"]
PLACES = {"สิบ": 10, "ร้อย": 100, "พัน": 1_000, "หมื่น": 10_000, "แสน": 100_000}


def read_words(words: str) -> int:
    """Read an amount in words back, by another way than it was written."""
    bare = words.removesuffix("บาทถ้วน").replace("เอ็ด", "หนึ่ง").replace("ยี่สิบ", "สองสิบ")
    whole = 0
    for part in bare.split("ล้าน"):
        pairs = re.findall(f"({'|'.join(UNITS)})?({'|'.join(PLACES)})?", part)
        below = sum(
            (UNITS.index(unit) if unit else 1) * PLACES.get(place, 1)
            for unit, place in pairs
            if unit or place
        )
        whole = whole * 1_000_000 + below
    return whole


@pytest.mark.parametrize(
    ("baht", "words"),
    [
        (0, "ศูนย์บาทถ้วน"),
        (1, "หนึ่งบาทถ้วน"),
        (11, "สิบเอ็ดบาทถ้วน"),
        (20, "ยี่สิบบาทถ้วน"),
        (21, "ยี่สิบเอ็ดบาทถ้วน"),
        (101, "หนึ่งร้อยเอ็ดบาทถ้วน"),
        (31_200, "สามหมื่นหนึ่งพันสองร้อยบาทถ้วน"),
        (1_000_001, "หนึ่งล้านเอ็ดบาทถ้วน"),
        (8_276_400, "แปดล้านสองแสนเจ็ดหมื่นหกพันสี่ร้อยบาทถ้วน"),
        (65_000_000, "หกสิบห้าล้านบาทถ้วน"),
        (1_000_000_000_000, "หนึ่งล้านล้านบาทถ้วน"),
    ],
)
def test_baht_are_told_in_words(baht, words):
    assert baht_in_words(baht) == words


@given(st.integers(min_value=0, max_value=10**15))
def test_baht_in_words_read_back_to_the_same_amount(baht):
    assert read_words(baht_in_words(baht)) == baht


def test_no_amount_is_below_zero():
    with pytest.raises(ValueError, match="-1"):
        baht_in_words(-1)


def test_digits_become_thai_and_names_with_latin_letters_stay():
    given = "แผน ne-poverty-2563-31-de3874e0 ปี 2563 จำนวน 1,609 หมู่บ้าน A4 โซน 48N 44.5%"
    wanted = "แผน ne-poverty-2563-31-de3874e0 ปี ๒๕๖๓ จำนวน ๑,๖๐๙ หมู่บ้าน A4 โซน 48N ๔๔.๕%"
    assert thai_digits(given) == wanted


@given(st.text(alphabet="0123456789 กขค,./()-"))
def test_without_latin_letters_no_arabic_digit_is_left(text):
    written = thai_digits(text)
    assert not re.search(r"[0-9]", written)
    back = written.translate(str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789"))
    assert back == text
