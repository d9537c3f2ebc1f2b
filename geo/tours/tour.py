"""What a tour is made of: stops with their hours, days with their limits, and times in minutes.

All times are whole minutes after midnight, all prices whole satang, so that a tour can be
counted again exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

MINUTES_A_DAY = 24 * 60
NO_WAY = -1
"""In a matrix of minutes: there is no way from the one place to the other."""

Window = tuple[int, int]
"""First and last minute at which a visit may begin."""


@dataclass(frozen=True)
class Stop:
    """A place that may be visited once.

    Attributes
    ----------
    id
        Tells it from the others; ties go to the lower id.
    place
        Row and column of the travel times. Stops of one place have no travel between them.
    minutes
        Length of the visit.
    begins
        For each day of the tour the windows in which the visit may begin; none: closed.
    score
        Points for visiting it, 0 or more.
    price
        Satang a head.
    required
        Whether a tour without it is none.
    """

    id: str
    place: int
    minutes: int
    begins: tuple[tuple[Window, ...], ...]
    score: int
    price: int = 0
    required: bool = False


@dataclass(frozen=True)
class Day:
    """The limits of one day.

    Attributes
    ----------
    earliest, latest
        Nobody sets out before the one or is under way after the other.
    most_minutes
        From setting out to the end, travel, visits and waiting included.
    start, end
        Places where the day begins and ends; None: at its first, its last stop.
    most_stops
        At most so many visits; None for any number.
    """

    earliest: int
    latest: int
    most_minutes: int = MINUTES_A_DAY
    start: int | None = None
    end: int | None = None
    most_stops: int | None = None


@dataclass(frozen=True)
class TourTask:
    """Everything that a tour must keep to.

    Attributes
    ----------
    stops
        Sorted by id, no id twice.
    days
        In order.
    minutes
        Travel minutes from each place (row) to each place (column), ``NO_WAY`` where there is
        none; 0 from a place to itself.
    most_price
        Satang a head for the whole tour; None for any price.
    """

    stops: tuple[Stop, ...]
    days: tuple[Day, ...]
    minutes: tuple[tuple[int, ...], ...]
    most_price: int | None = None

    def __post_init__(self) -> None:
        """Refuse a task that contradicts itself."""
        ids = [stop.id for stop in self.stops]
        if ids != sorted(set(ids)):
            raise ValueError("stops are sorted by id and no id stands twice")
        for stop in self.stops:
            if len(stop.begins) != len(self.days):
                raise ValueError(f"stop {stop.id}: windows for each day")
            if min(stop.minutes, stop.score, stop.price) < 0:
                raise ValueError(f"stop {stop.id}: minutes, score and price are 0 or more")
        size = len(self.minutes)
        places = [stop.place for stop in self.stops]
        places += [
            place for day in self.days for place in (day.start, day.end) if place is not None
        ]
        if any(len(row) != size for row in self.minutes) or any(p >= size for p in places):
            raise ValueError("the travel times are no square of all places")

    def leg(self, from_stop: int | None, to_stop: int | None, day: int) -> int:
        """Return the travel minutes of one leg of a day, ``NO_WAY`` where there is no way.

        Parameters
        ----------
        from_stop, to_stop
            Numbers of stops; None for the start or the end of the day.
        """
        limits = self.days[day]
        one = limits.start if from_stop is None else self.stops[from_stop].place
        other = limits.end if to_stop is None else self.stops[to_stop].place
        if one is None or other is None or one == other:
            return 0
        return self.minutes[one][other]


@dataclass(frozen=True)
class Visit:
    """One visit: number of the stop, and minutes of travel, waiting, begin and end."""

    stop: int
    travel: int
    arrives: int
    begins: int
    ends: int

    @property
    def waits(self) -> int:
        """Minutes between arriving and beginning."""
        return self.begins - self.arrives


@dataclass(frozen=True)
class DayTour:
    """One day with its times; ``travel_back`` is the leg from the last stop to the day's end."""

    sets_out: int
    visits: tuple[Visit, ...]
    travel_back: int
    ends: int

    @property
    def minutes(self) -> int:
        """Minutes from setting out to the end."""
        return self.ends - self.sets_out

    @property
    def travel(self) -> int:
        """Minutes of travel."""
        return sum(visit.travel for visit in self.visits) + self.travel_back


Aim = Literal["score", "travel", "price", "minutes"]
AIMS: tuple[Aim, ...] = ("score", "travel", "price", "minutes")
"""What tours are compared by, the first first."""


@dataclass(frozen=True)
class Step:
    """How far one aim was taken: the value reached, and the bound that nothing can pass."""

    aim: Aim
    value: int
    bound: int

    @property
    def proved(self) -> bool:
        """Whether nothing better exists, the earlier aims being held."""
        return self.value == self.bound

    @property
    def gap(self) -> int:
        """How much better it could still be at most."""
        return abs(self.value - self.bound)


@dataclass(frozen=True)
class Value:
    """How good a tour is, in the order in which tours are compared.

    Attributes
    ----------
    score
        Points of the visits: the more the better.
    travel, price, minutes
        Then the least minutes of travel, the lowest price in satang a head, the least minutes
        from setting out to the end, all days together.
    """

    score: int
    travel: int
    price: int
    minutes: int

    @property
    def key(self) -> tuple[int, int, int, int]:
        """Sorts the better tour first."""
        return -self.score, self.travel, self.price, self.minutes


def schedule_day(task: TourTask, day: int, stops: Sequence[int]) -> DayTour | None:
    """Give the visits of a day their times, in the order given.

    Of all that keep to the windows and limits the shortest, from setting out to the end; of
    those the earliest.

    Returns
    -------
    DayTour or None
        None where no setting out keeps to all of them; a day without visits takes no time.
    """
    limits = task.days[day]
    if not stops:
        return DayTour(limits.earliest, (), 0, limits.earliest)
    if limits.most_stops is not None and len(stops) > limits.most_stops:
        return None
    before: list[int | None] = [None, *stops]
    legs = [task.leg(one, to, day) for one, to in zip(before, stops, strict=False)]
    back = task.leg(stops[-1], None, day)
    if NO_WAY in (*legs, back):
        return None
    best: DayTour | None = None
    for sets_out in range(limits.earliest, limits.latest + 1):
        tried = _from(task, day, stops, (*legs, back), sets_out)
        if tried is None:
            break  # who sets out later comes later everywhere
        if tried.minutes <= limits.most_minutes and (best is None or tried.minutes < best.minutes):
            best = tried
    return best


def _from(
    task: TourTask, day: int, stops: Sequence[int], legs: Sequence[int], sets_out: int
) -> DayTour | None:
    """Return the visits of a day as early as they can be after setting out, None if too late."""
    now = sets_out
    visits = []
    for number, leg in zip(stops, legs, strict=False):
        stop, arrives = task.stops[number], now + leg
        begins = next_begin(stop.begins[day], arrives)
        if begins is None:
            return None
        now = begins + stop.minutes
        visits.append(Visit(number, leg, arrives, begins, now))
    ends = now + legs[-1]
    if ends > task.days[day].latest:
        return None
    return DayTour(sets_out, tuple(visits), legs[-1], ends)


def next_begin(windows: Sequence[Window], arrives: int) -> int | None:
    """Return the first minute from an arrival on at which a visit may begin, None if none."""
    possible = [max(first, arrives) for first, last in windows if max(first, arrives) <= last]
    return min(possible, default=None)


def value_of(task: TourTask, days: Sequence[DayTour]) -> Value:
    """Add up how good the days are."""
    visited = [task.stops[visit.stop] for day in days for visit in day.visits]
    return Value(
        score=sum(stop.score for stop in visited),
        travel=sum(day.travel for day in days),
        price=sum(stop.price for stop in visited),
        minutes=sum(day.minutes for day in days),
    )
