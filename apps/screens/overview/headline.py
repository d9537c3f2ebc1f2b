"""Headline figures of an area with last year's beside them; what is not held is never guessed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import pandas as pd
from markupsafe import Markup

from phaenthi.apps.publication.counts_by_area import hidden_in
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.overview.asked import View
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.places.codes import Level, is_municipal, level_of
from phaenthi.geo.texts import html

State = Literal["held", "hidden", "part", "not_held"]


@dataclass(frozen=True)
class OfYear:
    """A figure of an area in a year.

    Attributes
    ----------
    year
        Buddhist era.
    value
        None unless the state is ``held``.
    state
        ``held``; ``hidden`` where it must not be shown; ``part`` where the year is known for a
        part of the area only; ``not_held``.
    """

    year: int
    value: float | None
    state: State


@dataclass(frozen=True)
class Headline:
    """One figure as it is shown.

    Attributes
    ----------
    label, value, note
        In words.
    beside
        Last year's figure in words; empty where a figure has no years.
    """

    label: str
    value: str
    note: str
    beside: str = ""


@dataclass(frozen=True)
class Gap:
    """Why a figure has no last year beside it: message id, the year, and the figure in words."""

    message: str
    year: int
    figure: str


def say_gaps(gaps: Iterable[Gap]) -> list[str]:
    """Return a sentence for each year and reason, which names every figure that it holds for."""
    figures: dict[tuple[str, int], list[str]] = {}
    for gap in gaps:
        figures.setdefault((gap.message, gap.year), []).append(gap.figure)
    return [
        tell(message, year=year, figure=", ".join(dict.fromkeys(named)))
        for (message, year), named in figures.items()
    ]


def latest_year(by_year: pd.DataFrame, name: str, area: str = "") -> int | None:
    """Return the last year in which a figure is known, or hidden, of an area."""
    rows = by_year[by_year["code"] == area]
    rows = rows[_told(rows, name)]
    return int(rows["year"].max()) if len(rows) else None


def of_year(by_year: pd.DataFrame, area: str, name: str, year: int) -> OfYear:
    """Return a figure of an area in one year; an empty area is the whole country.

    A sum over some of the provinces only would look like a fall: it is ``part`` and not told.
    """
    inside = by_year[(by_year["level"] == _parts_of(area)) & by_year["code"].str.startswith(area)]
    told = inside[_told(inside, name)]
    now, ever = set(told.loc[told["year"] == year, "code"]), set(told["code"])
    if not area or level_of(area) is Level.PROVINCE:
        if not now:
            return OfYear(year, None, "not_held")
        if now != ever:
            return OfYear(year, None, "part")
    rows = by_year[(by_year["code"] == area) & (by_year["year"] == year)]
    rows = rows[_told(rows, name)]
    if rows.empty:
        return OfYear(year, None, "not_held")
    if rows[name].isna().any():
        return OfYear(year, None, "hidden")
    return OfYear(year, float(rows[name].sum()), "held")


def _parts_of(area: str) -> Level:
    return (level_of(area).child or Level.VILLAGE) if area else Level.PROVINCE


def _told(rows: pd.DataFrame, name: str) -> pd.Series:
    """Tell in which rows a figure is known or hidden."""
    return rows[name].notna() | hidden_in(rows, name)


def say_of_year(figure: OfYear, now: float | None = None) -> str:
    """Return a figure of a year in words, with the change since where both are known."""
    if figure.value is None:
        words = tell("overview.table.hidden") if figure.state == "hidden" else "–"
        return tell("overview.beside", year=figure.year, value=words)
    told = tell("overview.beside", year=figure.year, value=f"{figure.value:,.0f}")
    if now is None or not figure.value:
        return told
    change = 100 * (now - figure.value) / figure.value
    sign = "▲" if change > 0 else "▼" if change < 0 else "="
    return f"{told} ({sign} {abs(change):.1f} %)"


def compare(
    by_year: pd.DataFrame, area: str, name: str, now: float | None
) -> tuple[str, list[Gap]]:
    """Return last year's figure in words, and why it is not there (nothing where it is).

    Parameters
    ----------
    now
        What the page shows now; where it is not the figure of the latest year alone, because
        some areas have an older one, that of the latest year is told as well.
    """
    year = latest_year(by_year, name, area)
    if year is None:
        return "–", [Gap("overview.no_years", 0, tell(f"overview.show.{name}"))]
    this, last = (of_year(by_year, area, name, one) for one in (year, year - 1))
    words = [say_of_year(last, this.value)]
    if this.value is not None and now is not None and this.value != now:
        words.insert(0, say_of_year(this))
    if last.state in ("held", "hidden"):
        return " · ".join(words), []
    figure = tell(f"overview.show.{name}")
    return " · ".join(words), [Gap(f"overview.last_{last.state}", last.year, figure)]


def headlines(
    inside: pd.DataFrame, by_year: pd.DataFrame, view: View
) -> tuple[list[Headline], list[str]]:
    """Return the figures of the area and the sentences on what they cannot be compared with."""
    total = inside[inside["code"] == view.area]
    villages, households = int(total["villages"].sum()), int(total["households"].sum())
    poor = _sum(total["poor_households"])
    share = "–" if poor is None or not households else f"{100 * poor / households:.1f}"
    names = ("households", "poor_households", "poor_persons", "target_poor_households")
    beside: dict[str, str] = {}
    why: list[Gap] = []
    for name in names:
        now = households if name == "households" else _sum(total[name])
        beside[name], reason = compare(by_year, view.area, name, now)
        why += reason
    shown = [
        Headline(tell("overview.figure.villages"), f"{villages:,}", _count_areas(inside)),
        Headline(
            tell("overview.figure.households"),
            f"{households:,}",
            tell("overview.figure.households_note", unknown=_told_sum(total["income_unknown"])),
            beside["households"],
        ),
        Headline(
            tell("overview.figure.poor"),
            _told_count(total, "poor_households"),
            tell("overview.figure.poor_note", share=share),
            beside["poor_households"],
        ),
        Headline(
            tell("overview.figure.persons"),
            _told_count(total, "poor_persons"),
            tell("overview.figure.persons_note"),
            beside["poor_persons"],
        ),
        Headline(
            tell("overview.figure.target_poor"),
            _told_count(total, "target_poor_households"),
            tell("overview.figure.target_poor_note"),
            beside["target_poor_households"],
        ),
        _targets(total, by_year, view, villages, why),
    ]
    return shown, say_gaps(why)


def _targets(
    total: pd.DataFrame, by_year: pd.DataFrame, view: View, villages: int, why: list[Gap]
) -> Headline:
    """Return the villages that were targets in the latest fiscal year, and in any."""
    ever = int(total["prior_villages"].sum())
    share = f"{100 * ever / villages:.1f}" if villages else "–"
    note = tell("overview.figure.prior_note", count=f"{ever:,}", share=share)
    year = latest_year(by_year, "prior_villages")
    if year is None:
        why.append(Gap("overview.no_years", 0, tell("overview.show.prior_villages")))
        return Headline(tell("overview.figure.prior_none"), "–", note, "–")
    # A year in which the register names villages elsewhere and none here has none here.
    this, last = (_helped(by_year, view.area, one) for one in (year, year - 1))
    if last.state == "not_held":
        why.append(Gap("overview.last_not_held", year - 1, tell("overview.show.prior_villages")))
    value = "–" if this.value is None else f"{this.value:,.0f}"
    return Headline(
        tell("overview.figure.prior", year=year), value, note, say_of_year(last, this.value)
    )


def _helped(by_year: pd.DataFrame, area: str, year: int) -> OfYear:
    rows = by_year[(by_year["year"] == year) & by_year["prior_villages"].notna()]
    if not (rows["code"] == "").any():
        return OfYear(year, None, "not_held")
    here = rows[rows["code"] == area]
    return OfYear(year, float(here["prior_villages"].sum()), "held")


def _sum(values: pd.Series) -> float | None:
    return None if values.empty or values.isna().any() else float(values.sum())


def _told_sum(values: pd.Series) -> str:
    return f"{int(values.sum()):,}"


def _told_count(total: pd.DataFrame, name: str) -> str:
    """Return a count in words: the number, hidden, or a dash where nothing is known."""
    missing = total[name].isna()
    if (missing & hidden_in(total, name)).any():
        return tell("overview.table.hidden")
    return "–" if total.empty or missing.all() else f"{int(total[name].sum()):,}"


def _count_areas(inside: pd.DataFrame) -> str:
    amphoe = int((inside["level"] == Level.AMPHOE).sum())
    if not amphoe:
        return ""
    tambons = inside.loc[inside["level"] == Level.TAMBON, "code"].astype("string")
    tambon = int((~is_municipal(tambons)).sum())
    return tell("overview.figure.villages_note", amphoe=f"{amphoe:,}", tambon=f"{tambon:,}")


def figures_html(figures: Iterable[Headline]) -> Markup:
    """Return headline figures as HTML that folds into rows on a narrow screen."""
    cells = html.join(
        html.fill(
            '<div class="ph-figure"><div class="ph-figure-label">{}</div><div '
            'class="ph-figure-value">{}</div><div '
            'class="ph-figure-note">{}</div><div '
            'class="ph-figure-beside">{}</div></div>',
            one.label,
            one.value,
            one.note,
            one.beside,
        )
        for one in figures
    )
    return html.fill('<div class="ph-figures ph-headline">{}</div>', cells)


def show(figures: Iterable[Headline], why: Iterable[str]) -> None:
    """Show the figures, and below them why last year's are not there."""
    reasons = html.join(why, " · ")
    below = html.fill('<p class="ph-small">{}</p>', reasons) if reasons else ""
    st.html(figures_html(figures) + below)
