"""The targeting page under every pack: villages, tambons, funds, groups, plots, households, …."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from phaenthi.apps.demo import units as made_up_units
from phaenthi.apps.intake import unit_tables
from phaenthi.layers.people.disclosure import hide_small_counts
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.programme import programme
from phaenthi.wording import Problem
from tests.apps.planner_page import (
    at_step,
    decide,
    in_address,
    keys_of,
    open_page,
    shown_plan,
    words_of,
)
from tests.demo_copies import copy_demo

PROVINCES = ("46", "31", "83")
WHEN = datetime(2026, 11, 21, tzinfo=UTC)
PACKS = [entry.id for entry in programme.packs()]
CLASHING = "sammachip-2565-kalasin"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("packs") / "demo"
    return copy_demo(folder, provinces=PROVINCES)


@pytest.fixture(autouse=True)
def opened(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(workspace.folder))


def loaded(workspace: Workspace, pack: str) -> programme.Programme:
    return programme.load(pack, (workspace.folder / DocumentKind.PACKS,))


def province_of(workspace: Workspace, pack: str) -> str:
    return next(code for code in PROVINCES if code in loaded(workspace, pack).provinces())


def give_tables(workspace: Workspace, pack: str) -> None:
    """Press the buttons that make up what the pack asks for and no layer holds."""
    page = open_page(programme=pack, province=province_of(workspace, pack), step="data")
    while asked := sorted(key for key in keys_of(page) if key.startswith("made_up_allotment")):
        rules = unit_tables.allotments_asked(loaded(workspace, pack))
        if all(wanted.table in loaded(workspace, pack).tables for _, wanted in rules.values()):
            break
        page.button(key=asked[0]).click().run()
        assert not page.exception
    if "made_up_units" in keys_of(page):
        page.button(key="made_up_units").click().run()
        assert not page.exception


@pytest.mark.parametrize("pack", PACKS)
def test_every_pack_walks_from_its_data_to_a_plan_or_to_why_there_is_none(
    workspace: Workspace, pack: str
) -> None:
    give_tables(workspace, pack)
    page = open_page(programme=pack, province=province_of(workspace, pack), step="choose")
    assert not page.error
    page.button(key="targeting_run").click().run()
    assert not page.exception
    assert not page.error
    plan = shown_plan(page, workspace.folder)
    assert plan.programme_id == pack
    if plan.results[0].shortage is not None:
        assert "ไม่มีแผนใดครบทุกข้อ" in words_of(page)
        return
    assert at_step(page) == "review"
    if plan.units.empty or loaded(workspace, pack).unit == "household":
        return
    code = plan.units.iloc[0]["unit_code"]
    page = open_page(plan=plan.id, programme=pack, province=plan.provinces[0], village=code)
    assert not page.error
    assert plan.units.iloc[0]["reason_th"] in words_of(page)
    for view in ("amphoe", "reserve", "log", "alternatives", "compare"):
        page = open_page(programme=pack, province=plan.provinces[0], plan=plan.id, view=view)
        assert not page.exception
        assert not page.error


def test_a_table_that_is_missing_closes_the_choice_and_says_what_to_do(
    workspace: Workspace,
) -> None:
    pack = "occupational-groups-2561-buriram"
    given = unit_tables.file_of(loaded(workspace, pack), workspace)
    given.unlink(missing_ok=True)
    page = open_page(programme=pack, province="31", step="choose")
    assert page.button(key="targeting_run").disabled
    assert "ขาดตารางที่กติกาถาม" in words_of(page)
    page = open_page(programme=pack, province="31", step="data")
    assert "ยังไม่มีชั้นข้อมูลกลุ่ม" in words_of(page)
    assert "จำนวนสมาชิก" in " ".join(page.dataframe[0].value["words"]) or page.dataframe


def test_a_clash_is_told_in_words_with_the_smallest_ways_out(workspace: Workspace) -> None:
    give_tables(workspace, CLASHING)
    page = open_page(programme=CLASHING, province="46", step="choose")
    page.button(key="targeting_run").click().run()
    said = words_of(page)
    assert "ข้อที่ขัดกัน ชุดที่ 1" in said
    assert "ทางที่ 1" in said
    assert "ยังชี้ขาดไม่ได้" in said
    # Told by number and words, never by the short name that the pack gives a rule.
    assert not re.search(r"no-(sammachip|occupation)", said)
    page.button(key="clash_to_rules").click().run()
    assert at_step(page) == "rules"
    for rule in ("no-occupation-security", "no-sufficiency-village"):
        page.radio(key=f"reading_{rule}_th").set_value("as-imported").run()
    page.button(key="step_choose").click().run()
    page.button(key="targeting_run").click().run()
    assert at_step(page) == "review"
    assert shown_plan(page, workspace.folder).results[0].shortage is None


def test_a_fund_is_put_in_for_a_reason_like_a_village(workspace: Workspace) -> None:
    pack = "community-funds-2563-savings"
    give_tables(workspace, pack)
    page = open_page(programme=pack, province="46", step="choose")
    page.button(key="targeting_run").click().run()
    plan = shown_plan(page, workspace.folder)
    fund = plan.units[plan.units["status"] == "eligible"].iloc[0]["unit_code"]
    page = open_page(programme=pack, province="46", plan=plan.id, village=fund)
    decide(page, "in", "ที่ประชุมมีมติ", "สพอ.นามน")
    made = shown_plan(page, workspace.folder)
    assert fund in made.result("46").chosen
    assert (workspace.folder / "plans" / made.id / "given-units.csv").is_file()


def test_of_households_only_totals_are_shown(workspace: Workspace) -> None:
    pack = "village-record-check"
    give_tables(workspace, pack)
    page = open_page(programme=pack, province="46", step="choose")
    page.button(key="targeting_run").click().run()
    assert at_step(page) == "review"
    plan = shown_plan(page, workspace.folder)
    said = words_of(page) + " ".join(str(table.value.to_dict()) for table in page.dataframe)
    assert not any(code in said for code in plan.units["unit_code"])
    table = page.dataframe[0].value
    for column in ("units", "met", "unknown", "not_met"):
        assert not table[column].dropna().between(1, 4).any()


def test_a_pack_that_ranks_by_no_points_says_so_and_shows_none(workspace: Workspace) -> None:
    pack = "markets-2563"
    give_tables(workspace, pack)
    page = open_page(programme=pack, province="46", step="choose")
    page.button(key="targeting_run").click().run()
    assert "ไม่มีคะแนนจัดอันดับ" in words_of(page)
    assert "need" not in page.dataframe[0].value
    assert in_address(page, "step") == "review"


# -- the tables ------------------------------------------------------------------------------------


def test_a_template_read_back_empty_asks_for_codes_and_nothing_else(
    workspace: Workspace, tmp_path: Path
) -> None:
    for entry in programme.packs():
        pack = programme.load(entry.id)
        if not pack.needs_unit_table:
            continue
        for language in ("th", "en"):
            path = tmp_path / f"{entry.id}-{language}.csv"
            path.write_bytes(unit_tables.template(pack, language))
            origin = unit_tables.take_in(pack, workspace, path, WHEN)
            assert origin.rows == 0
        unit_tables.file_of(pack, workspace).unlink()


def test_an_unreadable_table_changes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    pack = programme.load("community-funds-2563-savings")
    made = made_up_units.make_units(pack, villages_of(workspace), 2563)
    unit_tables.take_made_up(pack, workspace, made, WHEN)
    before = unit_tables.file_of(pack, workspace).read_bytes()
    path = tmp_path / "funds.csv"
    path.write_text("unit_code,village_code,level\nF1,46010201,สี่\n", encoding="utf-8")
    with pytest.raises(Problem) as told:
        unit_tables.take_in(pack, workspace, path, WHEN)
    assert (told.value.file, told.value.row) == ("funds.csv", 2)
    assert unit_tables.file_of(pack, workspace).read_bytes() == before
    origin = unit_tables.origin_of(pack, workspace)
    assert origin is not None
    assert origin.made_up


def test_numbers_of_the_department_that_do_not_add_up_are_refused_and_not_kept(
    workspace: Workspace, tmp_path: Path
) -> None:
    pack = programme.load("otop-nawatwithi-2563")
    [(rule, wanted)] = unit_tables.allotments_asked(pack).values()
    table = made_up_units.make_allotment(rule, pack)
    path = tmp_path / "numbers.csv"
    table.to_csv(path, index=False)
    assert unit_tables.take_allotment(workspace, rule, path) == len(table)
    kept = workspace.folder / DocumentKind.PACKS / wanted.table
    before = kept.read_bytes()
    table[wanted.column] += 1
    table.to_csv(path, index=False)
    with pytest.raises(Problem):
        unit_tables.take_allotment(workspace, rule, path)
    assert kept.read_bytes() == before
    assert [one.name for one in kept.parent.iterdir() if one.is_dir()] == []


def villages_of(workspace: Workspace) -> pd.DataFrame:
    return pd.DataFrame(workspace.table("villages")[["village_code", "name_th"]])


@pytest.mark.parametrize("pack", [entry.id for entry in programme.packs()])
def test_made_up_units_are_readable_lie_in_listed_villages_and_repeat(
    workspace: Workspace, pack: str
) -> None:
    own = programme.load(pack)
    villages = villages_of(workspace)
    once, again = (made_up_units.make_units(own, villages, 2563) for _ in range(2))
    pd.testing.assert_frame_equal(once, again)
    unit_tables.take_made_up(own, workspace, once, WHEN)
    kept = unit_tables.read_kept(own, unit_tables.file_of(own, workspace))
    assert len(kept) == len(once)
    assert kept["village_code"].dropna().isin(villages["village_code"]).all()
    unit_tables.file_of(own, workspace).unlink()


def test_counts_of_people_hide_as_the_rule_of_small_counts_does() -> None:
    from phaenthi.apps.screens.plan_review.people import count_people  # noqa: PLC0415 - drawn by Streamlit

    units = pd.DataFrame(
        {
            "tambon_code": ["460101"] * 9 + ["460102"] * 40,
            "verdict": ["met"] * 6 + ["not_met"] * 3 + ["met"] * 20 + ["not_met"] * 20,
        }
    )
    table = count_people(units).set_index("tambon_code")
    assert pd.isna(table.loc["460101", "not_met"])
    # The other verdict and the total would give the three back together.
    assert pd.isna(table.loc["460101", "met"]) or pd.isna(table.loc["460101", "units"])
    rows = pd.DataFrame({"code": ["460101", "460102"], "count": [9, 40]})
    assert not hide_small_counts(rows)["hidden"].any()
