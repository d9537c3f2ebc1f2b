"""How ready a group is: 5ก, the grade of its potential, the checklist before OTOP."""

from __future__ import annotations

from functools import cache

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict

from phaenthi.data import shipped
from phaenthi.layers.contracts.groups import FIVE_K
from phaenthi.layers.groups.families import product_families
from phaenthi.wording import Language

_GRADES_FILE = shipped("phaenthi.layers.groups", "group_grading.yaml")
_CHECKLIST_FILE = shipped("phaenthi.layers.groups", "otop_readiness.yaml")


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Worded(_Model):
    th: str
    en: str

    def say(self, language: Language) -> str:
        """Return its words."""
        return self.th if language == "th" else self.en


class Grade(_Worded):
    """A grade of potential: at least how many of 5ก."""

    id: str
    at_least: int


class _Grading(_Model):
    origin: str
    document: str
    grades: tuple[Grade, ...]


class Item(_Worded):
    """An item of the checklist: a yes/no column, a number at least, or a product of OTOP.

    Attributes
    ----------
    source
        Document that asks for it.
    column, at_least
        Column of the layer; a number that it must reach, else a yes/no column, else a text that
        must be there.
    family
        That the family of the product is one of the OTOP categories.
    """

    id: str
    source: str
    column: str | None = None
    at_least: int | None = None
    family: bool = False


class _ByHand(_Worded):
    source: str


class _Checklist(_Model):
    items: tuple[Item, ...]
    by_hand: tuple[_ByHand, ...]


@cache
def grades() -> tuple[Grade, ...]:
    """Return the grades of potential, the best first; they are ours and not the guideline's."""
    grading = _Grading.model_validate(yaml.safe_load(_GRADES_FILE.read_text(encoding="utf-8")))
    return tuple(sorted(grading.grades, key=lambda grade: -grade.at_least))


@cache
def _checklist() -> _Checklist:
    return _Checklist.model_validate(yaml.safe_load(_CHECKLIST_FILE.read_text(encoding="utf-8")))


def checklist() -> tuple[Item, ...]:
    """Return the items that the layer can answer."""
    return _checklist().items


def checked_by_hand(language: Language = "th") -> tuple[str, ...]:
    """Return the items of the checklist that no layer holds."""
    return tuple(item.say(language) for item in _checklist().by_hand)


def five_k(groups: pd.DataFrame) -> pd.DataFrame:
    """Return what each group has of 5ก, and its grade.

    Parameters
    ----------
    groups
        Rows of the layer ``groups``.

    Returns
    -------
    pandas.DataFrame
        group_id, the five columns (``boolean``), present, absent, unknown (of the five), complete
        (``boolean``, missing where that is open), potential (the grade that the office gave, else
        the one that the five give; missing where they leave it open), graded_by (``office``,
        ``five_k`` or missing). Same order and index.
    """
    five = groups[list(FIVE_K)].astype("boolean")
    present = five.fillna(value=False).sum(axis=1).astype("Int64")
    absent = (~five).fillna(value=False).sum(axis=1).astype("Int64")
    unknown = five.isna().sum(axis=1).astype("Int64")
    lowest, highest = _grade_of(present), _grade_of(present + unknown)
    worked_out = lowest.mask(lowest != highest)
    own = groups["potential"].astype("string")
    by = pd.Series(pd.NA, index=groups.index, dtype="string")
    by = by.mask(worked_out.notna(), "five_k").mask(own.notna(), "office")
    complete = pd.Series(pd.NA, index=groups.index, dtype="boolean")
    complete = complete.mask(present == len(FIVE_K), other=True).mask(absent > 0, other=False)
    return pd.DataFrame(
        {
            "group_id": groups["group_id"].astype("string"),
            **{name: five[name] for name in FIVE_K},
            "present": present,
            "absent": absent,
            "unknown": unknown,
            "complete": complete,
            "potential": own.fillna(worked_out),
            "graded_by": by,
        }
    )


def otop_readiness(groups: pd.DataFrame, language: Language = "th") -> pd.DataFrame:
    """Return the checklist of each group before it registers as an OTOP producer.

    Parameters
    ----------
    groups
        Rows of the layer ``groups``.

    Returns
    -------
    pandas.DataFrame
        group_id, registered (``boolean``), a column for each item of :func:`checklist`
        (``boolean``, missing for unknown), met and to_do (how many), ready (yes if all are met,
        no if one is not, else missing), still_to_do and to_find_out (the items in words, parted
        by ``; ``). Same order and index. Items of :func:`checked_by_hand` are not in it.
    """
    answers = pd.DataFrame(
        {item.id: _answer(item, groups) for item in checklist()}, index=groups.index
    )
    words = [item.say(language) for item in checklist()]
    no, open_ = (~answers).fillna(value=False).astype(bool), answers.isna()
    ready = pd.Series(pd.NA, index=groups.index, dtype="boolean")
    ready = ready.mask(answers.fillna(value=False).all(axis=1), other=True)
    ready = ready.mask(no.any(axis=1), other=False)
    return pd.DataFrame(
        {
            "group_id": groups["group_id"].astype("string"),
            "registered": groups["otop_registered"].astype("boolean"),
            **{name: answers[name] for name in answers},
            "met": answers.fillna(value=False).sum(axis=1).astype("Int64"),
            "to_do": no.sum(axis=1).astype("Int64"),
            "ready": ready,
            "still_to_do": _in_words(no, words),
            "to_find_out": _in_words(open_, words),
        }
    )


def _grade_of(present: pd.Series) -> pd.Series:
    grade = pd.Series(pd.NA, index=present.index, dtype="string")
    for one in reversed(grades()):
        grade = grade.mask((present >= one.at_least).astype(bool), one.id)
    return grade


def _answer(item: Item, groups: pd.DataFrame) -> pd.Series:
    if item.family:
        kinds = {one.id: one.category != "none" for one in product_families()}
        return groups["product_family"].map(kinds).astype("boolean")
    values = groups[str(item.column)]
    if item.at_least is not None:
        return (values.astype("Int64") >= item.at_least).astype("boolean")
    if str(item.column).startswith("has_"):
        return values.astype("boolean")
    # A text that nobody wrote may only be not written down.
    return values.notna().astype("boolean").mask(values.isna())


def _in_words(marked: pd.DataFrame, words: list[str]) -> pd.Series:
    """Join the words of the marked items; each different pattern is worded once."""
    if marked.empty:
        return pd.Series(pd.NA, index=marked.index, dtype="string")
    bits = marked.to_numpy(dtype=bool)
    pattern = pd.Series(bits @ (1 << pd.RangeIndex(bits.shape[1]).to_numpy()), index=marked.index)
    said = {
        number: "; ".join(word for place, word in enumerate(words) if number >> place & 1)
        for number in pattern.unique().tolist()
    }
    return pattern.map(said).astype("string")
