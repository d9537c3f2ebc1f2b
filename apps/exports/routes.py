"""A route to take away: GPX, KML and GeoJSON, and a day programme as a page and a Word file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import geopandas as gpd
import shapely
from docx import Document
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from phaenthi.apps.dates import today, told_date
from phaenthi.apps.exports.clusters_and_routes import export_parts, route_takeaways
from phaenthi.apps.exports.takeaway import Written
from phaenthi.apps.papers.word import PaperTable, Style, WordWriter
from phaenthi.data import shipped
from phaenthi.geo.files import atomic_write
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.geo.shapes.crs import GEOGRAPHIC
from phaenthi.layers.tourism.route_planning import Leg, Route, RouteDay, RouteStop
from phaenthi.wording import Language, Problem, say

MAP_FORMATS: tuple[str, ...] = ("gpx", "kml", "geojson")
PAGE, WORD = "programme.html", "programme.docx"

_ASSETS = shipped("phaenthi.apps", "assets")
_TEMPLATE = "route_programme.html.j2"


@dataclass(frozen=True)
class Row:
    """A line of the day programme: time, what, where, price a head."""

    kind: str
    time: str
    what: str
    place: str
    price: str

    @property
    def cells(self) -> tuple[str, str, str]:
        """The three cells as text; the place stands under what is done."""
        return self.time, f"{self.what}\n{self.place}".strip(), self.price


def write_route(
    route: Route,
    folder: Path,
    language: Language = "th",
    *,
    formats: Sequence[str] = MAP_FORMATS,
    dated: date | None = None,
) -> tuple[Path, ...]:
    """Write a route as map files and as a day programme; each is opened again and compared.

    Parameters
    ----------
    folder
        Made if need be.
    formats
        Of the map files; none of them is written for a route without a stop.

    Returns
    -------
    tuple of pathlib.Path
        The files, map files first.

    Raises
    ------
    Problem
        ``geo.export_differs`` if a file does not give back what was written, and those of
        :func:`phaenthi.apps.exports.clusters_and_routes.export_parts`.
    """
    written = [one.path for one in write_maps(route, folder, language, formats=formats)]
    page, word = folder / PAGE, folder / WORD
    write_page(route, page, language, dated=dated)
    write_word(route, word, language, dated=dated)
    return (*written, page, word)


# -- map files --------------------------------------------------------------------------------


def write_maps(
    route: Route, folder: Path, language: Language = "th", *, formats: Sequence[str] = MAP_FORMATS
) -> tuple[Written, ...]:
    """Write stops and lines of a route, day by day, in some map formats."""
    stops = stops_table(route)
    if stops.empty:
        return ()
    parts = route_takeaways(
        stops,
        language,
        lines=lines_table(route),
        made_up=route.made_up,
        statement=statement(route, language),
    )
    return tuple(
        one for kind in formats for one in export_parts(parts, folder, "route", format=kind)
    )


def stops_table(route: Route) -> gpd.GeoDataFrame:
    """Return the stops of a route as points: day, order, times, travel and prices.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326; day, date (ISO, empty without one), order, kind, id, name_th, community_th,
        arrives, begins, ends, minutes, travel_minutes, travel_metres, price_baht, made_up.
    """
    rows = [
        {
            "day": day.number,
            "date": day.date.isoformat() if day.date else "",
            "order": order,
            "kind": stop.kind,
            "id": stop.id,
            "name_th": stop.name_th,
            "community_th": stop.community_th or "",
            "arrives": stop.arrives,
            "begins": stop.begins,
            "ends": stop.ends,
            "minutes": stop.minutes,
            "travel_minutes": stop.leg.minutes if stop.leg else 0,
            "travel_metres": stop.leg.metres if stop.leg else 0,
            "price_baht": stop.price_baht,
            "made_up": route.made_up,
        }
        for day in route.days
        for order, stop in enumerate(day.stops, 1)
    ]
    points = [shapely.Point(stop.longitude, stop.latitude) for stop in route.stops]
    table = gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(points, crs=GEOGRAPHIC), crs=GEOGRAPHIC)
    if rows:
        kinds = {"travel_metres": "Int64", "price_baht": "Float64"}
        table = gpd.GeoDataFrame(table.astype(kinds), crs=GEOGRAPHIC)
    return table


def lines_table(route: Route) -> gpd.GeoDataFrame:
    """Return a straight line a day from its start through the stops to its end.

    Days that stay at one place have none.
    """
    rows, shapes = [], []
    start, end = route.request.start, route.request.last_place
    for day in route.days:
        places = [(stop.longitude, stop.latitude) for stop in day.stops]
        if day.stops and start:
            places.insert(0, (start.longitude, start.latitude))
        if day.stops and end:
            places.append((end.longitude, end.latitude))
        if len(set(places)) < 2:
            continue
        rows.append(
            {
                "day": day.number,
                "stops": len(day.stops),
                "sets_out": day.sets_out,
                "ends": day.ends,
                "travel_minutes": day.travel_minutes,
                "price_baht": day.price_baht,
                "made_up": route.made_up,
            }
        )
        shapes.append(shapely.LineString(places))
    columns = ["day", "stops", "sets_out", "ends", "travel_minutes", "price_baht", "made_up"]
    geometry = gpd.GeoSeries(shapes, crs=GEOGRAPHIC)
    return gpd.GeoDataFrame(rows, columns=columns, geometry=geometry, crs=GEOGRAPHIC)


def statement(route: Route, language: Language) -> list[str]:
    """Return what a reader of any of the files must know."""
    return [
        route.travel_source.sentence(language),
        say("route.straight_lines", language),
        route.proof.sentence(language),
        route.reduction.sentence(language),
        *(one.sentence(language) for one in route.warnings),
    ]


# -- the day programme ------------------------------------------------------------------------


def title_of(route: Route, language: Language) -> str:
    """Return the heading: the province and the number of days."""
    province = route.request.province
    name = name_of(province, language) if province else ""
    words = "title_of_province" if province else "title"
    return say(f"route.{words}", language, province=name, days=len(route.days))


def day_title(day: RouteDay, language: Language) -> str:
    """Return the heading of a day, with its date where there is one."""
    if day.date is None:
        return say("route.day", language, number=day.number)
    return say("route.day_dated", language, number=day.number, date=told_date(day.date, language))


def day_rows(route: Route, day: RouteDay, language: Language) -> list[Row]:
    """Return the lines of a day: setting out, travel, visits, waiting, the end."""
    return list(_rows(route, day, language)) if day.stops else []


def _rows(route: Route, day: RouteDay, language: Language) -> Iterator[Row]:
    start, end = route.request.start, route.request.last_place
    if start is not None:
        place = start.name or say("route.start", language)
        yield Row(
            "end",
            told_time(day.sets_out, language),
            say("route.sets_out", language, place=place),
            "",
            "",
        )
    now = day.sets_out
    for stop in day.stops:
        if stop.leg is not None and stop.leg.minutes:
            yield Row(
                "travel",
                _span(now, stop.arrives, language),
                _travel(stop.leg, language),
                "",
                "",
            )
        if stop.waits:
            waiting = say("route.waits", language, minutes=stop.waits)
            yield Row("travel", _span(stop.arrives, stop.begins, language), waiting, "", "")
        yield Row(
            "visit",
            _span(stop.begins, stop.ends, language),
            stop.name_th,
            place_of(stop, language),
            price_of(stop, language),
        )
        now = stop.ends
    if day.last_leg is not None and day.last_leg.minutes:
        leg = _travel(day.last_leg, language)
        yield Row("travel", _span(now, day.ends, language), leg, "", "")
    if end is not None:
        place = end.name or say("route.end", language)
        yield Row(
            "end", told_time(day.ends, language), say("route.comes", language, place=place), "", ""
        )


def told_time(clock: str, language: Language) -> str:
    """Return a time as it is written: 09.00 in Thai papers, 09:00 in English ones."""
    return clock.replace(":", ".") if language == "th" else clock


def _span(one: str, other: str, language: Language) -> str:
    return f"{told_time(one, language)}–{told_time(other, language)}"


def _travel(leg: Leg, language: Language) -> str:
    if leg.metres is None:
        return say("route.travel", language, minutes=leg.minutes)
    kilometres = f"{leg.metres / 1000:,.1f}"
    return say("route.travel_far", language, minutes=leg.minutes, kilometres=kilometres)


def place_of(stop: RouteStop, language: Language) -> str:
    """Return where a stop is: its community, tambon and amphoe, as far as known."""
    parts = [stop.community_th or ""]
    code = stop.area_code or ""
    for digits, level in ((6, "tambon"), (4, "amphoe")):
        if len(code) >= digits:
            name = name_of(code[:digits], language)
            parts.append(say(f"route.{level}", language, name=name))
    return " ".join(part for part in parts if part)


def price_of(stop: RouteStop, language: Language) -> str:
    """Return the price a head in baht, or that it is free or not known."""
    if stop.price_baht is None:
        return say("route.price_unknown", language)
    return say("route.free", language) if not stop.price_baht else baht(stop.price_baht)


def baht(amount: float) -> str:
    """Return an amount with thousands commas, satang only where there are any."""
    return f"{amount:,.0f}" if amount == int(amount) else f"{amount:,.2f}"


def figures_of(route: Route, language: Language) -> list[tuple[str, str]]:
    """Return the figures at the head of a programme: price a head, group, travel, points."""
    kilometres = None if route.travel_metres is None else f"{route.travel_metres / 1000:,.1f}"
    told = [
        ("price", say("route.baht", language, baht=baht(route.price_baht))),
        ("travel", say("route.minutes", language, minutes=route.travel_minutes)),
        ("kilometres", kilometres),
        ("points", f"{route.points:,}"),
    ]
    if route.request.persons > 1:
        group = say(
            "route.group_price",
            language,
            persons=route.request.persons,
            baht=baht(route.group_price_baht),
        )
        told.insert(1, ("group", group))
    return [(say(f"route.figures.{name}", language), value) for name, value in told if value]


def day_sum(day: RouteDay, language: Language) -> str:
    """Return the sentence that closes a day: its price a head and its travel."""
    price = baht(day.price_baht)
    return say("route.day_sum", language, baht=price, minutes=day.travel_minutes)


def _banners(route: Route, language: Language) -> list[str]:
    return [say("export.made_up", language)] if route.made_up else []


def _heads(language: Language) -> list[str]:
    return [say(f"route.heads.{name}", language) for name in ("time", "what", "price")]


def _notes(route: Route, language: Language, dated: date | None) -> list[str]:
    day = told_date(dated or today(), language)
    return [
        route.travel_source.sentence(language),
        route.proof.sentence(language),
        route.reduction.sentence(language),
        say("route.made_on", language, route=route.id, date=day),
    ]


def _lead(route: Route, language: Language) -> str:
    limits = (route.request.sets_out, route.request.returns)
    first, last = (told_time(one, language) for one in limits)
    return say("route.lead", language, sets_out=first, returns=last)


def write_page(
    route: Route, path: Path, language: Language = "th", *, dated: date | None = None
) -> None:
    """Write the day programme as one page that needs nothing else and prints on A4."""
    environment = Environment(
        loader=FileSystemLoader(_ASSETS), autoescape=True, undefined=StrictUndefined
    )
    days = [
        {
            "title": day_title(day, language),
            "rows": day_rows(route, day, language),
            "sum": day_sum(day, language),
        }
        for day in route.days
    ]
    text = environment.get_template(_TEMPLATE).render(
        language=language,
        title=title_of(route, language),
        lead=_lead(route, language),
        banners=_banners(route, language),
        figures=figures_of(route, language),
        heads=_heads(language),
        days=days,
        empty_day=say("route.empty_day", language),
        remarks_title=say("route.remarks", language),
        remarks=[one.sentence(language) for one in route.warnings],
        notes=_notes(route, language, dated),
    )
    with atomic_write(path) as draft:
        draft.write_text(text, encoding="utf-8")
        reader = _Cells()
        reader.feed(draft.read_text(encoding="utf-8"))
        _compare(path, reader.rows, route, language)


class _Cells(HTMLParser):
    """Collects the cells of the table bodies of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self.rows[-1].append("")
            self._inside = True
        elif tag == "div" and self._inside:
            self.rows[-1][-1] += "\n"

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "td"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1][-1] += data


def write_word(
    route: Route, path: Path, language: Language = "th", *, dated: date | None = None
) -> None:
    """Write the day programme as a Word file of A4."""
    day_of_paper = dated or today()
    title = title_of(route, language)
    writer = WordWriter(title, language, notices=_banners(route, language))
    writer.line(title, Style(size=20, bold=True, align="center"))
    writer.line(_lead(route, language), Style(align="center", after=6))
    for name, value in figures_of(route, language):
        writer.labelled(name, value, hang=5)
    for day in route.days:
        heading = Style(size=17, bold=True, before=12, after=3, with_next=True)
        writer.line(day_title(day, language), heading)
        rows = day_rows(route, day, language)
        if not rows:
            writer.line(say("route.empty_day", language))
            continue
        cells = [row.cells for row in rows]
        writer.table(PaperTable(_heads(language), cells, (3.9, 9.4, 2.7), frozenset({2})))
        writer.line(day_sum(day, language), Style(bold=True, before=3))
    for one in route.warnings:
        writer.line(f"· {one.sentence(language)}", Style(before=3))
    for line in _notes(route, language, dated):
        writer.line(line, Style(size=13, before=2))
    writer.save(path, day_of_paper)
    tables = Document(str(path)).tables
    told = [[cell.text for cell in row.cells] for table in tables for row in table.rows[1:]]
    _compare(path, told, route, language, writer=writer)


def _compare(
    path: Path,
    found: Sequence[Sequence[str]],
    route: Route,
    language: Language,
    *,
    writer: WordWriter | None = None,
) -> None:
    """Compare what a file tells with the route."""
    wanted = [
        [writer.written(cell) if writer else cell for cell in row.cells]
        for day in route.days
        for row in day_rows(route, day, language)
    ]
    told = [list(row) for row in found if row]
    if told != wanted:
        raise Problem("app.route_paper_differs", file=path)
