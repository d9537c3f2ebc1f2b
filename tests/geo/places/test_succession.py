"""What became of old codes is told with its date and ground, and codes of a day are known."""

from __future__ import annotations

from datetime import date

from phaenthi.geo.places import gazetteer
from phaenthi.geo.places.codes import village_code
from phaenthi.geo.places.succession import succession_of, successor_chain

BUENG_KAN_DAY = date(2011, 3, 23)


def test_the_old_amphoe_of_nong_khai_went_to_bueng_kan_by_notice() -> None:
    ended = succession_of("4303")
    assert ended is not None
    assert (ended.successors, ended.ended_on, ended.basis) == (("3801",), BUENG_KAN_DAY, "notice")
    assert "ตั้งจังหวัดบึงกาฬ" in (ended.source or "")
    [end] = successor_chain("430301")
    assert (end.code, end.successors, end.ended_on) == ("430301", ("380101",), BUENG_KAN_DAY)


def test_all_eight_amphoe_of_bueng_kan_came_from_nong_khai() -> None:
    old = gazetteer.abolished()["code"]
    ends = [succession_of(code) for code in old[old.str.len() == 4]]
    new = [end for end in ends if end and any(code.startswith("38") for code in end.successors)]
    assert len(new) == 8
    assert {end.code[:2] for end in new} == {"43"}
    assert {end.ended_on for end in new} == {BUENG_KAN_DAY}


def test_a_village_follows_its_tambon_and_the_moo_is_not_certain() -> None:
    ended = succession_of("43030105")
    assert ended is not None
    assert (ended.successors, ended.basis) == (("38010105",), "name")
    assert ended.ended_on == BUENG_KAN_DAY
    assert succession_of(village_code("380101", 5)) is None


def test_a_tambon_that_was_split_has_several_successors() -> None:
    ended = succession_of("104701")
    assert ended is not None
    assert ended.successors == ("104702", "104703")


def test_codes_in_use_and_codes_that_never_were_have_no_end() -> None:
    assert succession_of("4601") is None
    assert successor_chain("46") == ()
    assert succession_of("469999") is None


def test_every_recorded_successor_is_in_use_today() -> None:
    old = gazetteer.abolished()["code"]
    assert old.nunique() == 1583
    for code in old:
        ended = succession_of(code)
        assert ended is not None
        assert all(gazetteer.exists(successor) for successor in ended.successors)
        assert (ended.basis is None) == (not ended.successors)
        assert successor_chain(code)[0].code == code
