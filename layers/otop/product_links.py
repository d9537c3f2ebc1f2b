"""Families of products that make one cluster together, as documents and offices declare: data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from phaenthi.data import shipped
from phaenthi.layers.groups.families import product_families
from phaenthi.wording import Language, Problem

_FILE = shipped("phaenthi.layers.otop", "product_links.yaml")


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    th: str
    en: str


class ProductLink(BaseModel):
    """Families whose producers may form one cluster.

    Attributes
    ----------
    same
        Families whose products count as the same product.
    linked
        Families that supply or use what the others make.
    origin
        ``stated``, ``inferred`` or ``assumed``.
    document, item, words
        Where it is declared, and what is declared there in our own words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    th: str
    en: str
    same: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    origin: Literal["stated", "inferred", "assumed"]
    document: _Words
    item: _Words | None = None
    words: _Words | None = None

    @property
    def families(self) -> tuple[str, ...]:
        """Every family of the link."""
        return (*self.same, *self.linked)

    def name(self, language: Language) -> str:
        """Return its name."""
        return self.th if language == "th" else self.en


def read_links(path: Path = _FILE) -> tuple[ProductLink, ...]:
    """Read a file of declared links; those of the guideline unless a file is given.

    Raises
    ------
    Problem
        ``layers.product_links_invalid`` with what is wrong: a field, a family that nobody knows,
        or a family in two links, whose producers would be in two clusters at once.
    """
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        links = tuple(ProductLink.model_validate(entry) for entry in entries)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError) as error:
        detail = str(error).splitlines()[0]
        raise Problem("layers.product_links_invalid", file=path, detail=detail) from error
    except ValidationError as error:
        first = error.errors()[0]
        detail = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
        raise Problem("layers.product_links_invalid", file=path, detail=detail) from error
    known = {family.id for family in product_families()}
    seen: set[str] = set()
    for link in links:
        for family in link.families:
            if family not in known or family in seen:
                raise Problem("layers.product_links_invalid", file=path, detail=family)
            seen.add(family)
    return links


def pools(links: Sequence[ProductLink]) -> Mapping[str, str]:
    """Return the pool of each family: the id of its link, or its own."""
    linked = {family: link.id for link in links for family in link.families}
    return {family.id: linked.get(family.id, family.id) for family in product_families()}
