"""The pages of the app, without a browser."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from apps import demo
from apps.screens import overview
from targeting import plan as plans

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
    for words in ("G63", "ข้อ 2)", "ต้อง", "ควร", "ระบุในเอกสาร", "ระบบสมมติ", "ข้อมูลจำลอง"):
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
    saved = plans.saved(folder / plans.FOLDER)
    assert len(saved) == 1
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
    page = overview_page().run()
    page.session_state["kept_overview_level"] = "tambon"
    page.selectbox(key="overview_indicator_th").set_value(indicator).run()
    assert not page.exception


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
