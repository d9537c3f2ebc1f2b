"""Times of day, lengths and days of the week as people write them."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from phaenthi.layers.registers.incoming import IncomingRows
from phaenthi.layers.tables.table_file import ROW
from phaenthi.wording.digits import plain_digits

ROUNDS = ";"
"""Between the times of several rounds of one day."""
EVERY_DAY = "1234567"
"""Days of the week as digits, Monday is 1."""
MINUTES_A_DAY = 24 * 60
MOST_BARE_HOURS = 12

_TIME = re.compile(r"^(\d{1,2})(?:[.:](\d{2}))?(?:[.:]00)?(?:น\.?|นาฬิกา)?$")
_BETWEEN_ROUNDS = re.compile(r"[,;/]|และ|กับ")
_UNTIL = re.compile(r"[-–—]|ถึง|to")
_HOURS = re.compile(r"(\d+(?:\.\d+)?)(?:ชั่วโมง|ชม\.?|hours?|hrs?|h)")
_MINUTES = re.compile(r"(\d+)(?:นาที|น\.|minutes?|mins?|m)")
_HALF = re.compile(r"ครึ่ง(?:ชั่วโมง|ชม\.?)?$")
_DAYS = {
    "1": ("จันทร์", "จ", "mon", "monday"),
    "2": ("อังคาร", "อ", "tue", "tuesday"),
    "3": ("พุธ", "พ", "wed", "wednesday"),
    "4": ("พฤหัสบดี", "พฤหัส", "พฤ", "thu", "thursday"),
    "5": ("ศุกร์", "ศ", "fri", "friday"),
    "6": ("เสาร์", "ส", "sat", "saturday"),
    "7": ("อาทิตย์", "อา", "sun", "sunday"),
}
_DAY_OF_WORD = {word: day for day, words in _DAYS.items() for word in words}
_GROUPS = {
    "ทุกวัน": EVERY_DAY,
    "everyday": EVERY_DAY,
    "daily": EVERY_DAY,
    "วันธรรมดา": "12345",
    "วันทำการ": "12345",
    "weekdays": "12345",
    "วันหยุด": "67",
    "เสาร์อาทิตย์": "67",
    "weekend": "67",
    "weekends": "67",
}


def read_clock(text: str) -> str | None:
    """Return a time of day as ``HH:MM``, or those of several rounds; None if unreadable.

    ``09.00 น.``, ``๙:๓๐``, ``9 น.``, ``9:00:00`` and ``09.00, 13.00 น.`` are read; 24:00 is the
    end of the day.
    """
    times = [_one_time(part) for part in _BETWEEN_ROUNDS.split(_plain(text))]
    known = [time for time in times if time is not None]
    return ROUNDS.join(known) if known and len(known) == len(times) else None


def _one_time(text: str) -> str | None:
    found = _TIME.match(text)
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if minute > 59 or hour * 60 + minute > MINUTES_A_DAY:
        return None
    return f"{hour:02d}:{minute:02d}"


def read_hours(text: str) -> tuple[str, str] | None:
    """Return opening and closing times of ``09.00–12.00, 13.00–16.00 น.``; None if unreadable."""
    plain = _plain(text)
    if plain in ("ตลอดวัน", "ตลอด24ชั่วโมง", "24ชั่วโมง", "24hours"):
        return "00:00", "24:00"
    opens, closes = [], []
    for part in _BETWEEN_ROUNDS.split(plain):
        ends = _UNTIL.split(part)
        if len(ends) != 2:
            return None
        first, last = _one_time(ends[0]), _one_time(ends[1])
        if first is None or last is None:
            return None
        opens.append(first)
        closes.append(last)
    return ROUNDS.join(opens), ROUNDS.join(closes)


def read_length(text: str) -> int | None:
    """Return a length in minutes: ``3 ชั่วโมง``, ``1 ชม. 30 นาที``, ``2 ชั่วโมงครึ่ง``, ``90``.

    A number without a unit means hours up to 12 and minutes beyond. None if unreadable.
    """
    plain = _plain(text)
    try:
        bare = float(plain)
    except ValueError:
        pass
    else:
        return round(bare * 60) if bare <= MOST_BARE_HOURS else round(bare)
    hours, minutes, half = _HOURS.search(plain), _MINUTES.search(plain), _HALF.search(plain)
    if hours is None and minutes is None and half is None:
        return None
    total = float(hours[1]) * 60 if hours else 0.0
    return round(total + (int(minutes[1]) if minutes else 0) + (30 if half else 0))


def read_days(text: str) -> str | None:
    """Return days of the week as digits (Monday 1): ``จันทร์–ศุกร์``, ``ส., อา.``, ``ทุกวัน``.

    None if unreadable. What stands in brackets, such as "ask beforehand", is left out.
    """
    plain = _plain(re.sub(r"[(\[].*?[)\]]", "", text)).replace("วันที่", "")
    if plain in _GROUPS:
        return _GROUPS[plain]
    days: set[str] = set()
    for part in _BETWEEN_ROUNDS.split(plain):
        ends = [_one_day(word) for word in _UNTIL.split(part)]
        if len(ends) > 2 or None in ends:
            return None
        known = [day for day in ends if day is not None]
        first, last = int(known[0]), int(known[-1])
        days.update(
            str((day - 1) % 7 + 1) for day in range(first, last + (7 if last < first else 0) + 1)
        )
    return "".join(sorted(days)) or None


def _one_day(word: str) -> str | None:
    return _DAY_OF_WORD.get(word.replace(".", "").removeprefix("วัน"))


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", plain_digits(text)).casefold()


def with_reading(
    incoming: IncomingRows,
    column: str,
    into: str,
    read: Callable[[str], object | None],
    kind: pl.DataType,
    problem: str,
) -> IncomingRows:
    """Return the incoming rows with a column of texts read into another.

    Parameters
    ----------
    column, into
        Column of texts (nothing happens where the file has none), and the column that takes
        what is read, where it is not known already.
    read
        Reads one text; None is unreadable.
    problem
        Id of the problem that the first unreadable cell raises, with its row and text.
    """
    if column not in incoming.rows.columns:
        return incoming
    told = incoming.rows[column].drop_nulls().unique().sort().to_list()
    meant = {text: read(text) for text in told}
    unread = [text for text, value in meant.items() if value is None]
    if unread:
        first = incoming.rows.filter(pl.col(column).is_in(unread)).sort(ROW).row(0, named=True)
        raise incoming.problem(problem, first[ROW], column, found=first[column])
    read_values = pl.col(column).replace_strict(meant, default=None, return_dtype=kind)
    if into in incoming.rows.columns and into != column:
        read_values = pl.coalesce(pl.col(into).cast(kind), read_values)
    return incoming.with_rows(incoming.rows.with_columns(read_values.alias(into)))


def minutes_of(clock: str) -> tuple[int, ...]:
    """Return times such as ``09:00;13:30`` as minutes after midnight."""
    return tuple(int(time[:2]) * 60 + int(time[3:5]) for time in clock.split(ROUNDS))


def clock_of(minutes: int) -> str:
    """Return minutes after midnight as ``HH:MM``."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
