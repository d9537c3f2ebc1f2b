"""The route builder: start, days, interests and limits give a day programme with its proof."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from io import BytesIO
from pathlib import Path

import pandas as pd
import polars as pl

from phaenthi.apps.dates import told_date
from phaenthi.apps.exports.routes import (
    baht,
    day_rows,
    day_sum,
    day_title,
    figures_of,
    statement,
    write_route,
)
from phaenthi.apps.maps.layers import Kind, Points
from phaenthi.apps.screens import furniture, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.layers import pieces
from phaenthi.apps.screens.layers.asked import Asked, with_positions
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.texts import html, markdown
from phaenthi.layers.contracts.tourism import ATTRACTIONS, COMMUNITIES, PROGRAMMES
from phaenthi.layers.tourism.route_planning import Route, RouteStop, plan_route
from phaenthi.layers.tourism.route_request import MOST_DAYS, Position, RouteRequest
from phaenthi.wording import Language, Problem, say

ROUTE = "layers_route"
NOWHERE = ""
DAY_COLOURS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#882255", "#999933", "#111111")
DASHES = (None, "9 5", "3 5", "12 4 3 4", "2 7", "14 7", "6 3")
INTEREST_POINTS = 10
# Stops nearer than some ten metres stand at one spot, and their numbers in one symbol.
SPOT_DECIMALS = 4
# How many letters a symbol holds, and how large it then is; the usual size of one or two.
RADII = ((2, None), (3, 12.0), (5, 17.0))
# A box of more choices than these is slow in the browser.
MOST_STARTS = 2_000
FIRST_HOUR, LAST_HOUR = time(8, 0), time(17, 0)


@dataclass(frozen=True)
class Built:
    """A route with the workspace and area that it was built in."""

    route: Route
    place: tuple[str, int]
    province: str


def route(asked: Asked) -> Route | None:
    """Return the route that was built in this session for this province, if there is one."""
    built = st.session_state.get(ROUTE)
    if not isinstance(built, Built):
        return None
    here = built.place == asked.place and asked.province in ("", built.province)
    return built.route if here else None


def route_lines(made: Route) -> list[dict[str, object]]:
    """Return a line a day: corners, colour, dashes, and which day it is."""
    lines: list[dict[str, object]] = []
    for day in made.days:
        stops = [(stop.latitude, stop.longitude) for stop in day.stops]
        start, end = made.request.start, made.request.last_place
        if stops and start is not None:
            stops.insert(0, (start.latitude, start.longitude))
        if stops and end is not None:
            stops.append((end.latitude, end.longitude))
        if len(set(stops)) < 2:
            continue
        number = (day.number - 1) % len(DAY_COLOURS)
        lines.append(
            {
                "corners": [[round(y, 5), round(x, 5)] for y, x in stops],
                "color": DAY_COLOURS[number],
                "dash": DASHES[number],
                "label": tell("layers.tourism.day", number=day.number)
                if len(made.days) > 1
                else None,
            }
        )
    return lines


def route_stops(made: Route) -> tuple[Kind, ...]:
    """Return each stop with its number, coloured by day, as the legend lists them."""
    return tuple(
        Kind(str(order), _colour(day), str(order), _told_stop(made, day, stop))
        for order, (day, stop) in enumerate(_stops(made), 1)
    )


def route_points(made: Route) -> Points:
    """Return the stops as numbered points, coloured by day; those at one spot are one point."""
    stops = _stops(made)
    spots: dict[tuple[float, float], list[int]] = {}
    for order, (_, stop) in enumerate(stops, 1):
        spot = (round(stop.longitude, SPOT_DECIMALS), round(stop.latitude, SPOT_DECIMALS))
        spots.setdefault(spot, []).append(order)
    kinds, rows = [], []
    for orders in spots.values():
        here = [stops[order - 1] for order in orders]
        day, first = here[0]
        told = " · ".join(_told_stop(made, *one) for one in here)
        letters = numbers(orders)
        radius = next((wide for most, wide in RADII if len(letters) <= most), None)
        kinds.append(Kind(letters, _colour(day), letters, told, radius))
        titles = [f"{order}. {stop.name_th}" for order, (_, stop) in zip(orders, here, strict=True)]
        rows.append(
            {
                "id": first.id,
                "longitude": first.longitude,
                "latitude": first.latitude,
                "kind": letters,
                "title": " · ".join(titles),
                "where": first.community_th or "",
            }
        )
    names = ["id", "longitude", "latitude", "kind", "title", "where"]
    return Points("route", "circle", tuple(kinds), pd.DataFrame(rows, columns=names))


def _stops(made: Route) -> list[tuple[int, RouteStop]]:
    return [(day.number, stop) for day in made.days for stop in day.stops]


def _colour(day: int) -> str:
    return DAY_COLOURS[(day - 1) % len(DAY_COLOURS)]


def _told_stop(made: Route, day: int, stop: RouteStop) -> str:
    told = f"{stop.begins}–{stop.ends} {stop.name_th}"
    return f"{tell('layers.tourism.day', number=day)} · {told}" if len(made.days) > 1 else told


def numbers(orders: Sequence[int]) -> str:
    """Return the numbers of stops as short as a symbol holds them: 3, 1–4, 2,5–7 or 1…9."""
    runs: list[list[int]] = []
    for order in orders:
        if runs and order == runs[-1][-1] + 1:
            runs[-1].append(order)
        else:
            runs.append([order])
    told = ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
    return told if len(told) <= RADII[-1][0] else f"{orders[0]}…{orders[-1]}"


# -- what is asked ---------------------------------------------------------------------------------


def show(asked: Asked) -> None:
    """Show the wishes, and the route that keeps to them."""
    if not asked.province:
        st.info(tell("layers.choose_province"))
        return
    request = _ask(asked)
    if request is not None:
        try:
            with st.spinner(tell("layers.tourism.working")):
                st.session_state[ROUTE] = Built(_plan(asked, request), asked.place, asked.province)
        except Problem as problem:
            st.error(problem.sentence(asked.language), icon=":material/error:")
        else:
            st.session_state["layers_seen_route"] = False
    made = route(asked)
    if made is not None:
        show_route(asked, made)


def _plan(asked: Asked, request: RouteRequest) -> Route:
    return plan_route(
        table_of(asked, COMMUNITIES.name),
        table_of(asked, PROGRAMMES.name),
        table_of(asked, ATTRACTIONS.name),
        request,
        made_up=pieces.is_made_up(asked, COMMUNITIES.name),
    )


def table_of(asked: Asked, layer: str) -> pl.DataFrame:
    """Return a layer as it stands; communities without a position take their village's."""
    rows = asked.workspace().scan(layer)
    kinds = rows.collect_schema()
    plain = rows.select(name for name, kind in kinds.items() if kind != pl.Binary).collect()
    if layer != COMMUNITIES.name:
        return plain
    placed = with_positions(Asked(*asked.place, ""), plain.to_pandas())
    return plain.with_columns(
        pl.Series(name, placed[name].to_numpy(), dtype=pl.Float64, nan_to_null=True)
        for name in ("longitude", "latitude")
    )


def interests(asked: Asked) -> list[str]:
    """Return the interests that programmes and attractions name."""
    found: set[str] = set()
    for layer in (PROGRAMMES.name, ATTRACTIONS.name):
        column = "area_code" if layer == ATTRACTIONS.name else "community_id"
        if asked.has(layer):
            whole = Asked(*asked.place, "")
            found |= set(whole.rows(layer, column)["interest"].dropna())
    return sorted(found)


def _starts(asked: Asked) -> dict[str, Position]:
    """Return where a day may begin: the middle of each amphoe's town, and each community."""
    starts: dict[str, Position] = {}
    villages = Asked(*asked.place, asked.province).villages()
    for code, rows in villages[villages["located"]].groupby("amphoe_code"):
        name = page_words.area_name(str(code), asked.language)
        told = tell("layers.tourism.middle_of", area=name)
        x, y = float(rows["longitude"].median()), float(rows["latitude"].median())
        starts[str(code)] = Position(round(x, 5), round(y, 5), told)
    rows = with_positions(asked, Asked(*asked.place, asked.province).rows(COMMUNITIES.name))
    placed = rows[rows["longitude"].notna()]
    shown = placed.head(MOST_STARTS)
    if len(placed) > len(shown):
        counts = {"shown": f"{len(shown):,}", "count": f"{len(placed):,}"}
        st.caption(tell("layers.tourism.first_starts", **counts))
    names = shown["name_th"].fillna(shown["community_id"]).astype(str)
    for code, x, y, told in zip(
        shown["community_id"], shown["longitude"], shown["latitude"], names, strict=True
    ):
        starts[f"c{code}"] = Position(float(x), float(y), told)
    return starts


def _ask_day(asked: Asked) -> date | None:
    """Show the box of the first day, which counts years C.E., with the day in words beside it."""
    # Outside the form, so that the words follow at once.
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        dated = st.date_input(
            tell("layers.tourism.first_date"),
            None,
            format="DD/MM/YYYY",
            width=260,
            key=f"layers_route_day_{asked.language}",
        )
        if isinstance(dated, date):
            day = tell("layers.tourism.that_day", day=told_date(dated, asked.language))
            st.markdown(markdown.fill(":material/event: {}", day))
        else:
            st.caption(tell("layers.tourism.any_day"))
    return dated if isinstance(dated, date) else None


def _ask(asked: Asked) -> RouteRequest | None:
    starts = _starts(asked)
    dated = _ask_day(asked)
    with st.form(f"layers_route_{asked.language}", border=True):
        first, second, third = st.columns(3, gap="medium")
        with first:
            start = st.selectbox(
                tell("layers.tourism.start"),
                [NOWHERE, *starts],
                format_func=lambda one: (
                    starts[one].name if one in starts else tell("layers.tourism.no_start")
                ),
            )
            wished = st.multiselect(
                tell("layers.tourism.interests"),
                interests(asked),
                placeholder=tell("layers.tourism.everything"),
            )
            attractions = st.checkbox(tell("layers.tourism.attractions"), value=True)
        with second:
            days = st.number_input(tell("layers.tourism.days"), 1, MOST_DAYS, 1)
            out = st.time_input(tell("layers.tourism.sets_out"), FIRST_HOUR, step=1800)
            back = st.time_input(tell("layers.tourism.returns"), LAST_HOUR, step=1800)
        with third:
            persons = st.number_input(tell("layers.tourism.persons"), 1, 500, 10)
            price = st.number_input(tell("layers.tourism.most_price"), 0, 100_000, 0, step=100)
            stops = st.number_input(tell("layers.tourism.most_stops"), 1, 12, 4)
        sent = st.form_submit_button(
            tell("layers.tourism.build"), type="primary", icon=":material/route:"
        )
    if not sent:
        return None
    try:
        return RouteRequest(
            province=asked.province,
            start=starts.get(start or NOWHERE),
            days=int(days),
            first_date=dated,
            sets_out=f"{out:%H:%M}",
            returns=f"{back:%H:%M}",
            interests=dict.fromkeys(wished, INTEREST_POINTS),
            most_price_baht=float(price) if price else None,
            most_stops=int(stops),
            persons=int(persons),
            attractions=attractions,
        )
    except Problem as problem:
        st.error(problem.sentence(asked.language), icon=":material/error:")
        return None


# -- what comes of it ------------------------------------------------------------------------------


def show_route(asked: Asked, made: Route) -> None:
    """Show a route: figures, proof, days with times, what is not visited, files to take."""
    language = asked.language
    figures = [(label, value, "") for label, value in figures_of(made, language)]
    persons = made.request.persons
    if persons > 1:
        whole = say("route.baht", language, baht=baht(made.group_price_baht))
        group = tell("layers.tourism.of_persons", count=f"{persons:,}")
        figures[1] = (figures[1][0], whole, group)
    furniture.show_figures(figures)
    good = "" if made.proof.closed else " ph-bad"
    st.html(html.fill('<div class="ph-proof{}">{}</div>', good, made.proof.sentence(language)))
    for day in made.days:
        st.markdown(markdown.bold(day_title(day, language)))
        rows = day_rows(made, day, language)
        if not rows:
            st.caption(tell("layers.tourism.empty_day"))
            continue
        table = pd.DataFrame(
            [(row.time, row.what, row.place, row.price) for row in rows],
            columns=[
                *(say(f"route.heads.{name}", language) for name in ("time", "what")),
                tell("layers.tourism.place"),
                say("route.heads.price", language),
            ],
        )
        st.dataframe(table, hide_index=True, key=f"layers_day_{day.number}_{language}")
        st.caption(day_sum(day, language))
    _offer(made, language)
    _show_unvisited(made, language)
    st.caption(" ".join(statement(made, language)))


def _show_unvisited(made: Route, language: Language) -> None:
    if not made.unvisited:
        return
    count = sum(made.left_out.values())
    with st.expander(tell("layers.tourism.unvisited", count=f"{count:,}")):
        rows = []
        for one in made.unvisited:
            reason = say(f"layers.route.reasons.{one.reason}", language)
            lost = one.lost_points
            if one.reason == "no_room" and lost is not None:
                words = "lost_points" if lost else "lost_nothing"
                reason = say(f"layers.route.{words}", language, points=lost)
            rows.append((tell(f"layers.tourism.kind_of.{one.kind}"), one.name_th, reason))
        heads = [tell(f"layers.tourism.{name}") for name in ("kind", "name", "reason")]
        pieces.show_table(pd.DataFrame(rows, columns=heads), f"layers_unvisited_{made.id}")


@st.cache_resource(show_spinner=False, max_entries=8)
def _files(route_id: str, language: Language, _made: Route) -> dict[str, bytes]:
    del route_id
    with tempfile.TemporaryDirectory() as folder:
        written = write_route(_made, Path(folder), language)
        return {path.name: path.read_bytes() for path in written}


def _offer(made: Route, language: Language) -> None:
    if not made.stops:
        return
    files = _files(made.id, language, made)
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    offered = {**files, f"{made.id}.zip": whole.getvalue()}
    with st.container(horizontal=True, gap="small"):
        for name, content in offered.items():
            st.download_button(
                _label(name),
                content,
                name,
                key=f"take_{name}_{language}",
                icon=":material/download:",
                on_click="ignore",
            )


def _label(name: str) -> str:
    kinds = {"html": "printable", "docx": "word", "zip": "all_files"}
    suffix = name.rpartition(".")[2].lower()
    told = kinds.get(suffix)
    return tell(f"layers.tourism.{told}") if told else name
