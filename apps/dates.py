"""Days as they are written in Thai offices: the month in words, the year in พ.ศ."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from phaenthi.layers.tables.fiscal_year import YEARS_AHEAD_OF_CHRIST
from phaenthi.wording import Language, say

BANGKOK = ZoneInfo("Asia/Bangkok")


def told_date(when: date | datetime, language: Language = "th") -> str:
    """Return a day in words, such as ``21 พฤศจิกายน 2569``; a moment by the clock of Bangkok."""
    day = when.astimezone(BANGKOK).date() if isinstance(when, datetime) else when
    month = say(f"dates.month_{day.month}", language)
    year = day.year + YEARS_AHEAD_OF_CHRIST
    return say("dates.day", language, day=day.day, month=month, year=year)


def today() -> date:
    """Return today's day in Bangkok."""
    return datetime.now(BANGKOK).date()
