"""The rules of a programme on routes: both sides of each limit, and what is not known."""

from __future__ import annotations

import pytest

from phaenthi.layers.tourism.route_planning import plan_route
from phaenthi.layers.tourism.route_request import RouteRequest
from phaenthi.targeting.judging.routes import check_routes, community_units
from phaenthi.targeting.judging.verdict import Verdict
from phaenthi.targeting.programme import programme as programmes_of
from phaenthi.wording import LANGUAGES, Problem
from tests.layers.routes_by_hand import (
    PLASTER,
    VILLAGE,
    WEAVING,
    attractions,
    communities,
    programmes,
)

SOUTH = programmes_of.load("south-tourism-2563")
PHUKET = {**VILLAGE, "village_code": "83010201", "longitude": 98.38, "latitude": 7.9}
SECOND = {
    **PHUKET,
    "community_id": "C2",
    "village_code": "83010301",
    "name_th": "ชุมชนที่สอง",
    "class_th": "C",
    "latitude": 7.92,
}
BEACH = {
    "attraction_id": "A1",
    "name_th": "หาด",
    "area_code": "830102",
    "city_class": "main",
    "minutes": 30,
    "longitude": 98.39,
    "latitude": 7.91,
}
THREE = (WEAVING, PLASTER, {**PLASTER, "programme_id": "P3", "opens": "15:30", "minutes": 60})
OF_SECOND = {**PLASTER, "programme_id": "P4", "community_id": "C2", "opens": "15:30", "minutes": 60}


def route_of(*rows, cards=THREE, sights=(), **request):
    asked = RouteRequest(**request)
    return plan_route(communities(*rows), programmes(*cards), attractions(*sights), asked)


def check(routes, rows, cards=THREE, **others):
    return check_routes(
        SOUTH, routes, communities(*rows), programmes(*cards), provinces=("83",), **others
    )


def verdicts(checked, about):
    return [finding.verdict for finding in checked.of(about)]


def test_a_target_and_a_beach_of_a_main_city_make_a_sound_route():
    checked = check([route_of(PHUKET, sights=[BEACH])], [PHUKET], targets=["C1"])
    assert checked.verdict is Verdict.MET
    assert [len(checked.of(about)) for about in ("route", "community", "province")] == [2, 1, 1]


def test_a_route_that_stays_in_one_community_links_nothing():
    checked = check([route_of(PHUKET)], [PHUKET], targets=["C1"])
    assert verdicts(checked, "route") == [Verdict.MET, Verdict.NOT_MET]
    assert verdicts(checked, "province") == [Verdict.NOT_MET]
    for language in LANGUAGES:
        assert "G63" in checked.of("route")[1].sentence(SOUTH, language)


def test_another_community_of_the_province_is_a_linked_place_and_one_of_elsewhere_is_not():
    cards = (*THREE[:2], OF_SECOND)
    near = route_of(PHUKET, SECOND, cards=cards)
    assert {stop.community_id for stop in near.stops} == {"C1", "C2"}
    units = community_units(SOUTH, communities(PHUKET, SECOND), programmes(*cards), [near])
    assert units["linked_places"].tolist() == [1, 1]
    elsewhere = {**SECOND, "village_code": "82010101"}
    apart = route_of(PHUKET, elsewhere, cards=cards)
    units = community_units(SOUTH, communities(PHUKET, elsewhere), programmes(*cards), [apart])
    assert units["linked_places"].tolist() == [0, 0]


def test_an_attraction_of_which_nobody_knows_the_city_leaves_it_open():
    unknown = {**BEACH, "city_class": None}
    checked = check([route_of(PHUKET, sights=[unknown])], [PHUKET], targets=["C1"])
    assert verdicts(checked, "route") == [Verdict.MET, Verdict.UNKNOWN]
    assert verdicts(checked, "province") == [Verdict.UNKNOWN]
    assert "เมืองหลักหรือเมืองรอง" in checked.of("route")[1].sentence(SOUTH, "th")


@pytest.mark.parametrize(("count", "verdict"), [(2, Verdict.NOT_MET), (3, Verdict.MET)])
def test_three_programmes_are_enough_and_two_are_not(count, verdict):
    cards = THREE[:count]
    checked = check(
        [route_of(PHUKET, cards=cards, sights=[BEACH])], [PHUKET], cards, targets=["C1"]
    )
    assert verdicts(checked, "community") == [verdict]
    assert checked.of("community")[0].values["count"] == count


def test_without_the_list_of_targets_nothing_about_them_is_certain():
    cards = THREE[:2]
    checked = check([route_of(PHUKET, cards=cards, sights=[BEACH])], [PHUKET], cards)
    assert verdicts(checked, "route") == [Verdict.UNKNOWN, Verdict.MET]
    # Too few programmes tell against it only if it is a target.
    assert verdicts(checked, "community") == [Verdict.UNKNOWN]
    assert verdicts(checked, "province") == [Verdict.UNKNOWN]


def test_a_community_that_cannot_be_a_target_makes_no_route():
    barred = {**PHUKET, "class_th": "D", "has_potential": False}
    checked = check([route_of(barred, sights=[BEACH])], [barred])
    assert verdicts(checked, "route") == [Verdict.NOT_MET, Verdict.NOT_MET]
    ready = {**barred, "has_potential": True, "ready_for_visitors": True}
    assert (
        verdicts(check([route_of(ready, sights=[BEACH])], [ready]), "route")[0] is Verdict.UNKNOWN
    )


def test_a_province_without_a_route_has_none_and_the_eleventh_must_be_asked_for():
    checked = check_routes(SOUTH, [], communities(), programmes(), targets=[])
    assert verdicts(checked, "province") == [Verdict.NOT_MET] * 10
    (asked,) = checked.of("programme")
    assert asked.verdict is Verdict.UNKNOWN
    assert "11" in asked.sentence(SOUTH, "th")
    assert "ไม่เดา" in asked.sentence(SOUTH, "th")


def test_a_route_outside_the_printed_provinces_is_told():
    lamphun = route_of(VILLAGE, cards=THREE[:2])
    checked = check([lamphun], [VILLAGE], THREE[:2], targets=["C1"])
    outside = checked.of("route")[-1]
    # The eleventh province is not known, so that nobody can say that it is not this one.
    assert (outside.wording, outside.verdict) == ("outside_scope", Verdict.UNKNOWN)
    assert "ลำพูน" in outside.sentence(SOUTH, "th")


def test_programmes_without_a_rule_on_routes_are_refused():
    other = programmes_of.load("otop-nawatwithi-2563")
    with pytest.raises(Problem) as refused:
        check_routes(other, [], communities(), programmes())
    assert refused.value.message_id == "targeting.pack_without_routes"


def test_a_target_that_is_in_no_register_is_refused():
    with pytest.raises(Problem) as refused:
        check([], [PHUKET], targets=["C1", "C7"])
    assert refused.value.values["found"] == "C7"
