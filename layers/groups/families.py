"""Which family a product belongs to, by the words that registers use for it: data."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal

import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict

from phaenthi.data import shipped
from phaenthi.wording import Language

_FILE = shipped("phaenthi.layers.groups", "product_families.yaml")


class ProductFamily(BaseModel):
    """A family of products.

    Attributes
    ----------
    category
        OTOP category that it mostly falls into; ``none`` for what OTOP does not register.
    words
        Words that tell a product of the family.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    category: Literal["food", "drink", "cloth", "household", "herb", "none"]
    th: str
    en: str
    words: tuple[str, ...]

    def name(self, language: Language) -> str:
        """Return its name."""
        return self.th if language == "th" else self.en


@cache
def product_families() -> tuple[ProductFamily, ...]:
    """Return the families in the order of the file."""
    entries = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return tuple(ProductFamily.model_validate(entry) for entry in entries)


def product_family(family_id: str) -> ProductFamily:
    """Return a family by its id."""
    return _by_id()[family_id]


def read_product_family(text: str | None) -> str | None:
    """Return the id of the family that a text names, or None where no word of any stands in it.

    The family whose longest word stands in the text, of equals the one whose word stands first;
    an id or a whole name is taken at its word. Spaces, signs and capitals do not matter.
    """
    if text is None:
        return None
    plain = _plain(text)
    if plain in _names():
        return _names()[plain]
    # English words end where a letter follows no more; Thai has no such ends.
    spaced = f" {re.sub('[^a-z]+', ' ', text.casefold())} "
    found = [
        (-len(word), place, family)
        for word, family in _words()
        if (place := (spaced.find(f" {word} ") if word.isascii() else plain.find(word))) >= 0
    ]
    return min(found)[2] if found else None


def read_product_families(texts: pl.Series) -> pl.Series:
    """Return the family of each text; each different text is read once."""
    read = {text: read_product_family(text) for text in texts.drop_nulls().unique().to_list()}
    if not read:
        return pl.Series(texts.name, [None] * texts.len(), dtype=pl.String)
    return texts.replace_strict(read, default=None, return_dtype=pl.String)


def _plain(text: str) -> str:
    composed = unicodedata.normalize("NFC", text.replace("\u0e4d\u0e32", "\u0e33"))
    return re.sub(r"[^\w\u0e00-\u0e7f]|_", "", composed).casefold()


@cache
def _by_id() -> dict[str, ProductFamily]:
    return {family.id: family for family in product_families()}


@cache
def _names() -> dict[str, str]:
    return {
        _plain(name): family.id
        for family in product_families()
        for name in (family.id, family.th, family.en)
    }


@cache
def _words() -> tuple[tuple[str, str], ...]:
    """Return each word, Thai without signs and English in small letters, with its family."""
    found: dict[str, str] = {}
    for family in product_families():
        for word in family.words:
            plain = word.casefold() if word.isascii() else _plain(word)
            if found.setdefault(plain, family.id) != family.id:
                raise ValueError(f"{_FILE.name}: {word} is a word of two families")
    return tuple(found.items())
