"""The targeting page, step by step, without a browser."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from phaenthi.apps.dates import today
from phaenthi.apps.maps import view as map_view
from phaenthi.apps.planning import plan_labels
from phaenthi.apps.planning.plans import save_plan
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.evidence import gather
from phaenthi.targeting.plan import keeping
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.plan.record import Override, Plan
from phaenthi.targeting.programme import programme
from tests.apps.planner_page import (
    at_step,
    in_address,
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


# -- the path --------------------------------------------------------------------------------------


def test_a_newcomer_walks_from_the_programme_to_a_plan_that_is_put_away(folder: Path) -> None:
    page = open_page()
    assert at_step(page) == "programme"
    assert page.button(key="step_review").disabled
    assert "ขั้นที่ 1 จาก 7" in words_of(page)
    for step in ("area", "data", "rules", "choose"):
        page.button(key="way_on").click().run()
        assert not page.exception
        assert at_step(page) == step
    assert "way_on" not in keys_of(page)
    page.button(key="targeting_run").click().run()
    assert at_step(page) == "review"
    said = words_of(page)
    assert "จากทะเบียนจัดสรร 18" in said
    assert "พิสูจน์แล้ว" in said or "ตรวจทานแล้ว" in said
    page.button(key="way_on").click().run()
    assert at_step(page) == "save"
    page.text_input(key="save_name").set_value("ฉบับเสนอ ศจพ.จ.")
    page.text_input(key="save_kept_by").set_value("สพจ.กาฬสินธุ์")
    page.button(key="FormSubmitter:put_away_form-บันทึกแผน").click().run()
    assert not page.exception
    label = plan_labels.label_of(page.session_state["plan_id"], Workspace.open(folder))
    assert label is not None
    assert (label.name, label.kept_by) == ("ฉบับเสนอ ศจพ.จ.", "สพจ.กาฬสินธุ์")
    assert [step.kind for step in label.steps] == ["chosen"]
    said = words_of(page)
    assert "★ ฉบับเสนอ ศจพ" in said
    assert f"plan={page.session_state['plan_id']}" in page.code[0].value


def test_one_can_go_back_to_any_step_and_on_again(planned: Plan) -> None:
    page = open_page(plan=planned.id)
    assert at_step(page) == "review"
    for step in ("rules", "programme", "save", "data", "review"):
        page.button(key=f"step_{step}").click().run()
        assert not page.exception
        assert at_step(page) == step
    assert page.session_state["plan_id"] == planned.id
    page.button(key="way_back").click().run()
    assert at_step(page) == "choose"


def test_a_plan_without_a_name_is_not_put_away(folder: Path, planned: Plan) -> None:
    page = open_page(plan=planned.id, step="save")
    before = plan_labels.label_of(planned.id, Workspace.open(folder))
    page.text_input(key="save_kept_by").set_value(" ")
    page.button(key=next(k for k in keys_of(page) if k.startswith("FormSubmitter:put"))).click()
    page.run()
    assert "กรอกชื่อแผนและผู้บันทึกก่อน" in words_of(page)
    assert plan_labels.label_of(planned.id, Workspace.open(folder)) == before


def test_the_list_of_programmes_narrows_by_year_and_keeps_what_is_chosen() -> None:
    page = open_page(step="programme")
    every = page.radio(key="programme_list_th").options
    page.pills(key="pack_year_th").set_value("2561").run()
    some = page.radio(key="programme_list_th").options
    assert len(some) < len(every)
    assert any("ภาคตะวันออกเฉียงเหนือ" in name for name in some)
    page.radio(key="programme_list_th").set_value("occupational-groups-2561-buriram").run()
    assert in_address(page, "programme") == "occupational-groups-2561-buriram"
    page.button(key="way_on").click().run()
    assert "ไม่มีจังหวัดที่อยู่ในโครงการนี้" in words_of(page)
    assert page.button(key="way_on").disabled


def test_the_area_step_names_who_takes_part_and_what_each_gets() -> None:
    page = open_page(step="area")
    assert page.selectbox(key="province_th").options == ["กาฬสินธุ์"]
    assert "ภูเก็ตไม่อยู่ในพื้นที่ของโครงการนี้" in words_of(page)
    row = page.dataframe[0].value.iloc[0]
    assert (row["units"], row["areas"], row["amphoe"]) == (18, 14, 18)


def test_the_data_check_says_what_is_here_what_is_missing_and_what_that_leaves_open() -> None:
    page = open_page(step="data")
    assert not page.exception
    said = words_of(page)
    for words in ("ข้อมูล จปฐ. ปี 2562", "ข้อมูล TPMAP ปี 2562", "ทะเบียนเป้าหมาย สัมมาชีพชุมชน ปี 2562"):
        assert words in said
    assert "มีบัญชีครัวเรือน" in said
    assert "ขอบัญชีจากผู้รับผิดชอบโครงการเดิม" in said
    judged = page.dataframe[0].value
    assert (judged["units"] == judged[["met", "unknown", "not_met"]].sum(axis=1)).all()
    assert len(judged) == 18


def test_the_rules_are_shown_with_reference_force_and_origin() -> None:
    page = open_page(step="rules")
    assert not page.exception
    said = words_of(page)
    for words in ("G63", "ข้อ 2)", "ต้อง", "ควร", "เอกสารระบุ", "ระบบกำหนดเอง", "ข้อมูลจำลอง"):
        assert words in said
    page.toggle(key="open_rules_only_th").set_value(True).run()
    few = words_of(page)
    assert "1. ดำเนินการในหมู่บ้าน" in said
    assert "1. ดำเนินการในหมู่บ้าน" not in few
    assert page.radio(key="reading_cap_th").options


def test_a_reading_picked_lasts_in_the_address_and_makes_the_plan_an_old_one(
    folder: Path, planned: Plan
) -> None:
    page = open_page(plan=planned.id, step="rules")
    page.radio(key="reading_cap_th").set_value("average").run()
    assert in_address(page, "readings") == "cap=average"
    page.button(key="way_on").click().run()
    assert "กติกาที่ตั้งไว้ต่างจากแผน" in words_of(page)
    again = open_page(plan=planned.id, step="choose", readings="cap=average")
    again.button(key="targeting_run").click().run()
    assert shown_plan(again, folder).readings["cap"] == "average"
    again.button(key="step_choose").click().run()
    assert "กติกาที่ตั้งไว้ต่างจากแผน" not in words_of(again)


@pytest.mark.parametrize("readings", ["cap=none", "nonsense", "no-rule=x,cap", "=", ","])
def test_readings_of_an_address_that_do_not_exist_are_passed_over(readings: str) -> None:
    page = open_page(step="rules", readings=readings)
    assert not page.exception
    assert page.radio(key="reading_cap_th").value == "each"


# -- the review ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["chosen", "reserve", "eligible", "excluded", "unknown"])
def test_a_unit_shows_its_reason_in_both_languages(
    folder: Path, planned: Plan, status: str
) -> None:
    village = unit_of(planned, status)
    page = open_page(plan=planned.id, village=village["unit_code"])
    assert not page.exception
    assert village["reason_th"] in words_of(page)
    page = open_page(plan=planned.id, village=village["unit_code"], lang="en")
    assert not page.exception
    assert in_english(folder, planned, village) in words_of(page)


def in_english(folder: Path, plan: Plan, village: pd.Series) -> str:
    """Return a unit's reason with the villages in it by their names in the register."""
    register = Workspace.open(folder).table("villages").set_index("village_code")["name_en"]
    reason = str(village["reason_en"])
    for code, name in zip(plan.units["unit_code"], plan.units["name_th"], strict=True):
        reason = reason.replace(f"{name} ({code})", f"{register[code]} ({code})")
    # The survey's abbreviation is a name in both languages.
    assert not re.search("[ก-๙]", reason.replace("จปฐ.", ""))
    return reason


def test_a_village_without_an_english_name_keeps_its_thai_one_beside_english_places() -> None:
    villages = pd.DataFrame(
        {
            "village_code": ["46010203", "46010204", "46010205"],
            "name_th": ["โนนสูง", "บ้านโนนต่ำ", "บ้านนา"],
            "name_en": ["Non Sung", None, "Ban Na"],
            "tambon_th": ["Lup"] * 3,
            "amphoe_th": ["Mueang Kalasin"] * 3,
        }
    )
    told = map_view.with_titles(villages, "en")
    assert list(told["title"]) == ["Ban Non Sung, Moo 3", "บ้านโนนต่ำ, Moo 4", "Ban Na, Moo 5"]
    assert set(told["where"]) == {"Tambon Lup, Amphoe Mueang Kalasin"}
    assert map_view.with_titles(villages, "th")["title"].iloc[1] == "บ้านโนนต่ำ หมู่ที่ 4"


def test_the_table_begins_with_the_unit_that_was_clicked_elsewhere(planned: Plan) -> None:
    code = unit_of(planned, "excluded", 5)["unit_code"]
    page = open_page(plan=planned.id)
    page.selectbox(key="find_th").set_value(code).run()
    assert page.dataframe[0].value.iloc[0]["code"] == code
    assert len(page.dataframe[0].value) == len(planned.units)


def test_filters_narrow_the_table_and_stand_in_the_address(planned: Plan) -> None:
    page = open_page(plan=planned.id)
    findings = planned.findings
    kept_out = findings[(findings["rule"] == "no-sammachip") & (findings["verdict"] != "met")]
    page.selectbox(key="rule_th").set_value("no-sammachip").run()
    assert set(page.dataframe[0].value["code"]) == set(kept_out["unit_code"])
    assert in_address(page, "rule") == "no-sammachip"
    page.selectbox(key="rule_th").set_value("").run()
    amphoe = planned.result("46").chosen[0][:4]
    page.selectbox(key="amphoe_th").set_value(amphoe).run()
    assert page.dataframe[0].value["code"].str.startswith(amphoe).all()
    page.pills(key="statuses_th").set_value(["chosen"]).run()
    chosen = [code for code in planned.result("46").chosen if code.startswith(amphoe)]
    assert sorted(page.dataframe[0].value["code"]) == sorted(chosen)


def test_earlier_targets_can_be_ringed_year_by_year(planned: Plan) -> None:
    page = open_page(plan=planned.id)
    page.pills(key="earlier_years_th").set_value([2562, 2563]).run()
    assert not page.exception
    assert page.session_state["kept_years"] == [2562, 2563]


def test_every_amphoe_shows_its_room(planned: Plan) -> None:
    page = open_page(plan=planned.id, view="amphoe")
    said = words_of(page)
    chosen = pd.Series([code[:4] for code in planned.result("46").chosen]).value_counts()
    assert f"มีหมู่บ้านเป้าหมาย {len(chosen)} อำเภอ" in said
    assert f"{chosen.max()} / 3" in said
    page.selectbox(key="room_amphoe_th").set_value("4601").run()
    page.button(key="room_on_map").click().run()
    assert in_address(page, "view") == "map"
    assert in_address(page, "amphoe") == "4601"


def test_the_reserve_stands_in_order_with_whose_place_each_would_take(planned: Plan) -> None:
    page = open_page(plan=planned.id, view="reserve")
    table = page.dataframe[0].value
    assert list(table["code"]) == list(planned.result("46").reserve)
    assert list(table["place"]) == list(range(1, len(table) + 1))


def test_the_best_choices_are_told_by_what_they_have_otherwise(planned: Plan) -> None:
    page = open_page(plan=planned.id, view="alternatives")
    assert not page.exception
    said = words_of(page)
    assert f"แผนนี้ {planned.result('46').need:,} คะแนน" in said
    assert "อันดับ 5" in said


def test_fairness_hides_small_counts_and_names_every_amphoe(planned: Plan) -> None:
    page = open_page(plan=planned.id, view="fairness")
    assert not page.exception
    table = page.dataframe[0].value
    assert len(table) == 18
    assert not table["reached"].dropna().between(1, 4).any()


def test_what_if_shows_who_would_come_in_and_saves_nothing(folder: Path, planned: Plan) -> None:
    before = set(keeping.saved(folder / DocumentKind.PLANS))
    page = open_page(plan=planned.id, view="what_if")
    page.number_input(key=f"what_if_number_cap_{planned.id}_th").set_value(1)
    page.button(key="FormSubmitter:what_if-ดูผล").click().run()
    # Eighteen villages cannot lie in fourteen amphoe with one each.
    assert "รับได้น้อยกว่านั้น" in words_of(page)
    page.number_input(key=f"what_if_number_cap_{planned.id}_th").set_value(2)
    page.button(key="FormSubmitter:what_if-ดูผล").click().run()
    assert not page.exception
    assert "เป็นการลองเท่านั้น" in words_of(page)
    assert set(keeping.saved(folder / DocumentKind.PLANS)) == before
    assert page.session_state["plan_id"] == planned.id


def test_a_number_set_otherwise_becomes_a_plan_beside_the_old_one_with_its_reason(
    folder: Path, planned: Plan
) -> None:
    page = open_page(plan=planned.id, view="what_if")
    page.number_input(key=f"what_if_number_cap_{planned.id}_th").set_value(2)
    page.button(key="FormSubmitter:what_if-ดูผล").click().run()
    make = "FormSubmitter:what_if_make-ทำเป็นแผนใหม่"
    page.button(key=make).click().run()
    assert "กรุณา" in words_of(page) or "ต้อง" in words_of(page)
    assert page.session_state["plan_id"] == planned.id
    page.text_area(key="what_if_reason").set_value(REASON)
    page.text_input(key="what_if_decided_by").set_value(OFFICE)
    page.button(key=make).click().run()
    assert not page.exception
    made = shown_plan(page, folder)
    [number] = made.numbers
    assert (number.name, number.field, number.before, number.value) == ("cap", "at_most", 3, 2)
    assert (number.reason, number.decided_by) == (REASON, OFFICE)
    areas = pd.Series([code[:4] for code in made.result("46").chosen]).value_counts()
    assert areas.max() == 2
    # The old plan stays, and the two stand side by side.
    assert keeping.load(folder / DocumentKind.PLANS / planned.id).id == planned.id
    assert in_address(page, "view") == "compare"
    assert in_address(page, "with") == planned.id
    said = words_of(page).replace("\\", "")
    assert "ตั้งเองเฉพาะแผนหลัง · เพดานต่ออำเภอ: 3 → 2" in said

    page = open_page(plan=made.id, line=str(page.session_state["line_id"]), view="log")
    said = words_of(page).replace("\\", "")
    assert "เพดานต่ออำเภอ: 3 → 2" in said
    assert REASON in said
    what = page.dataframe[0].value["what"].iloc[0]
    assert what == "ทำแผนใหม่ด้วยตัวเลขที่ตั้งเอง: เพดานต่ออำเภอ: 3 → 2"
    # A decision after it keeps the number, and the number can be set back.
    page.button(key="set_back_field_cap_at_most").click().run()
    assert not page.exception
    assert shown_plan(page, folder).numbers == ()
    assert shown_plan(page, folder).result("46") == planned.result("46")


def test_another_reading_can_become_the_plan_and_be_undone(folder: Path, planned: Plan) -> None:
    page = open_page(plan=planned.id, view="what_if")
    key = f"what_if_reading_target-households_{planned.id}_th"
    page.selectbox(key=key).set_value("one")
    page.button(key="FormSubmitter:what_if-ดูผล").click().run()
    page.button(key="FormSubmitter:what_if_make-ทำเป็นแผนใหม่").click().run()
    assert not page.exception
    assert shown_plan(page, folder).readings["target-households"] == "one"
    page.button(key="plan_undo").click().run()
    assert page.session_state["plan_id"] == planned.id


def test_two_plans_stand_side_by_side_in_words(folder: Path, planned: Plan) -> None:
    workspace = Workspace.open(folder)
    pack = programme.load("ne-poverty-2563").with_readings({"target-households": "one"})
    gone = planned.result("46").chosen[0]
    other = plans.make(
        pack,
        gather(workspace, ["46"]),
        ["46"],
        decided_on=today(),
        overrides=[Override(gone, "out", REASON, OFFICE)],
    )
    save_plan(other, Workspace.open(folder))
    page = open_page(plan=planned.id, view="compare", with_=other.id)
    assert not page.exception
    said = words_of(page)
    assert "การตีความต่างกัน" in said
    assert "การตัดสินต่างกัน" in said
    assert in_address(page, "with") == other.id
    lost = set(other.result("46").chosen) - set(planned.result("46").chosen)
    assert f"มีเฉพาะแผนก่อน ({len(lost)})" in said


# -- the address -----------------------------------------------------------------------------------


def test_an_address_shows_a_colleague_the_same_plan_view_and_unit(
    folder: Path, planned: Plan
) -> None:
    village = unit_of(planned, "reserve")
    wanted = {"lang": "en", "province": "46", "plan": planned.id, "amphoe": village["amphoe_code"]}
    page = open_page(**wanted, village=village["unit_code"], view="map", step="review")
    assert in_english(folder, planned, village) in words_of(page)
    for name, value in wanted.items():
        assert in_address(page, name) == value
    assert in_address(page, "programme") == planned.programme_id


def test_an_address_with_a_plan_that_is_not_here_says_so(planned: Plan) -> None:
    page = open_page(
        plan="ne-poverty-2563-46-00000000", village="no village", line="x", view="none", step="?"
    )
    assert not page.exception
    assert "ไม่มีแผน ne-poverty-2563-46-00000000" in words_of(page)
    assert in_address(page, "plan") == planned.id
    assert "village" not in page.query_params
