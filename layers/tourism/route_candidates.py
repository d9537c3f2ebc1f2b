"""The places that a route may visit: programmes and attractions in one table, unfit ones apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from phaenthi.geo.shapes.sphere import sphere_metres
from phaenthi.geo.tours.tour import MINUTES_A_DAY, Window
from phaenthi.geo.tours.travel import minutes_of as minutes_on_road
from phaenthi.layers.registers.clock import minutes_of
from phaenthi.layers.tourism.route_request import RouteRequest
from phaenthi.layers.tourism.summary import join_programmes

PROGRAMME, ATTRACTION = "programme", "attraction"
COLUMNS: dict[str, pl.DataType] = {
    "key": pl.String(),
    "kind": pl.String(),
    "id": pl.String(),
    "name_th": pl.String(),
    "place": pl.String(),
    "community_id": pl.String(),
    "community_th": pl.String(),
    "area_code": pl.String(),
    "class_th": pl.String(),
    "city_class": pl.String(),
    "interest": pl.String(),
    "minutes": pl.Int64(),
    "assumed_minutes": pl.Boolean(),
    "price_baht": pl.Float64(),
    "capacity": pl.Int64(),
    "opens": pl.String(),
    "closes": pl.String(),
    "days": pl.String(),
    "longitude": pl.Float64(),
    "latitude": pl.Float64(),
}
"""Of a candidate: ``key`` tells it from all others, ``place`` is the same for programmes of one
community, ``assumed_minutes`` says that the length of the visit is not the register's."""


@dataclass(frozen=True)
class Candidates:
    """What a route may visit.

    Attributes
    ----------
    table
        ``COLUMNS``, points and minutes_there (estimated from the start there and back to the
        end); those that are looked at, sorted by key.
    unfit
        key, kind, id, name_th, reason of all others; ``reason`` is an id under
        ``layers.route.reasons``.
    without_community
        Programmes of communities that the register does not hold; they are in neither table.
    """

    table: pl.DataFrame
    unfit: pl.DataFrame
    without_community: int


def gather_candidates(
    communities: pl.DataFrame,
    programmes: pl.DataFrame,
    attractions: pl.DataFrame,
    request: RouteRequest,
    *,
    by_great_circle: bool = True,
) -> Candidates:
    """Put programmes and attractions into one table, and choose which are looked at.

    Parameters
    ----------
    communities, programmes, attractions
        Rows of the layers.
    by_great_circle
        Whether travel is estimated from the great circle, so that what is too far away can be
        told before the route is sought.

    Notes
    -----
    Of the fit ones at most ``request.looked_at`` are looked at: required ones first, then those
    of more points, then those nearer to the way from start to end (without a start: to the
    middle of all), then by key.
    """
    joined = join_programmes(programmes, communities)
    parts = [_of_attractions(attractions, request)] if request.attractions else []
    parts += [_of_programmes(joined.table)] if request.programmes else []
    everything = pl.concat([pl.DataFrame(schema=COLUMNS), *parts])
    if request.province:
        here = pl.col("area_code").str.starts_with(request.province)
        everything = everything.filter(here.fill_null(value=False))
    judged = _with_reasons(
        _with_points(everything, request), request, by_great_circle=by_great_circle
    )
    fit = judged.filter(pl.col("reason").is_null())
    required = pl.col("id").is_in(list(request.required))
    ranked = fit.with_columns(is_required=required).sort(
        ["is_required", "points", "minutes_there", "key"], descending=[True, True, False, False]
    )
    seen, rest = ranked.head(request.looked_at), ranked.slice(request.looked_at)
    unfit = pl.concat(
        [
            judged.filter(pl.col("reason").is_not_null()),
            rest.drop("is_required").with_columns(reason=pl.lit("not_looked_at")),
        ]
    )
    told = unfit.select("key", "kind", "id", "name_th", "reason").sort("key")
    table = seen.drop("is_required", "reason").sort("key")
    return Candidates(table, told, joined.unmatched if request.programmes else 0)


def _of_programmes(joined: pl.DataFrame) -> pl.DataFrame:
    # Hours that hold one visit and nothing else tell its length.
    spans = _spans(joined)
    return joined.select(
        key=pl.lit("programme ") + pl.col("programme_id"),
        kind=pl.lit(PROGRAMME),
        id=pl.col("programme_id"),
        name_th=pl.col("name_th"),
        place=pl.lit("community ") + pl.col("community_id"),
        community_id=pl.col("community_id"),
        community_th=pl.col("community_th"),
        area_code=pl.col("village_code"),
        class_th=pl.col("class_th"),
        city_class=pl.lit(None, dtype=pl.String),
        interest=pl.col("interest"),
        minutes=pl.coalesce("minutes", spans),
        assumed_minutes=pl.lit(value=False),
        price_baht=pl.col("price_baht"),
        capacity=pl.col("capacity"),
        opens=pl.col("opens"),
        closes=pl.col("closes"),
        days=pl.col("days"),
        longitude=pl.col("longitude"),
        latitude=pl.col("latitude"),
    )


def _spans(joined: pl.DataFrame) -> pl.Series:
    """Return the minutes from opening to closing where there is one round of that length."""
    told = joined.select("opens", "closes").unique().drop_nulls().rows()
    spans = {}
    for opens, closes in told:
        ends = list(zip(minutes_of(opens), minutes_of(closes), strict=True))
        lengths = {last - first for first, last in ends}
        spans[opens, closes] = lengths.pop() if len(lengths) == 1 else None
    pairs = joined.select("opens", "closes").rows()
    return pl.Series("span", [spans.get(pair) for pair in pairs], dtype=pl.Int64)


def _of_attractions(attractions: pl.DataFrame, request: RouteRequest) -> pl.DataFrame:
    return attractions.select(
        key=pl.lit("attraction ") + pl.col("attraction_id"),
        kind=pl.lit(ATTRACTION),
        id=pl.col("attraction_id"),
        name_th=pl.col("name_th"),
        place=pl.lit("attraction ") + pl.col("attraction_id"),
        community_id=pl.lit(None, dtype=pl.String),
        community_th=pl.lit(None, dtype=pl.String),
        area_code=pl.col("area_code"),
        class_th=pl.lit(None, dtype=pl.String),
        city_class=pl.col("city_class"),
        interest=pl.col("interest"),
        minutes=pl.col("minutes").fill_null(request.attraction_minutes),
        assumed_minutes=pl.col("minutes").is_null(),
        price_baht=pl.col("price_baht"),
        capacity=pl.lit(None, dtype=pl.Int64),
        opens=pl.col("opens"),
        closes=pl.col("closes"),
        days=pl.col("days"),
        longitude=pl.col("longitude"),
        latitude=pl.col("latitude"),
    )


def _with_points(table: pl.DataFrame, request: RouteRequest) -> pl.DataFrame:
    interests = table["interest"].unique().to_list()
    points = {interest: request.points_of(interest) for interest in interests}
    there = pl.Series("minutes_there", _minutes_there(table, request), dtype=pl.Int64)
    return table.with_columns(
        pl.Series("points", [points[one] for one in table["interest"]], dtype=pl.Int64), there
    )


def _minutes_there(table: pl.DataFrame, request: RouteRequest) -> list[int | None]:
    """Estimate the minutes from the start to each place and on to the end of the day."""
    x = table["longitude"].fill_null(np.nan).to_numpy()
    y = table["latitude"].fill_null(np.nan).to_numpy()
    placed = ~(np.isnan(x) | np.isnan(y))
    ends = [(end.longitude, end.latitude) for end in (request.start, request.last_place) if end]
    if not ends and placed.any():
        ends = [(float(np.median(x[placed])), float(np.median(y[placed])))]
    total = np.zeros(len(x), dtype=np.int64)
    for longitude, latitude in ends:
        metres = sphere_metres(x[placed], y[placed], longitude, latitude) * request.detour
        total[placed] += minutes_on_road(metres, request.kilometres_per_hour)
    return [int(one) if known else None for one, known in zip(total, placed, strict=True)]


def _with_reasons(
    table: pl.DataFrame, request: RouteRequest, *, by_great_circle: bool
) -> pl.DataFrame:
    """Add why a place cannot be visited at all; missing where it can."""
    spare = request.latest - request.earliest
    if request.most_minutes is not None:
        spare = min(spare, request.most_minutes)
    # Without a start nothing is far from it.
    there = pl.col("minutes_there") if by_great_circle and request.start else pl.lit(0)
    price = (pl.col("price_baht") * 100).round()
    limited = request.most_satang is not None
    tests = {
        "excluded": pl.col("id").is_in(list(request.excluded)),
        "no_position": pl.col("longitude").is_null() | pl.col("latitude").is_null(),
        "no_length": pl.col("minutes").is_null(),
        "too_small": pl.col("capacity") < request.persons,
        "price_unknown": pl.lit(limited) & price.is_null(),
        "too_dear": price > (request.most_satang or 0) if limited else pl.lit(value=False),
        "too_long": pl.col("minutes") > spare,
        "closed": pl.col("closed"),
        "too_far": pl.col("minutes") + there > spare,
        "no_points": (pl.col("points") <= 0) & ~pl.col("id").is_in(list(request.required)),
    }
    first = pl.coalesce(
        pl.when(test.fill_null(value=False)).then(pl.lit(reason)) for reason, test in tests.items()
    )
    closed = pl.Series("closed", _closed(table, request), dtype=pl.Boolean)
    return table.with_columns(closed).with_columns(reason=first).drop("closed")


def _closed(table: pl.DataFrame, request: RouteRequest) -> list[bool]:
    """Tell which places no visit can begin and end at on any day of the request."""
    columns = ["kind", "opens", "closes", "days", "minutes"]
    hours = table.select(columns).rows()
    closed = {}
    for one in set(hours):
        row = dict(zip(columns, one, strict=True))
        closed[one] = row["minutes"] is not None and not any(
            max(first, request.earliest) <= min(last, request.latest - row["minutes"])
            for day in range(request.days)
            for first, last in windows_of(row, request, day)
        )
    return [closed[one] for one in hours]


def windows_of(row: dict[str, object], request: RouteRequest, day: int) -> tuple[Window, ...]:
    """Return when a visit to a candidate may begin on a day of a request.

    With opening hours the whole visit lies inside them. Without a closing time a programme
    begins at its times exactly, and an attraction is open from then on. Without any time a
    place is open all day.
    """
    date = request.date_of(day)
    days = row["days"]
    if date is not None and days is not None and str(date.isoweekday()) not in str(days):
        return ()
    opens, closes, length = row["opens"], row["closes"], int(str(row["minutes"]))
    first = minutes_of(str(opens)) if opens is not None else (0,)
    if closes is not None:
        last = tuple(end - length for end in minutes_of(str(closes)))
        first = first if opens is not None else (0,) * len(last)
    elif opens is not None and row["kind"] == PROGRAMME:
        last = first
    else:
        last = (MINUTES_A_DAY,) * len(first)
    return tuple((a, b) for a, b in zip(first, last, strict=True) if a <= b)
