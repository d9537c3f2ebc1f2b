"""What a tourist route is asked to keep to: start, days, interests, limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from phaenthi.geo.shapes.crs import THAILAND_BOUNDS
from phaenthi.geo.tours.travel import DETOUR, KILOMETRES_PER_HOUR
from phaenthi.layers.registers.clock import minutes_of, read_clock
from phaenthi.wording import Problem

POINTS = 10
"""For what is asked for (everything, where no interest is named): assumed."""
OTHER_POINTS = 1
"""For what matches none of the interests: visited only where it costs nothing else."""
MOST_DAYS = 7
MOST_LOOKED_AT = 20


@dataclass(frozen=True)
class Position:
    """A place in degrees, and how it is called."""

    longitude: float
    latitude: float
    name: str = ""


@dataclass(frozen=True)
class RouteRequest:
    """A wish for a route.

    Attributes
    ----------
    province
        Code of the province whose places are looked at; "" for all that are given.
    start, end
        Where each day begins and ends; without a start a day begins at its first stop and ends
        at its last; without an end it ends where it began.
    days
        Number of days.
    first_date
        Settles which weekdays they are; without it places count as open on every day.
    sets_out, returns
        Limits of a day, ``HH:MM``.
    most_minutes
        From setting out to the end of a day; None for the whole of the limits.
    interests
        Points by interest; those named count, other places ``OTHER_POINTS``.
    required, excluded
        Ids of programmes and attractions.
    most_price_baht
        A head, the whole route.
    most_stops
        A day.
    persons
        Size of the group: places that take fewer are left out.
    programmes, attractions
        Whether the one and the other are visited.
    looked_at
        How many places are looked at, at most 20.
    attraction_minutes
        Length of a visit where an attraction tells none: assumed.
    detour, kilometres_per_hour
        Of the estimate of travel from the great circle.
    """

    province: str = ""
    start: Position | None = None
    end: Position | None = None
    days: int = 1
    first_date: date | None = None
    sets_out: str = "08:00"
    returns: str = "17:00"
    most_minutes: int | None = None
    interests: Mapping[str, int] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    most_price_baht: float | None = None
    most_stops: int | None = None
    persons: int = 1
    programmes: bool = True
    attractions: bool = True
    looked_at: int = 15
    attraction_minutes: int = 60
    detour: float = DETOUR
    kilometres_per_hour: float = KILOMETRES_PER_HOUR

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises
        ------
        Problem
            ``phaenthi.layers.tourism.route_request`` with the field and what was found there.
        """
        limits = {
            "days": 1 <= self.days <= MOST_DAYS,
            "sets_out": _is_time(self.sets_out),
            "returns": _is_time(self.returns),
            "most_minutes": self.most_minutes is None or self.most_minutes > 0,
            "interests": all(points >= 0 for points in self.interests.values()),
            "most_price_baht": self.most_price_baht is None or self.most_price_baht >= 0,
            "most_stops": self.most_stops is None or self.most_stops >= 1,
            "persons": self.persons >= 1,
            "looked_at": 1 <= self.looked_at <= MOST_LOOKED_AT,
            "attraction_minutes": self.attraction_minutes >= 1,
            "start": _is_in_thailand(self.start),
            "end": _is_in_thailand(self.end),
        }
        for name, sound in limits.items():
            if not sound:
                raise Problem("layers.route_request", field=name, found=getattr(self, name))
        if self.latest <= self.earliest:
            raise Problem("layers.route_request", field="returns", found=self.returns)

    @property
    def earliest(self) -> int:
        """Minute of the day before which nobody sets out."""
        return minutes_of(self.sets_out)[0]

    @property
    def latest(self) -> int:
        """Minute of the day by which a day is over."""
        return minutes_of(self.returns)[0]

    @property
    def last_place(self) -> Position | None:
        """Where a day ends."""
        return self.end or self.start

    @property
    def most_satang(self) -> int | None:
        """The most that the route may cost a head, in satang."""
        return None if self.most_price_baht is None else round(self.most_price_baht * 100)

    def date_of(self, day: int) -> date | None:
        """Return the date of a day, the first is 0."""
        return self.first_date + timedelta(days=day) if self.first_date else None

    def points_of(self, interest: str | None) -> int:
        """Return the points of a place by its interest."""
        if not self.interests:
            return POINTS
        told = _plain(interest or "")
        return max(
            (points for name, points in self.interests.items() if _plain(name) in told),
            default=OTHER_POINTS,
        )


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def _is_time(text: str) -> bool:
    return read_clock(text) == text


def _is_in_thailand(place: Position | None) -> bool:
    west, south, east, north = THAILAND_BOUNDS
    return place is None or (west <= place.longitude <= east and south <= place.latitude <= north)
