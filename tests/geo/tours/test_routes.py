"""Tours against a search that looks at every one of them, and against what cannot be."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phaenthi.geo.tours import days as day_tours
from phaenthi.geo.tours import planning as routes
from phaenthi.geo.tours.planning import find_tour, loss_of_including
from phaenthi.geo.tours.recount import faults_of
from phaenthi.geo.tours.tour import NO_WAY, Day, DayTour, Stop, TourTask, schedule_day, value_of
from phaenthi.wording import LANGUAGES, Problem
from tests.geo.tours_by_hand import best_by_hand, task_at_random

ALL_DAY = ((480, 1020),)
DAY = Day(480, 1020)


def stop(name: str, place: int = 0, minutes: int = 60, **others: object) -> Stop:
    facts: dict[str, object] = {"begins": (ALL_DAY,), "score": 10, **others}
    return Stop(name, place, minutes, **facts)  # type: ignore[arg-type]


def orders(tour: routes.Tour) -> list[tuple[int, ...]]:
    return [tuple(visit.stop for visit in day.visits) for day in tour.days]


@pytest.mark.parametrize("seed", range(100))
def test_the_tour_equals_looking_at_every_tour(seed):
    rng = random.Random(seed)
    stops = rng.choice([3, 5, 6, 7, 8, 9, 9])
    days = rng.choice([1, 1, 2]) if stops > 6 else rng.choice([1, 2, 3])
    task = task_at_random(seed, stops, days)
    expected = best_by_hand(task)
    if expected is None:
        with pytest.raises(Problem) as refused:
            find_tour(task)
        assert refused.value.message_id == "geo.tour_impossible"
        return
    tour = find_tour(task)
    assert ((-tour.value.score, *tour.value.key[1:]), orders(tour)) == expected
    assert tour.proof.closed
    assert tour.proof.ties_settled


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 8), st.integers(1, 3))
def test_a_tour_keeps_every_limit_whatever_is_asked(seed, stops, days):
    task = task_at_random(seed, stops, days)
    try:
        tour = find_tour(task)
    except Problem:
        return  # required stops that do not fit: compared with the search by hand above
    assert faults_of(task, tour.days, tour.value) == []
    for limits, day in zip(task.days, tour.days, strict=True):
        assert day.ends - day.sets_out <= limits.most_minutes
        assert limits.earliest <= day.sets_out <= day.ends <= limits.latest


@pytest.mark.parametrize("seed", range(12))
def test_circuits_find_what_going_through_all_sets_finds(seed, monkeypatch):
    task = task_at_random(seed, 6, 2)
    try:
        expected = find_tour(task).value
    except Problem:
        expected = None
    monkeypatch.setattr(day_tours, "MOST_STOPS", 0)
    monkeypatch.setattr("phaenthi.geo.tours.planning.sets_of_day", lambda *_: None)
    if expected is None:
        with pytest.raises(Problem):
            find_tour(task, seconds=60)
        return
    tour = find_tour(task, seconds=60)
    assert tour.value == expected
    assert tour.proof.closed
    assert not tour.proof.ties_settled


def test_two_programmes_of_one_village_make_one_day_without_a_leg():
    weaving = stop("a", minutes=180, begins=(((540, 540),),), price=25_000)
    plaster = stop("b", minutes=120, begins=(((780, 780),),), price=15_900)
    tour = find_tour(TourTask((weaving, plaster), (DAY,), ((0,),)))
    assert orders(tour) == [(0, 1)]
    assert (tour.value.travel, tour.value.price) == (0, 40_900)
    assert (tour.days[0].sets_out, tour.days[0].ends) == (540, 900)


def test_a_visit_waits_for_its_hour_and_the_day_sets_out_no_earlier_than_it_must():
    far = stop("a", 1, begins=(((600, 600),),))
    tour = find_tour(TourTask((far,), (replace(DAY, start=0, end=0),), ((0, 30), (30, 0))))
    assert (tour.days[0].sets_out, tour.days[0].visits[0].waits) == (570, 0)
    both = TourTask(
        (far, stop("b", 1, minutes=10, begins=(((500, 520),),))),
        (replace(DAY, start=0, end=0),),
        ((0, 30), (30, 0)),
    )
    assert [visit.waits for visit in find_tour(both).days[0].visits] == [0, 70]


def test_a_day_of_the_limit_exactly_is_kept_and_a_minute_less_is_not():
    task = TourTask((stop("a", 1),), (Day(480, 1020, 100, 0, 0),), ((0, 20), (20, 0)))
    assert find_tour(task).value.score == 10
    shorter = replace(task, days=(Day(480, 1020, 99, 0, 0),))
    assert find_tour(shorter).value.score == 0


def test_the_end_of_opening_hours_is_the_end_of_the_visit():
    task = TourTask(
        (stop("a", 1, begins=(((0, 540),),)),), (Day(520, 1020, start=0),), ((0, 20), (20, 0))
    )
    assert find_tour(task).value.score == 10
    late = replace(task, days=(Day(521, 1020, start=0),))
    assert find_tour(late).value.score == 0


def test_where_there_is_no_way_nobody_goes():
    minutes = ((0, NO_WAY, 10), (10, 0, 10), (10, NO_WAY, 0))
    task = TourTask((stop("a", 1), stop("b", 2)), (Day(480, 1020, start=0, end=0),), minutes)
    assert orders(find_tour(task)) == [(1,)]


def test_a_detour_through_another_place_may_be_the_shorter_way():
    # Tables of offices need not know that two sides are longer than the third.
    minutes = ((0, 100, 10), (100, 0, 10), (10, 10, 0))
    task = TourTask(
        (stop("a", 1), stop("b", 2, score=0)), (Day(480, 1020, start=0, end=0),), minutes
    )
    tour = find_tour(task)
    assert (orders(tour), tour.value.travel) == ([(0, 1)], 120)


def test_required_stops_that_cannot_be_visited_are_named():
    early, late = ((((540, 540),),), (((550, 550),),))
    stops = (stop("a", begins=early, required=True), stop("b", begins=late, required=True))
    with pytest.raises(Problem) as refused:
        find_tour(TourTask(stops, (DAY,), ((0,),)))
    assert refused.value.message_id == "geo.tour_impossible"
    assert "a, b" in refused.value.sentence("th")


def test_without_stops_the_days_are_empty():
    tour = find_tour(TourTask((), (DAY, DAY), ((0,),)))
    assert tour.value.score == 0
    assert [day.visits for day in tour.days] == [(), ()]


def test_what_a_stop_would_cost_is_told_in_points():
    apart = [
        stop(name, n + 1, 300, score=score)
        for n, (name, score) in enumerate(zip("abc", (9, 5, 9), strict=True))
    ]
    minutes = tuple(tuple(0 if a == b else 30 for b in range(4)) for a in range(4))
    task = TourTask(tuple(apart), (Day(480, 1020, start=0, end=0),), minutes)
    tour = find_tour(task)
    assert orders(tour) == [(0,)]
    assert loss_of_including(task, 1, tour) == 4
    assert loss_of_including(task, 2, tour) == 0
    unreachable = replace(task, stops=(*apart[:2], replace(apart[2], begins=((),))))
    assert loss_of_including(unreachable, 2, find_tour(unreachable)) is None


def test_a_search_that_runs_out_of_time_tells_a_true_gap():
    # Twenty stops over five days are more than a moment suffices for.
    rng = random.Random(3)
    places = [(rng.randint(0, 60), rng.randint(0, 60)) for _ in range(21)]
    minutes = tuple(tuple(abs(a - c) + abs(b - d) for c, d in places) for a, b in places)
    stops = tuple(
        stop(
            f"{n:02d}",
            n + 1,
            rng.choice([45, 60, 75]),
            begins=(ALL_DAY,) * 5,
            score=rng.randint(1, 20),
        )
        for n in range(20)
    )
    task = TourTask(stops, (Day(480, 780, start=0, end=0),) * 5, minutes)
    hurried = find_tour(task, seconds=0.05)
    assert not hurried.proof.closed
    assert faults_of(task, hurried.days, hurried.value) == []
    last = hurried.proof.steps[-1]
    assert last.gap > 0
    longer = find_tour(task, seconds=3)
    score = hurried.proof.steps[0]
    assert score.value <= longer.value.score <= score.bound
    for language in LANGUAGES:
        assert str(last.gap) in hurried.proof.sentence(language)


def test_the_recheck_finds_every_kind_of_fault():
    minutes = ((0, 30), (30, 0))
    task = TourTask(
        (stop("a", 1, price=100), stop("b", 1)), (Day(480, 1020, 400, 0, 0),), minutes, 100
    )
    tour = find_tour(task)
    day = tour.days[0]
    visit = day.visits[0]
    wrong: dict[str, DayTour] = {
        "outside": replace(day, sets_out=0),
        "minutes over": replace(day, ends=day.ends + 400),
        "may not begin": replace(
            day, visits=(replace(visit, begins=1021, ends=1081), *day.visits[1:])
        ),
        "minutes told": replace(day, visits=(replace(visit, travel=1), *day.visits[1:])),
        "a visit of": replace(day, visits=(replace(visit, ends=visit.ends + 1), *day.visits[1:])),
        "twice": replace(day, visits=(visit, visit)),
    }
    for words, changed in wrong.items():
        assert words in "; ".join(faults_of(task, (changed,), tour.value)), words
    assert "claimed" in faults_of(task, tour.days, replace(tour.value, score=99))[0]
    assert "over 99" in "; ".join(faults_of(replace(task, most_price=99), tour.days, tour.value))
    required = replace(task, stops=(task.stops[0], replace(task.stops[1], required=True)))
    alone = schedule_day(required, 0, [0])
    assert alone is not None
    assert "left out" in "; ".join(faults_of(required, (alone,), value_of(required, (alone,))))


@pytest.mark.parametrize(
    "stops", [(stop("b"), stop("a")), (stop("a"), stop("a")), (stop("a", minutes=-1),)]
)
def test_a_task_that_contradicts_itself_is_refused(stops):
    with pytest.raises(ValueError, match="stop"):
        TourTask(stops, (DAY,), ((0,),))
