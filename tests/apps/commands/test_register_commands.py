"""``phaenthi register``: what files are, which column is which, names matched, boundaries."""

from __future__ import annotations

import json
import re
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import box

from phaenthi.apps.cli import main
from phaenthi.layers.workspace.folder import Workspace
from tests.layers.office import VILLAGE_LIST, open_office, write

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PHAENTHI_LANGUAGE", raising=False)
    monkeypatch.delenv("PHAENTHI_WORKSPACE", raising=False)


def overlapping_tambons(path: Path) -> Path:
    table = gpd.GeoDataFrame(
        {"ADM3_PCODE": ["TH460101", "TH460102"], "ADM3_TH": ["กาฬสินธุ์", "เหนือ"]},
        geometry=[box(103, 16, 103.1, 16.1), box(103.0999, 16, 103.2, 16.1)],
        crs=4326,
    )
    table.to_file(path)
    return path


def test_a_folder_is_told_file_by_file(tmp_path: Path, capsys: Captured) -> None:
    write(tmp_path, "ทะเบียน.csv", VILLAGE_LIST, "cp874")
    overlapping_tambons(tmp_path / "ตำบล.gpkg")
    assert main(["register", "inspect", ".", "--to", "found.csv"]) == 0
    shown = capsys.readouterr().out
    assert "cp874" in shown
    assert "tambon" in shown
    assert "ทะเบียน.csv" in (tmp_path / "found.csv").read_text(encoding="utf-8-sig")


def test_boundaries_that_overlap_are_drawn_and_repaired(tmp_path: Path, capsys: Captured) -> None:
    source = overlapping_tambons(tmp_path / "ตำบล.gpkg")
    asked = ["register", "boundaries", source.name, "--picture", "p.html", "--repaired", "r.gpkg"]
    assert main(asked) == 0
    assert "ทับซ้อนกัน 1 แห่ง" in capsys.readouterr().out
    page = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert json.dumps("ทับกัน 460101")[1:-1] in page
    assert not re.findall(r"<(?:script|link|img)[^>]+https?:", page)
    mended = gpd.read_file(tmp_path / "r.gpkg", layer="boundaries").geometry
    assert not mended.iloc[0].overlaps(mended.iloc[1])


def test_columns_are_proposed_and_remembered(tmp_path: Path, capsys: Captured) -> None:
    write(tmp_path, "v.csv", VILLAGE_LIST)
    assert main(["register", "columns", "villages", "v.csv", "--save", "v.yaml"]) == 0
    assert "village_code" in capsys.readouterr().out
    assert "รหัสหมู่บ้าน" in (tmp_path / "v.yaml").read_text(encoding="utf-8")


def test_a_history_with_names_instead_of_codes_is_matched(tmp_path: Path, capsys: Captured) -> None:
    workspace = open_office(tmp_path)
    names = "จังหวัด,อำเภอ,ตำบล,ชื่อหมู่บ้าน,โครงการ,ปีงบประมาณ\n"
    rows = "กาฬสินธุ์,เมืองกาฬสินธุ์,เหนือ,บ้านหนองไผ่,สัมมาชีพชุมชน,2562\n"
    write(tmp_path, "h.csv", names + rows)
    asked = ["register", "import", "history", "h.csv", "--workspace", str(workspace.folder)]
    assert main(asked) == 0
    assert capsys.readouterr().out
    held = Workspace.open(workspace.folder).table("history")
    assert held["village_code"].tolist() == ["46010201"]


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_folder_that_is_not_there_ends_with_a_sentence(capsys: Captured, language: str) -> None:
    assert main(["--language", language, "register", "inspect", "nowhere"]) == 2
    told = capsys.readouterr().err
    assert told
    assert "Traceback" not in told


def test_records_are_held_against_the_area_of_their_code(tmp_path: Path, capsys: Captured) -> None:
    overlapping_tambons(tmp_path / "ตำบล.gpkg")
    write(tmp_path, "o.csv", "รหัส,x,y\n460101,103.05,16.05\n460101,103.15,16.05\n460102,99,10\n")
    asked = ["register", "placement", "o.csv", "--boundaries", "ตำบล.gpkg", "--code", "รหัส"]
    assert main([*asked, "--longitude", "x", "--latitude", "y", "--to", "r.csv"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 5
    written = (tmp_path / "r.csv").read_text(encoding="utf-8-sig")
    assert [line.split(",")[2] for line in written.splitlines()[1:]] == [
        "inside", "other_area", "outside",
    ]  # fmt: skip
    assert main([*asked, "--longitude", "lon", "--latitude", "y"]) == 2
    assert "lon" in capsys.readouterr().err


def test_a_household_file_is_counted_by_area_and_what_is_not_counted_is_told(
    tmp_path: Path, capsys: Captured
) -> None:
    rows = "รหัสหมู่บ้าน,ปี,จำนวนสมาชิก\n46010201,2562,4\n46010301,2562,x\n4601,2562,1\n,,\n"
    write(tmp_path, "h.csv", rows)
    assert main(["register", "totals", "h.csv", "--to", "tables", "--language", "en"]) == 0
    shown = capsys.readouterr().out
    assert "1 rows not counted: the village code cannot be read" in shown
    assert "1 rows counted with a number unknown" in shown
    tambons = (tmp_path / "tables" / "tambon.csv").read_text(encoding="utf-8-sig")
    assert tambons.splitlines()[1].startswith("460102,1,1,4,1,")
    assert (tmp_path / "tables" / "province.csv").exists()


def test_an_old_code_is_followed_to_the_one_of_today(capsys: Captured) -> None:
    assert main(["register", "successor", "430301", "--language", "en"]) == 0
    shown = capsys.readouterr().out
    assert "380101" in shown
    assert "23 March 2554" in shown
    assert "Royal Gazette" in shown
    assert main(["register", "successor", "46", "--language", "en"]) == 0
    assert "in use today" in capsys.readouterr().out


@pytest.mark.parametrize("code", ["99", "4603x", "46031"])
def test_a_code_that_no_list_holds_is_refused(code: str, capsys: Captured) -> None:
    assert main(["register", "successor", code]) == 2
    assert code in capsys.readouterr().err
