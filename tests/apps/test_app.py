"""The pages of the app, without a browser."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from apps import demo
from apps.dates import today
from apps.screens import overview
from geo.codes import Level
from geo.gazetteer import areas
from layers.workspace import Workspace
from targeting import plan as plans
from targeting import programme
from targeting.evidence import gather
from targeting.plan import Plan

APP = str(Path(__file__).parents[2] / "apps" / "streamlit_app.py")
PATIENCE = 120


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("app") / "demo"
    demo.build(folder, provinces=("46", "83"))
    return folder


def targeting_page() -> AppTest:
    return AppTest.from_file(APP, default_timeout=PATIENCE)


def overview_page() -> AppTest:
    def page() -> None:
        from apps.screens import overview  # noqa: PLC0415 - AppTest runs this text alone

        overview.show()

    return AppTest.from_function(page, default_timeout=PATIENCE)


def words_of(page: AppTest) -> str:
    """Return all that a page says, markup taken away."""
    said = [
        element.value
        for kind in ("markdown", "caption", "header", "subheader", "info", "warning", "error")
        for element in page.get(kind)
    ]
    said += [element.proto.body for element in page.get("html")]
    said += [element.label for kind in ("button", "expander") for element in page.get(kind)]
    return re.sub(r"<[^>]+>", " ", " ".join(str(text) for text in said))


def test_without_a_workspace_the_app_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(tmp_path / "nothing"))
    for page in (targeting_page(), overview_page()):
        page.run()
        assert not page.exception
        assert "ยังไม่มีพื้นที่ทำงาน" in words_of(page)
        assert "phaenthi demo" in [code.value for code in page.code]


def test_a_damaged_workspace_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "workspace.json").write_text("{")
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(tmp_path))
    page = targeting_page().run()
    assert not page.exception
    assert len(page.error) == 1
    assert "workspace.json" in page.error[0].value
    assert "Traceback" not in words_of(page)


def test_the_rules_are_shown_with_reference_force_and_origin_before_anything_is_chosen(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    page = targeting_page().run()
    assert not page.exception
    said = words_of(page)
    for words in ("G63", "ข้อ 2)", "ต้อง", "ควร", "เอกสารระบุ", "ระบบกำหนดเอง", "ข้อมูลจำลอง"):
        assert words in said
    assert "18 หมู่บ้าน ใน 14 อำเภอ" in said
    assert page.selectbox(key="province_th").options == ["กาฬสินธุ์"]
    assert "ภูเก็ตไม่อยู่ในพื้นที่ของโครงการนี้" in said


def test_choosing_makes_saves_and_proves_a_plan(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    page = targeting_page().run()
    page.button(key="targeting_run").click().run()
    assert not page.exception
    assert len(plans.saved(folder / plans.FOLDER)) == 1
    said = words_of(page)
    assert "จากทะเบียนจัดสรร 18" in said
    assert "พิสูจน์แล้ว" in said or "ตรวจทานแล้ว" in said
    assert len(page.dataframe) >= 1


def test_a_selected_village_shows_its_reason_in_the_language_of_the_session(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    page = targeting_page().run()
    page.button(key="targeting_run").click().run()
    plan = plans.load(folder / plans.FOLDER / plans.saved(folder / plans.FOLDER)[0])
    for status in ("chosen", "reserve", "excluded", "unknown"):
        village = plan.units[plan.units["status"] == status].iloc[0]
        for language in ("th", "en"):
            page = targeting_page()
            page.session_state["village"] = village["village_code"]
            page.session_state["language"] = language
            page.run()
            assert not page.exception
            assert village[f"reason_{language}"] in words_of(page)


def test_another_reading_makes_the_plan_on_the_page_an_old_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    page = targeting_page().run()
    page.button(key="targeting_run").click().run()
    assert "กติกาที่ตั้งไว้ต่างจากแผน" not in words_of(page)
    page.radio(key="reading_cap_th").set_value("average").run()
    assert "กติกาที่ตั้งไว้ต่างจากแผน" in words_of(page)
    page.button(key="targeting_run").click().run()
    assert "กติกาที่ตั้งไว้ต่างจากแผน" not in words_of(page)


def test_the_overview_counts_what_the_workspace_holds(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    page = overview_page().run()
    assert not page.exception
    said = words_of(page)
    assert "ครัวเรือนยากจน" in said
    assert "ใน 18 อำเภอ" in said
    assert "ข้อมูลจำลอง" in said
    page.selectbox(key="overview_province_th").set_value(overview.EVERYWHERE).run()
    assert "ใน 21 อำเภอ" in words_of(page)
    page.selectbox(key="overview_province_th").set_value("83").run()
    assert "ใน 3 อำเภอ" in words_of(page)


@pytest.mark.parametrize("indicator", overview.INDICATORS)
def test_every_indicator_can_be_shown_by_tambon(
    folder: Path, monkeypatch: pytest.MonkeyPatch, indicator: str
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    page = overview_page()
    page.session_state["kept_overview_level"] = "tambon"
    page.run()
    page.selectbox(key="overview_indicator_th").set_value(indicator).run()
    assert not page.exception
    tambons = sum(name.startswith("46") for name in areas(Level.TAMBON)["code"])
    assert len(page.dataframe[0].value) >= tambons


def test_small_counts_and_the_shares_that_tell_them_are_hidden() -> None:
    villages = pd.DataFrame(
        {
            "village_code": ["46010101", "46010201", "46020101", "46020201"],
            "province_code": ["46"] * 4,
            "amphoe_code": ["4601", "4601", "4602", "4602"],
            "tambon_code": ["460101", "460102", "460201", "460202"],
            "households": [80, 90, 100, 100],
            "households_income_known": [80, 85, 100, 100],
            "poor_households": [3, 30, 20, 25],
            "target_poor_households": [2, 12, 10, 11],
            "prior_targets": ["", "sammachip 2562", None, ""],
        }
    )
    counts = overview.count_areas(villages).set_index("code")
    assert pd.isna(counts.loc["460101", "poor_households"])
    assert pd.isna(counts.loc["460101", "poor_share"])
    # With the neighbour known, the amphoe's total would give the hidden one back.
    assert pd.isna(counts.loc["460102", "poor_households"])
    assert counts.loc["46", "poor_households"] == 78
    assert counts.loc["4601", "prior_villages"] == 1


def test_the_difference_of_two_counts_is_protected_too() -> None:
    villages = pd.DataFrame(
        {
            "village_code": ["46010101", "46010201", "46020101", "46020201"],
            "province_code": ["46"] * 4,
            "amphoe_code": ["4601", "4601", "4602", "4602"],
            "tambon_code": ["460101", "460102", "460201", "460202"],
            "households": [80, 90, 100, 100],
            "households_income_known": [80, 85, 100, 100],
            "poor_households": [32, 30, 20, 25],
            "target_poor_households": [30, 12, 10, 11],
            "prior_targets": [""] * 4,
        }
    )
    counts = overview.count_areas(villages).set_index("code")
    # 32 poor and 30 target poor would tell of two who are poor and not registered.
    for name in ("poor_households", "target_poor_households", "poor_share"):
        assert pd.isna(counts.loc["460101", name])
        assert counts.loc["4602", name] > 0


# -- decisions of people ---------------------------------------------------------------------------


@pytest.fixture
def planned(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """Choose freely, so that the newest plan holds no decision."""
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    workspace = Workspace.open(folder)
    pack = programme.load("ne-poverty-2563")
    made = plans.make(pack, gather(workspace, ["46"]), ["46"], decided_on=today())
    os.utime(plans.save(made, folder / plans.FOLDER))
    return made


def page_on(plan: Plan, code: str) -> AppTest:
    page = targeting_page()
    page.query_params["plan"] = plan.id
    page.query_params["village"] = code
    return page.run()


def shown_plan(page: AppTest, folder: Path) -> Plan:
    return plans.load(folder / plans.FOLDER / page.session_state["plan_id"])


def decide(page: AppTest, step: str, reason: str, decided_by: str) -> AppTest:
    page.button(key=f"decide_{step}").click().run()
    page.text_area(key="decision_reason").set_value(reason)
    page.text_input(key="decision_decided_by").set_value(decided_by)
    return page.button(key="FormSubmitter:decision-บันทึกการตัดสิน").click().run()


def test_leaving_a_village_out_shows_its_price_first_and_keeps_the_reason(
    folder: Path, planned: Plan
) -> None:
    village = planned.units[planned.units["status"] == "chosen"].iloc[0]
    code, price = village["village_code"], int(village["points"])
    page = page_on(planned, code)
    page.button(key="decide_out").click().run()
    assert not page.exception
    assert f"ลดลง {price:,} คะแนน" in words_of(page)
    assert village["replaces"].split()[0] in words_of(page)
    assert shown_plan(page, folder).id == planned.id
    page = decide(page_on(planned, code), "out", "ประชาคมมีมติขอถอนตัว", "ศจพ.อ.เมืองกาฬสินธุ์")
    assert not page.exception
    made = shown_plan(page, folder)
    assert code not in made.result("46").chosen
    assert made.result("46").need == planned.result("46").need - price
    said = words_of(page)
    assert "การตัดสินที่ต่างจากที่ระบบเสนอ (1)" in said
    # The proof holds under the decision, not under the rules alone.
    assert "โดยยึดการตัดสิน 1 เรื่อง" in said
    assert "ประชาคมมีมติขอถอนตัว" in said
    assert "ศจพ.อ.เมืองกาฬสินธุ์" in said


def test_a_decision_without_a_reason_or_a_name_is_not_kept(folder: Path, planned: Plan) -> None:
    code = planned.result("46").reserve[0]
    for reason, decided_by in (("", "ศจพ.จ."), ("ประชาคมพร้อม", " ")):
        page = decide(page_on(planned, code), "in", reason, decided_by)
        assert "กรอกเหตุผลและผู้ตัดสินก่อนบันทึก" in words_of(page)
        assert shown_plan(page, folder).id == planned.id


def test_undoing_the_only_decision_gives_the_plan_back_to_the_letter(
    folder: Path, planned: Plan
) -> None:
    code = planned.result("46").reserve[0]
    page = decide(page_on(planned, code), "in", "ประชาคมพร้อม", "ศจพ.จ.กาฬสินธุ์")
    made = shown_plan(page, folder)
    assert code in made.result("46").chosen
    page = page_on(made, code)
    page.button(key="decide_undo").click().run()
    assert "เพิ่มขึ้น" in words_of(page)
    page.button(key="decision_confirm").click().run()
    assert not page.exception
    assert shown_plan(page, folder).id == planned.id


def test_a_village_that_a_rule_forbids_cannot_be_put_in(planned: Plan) -> None:
    excluded = planned.units[planned.units["status"] == "excluded"].iloc[0]["village_code"]
    page = page_on(planned, excluded)
    assert not [button for button in page.button if str(button.key).startswith("decide_")]
    assert "กติกาไม่เปิดให้เลือกหมู่บ้านนี้" in words_of(page)


def test_choosing_again_keeps_what_was_decided(folder: Path, planned: Plan) -> None:
    code = planned.result("46").reserve[0]
    page = decide(page_on(planned, code), "in", "ประชาคมพร้อม", "ศจพ.จ.กาฬสินธุ์")
    page.radio(key="reading_cap_th").set_value("average").run()
    page.button(key="targeting_run").click().run()
    made = shown_plan(page, folder)
    assert made.readings["cap"] == "average"
    assert [one.village_code for one in made.overrides] == [code]


# -- the address -----------------------------------------------------------------------------------


def in_address(page: AppTest, name: str) -> str:
    """Return a parameter; one that the page wrote is a text, one that it was given a list."""
    value = page.query_params[name]
    return value if isinstance(value, str) else value[0]


def test_an_address_shows_a_colleague_the_same_plan_and_village(planned: Plan) -> None:
    village = planned.units[planned.units["status"] == "reserve"].iloc[0]
    page = targeting_page()
    wanted = {"lang": "en", "province": "46", "plan": planned.id}
    for name, value in (wanted | {"village": village["village_code"]}).items():
        page.query_params[name] = value
    page.run()
    assert village["reason_en"] in words_of(page)
    assert in_address(page, "plan") == planned.id
    assert in_address(page, "programme") == planned.programme_id


def test_an_address_with_a_plan_that_is_not_here_says_so(planned: Plan) -> None:
    page = targeting_page()
    page.query_params["plan"] = "ne-poverty-2563-46-00000000"
    page.query_params["village"] = "no village"
    page.run()
    assert not page.exception
    assert "ไม่มีแผน ne-poverty-2563-46-00000000" in words_of(page)
    assert in_address(page, "plan") == planned.id
    assert "village" not in page.query_params


def test_the_overview_goes_down_to_villages_and_says_that_their_areas_are_approximate(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    page = overview_page()
    page.session_state["kept_overview_level"] = "village"
    page.session_state["kept_province"] = "83"
    page.run()
    assert not page.exception
    assert "ไม่ใช่เขตหมู่บ้านจริง" in words_of(page)
    listed = Workspace.open(folder).table("villages")["village_code"].str.startswith("83").sum()
    assert len(page.dataframe[0].value) >= listed
