"""What a plan costs by amphoe, by the budget rule of its programme: Word and Excel."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from phaenthi.apps.papers.annex import begin_annex
from phaenthi.apps.papers.digits import baht_in_words
from phaenthi.apps.papers.facts import Facts
from phaenthi.apps.papers.word import PaperTable, Style, Value
from phaenthi.apps.papers.workbook import Sheet, write_workbook
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.wording import Language, Problem, say

NUMBER_WIDTH, NAME_WIDTH, COUNT_WIDTH = 0.9, 3.5, 1.8
# More columns of money than this lie better on a wide sheet.
COLUMNS_UPRIGHT = 4


def budget_by_amphoe(facts: Facts) -> pd.DataFrame:
    """Add up what the target villages of each amphoe cost.

    Returns
    -------
    pandas.DataFrame
        amphoe_code, amphoe_th, villages, one column for each item of the budget rule under its
        id (none where costs differ between villages), baht; sorted by code.

    Raises
    ------
    Problem
        ``papers.no_budget`` when the programme has no budget rule.
    """
    if facts.baht is None:
        raise Problem("papers.no_budget", plan=facts.publication.plan.id)
    table = facts.chosen.groupby("amphoe_code", as_index=False).agg(
        amphoe_th=("amphoe_th", "first"), villages=("village_code", "size"), baht=("baht", "sum")
    )
    items = {item.id: table["villages"] * item.baht_per_unit for item in facts.items}
    return table.drop(columns="baht").assign(**items, baht=table["baht"].astype("int64"))


def write_budget(
    publication: Publication, path: Path, language: Language = "th", *, province: str | None = None
) -> None:
    """Write a province's budget by amphoe as a Word file.

    Parameters, errors
        As :func:`phaenthi.apps.papers.letter.write_memo`, and ``papers.no_budget``.
    """
    facts = Facts.of(publication, province or publication.plan.provinces[0])
    heads, rows = _table(facts, language)
    money = len(heads) - 3
    heading = say("papers.budget.title", language)
    writer = begin_annex(facts, heading, language, landscape=money > COLUMNS_UPRIGHT)
    writer.line("", Style(size=8))
    rest = writer.width - NUMBER_WIDTH - NAME_WIDTH - COUNT_WIDTH
    widths = (NUMBER_WIDTH, NAME_WIDTH, COUNT_WIDTH, *([rest / money] * money))
    writer.table(PaperTable(heads, rows, widths, centred=frozenset({0}), total=True))
    if language == "th" and facts.baht is not None:
        words = say("papers.budget.in_words", language, words=baht_in_words(facts.baht))
        writer.line(words, Style(bold=True, before=6))
    for note in _notes(facts, language):
        writer.line(note, Style(size=14, before=3))
    writer.save(path, publication.plan.decided_on)


def write_budget_workbook(
    publication: Publication, path: Path, language: Language = "th", *, province: str | None = None
) -> None:
    """Write the budget of a province by amphoe as a workbook.

    Parameters, errors
        As :func:`write_budget`.
    """
    facts = Facts.of(publication, province or publication.plan.provinces[0])
    heads, rows = _table(facts, language)
    heading = say("papers.budget.title", language)
    sheet = Sheet(
        title=name_of(facts.province, language)[:31],
        heading=f"{heading} {facts.project(language)}",
        warnings=[say("export.made_up", language)] if publication.made_up else [],
        sentences=[publication.dated(language), *_notes(facts, language)],
        heads=heads,
        rows=rows,
    )
    title = f"{heading} {publication.title(language)}"
    made_on = publication.plan.decided_on
    write_workbook([sheet], path, title, language, made_on=made_on)


def _table(facts: Facts, language: Language) -> tuple[list[str], list[Sequence[Value]]]:
    table = budget_by_amphoe(facts)
    columns = ["villages", *(item.id for item in facts.items), "baht"]
    rows: list[Sequence[Value]] = [
        [number, str(row["amphoe_th"]), *(int(row[column]) for column in columns)]
        for number, row in enumerate(table.to_dict("records"), 1)
    ]
    totals = [int(table[column].sum()) for column in columns]
    rows.append([None, say("documents.total", language), *totals])
    heads = [
        say("papers.annex.number", language),
        say("documents.column.amphoe_th", language),
        say("papers.budget.villages", language),
        *(
            say(
                "papers.budget.item",
                language,
                item=item.words.say(language),
                baht=f"{item.baht_per_unit:,}",
            )
            for item in facts.items
        ),
        say("papers.budget.baht", language),
    ]
    return heads, rows


def _notes(facts: Facts, language: Language) -> list[str]:
    """Say where the costs come from, and which of them the guideline does not print."""
    guideline = facts.guideline(language)
    notes = [say("papers.budget.source", language, guideline=guideline)]
    named = [item.words.say(language) for item in facts.items if item.origin != "stated"]
    if named:
        notes.append(say("papers.budget.inferred", language, items=", ".join(named)))
    return notes
