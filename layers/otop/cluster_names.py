"""What a cluster is called and what joins its members, in Thai and in English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pandas as pd

from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.places.gazetteer import areas
from phaenthi.layers.groups.families import product_families, product_family
from phaenthi.layers.otop.product_links import ProductLink
from phaenthi.wording import LANGUAGES, Language, say

SAME, LINKED, SAME_AND_LINKED = "same", "linked", "same_and_linked"
"""What joins the members: one product, products of a chain, or both (as the letter has it)."""


def joined_by(families: Sequence[str], link: ProductLink | None) -> str:
    """Return what joins the members of a cluster.

    Parameters
    ----------
    families
        Family of each member.
    link
        The declared link that the cluster was formed by, if it was.
    """
    different = set(families)
    same = set(link.same) if link else set()
    if len(different) == 1 or different <= same:
        return SAME
    products = ["" if family in same else family for family in families]
    return SAME_AND_LINKED if len(set(products)) < len(products) else LINKED


def joined_words(kind: str, families: Iterable[str], language: Language) -> str:
    """Return what joins them in words: ``ผลิตภัณฑ์เดียวกัน: ผ้าไหม``."""
    here = set(families)
    names = ", ".join(one.name(language) for one in product_families() if one.id in here)
    return say(f"layers.cluster.{kind}", language, families=names)


def name_clusters(members: pd.DataFrame, links: Mapping[str, ProductLink]) -> pd.DataFrame:
    """Name clusters after what joins them and where they are.

    Parameters
    ----------
    members
        cluster_id, pool, product_family, village_code: the members of clusters.
    links
        Declared links by id; a pool of another name is a family.

    Returns
    -------
    pandas.DataFrame
        Index: cluster_id, sorted. name_th, name_en: product, and tambon, amphoe, two amphoe, or
        the amphoe of most members "and around". Clusters that would be called alike get the
        tambon of most members in brackets, and then a number.
    """
    codes = members["village_code"].astype("string")
    located = members.assign(
        amphoe=parent_code(codes, Level.AMPHOE), tambon=parent_code(codes, Level.TAMBON)
    )
    amphoe, tambon = _areas(located, "amphoe"), _areas(located, "tambon")
    family = located.groupby("cluster_id")["product_family"].agg(["nunique", "first"])
    pool = located.groupby("cluster_id")["pool"].first()
    facts = list(zip(amphoe, tambon, family["nunique"], family["first"], pool, strict=True))
    found = {}
    for language in LANGUAGES:
        plain, fuller = [], []
        for of_amphoe, of_tambon, families, first, pool_ in facts:
            named = families > 1 and pool_ in links
            product = links[pool_].name(language) if named else _family(first, language)
            place = _place(of_amphoe, of_tambon, language)
            within = _within(place, of_tambon, language)
            plain.append(say("layers.cluster.name", language, product=product, place=place))
            fuller.append(say("layers.cluster.name", language, product=product, place=within))
        names = _told_apart(pd.Series(plain, dtype="string"), pd.Series(fuller, dtype="string"))
        found[f"name_{language}"] = names.array
    return pd.DataFrame(found, index=pd.Index(pool.index, name="cluster_id"))


def _told_apart(plain: pd.Series, fuller: pd.Series) -> pd.Series:
    """Give clusters that would be called alike their fuller name, and then a number."""
    names = plain.mask(plain.duplicated(keep=False), fuller)
    number = names.groupby(names).cumcount() + 1
    return names.mask(names.duplicated(keep=False), names + " (" + number.astype("string") + ")")


@dataclass(frozen=True)
class _Areas:
    """The areas of one cluster: how many, the lowest two codes, and that of most members."""

    count: int
    lowest: tuple[str, ...]
    most: str


def _areas(members: pd.DataFrame, column: str) -> list[_Areas]:
    """Return the areas of each cluster, by cluster_id; of areas with equal numbers the lowest."""
    counts = members.groupby(["cluster_id", column], as_index=False).size()
    by_code = counts.groupby("cluster_id", sort=True)[column]
    most = counts.sort_values(["cluster_id", "size", column], ascending=[True, False, True])
    first, last = by_code.first(), by_code.nth(1)
    second = pd.Series(last.array, index=counts.loc[last.index, "cluster_id"]).reindex(first.index)
    lowest = zip(first, second.fillna(""), strict=True)
    return [
        _Areas(int(count), tuple(str(code) for code in two if code), str(code_of_most))
        for count, two, code_of_most in zip(
            by_code.size(),
            lowest,
            most.drop_duplicates("cluster_id")[column],
            strict=True,
        )
    ]


def _place(amphoe: _Areas, tambon: _Areas, language: Language) -> str:
    if amphoe.count > 2:
        most = _name(amphoe.most, language)
        return say("layers.cluster.place.around", language, amphoe=most)
    names = [_name(code, language) for code in amphoe.lowest]
    if amphoe.count == 2:
        return say("layers.cluster.place.two", language, first=names[0], second=names[1])
    if tambon.count == 1 and tambon.most in _area_names(language):
        here = _name(tambon.most, language)
        return say("layers.cluster.place.tambon", language, tambon=here, amphoe=names[0])
    return say("layers.cluster.place.amphoe", language, amphoe=names[0])


def _within(place: str, tambon: _Areas, language: Language) -> str:
    if tambon.count == 1:
        return place
    most = _name(tambon.most, language)
    return say("layers.cluster.place.within", language, place=place, tambon=most)


@cache
def _family(family: str, language: Language) -> str:
    return product_family(family).name(language)


def _name(code: str, language: Language) -> str:
    # Municipal areas and abolished codes are in no list of today's names.
    return _area_names(language).get(code, code)


@cache
def _area_names(language: Language) -> Mapping[str, str]:
    tables = [areas(level) for level in (Level.PROVINCE, Level.AMPHOE, Level.TAMBON)]
    table = pd.concat(tables)
    return dict(zip(table["code"], table[f"name_{language}"], strict=True))


def amphoe_names(codes: Iterable[str], language: Language) -> str:
    """Return the names of amphoe, joined, by their codes."""
    return ", ".join(_name(code, language) for code in sorted(set(codes)))
