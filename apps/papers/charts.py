"""Charts of a plan by amphoe: bars by status, and one small chart for each status."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from phaenthi.apps.maps.legends import STATUS_LOOKS
from phaenthi.apps.papers.digits import thai_digits
from phaenthi.apps.papers.facts import Facts
from phaenthi.apps.papers.typesetting import millimetres, page_source, quote, typeset
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.wording import Language, say

PAGE = (297.0, 210.0)
MARGIN = 10.0
NAME_SHARE, NAME_SHARE_NARROW, NUMBER_WIDTH = 0.2, 0.32, 9.0
NARROW = 150.0
LEGEND_HEIGHT, LEGEND_HEIGHT_NARROW = 14.0, 24.0
Box = tuple[float, float, float, float]
"""Left, top, width and height in millimetres."""


def write_chart(
    publication: Publication,
    path: Path,
    language: Language = "th",
    *,
    province: str | None = None,
    numerals_th: bool = False,
) -> None:
    """Write bars of a province's villages by amphoe and status as a picture.

    Parameters
    ----------
    path
        ``.png`` (300 dots an inch), ``.svg`` or ``.pdf``; A4 on its side.

    Raises
    ------
    Problem
        As :meth:`phaenthi.apps.papers.facts.Facts.of` and
        :func:`phaenthi.apps.papers.typesetting.typeset`.
    """
    facts = Facts.of(publication, province or publication.plan.provinces[0])
    width, height = PAGE[0] - 2 * MARGIN, PAGE[1] - 2 * MARGIN
    chart = draw_bars(facts, width, height - 26, language, numerals_th=numerals_th)
    _write(facts, path, "bars", chart, language, numerals_th=numerals_th)


def write_small_multiples(
    publication: Publication,
    path: Path,
    language: Language = "th",
    *,
    province: str | None = None,
    numerals_th: bool = False,
) -> None:
    """Write one small chart a status, each on its own scale, over the same amphoe.

    Parameters, errors
        As :func:`write_chart`.
    """
    facts = Facts.of(publication, province or publication.plan.provinces[0])
    width, height = PAGE[0] - 2 * MARGIN, PAGE[1] - 2 * MARGIN
    chart = draw_small_multiples(facts, width, height - 26, language, numerals_th=numerals_th)
    _write(facts, path, "multiples", chart, language, numerals_th=numerals_th)


def _write(
    facts: Facts, path: Path, kind: str, chart: str, language: Language, *, numerals_th: bool
) -> None:
    publication = facts.publication
    written = thai_digits if numerals_th else str
    heading = say(f"papers.chart.{kind}", language, province=facts.province_name(language))
    made_up = [say("export.made_up", language)] if publication.made_up else []
    under = [facts.project(language), publication.dated(language)]
    body = "\n".join(
        [
            f'#text(size: 16pt, weight: "bold", {quote(written(heading))})\\',
            *(
                f'#text(size: 10.5pt, weight: "bold", fill: rgb("#B45309"), {quote(line)})\\'
                for line in made_up
            ),
            f"#text(size: 10.5pt, {quote(written(' · '.join(under)))})",
            "#v(2mm)",
            chart,
        ]
    )
    width, height = PAGE
    source = page_source(
        body, width=width, height=height, margin=MARGIN, size=10.5, language=language
    )
    typeset(source, path, publication.plan.decided_on, heading)


def draw_bars(
    facts: Facts, width: float, height: float, language: Language, *, numerals_th: bool = False
) -> str:
    """Return Typst markup of stacked bars, an amphoe a bar, chosen villages first.

    Parameters
    ----------
    width, height
        Of the chart with its legend, in millimetres.
    """
    written = thai_digits if numerals_th else str
    counts = facts.by_status()
    statuses = [status for status in STATUS_LOOKS if status in counts]
    totals = counts[statuses].sum(axis=1)
    name_width = width * (NAME_SHARE if width > NARROW else NAME_SHARE_NARROW)
    room = width - name_width - 2 * NUMBER_WIDTH
    legend_height = LEGEND_HEIGHT if width > NARROW else LEGEND_HEIGHT_NARROW
    step = min((height - legend_height) / len(counts), 12.0)
    scale = room / max(int(totals.max()), 1)
    size = min(step * 1.75, 11.0)
    parts = [_legend(statuses, language), "#v(1.5mm)"]
    parts.append(f"#block(width: {millimetres(width)}, height: {millimetres(step * len(counts))})[")
    for number, row in enumerate(counts.to_dict("records")):
        top, x = number * step, name_width + NUMBER_WIDTH
        name, chosen = str(row["amphoe_th"]), written(f"{int(row.get('chosen', 0)):,}")
        parts.append(_text((0, top, name_width - 2, step), name, size, "right"))
        beside = (name_width, top, NUMBER_WIDTH - 1.5, step)
        parts.append(_text(beside, chosen, size, "right", bold=True))
        for status in statuses:
            length = int(row[status]) * scale
            bar = (x, top + step * 0.15, length, step * 0.7)
            parts.append(_bar(bar, STATUS_LOOKS[status].colour))
            x += length
        told = written(f"{sum(int(row[status]) for status in statuses):,}")
        parts.append(_text((x + 1, top, NUMBER_WIDTH, step), told, size * 0.9, "left"))
    return "\n".join([*parts, "]"])


def draw_small_multiples(
    facts: Facts, width: float, height: float, language: Language, *, numerals_th: bool = False
) -> str:
    """Return Typst markup of one small chart a status, side by side over the same amphoe."""
    written = thai_digits if numerals_th else str
    counts = facts.by_status()
    statuses = [status for status in STATUS_LOOKS if status in counts]
    name_width = width * NAME_SHARE * 0.8
    panel = (width - name_width) / len(statuses)
    head = 9.0
    step = min((height - head) / len(counts), 12.0)
    size = min(step * 1.75, 11.0)
    parts = [
        f"#block(width: {millimetres(width)}, height: {millimetres(head + step * len(counts))})["
    ]
    for number, name in enumerate(counts["amphoe_th"]):
        box = (0, head + number * step, name_width - 2, step)
        parts.append(_text(box, str(name), size, "right"))
    for index, status in enumerate(statuses):
        left = name_width + index * panel
        title = say(f"app.status.{status}", language)
        parts.append(_text((left, 0, panel, head), title, 12.0, "left", bold=True))
        room = (left, head, panel, step)
        parts += _panel(counts[status], room, size, STATUS_LOOKS[status].colour, written)
    return "\n".join([*parts, "]"])


def _panel(
    counts: pd.Series, room: Box, size: float, colour: str, written: Callable[[str], str]
) -> Iterator[str]:
    """Draw the bars of one status; the room's height is that of a row."""
    left, head, width, step = room
    scale = (width - NUMBER_WIDTH - 3) / max(int(counts.max()), 1)
    yield _bar((left - 0.2, head, 0.2, step * len(counts)), "#9aa9af")
    for number, count in enumerate(counts.astype(int)):
        top, length = head + number * step, count * scale
        yield _bar((left, top + step * 0.18, length, step * 0.64), colour)
        told = written(f"{count:,}")
        yield _text((left + length + 1, top, NUMBER_WIDTH, step), told, size * 0.9, "left")


def _legend(statuses: list[str], language: Language) -> str:
    entries = "#h(5mm, weak: true) ".join(
        f'#box[#box(width: 4mm, height: 2.6mm, fill: rgb("{STATUS_LOOKS[status].colour}"))'
        f"#h(1.2mm)#text({quote(say(f'app.status.{status}', language))})]"
        for status in statuses
    )
    explained = say("papers.chart.numbers", language)
    return f"{entries}\\\n#text(size: 9.5pt, {quote(explained)})"


def _bar(box: Box, colour: str) -> str:
    x, y, width, height = (millimetres(value) for value in box)
    if box[2] <= 0:
        return ""
    return (
        f"#place(top + left, dx: {x}, dy: {y}, rect(width: {width}, height: {height}, "
        f'fill: rgb("{colour}"), stroke: 0.1mm + white))'
    )


def _text(box: Box, text: str, size: float, align: str, *, bold: bool = False) -> str:
    x, y, width, height = (millimetres(value) for value in box)
    weight = "bold" if bold else "regular"
    return (
        f"#place(top + left, dx: {x}, dy: {y}, box(width: {width}, height: {height}, "
        f'align({align} + horizon, text(size: {size:.1f}pt, weight: "{weight}", {quote(text)}))))'
    )
