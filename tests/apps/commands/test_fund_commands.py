"""``phaenthi fund`` and ``phaenthi group``: what officers of funds and groups see."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from phaenthi.apps.cli import main
from phaenthi.layers.workspace.folder import Workspace
from tests.demo_copies import copy_demo

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_demo(tmp_path_factory.mktemp("funds"), ("31", "42")).folder


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PHAENTHI_LANGUAGE", raising=False)
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))


def test_the_summary_of_loei_is_its_official_table_and_says_so(capsys: Captured) -> None:
    assert main(["fund", "summary", "--province", "เลย"]) == 0
    shown = capsys.readouterr().out
    (whole,) = [line.split() for line in shown.splitlines() if line.startswith("รวม")]
    assert whole[1:] == [
        "508",
        "100",
        "127",
        "281",
        "456",
        "4",
        "63",
        "389",
        "436",
        "78",
        "349",
        "9",
    ]
    assert "loei_fund_levels_2567_by_amphoe.csv" in shown
    assert "3 = ดี" in shown
    assert "ทะเบียนกองทุนชุมชน: ข้อมูลจำลอง" in shown


def test_a_province_without_a_table_is_counted_from_its_funds(capsys: Captured) -> None:
    assert main(["fund", "summary", "--province", "31", "--language", "en"]) == 0
    shown = capsys.readouterr().out
    assert "made-up data" in shown
    assert "register of community funds" in shown


def test_gaps_tell_who_has_no_fund_and_write_the_list(tmp_path: Path, capsys: Captured) -> None:
    asked = ["fund", "gaps", "--province", "42", "--kind", "ออมทรัพย์", "--to", "gaps.csv"]
    assert main(asked) == 0
    shown = capsys.readouterr().out
    listed = pd.read_csv(tmp_path / "gaps.csv", dtype="string")
    assert set(listed["fund_type"]) == {"savings"}
    assert f"{len(listed):,}" in shown
    assert main(["fund", "gaps", "--province", "42", "--kind", "กองทุนลับ"]) == 2
    assert "กองทุนลับ" in capsys.readouterr().err


def test_remedies_name_the_activity_of_each_principle(tmp_path: Path, capsys: Captured) -> None:
    assert main(["fund", "remedies", "--province", "42", "--language", "en", "--to", "r.csv"]) == 0
    shown = capsys.readouterr().out
    assert "rule of law" in shown
    assert "Review the rules" in shown
    assert {"principle", "remedy"} <= set(pd.read_csv(tmp_path / "r.csv").columns)


def test_a_province_without_funds_is_told(capsys: Captured) -> None:
    for command in (["fund", "summary"], ["fund", "gaps"], ["fund", "remedies"]):
        assert main([*command, "--province", "46"]) == 2
        assert "กาฬสินธุ์" in capsys.readouterr().err
    assert main(["group", "register", "--province", "46"]) == 2


def test_28_groups_are_chosen_registered_and_verified(
    tmp_path: Path, capsys: Captured, folder: Path
) -> None:
    pack = "occupational-groups-2561-buriram"
    assert main(["choose", pack, "--province", "31"]) == 0
    shown, beside = capsys.readouterr()
    assert "28 / 28" in shown
    assert "ทะเบียนกลุ่มอาชีพ" in beside
    (plan,) = [one.name for one in (folder / "plans").iterdir() if one.name.startswith(pack)]
    assert main(["verify", plan]) == 0
    assert main(["replay", plan]) == 0
    assert main(["group", "register", "--plan", plan, "--to", "groups.csv"]) == 0
    table = pd.read_csv(tmp_path / "groups.csv", dtype="string")
    assert len(table) == 28
    assert table["amphoe_code"].nunique() == 23
    assert table["address"].str.contains("อำเภอ").all()


def test_readiness_counts_5k_grades_and_the_checklist(capsys: Captured) -> None:
    assert main(["group", "readiness", "--province", "31"]) == 0
    shown = capsys.readouterr().out
    assert "ครบ 5ก" in shown
    assert "ระบบกำหนดเอง" in shown


def test_what_the_demo_makes_up_about_groups_is_said_to_be_made_up(folder: Path) -> None:
    workspace = Workspace.open(folder)
    for layer in ("funds", "groups"):
        provenance = workspace.provenance(layer)
        assert provenance is not None
        assert provenance.made_up
        assert "จำลอง" in provenance.source
    groups = workspace.table("groups")
    families = set(groups["product_family"].dropna())
    assert {"rice", "organic_rice", "riceberry", "compost", "silk_weaving", "basketry"} <= families


def test_amphoe_that_the_table_says_nothing_of_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    folder = str(Workspace.create(tmp_path / "office").folder)
    monkeypatch.setenv("PHAENTHI_WORKSPACE", folder)
    rows = "รหัสอำเภอ,ประเภทกองทุน,ระดับ,จำนวนกองทุน,ปี\n4201,กลุ่มออมทรัพย์เพื่อการผลิต,3,5,2567\n"
    (tmp_path / "ระดับ.csv").write_text(rows, encoding="utf-8")
    assert main(["workspace", "import", "fund_levels", "ระดับ.csv"]) == 0
    capsys.readouterr()
    assert main(["fund", "summary", "--province", "42"]) == 0
    said = capsys.readouterr().out.replace("\n", " ")
    assert "13 อำเภอ" in said
    assert "ผาขาว" in said
