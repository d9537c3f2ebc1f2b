"""``phaenthi route``: plan tourist routes, check them against a programme, take them away."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from phaenthi.apps.commands.layer_screen import tell_source, write_list
from phaenthi.apps.commands.screen import (
    show_banner,
    show_hints,
    show_lines,
    show_table,
    working,
)
from phaenthi.apps.commands.spoken import (
    Session,
    SpokenCommand,
    SpokenGroup,
    read_pairs,
    session_of,
    workspace_option,
)
from phaenthi.apps.exports.routes import (
    MAP_FORMATS,
    day_rows,
    day_sum,
    day_title,
    figures_of,
    title_of,
    write_route,
)
from phaenthi.apps.planning.route_words import find_place, read_day
from phaenthi.apps.planning.saved_routes import list_routes, load_route, save_route
from phaenthi.apps.planning.units import load_programme
from phaenthi.geo.notes import Note
from phaenthi.geo.places.gazetteer import find_province
from phaenthi.geo.tours.planning import SECONDS
from phaenthi.geo.tours.travel import DETOUR, KILOMETRES_PER_HOUR, Travel, travel_by_table
from phaenthi.layers.contracts.tourism import (
    ATTRACTIONS,
    COMMUNITIES,
    PROGRAMMES,
    TOURISM_CONTRACTS,
)
from phaenthi.layers.tourism.route_planning import Route, TravelSource, Unvisited, plan_route
from phaenthi.layers.tourism.route_request import POINTS, RouteRequest
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.routes import check_routes
from phaenthi.wording import Language, Problem
from phaenthi.wording.hints import short_path

OUTPUTS = Path("outputs")
UNVISITED_SHOWN = 20


@click.group(cls=SpokenGroup, help="cli.route")
def route() -> None:
    """Plan tourist routes through communities and attractions."""


@route.command(cls=SpokenCommand, help="cli.route.plan")
@click.option("--province", required=True, metavar="NAME", help="cli.options.one_province")
@click.option("--start", default=None, metavar="PLACE", help="cli.options.route_start")
@click.option("--end", default=None, metavar="PLACE", help="cli.options.route_end")
@click.option("--days", default=1, metavar="N", type=int, help="cli.options.route_days")
@click.option("--date", "first_date", default=None, metavar="D/M/Y", help="cli.options.route_date")
@click.option("--from", "sets_out", default="08:00", metavar="HH:MM", help="cli.options.route_from")
@click.option(
    "--until", "returns", default="17:00", metavar="HH:MM", help="cli.options.route_until"
)
@click.option("--minutes", default=None, metavar="N", type=int, help="cli.options.route_minutes")
@click.option(
    "--interest",
    "interests",
    multiple=True,
    metavar="NAME[=POINTS]",
    help="cli.options.route_interest",
)
@click.option(
    "--require", "required", multiple=True, metavar="ID", help="cli.options.route_require"
)
@click.option(
    "--exclude", "excluded", multiple=True, metavar="ID", help="cli.options.route_exclude"
)
@click.option("--budget", default=None, metavar="BAHT", type=float, help="cli.options.route_budget")
@click.option("--stops", default=None, metavar="N", type=int, help="cli.options.route_stops")
@click.option("--persons", default=1, metavar="N", type=int, help="cli.options.route_persons")
@click.option("--look-at", default=15, metavar="N", type=int, help="cli.options.route_look_at")
@click.option("--table", "table_file", default=None, metavar="CSV", help="cli.options.route_table")
@click.option("--kilometres", is_flag=True, help="cli.options.route_kilometres")
@click.option("--both-ways", is_flag=True, help="cli.options.route_both_ways")
@click.option("--roads", "roads_file", default=None, metavar="PBF", help="cli.options.route_roads")
@click.option("--detour", default=DETOUR, metavar="N", type=float, help="cli.options.route_detour")
@click.option(
    "--speed",
    default=KILOMETRES_PER_HOUR,
    metavar="KMH",
    type=float,
    help="cli.options.route_speed",
)
@click.option(
    "--seconds", default=SECONDS, metavar="N", type=float, help="cli.options.route_seconds"
)
@workspace_option()
@click.pass_context
def plan(  # noqa: PLR0913 - one an option
    context: click.Context,
    *,
    province: str,
    start: str | None,
    end: str | None,
    days: int,
    first_date: str | None,
    sets_out: str,
    returns: str,
    minutes: int | None,
    interests: Sequence[str],
    required: Sequence[str],
    excluded: Sequence[str],
    budget: float | None,
    stops: int | None,
    persons: int,
    look_at: int,
    table_file: str | None,
    kilometres: bool,
    both_ways: bool,
    roads_file: str | None,
    detour: float,
    speed: float,
    seconds: float,
    workspace_folder: str,
) -> None:
    """Plan the best route of a province, show it with its proof, and keep it."""
    session = session_of(context)
    opened = Workspace.open(Path(workspace_folder))
    pairs = [text if "=" in text else f"{text}={POINTS}" for text in interests]
    request = RouteRequest(
        province=find_province(province),
        start=find_place(opened, start) if start else None,
        end=find_place(opened, end) if end else None,
        days=days,
        first_date=read_day(first_date) if first_date else None,
        sets_out=sets_out,
        returns=returns,
        most_minutes=minutes,
        interests=_points(read_pairs("--interest", pairs)),
        required=tuple(required),
        excluded=tuple(excluded),
        most_price_baht=budget,
        most_stops=stops,
        persons=persons,
        looked_at=look_at,
        detour=detour,
        kilometres_per_hour=speed,
    )
    travel = _travel(table_file, roads_file, speed, kilometres=kilometres, both_ways=both_ways)
    with working(1) as begin:
        begin(session.say("cli.route.plan.working"))
        made = plan_route(
            opened.scan(COMMUNITIES.name).collect(),
            opened.scan(PROGRAMMES.name).collect(),
            opened.scan(ATTRACTIONS.name).collect(),
            request,
            travel=travel,
            seconds=seconds,
            made_up=_made_up(opened),
        )
        save_route(opened, made)
    tell_source(opened, PROGRAMMES.name, session)
    show_route(made, session)
    show_lines([session.say("cli.route.plan.kept", route=made.id)])
    export_it = session.typed("route", "export", made.id, workspace=opened.address)
    show_hints([session.say("cli.next.title"), session.say("cli.next.route", command=export_it)])


def _points(pairs: dict[str, str]) -> dict[str, int]:
    points = {}
    for name, text in pairs.items():
        if not text.isdigit():
            raise Problem("cli.pair_unreadable", option="--interest", found=f"{name}={text}")
        points[name] = int(text)
    return points


def _travel(
    table_file: str | None,
    roads_file: str | None,
    speed: float,
    *,
    kilometres: bool,
    both_ways: bool,
) -> TravelSource | None:
    if table_file and roads_file:
        raise Problem("cli.route_travel_twice")
    if table_file:
        path, unit = Path(table_file), "kilometres" if kilometres else "minutes"
        read = partial(
            travel_by_table, path, unit=unit, both_ways=both_ways, kilometres_per_hour=speed
        )
        return lambda names, _x, _y: read(places=names)
    if roads_file:
        from phaenthi.geo.tours.roads import read_roads  # noqa: PLC0415 - an extra brings it

        path = Path(roads_file)

        def by_roads(_: Sequence[str], x: Sequence[float], y: Sequence[float]) -> Travel:
            return read_roads(path).travel(x, y)

        return by_roads
    return None


def _made_up(opened: Workspace) -> bool:
    found = (opened.provenance(one.name) for one in TOURISM_CONTRACTS)
    return any(one is not None and one.made_up for one in found)


def show_route(made: Route, session: Session) -> None:
    """Show a route day by day, then what it costs, how good it is and what it leaves out."""
    language = session.language
    if made.made_up:
        show_banner(session.say("cli.made_up"))
    show_lines([title_of(made, language)])
    heads = [session.say(f"route.heads.{name}") for name in ("time", "what", "price")]
    for day in made.days:
        rows = [
            (row.time, " · ".join(filter(None, (row.what, row.place))), row.price)
            for row in day_rows(made, day, language)
        ]
        if not rows:
            show_lines([day_title(day, language), session.say("route.empty_day")])
            continue
        show_table(heads, rows, title=day_title(day, language), numbers=[2])
        show_lines([day_sum(day, language)])
    show_lines(f"{name}: {value}" for name, value in figures_of(made, language))
    notes = (made.reduction, made.travel_source, *made.warnings)
    show_lines(f"· {line}" for line in (made.proof.sentence(language), *_told(notes, language)))
    if made.unvisited:
        _show_unvisited(made, session)


def _told(notes: Sequence[Note], language: Language) -> list[str]:
    return [note.sentence(language) for note in notes]


def _show_unvisited(made: Route, session: Session) -> None:
    rows = [
        (one.name_th, one.id, _reason(one, session)) for one in made.unvisited[:UNVISITED_SHOWN]
    ]
    heads = [session.say(f"cli.route.unvisited.{name}") for name in ("name", "id", "reason")]
    show_table(heads, rows, title=session.say("cli.route.unvisited.title"))
    counts = ", ".join(
        f"{session.say(f'layers.route.reasons.{reason}')} {count:,}"
        for reason, count in sorted(made.left_out.items())
    )
    show_lines([session.say("cli.route.unvisited.counts", counts=counts)])


def _reason(one: Unvisited, session: Session) -> str:
    words = session.say(f"layers.route.reasons.{one.reason}")
    if one.reason != "no_room" or one.lost_points is None:
        return words
    name = "lost_points" if one.lost_points else "lost_nothing"
    return session.say(f"layers.route.{name}", points=one.lost_points)


@route.command("list", cls=SpokenCommand, help="cli.route.list")
@workspace_option()
@click.pass_context
def list_kept(context: click.Context, workspace_folder: str) -> None:
    """Show the routes that are kept."""
    session, opened = session_of(context), Workspace.open(Path(workspace_folder))
    rows = []
    for name in list_routes(opened):
        made = load_route(opened, name)
        title = title_of(made, session.language)
        rows.append((name, title, len(made.stops), made.travel_minutes, round(made.price_baht)))
    names = ("id", "title", "stops", "travel", "price")
    heads = [session.say(f"cli.route.list.{name}") for name in names]
    show_table(heads, rows, numbers=[2, 3, 4])


@route.command(cls=SpokenCommand, help="cli.route.show")
@click.argument("name", metavar="ROUTE", help="cli.options.route")
@workspace_option()
@click.pass_context
def show(context: click.Context, name: str, workspace_folder: str) -> None:
    """Show one route."""
    made = load_route(Workspace.open(Path(workspace_folder)), name)
    show_route(made, session_of(context))


@route.command(cls=SpokenCommand, help="cli.route.check")
@click.argument("pack", metavar="PACK", help="cli.options.pack")
@click.argument("names", metavar="[ROUTE]...", nargs=-1, help="cli.options.routes")
@click.option("--target", "targets", multiple=True, metavar="ID", help="cli.options.route_target")
@click.option("--province", default=None, metavar="NAME", help="cli.options.one_province")
@click.option("--to", "target_file", default=None, metavar="CSV", help="cli.options.route_units")
@workspace_option()
@click.pass_context
def check(
    context: click.Context,
    *,
    pack: str,
    names: Sequence[str],
    targets: Sequence[str],
    province: str | None,
    target_file: str | None,
    workspace_folder: str,
) -> None:
    """Check routes against the rules of a programme."""
    session, opened = session_of(context), Workspace.open(Path(workspace_folder))
    programme = load_programme(opened, pack)
    routes = [load_route(opened, name) for name in (names or list_routes(opened))]
    found = check_routes(
        programme,
        routes,
        opened.scan(COMMUNITIES.name).collect(),
        opened.scan(PROGRAMMES.name).collect(),
        targets=targets or None,
        provinces=(find_province(province),) if province else (),
    )
    tell_source(opened, COMMUNITIES.name, session)
    language = session.language
    rows = [
        (session.say(f"verdict.{one.verdict}"), one.sentence(programme, language))
        for one in found.findings
    ]
    heads = [session.say(f"cli.route.check.{name}") for name in ("verdict", "finding")]
    show_table(heads, rows, title=programme.name(language))
    verdict = session.say(f"verdict.{found.verdict}")
    show_lines([session.say("cli.route.check.all", verdict=verdict, count=len(routes))])
    if target_file:
        write_list(found.communities, target_file, session)


@route.command(cls=SpokenCommand, help="cli.route.export")
@click.argument("name", metavar="ROUTE", help="cli.options.route")
@click.option("--to", "target", default=None, metavar="DIR", help="cli.options.to")
@click.option(
    "--format", "formats", multiple=True, metavar="FORMAT", help="cli.options.route_formats"
)
@workspace_option()
@click.pass_context
def export(
    context: click.Context,
    *,
    name: str,
    target: str | None,
    formats: Sequence[str],
    workspace_folder: str,
) -> None:
    """Write a route as map files and as a day programme."""
    session, opened = session_of(context), Workspace.open(Path(workspace_folder))
    made = load_route(opened, name)
    folder = Path(target) if target else OUTPUTS / made.id
    with working(1) as begin:
        begin(session.say("cli.route.export.working"))
        written = write_route(made, folder, session.language, formats=formats or MAP_FORMATS)
    show_lines(short_path(path) for path in written)
    if made.made_up:
        show_banner(session.say("cli.made_up"))
