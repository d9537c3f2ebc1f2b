"""One page for executives: what was chosen, where, for how much, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from phaenthi.apps.papers.charts import draw_bars
from phaenthi.apps.papers.digits import thai_digits
from phaenthi.apps.papers.facts import Facts
from phaenthi.apps.papers.map_picture import DEFINITIONS, MapLook, draw_map, map_notes
from phaenthi.apps.papers.typesetting import millimetres, page_source, quote, typeset
from phaenthi.apps.papers.word import Margins, Style, WordWriter
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.wording import Language, say

PAGE = (210.0, 297.0)
MARGIN = 12.0
MAP_WIDTH, MAP_HEIGHT = 92.0, 142.0
WORD_PICTURE_HEIGHT = 104.0
SHOWN = ("chosen", "reserve")
CHART_WIDTH = PAGE[0] - 2 * MARGIN - MAP_WIDTH - 4
WORD_MARGINS = Margins(top=1.6, right=1.5, bottom=1.2, left=1.5)
FIGURE = Style(size=24, bold=True, align="center")
UNDER_FIGURE = Style(size=13, align="center")


def write_summary_pdf(
    publication: Publication, path: Path, language: Language = "th", *, province: str | None = None
) -> None:
    """Write the summary of a province as one page of PDF (or ``.png``, ``.svg``).

    Parameters, errors
        As :func:`phaenthi.apps.papers.letter.write_memo` and
        :func:`phaenthi.apps.papers.map_picture.write_map`.
    """
    facts = Facts.of(publication, province or publication.plan.provinces[0])
    written = thai_digits if language == "th" else str
    drawn, notes = _picture(facts, language, MAP_HEIGHT)
    sentences = "".join(f"#par({quote(written(text))})\n" for text in _sentences(facts, language))
    warnings = "".join(
        f'#text(weight: "bold", fill: rgb("#B45309"), {quote(line)})#h(1.5em)'
        for line in publication.warnings(language)
    )
    shown = _figures(facts, language)
    figures = ", ".join(
        f'align(center)[#text(size: 20pt, weight: "bold", fill: rgb("#0b4a6f"), '
        f"{quote(written(number))})\\ #text(size: 10pt, {quote(told)})]"
        for number, told in shown
    )
    heading = say("papers.summary.title", language)
    place = say("papers.annex.province", language, province=facts.province_name(language))
    body = "\n".join(
        [
            f'#text(size: 17pt, weight: "bold", {quote(heading)})\\',
            f"#text(size: 13pt, {quote(written(f'{facts.project(language)} {place}'))})\\",
            warnings,
            "#v(1mm)",
            f'#grid(columns: {len(shown)} * (1fr,), inset: 2mm, fill: rgb("#eef4f7"), {figures})',
            "#v(1mm)",
            drawn,
            "#v(1mm)",
            sentences,
            "#v(1fr)",
            f'#text(size: 8.5pt, fill: rgb("#44565d"), {quote(written(notes))})',
        ]
    )
    width, height = PAGE
    source = page_source(
        body, width=width, height=height, margin=MARGIN, size=12.5, language=language
    )
    typeset(source, path, publication.plan.decided_on, f"{heading} {publication.title(language)}")


def write_summary(
    publication: Publication, path: Path, language: Language = "th", *, province: str | None = None
) -> None:
    """Write the summary of a province as one page of Word, its map and chart as a picture.

    Parameters, errors
        As :func:`write_summary_pdf`.
    """
    facts = Facts.of(publication, province or publication.plan.provinces[0])
    heading = say("papers.summary.title", language)
    title = f"{heading} {publication.title(language)}"
    writer = WordWriter(
        title, language, notices=publication.warnings(language), margins=WORD_MARGINS
    )
    writer.line(heading, Style(size=20, bold=True, align="center"))
    place = say("papers.annex.province", language, province=facts.province_name(language))
    writer.line(f"{facts.project(language)} {place}", Style(size=15, align="center"))
    figures = _figures(facts, language)
    shares = [len(number) + 6 for number, _ in figures]
    cells = writer.columns([writer.width * share / sum(shares) for share in shares])
    for cell, (number, told) in zip(cells, figures, strict=True):
        writer.in_cell(cell, [number], FIGURE)
        writer.add_to_cell(cell, told, UNDER_FIGURE)
    drawn, notes = _picture(facts, language, WORD_PICTURE_HEIGHT)
    with TemporaryDirectory() as scratch:
        picture = Path(scratch) / "summary.png"
        width = PAGE[0] - 2 * MARGIN
        source = page_source(
            drawn, width=width, height=WORD_PICTURE_HEIGHT, margin=0, size=11.5, language=language
        )
        typeset(source, picture, publication.plan.decided_on)
        writer.picture(picture, writer.width)
    for text in _sentences(facts, language):
        writer.line(text, Style(size=15, align="justify", before=3))
    writer.line(notes, Style(size=11, before=4))
    writer.save(path, publication.plan.decided_on)


def _picture(facts: Facts, language: Language, height: float) -> tuple[str, str]:
    """Return map and chart side by side, and what must be said under them."""
    thai = language == "th"
    look = MapLook(larger=0.8, numbered=False, statuses=SHOWN)
    part = draw_map(facts.publication, (MAP_WIDTH, height), language, look)
    chart = draw_bars(facts, CHART_WIDTH, height, language, numerals_th=thai)
    columns = f"({millimetres(MAP_WIDTH)}, {millimetres(CHART_WIDTH)})"
    drawn = (
        f"{DEFINITIONS}\n#grid(columns: {columns}, gutter: 4mm, [\n{part.source}\n], "
        f"[\n#set text(size: 9pt)\n{chart}\n])"
    )
    scale = say("papers.map.scale", language, denominator=f"{part.frame.denominator:,}")
    return drawn, " · ".join([scale, *map_notes(facts.publication, part, language, numbered=False)])


def _figures(facts: Facts, language: Language) -> list[tuple[str, str]]:
    figures = [
        (f"{len(facts.chosen):,}", say("papers.summary.villages", language)),
        (f"{facts.amphoe:,}", say("papers.summary.amphoe", language)),
        (f"{len(facts.reserve):,}", say("papers.summary.reserve", language)),
    ]
    if facts.baht is not None:
        figures.append((f"{facts.baht:,}", say("papers.summary.baht", language)))
    return figures


def _sentences(facts: Facts, language: Language) -> Sequence[str]:
    counts = {name: f"{count:,}" for name, count in facts.verdicts.items()}
    result = facts.result
    sentences = [
        say("papers.summary.judged", language, villages=f"{len(facts.villages):,}", **counts),
        say(
            f"papers.summary.{facts.standing}",
            language,
            need=facts.publication.told_total(result.need, result.chosen, language),
            ceiling="–"
            if result.ceiling is None
            else facts.publication.told_total(result.ceiling, result.chosen, language),
        ),
    ]
    if facts.overrides:
        sentences.append(say("papers.summary.overrides", language, count=len(facts.overrides)))
    if readings := facts.readings(language):
        sentences.append(say("papers.summary.readings", language, count=len(readings)))
    if missing := facts.missing_layers(language):
        sentences.append(say("papers.summary.missing", language, layers=missing))
    return sentences
