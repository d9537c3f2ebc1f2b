"""The fiscal year of the Buddhist era: 2563 runs from 1 October 2562 to 30 September 2563."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from phaenthi.wording import Problem
from phaenthi.wording.digits import plain_digits

YEARS_AHEAD_OF_CHRIST = 543
# Registers of the Department hold nothing older than 2500; a number beyond 2699 is a slip.
FIRST_YEAR, LAST_YEAR = 2500, 2699
_FIRST_MONTH = 10
_WORDS_BEFORE = r"(?:ปีงบประมาณ|ปี|งบ|FY)?\s*(?:พ\.?\s*ศ\.?|BE)?"
_SPELLING = re.compile(rf"^\s*{_WORDS_BEFORE}\s*(\d+)(?:\.0*)?\s*$", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class FiscalYear:
    """A fiscal year of the Thai government, named by the year of the Buddhist era it ends in.

    Parameters
    ----------
    buddhist
        Four digits, 2500–2699.

    Raises
    ------
    Problem
        ``layers.year_not_buddhist`` for a year of the Common Era, ``layers.year_unreadable``
        for any other number.
    """

    buddhist: int

    def __post_init__(self) -> None:
        """Refuse what is no year of the Buddhist era."""
        if FIRST_YEAR <= self.buddhist <= LAST_YEAR:
            return
        christian = self.buddhist + YEARS_AHEAD_OF_CHRIST
        if FIRST_YEAR <= christian <= LAST_YEAR:
            raise Problem("layers.year_not_buddhist", found=self.buddhist, meant=christian)
        raise Problem("layers.year_unreadable", found=self.buddhist)

    @classmethod
    def parse(cls, text: str | int) -> FiscalYear:
        """Read a year as people write it: ``2563``, ``"ปี ๒๕๖๓"``, ``"พ.ศ. 2563"``.

        Raises
        ------
        Problem
            As the class; a year of two digits is unreadable because it may mean either era.
        """
        found = _SPELLING.match(plain_digits(str(text)))
        if not found:
            raise Problem("layers.year_unreadable", found=text)
        return cls(int(found[1]))

    @classmethod
    def of(cls, day: date) -> FiscalYear:
        """Return the fiscal year that a day lies in."""
        return cls(day.year + YEARS_AHEAD_OF_CHRIST + (day.month >= _FIRST_MONTH))

    @property
    def starts(self) -> date:
        """First day: 1 October of the year before."""
        return date(self.buddhist - YEARS_AHEAD_OF_CHRIST - 1, _FIRST_MONTH, 1)

    @property
    def ends(self) -> date:
        """Last day: 30 September."""
        return date(self.buddhist - YEARS_AHEAD_OF_CHRIST, 9, 30)

    def quarter(self, day: date) -> int:
        """Return the quarter, 1 (October–December) to 4, that a day of this year lies in.

        Raises
        ------
        ValueError
            If the day lies in another fiscal year.
        """
        if not self.starts <= day <= self.ends:
            raise ValueError(f"{day} is not in fiscal year {self.buddhist}")
        return (day.month - _FIRST_MONTH) % 12 // 3 + 1

    def __str__(self) -> str:
        """Return the four digits."""
        return str(self.buddhist)
