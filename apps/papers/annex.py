"""The annex of the letters: target villages and reserve by amphoe, readings, decisions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from phaenthi.apps.papers.facts import Facts
from phaenthi.apps.papers.word import Margins, PaperTable, Style, Value, WordWriter
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.wording import Language, say

LYING = Margins(top=2.0, right=2.0, bottom=1.5, left=2.0)
STANDING = Margins(top=2.0, right=1.5, bottom=1.5, left=1.7)
TITLE = Style(size=18, bold=True, align="center")
SUBTITLE = Style(align="center")
HEADING = Style(bold=True, before=12, with_next=True)
NOTE = Style(size=14, before=3)
COLUMNS = ("amphoe_th", "tambon_th", "moo", "name_th", "village_code", "target_households", "need")
WIDTHS = (1.4, 3.4, 3.2, 1.4, 5.7, 3.0, 2.3, 2.3)
BAHT_WIDTH = 3.0


def write_annex(
    publication: Publication, path: Path, language: Language = "th", *, province: str | None = None
) -> None:
    """Write the annex of a province's letters as a Word file, its pages on their side.

    Household counts and points stand as in the register: small ones, and those that would give
    them back, are hidden. No household is named.

    Parameters, errors
        As :func:`phaenthi.apps.papers.letter.write_memo`.
    """
    facts = Facts.of(publication, province or publication.plan.provinces[0])
    heading = say("papers.annex.title", language)
    writer = begin_annex(facts, heading, language)
    counts = {"villages": f"{len(facts.chosen):,}", "amphoe": f"{facts.amphoe:,}"}
    writer.line(say("papers.annex.chosen", language, **counts), HEADING)
    writer.table(_villages(facts, facts.chosen, language, with_baht=True))
    if len(facts.reserve):
        count = f"{len(facts.reserve):,}"
        writer.line(say("papers.annex.reserve", language, villages=count), HEADING)
        writer.table(_villages(facts, facts.reserve, language, with_baht=False))
    for note in _notes(facts, language):
        writer.line(note, NOTE)
    if facts.overrides:
        writer.line(say("papers.annex.overrides", language), HEADING)
        writer.table(_overrides(facts, language))
    if readings := facts.readings(language):
        writer.line(say("papers.annex.readings", language), HEADING)
        heads = [say(f"papers.annex.{name}", language) for name in ("number", "rule", "reading")]
        rows = [(number, *both) for number, both in enumerate(readings, 1)]
        widths = (1.3, 13.2, 11.2)
        writer.table(PaperTable(heads, rows, widths, centred=frozenset({0})))
    writer.save(path, publication.plan.decided_on)


def begin_annex(
    facts: Facts, heading: str, language: Language, *, landscape: bool = True
) -> WordWriter:
    """Begin an annex with what it is, of which programme and province."""
    publication = facts.publication
    made_up = [say("export.made_up", language)] if publication.made_up else []
    title = f"{heading} {publication.title(language)}"
    margins = LYING if landscape else STANDING
    writer = WordWriter(title, language, notices=made_up, landscape=landscape, margins=margins)
    writer.line(heading, TITLE)
    writer.line(facts.project(language), SUBTITLE)
    province = facts.province_name(language)
    writer.line(say("papers.annex.province", language, province=province), SUBTITLE)
    return writer


def _villages(
    facts: Facts, table: pd.DataFrame, language: Language, *, with_baht: bool
) -> PaperTable:
    with_baht = with_baht and facts.baht is not None
    hidden = say("documents.hidden", language)
    columns = (*COLUMNS, *(("baht",) if with_baht else ()))
    rows: list[Sequence[Value]] = [
        [
            int(str(row["place"])),
            *(_cell(row[column], hidden if row["counts_hidden"] else None) for column in columns),
        ]
        for row in table.to_dict("records")
    ]
    if with_baht:
        total = say("documents.total", language)
        rows.append([None, total, *([None] * (len(columns) - 2)), facts.baht])
    return PaperTable(
        heads=[
            say("documents.column.place", language),
            *(say(f"documents.column.{column}", language) for column in COLUMNS),
            *([say("papers.annex.baht", language)] if with_baht else []),
        ],
        rows=rows,
        widths=_spread((*WIDTHS, *((BAHT_WIDTH,) if with_baht else ()))),
        centred=frozenset({0, 3, 5}),
        total=with_baht,
    )


def _spread(widths: Sequence[float]) -> list[float]:
    """Stretch the columns to the width of the page."""
    page = 29.7 - LYING.left - LYING.right
    return [width * page / sum(widths) for width in widths]


def _cell(value: object, hidden: str | None) -> Value:
    if isinstance(value, str):
        return value
    return hidden if pd.isna(value) else int(str(value))  # type: ignore[call-overload]


def _overrides(facts: Facts, language: Language) -> PaperTable:
    names = dict(zip(facts.villages["village_code"], facts.villages["name_th"], strict=True))
    heads = ["village", "decision", "reason"]
    rows = [
        (
            f"{names[one.unit_code]} ({one.unit_code})",
            say(f"documents.override.{one.action}", language, by=one.decided_by),
            one.reason,
        )
        for one in facts.overrides
    ]
    told = [say(f"papers.annex.{head}", language) for head in heads]
    return PaperTable(told, rows, (8.0, 7.0, 10.7))


def _notes(facts: Facts, language: Language) -> list[str]:
    publication = facts.publication
    notes = [say("papers.annex.order", language)]
    if facts.villages["counts_hidden"].any():
        notes.append(say("papers.annex.hidden", language))
    return [*notes, publication.dated(language)]
