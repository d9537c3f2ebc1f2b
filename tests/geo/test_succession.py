"""What became of old codes is told with its date and ground, and codes of a day are known."""

from __future__ import annotations

from datetime import date

import pytest

from geo import gazetteer
from geo.codes import Level, village_code
from geo.succession import codes_on, succession_of, successions, successor_chain

BUENG_KAN_DAY = date(2011, 3, 23)


def test_the_old_amphoe_of_nong_khai_went_to_bueng_kan_by_notice() -> None:
    ended = succession_of("4303")
    assert ended is not None
    assert (ended.successors, ended.ended_on, ended.basis) == (("3801",), BUENG_KAN_DAY, "notice")
    assert "ตั้งจังหวัดบึงกาฬ" in (ended.source or "")
    [end] = successor_chain("430301")
    assert (end.code, end.successors, end.ended_on) == ("430301", ("380101",), BUENG_KAN_DAY)


def test_all_eight_amphoe_of_bueng_kan_came_from_nong_khai() -> None:
    table = successions()
    new = table[table["successor"].str.startswith("38").fillna(value=False)]
    amphoe = new[new["level"] == "amphoe"]
    assert len(amphoe) == 8
    assert amphoe["code"].str.startswith("43").all()
    assert amphoe["ended_on"].eq(BUENG_KAN_DAY).all()
    assert (amphoe["name_th"] == amphoe["successor_name_th"]).sum() >= 7


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
    table = successions()
    assert table["code"].nunique() == 1583
    known = table["successor"].dropna()
    assert known.map(gazetteer.exists).all()
    assert table.loc[table["successor"].isna(), "basis"].isna().all()
    for code in table["code"].sample(50, random_state=1):
        chain = successor_chain(code)
        assert chain[0].code == code


def test_the_codes_of_a_day_are_those_before_or_after_the_change() -> None:
    before = codes_on(Level.AMPHOE, date(2011, 3, 22))
    after = codes_on(Level.AMPHOE, BUENG_KAN_DAY)
    assert {"4303", "4304"} <= set(before["code"])
    assert not before["code"].str.startswith("38").any()
    assert after["code"].str.startswith("38").sum() == 8
    assert "4303" not in set(after["code"])
    assert before["code"].is_monotonic_increasing
    assert before["code"].is_unique


@pytest.mark.parametrize("level", [Level.PROVINCE, Level.AMPHOE, Level.TAMBON])
def test_the_codes_of_today_are_those_of_the_gazetteer(level: Level) -> None:
    today = codes_on(level, date(2026, 1, 1))
    assert today["code"].to_list() == gazetteer.areas(level)["code"].to_list()
    assert today["certain"].all()
