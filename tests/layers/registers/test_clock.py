"""Times, lengths and days as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phaenthi.layers.registers.clock import (
    clock_of,
    minutes_of,
    read_clock,
    read_days,
    read_hours,
    read_length,
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("09.00 น.", "09:00"),
        ("๐๙:๓๐", "09:30"),
        ("9 น.", "09:00"),
        ("9:00:00", "09:00"),
        ("24.00", "24:00"),
        ("09.00, 13.00 น.", "09:00;13:00"),
        ("09.00 และ 13.30", "09:00;13:30"),
        ("25.00", None),
        ("09.60", None),
        ("24.01", None),
        ("เช้า", None),
        ("09.00,", None),
    ],
)
def test_times_of_day(text, meant):
    assert read_clock(text) == meant


@given(st.integers(0, 24 * 60))
def test_every_minute_of_the_day_is_written_and_read(minute):
    assert minutes_of(clock_of(minute)) == (minute,)
    assert read_clock(clock_of(minute).replace(":", ".") + " น.") == clock_of(minute)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("09.00-12.00 น.", ("09:00", "12:00")),
        ("๘.๓๐ – ๑๖.๓๐", ("08:30", "16:30")),
        ("09.00 ถึง 12.00, 13.00 ถึง 16.00", ("09:00;13:00", "12:00;16:00")),
        ("ตลอด 24 ชั่วโมง", ("00:00", "24:00")),
        ("09.00", None),
        ("09.00-12.00-13.00", None),
    ],
)
def test_opening_hours(text, meant):
    assert read_hours(text) == meant


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("3 ชั่วโมง", 180),
        ("๓ ชม.", 180),
        ("1 ชม. 30 นาที", 90),
        ("2 ชั่วโมงครึ่ง", 150),
        ("ครึ่งชั่วโมง", 30),
        ("90 นาที", 90),
        ("2.5", 150),
        ("12", 720),
        ("45", 45),
        ("2 hours", 120),
        ("นาน", None),
    ],
)
def test_lengths(text, minutes):
    assert read_length(text) == minutes


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("ทุกวัน (แจ้งล่วงหน้า)", "1234567"),
        ("จันทร์-ศุกร์", "12345"),
        ("ศุกร์ ถึง อาทิตย์", "567"),
        ("เสาร์-จันทร์", "167"),
        ("จ., พ., ศ.", "135"),
        ("วันเสาร์และวันอาทิตย์", "67"),
        ("Sat, Sun", "67"),
        ("พฤ.", "4"),
        ("วันพระ", None),
        ("", None),
    ],
)
def test_days_of_the_week(text, days):
    assert read_days(text) == days
