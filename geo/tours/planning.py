"""Short tours with opening hours, and a proof of how good they are.

Which stops are visited is part of the choice (the team orienteering problem with time windows;
survey: Vansteenwegen, Souffriau and Van Oudheusden 2011, *EJOR* 209). Tours are compared by
score, then travel, then price, then time, then by the order of their stops, so that there is
one best tour and no order of the rows changes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic

from phaenthi.geo.tours.choice import choose_sets, kinds_of_days
from phaenthi.geo.tours.days import DaySets, first_order, sets_of_day
from phaenthi.geo.tours.recount import faults_of
from phaenthi.geo.tours.tour import AIMS, DayTour, Step, TourTask, Value, schedule_day, value_of
from phaenthi.wording import Language, Problem, say

SECONDS = 8.0
"""How long to look at most."""


@dataclass(frozen=True)
class TourProof:
    """What is known of a tour's goodness.

    Attributes
    ----------
    steps
        The aims in order, as far as the time went.
    ties_settled
        Whether it is the first in order of all that are equally good.
    """

    steps: tuple[Step, ...]
    ties_settled: bool

    @property
    def closed(self) -> bool:
        """Whether every aim is proved: no other tour is better."""
        return len(self.steps) == len(AIMS) and all(step.proved for step in self.steps)

    def sentence(self, language: Language) -> str:
        """Say the proof, or the gap, in words."""
        if self.closed:
            told = "proved" if self.ties_settled else "proved_but_order"
            return say(f"geo.tour.{told}", language)
        last = self.steps[-1]
        if last.proved:
            return say(f"geo.tour.stopped_after_{last.aim}", language)
        satang = 100 if last.aim == "price" else 1
        value, gap = (f"{one / satang:,.10g}" for one in (last.value, last.gap))
        return say(f"geo.tour.open_{last.aim}", language, value=value, gap=gap)


@dataclass(frozen=True)
class Tour:
    """The best tour of a task.

    Attributes
    ----------
    days
        One a day of the task, with times.
    value
        Counted again from the days.
    proof
        How good it is.
    """

    days: tuple[DayTour, ...]
    value: Value
    proof: TourProof

    @property
    def visited(self) -> tuple[int, ...]:
        """Numbers of the stops in the order of the tour."""
        return tuple(visit.stop for day in self.days for visit in day.visits)


def find_tour(task: TourTask, *, seconds: float = SECONDS) -> Tour:
    """Find the best tour.

    Parameters
    ----------
    task
        With up to some 20 stops of ordinary lengths the proof takes about a second.
    seconds
        When to stop looking; the proof then tells the gap.

    Returns
    -------
    Tour
        The most points; of those the least travel; of those the lowest price; of those the
        least time from setting out to the end. Of equally good ones that whose first day has
        the stops of the lower numbers, then its second day and so on, then whose orders begin
        with the lower number. Every limit is counted again outside the solver.

    Raises
    ------
    Problem
        ``geo.tour_impossible`` if required stops cannot all be visited;
        ``geo.tour_not_found`` if the time was over before any tour was found.
    RuntimeError
        If the tour does not stand the recheck; that would be a fault of the program.

    Notes
    -----
    Every set of stops that fits into a day is listed with its shortest way (exact; see
    ``phaenthi.geo.tours.days``), and ``phaenthi.geo.tours.choice`` goes through the sets. Beyond 20
    stops, or where the sets are too many, CP-SAT looks at circuits
    (``phaenthi.geo.tours.circuit``), which proves less in the same time.
    """
    until = monotonic() + seconds
    try:
        found = _by_sets(task, until) or _by_circuits(task, until)
    except LookupError:
        required = ", ".join(stop.id for stop in task.stops if stop.required)
        raise Problem("geo.tour_impossible", stops=required) from None
    if found is None:
        raise Problem("geo.tour_not_found", seconds=f"{seconds:g}")
    return _checked(task, *found)


def _by_sets(task: TourTask, until: float) -> tuple[list[list[int]], TourProof] | None:
    kinds = kinds_of_days(task)
    listed: dict[int, DaySets] = {}
    for kind in sorted(set(kinds)):
        sets = sets_of_day(task, kind)
        if sets is None:
            return None
        listed[kind] = sets
    chosen = choose_sets(task, [listed[kind] for kind in kinds], until)
    if chosen is None:
        return None
    orders = [
        first_order(task, day, [n for n in range(len(task.stops)) if mask >> n & 1])
        for day, mask in enumerate(chosen.masks)
    ]
    return orders, TourProof(chosen.steps, chosen.ties_settled)


def _by_circuits(task: TourTask, until: float) -> tuple[list[list[int]], TourProof] | None:
    # The solver takes a while to load; most tours are found without it.
    from phaenthi.geo.tours.circuit import choose_orders  # noqa: PLC0415

    found = choose_orders(task, until)
    if found is None:
        return None
    steps, orders = found
    return orders, TourProof(steps, ties_settled=False)


def _checked(task: TourTask, orders: Sequence[Sequence[int]], proof: TourProof) -> Tour:
    """Give the tour its times and count everything again outside the solver."""
    days = [schedule_day(task, day, order) for day, order in enumerate(orders)]
    sound = tuple(day for day in days if day is not None)
    if len(sound) < len(days):
        raise RuntimeError(f"the solver's tour keeps to no timetable: {orders}")
    value = value_of(task, sound)
    faults = faults_of(task, sound, value)
    for step in proof.steps:
        counted = getattr(value, step.aim)
        passed = counted > step.bound if step.aim == "score" else counted < step.bound
        if passed or (step.proved and counted != step.value):
            faults.append(f"{step.aim}: {step.value} told, {counted} counted, bound {step.bound}")
    if faults:
        raise RuntimeError(f"the solver's tour does not stand the recheck: {'; '.join(faults)}")
    # Times are set after the choice, so that a tour that is not proved may be better than told.
    steps = tuple(replace(step, value=getattr(value, step.aim)) for step in proof.steps)
    return Tour(sound, value, replace(proof, steps=steps))


def loss_of_including(
    task: TourTask, stop: int, tour: Tour, *, seconds: float = SECONDS
) -> int | None:
    """Return how many points the best tour that visits a certain stop has less than a tour.

    Returns
    -------
    int or None
        None where no tour visits the stop and whatever is required. 0 where only travel,
        price, time or order decided against it.
    """
    required = replace(task.stops[stop], required=True)
    stops = (*task.stops[:stop], required, *task.stops[stop + 1 :])
    try:
        other = find_tour(replace(task, stops=stops), seconds=seconds)
    except Problem:
        return None
    return tour.value.score - other.value.score
