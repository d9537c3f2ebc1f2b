"""The best route of a request through tourism communities and attractions, with its proof."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from time import monotonic

import numpy as np
import polars as pl

from phaenthi.geo.notes import Note
from phaenthi.geo.tours.planning import SECONDS, Tour, TourProof, find_tour, loss_of_including
from phaenthi.geo.tours.tour import MINUTES_A_DAY, Day, Stop, TourTask, schedule_day
from phaenthi.geo.tours.travel import Travel, travel_by_great_circle
from phaenthi.layers.registers.clock import clock_of
from phaenthi.layers.tourism.route_candidates import Candidates, gather_candidates, windows_of
from phaenthi.layers.tourism.route_request import RouteRequest
from phaenthi.wording import Problem

TravelSource = Callable[[Sequence[str], Sequence[float], Sequence[float]], Travel]
"""Travel between places, from their names (community_id, attraction_id, ``start``, ``end``),
longitudes and latitudes."""

UNVISITED_TOLD = 200
"""So many places that are not visited are named; all are counted."""
_SECONDS_TO_EXPLAIN = 1.5


@dataclass(frozen=True)
class Leg:
    """A stretch of travel; ``metres`` is None where the source tells no distance."""

    minutes: int
    metres: int | None


@dataclass(frozen=True)
class RouteStop:
    """A visit with its times.

    Attributes
    ----------
    kind
        ``programme`` or ``attraction``.
    leg
        Travel to it; None where there is none: at the day's first stop without a start, and
        between programmes of one community.
    arrives, begins, ends
        ``HH:MM``.
    waits
        Minutes between arriving and beginning.
    price_baht
        A head; None where it is not known.
    assumed_minutes
        Whether the length of the visit is assumed.
    """

    kind: str
    id: str
    name_th: str
    community_id: str | None
    community_th: str | None
    area_code: str | None
    class_th: str | None
    city_class: str | None
    longitude: float
    latitude: float
    leg: Leg | None
    arrives: str
    begins: str
    ends: str
    waits: int
    minutes: int
    assumed_minutes: bool
    price_baht: float | None
    points: int


@dataclass(frozen=True)
class RouteDay:
    """One day of a route; ``last_leg`` leads from the last stop to where the day ends."""

    number: int
    date: date | None
    sets_out: str
    ends: str
    stops: tuple[RouteStop, ...]
    last_leg: Leg | None
    minutes: int
    travel_minutes: int
    price_baht: float


@dataclass(frozen=True)
class Unvisited:
    """A place that the route does not visit.

    Attributes
    ----------
    reason
        Id under ``layers.route.reasons``.
    lost_points
        For ``no_room``: how many points the best route that visits it has less; 0 where only
        travel, price or time decided; None where it was not looked into.
    """

    kind: str
    id: str
    name_th: str
    reason: str
    lost_points: int | None = None


@dataclass(frozen=True)
class Route:
    """A route with its times, costs and proof.

    Attributes
    ----------
    id
        Made of what it visits and of the request; the same again for the same.
    days
        One a day of the request; a day may be empty.
    points, travel_minutes, price_baht, minutes
        What routes are compared by, in this order; price a head.
    travel_metres
        None where a leg tells no distance.
    proof
        How good it is.
    travel_source, reduction
        Where travel comes from; how many places were looked at, by which rule.
    warnings
        What a planner must know before printing it.
    unvisited
        The first of those not visited, by kind and id; ``left_out`` counts all by reason.
    made_up
        Whether it rests on made-up data.
    """

    id: str
    request: RouteRequest
    days: tuple[RouteDay, ...]
    points: int
    travel_minutes: int
    travel_metres: int | None
    price_baht: float
    minutes: int
    proof: TourProof
    travel_source: Note
    reduction: Note
    warnings: tuple[Note, ...]
    unvisited: tuple[Unvisited, ...]
    left_out: dict[str, int]
    made_up: bool = False

    @property
    def stops(self) -> tuple[RouteStop, ...]:
        """All stops in order."""
        return tuple(stop for day in self.days for stop in day.stops)

    @property
    def group_price_baht(self) -> float:
        """Price for all persons of the request."""
        return self.price_baht * self.request.persons


def plan_route(
    communities: pl.DataFrame,
    programmes: pl.DataFrame,
    attractions: pl.DataFrame,
    request: RouteRequest,
    *,
    travel: TravelSource | None = None,
    seconds: float = SECONDS,
    made_up: bool = False,
) -> Route:
    """Plan the best route of a request.

    Parameters
    ----------
    communities, programmes, attractions
        Rows of the layers ``tourism_communities``, ``tourism_programmes``, ``attractions``.
    travel
        Where travel times come from; the great circle × a detour factor unless given.
    seconds
        When to stop looking; the proof then tells the gap.

    Returns
    -------
    Route
        The most points; of those the least travel, then the lowest price, then the least time,
        then the first by id. See :func:`phaenthi.geo.tours.planning.find_tour`.

    Raises
    ------
    Problem
        ``layers.route_without_stops``; for a required place ``layers.route_stop_unknown`` or
        ``layers.route_stop_<reason>``; what ``find_tour`` and the source
        of travel raise.
    """
    candidates = gather_candidates(
        communities, programmes, attractions, request, by_great_circle=travel is None
    )
    _refuse_unusable(candidates, request)
    if candidates.table.is_empty() and candidates.unfit.is_empty():
        raise Problem("layers.route_without_stops")
    rows = candidates.table.to_dicts()
    found = _travel_between(rows, request, travel)
    task = _task(rows, request, found)
    tour = find_tour(task, seconds=seconds)
    days = tuple(_told_day(number, tour, rows, request, found) for number in range(request.days))
    metres = [leg.metres for day in days for leg in _legs(day)]
    unvisited = _unvisited(rows, task, tour, candidates)
    left_out = candidates.unfit.group_by("reason").len().sort("reason").rows()
    counted = dict(left_out)
    for one in unvisited:
        if one.reason in _OF_LOOKED_AT:
            counted[one.reason] = counted.get(one.reason, 0) + 1
    return Route(
        id=_id_of(request, days),
        request=request,
        days=days,
        points=tour.value.score,
        travel_minutes=tour.value.travel,
        travel_metres=None if None in metres else sum(m for m in metres if m is not None),
        price_baht=tour.value.price / 100,
        minutes=tour.value.minutes,
        proof=tour.proof,
        travel_source=found.source,
        reduction=_reduction(candidates, request),
        warnings=tuple(_warnings(days, candidates, request)),
        unvisited=unvisited[:UNVISITED_TOLD],
        left_out=counted,
        made_up=made_up,
    )


_OF_LOOKED_AT = ("no_room", "does_not_fit")


def _refuse_unusable(candidates: Candidates, request: RouteRequest) -> None:
    seen = set(candidates.table["id"])
    for wanted in request.required:
        if wanted in seen:
            continue
        apart = candidates.unfit.filter(pl.col("id") == wanted)
        if apart.is_empty():
            raise Problem("layers.route_stop_unknown", found=wanted)
        name, reason = apart["name_th"][0] or wanted, apart["reason"][0]
        raise Problem(f"layers.route_stop_{reason}", name=name)


def _travel_between(
    rows: Sequence[dict[str, object]], request: RouteRequest, travel: TravelSource | None
) -> Travel:
    """Return travel between the places of the candidates, then start and end where given."""
    places = _places(rows)
    ends = [("start", request.start), ("end", request.last_place)]
    named = [(key, end) for key, end in ends if end is not None]
    names = [place.split(" ", 1)[1] for place in places] + [key for key, _ in named]
    by_place = {str(row["place"]): row for row in rows}
    x = [_number(by_place[place]["longitude"]) for place in places]
    y = [_number(by_place[place]["latitude"]) for place in places]
    x += [end.longitude for _, end in named]
    y += [end.latitude for _, end in named]
    if travel is not None:
        if request.last_place == request.start and names[-1:] == ["end"]:
            names[-1] = "start"
            return _with_the_same_end(travel(names[:-1], x[:-1], y[:-1]))
        return travel(names, x, y)
    return travel_by_great_circle(
        x, y, detour=request.detour, kilometres_per_hour=request.kilometres_per_hour
    )


def _with_the_same_end(travel: Travel) -> Travel:
    """Return travel with the last place, the start, once more as the end."""
    again = [*range(len(travel.minutes)), len(travel.minutes) - 1]
    square = np.ix_(again, again)
    return replace(travel, minutes=travel.minutes[square], metres=travel.metres[square])


def _places(rows: Sequence[dict[str, object]]) -> list[str]:
    return sorted({str(row["place"]) for row in rows})


def _number(value: object) -> float:
    return float(str(value))


def _task(rows: Sequence[dict[str, object]], request: RouteRequest, travel: Travel) -> TourTask:
    places = {place: number for number, place in enumerate(_places(rows))}
    stops = tuple(
        Stop(
            id=str(row["key"]),
            place=places[str(row["place"])],
            minutes=int(_number(row["minutes"])),
            begins=tuple(windows_of(row, request, day) for day in range(request.days)),
            score=int(_number(row["points"])),
            price=round(_number(row["price_baht"] or 0) * 100),
            required=row["id"] in request.required,
        )
        for row in rows
    )
    start = len(places) if request.start else None
    end = None
    if request.last_place:
        end = len(places) + (1 if request.start else 0)
    day = Day(
        earliest=request.earliest,
        latest=request.latest,
        most_minutes=request.most_minutes or MINUTES_A_DAY,
        start=start,
        end=end,
        most_stops=request.most_stops,
    )
    return TourTask(stops, (day,) * request.days, travel.table(), request.most_satang)


def _told_day(
    number: int,
    tour: Tour,
    rows: Sequence[dict[str, object]],
    request: RouteRequest,
    travel: Travel,
) -> RouteDay:
    day = tour.days[number]
    places = {place: n for n, place in enumerate(_places(rows))}
    here = len(places) if request.start else None
    stops = []
    for visit in day.visits:
        row = rows[visit.stop]
        there = places[str(row["place"])]
        stops.append(
            RouteStop(
                kind=str(row["kind"]),
                id=str(row["id"]),
                name_th=str(row["name_th"] or row["id"]),
                community_id=_text(row["community_id"]),
                community_th=_text(row["community_th"]),
                area_code=_text(row["area_code"]),
                class_th=_text(row["class_th"]),
                city_class=_text(row["city_class"]),
                longitude=_number(row["longitude"]),
                latitude=_number(row["latitude"]),
                leg=_leg(travel, here, there),
                arrives=clock_of(visit.arrives),
                begins=clock_of(visit.begins),
                ends=clock_of(visit.ends),
                waits=visit.waits,
                minutes=visit.ends - visit.begins,
                assumed_minutes=bool(row["assumed_minutes"]),
                price_baht=None if row["price_baht"] is None else _number(row["price_baht"]),
                points=int(_number(row["points"])),
            )
        )
        here = there
    end = None
    if request.last_place:
        end = len(places) + (1 if request.start else 0)
    return RouteDay(
        number=number + 1,
        date=request.date_of(number),
        sets_out=clock_of(day.sets_out),
        ends=clock_of(day.ends),
        stops=tuple(stops),
        last_leg=_leg(travel, here, end) if stops else None,
        minutes=day.minutes,
        travel_minutes=day.travel,
        price_baht=sum(round((stop.price_baht or 0) * 100) for stop in stops) / 100,
    )


def _leg(travel: Travel, one: int | None, other: int | None) -> Leg | None:
    if one is None or other is None or one == other:
        return None
    metres = int(travel.metres[one, other])
    return Leg(int(travel.minutes[one, other]), metres if metres >= 0 else None)


def _legs(day: RouteDay) -> list[Leg]:
    return [leg for leg in (*(stop.leg for stop in day.stops), day.last_leg) if leg is not None]


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _unvisited(
    rows: Sequence[dict[str, object]], task: TourTask, tour: Tour, candidates: Candidates
) -> tuple[Unvisited, ...]:
    """Return why each place is not visited: those that were looked at first."""
    until = monotonic() + _SECONDS_TO_EXPLAIN
    told = []
    for number, row in enumerate(rows):
        if number in tour.visited:
            continue
        fits = any(schedule_day(task, day, [number]) for day in range(len(task.days)))
        lost = None
        if fits and tour.proof.closed and monotonic() < until:
            lost = loss_of_including(task, number, tour, seconds=until - monotonic())
        reason = "no_room" if fits else "does_not_fit"
        name = str(row["name_th"] or row["id"])
        told.append(Unvisited(str(row["kind"]), str(row["id"]), name, reason, lost))
    others = candidates.unfit.head(UNVISITED_TOLD).select("kind", "id", "name_th", "reason").rows()
    told += [Unvisited(kind, one, name or one, reason) for kind, one, name, reason in others]
    return tuple(told)


def _reduction(candidates: Candidates, request: RouteRequest) -> Note:
    unseen = candidates.unfit.filter(pl.col("reason") == "not_looked_at").height
    seen = candidates.table.height
    if not unseen:
        return Note("layers.route.all_looked_at", {"seen": seen})
    rule = "from_start" if request.start else "from_middle"
    return Note(f"layers.route.looked_at_{rule}", {"seen": seen, "all": seen + unseen})


def _warnings(
    days: Sequence[RouteDay], candidates: Candidates, request: RouteRequest
) -> list[Note]:
    stops = {stop.id for day in days for stop in day.stops}
    visited = candidates.table.filter(pl.col("id").is_in(list(stops)))
    some_days = pl.col("days").is_not_null() & (pl.col("days").str.len_chars() < 7)
    counts = {
        "prices_unknown": visited["price_baht"].is_null().sum(),
        "minutes_assumed": visited["assumed_minutes"].sum(),
        "hours_unknown": visited["opens"].is_null().sum(),
        "capacity_unknown": visited.filter(
            (pl.col("kind") == "programme") & pl.col("capacity").is_null()
        ).height,
        "days_not_settled": 0 if request.first_date else visited.filter(some_days).height,
        "days_unknown": visited["days"].is_null().sum() if request.first_date else 0,
        "without_community": candidates.without_community,
        "days_empty": sum(not day.stops for day in days),
    }
    return [
        Note(f"layers.route.warnings.{name}", {"count": int(count)})
        for name, count in counts.items()
        if count
    ]


def _id_of(request: RouteRequest, days: Sequence[RouteDay]) -> str:
    content = {"request": asdict(request), "days": [asdict(day) for day in days]}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    digest = hashlib.sha256(text.encode()).hexdigest()[:10]
    return f"route-{request.province or 'th'}-{digest}"
