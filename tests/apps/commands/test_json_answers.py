"""``--json``: one object on standard output, keys as documented, nothing that papers hide."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from phaenthi.apps.cli import main
from phaenthi.apps.commands import verify as verify_command
from phaenthi.apps.commands.exit_codes import ExitCode
from phaenthi.apps.planning.plans import open_plan
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.plan import keeping
from phaenthi.targeting.plan.certificate import Report
from phaenthi.targeting.programme.pack_files import PACK_FOLDER
from phaenthi.targeting.proof.verdict import Proof
from tests.apps.demo_plan import PROVINCE, demo_workspace

ROOT = Path(__file__).resolve().parents[3]
PACK = "ne-poverty-2563"
LANGUAGES = ("th", "en")
Captured = pytest.CaptureFixture[str]
Answer = dict[str, Any]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a demo workspace of its own, in which one plan was made."""
    home = tmp_path_factory.mktemp("json")
    shutil.copytree(demo_workspace().folder, home / "workspaces" / "demo")
    arguments = ["choose", PACK, "--province", PROVINCE, "--workspace", f"{home}/workspaces/demo"]
    assert main(arguments) == 0
    (home / "files").mkdir()
    (home / "files" / "villages.csv").write_text("รหัสหมู่บ้าน,ชื่อหมู่บ้าน\n42010101,เหนือ\n", "utf-8")
    (home / "files" / "notes.gpkg").write_text("no map", "utf-8")
    return home


@pytest.fixture(autouse=True)
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    for variable in ("PHAENTHI_LANGUAGE", "PHAENTHI_WORKSPACE", "PHAENTHI_PACKS"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture(scope="module")
def plan_id(home: Path) -> str:
    (only,) = keeping.saved(home / "workspaces" / "demo" / DocumentKind.PLANS)
    return only


@pytest.fixture
def publication(plan_id: str) -> Publication:
    return Publication.of(*open_plan(plan_id, "workspaces/demo"))


def answered(capsys: Captured, *arguments: str, code: int = 0) -> Answer:
    """Run a command for a script and return its answer; nothing stands beside it."""
    capsys.readouterr()
    assert main([*arguments, "--json"]) == code
    out, err = capsys.readouterr()
    assert err == ""
    answer = json.loads(out)
    assert isinstance(answer, dict)
    return answer


def refused(capsys: Captured, *arguments: str, code: int = 2) -> Answer:
    """Run a command that is refused and return the problem; nothing is answered."""
    capsys.readouterr()
    assert main([*arguments, "--json"]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    problem = json.loads(err)
    assert isinstance(problem, dict)
    return problem


# -- as documented ---------------------------------------------------------------------------------


def documented(section: str, language: str) -> set[str]:
    text = (ROOT / "docs" / language / "scripts.md").read_text("utf-8")
    part = re.search(rf"^### {section}\n(.*?)(?=^### |\Z)", text, flags=re.MULTILINE | re.DOTALL)
    assert part, section
    heads = [line.split("|")[1] for line in part.group(1).splitlines() if line.startswith("| `")]
    return {key for head in heads for key in re.findall(r"`([^`]+)`", head)}


def keys_of(value: object, at: str = "") -> Iterator[str]:
    """Yield the keys of an answer as documents write them; which rules there are is data."""
    if isinstance(value, dict) and at != "readings":
        for key, part in value.items():
            yield from keys_of(part, f"{at}.{key}" if at else key)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for part in value:
            yield from keys_of(part, f"{at}[]")
    else:
        yield at


ASKED = {
    "choose": ("choose", PACK, "--province", PROVINCE),
    "explain": ("explain", "PLAN", "VILLAGE"),
    "verify": ("verify", "PLAN"),
    "workspace status": ("workspace", "status"),
    "pack check": ("pack", "check", PACK),
    "register inspect": ("register", "inspect", "files"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("section", ASKED)
def test_the_keys_are_those_that_are_documented(section, language, capsys, publication):
    units = publication.plan.units["unit_code"]
    named = {"PLAN": publication.plan.id, "VILLAGE": str(units.iloc[0])}
    words = [named.get(word, word) for word in ASKED[section]]
    answer = answered(capsys, *words, "--language", language)
    found, told = set(keys_of(answer)), documented(section, language)
    # A list that is empty tells nothing of its parts.
    empty = {key for key in found if key not in told}
    assert all(any(key.startswith(f"{name}[]") for key in told) for name in empty), empty
    assert {key for key in told - found if key.partition("[]")[0] not in empty} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_has_the_keys_that_are_documented(language, capsys):
    problem = refused(capsys, "verify", "no-such-plan", "--language", language)
    assert set(keys_of(problem)) == documented("problem", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_exit_code_is_documented(language):
    text = (ROOT / "docs" / language / "scripts.md").read_text("utf-8")
    told = [int(code) for code in re.findall(r"^\| (\d+) \|", text, flags=re.MULTILINE)]
    assert told == sorted(ExitCode)


# -- what is told ----------------------------------------------------------------------------------


def test_a_choice_is_told_with_codes_as_text_in_the_order_of_the_plan(capsys, publication):
    answer = answered(capsys, "choose", PACK, "--province", "เลย")
    (province,) = answer["provinces"]
    assert province["province_code"] == PROVINCE
    assert province["chosen"] == len(answer["chosen"]) == 11
    assert [one["place"] for one in answer["chosen"]] == list(range(1, 12))
    assert all(re.fullmatch(r"\d{8}", one["unit_code"]) for one in answer["chosen"])
    assert answer["plan"] == publication.plan.id
    assert answer["made_up"] is True
    assert Path(answer["folder"], "plan.json").is_file()
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", answer["decided_on"])


def test_the_choice_of_units_that_are_no_villages_is_told_without_figures(capsys, tmp_path):
    folder = Path("workspaces/demo/packs")
    folder.mkdir(exist_ok=True)
    table = folder / "community_funds_2563_poverty_allotment.csv"
    table.write_text("amphoe_code,funds\n4201,2\n4202,4398\n", "utf-8")
    rows = [
        {"unit_code": f"F-{n}", "name_th": "กองทุน", "amphoe_code": "4201", "level": "1"}
        for n in range(4)
    ]
    pd.DataFrame(rows).to_csv(tmp_path / "funds.csv", index=False)
    asked = ("--province", PROVINCE, "--units", str(tmp_path / "funds.csv"))
    answer = answered(capsys, "choose", "community-funds-2563-poverty", *asked)
    assert [one["unit_code"][:2] for one in answer["chosen"]] == ["F-", "F-"]
    assert {one["name_th"] for one in answer["chosen"]} == {"กองทุน"}
    assert {one["need"] for one in answer["chosen"]} == {None}
    assert answer["notes"]
    reasons = answered(capsys, "explain", answer["plan"], "F-0")
    assert reasons["reason"] is None
    assert reasons["findings"]
    shutil.rmtree(answer["folder"])


def test_what_clashes_is_told_and_a_province_without_a_choice_is_not_possible(capsys, publication):
    units = publication.plan.units
    met = units[units["verdict"] == "met"]
    amphoe = met["amphoe_code"].value_counts().index[0]
    four = met.loc[met["amphoe_code"] == amphoe, "unit_code"].head(4).tolist()
    taken = [part for code in four for part in ("--take", code)]
    why = ("--reason", "ประชุม", "--decided-by", "คณะกรรมการ")
    answer = answered(capsys, "choose", PACK, "--province", PROVINCE, *taken, *why)
    assert answer["provinces"][0]["possible"] is False
    assert answer["chosen"] == []
    assert answer["notes"]
    shutil.rmtree(answer["folder"])


def test_the_layers_of_a_workspace_are_told_with_their_files(capsys):
    answer = answered(capsys, "workspace", "status")
    layers = {one["layer"]: one for one in answer["layers"]}
    assert layers["villages"]["rows"] == len(demo_workspace().table("villages"))
    assert layers["villages"]["made_up"] is True


def test_a_pack_that_cannot_be_right_is_told_and_ends_with_its_code(capsys, tmp_path):
    text = (PACK_FOLDER / "markets-2563.yaml").read_text("utf-8").replace("[878, 1]", "[877, 1]")
    path = tmp_path / "markets-2563.yaml"
    path.write_text(text, "utf-8")
    answer = answered(capsys, "pack", "check", str(path), code=ExitCode.TO_MEND)
    assert answer["fine"] is False
    assert "wrong" in {one["severity"] for one in answer["checks"]}


def test_the_files_of_a_folder_are_told_with_what_was_refused(capsys):
    answer = answered(capsys, "register", "inspect", "files", "--to", "inspected.csv")
    files = {one["file"]: one for one in answer["files"]}
    assert files["villages.csv"]["outcome"] == "table"
    assert files["villages.csv"]["rows"] == 1
    assert files["notes.gpkg"]["refusal"]
    assert Path("inspected.csv").is_file()


# -- what stays hidden -----------------------------------------------------------------------------


def test_small_counts_are_hidden_as_in_the_papers(capsys, publication):
    told = publication.villages.set_index("village_code")
    counts = publication.plan.units.set_index("unit_code")["target_households"]
    hidden = told.index[told["counts_hidden"]]
    small = counts.index[counts.between(1, 4)]
    assert len(small)
    assert set(small) <= set(hidden)
    for code in [*small[:3], *told.index[~told["counts_hidden"]][:3]]:
        answer = answered(capsys, "explain", publication.plan.id, code)
        row = told.loc[code]
        assert answer["counts_hidden"] == row["counts_hidden"]
        for name in ("need", "target_households", "points"):
            assert answer[name] == (None if pd.isna(row[name]) else row[name])
        assert answer["reason"] == row["reason_th"]


def test_no_sentence_counts_the_households_of_a_village(capsys, publication):
    units = publication.plan.units
    code = str(units.loc[units["target_households"].between(1, 4), "unit_code"].iloc[0])
    answer = answered(capsys, "explain", publication.plan.id, code)
    said = [answer["reason"], *(one["says"] for one in answer["findings"])]
    counted = r"\d+ ครัวเรือน"
    shown = " ".join(units.loc[units["unit_code"] == code, "reason_th"])
    assert re.search(counted, shown)
    assert [text for text in said if re.search(counted, text)] == []


def test_a_total_that_would_give_a_hidden_count_away_is_hidden_in_both_forms(
    capsys, monkeypatch, publication
):
    plan = publication.plan
    chosen = plan.result(PROVINCE).chosen[0]
    monkeypatch.setattr(Publication, "hidden_units", frozenset({chosen}))
    answer = answered(capsys, "choose", PACK, "--province", PROVINCE)
    (province,) = answer["provinces"]
    assert [province[name] for name in ("need", "ceiling", "gap")] == [None, None, None]
    assert main(["choose", PACK, "--province", PROVINCE]) == 0
    assert f"{plan.result(PROVINCE).need:,}" not in capsys.readouterr().out


def test_no_household_is_named_or_numbered(capsys, tmp_path):
    rows = [{"unit_code": "42010101001", "name_th": "นายสมมติ", "village_code": "42010101"}]
    pd.DataFrame(rows).to_csv(tmp_path / "households.csv", index=False)
    units = ("--units", str(tmp_path / "households.csv"))
    answer = answered(
        capsys, "choose", "sufficiency-households-2563", "--province", PROVINCE, *units
    )
    assert answer["chosen"] is None
    text = json.dumps(answer, ensure_ascii=False)
    assert "สมมติ" not in text
    assert "42010101001" not in text
    assert not re.search(r"\b[0-9a-f]{20}\b", text)
    reasons = answered(capsys, "explain", answer["plan"], "42010101001")
    assert reasons["name_th"] is None
    assert reasons["need"] is None
    shutil.rmtree(answer["folder"])


# -- verdicts and their codes ----------------------------------------------------------------------


def test_a_plan_that_stands_ends_with_0(capsys, publication):
    answer = answered(capsys, "verify", publication.plan.id)
    assert (answer["outcome"], answer["optimum_proved"]) == ("stands", True)
    assert answer["failures"] == []
    assert answer["plan"] == publication.plan.id


def falls_by_a_changed_file(folder: Path) -> None:
    units = folder / "units.csv"
    units.write_bytes(units.read_bytes().replace(b'"chosen"', b'"reserve"', 1))


@pytest.fixture
def spoiled(home: Path, publication: Publication) -> Iterator[Callable[[], Path]]:
    """Change the saved plan, and put it back."""
    folder = home / "workspaces" / "demo" / DocumentKind.PLANS / publication.plan.id
    kept = {path: path.read_bytes() for path in folder.iterdir()}
    yield lambda: folder
    for path, content in kept.items():
        path.write_bytes(content)


def test_a_plan_that_was_altered_falls_with_4(capsys, spoiled, plan_id):
    falls_by_a_changed_file(spoiled())
    answer = answered(capsys, "verify", plan_id, code=ExitCode.FALLS)
    assert answer["outcome"] == "falls"
    assert answer["optimum_proved"] is False
    assert answer["failures"][0]["id"] == "targeting.plan_damaged"
    assert main(["verify", plan_id]) == ExitCode.FALLS
    out, err = capsys.readouterr()
    assert out == ""
    assert "units.csv" in err


def test_a_plan_on_other_data_falls_with_4(capsys, tmp_path, plan_id):
    folder = tmp_path / "changed"
    shutil.copytree("workspaces/demo", folder)
    workspace = Workspace.open(folder)
    provenance = workspace.provenance("villages")
    assert provenance is not None
    workspace.put("villages", workspace.table("villages").iloc[1:], provenance)
    words = ("verify", plan_id, "--workspace", str(folder))
    answer = answered(capsys, *words, code=ExitCode.FALLS)
    assert "certificate.input_changed" in {one["id"] for one in answer["failures"]}


def test_a_plan_whose_gap_stays_open_is_open_with_3(capsys, monkeypatch, plan_id):
    open_ = Report(
        (Proof((PROVINCE,), 90, 100, settled=False, failures=()),), (), against_inputs=True
    )
    monkeypatch.setattr(verify_command.certificate, "check", lambda *_: open_)
    answer = answered(capsys, "verify", plan_id, code=ExitCode.OPEN)
    assert (answer["outcome"], answer["optimum_proved"]) == ("open", False)
    assert main(["verify", plan_id, "--language", "en"]) == ExitCode.OPEN
    assert "is not proven" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("edition", "proved"), [(("--office",), True), ((), False)], ids=["office", "public"]
)
def test_a_package_is_told_by_its_edition(capsys, tmp_path, plan_id, edition, proved):
    path = tmp_path / "plan.zip"
    assert main(["package", plan_id, *edition, "--to", str(path)]) == 0
    answer = answered(capsys, "verify", str(path))
    assert answer["outcome"] == "stands"
    assert answer["optimum_proved"] is proved
    assert answer["against_inputs"] is False
    # A byte more, and it is not what it says it is.
    path.write_bytes(path.read_bytes() + b"\0")
    answer = answered(capsys, "verify", str(path), code=ExitCode.FALLS)
    assert answer["failures"]


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("verify", "no-such-plan"), "cli.plan_unknown"),
        (("verify", "no-such.zip"), "package.unreadable"),
        (("workspace", "status", "--workspace", "nowhere"), "layers.workspace_missing"),
        (("choose", PACK), "cli.parameter_missing"),
        (("choose", "--no-such"), "cli.no_such_option"),
        (("no-such-command",), "cli.no_such_command"),
        (("papers", "no-plan"), "cli.no_such_option"),
    ],
)
def test_a_refusal_is_told_as_json_on_the_error_stream(arguments, problem, capsys):
    answer = refused(capsys, *arguments)
    assert answer["problem"]["id"] == problem
    assert answer["exit_code"] == ExitCode.TO_MEND


def test_a_refusal_names_file_and_row(capsys, tmp_path):
    text = (PACK_FOLDER / f"{PACK}.yaml").read_text("utf-8").replace("at_most: 3\n", "at_mots: 3\n")
    path = tmp_path / f"{PACK}.yaml"
    path.write_text(text, "utf-8")
    told = refused(capsys, "pack", "check", str(path))["problem"]
    assert told["file"] == path.name
    assert told["row"] == next(n for n, one in enumerate(text.splitlines(), 1) if "at_mots" in one)


def test_what_nobody_foresaw_and_an_interruption_have_their_codes(capsys, monkeypatch):
    def fall_over(*_: object) -> None:
        raise RuntimeError("a defect")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    for happens, code in ((fall_over, ExitCode.UNFORESEEN), (stop, ExitCode.INTERRUPTED)):
        monkeypatch.setattr(Workspace, "open", happens)
        assert refused(capsys, "workspace", "status", code=code)["exit_code"] == code
