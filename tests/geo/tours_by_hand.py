"""Every tour of a small task, looked at one by one; and tasks at random."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise

from phaenthi.geo.tours.tour import NO_WAY, Day, Stop, TourTask, Window

Key = tuple[int, int, int, int]
Order = tuple[int, ...]


def best_by_hand(task: TourTask) -> tuple[Key, list[Order]] | None:
    """Return the best value and orders of a task by looking at every tour; None without one.

    The value is (−score, travel, price, minutes), the smaller the better; of equals the first.
    """
    best = None
    required = {number for number, stop in enumerate(task.stops) if stop.required}
    of_day = [day_by_hand(task, day) for day in range(len(task.days))]
    for chosen in ways_to_share(of_day, frozenset()):
        visited = set().union(*chosen)
        price = sum(task.stops[number].price for number in visited)
        if not required <= visited or (task.most_price is not None and price > task.most_price):
            continue
        score = sum(task.stops[number].score for number in visited)
        found = [of_day[day][members] for day, members in enumerate(chosen)]
        travel, minutes = (sum(one[part] for one in found) for part in (0, 1))
        orders = [one[2] for one in found]
        rank = [(*sorted(members), 99) for members in chosen]
        key = ((-score, travel, price, minutes), rank, orders)
        if best is None or key < best:
            best = key
    return (best[0], best[2]) if best else None


def ways_to_share(of_day: list[dict], taken: frozenset[int]) -> Iterator[list[frozenset[int]]]:
    """Yield every way to give each day a set of stops that no other day has."""
    if not of_day:
        yield []
        return
    for members in of_day[0]:
        if not members & taken:
            for rest in ways_to_share(of_day[1:], taken | members):
                yield [members, *rest]


def day_by_hand(task: TourTask, day: int) -> dict[frozenset[int], tuple[int, int, Order]]:
    """Return travel, minutes and order of the best way to visit each set that fits a day."""
    best: dict[frozenset[int], tuple[int, int, Order]] = {frozenset(): (0, 0, ())}
    for order in orders_that_fit(task, day, ()):
        found = way_by_hand(task, day, order)
        if found is not None and (*found, order) < best.get(frozenset(order), (10**9, 0, ())):
            best[frozenset(order)] = (*found, order)
    return best


def orders_that_fit(task: TourTask, day: int, begun: Order) -> Iterator[Order]:
    """Yield every order of stops of which the visits can be kept, whatever comes after."""
    if begun:
        yield begun
    most = task.days[day].most_stops
    if most is not None and len(begun) >= most:
        return
    for number in range(len(task.stops)):
        longer = (*begun, number)
        if number not in begun and any(times_by_hand(task, day, longer)):
            yield from orders_that_fit(task, day, longer)


def way_by_hand(task: TourTask, day: int, order: Order) -> tuple[int, int] | None:
    """Return travel and least minutes of an order, trying every minute to set out."""
    limits = task.days[day]
    back = leg_by_hand(task, task.stops[order[-1]].place, limits.end)
    if back == NO_WAY:
        return None
    spans = [
        ended + back - out
        for out, ended in times_by_hand(task, day, order)
        if ended + back <= limits.latest and ended + back - out <= limits.most_minutes
    ]
    places = [limits.start, *(task.stops[n].place for n in order), limits.end]
    legs = [leg_by_hand(task, a, b) for a, b in pairwise(places)]
    return (sum(legs), min(spans)) if spans else None


def times_by_hand(task: TourTask, day: int, order: Order) -> Iterator[tuple[int, int]]:
    """Yield each minute to set out and the minute at which the last visit is then over."""
    limits = task.days[day]
    for out in range(limits.earliest, limits.latest + 1):
        now, here = out, limits.start
        for number in order:
            stop = task.stops[number]
            leg = leg_by_hand(task, here, stop.place)
            arrives = now + leg
            begins = [t for a, b in stop.begins[day] for t in (max(a, arrives),) if t <= b]
            if leg == NO_WAY or not begins:
                break
            now, here = min(begins) + stop.minutes, stop.place
            if now > limits.latest or now - out > limits.most_minutes:
                break
        else:
            yield out, now


def leg_by_hand(task: TourTask, one: int | None, other: int | None) -> int:
    return 0 if one is None or other is None or one == other else task.minutes[one][other]


def task_at_random(seed: int, stops: int, days: int) -> TourTask:
    """Return a task with opening hours, fixed starts, rounds, closed days and limits."""
    rng = random.Random(seed)
    places = [(rng.randint(0, 60), rng.randint(0, 60)) for _ in range(stops + 2)]
    minutes = [[distance(a, b, rng) for b in places] for a in places]
    for place in range(len(places)):
        minutes[place][place] = 0
    made = tuple(stop_at_random(rng, number, days) for number in range(stops))
    same = rng.random() < 0.5
    limits = [day_at_random(rng) for _ in range(days)]
    if same:
        limits = limits[:1] * days
        made = tuple(one if one.begins == one.begins[:1] * days else every_day(one) for one in made)
    price = rng.choice([None, None, 30_000, 60_000])
    return TourTask(made, tuple(limits), tuple(map(tuple, minutes)), price)


def distance(one: tuple[int, int], other: tuple[int, int], rng: random.Random) -> int:
    if rng.random() < 0.03:
        return NO_WAY
    crow = ((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5
    return int(crow * rng.uniform(1.0, 1.4)) + 1


def stop_at_random(rng: random.Random, number: int, days: int) -> Stop:
    minutes = rng.choice([20, 30, 60, 90, 120, 180])
    windows = windows_at_random(rng, minutes)
    begins = tuple(() if days > 1 and rng.random() < 0.15 else windows for _ in range(days))
    return Stop(
        id=f"stop {number:02d}",
        # Some stops share a place, so that there is no leg between them.
        place=rng.choice([number, max(number - 1, 0)]),
        minutes=minutes,
        begins=begins,
        score=rng.choice([0, 1, 1, 5, 10]),
        price=rng.choice([0, 0, 15_900, 25_000]),
        required=rng.random() < 0.08,
    )


def every_day(stop: Stop) -> Stop:
    windows = next((one for one in stop.begins if one), ())
    return Stop(
        stop.id,
        stop.place,
        stop.minutes,
        (windows,) * len(stop.begins),
        stop.score,
        stop.price,
        stop.required,
    )


def windows_at_random(rng: random.Random, minutes: int) -> tuple[Window, ...]:
    kind = rng.random()
    if kind < 0.3:
        fixed = rng.choice([540, 600, 780, 840])
        return ((fixed, fixed),)
    if kind < 0.5:
        return ((540, 540), (780, 780))
    if kind < 0.8:
        opens = rng.choice([480, 540, 600])
        return ((opens, opens + rng.choice([60, 180, 420])),)
    return ((540, max(720 - minutes, 540)), (780, max(1020 - minutes, 780)))


def day_at_random(rng: random.Random) -> Day:
    start, end = rng.choice([(0, 0), (0, 1), (None, 0), (0, None), (None, None)])
    return Day(
        earliest=rng.choice([480, 510]),
        latest=rng.choice([960, 1020]),
        most_minutes=rng.choice([240, 360, 480, 1440]),
        start=start,
        end=end,
        most_stops=rng.choice([None, None, None, 2]),
    )
