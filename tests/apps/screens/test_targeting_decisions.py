"""Decisions on the targeting page: their price, their reason, undone, redone, written down."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from phaenthi.apps.planning import plan_steps
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.plan.record import Plan
from tests.apps.planner_page import (
    decide,
    give_reason,
    keys_of,
    open_page,
    shown_plan,
    unit_of,
    words_of,
)

REASON, OFFICE = "ประชาคมมีมติขอถอนตัว", "ศจพ.อ.เมืองกาฬสินธุ์"


@pytest.fixture(autouse=True)
def opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))


def page_on(plan: Plan, code: str) -> AppTest:
    return open_page(plan=plan.id, village=code)


def test_leaving_a_village_out_shows_its_price_first_and_keeps_the_reason(
    folder: Path, planned: Plan
) -> None:
    village = unit_of(planned, "chosen")
    code, price = village["unit_code"], int(village["points"])
    page = page_on(planned, code)
    page.button(key="decide_out").click().run()
    assert not page.exception
    assert f"ลดลง {price:,} คะแนน" in words_of(page)
    assert village["replaces"].split()[0] in words_of(page)
    assert shown_plan(page, folder).id == planned.id
    give_reason(page, REASON, OFFICE)
    assert not page.exception
    made = shown_plan(page, folder)
    assert code not in made.result("46").chosen
    assert made.result("46").need == planned.result("46").need - price
    # The proof holds under the decision, not under the rules alone.
    assert "โดยยึดการตัดสิน 1 เรื่อง" in words_of(page)
    page = open_page(plan=made.id, line=page.session_state["line_id"], view="log")
    said = words_of(page)
    assert "การตัดสินที่ต่างจากที่ระบบเสนอ (1)" in said
    assert REASON in said
    assert OFFICE in said


def test_a_decision_without_a_reason_or_a_name_is_not_kept(folder: Path, planned: Plan) -> None:
    code = planned.result("46").reserve[0]
    for reason, decided_by in (("", "ศจพ.จ."), ("ประชาคมพร้อม", " ")):
        page = decide(page_on(planned, code), "in", reason, decided_by)
        assert "กรอกเหตุผลและผู้ตัดสินก่อนบันทึก" in words_of(page)
        assert shown_plan(page, folder).id == planned.id


def test_a_swap_takes_one_in_for_another_with_one_reason(folder: Path, planned: Plan) -> None:
    leaving = unit_of(planned, "chosen", 3)["unit_code"]
    page = page_on(planned, leaving)
    page.button(key="decide_swap").click().run()
    box = page.selectbox(key="swap_partner")
    entering = planned.result("46").reserve[-1]
    box.set_value(entering).run()
    assert "คะแนนความจำเป็นรวม" in words_of(page)
    give_reason(page, REASON, OFFICE)
    made = shown_plan(page, folder)
    assert entering in made.result("46").chosen
    assert leaving not in made.result("46").chosen
    assert {(o.unit_code, o.action) for o in made.overrides} == {
        (leaving, "out"),
        (entering, "in"),
    }
    line = plan_steps.find(page.session_state["line_id"], Workspace.open(folder))
    assert line is not None
    assert (line.steps[-1].kind, line.steps[-1].codes) == ("swap", (leaving, entering))


def test_undo_and_redo_walk_between_plans_and_are_written_down(folder: Path, planned: Plan) -> None:
    page = decide(page_on(planned, planned.result("46").reserve[0]), "in", REASON, OFFICE)
    made = page.session_state["plan_id"]
    assert page.button(key="plan_redo").disabled
    page.button(key="plan_undo").click().run()
    assert page.session_state["plan_id"] == planned.id
    page.button(key="plan_redo").click().run()
    assert page.session_state["plan_id"] == made
    again = open_page(plan=made, line=page.session_state["line_id"], view="log")
    kinds = [
        step.kind
        for step in plan_steps.find(again.session_state["line_id"], Workspace.open(folder)).steps
    ]  # type: ignore[union-attr]
    assert kinds == ["in", "undone", "redone"]
    assert not again.button(key="plan_undo").disabled
    assert len(again.dataframe[0].value) == 3


def test_a_decision_can_be_withdrawn_from_the_list_at_a_price(folder: Path, planned: Plan) -> None:
    code = planned.result("46").reserve[0]
    page = decide(page_on(planned, code), "in", REASON, OFFICE)
    made = shown_plan(page, folder)
    page = open_page(plan=made.id, view="log")
    page.button(key=f"undo_{code}").click().run()
    assert "เพิ่มขึ้น" in words_of(page)
    page.button(key="decision_confirm").click().run()
    assert not page.exception
    assert shown_plan(page, folder).id == planned.id


def test_several_units_are_decided_together_with_one_reason(folder: Path, planned: Plan) -> None:
    chosen = list(planned.result("46").chosen[:2])
    excluded = unit_of(planned, "excluded")["unit_code"]
    page = open_page(plan=planned.id)
    page.session_state["several"] = [*chosen, excluded]
    page.run()
    assert "เลือกไว้ 3 หมู่บ้าน" in words_of(page)
    assert "ไม่ให้เลือกทั้ง 2 หมู่บ้าน" in words_of(page)
    decide(page, "all_out", REASON, OFFICE)
    made = shown_plan(page, folder)
    assert {o.unit_code for o in made.overrides} == set(chosen)
    assert {o.reason for o in made.overrides} == {REASON}


def test_all_that_pass_the_filters_can_be_selected_together(planned: Plan) -> None:
    page = open_page(plan=planned.id, amphoe="4601")
    page.button(key="take_shown").click().run()
    here = planned.units["amphoe_code"] == "4601"
    assert len(page.session_state["several"]) == int(here.sum())
    page.button(key="selection_clear").click().run()
    assert not page.session_state["several"]


def test_withdrawals_from_the_reserve_list_tell_who_comes_in(folder: Path, planned: Plan) -> None:
    gone = list(planned.result("46").chosen[:2])
    page = open_page(plan=planned.id, view="reserve")
    page.multiselect(key=f"withdraw_{planned.id}_th").set_value(gone).run()
    page.button(key="withdraw_see").click().run()
    assert "เข้ามาเป็นเป้าหมาย" in words_of(page)
    give_reason(page, REASON, OFFICE)
    made = shown_plan(page, folder)
    assert not set(gone) & set(made.result("46").chosen)


def test_a_unit_that_a_rule_forbids_cannot_be_put_in(planned: Plan) -> None:
    page = page_on(planned, unit_of(planned, "excluded")["unit_code"])
    assert not [key for key in keys_of(page) if key.startswith("decide_")]
    assert "กติกาไม่เปิดให้เลือกหมู่บ้านนี้" in words_of(page)


def test_choosing_again_keeps_what_was_decided(folder: Path, planned: Plan) -> None:
    code = planned.result("46").reserve[0]
    page = decide(page_on(planned, code), "in", "ประชาคมพร้อม", "ศจพ.จ.กาฬสินธุ์")
    page.button(key="step_rules").click().run()
    page.radio(key="reading_cap_th").set_value("average").run()
    page.button(key="step_choose").click().run()
    page.button(key="targeting_run").click().run()
    made = shown_plan(page, folder)
    assert made.readings["cap"] == "average"
    assert [one.unit_code for one in made.overrides] == [code]


def test_two_sessions_on_one_plan_do_not_disturb_each_other(folder: Path, planned: Plan) -> None:
    first, second = (
        page_on(planned, planned.result("46").reserve[0]),
        page_on(planned, planned.result("46").reserve[1]),
    )
    decide(first, "in", REASON, "ศจพ.อ. หนึ่ง")
    decide(second, "in", REASON, "ศจพ.อ. สอง")
    plans_made = [shown_plan(page, folder) for page in (first, second)]
    assert [len(plan.overrides) for plan in plans_made] == [1, 1]
    first.button(key="plan_undo").click().run()
    second.run()
    assert second.session_state["plan_id"] == plans_made[1].id
    assert first.session_state["plan_id"] == planned.id
