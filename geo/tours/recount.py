"""A tour counted again in whole numbers, sharing nothing with what found it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from phaenthi.geo.tours.tour import NO_WAY, DayTour, TourTask, Value


def faults_of(task: TourTask, days: Sequence[DayTour], value: Value) -> list[str]:
    """Return what is wrong with a tour, one English line a fault; none for a sound one.

    Every rule of the task is looked at by itself: the days, each leg, each window, the limits
    of each day, stops visited twice, required stops, the price, and the value claimed.
    """
    faults = []
    if len(days) != len(task.days):
        return [f"{len(days)} days instead of {len(task.days)}"]
    seen: set[int] = set()
    score = travel = price = minutes = 0
    for number, day in enumerate(days):
        faults += [f"day {number + 1}: {fault}" for fault in _faults_of_day(task, number, day)]
        for visit in day.visits:
            if visit.stop in seen:
                faults.append(f"stop {task.stops[visit.stop].id} twice")
            seen.add(visit.stop)
            score += task.stops[visit.stop].score
            price += task.stops[visit.stop].price
            travel += visit.travel
        travel += day.travel_back
        minutes += day.ends - day.sets_out
    for number, stop in enumerate(task.stops):
        if stop.required and number not in seen:
            faults.append(f"stop {stop.id} is required and left out")
    if task.most_price is not None and price > task.most_price:
        faults.append(f"price {price} over {task.most_price}")
    counted = (score, travel, price, minutes)
    claimed = (value.score, value.travel, value.price, value.minutes)
    if counted != claimed:
        faults.append(f"value {claimed} claimed, {counted} counted")
    return faults


def _faults_of_day(task: TourTask, number: int, day: DayTour) -> Iterator[str]:
    limits = task.days[number]
    if day.sets_out < limits.earliest or day.ends > limits.latest:
        yield f"{day.sets_out}–{day.ends} outside {limits.earliest}–{limits.latest}"
    if day.ends - day.sets_out > limits.most_minutes:
        yield f"{day.ends - day.sets_out} minutes over {limits.most_minutes}"
    if limits.most_stops is not None and len(day.visits) > limits.most_stops:
        yield f"{len(day.visits)} stops over {limits.most_stops}"
    now, here = day.sets_out, limits.start
    for visit in day.visits:
        stop = task.stops[visit.stop]
        yield from _faults_of_leg(task, here, stop.place, visit.travel)
        if visit.arrives != now + visit.travel or visit.begins < visit.arrives:
            yield f"stop {stop.id}: arrives {visit.arrives}, begins {visit.begins}, left {now}"
        if visit.ends != visit.begins + stop.minutes:
            yield f"stop {stop.id}: a visit of {visit.ends - visit.begins} minutes"
        if not any(first <= visit.begins <= last for first, last in stop.begins[number]):
            yield f"stop {stop.id}: may not begin at {visit.begins}"
        now, here = visit.ends, stop.place
    if day.visits:
        yield from _faults_of_leg(task, here, limits.end, day.travel_back)
    elif day.travel_back:
        yield "travel on a day without a stop"
    if day.ends != now + day.travel_back:
        yield f"ends at {day.ends} instead of {now + day.travel_back}"


def _faults_of_leg(task: TourTask, one: int | None, other: int | None, told: int) -> Iterator[str]:
    takes = 0
    if one is not None and other is not None and one != other:
        takes = task.minutes[one][other]
    if takes == NO_WAY:
        yield f"no way from place {one} to place {other}"
    if takes != told:
        yield f"from place {one} to place {other}: {told} minutes told, {takes} by the table"
