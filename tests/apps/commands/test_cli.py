"""The command line: the walk from nothing to a verified plan, and what it says when it cannot."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from click import Context

from phaenthi.apps.cli import main, phaenthi
from phaenthi.apps.commands import demo as demo_command
from phaenthi.apps.commands.exit_codes import ExitCode
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import say
from tests.apps.demo_plan import demo_workspace

PACK = "ne-poverty-2563"
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PHAENTHI_LANGUAGE", raising=False)
    monkeypatch.delenv("PHAENTHI_WORKSPACE", raising=False)


def plan_in(text: str) -> str:
    found = re.search(rf"{PACK}-[0-9x]+-[0-9a-f]{{8}}", text)
    assert found, text
    return found.group()


# -- the walk --------------------------------------------------------------------------------------


def test_the_walk_from_nothing_to_a_verified_plan(capsys):
    assert main(["demo", "--province", "เลย"]) == 0
    shown, beside = capsys.readouterr()
    plan = plan_in(shown)
    assert "ข้อมูลจำลอง" in beside
    assert "11 / 11" in shown
    written = sorted(path.name for path in Path("outputs", plan).iterdir())
    assert written == ["fields.csv", "map.html", "register.xlsx", "villages.gpkg", "villages.zip"]

    assert main(["choose", PACK, "--province", "42", "--reading", "cap=average"]) == 0
    shown, beside = capsys.readouterr()
    read_otherwise = plan_in(shown)
    assert read_otherwise != plan

    village = re.search(r"phaenthi explain \S+ (\d{8})", beside)
    assert village
    assert main(["explain", read_otherwise, village.group(1)]) == 0
    told = capsys.readouterr().out
    assert "ได้รับเลือก" in told
    assert "G63" in told

    assert main(["export", read_otherwise, "--to", "handed over"]) == 0
    assert "handed over/villages.zip" in capsys.readouterr().out
    with zipfile.ZipFile("handed over/villages.zip") as archive:
        assert archive.testzip() is None

    assert main(["verify", read_otherwise]) == 0
    assert "ผ่านการตรวจสอบ" in capsys.readouterr().out


def test_a_demo_that_is_there_is_not_built_again(capsys):
    assert main(["demo", "--province", "42"]) == 0
    before = Path("workspaces/demo/workspace.json").read_bytes()
    assert main(["demo", "--province", "42"]) == 0
    assert Path("workspaces/demo/workspace.json").read_bytes() == before
    assert plan_in(capsys.readouterr().out)


def test_a_demo_of_an_older_program_is_moved_aside_and_built_anew(monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.setattr(demo_command, "_made_of", lambda: "an older program")
        assert main(["demo", "--province", "42"]) == 0
    assert main(["demo", "--province", "42"]) == 0
    aside = [path for path in Path("workspaces").iterdir() if path.name != "demo"]
    assert len(aside) == 1
    assert (aside[0] / "plans").is_dir()


def test_the_demo_does_not_touch_a_workspace_that_it_did_not_make(capsys):
    assert main(["workspace", "create", "workspaces/demo"]) == 0
    before = Path("workspaces/demo/workspace.json").read_bytes()
    assert main(["demo"]) == 2
    assert "workspaces/demo" in capsys.readouterr().err
    assert Path("workspaces/demo/workspace.json").read_bytes() == before


# -- a workspace of one's own ----------------------------------------------------------------------


def write(name: str, text: str) -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


@pytest.fixture
def office(capsys) -> Path:
    """Return a workspace that holds the villages of one tambon."""
    villages = write(
        "villages.csv", "รหัสหมู่บ้าน,ชื่อหมู่บ้าน\n46010201,บ้านเหนือ\n46010202,บ้านกลาง\n46010203,บ้านใต้\n"
    )
    assert main(["workspace", "create", "office"]) == 0
    assert main(["workspace", "import", "villages", villages, "--workspace", "office"]) == 0
    capsys.readouterr()
    return Path("office")


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(".lock")
    }


def test_an_import_tells_what_was_kept_and_what_was_set_aside(office, capsys):
    history = write(
        "history.csv",
        "รหัสหมู่บ้าน,โครงการ,ปีงบประมาณ\n46010201,สัมมาชีพชุมชน,2562\n46010299,สัมมาชีพชุมชน,2562\n",
    )
    assert main(["workspace", "import", "history", history, "--workspace", str(office)]) == 0
    shown = capsys.readouterr().out
    assert "อ่าน 2 แถว ใช้ 1 แถว แยกไว้ 1 แถว" in shown
    assert "ไม่มีหมู่บ้านนี้ในทะเบียนหมู่บ้าน" in shown


def test_the_status_lists_layers_with_their_files(office, capsys):
    assert main(["workspace", "status", "--workspace", str(office)]) == 0
    shown = capsys.readouterr().out
    assert "ทะเบียนหมู่บ้าน" in shown
    assert "villages.csv" in shown


def test_an_import_can_be_taken_back(office, capsys):
    assert main(["workspace", "undo", "--workspace", str(office)]) == 0
    assert "ทะเบียนหมู่บ้าน" in capsys.readouterr().out
    assert not Workspace.open(office).has("villages")


def boundaries_without_codes() -> str:
    square = shapely.box(103.4, 16.4, 103.5, 16.5)
    gpd.GeoDataFrame({"ชื่อ": ["เหนือ"]}, geometry=[square], crs="EPSG:4326").to_file("named.geojson")
    return "named.geojson"


def truncated_zip() -> str:
    square = shapely.box(103.4, 16.4, 103.5, 16.5)
    gpd.GeoDataFrame({"TAM_CODE": ["460102"]}, geometry=[square], crs="EPSG:4326").to_file("t.shp")
    with zipfile.ZipFile("whole.zip", "w") as archive:
        for part in Path().glob("t.*"):
            archive.write(part)
    whole = Path("whole.zip").read_bytes()
    Path("tambon.zip").write_bytes(whole[: len(whole) // 2])
    return "tambon.zip"


def seven_digits() -> str:
    return write("seven.csv", "รหัสหมู่บ้าน,ชื่อหมู่บ้าน\n46010201,บ้านเหนือ\n4601020,บ้านกลาง\n")


def twice_the_same_village() -> str:
    return write(
        "twice.csv", "รหัสหมู่บ้าน,ชื่อหมู่บ้าน\n46010201,บ้านเหนือ\n46010202,บ้านกลาง\n46010201,บ้านใต้\n"
    )


def negative_income() -> str:
    head = "รหัสครัวเรือน,รหัสหมู่บ้าน,ปีที่สำรวจ,รายได้เฉลี่ยต่อคนต่อปี\n"
    return write("income.csv", f"{head}a,46010201,2562,35000\nb,46010201,2562,-1\n")


BAD_FILES = {
    "boundaries without codes": ("boundaries_tambon", boundaries_without_codes, ["named.geojson"]),
    "a truncated zip": ("boundaries_tambon", truncated_zip, ["tambon.zip"]),
    "a code of seven digits": ("villages", seven_digits, ["seven.csv", "แถวที่ 3", "4601020"]),
    "a village twice": ("villages", twice_the_same_village, ["twice.csv", "แถวที่ 4", "46010201"]),
    "a negative income": ("households", negative_income, ["income.csv", "แถวที่ 3", "รายได้"]),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_file_that_cannot_be_trusted_is_refused_by_name_and_changes_nothing(case, office, capsys):
    layer, make, named = BAD_FILES[case]
    file = make()
    before = contents(office)
    assert main(["workspace", "import", layer, file, "--workspace", str(office)]) == 2
    told = capsys.readouterr().err
    assert "Traceback" not in told
    for part in named:
        assert part in told
    assert contents(office) == before


def test_an_interrupted_import_leaves_the_workspace_as_it_was(office, capsys, monkeypatch):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = Workspace.open(office).digest(["villages"])
    manifest = (office / "workspace.json").read_bytes()
    monkeypatch.setattr("phaenthi.layers.workspace.folder.write_manifest", stop)
    file = write("more.csv", "รหัสหมู่บ้าน,ชื่อหมู่บ้าน\n46010301,บ้านอื่น\n")
    assert main(["workspace", "import", "villages", file, "--workspace", str(office)]) == 130
    assert capsys.readouterr().err.strip().endswith(say("cli.interrupted"))
    assert (office / "workspace.json").read_bytes() == manifest
    assert Workspace.open(office).digest(["villages"]) == before


# -- what it says when it cannot -------------------------------------------------------------------


def refused(capsys: Captured, *arguments: str, code: ExitCode = ExitCode.TO_MEND) -> str:
    """Run a command that must be refused and return what it said."""
    assert main(list(arguments)) == code
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    assert told.err.strip()
    return told.err


def test_an_unknown_province_is_answered_with_the_nearest_names(office, capsys):
    told = refused(capsys, "choose", PACK, "--province", "กาฬสิน", "--workspace", str(office))
    assert "กาฬสิน”" in told
    assert "กาฬสินธุ์ (46)" in told


def test_a_province_outside_the_programme_is_refused(office, capsys):
    told = refused(capsys, "choose", PACK, "--province", "ภูเก็ต", "--workspace", str(office))
    assert PACK in told


def test_a_province_without_villages_is_refused(office, capsys):
    told = refused(capsys, "choose", PACK, "--province", "เลย", "--workspace", str(office))
    assert "เลย" in told
    assert "phaenthi workspace import villages" in told


def test_a_missing_workspace_is_named(capsys):
    assert "nowhere" in refused(capsys, "workspace", "status", "--workspace", "nowhere")


def test_a_missing_file_is_named(office, capsys):
    arguments = ("workspace", "import", "villages", "gone.csv", "--workspace", str(office))
    assert "gone.csv" in refused(capsys, *arguments)


def test_an_unknown_layer_is_answered_with_those_that_there_are(office, capsys):
    told = refused(capsys, "workspace", "import", "rivers", "x.csv", "--workspace", str(office))
    assert "households" in told


def test_an_unknown_pack_is_answered_with_those_that_there_are(office, capsys):
    told = refused(capsys, "choose", "p99", "--province", "46", "--workspace", str(office))
    assert PACK in told


def test_an_unknown_reading_is_answered_with_those_that_there_are(capsys):
    folder = str(demo_workspace().folder)
    arguments = ["choose", PACK, "--province", "42", "--workspace", folder, "--reading"]
    assert "each" in refused(capsys, *arguments, "cap=sometimes")
    assert "--reading" in refused(capsys, *arguments, "cap")


def test_a_decision_without_a_reason_is_refused(capsys):
    folder = str(demo_workspace().folder)
    village = Workspace.open(folder).table("villages")["village_code"].iloc[0]
    told = refused(
        capsys, "choose", PACK, "--province", "42", "--workspace", folder, "--leave", village
    )
    assert village in told


def test_an_unknown_plan_is_named(office, capsys):
    assert "no-such-plan" in refused(capsys, "verify", "no-such-plan", "--workspace", str(office))


def test_a_village_outside_the_plan_is_refused(capsys):
    folder = str(demo_workspace().folder)
    assert main(["choose", PACK, "--province", "42", "--workspace", folder]) == 0
    plan = plan_in(capsys.readouterr().out)
    assert "46010201" in refused(capsys, "explain", plan, "46010201", "--workspace", folder)
    assert "4201" in refused(capsys, "explain", plan, "4201", "--workspace", folder)


def test_a_plan_whose_file_was_changed_does_not_verify(capsys):
    folder = demo_workspace().folder
    assert main(["choose", PACK, "--province", "42", "--workspace", str(folder)]) == 0
    plan = plan_in(capsys.readouterr().out)
    units = folder / "plans" / plan / "units.csv"
    whole = units.read_bytes()
    try:
        units.write_bytes(whole.replace(b'"chosen"', b'"reserve"', 1))
        verify = ("verify", plan, "--workspace", str(folder))
        assert plan in refused(capsys, *verify, code=ExitCode.FALLS)
    finally:
        units.write_bytes(whole)


def test_a_plan_on_other_inputs_does_not_verify(capsys):
    # A workspace of its own, because one village is taken out of it.
    assert main(["demo", "--province", "42", "--workspace", "changed", "--to", "papers"]) == 0
    plan = plan_in(capsys.readouterr().out)
    workspace = Workspace.open("changed")
    provenance = workspace.provenance("villages")
    assert provenance is not None
    workspace.put("villages", workspace.table("villages").iloc[1:], provenance)
    told = refused(capsys, "verify", plan, "--workspace", "changed", code=ExitCode.FALLS)
    assert say("layers.names.villages") in told


# -- how it speaks ---------------------------------------------------------------------------------


def test_it_speaks_thai_unless_asked_otherwise(capsys, monkeypatch):
    assert main(["--help"]) == 0
    assert "วิธีใช้" in capsys.readouterr().out
    assert main(["--language", "en", "--help"]) == 0
    assert "Usage:" in capsys.readouterr().out
    monkeypatch.setenv("PHAENTHI_LANGUAGE", "en")
    assert main(["workspace", "--help"]) == 0
    assert "Commands" in capsys.readouterr().out


def test_the_language_may_stand_behind_the_command(capsys):
    told = refused(capsys, "workspace", "status", "--workspace", "nowhere", "--language", "en")
    assert not re.search("[ก-๙]", told)


@pytest.mark.parametrize(
    "arguments", [["nothing"], ["choose"], ["choose", "--no-such"], ["app", "--port", "x"]]
)
def test_a_mistyped_command_is_answered_in_thai(arguments, capsys):
    told = refused(capsys, *arguments)
    assert "--help" in told
    assert re.search("[ก-๙]", told)


def test_without_a_command_it_shows_what_there_is(capsys):
    assert main([]) == 0
    assert "choose" in capsys.readouterr().out


def every_command(group: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    context = Context(phaenthi)
    found = []
    for name in group.list_commands(context):  # type: ignore[attr-defined]
        found.append((*path, name))
        command = group.get_command(context, name)  # type: ignore[attr-defined]
        if hasattr(command, "list_commands"):
            found += every_command(command, (*path, name))
    return found


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("path", every_command(phaenthi))
def test_every_command_explains_itself(path, language, capsys):
    assert main([*path, "--language", language, "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(say("cli.help_page.usage", language))
    assert say("cli.options.debug", language) in shown


def test_an_error_that_nobody_foresaw_shows_its_traceback_only_to_developers(
    office, capsys, monkeypatch
):
    def fall_over(*_: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(Workspace, "open", fall_over)
    asked = ["workspace", "status", "--workspace", str(office)]
    assert main(asked) == ExitCode.UNFORESEEN
    assert "Traceback" not in capsys.readouterr().err
    assert main([*asked, "--debug"]) == ExitCode.UNFORESEEN
    assert "a defect" in capsys.readouterr().err


def test_the_list_of_commands_loads_no_table_library():
    asked = (
        "import sys; from phaenthi.apps.cli import main; main(['--help']); "
        "print('pandas' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert run.stdout.strip().endswith("False")


def test_thai_can_be_written_to_a_pipe_of_another_code_page():
    run = subprocess.run(
        [sys.executable, "-m", "phaenthi.apps.cli", "--help"],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert "คำสั่ง" in run.stdout.decode("utf-8")
