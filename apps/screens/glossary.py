"""The official terms: what each means, to hover over, to tap, and to look up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from phaenthi.apps.screens import page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import html
from phaenthi.wording import Language, say

GROUPS: Mapping[str, tuple[str, ...]] = {
    "choice": (
        "target_village",
        "allotment",
        "cap",
        "need",
        "place",
        "reserve",
        "overlap",
        "price",
        "certificate",
        "verdict_met",
        "verdict_not_met",
        "verdict_unknown",
    ),
    "rules": (
        "guideline",
        "reading",
        "force_must",
        "force_should",
        "force_may",
        "fiscal_year",
    ),
    "people": (
        "target_households",
        "target_poor",
        "developable",
        "poverty_line",
        "bmn",
        "tpmap",
        "nrd2c",
        "hidden_counts",
    ),
    "work": (
        "sammachip",
        "sufficiency_village",
        "community_sage",
        "village_forum",
        "five_k",
        "poverty_fund",
        "governance_level",
        "d_hope",
        "khok_nong_na",
    ),
}


def explain(term: str, language: Language) -> tuple[str, str]:
    """Return what a term is called and what it means.

    Parameters
    ----------
    term
        An id of ``glossary``, whose sentences begin with the term and a colon.
    """
    name, _, meaning = say(f"glossary.{term}", language).partition(": ")
    return name, meaning


def show_terms(terms: Sequence[str]) -> None:
    """Show terms in a line; hovering over one, tapping it or reaching it by key explains it."""
    language = page_words.language()
    cells = []
    for term in terms:
        name, meaning = explain(term, language)
        cells.append(
            html.fill(
                '<span class="ph-term" tabindex="0"><b>{}</b><span '
                'class="ph-meaning" role="tooltip">{}</span></span>',
                name,
                meaning,
            )
        )
    label = tell("terms")
    st.html(html.fill('<div class="ph-terms"><span>{}</span>{}</div>', label, html.join(cells)))


def show_all(wanted: str = "") -> None:
    """Show every term with its meaning, or those that hold some words."""
    language = page_words.language()
    sought = wanted.strip().lower()
    some = False
    for group, terms in GROUPS.items():
        rows = [explain(term, language) for term in terms]
        rows = [row for row in rows if sought in f"{row[0]} {row[1]}".lower()]
        if not rows:
            continue
        some = True
        cells = html.join(
            html.fill("<div><dt>{}</dt><dd>{}</dd></div>", name, meaning) for name, meaning in rows
        )
        heading = tell(f"help.terms_of.{group}")
        st.html(
            html.fill(
                '<h4 class="ph-terms-of">{}</h4><dl class="ph-glossary">{}</dl>', heading, cells
            )
        )
    if not some:
        st.info(tell("help.found_none"))
