"""The sketch of a plot as a drawing (SVG) and as shapes (GeoJSON), both without a network."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from markupsafe import Markup

from phaenthi.geo.files import atomic_write
from phaenthi.geo.shapes.crs import GEOGRAPHIC, land_area, metric_crs
from phaenthi.geo.texts import html
from phaenthi.layers.plots.sketch import PlotSketch
from phaenthi.wording import Language, say

# Okabe and Ito's colours, which people who see red and green alike can tell apart.
COLOURS = {"water": "#56B4E9", "rice": "#F0E442", "garden": "#009E73", "dwelling": "#E69F00"}
_OTHER_COLOUR = "#CCCCCC"
_WIDTH, _HEIGHT, _MARGIN = 960, 620, 40
_DRAWING = 600
_FONT = "Sarabun, 'Noto Sans Thai', 'Leelawadee UI', Tahoma, sans-serif"
_SCALE_LENGTHS = (5, 10, 20, 50, 100, 200, 500, 1000)


def sketch_lines(sketch: PlotSketch, language: Language) -> list[tuple[str, str, str]]:
    """Return part, percent and area in ไร่-งาน-ตารางวา of each part, in words."""
    rows = []
    for part in sketch.parts.itertuples():
        known = sketch.square_metres is not None
        area = land_area(float(part.square_metres)).sentence(language) if known else "–"
        rows.append((say(f"layers.plot_part.{part.part}", language), f"{part.percent:g}", area))
    return rows


def draw_sketch(
    sketch: PlotSketch,
    plot_id: str,
    language: Language,
    *,
    ponds: gpd.GeoSeries | None = None,
    made_up: bool = False,
    narrow: bool = False,
) -> Markup:
    """Return the drawing of a sketch.

    Parameters
    ----------
    sketch
        Of a plot with a polygon.
    plot_id
        For the title.
    language
        Of every word.
    ponds
        Ponds as planned (EPSG:4326), drawn over the parts.
    made_up
        Whether the drawing must say that its data are made up.
    narrow
        For a telephone: the words under the drawing and larger, not beside it.

    Returns
    -------
    Markup
        SVG with north up, a scale, and the parts with their names and areas.

    Raises
    ------
    ValueError
        If the plot is a point: there is nothing to draw.
    """
    shapes = gpd.GeoSeries(sketch.parts.geometry, crs=GEOGRAPHIC)
    if shapes.isna().any():
        raise ValueError("a point has no sketch")
    crs = metric_crs(shapes)
    parts = shapes.to_crs(crs)
    frame = _Frame(parts.total_bounds)
    body = [
        html.fill(
            '<path d="{}" fill="{}" fill-opacity="0.75" stroke="#333333" '
            'stroke-width="1.5" fill-rule="evenodd"/>',
            frame.path(shape),
            COLOURS.get(part, _OTHER_COLOUR),
        )
        for part, shape in zip(sketch.parts["part"], parts, strict=True)
    ]
    if sketch.pond_room is not None:
        room = gpd.GeoSeries([sketch.pond_room], crs=GEOGRAPHIC).to_crs(crs).iloc[0]
        body.append(_outline(frame.path(room), "#0072B2", dashed=True))
    if ponds is not None and len(ponds):
        body += [_outline(frame.path(pond), "#003C71") for pond in ponds.to_crs(crs)]
    sheet = _NARROW if narrow else _WIDE
    body += list(_labels(sketch, parts, frame, language, sheet))
    planned = ponds is not None and len(ponds) > 0
    lines = _notes(sketch, language, sheet, planned=planned, made_up=made_up)
    body += _side(sketch, plot_id, language, sheet, lines)
    body += _compass_and_scale(frame, language, sheet)
    width, height = sheet.width, sheet.height(len(sketch.parts), len(lines))
    return html.fill(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" '
        'width="{}" height="{}" font-family="{}" role="img">'
        '<title>{}</title><rect width="{}" height="{}" '
        'fill="#ffffff"/>{}</svg>\n',
        width,
        height,
        width,
        height,
        _FONT,
        say("plot_sketch.title", language, plot=plot_id),
        width,
        height,
        html.join(body),
    )


@dataclass(frozen=True)
class _Sheet:
    """Where the words of a sketch stand, and how large they are."""

    width: int
    side: tuple[int, int]
    larger: float
    letters: int

    def size(self, usual: int) -> int:
        """Return the size of letters of a usual size."""
        return round(usual * self.larger)

    def height(self, parts: int, lines: int) -> int:
        """Return the height of a sheet that holds so many parts and lines of notes."""
        words = self.side[1] + self.size(62 + 54 * parts + 24 + 22 * lines)
        return max(_HEIGHT, words)


_WIDE = _Sheet(_WIDTH, (_DRAWING + 20, 60), 1.0, 42)
# A telephone shows the drawing at little more than half its size.
_NARROW = _Sheet(_DRAWING, (_MARGIN, _DRAWING + 60), 1.5, 38)


class _Frame:
    """Places in metres on the drawing: north up, one scale both ways, in the middle."""

    def __init__(self, bounds: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
        west, south, east, north = bounds
        room = _DRAWING - 2 * _MARGIN
        self.scale = room / max(east - west, north - south, 1e-6)
        self._x = _MARGIN + (room - (east - west) * self.scale) / 2 - west * self.scale
        self._y = _MARGIN + (room - (north - south) * self.scale) / 2 + north * self.scale

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return a place on the drawing in its units."""
        return self._x + x * self.scale, self._y - y * self.scale

    def path(self, shape: shapely.Geometry) -> str:
        """Return the outline of a shape, holes included."""
        rings = shapely.get_rings(shapely.get_parts(shape))
        drawn = []
        for ring in rings:
            spots = [self.place(x, y) for x, y in shapely.get_coordinates(ring)]
            drawn.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in spots) + "Z")
        return "".join(drawn)


def _outline(path: str, colour: str, *, dashed: bool = False) -> Markup:
    dashes = ' stroke-dasharray="7 5"' if dashed else ""
    pattern = f'<path d="{{}}" fill="none" stroke="{{}}" stroke-width="2.2"{dashes}/>'
    return html.fill(pattern, path, colour)


def _labels(
    sketch: PlotSketch, parts: gpd.GeoSeries, frame: _Frame, language: Language, sheet: _Sheet
) -> Iterable[Markup]:
    for (name, percent, _), shape in zip(sketch_lines(sketch, language), parts, strict=True):
        # The middle, or that of the widest place where a part bends around its middle.
        largest = max(shapely.get_parts(shape), key=shapely.area)
        middle = shapely.centroid(largest)
        if not shapely.contains(largest, middle):
            middle = shapely.maximum_inscribed_circle(largest, tolerance=0.5)
        x, y = frame.place(*shapely.get_coordinates(middle)[0])
        halo = 'text-anchor="middle" stroke="#ffffff" stroke-width="3" paint-order="stroke"'
        yield _text(x, y, f"{name} {percent}%", sheet.size(17), halo)


def _text(x: float, y: float, words: str, size: int, more: str = "") -> Markup:
    """Return words at a place; ``more`` are attributes of our own."""
    pattern = f'<text x="{{:.1f}}" y="{{:.1f}}" font-size="{{}}" {more}>{{}}</text>'
    return html.fill(pattern, x, y, size, words)


def _notes(
    sketch: PlotSketch, language: Language, sheet: _Sheet, *, planned: bool, made_up: bool
) -> list[str]:
    """Return what a reader must know of the sketch, in lines as long as the sheet is wide."""
    notes = ["plot_sketch.start"]
    notes += ["plot_sketch.room"] if sketch.pond_room is not None else []
    notes += ["plot_sketch.pond"] if planned else []
    notes += ["export.made_up"] if made_up else []
    return [line for note in notes for line in _wrapped(say(note, language), sheet.letters)]


def _side(
    sketch: PlotSketch, plot_id: str, language: Language, sheet: _Sheet, notes: Sequence[str]
) -> list[Markup]:
    (x, y), size = sheet.side, sheet.size
    whole = land_area(float(sketch.square_metres or 0)).sentence(language)
    lines = [
        _text(
            x, y, say("plot_sketch.title", language, plot=plot_id), size(21), 'font-weight="600"'
        ),
        _text(x, y + size(30), whole, size(16)),
    ]
    for place, (name, percent, area) in enumerate(sketch_lines(sketch, language)):
        top = y + size(62 + place * 54)
        colour = COLOURS.get(str(sketch.parts["part"].iloc[place]), _OTHER_COLOUR)
        side = size(24)
        key = (
            '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" '
            'fill-opacity="0.75" stroke="#333333"/>'
        )
        lines.append(html.fill(key, x, top, side, side, colour))
        lines.append(_text(x + size(34), top + size(12), f"{name} {percent}%", size(17)))
        lines.append(_text(x + size(34), top + size(33), area, size(16), 'fill="#444444"'))
    top = y + size(62 + 54 * len(sketch.parts) + 24)
    lines += [
        _text(x, top + size(place * 22), line, size(15), 'fill="#444444"')
        for place, line in enumerate(notes)
    ]
    return lines


def _wrapped(text: str, letters: int) -> list[str]:
    """Return a sentence in lines, broken at spaces."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > letters:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _compass_and_scale(frame: _Frame, language: Language, sheet: _Sheet) -> list[Markup]:
    metres = max(
        (length for length in _SCALE_LENGTHS if length * frame.scale <= 180),
        default=_SCALE_LENGTHS[0],
    )
    x, y = _MARGIN, _DRAWING - 4
    length = metres * frame.scale
    line = 'stroke="#111111" stroke-width="2" fill="none"'
    bar = f"M{x} {y}h{length:.1f}M{x} {y - 5}v10M{x + length:.1f} {y - 5}v10"
    middle = 'text-anchor="middle"'
    return [
        html.fill(f'<path d="{{}}" {line}/>', bar),
        _text(
            x + length + 8, y + 5, say("plot_sketch.metres", language, count=metres), sheet.size(14)
        ),
        html.fill(f'<path d="M{{}} 88v-50m-9 14l9 -14l9 14" {line}/>', sheet.width - 46),
        _text(sheet.width - 46, 30, say("plot_sketch.north", language), sheet.size(14), middle),
    ]


def write_sketch(
    sketch: PlotSketch,
    plot_id: str,
    folder: Path,
    language: Language,
    *,
    ponds: gpd.GeoSeries | None = None,
    made_up: bool = False,
) -> list[Path]:
    """Write ``sketch-<plot>.svg`` and ``.geojson``; nothing for a point.

    Returns
    -------
    list of pathlib.Path
        The files written.
    """
    if sketch.parts.geometry.isna().any():
        return []
    stem = "sketch-" + "".join(letter if letter.isalnum() else "-" for letter in plot_id)
    drawing, shapes = folder / f"{stem}.svg", folder / f"{stem}.geojson"
    text = draw_sketch(sketch, plot_id, language, ponds=ponds, made_up=made_up)
    with atomic_write(drawing) as draft:
        draft.write_text(text, encoding="utf-8")
    table = sketch.parts.assign(
        plot_id=plot_id,
        name=[name for name, _, _ in sketch_lines(sketch, language)],
        area=[area for _, _, area in sketch_lines(sketch, language)],
        made_up=made_up,
    )
    content = json.loads(table.to_json())
    with atomic_write(shapes) as draft:
        draft.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return [drawing, shapes]
