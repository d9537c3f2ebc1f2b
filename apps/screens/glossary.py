"""The official terms: what each means, to hover over, to tap, and to look up."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

import streamlit as st

from phaenthi.apps.screens import page_words
from phaenthi.apps.screens.page_words import tell
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
        name, meaning = (html.escape(text) for text in explain(term, language))
        cells.append(
            f'<span class="ph-term" tabindex="0"><b>{name}</b>'
            f'<span class="ph-meaning" role="tooltip">{meaning}</span></span>'
        )
    label = html.escape(tell("terms"))
    st.html(f'<div class="ph-terms"><span>{label}</span>{"".join(cells)}</div>')


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
        cells = "".join(
            f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(meaning)}</dd></div>"
            for name, meaning in rows
        )
        heading = html.escape(tell(f"help.terms_of.{group}"))
        st.html(f'<h4 class="ph-terms-of">{heading}</h4><dl class="ph-glossary">{cells}</dl>')
    if not some:
        st.info(tell("help.found_none"))
