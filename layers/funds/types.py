"""Kinds of community fund and their levels of governance, as registers write them: data."""

from __future__ import annotations

import re
from functools import cache

import yaml
from pydantic import BaseModel, ConfigDict

from phaenthi.data import shipped
from phaenthi.layers.tables.table_file import plain_header
from phaenthi.wording import Language
from phaenthi.wording.digits import plain_digits

_TYPES_FILE = shipped("phaenthi.layers.funds", "fund_types.yaml")
_LEVELS_FILE = shipped("phaenthi.layers.funds", "fund_levels.yaml")

NEEDS_WORK, MIDDLE, GOOD = 1, 2, 3
"""Levels of governance: **3 is good**."""
GRADES = ("A", "B", "C")
"""Grades of กองทุนแม่ของแผ่นดิน; no source says which is best, so they are no levels."""


class FundType(BaseModel):
    """A kind of fund.

    Attributes
    ----------
    indicators
        Indicators of good governance that it is assessed by, where that is known.
    levels
        Levels or grades that it is put into, as they are printed: ``1`` needs work, ``3`` is
        good; of ``A``, ``B``, ``C`` no order is known.
    capital_baht
        What each fund was given, where that is the same for all.
    words
        How registers name it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    th: str
    en: str
    words: tuple[str, ...]
    levels: tuple[str, ...] = ()
    indicators: int | None = None
    capital_baht: int | None = None

    @property
    def ranked(self) -> bool:
        """Whether its levels run from the one that needs work to the good one."""
        return self.levels == tuple(str(level) for level in (NEEDS_WORK, MIDDLE, GOOD))

    def name(self, language: Language) -> str:
        """Return its name."""
        return self.th if language == "th" else self.en


class _LevelWords(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    words: dict[str, tuple[str, ...]]
    grades: tuple[str, ...]
    orders: dict[str, tuple[str, ...]]


@cache
def fund_types() -> tuple[FundType, ...]:
    """Return the kinds of fund that are known."""
    entries = yaml.safe_load(_TYPES_FILE.read_text(encoding="utf-8"))
    return tuple(FundType.model_validate(entry) for entry in entries)


def fund_type(type_id: str) -> FundType:
    """Return a kind of fund by its id."""
    return next(one for one in fund_types() if one.id == type_id)


def find_fund_type(text: str) -> str | None:
    """Return the id of the kind of fund that a name means, or None; nothing is guessed.

    Spaces, dots, brackets and capitals do not matter.
    """
    return _spellings().get(plain_fund_name(text))


def plain_fund_name(text: str) -> str:
    """Return a kind's name as it is compared: without signs, spaces and the mark ฯ."""
    # What stands in brackets is part of some names, so only the signs go.
    return plain_header(re.sub(r"[()\[\]ฯ']", "", text))


def read_level(text: str) -> tuple[int | None, int | None]:
    """Return what a level says in figures and what it says in words.

    ``ระดับ 3 (ดี)`` gives (3, 3), ``ระดับ ๑`` (1, None), ``ปานกลาง`` (None, 2); both are None
    where it cannot be read.
    """
    bare = re.sub(r"ระดับ(?:ที่)?|level", "", plain_digits(text), flags=re.IGNORECASE)
    pieces = [piece for piece in re.split(r"[\s()\[\]:=–-]+", bare) if piece]
    figure = word = None
    for piece in (*pieces, " ".join(pieces)):
        plain = plain_fund_name(piece)
        if re.fullmatch(r"[123](?:\.0+)?", piece):
            figure = int(piece[0])
        elif plain in _level_words():
            word = _level_words()[plain]
        elif piece in pieces and not _part_of_words(plain):
            return None, None
    return figure, word


def read_grade(text: str) -> str | None:
    """Return the grade A, B or C that a text says, or None."""
    found = re.fullmatch(r"(?:ระดับ|เกรด|grade)?\s*([ABCabc])", text.strip())
    return found.group(1).upper() if found else None


def read_order(text: str) -> str | None:
    """Return ``3_is_good`` or ``1_is_good``, whichever a file declares, or None."""
    for order, words in _levels().orders.items():
        if plain_header(text) in map(plain_header, words):
            return order
    return None


@cache
def _spellings() -> dict[str, str]:
    found: dict[str, str] = {}
    for one in fund_types():
        for name in (one.id, one.th, one.en, *one.words):
            spelling = plain_fund_name(name)
            if found.setdefault(spelling, one.id) != one.id:
                raise ValueError(f"{_TYPES_FILE.name}: {name} is a name of two kinds of fund")
    return found


@cache
def _levels() -> _LevelWords:
    return _LevelWords.model_validate(yaml.safe_load(_LEVELS_FILE.read_text(encoding="utf-8")))


@cache
def _level_words() -> dict[str, int]:
    return {
        plain_fund_name(word): int(level)
        for level, words in _levels().words.items()
        for word in words
    }


def _part_of_words(plain: str) -> bool:
    return any(plain in known for known in _level_words())
