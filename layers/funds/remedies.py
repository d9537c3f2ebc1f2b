"""Which principle of good governance a fund failed, and the remedy that belongs to it: data."""

from __future__ import annotations

import re
from functools import cache

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict

from phaenthi.data import shipped
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.layers.funds.types import plain_fund_name
from phaenthi.wording import Language

_FILE = shipped("phaenthi.layers.funds", "fund_remedies.yaml")
BETWEEN = "; "
"""What stands between the ids of several principles in the layer."""
# People part principles by commas, signs, lines or the word "and".
_PARTED = re.compile(r"[,;|\n•]|\s/\s|\sและ\s?|\s+(?=หลัก|ด้าน)")
REMEDY_COLUMNS = ("fund_id", "village_code", "fund_type", "year", "principle")


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    th: str
    en: str


class _Source(_Words):
    document: str


class Principle(BaseModel):
    """A principle of good governance: its names and what to do where a fund fails it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    th: str
    en: str
    words: tuple[str, ...]
    remedy: _Words

    def name(self, language: Language) -> str:
        """Return its name."""
        return self.th if language == "th" else self.en

    def cure(self, language: Language) -> str:
        """Return what to do where a fund fails it."""
        return self.remedy.th if language == "th" else self.remedy.en


class _Remedies(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    source: _Source
    principles: tuple[Principle, ...]


@cache
def _content() -> _Remedies:
    return _Remedies.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def principles() -> tuple[Principle, ...]:
    """Return the six principles in the order of the source."""
    return _content().principles


def source_of_remedies(language: Language) -> str:
    """Return the document that the remedies come from."""
    source = _content().source
    return source.th if language == "th" else source.en


def find_principle(text: str) -> str | None:
    """Return the id of the principle that a name means, or None; nothing is guessed."""
    return _spellings().get(plain_fund_name(text))


def read_principles(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids of the principles that a cell names, and the names that nobody knows."""
    names = [name.strip() for name in _PARTED.split(text) if name.strip()]
    found = {name: find_principle(name) for name in names}
    known = dict.fromkeys(one for one in found.values() if one is not None)
    ordered = tuple(one.id for one in principles() if one.id in known)
    return ordered, tuple(name for name, one in found.items() if one is None)


def remedies(funds: pd.DataFrame, language: Language = "th") -> pd.DataFrame:
    """Return what to do for each fund: a row a fund and principle that it failed.

    Parameters
    ----------
    funds
        Rows of the layer ``funds``; those of the latest year of each fund, see
        ``phaenthi.layers.funds.summary.latest_funds``.

    Returns
    -------
    pandas.DataFrame
        fund_id, village_code, fund_type, year, principle (id), principle_name, remedy; sorted
        by village, fund and the order of the principles. Funds that failed none, or of which it
        is not known, have no row.
    """
    failed = funds[funds["failed_principles"].notna()]
    rows = failed.assign(principle=failed["failed_principles"].str.split(BETWEEN.strip()))
    rows = rows.explode("principle")[list(REMEDY_COLUMNS)]
    rows["principle"] = rows["principle"].astype("string").str.strip()
    order = {one.id: place for place, one in enumerate(principles())}
    names = {one.id: one.name(language) for one in principles()}
    cures = {one.id: one.cure(language) for one in principles()}
    rows = rows[rows["principle"].isin(list(order))]
    rows = rows.assign(
        principle_name=rows["principle"].map(names).astype("string"),
        remedy=rows["principle"].map(cures).astype("string"),
        place=rows["principle"].map(order),
    )
    ordered = rows.sort_values(["village_code", "fund_id", "place"], ignore_index=True)
    return ordered.drop(columns="place")


def remedy_counts(funds: pd.DataFrame, language: Language = "th") -> pd.DataFrame:
    """Count the funds that failed each principle, so that one activity can serve many.

    Returns
    -------
    pandas.DataFrame
        principle, principle_name, remedy, funds, amphoe (in how many); a row a principle, in the
        order of the source, those that no fund failed with 0.
    """
    rows = remedies(funds, language)
    grouped = rows.groupby("principle")
    counts = grouped["fund_id"].nunique()
    amphoe = parent_code(rows["village_code"].astype("string"), Level.AMPHOE)
    amphoe = amphoe.groupby(rows["principle"]).nunique()
    return pd.DataFrame(
        {
            "principle": pd.array([one.id for one in principles()], dtype="string"),
            "principle_name": pd.array(
                [one.name(language) for one in principles()], dtype="string"
            ),
            "remedy": pd.array([one.cure(language) for one in principles()], dtype="string"),
            "funds": [int(counts.get(one.id, 0)) for one in principles()],
            "amphoe": [int(amphoe.get(one.id, 0)) for one in principles()],
        }
    )


@cache
def _spellings() -> dict[str, str]:
    return {
        plain_fund_name(name): one.id
        for one in principles()
        for name in (one.id, one.th, one.en, *one.words)
    }
