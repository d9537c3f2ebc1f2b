"""Which sets of stops the days take: an exact search in whole numbers, day by day.

How good a set is, is written as one number: required stops count most, then score, travel,
price and minutes, each weighing more than all that those after it can come to. Such numbers add
up over the days. For every set of stops a table tells the best that one day can make of them;
the sum over the days still to come is a bound that no tour passes, and whatever cannot reach
the best tour found is left out (branch and bound).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from phaenthi.geo.tours.days import DaySets
from phaenthi.geo.tours.tour import AIMS, NO_WAY, Aim, Step, TourTask

MOST_STOPS = 20
_LARGEST = 1 << 62
_IDLE = 0

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Choice:
    """The sets that the days take.

    Attributes
    ----------
    masks
        For each day, bit n set where stop n is visited.
    steps
        How far each aim is proved: those before the last one entirely.
    ties_settled
        Whether these are the first in order of all equally good ones: day by day, the set
        with the lower numbers first.
    """

    masks: tuple[int, ...]
    steps: tuple[Step, ...]
    ties_settled: bool


@dataclass(frozen=True)
class _Weights:
    """What one of each counts: a required stop, a point, and minutes and prices the other way.

    Prices are counted in ``unit`` satang, the largest that measures them all.
    """

    required: int
    score: int
    travel: int
    price: int
    minutes: int
    unit: int


@dataclass(frozen=True)
class _Offers:
    """The sets that a kind of day can take, first in order first, and the best of every set."""

    masks: Numbers
    ranks: Numbers
    prices: Numbers
    values: Numbers
    best_within: Numbers


def choose_sets(task: TourTask, sets: Sequence[DaySets], until: float) -> Choice | None:
    """Choose for each day one of its sets, or none, so that no stop is visited twice.

    Parameters
    ----------
    sets
        Those of each day.
    until
        ``time.monotonic()`` at which to stop.

    Returns
    -------
    Choice or None
        None where the task is too large for the table, or the time was over before every
        required stop was visited.

    Raises
    ------
    LookupError
        If required stops cannot all be visited.
    """
    weights = _weights(task, sets)
    if weights is None or len(task.stops) > MOST_STOPS:
        return None
    kinds = kinds_of_days(task)
    offers = {kind: _offers(task, sets[kind], weights) for kind in set(kinds)}
    worth = _worth_of_free(task, weights)
    search = _Search([offers[kind] for kind in kinds], kinds, worth, task.most_price, until)
    search.look((1 << len(task.stops)) - 1, 0, 0, (), ())
    required = sum(stop.required for stop in task.stops)
    settled = search.stopped_at is None
    # Without one of the required stops a choice lacks more than all its points can make up for.
    if search.best is None or search.best < required * weights.required - weights.score:
        if settled:
            raise LookupError("required stops do not fit")
        return None
    values = _values(task, [sets[kind] for kind in kinds], search.masks)
    bound = max(search.best, search.stopped_at or search.best)
    steps = _steps(values, bound - required * weights.required, weights)
    return Choice(search.masks, steps, settled)


def kinds_of_days(task: TourTask) -> list[int]:
    """Return for each day the number of the first day that offers exactly the same."""
    kinds: list[int] = []
    for day, limits in enumerate(task.days):
        same = (
            one
            for one in range(day)
            if task.days[one] == limits
            and all(stop.begins[one] == stop.begins[day] for stop in task.stops)
        )
        kinds.append(next(same, day))
    return kinds


def _weights(task: TourTask, sets: Sequence[DaySets]) -> _Weights | None:
    """Return weights of which each exceeds all that stands below it; None if too large."""
    most_minutes = sum(int(those.minutes.max(initial=0)) for those in sets)
    most_travel = sum(int(those.travel.max(initial=0)) for those in sets)
    unit = gcd(*(stop.price for stop in task.stops)) or 1
    most_price = sum(stop.price for stop in task.stops) // unit
    price = most_minutes + 1
    travel = price * (most_price + 1)
    score = travel * (most_travel + 1)
    required = score * (sum(stop.score for stop in task.stops) + 2)
    if required * (len(task.stops) + 2) > _LARGEST:
        return None
    return _Weights(required, score, travel, price, 1, unit)


def _offers(task: TourTask, sets: DaySets, weights: _Weights) -> _Offers:
    size = len(task.stops)
    ranks = np.zeros(len(sets), dtype=np.int64)
    for stop in range(size):
        # Read from its first stop on, the set that comes first in order is the largest number.
        ranks -= (sets.masks >> stop & 1) << (size - 1 - stop)
    order = np.argsort(ranks)
    masks, ranks = sets.masks[order], ranks[order]
    prices = _per_stop(masks, [stop.price for stop in task.stops])
    values = (
        _per_stop(masks, [int(stop.required) for stop in task.stops]) * weights.required
        + _per_stop(masks, [stop.score for stop in task.stops]) * weights.score
        - sets.travel[order] * weights.travel
        - prices // weights.unit * weights.price
        - sets.minutes[order] * weights.minutes
    )
    best = np.zeros(1 << size, dtype=np.int64)
    best[masks] = np.maximum(values, 0)
    for stop in range(size):
        halves = best.reshape(-1, 2, 1 << stop)
        np.maximum(halves[:, 1], halves[:, 0], out=halves[:, 1])
    return _Offers(masks, ranks, prices, values, best)


def _worth_of_free(task: TourTask, weights: _Weights) -> Numbers:
    """Return for every set of stops what they are worth with the shortest leg to each."""
    sets = np.arange(1 << len(task.stops), dtype=np.int64)
    worth = [
        stop.required * weights.required
        + stop.score * weights.score
        - _shortest_leg_to(task, number) * weights.travel
        - stop.price // weights.unit * weights.price
        - stop.minutes * weights.minutes
        for number, stop in enumerate(task.stops)
    ]
    return _per_stop(sets, [max(one, 0) for one in worth])


def _shortest_leg_to(task: TourTask, stop: int) -> int:
    others = [None, *(number for number in range(len(task.stops)) if number != stop)]
    legs = [task.leg(one, stop, day) for day in range(len(task.days)) for one in others]
    return min((leg for leg in legs if leg != NO_WAY), default=0)


def _per_stop(masks: Numbers, numbers: Sequence[int]) -> Numbers:
    total = np.zeros(len(masks), dtype=np.int64)
    for stop, number in enumerate(numbers):
        total += (masks >> stop & 1) * number
    return total


class _Search:
    """Looks through the sets of one day after the other and keeps the best choice."""

    def __init__(
        self,
        offers: Sequence[_Offers],
        kinds: Sequence[int],
        worth_of_free: Numbers,
        most_price: int | None,
        until: float,
    ) -> None:
        self.offers, self.kinds, self.until = offers, kinds, until
        self.worth_of, self.most_price = worth_of_free, most_price
        self.best: int | None = None
        self.masks: tuple[int, ...] = ()
        self.ranks: tuple[int, ...] = ()
        # Bound of what was not looked at when the time was over.
        self.stopped_at: int | None = None

    def look(
        self, free: int, value: int, price: int, masks: tuple[int, ...], ranks: tuple[int, ...]
    ) -> None:
        """Take the days from the next one on out of the stops that are free."""
        day = len(masks)
        if day == len(self.kinds):
            if self._may_win(value, ranks):
                self.best, self.masks, self.ranks = value, masks, ranks
            return
        offers = self.offers[day]
        rows = self._open_rows(day, free, price, ranks)
        rest = free & ~offers.masks[rows]
        bounds = value + offers.values[rows] + self._most_of(day + 1, rest)
        # The most promising set first, then the best by itself, then the first in order.
        for place in np.lexsort((rows, -offers.values[rows], -bounds)):
            row, bound = rows[place], int(bounds[place])
            so_far = (*ranks, int(offers.ranks[row]))
            if self.best is not None and bound < self.best:
                break
            if not self._may_win(bound, so_far):
                continue
            if self._time_is_over(bound):
                break
            self.look(
                int(rest[place]),
                value + int(offers.values[row]),
                price + int(offers.prices[row]),
                (*masks, int(offers.masks[row])),
                so_far,
            )
        bound = value + int(self._most_of(day + 1, np.array([free]))[0])
        if self._may_win(bound, (*ranks, _IDLE)) and not self._time_is_over(bound):
            self.look(free, value, price, (*masks, 0), (*ranks, _IDLE))

    def _open_rows(self, day: int, free: int, price: int, ranks: tuple[int, ...]) -> Numbers:
        """Return the sets that a day may take.

        Days of one kind take their sets in order and idle ones come last, so that no tour is
        looked at twice with its days exchanged.
        """
        offers, kind = self.offers[day], self.kinds[day]
        possible = offers.masks & ~free == 0
        before = [rank for rank, one in zip(ranks, self.kinds, strict=False) if one == kind]
        if before:
            possible &= offers.ranks > before[-1]
        if self.most_price is not None:
            possible &= offers.prices <= self.most_price - price
        return np.flatnonzero(possible)

    def _most_of(self, day: int, free: Numbers) -> Numbers:
        """Return the most that the days from one on can make of free stops.

        Each day takes the best by itself, as if no other did; nor can there be more in them
        than all the free stops are worth, each with the shortest leg that leads to it.
        """
        total = np.zeros(len(free), dtype=np.int64)
        for offers in self.offers[day:]:
            total += offers.best_within[free]
        return np.minimum(total, self.worth_of[free])

    def _may_win(self, bound: int, ranks: tuple[int, ...]) -> bool:
        if self.best is None or bound > self.best:
            return True
        return bound == self.best and ranks <= self.ranks[: len(ranks)]

    def _time_is_over(self, bound: int) -> bool:
        if self.best is None or (self.stopped_at is None and monotonic() < self.until):
            return False
        self.stopped_at = max(bound, self.stopped_at or bound)
        return True


def _values(task: TourTask, sets: Sequence[DaySets], masks: Sequence[int]) -> dict[Aim, int]:
    visited = [
        stop for mask in masks for number, stop in enumerate(task.stops) if mask >> number & 1
    ]
    taken = [
        (those, int(np.searchsorted(those.masks, mask)))
        for those, mask in zip(sets, masks, strict=True)
        if mask
    ]
    return {
        "score": sum(stop.score for stop in visited),
        "travel": sum(int(those.travel[row]) for those, row in taken),
        "price": sum(stop.price for stop in visited),
        "minutes": sum(int(those.minutes[row]) for those, row in taken),
    }


def _steps(values: dict[Aim, int], bound: int, weights: _Weights) -> tuple[Step, ...]:
    """Take a bound apart into the aims, up to the first that it leaves open."""
    steps = []
    for aim in AIMS:
        weight, unit = int(getattr(weights, aim)), weights.unit if aim == "price" else 1
        # What stands below a weight is less than it, and only takes away.
        best = -(-bound // weight) if aim == "score" else -(bound // weight) - 1
        if aim == "minutes":
            best = -bound
        value = values[aim] // unit
        limit = max(best, value) if aim == "score" else min(max(best, 0), value)
        steps.append(Step(aim, values[aim], limit * unit))
        if limit != value:
            break
        bound += (-value if aim == "score" else value) * weight
    return tuple(steps)
