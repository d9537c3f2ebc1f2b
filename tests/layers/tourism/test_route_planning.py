"""Routes planned from registers: what is visited, when, for how much, and why not the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from phaenthi.geo.notes import Note
from phaenthi.geo.tours.travel import Travel
from phaenthi.layers.contracts.contract import check
from phaenthi.layers.contracts.tourism import ATTRACTIONS
from phaenthi.layers.tourism.route_planning import plan_route
from phaenthi.layers.tourism.route_request import Position, RouteRequest
from phaenthi.wording import LANGUAGES, Problem
from tests.layers.routes_by_hand import (
    PLASTER,
    VILLAGE,
    WEAVING,
    attractions,
    communities,
    programmes,
)

OFFICE = Position(99.01, 18.58, "สพจ.ลำพูน")
TEMPLE = {
    "attraction_id": "A1",
    "name_th": "วัด",
    "area_code": "510109",
    "minutes": 45,
    "opens": "08:00",
    "closes": "17:00",
    "price_baht": 20.0,
    "interest": "วัฒนธรรม",
    "city_class": "secondary",
    "longitude": 99.03,
    "latitude": 18.56,
}
CARDS = programmes(WEAVING, PLASTER)


def reasons(route):
    return {one.id: one.reason for one in route.unvisited}


def ids(route):
    return [[stop.id for stop in day.stops] for day in route.days]


def test_the_two_cards_of_a_lamphun_village_make_one_day_of_409_baht_without_a_leg():
    route = plan_route(communities(VILLAGE), CARDS, attractions(), RouteRequest(province="51"))
    (day,) = route.days
    assert [(stop.begins, stop.ends) for stop in day.stops] == [
        ("09:00", "12:00"),
        ("13:00", "15:00"),
    ]
    assert [stop.leg for stop in day.stops] == [None, None]
    assert day.last_leg is None
    assert (route.price_baht, day.price_baht, route.travel_minutes, route.travel_metres) == (
        409,
        409,
        0,
        0,
    )
    assert route.proof.closed
    assert route.warnings == ()


def test_from_an_office_there_are_legs_to_the_village_and_back_but_none_inside():
    request = RouteRequest(province="51", start=OFFICE, persons=20)
    route = plan_route(communities(VILLAGE), CARDS, attractions(), request)
    first, second = route.stops
    assert first.leg is not None
    assert second.leg is None
    assert route.days[0].last_leg == first.leg
    assert route.travel_minutes == 2 * first.leg.minutes
    assert route.travel_metres == 2 * (first.leg.metres or 0)
    assert route.group_price_baht == 20 * 409
    assert second.waits == 60


def test_the_order_of_the_rows_changes_nothing():
    sights = [{**TEMPLE, "attraction_id": f"A{n}", "latitude": 18.5 + n / 50} for n in range(8)]
    request = RouteRequest(province="51", start=OFFICE, days=2)
    first = plan_route(communities(VILLAGE), CARDS, attractions(*sights), request)
    turned = attractions(*sights).reverse()
    assert plan_route(communities(VILLAGE), CARDS.reverse(), turned, request) == first


def test_interests_decide_and_other_places_only_fill_up():
    request = RouteRequest(province="51", start=OFFICE, interests={"วัฒนธรรม": 10}, returns="10:00")
    route = plan_route(communities(VILLAGE), CARDS, attractions(TEMPLE), request)
    assert ids(route) == [["A1"]]
    assert route.points == 10
    whole = plan_route(
        communities(VILLAGE), CARDS, attractions(TEMPLE), replace(request, returns="17:00")
    )
    assert whole.points == 12


def test_weekdays_count_once_there_is_a_date():
    weekend = {**WEAVING, "days": "67"}
    monday, saturday = date(2026, 11, 23), date(2026, 11, 28)
    request = RouteRequest(province="51")
    closed = plan_route(
        communities(VILLAGE),
        programmes(weekend),
        attractions(),
        replace(request, first_date=monday),
    )
    assert reasons(closed) == {"P1": "closed"}
    opened = plan_route(
        communities(VILLAGE),
        programmes(weekend),
        attractions(),
        replace(request, first_date=saturday),
    )
    assert ids(opened) == [["P1"]]
    assert opened.days[0].date == saturday
    undated = plan_route(communities(VILLAGE), programmes(weekend), attractions(), request)
    assert [one.message_id.rpartition(".")[2] for one in undated.warnings] == ["days_not_settled"]
    friday = replace(request, first_date=date(2026, 11, 27), days=2)
    assert ids(plan_route(communities(VILLAGE), programmes(weekend), attractions(), friday)) == [
        [],
        ["P1"],
    ]


def test_each_place_that_is_left_out_has_its_reason():
    far = {**VILLAGE, "community_id": "C2", "longitude": 105.0, "latitude": 15.0}
    lost = {**VILLAGE, "community_id": "C3", "longitude": None, "latitude": None}
    cards = programmes(
        WEAVING,
        {**PLASTER, "capacity": 5},
        {**WEAVING, "programme_id": "P3", "community_id": "C2"},
        {**WEAVING, "programme_id": "P4", "community_id": "C3"},
        {**WEAVING, "programme_id": "P5", "minutes": None},
        {**WEAVING, "programme_id": "P6", "price_baht": None},
        {**WEAVING, "programme_id": "P7", "price_baht": 1000.0},
        {**WEAVING, "programme_id": "P8", "minutes": 700},
        {**WEAVING, "programme_id": "P9", "community_id": "C9"},
        {**WEAVING, "programme_id": "PA", "opens": "16:30"},
        {**WEAVING, "programme_id": "PB"},
        {**WEAVING, "programme_id": "PC"},
    )
    request = RouteRequest(
        province="51", start=OFFICE, persons=10, most_price_baht=500, excluded=("PC",)
    )
    route = plan_route(communities(VILLAGE, far, lost), cards, attractions(), request)
    assert ids(route) == [["P1"]]
    assert reasons(route) == {
        "P2": "too_small",
        "P3": "too_far",
        "P4": "no_position",
        "P5": "no_length",
        "P6": "price_unknown",
        "P7": "too_dear",
        "P8": "too_long",
        "PA": "closed",
        "PB": "no_room",
        "PC": "excluded",
    }
    assert next(one for one in route.unvisited if one.id == "PB").lost_points == 0
    assert sum(route.left_out.values()) == 10
    told = {one.message_id: one.values for one in route.warnings}
    assert told["layers.route.warnings.without_community"] == {"count": 1}


@pytest.mark.parametrize(
    ("required", "problem"),
    [("P9", "layers.route_stop_unknown"), ("P2", "layers.route_stop_too_small"), ("P1", None)],
)
def test_a_required_place_that_cannot_be_visited_is_named_with_its_reason(required, problem):
    cards = programmes(WEAVING, {**PLASTER, "capacity": 5})
    request = RouteRequest(province="51", persons=10, required=(required,))
    if problem is None:
        assert ids(plan_route(communities(VILLAGE), cards, attractions(TEMPLE), request))[0]
        return
    with pytest.raises(Problem) as refused:
        plan_route(communities(VILLAGE), cards, attractions(), request)
    assert refused.value.message_id == problem
    for language in LANGUAGES:
        assert refused.value.sentence(language)


def test_hours_without_a_length_are_the_length_and_an_attraction_gets_the_assumed_one():
    hours = {**WEAVING, "minutes": None, "opens": "09:00;13:00", "closes": "11:00;15:00"}
    sight = {**TEMPLE, "minutes": None}
    route = plan_route(
        communities(VILLAGE),
        programmes(hours),
        attractions(sight),
        RouteRequest(attraction_minutes=50),
    )
    lengths = {stop.id: (stop.minutes, stop.assumed_minutes) for stop in route.stops}
    assert lengths == {"P1": (120, False), "A1": (50, True)}
    assert "minutes_assumed" in str(route.warnings)


def test_the_travel_of_an_office_is_asked_for_by_the_ids_of_the_register():
    asked = []

    def travel(names, x, y):
        asked.append((list(names), len(x), len(y)))
        minutes = np.full((len(names), len(names)), 7, dtype=np.int64)
        np.fill_diagonal(minutes, 0)
        return Travel(minutes, np.full_like(minutes, -1), Note("geo.travel.table", {"file": "x"}))

    request = RouteRequest(province="51", start=OFFICE)
    route = plan_route(communities(VILLAGE), CARDS, attractions(TEMPLE), request, travel=travel)
    assert asked == [(["A1", "C1", "start"], 3, 3)]
    assert route.travel_minutes == 3 * 7
    assert route.travel_metres is None
    other = replace(request, end=Position(99.0, 18.5))
    plan_route(communities(VILLAGE), CARDS, attractions(TEMPLE), other, travel=travel)
    assert asked[1][0] == ["A1", "C1", "start", "end"]


def test_of_a_hundred_thousand_places_the_nearest_are_looked_at_and_that_is_told():
    count = 100_000
    rng = np.random.default_rng(5)
    table = check(
        ATTRACTIONS,
        pl.DataFrame(
            {
                "attraction_id": [f"A{n:06d}" for n in range(count)],
                "area_code": ["510109"] * count,
                "minutes": [60] * count,
                "price_baht": np.zeros(count),
                "longitude": rng.uniform(98.5, 99.5, count),
                "latitude": rng.uniform(18.1, 19.1, count),
            }
        ),
    )
    request = RouteRequest(province="51", start=OFFICE, looked_at=8)
    route = plan_route(communities(), programmes(), table, request)
    assert len(route.stops) == 8
    assert route.reduction.values == {"seen": 8, "all": count - route.left_out.get("too_far", 0)}
    assert "8" in route.reduction.sentence("th")
    assert len(route.unvisited) == 200


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_rows_that_tell_nothing_but_their_id_are_counted(rows):
    bare = attractions(*({"attraction_id": f"A{n}"} for n in range(rows)))
    if not rows:
        with pytest.raises(Problem) as refused:
            plan_route(communities(), programmes(), bare, RouteRequest())
        assert refused.value.message_id == "layers.route_without_stops"
        return
    route = plan_route(communities(), programmes(), bare, RouteRequest(days=2))
    assert ids(route) == [[], []]
    assert route.left_out == {"no_position": rows}


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": 0},
        {"days": 8},
        {"sets_out": "9"},
        {"returns": "25:00"},
        {"sets_out": "12:00", "returns": "12:00"},
        {"most_minutes": 0},
        {"persons": 0},
        {"most_stops": 0},
        {"looked_at": 21},
        {"most_price_baht": -1},
        {"interests": {"x": -1}},
        {"start": Position(16.4, 103.5)},
        {"end": Position(float("nan"), 15.0)},
    ],
)
def test_a_request_that_cannot_be_meant_is_refused(wrong):
    with pytest.raises(Problem) as refused:
        RouteRequest(**wrong)
    assert refused.value.message_id == "layers.route_request"
