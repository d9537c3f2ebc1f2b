"""Numbers that people set otherwise: recorded with the reason, checked, replayed, set back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from phaenthi.geo.files import write_folder
from phaenthi.targeting.judging.evidence import Evidence, gather
from phaenthi.targeting.plan import certificate, keeping
from phaenthi.targeting.plan import making as plan
from phaenthi.targeting.plan.compare import compare
from phaenthi.targeting.plan.number_words import say_number
from phaenthi.targeting.plan.numbers import merge, read_as, set_in
from phaenthi.targeting.plan.record import Number
from phaenthi.targeting.programme.programme import Programme, load
from phaenthi.wording import Problem
from tests.demo_copies import copy_demo

DAY = date(2019, 12, 2)
REASON, OFFICE = "หนังสือสั่งการให้ลดเพดาน", "ศจพ.จ.กาฬสินธุ์"
CAP = Number("field", "cap", 3, 2, REASON, OFFICE, "at_most")
WEIGHT = Number("weight", "registered_poor", 10, 20, REASON, OFFICE)
FEWER = Number("allotment", "46", 18, 16, REASON, OFFICE)


@pytest.fixture(scope="module")
def programme() -> Programme:
    return load("ne-poverty-2563")


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    workspace = copy_demo(tmp_path_factory.mktemp("demo") / "workspace", provinces=("46",))
    return gather(workspace, ["46"])


def test_a_plan_with_numbers_of_its_own_is_saved_checked_and_replayed(
    programme: Programme, evidence: Evidence, tmp_path: Path
) -> None:
    numbers = [CAP, FEWER]
    read = set_in(programme, numbers)
    made = plan.make(read, evidence, ["46"], decided_on=DAY, numbers=numbers)
    assert len(made.result("46").chosen) == 16
    areas = made.units[made.units["status"] == "chosen"].groupby("amphoe_code").size()
    assert areas.max() <= 2

    again = keeping.load(write_folder(tmp_path / made.id, made.files))
    assert set(again.numbers) == set(numbers)
    assert read_as(again, programme).digest() == made.programme_digest
    assert certificate.check(again, programme, evidence).stands
    assert plan.replay(again, programme, evidence).files == made.files

    # Without its record the same choice is not one of this programme.
    silent = replace(made, numbers=())
    assert not certificate.check(silent, programme, evidence).stands


def test_a_plan_without_numbers_of_its_own_says_nothing_of_them(
    programme: Programme, evidence: Evidence
) -> None:
    made = plan.make(programme, evidence, ["46"], decided_on=DAY)
    assert b'"numbers"' not in made.files["plan.json"].replace(b'"numbers": {', b"")
    assert made.numbers == ()


def test_two_plans_tell_which_number_was_set_otherwise(
    programme: Programme, evidence: Evidence
) -> None:
    before = plan.make(programme, evidence, ["46"], decided_on=DAY)
    after = plan.make(set_in(programme, [CAP]), evidence, ["46"], decided_on=DAY, numbers=[CAP])
    assert compare(before, after).numbers == ((None, CAP),)
    assert compare(after, before).numbers == ((CAP, None),)
    assert compare(after, after).numbers == ()
    assert not compare(before, after).same_rules


@pytest.mark.parametrize("missing", ["reason", "decided_by"])
def test_a_number_without_a_reason_or_a_name_is_refused(
    programme: Programme, evidence: Evidence, missing: str
) -> None:
    number = replace(CAP, **{missing: " "})  # type: ignore[arg-type]
    read = set_in(programme, [number])
    with pytest.raises(Problem) as refused:
        plan.make(read, evidence, ["46"], decided_on=DAY, numbers=[number])
    assert refused.value.message_id == "targeting.number_without_reason"


def test_a_later_number_takes_the_place_of_an_earlier_and_the_documents_own_is_none() -> None:
    looser = replace(CAP, before=2, value=4)
    assert merge([CAP, WEIGHT], [looser]) == (replace(CAP, value=4), WEIGHT)
    assert merge([CAP], [replace(CAP, before=2, value=3)]) == ()
    assert merge([], []) == ()


def test_setting_numbers_twice_is_setting_them_once(programme: Programme) -> None:
    once = set_in(programme, [CAP, WEIGHT, FEWER])
    assert set_in(once, [CAP, WEIGHT, FEWER]).digest() == once.digest()
    assert set_in(programme, []) is programme


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_number_is_told_with_what_it_was(programme: Programme, language: str) -> None:
    for number in (CAP, WEIGHT, FEWER):
        told = say_number(programme, number, language)  # type: ignore[arg-type]
        assert str(number.before) in told
        assert str(number.value) in told


@pytest.mark.parametrize(
    "number",
    [
        replace(WEIGHT, name="no_such_part"),
        replace(FEWER, name="9999"),
        replace(CAP, field="no_such_field"),
        replace(CAP, value=-1),
        replace(CAP, name="no_such_rule"),
    ],
    ids=["part", "area", "field", "value", "rule"],
)
def test_a_number_that_the_rules_no_longer_have_is_told_as_a_problem(
    programme: Programme, number: Number
) -> None:
    with pytest.raises(Problem) as told:
        set_in(programme, [number])
    assert number.name in told.value.sentence("th")
