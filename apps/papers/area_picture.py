"""Areas filled by one figure as a picture to print, with legend, scale, north and sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np

from phaenthi.apps.papers.map_frame import Frame, fit, rings
from phaenthi.apps.papers.map_picture import (
    DEFINITIONS,
    GAP,
    MARGIN,
    PAPERS,
    SIDE,
    TITLE_HEIGHT,
    Layout,
    area_names,
    north_arrow,
    scale_bar,
    typst_points,
)
from phaenthi.apps.papers.typesetting import millimetres, page_source, quote, typeset
from phaenthi.wording import Language, say

LARGEST_NAMED = 40
# Names are larger where few areas leave room.
NAME_SCALE, FEW_NAME_SCALE, FEW_AREAS = 0.8, 1.2, 12
AREA_LINE, MANY_LINE = ("#7d9098", 0.2), ("#c5cfd3", 0.03)
EDGE_LINE, MANY_EDGES_LINE = ("#33474f", 0.5), ("#33474f", 0.15)
# With more areas, or edges, thicker lines would hide what they part.
MANY_AREAS, MANY_EDGES = 400, 30
# A picture inside a printed page, in millimetres; the page says title and source itself.
INSET, INSET_MARGIN = (186.0, 118.0), 1.5


@dataclass(frozen=True)
class AreaPicture:
    """What is drawn, and what must be said with it.

    Attributes
    ----------
    areas
        EPSG:4326, at least one: code, name_th, name_en, geometry.
    colours
        Colour by code; an area without one stays white.
    legend
        What each colour means, in words.
    legend_title
        What is counted, and in which unit.
    title, subtitle
        Which figure, and where.
    notes
        Sentences under the legend: hidden counts, sources, day.
    warnings
        What must be said on every paper: made-up data, approximate boundaries.
    day
        The day that the file bears.
    edges
        Areas one level up, whose lines lie over the fill.
    """

    areas: gpd.GeoDataFrame
    colours: Mapping[str, str]
    legend: Mapping[str, str]
    legend_title: str
    title: str
    subtitle: str
    notes: Sequence[str]
    warnings: Sequence[str]
    day: date
    edges: gpd.GeoDataFrame | None = field(default=None)


def write_area_picture(picture: AreaPicture, path: Path, language: Language = "th") -> None:
    """Write a sheet of A4 with title, map, legend, scale, north and sources.

    Parameters
    ----------
    path
        ``.png`` (300 dots an inch), ``.svg`` or ``.pdf``. The sheet stands or lies, whichever
        shows the areas larger.

    Raises
    ------
    Problem
        As :func:`phaenthi.apps.papers.typesetting.typeset`.
    """
    standing = PAPERS["A4"]
    layouts = [Layout.standing(*standing, 1.0), Layout.lying(*standing[::-1], 1.0)]
    layout = min(layouts, key=lambda one: fit(picture.areas, *one.map_size).denominator)
    frame = fit(picture.areas, *layout.map_size)
    columns = f"({millimetres(layout.map_size[0])}, 1fr)" if layout.lies else "(1fr,)"
    body = "\n".join(
        [
            "#set block(spacing: 0pt)",
            DEFINITIONS,
            f"#block(height: {millimetres(TITLE_HEIGHT)}, width: 100%)[{_title(picture)}]",
            f"#grid(columns: {columns}, gutter: {millimetres(GAP)}, [",
            draw_areas(picture, frame, language),
            "], [",
            _beside(picture, frame, language, lies=layout.lies),
            "])",
        ]
    )
    source = page_source(
        body, width=layout.width, height=layout.height, margin=MARGIN, size=11, language=language
    )
    typeset(source, path, picture.day, f"{picture.title} {picture.subtitle}")


def write_inset(picture: AreaPicture, path: Path, language: Language = "th") -> None:
    """Write the map with legend, scale and north alone, for a page that says the rest itself.

    Parameters, errors
        As :func:`write_area_picture`.
    """
    width, height = INSET
    map_width = width - 2 * INSET_MARGIN - SIDE - GAP
    frame = fit(picture.areas, map_width, height - 2 * INSET_MARGIN)
    body = "\n".join(
        [
            "#set block(spacing: 0pt)",
            DEFINITIONS,
            f"#grid(columns: ({millimetres(map_width)}, 1fr), gutter: {millimetres(GAP)}, [",
            draw_areas(picture, frame, language),
            f"], [\n{_legend(picture)}\n#v(5mm)\n{_scale(frame, language)}\n])",
        ]
    )
    source = page_source(
        body, width=width, height=height, margin=INSET_MARGIN, size=10, language=language
    )
    typeset(source, path, picture.day, picture.title)


def draw_areas(picture: AreaPicture, frame: Frame, language: Language) -> str:
    """Return Typst markup of the map alone, of the frame's size; it needs ``DEFINITIONS``."""
    parts = [f"#sheet({millimetres(frame.width)}, {millimetres(frame.height)})["]
    many = len(picture.areas) > MANY_AREAS
    line = MANY_LINE if many else AREA_LINE
    fills = [picture.colours.get(str(code), "#ffffff") for code in picture.areas["code"]]
    parts += _filled(picture.areas, frame, fills, line)
    if picture.edges is not None and len(picture.edges):
        edge = MANY_EDGES_LINE if len(picture.edges) > MANY_EDGES else EDGE_LINE
        parts += _filled(picture.edges, frame, [None] * len(picture.edges), edge)
    # More names than these would cover what they name.
    named = picture.areas if len(picture.areas) <= LARGEST_NAMED else picture.edges
    if named is not None and 0 < len(named) <= LARGEST_NAMED:
        size = FEW_NAME_SCALE if len(named) <= FEW_AREAS else NAME_SCALE
        parts += area_names(named, frame, np.empty((0, 2)), size, language)
    return "\n".join([*parts, "]"])


def _filled(
    areas: gpd.GeoDataFrame,
    frame: Frame,
    fills: Sequence[str | None],
    line: tuple[str, float],
) -> Iterable[str]:
    colour, pen = line
    stroke = f'(paint: rgb("{colour}"), thickness: {millimetres(pen)}, join: "round")'
    for lines, fill in zip(rings(areas, frame), fills, strict=True):
        drawn = ", ".join(typst_points(ring) for ring in lines if len(ring) > 2)
        if drawn:
            yield f"#area({stroke}, {_paint(fill)}, {drawn})"


def _paint(fill: str | None) -> str:
    return "none" if fill is None else f'rgb("{fill}")'


def _title(picture: AreaPicture) -> str:
    warnings = "".join(
        f'#text(size: 10.5pt, weight: "bold", fill: rgb("#B45309"), {quote(words)})#h(1.5em)'
        for words in picture.warnings
    )
    return (
        f'#text(size: 15pt, weight: "bold", {quote(picture.title)})#h(0.8em)'
        f"#text(size: 13pt, {quote(picture.subtitle)})\\\n{warnings}"
    )


def _beside(picture: AreaPicture, frame: Frame, language: Language, *, lies: bool) -> str:
    legend, scale = _legend(picture), _scale(frame, language)
    zone = frame.crs.name.rpartition(" ")[2]
    told = [*picture.notes, say("papers.map.projection", language, zone=zone)]
    paragraphs = "".join(f"#par({quote(note)})\n" for note in told)
    notes = f"#set par(spacing: 1.6mm, leading: 0.45em)\n#text(size: 8.5pt)[{paragraphs}]"
    if lies:
        return f"{legend}\n#v(5mm)\n{scale}\n#v(3mm)\n{notes}"
    side = millimetres(SIDE)
    return (
        f"#grid(columns: ({side}, {side}, 1fr), gutter: {millimetres(GAP)}, [\n{legend}\n], "
        f"[\n{scale}\n], [\n{notes}\n])"
    )


def _legend(picture: AreaPicture) -> str:
    rows = ", ".join(
        f'rect(width: 7mm, height: 4mm, stroke: 0.2mm + rgb("#7d9098"), fill: rgb("{colour}")), '
        f"{quote(words)}"
        for colour, words in picture.legend.items()
    )
    return (
        f'#text(weight: "bold", {quote(picture.legend_title)})\n#v(2mm)\n'
        f"#grid(columns: (9mm, 1fr), row-gutter: 2mm, column-gutter: 2mm, align: horizon, {rows})"
    )


def _scale(frame: Frame, language: Language) -> str:
    return (
        "#grid(columns: (1fr, 14mm), align: (left + bottom, center + bottom), [\n"
        f"{scale_bar(frame, language, 1.0, str)}\n], [\n{north_arrow(frame, language)}\n])"
    )
