"""Days as Thai offices write them: พ.ศ. or ค.ศ., Thai months, Thai digits, cells of Excel."""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from phaenthi.layers.tables.fiscal_year import (
    FIRST_YEAR,
    LAST_YEAR,
    YEARS_AHEAD_OF_CHRIST,
    FiscalYear,
)
from phaenthi.wording.digits import plain_digits

DATE_SUFFIX = "_date"
"""Ending of a mapped column that holds days in the place of fiscal years."""
_MONTHS = (
    ("ม.ค.", "มกราคม"),
    ("ก.พ.", "กุมภาพันธ์"),
    ("มี.ค.", "มีนาคม"),
    ("เม.ย.", "เมษายน"),
    ("พ.ค.", "พฤษภาคม"),
    ("มิ.ย.", "มิถุนายน"),
    ("ก.ค.", "กรกฎาคม"),
    ("ส.ค.", "สิงหาคม"),
    ("ก.ย.", "กันยายน"),
    ("ต.ค.", "ตุลาคม"),
    ("พ.ย.", "พฤศจิกายน"),
    ("ธ.ค.", "ธันวาคม"),
)
_MONTH_NUMBERS = {
    re.sub(r"[.\s]", "", name): number for number, names in enumerate(_MONTHS, 1) for name in names
}
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$")
_SLASHED = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$")
_WORDED = re.compile(r"^(?:วันที่)?\s*(\d{1,2})\s*([ก-๙.]+?)\s*(?:พ\.?\s*ศ\.?)?\s*(\d{4})$")
_CHRISTIAN = (1957, 2156)


def read_date(text: str) -> date | None:
    """Read a day; None where it cannot be read for certain.

    Understood are ``2562-10-01``, ``1/10/2562`` (day first, as Thai offices write), ``1 ต.ค.
    2562`` and ``1 ตุลาคม พ.ศ. ๒๕๖๒``, each also with a year of the Common Era, and cells of
    Excel that hold a Thai year as if it were of the Common Era. A year of two digits is not
    read: it may mean either era.
    """
    plain = " ".join(plain_digits(text).split())
    if found := _ISO.match(plain):
        year, month, day = (int(part) for part in found.groups())
    elif found := _SLASHED.match(plain):
        day, month, year = (int(part) for part in found.groups())
    elif found := _WORDED.match(plain):
        day, year = int(found[1]), int(found[3])
        month = _MONTH_NUMBERS.get(re.sub(r"[.\s]", "", found[2]), 0)
    else:
        return None
    if FIRST_YEAR <= year <= LAST_YEAR:
        year -= YEARS_AHEAD_OF_CHRIST
    elif not _CHRISTIAN[0] <= year <= _CHRISTIAN[1]:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None  # the thirtieth of February is no day, and the row is told as unreadable


def fiscal_years(texts: pl.Series) -> pl.Series:
    """Return the fiscal year (four digits, as text) that each day lies in.

    What is no day is given back as it stands, so that its row is told with what it holds.
    """
    years = [_fiscal_year(text) for text in texts.to_list()]
    return pl.Series(texts.name, years, dtype=pl.String)


def _fiscal_year(text: str | None) -> str | None:
    day = read_date(text) if text else None
    return str(FiscalYear.of(day)) if day else text
