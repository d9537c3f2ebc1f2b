"""The map of a plan as a picture to print, with legend, scale, north and sources."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from phaenthi.apps.maps.legends import STATUS_LOOKS, Look
from phaenthi.apps.papers.digits import thai_digits
from phaenthi.apps.papers.labels import place_labels
from phaenthi.apps.papers.map_frame import Frame, Points, fit, rings
from phaenthi.apps.papers.typesetting import millimetres, page_source, quote, typeset
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.layers.contracts.boundaries import LEVELS
from phaenthi.wording import Language, Problem, say

Paper = Literal["A4", "A3"]
PAPERS = {"A4": (210.0, 297.0), "A3": (297.0, 420.0)}
"""Width and height in millimetres of a sheet that stands."""
MARGIN = 8.0
SIDE, FOOT = 62.0, 52.0
GAP = 4.0
TITLE_HEIGHT = 20.0
# Radius in millimetres on A4. Chosen villages hold their place in the annex.
RADII = {"chosen": 1.6, "reserve": 1.2, "eligible": 0.4, "unknown": 0.7, "excluded": 0.5}
LINES = {"tambon": ("#c5cfd3", 0.15), "amphoe": ("#647c86", 0.45), "province": ("#33474f", 0.8)}
NAME_POINTS = 8.5
DEFINITIONS = """
#let ring(points) = (
  curve.move((points.at(0).at(0) * 1mm, points.at(0).at(1) * 1mm)),
  ..points.slice(1).map(p => curve.line((p.at(0) * 1mm, p.at(1) * 1mm))),
  curve.close(),
)
#let area(line, fill, ..rings) = place(top + left, curve(
  stroke: line, fill: fill, fill-rule: "even-odd", ..rings.pos().map(ring).flatten()))
#let sheet(width, height, body) = box(width: width, height: height, clip: true,
  stroke: 0.25mm + rgb("#33474f"), fill: rgb("#eef3f5"), body)
#let at(x, y, body) = place(top + left, dx: x * 1mm, dy: y * 1mm, place(center + horizon, body))
#let circle-of(r, paint) = circle(radius: r * 1mm, fill: paint, stroke: 0.15mm + white)
#let square-of(r, paint) = square(size: 2mm * r, fill: paint)
#let diamond-of(r, paint) = polygon(fill: paint, stroke: 0.15mm + white,
  (0mm, 1mm * r), (1mm * r, 0mm), (2mm * r, 1mm * r), (1mm * r, 2mm * r))
#let triangle-of(r, paint) = polygon(fill: paint, (1mm * r, 0mm), (2mm * r, 1.8mm * r),
  (0mm, 1.8mm * r))
#let cross-of(r, paint) = curve(stroke: 0.2mm + paint,
  curve.move((0mm, 0mm)), curve.line((2mm * r, 2mm * r)),
  curve.move((2mm * r, 0mm)), curve.line((0mm, 2mm * r)))
#let number(size, body) = text(size: size * 1pt, weight: "bold", fill: white,
  top-edge: "cap-height", bottom-edge: "baseline", body)
#let name(size, body) = {
  place(center + horizon, text(size: size * 1pt, weight: "bold", stroke: 0.6mm + white, body))
  place(center + horizon, text(size: size * 1pt, weight: "bold", fill: rgb("#26363d"), body))
}
"""


@dataclass(frozen=True)
class MapLook:
    """How a map is drawn.

    Attributes
    ----------
    larger
        How much larger than on A4 symbols and names are.
    numerals_th
        Whether numbers are in Thai digits.
    numbered
        Whether the chosen villages of a single province bear their places.
    statuses
        Which villages are drawn.
    """

    larger: float = 1.0
    numerals_th: bool = False
    numbered: bool = True
    statuses: Collection[str] = tuple(STATUS_LOOKS)


@dataclass(frozen=True)
class MapPart:
    """A drawn map and what its legend must tell.

    Attributes
    ----------
    source
        Typst markup of a box of the frame's size; it needs :data:`DEFINITIONS` before it.
    counts
        Villages of the plan by status.
    unplaced
        Villages without a point.
    """

    source: str
    frame: Frame
    counts: dict[str, int]
    unplaced: int


def write_map(
    publication: Publication,
    path: Path,
    language: Language = "th",
    *,
    paper: Paper = "A4",
    numerals_th: bool = False,
) -> None:
    """Write the map of a plan as a picture or a page to print.

    Parameters
    ----------
    path
        ``.png`` (300 dots an inch), ``.svg`` or ``.pdf``.
    paper
        The sheet stands or lies, whichever shows more of the ground's detail.
    numerals_th
        Whether numbers are in Thai digits.

    Raises
    ------
    Problem
        ``papers.no_boundaries`` when the workspace has none; ``papers.no_thai_font``;
        ``papers.picture_format``.
    """
    standing = PAPERS[paper]
    larger = standing[0] / PAPERS["A4"][0]
    # The sheet stands or lies, whichever shows the province larger.
    layouts = [Layout.standing(*standing, larger), Layout.lying(*standing[::-1], larger)]
    shown = _boundaries(publication)
    widest = shown[list(shown)[-1]]
    layout = min(layouts, key=lambda one: fit(widest, *one.map_size).denominator)
    look = MapLook(larger=larger, numerals_th=numerals_th)
    part = draw_map(publication, layout.map_size, language, look)
    written = thai_digits if numerals_th else str
    beside = _beside(publication, part, layout, language, written)
    columns = f"({millimetres(layout.map_size[0])}, 1fr)" if layout.lies else "(1fr,)"
    body = "\n".join(
        [
            "#set block(spacing: 0pt)",
            DEFINITIONS,
            f"#block(height: {millimetres(TITLE_HEIGHT * larger)}, width: 100%)[",
            _title(publication, language, larger, written),
            "]",
            f"#grid(columns: {columns}, gutter: {millimetres(GAP)}, [",
            part.source,
            "], [",
            beside,
            "])",
        ]
    )
    source = page_source(
        body,
        width=layout.width,
        height=layout.height,
        margin=MARGIN,
        size=11 * larger,
        language=language,
    )
    typeset(source, path, publication.plan.decided_on, publication.title(language))


@dataclass(frozen=True)
class Layout:
    """A sheet and the room that its map has, in millimetres."""

    width: float
    height: float
    larger: float
    lies: bool
    map_size: tuple[float, float]

    @classmethod
    def lying(cls, width: float, height: float, larger: float) -> Layout:
        """Return a sheet that lies, with what explains the map beside it."""
        map_width = width - 2 * MARGIN - GAP - SIDE * larger
        map_height = height - 2 * MARGIN - TITLE_HEIGHT * larger
        return cls(width, height, larger, lies=True, map_size=(map_width, map_height))

    @classmethod
    def standing(cls, width: float, height: float, larger: float) -> Layout:
        """Return a sheet that stands, with what explains the map below it."""
        map_height = height - 2 * MARGIN - GAP - (TITLE_HEIGHT + FOOT) * larger
        return cls(width, height, larger, lies=False, map_size=(width - 2 * MARGIN, map_height))


def draw_map(
    publication: Publication,
    size: tuple[float, float],
    language: Language,
    look: MapLook | None = None,
) -> MapPart:
    """Draw the map alone: areas, villages by status, names of amphoe (or of several provinces).

    Parameters
    ----------
    size
        Width and height of the map, in millimetres.

    Raises
    ------
    Problem
        ``papers.no_boundaries``.
    """
    look = look or MapLook()
    boundaries = _boundaries(publication)
    frame = fit(boundaries[list(boundaries)[-1]], *size)
    table = publication.villages[publication.villages["status"].isin(look.statuses)]
    placed = table[table.geometry.notna()]
    chosen = _on_paper(placed[placed["status"] == "chosen"], frame)
    numbered = look.numbered and len(publication.plan.provinces) == 1
    written = thai_digits if look.numerals_th else str
    parts = [
        f"#sheet({millimetres(size[0])}, {millimetres(size[1])})[",
        *_areas(boundaries, frame),
        *_villages(placed, frame, look.larger, written if numbered else None),
    ]
    # Names of amphoe would cover a map of several provinces.
    named = "amphoe" if len(publication.plan.provinces) == 1 else "province"
    if named in boundaries:
        parts += area_names(boundaries[named], frame, chosen, look.larger, language)
    parts.append("]")
    counts = {str(name): int(n) for name, n in table["status"].value_counts().items()}
    return MapPart("\n".join(parts), frame, counts, len(table) - len(placed))


def _boundaries(publication: Publication) -> dict[str, gpd.GeoDataFrame]:
    """Return the areas that are drawn by level, the smallest first."""
    found = {level.value: publication.boundaries(level) for level in reversed(LEVELS)}
    found = {level: areas for level, areas in found.items() if len(areas)}
    if not found:
        raise Problem("papers.no_boundaries")
    return found


def _areas(boundaries: dict[str, gpd.GeoDataFrame], frame: Frame) -> Iterable[str]:
    """Draw the areas, the smallest first; the ground of the whole is white."""
    for number, (level, areas) in enumerate(boundaries.items()):
        colour, pen = LINES[level]
        fill = "white" if number == 0 else "none"
        line = f'(paint: rgb("{colour}"), thickness: {millimetres(pen)}, join: "round")'
        for lines in rings(areas, frame):
            drawn = ", ".join(typst_points(ring) for ring in lines if len(ring) > 2)
            if drawn:
                yield f"#area({line}, {fill}, {drawn})"


def typst_points(points: Points) -> str:
    """Return points (n × 2, in millimetres) as Typst's array."""
    return "(" + ", ".join(f"({x:.2f}, {y:.2f})" for x, y in points) + ")"


def _on_paper(villages: gpd.GeoDataFrame, frame: Frame) -> Points:
    metric = villages.geometry.to_crs(frame.crs)
    return frame.place(np.column_stack([metric.x, metric.y]).reshape(-1, 2))


def _villages(
    placed: gpd.GeoDataFrame,
    frame: Frame,
    larger: float,
    written: Callable[[str], str] | None,
) -> Iterable[str]:
    """Draw the villages; what is to be seen first is drawn last and lies on top."""
    for status, look in reversed(list(STATUS_LOOKS.items())):
        rows = placed[placed["status"] == status]
        symbol = _symbol(look, RADII[status] * larger)
        spots = _on_paper(rows, frame)
        for (x, y), place in zip(spots, rows["place"], strict=True):
            yield f"#at({x:.2f}, {y:.2f}, {symbol})"
            if status == "chosen" and written is not None and not pd.isna(place):
                told, size = quote(written(str(int(place)))), 5.2 * larger
                yield f"#at({x:.2f}, {y:.2f}, number({size:.2f}, {told}))"


def _symbol(look: Look, radius: float) -> str:
    return f'{look.shape}-of({radius:.2f}, rgb("{look.colour}"))'


def area_names(
    areas: gpd.GeoDataFrame, frame: Frame, chosen: Points, larger: float, language: Language
) -> Iterable[str]:
    """Write the names of the areas, the smallest areas choosing their places first."""
    metric = areas.geometry.to_crs(frame.crs)
    order = metric.area.argsort().to_numpy()
    middles = metric.representative_point()
    wanted = frame.place(np.column_stack([middles.x, middles.y]))[order]
    names = areas[f"name_{language}"].to_numpy()[order]
    size = NAME_POINTS * larger
    page = (frame.width, frame.height)
    for label in place_labels(list(names), wanted, chosen, points=size, page=page):
        yield f"#at({label.x:.2f}, {label.y:.2f}, name({size:.2f}, {quote(label.text)}))"


# -- what stands beside the map --------------------------------------------------------------------


def _title(
    publication: Publication, language: Language, larger: float, written: Callable[[str], str]
) -> str:
    size = 14 * larger
    told = quote(written(publication.title(language)))
    title = f'#text(size: {size:.1f}pt, weight: "bold", {told})'
    warnings = "".join(
        f'#text(size: {10.5 * larger:.1f}pt, weight: "bold", fill: rgb("#B45309"), '
        f"{quote(written(warning))})#h(1.5em)"
        for warning in publication.warnings(language)
    )
    return f"{title}\\\n{warnings}"


def _beside(
    publication: Publication,
    part: MapPart,
    layout: Layout,
    language: Language,
    written: Callable[[str], str],
) -> str:
    """Return what stands beside or under the map: legend, scale, north, sources."""
    legend = _legend(part, language, layout.larger, written)
    scale = (
        "#grid(columns: (1fr, 14mm), align: (left + bottom, center + bottom), [\n"
        f"{scale_bar(part.frame, language, layout.larger, written)}\n], [\n"
        f"{north_arrow(part.frame, language)}\n])"
    )
    told = "".join(
        f"#par({quote(written(note))})\n" for note in map_notes(publication, part, language)
    )
    notes = (
        f"#set par(spacing: 1.6mm, leading: 0.45em)\n#text(size: {8.5 * layout.larger:.1f}pt)"
        f"[{told}]"
    )
    if layout.lies:
        return f"{legend}\n#v(5mm)\n{scale}\n#v(3mm)\n{notes}"
    side = millimetres(SIDE * layout.larger)
    return (
        f"#grid(columns: ({side}, {side}, 1fr), gutter: {millimetres(GAP)}, [\n{legend}\n], "
        f"[\n{scale}\n], [\n{notes}\n])"
    )


def _legend(part: MapPart, language: Language, larger: float, written: Callable[[str], str]) -> str:
    entries = [
        (_symbol(look, RADII[status] * larger * 1.1), _entry(status, part.counts, language))
        for status, look in STATUS_LOOKS.items()
        if part.counts.get(status)
    ]
    lines = [
        (
            f'line(length: 7mm, stroke: {millimetres(pen)} + rgb("{colour}"))',
            say(f"papers.map.line_{level}", language),
        )
        for level, (colour, pen) in reversed(LINES.items())
    ]
    rows = ", ".join(
        f"align(center + horizon, {symbol}), {quote(written(told))}"
        for symbol, told in (*entries, *lines)
    )
    return (
        f'#text(weight: "bold", {quote(say("papers.map.legend", language))})\n#v(2mm)\n'
        "#grid(columns: (9mm, 1fr), row-gutter: 2.4mm, column-gutter: 2mm, "
        f"align: horizon, {rows})"
    )


def _entry(status: str, counts: dict[str, int], language: Language) -> str:
    name = say(f"app.status.{status}", language)
    return say("papers.map.entry", language, name=name, count=f"{counts[status]:,}")


def map_notes(
    publication: Publication, part: MapPart, language: Language, *, numbered: bool = True
) -> list[str]:
    """Return what must be said under a map: numbers in circles, missing points, sources, day."""
    notes = []
    if numbered and len(publication.plan.provinces) == 1:
        notes.append(say("papers.map.numbers", language))
    if part.unplaced:
        notes.append(say("papers.map.unplaced", language, count=f"{part.unplaced:,}"))
    zone = part.frame.crs.name.rpartition(" ")[2]
    notes.append(say("papers.map.projection", language, zone=zone))
    sources = publication.boundary_credits
    villages = publication.workspace.provenance("villages")
    if villages is not None:
        sources.append(villages.credit or villages.source)
    if sources:
        notes.append(say("papers.map.sources", language, sources=" · ".join(sources)))
    return [*notes, publication.dated(language)]


def scale_bar(
    frame: Frame, language: Language, larger: float, written: Callable[[str], str]
) -> str:
    """Draw the scale in numbers and as a bar of a round distance on the ground."""
    kilometres, length = frame.bar(SIDE * larger - 20)
    small = f"{8.5 * larger:.1f}pt"
    half = length / 2
    empty_half = f"width: {millimetres(half)}, height: 1.8mm, stroke: 0.2mm + black"
    told = [f"{value:g}" for value in (0, kilometres / 2, kilometres)]
    numbers = "".join(
        f"#place(dx: {millimetres(x - 5)}, dy: 2.6mm, box(width: 10mm, align(center, "
        f"text(size: {small}, {quote(written(value))}))))"
        for x, value in zip((0, half, length), told, strict=True)
    )
    scale = say("papers.map.scale", language, denominator=f"{frame.denominator:,}")
    unit = say("papers.map.kilometres", language)
    return "\n".join(
        [
            f"#text(size: {small}, {quote(written(scale))})",
            "#v(1mm)",
            "#box(inset: (left: 3mm))[#block(height: 11mm, width: 100%)[",
            f"#place(rect(width: {millimetres(half)}, height: 1.8mm, fill: black))",
            f"#place(dx: {millimetres(half)}, rect({empty_half}))",
            numbers,
            f"#place(dy: {millimetres(2.6 + 3.6 * larger)}, text(size: {small}, {quote(unit)}))",
            "]]",
        ]
    )


def north_arrow(frame: Frame, language: Language) -> str:
    """Draw the arrow that points to true north in the middle of the map."""
    letter = quote(say("papers.map.north", language))
    arrow = "polygon(fill: black, (3mm, 0mm), (5.4mm, 11mm), (3mm, 8.6mm), (0.6mm, 11mm))"
    return (
        f'#align(center, text(size: 10pt, weight: "bold", {letter}))\n#v(0.5mm)\n'
        f"#align(center, rotate({frame.north_turn:.2f}deg, {arrow}))"
    )
