"""Every set of stops that fits into one day, with the shortest way to visit it.

A dynamic programme over sets of stops and the last of them (Held and Karp 1962), with the time
as a function of setting out: once it is chosen in which of its windows each visit begins, the
day is done at ``max(E, setting out + D)`` for setting out up to ``L`` (Savelsbergh 1992, *The
vehicle routing problem with time windows: minimizing route duration*). Three numbers therefore
say all about a way: E, L and its travel, for D is travel and visits together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from phaenthi.geo.tours.tour import NO_WAY, TourTask, Window

MOST_STOPS = 40
MOST_WAYS = 200_000
MOST_SETS = 40_000

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class DaySets:
    """The sets of stops that fit into a day, one an entry of each array.

    Attributes
    ----------
    masks
        Bit n is set where stop n is visited; no empty set; ascending.
    travel
        Least minutes of travel of any sound order.
    minutes
        Of the orders with the least travel, the least minutes from setting out to the end.
    """

    masks: Numbers
    travel: Numbers
    minutes: Numbers

    def __len__(self) -> int:
        """Return the number of sets."""
        return len(self.masks)


@dataclass(frozen=True)
class _Ways:
    """Ways of the day so far: visited set, last stop, E, L and travel."""

    masks: Numbers
    last: Numbers
    ready: Numbers
    latest_out: Numbers
    travel: Numbers

    def pick(self, rows: Numbers | NDArray[np.bool_]) -> _Ways:
        return _Ways(
            self.masks[rows],
            self.last[rows],
            self.ready[rows],
            self.latest_out[rows],
            self.travel[rows],
        )


def sets_of_day(task: TourTask, day: int, begun: Sequence[int] = ()) -> DaySets | None:
    """Return every set of stops that can be visited on a day.

    Parameters
    ----------
    begun
        Numbers of the stops that the day begins with, in their order.

    Returns
    -------
    DaySets or None
        None where there are too many stops, ways or sets to go through them all.
    """
    if len(task.stops) > MOST_STOPS:
        return None
    limits = task.days[day]
    visits = np.array([stop.minutes for stop in task.stops], dtype=np.int64)
    legs = np.array(
        [[task.leg(a, b, day) for b in range(len(visits))] for a in range(len(visits))],
        dtype=np.int64,
    ).reshape(len(visits), len(visits))
    backs = np.array([task.leg(stop, None, day) for stop in range(len(visits))], dtype=np.int64)
    windows = [usable_windows(task, stop, day) for stop in range(len(visits))]
    ways = _within(_first_stops(task, day, windows, begun), task, day, visits)
    for stop in begun[1:]:
        ways = _add_stop(ways, stop, windows[stop], legs[:, stop], visits)
        ways = _shortest(_within(ways, task, day, visits))
    found: list[_Ways] = []
    total, size = 0, max(len(begun) - 1, 0)
    while len(ways.masks) and (limits.most_stops is None or size < limits.most_stops):
        found.append(ways)
        size += 1
        total += len(ways.masks)
        if total > MOST_WAYS:
            return None
        longer = [
            _add_stop(ways, stop, windows[stop], legs[:, stop], visits)
            for stop in range(len(visits))
        ]
        ways = _shortest(_within(_joined(longer), task, day, visits))
    sets = _close(_joined(found), backs, visits, task, day)
    return sets if len(sets) <= MOST_SETS else None


def _first_stops(
    task: TourTask, day: int, windows: list[list[Window]], begun: Sequence[int]
) -> _Ways:
    limits, rows = task.days[day], []
    for number, stop in enumerate(task.stops):
        if begun and number != begun[0]:
            continue
        leg = task.leg(None, number, day)
        for first, last in windows[number] if leg != NO_WAY else ():
            begins = max(first, limits.earliest + leg)
            if begins <= last:
                rows.append((1 << number, number, begins + stop.minutes, last - leg, leg))
    columns = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    return _Ways(*columns)


def _add_stop(
    ways: _Ways, stop: int, windows: list[Window], legs: Numbers, visits: Numbers
) -> _Ways:
    """Return the ways that go on to a stop, one for each window that can be reached."""
    leg = legs[ways.last]
    open_ways = ways.pick((ways.masks >> stop & 1 == 0) & (leg != NO_WAY))
    leg = legs[open_ways.last]
    # What the day holds so far whatever the order: travel and the visits of the set.
    spent = open_ways.travel + _visits_of(open_ways.masks, visits)
    parts = []
    for first, last in windows:
        latest_out = np.minimum(open_ways.latest_out, last - leg - spent)
        made = _Ways(
            open_ways.masks | 1 << stop,
            np.full(len(leg), stop),
            np.maximum(open_ways.ready + leg, first) + visits[stop],
            latest_out,
            open_ways.travel + leg,
        )
        parts.append(made.pick(open_ways.ready + leg <= last))
    return _joined(parts)


def _visits_of(masks: Numbers, visits: Numbers) -> Numbers:
    total = np.zeros(len(masks), dtype=np.int64)
    for number, minutes in enumerate(visits):
        total += (masks >> number & 1) * minutes
    return total


def _duration(ways: _Ways, visits: Numbers) -> Numbers:
    """Return the least minutes from setting out to the end of the last visit."""
    spent = ways.travel + _visits_of(ways.masks, visits)
    minutes: Numbers = np.maximum(ways.ready - ways.latest_out, spent)
    return minutes


def _within(ways: _Ways, task: TourTask, day: int, visits: Numbers) -> _Ways:
    limits = task.days[day]
    sound = (ways.ready <= limits.latest) & (ways.latest_out >= limits.earliest)
    return ways.pick(sound & (_duration(ways, visits) <= limits.most_minutes))


def _shortest(ways: _Ways) -> _Ways:
    """Drop ways to the same set and last stop that another is at least as good as in all."""
    order = np.lexsort((-ways.latest_out, ways.ready, ways.travel, ways.last, ways.masks))
    ways = ways.pick(order)
    beaten = np.zeros(len(order), dtype=bool)
    for step in range(1, len(order)):
        same = (ways.masks[step:] == ways.masks[:-step]) & (ways.last[step:] == ways.last[:-step])
        if not same.any():
            break
        beaten[step:] |= (
            same
            & (ways.ready[:-step] <= ways.ready[step:])
            & (ways.latest_out[:-step] >= ways.latest_out[step:])
        )
    return ways.pick(~beaten)


def _close(ways: _Ways, backs: Numbers, visits: Numbers, task: TourTask, day: int) -> DaySets:
    """End the day after each way; of a set keep the least travel, then the least minutes."""
    limits = task.days[day]
    back = backs[ways.last]
    minutes = _duration(ways, visits) + back
    sound = (back != NO_WAY) & (ways.ready + back <= limits.latest)
    sound &= minutes <= limits.most_minutes
    masks, travel, minutes = ways.masks[sound], (ways.travel + back)[sound], minutes[sound]
    order = np.lexsort((minutes, travel, masks))
    masks, travel, minutes = masks[order], travel[order], minutes[order]
    first = np.ones(len(masks), dtype=bool)
    first[1:] = masks[1:] != masks[:-1]
    return DaySets(masks[first], travel[first], minutes[first])


def _joined(parts: list[_Ways]) -> _Ways:
    def together(columns: list[Numbers]) -> Numbers:
        return np.concatenate(columns) if columns else np.empty(0, dtype=np.int64)

    return _Ways(
        together([part.masks for part in parts]),
        together([part.last for part in parts]),
        together([part.ready for part in parts]),
        together([part.latest_out for part in parts]),
        together([part.travel for part in parts]),
    )


def first_order(task: TourTask, day: int, stops: Sequence[int]) -> list[int]:
    """Return the first in order of the best ways to visit certain stops on a day.

    Parameters
    ----------
    stops
        Numbers of stops that fit into the day together.

    Returns
    -------
    list of int
        Of the orders with the least travel, and of those with the least minutes, the one in
        which the lower number comes first.
    """
    numbers = sorted(stops)
    alone = replace(task, stops=tuple(task.stops[number] for number in numbers))
    begun: list[int] = []
    best = _all_of(alone, day, begun)
    while len(begun) < len(numbers) - 1:
        rest = [place for place in range(len(numbers)) if place not in begun]
        begun = next([*begun, p] for p in rest if _all_of(alone, day, [*begun, p]) == best)
    rest = [place for place in range(len(numbers)) if place not in begun]
    return [numbers[place] for place in (*begun, *rest)]


def _all_of(task: TourTask, day: int, begun: Sequence[int]) -> tuple[int, int] | None:
    """Return least travel and minutes of visiting every stop, None where they do not fit."""
    sets = sets_of_day(task, day, begun)
    if sets is None:
        raise ValueError("too many stops for one day")
    if not len(sets) or sets.masks[-1] != (1 << len(task.stops)) - 1:
        return None
    return int(sets.travel[-1]), int(sets.minutes[-1])


def usable_windows(task: TourTask, stop: int, day: int) -> list[Window]:
    """Return the windows of a stop in which a visit can begin and end within the day."""
    limits, visit = task.days[day], task.stops[stop]
    last_begin = limits.latest - visit.minutes
    clipped = [
        (max(first, limits.earliest), min(last, last_begin)) for first, last in visit.begins[day]
    ]
    return sorted((first, last) for first, last in clipped if first <= last)
