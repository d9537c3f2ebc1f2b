"""``phaenthi whatif`` and its neighbours, and ``choose`` with a planner's table of units."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from phaenthi.apps.cli import main
from phaenthi.apps.commands.exit_codes import ExitCode
from phaenthi.apps.planning.units import KEPT
from phaenthi.apps.publication.plan_counts import hide_counts
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.plan import keeping
from phaenthi.wording import LANGUAGES, Language
from tests.apps.demo_plan import PROVINCE, demo_workspace

PACK = "ne-poverty-2563"
SAVINGS = "savings-groups-2566"
Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace of its own with a plan and the same plan read otherwise."""
    folder = tmp_path_factory.mktemp("whatif") / "demo"
    shutil.copytree(demo_workspace().folder, folder)
    arguments = ["choose", PACK, "--province", PROVINCE, "--workspace", str(folder)]
    assert main(arguments) == 0
    assert main([*arguments, "--reading", "target-households=one"]) == 0
    return folder


@pytest.fixture(autouse=True)
def in_the_workspace(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PHAENTHI_LANGUAGE", raising=False)
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(home))


@pytest.fixture
def plan_id(home: Path) -> str:
    return next(
        name
        for name in keeping.saved(home / DocumentKind.PLANS)
        if name.startswith(PACK)
        and keeping.load(home / DocumentKind.PLANS / name).readings["target-households"] == "twenty"
    )


def read_otherwise(home: Path, plan_id: str) -> str:
    names = keeping.saved(home / DocumentKind.PLANS)
    return next(name for name in names if name.startswith(PACK) and name != plan_id)


def chosen_in(home: Path, plan_id: str) -> list[str]:
    return list(keeping.load(home / DocumentKind.PLANS / plan_id).result(PROVINCE).chosen)


def told(capsys: Captured, *arguments: str, code: int = 0) -> str:
    capsys.readouterr()
    assert main(list(arguments)) == code
    captured = capsys.readouterr()
    return captured.err if code else captured.out


# -- what if ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "enter", "leave"), [("th", "เข้า: 0", "ออก: 1"), ("en", "Enter: 0", "Leave: 1")]
)
def test_an_allotment_of_one_less_lets_one_leave(
    capsys: Captured, plan_id: str, home: Path, language: Language, enter: str, leave: str
) -> None:
    leaving = keeping.load(home / DocumentKind.PLANS / plan_id).result(PROVINCE).chosen[0]
    arguments = ("--allotment", f"{PROVINCE}=12", "--language", language)
    shown = told(capsys, "whatif", plan_id, *arguments)
    assert {"th": "เข้า: 1", "en": "Enter: 1"}[language] in shown
    held = ("--leave", leaving, "--allotment", "เลย=11", "--language", language)
    swapped = told(capsys, "whatif", plan_id, *held)
    assert leave in swapped
    assert enter not in swapped
    assert leaving in swapped


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reading_and_a_weight_can_be_asked_together(
    capsys: Captured, plan_id: str, home: Path, language: Language
) -> None:
    before = sorted(keeping.saved(home / DocumentKind.PLANS))
    changes = ("--reading", "cap=average", "--weight", "registered_poor=1")
    shown = told(capsys, "whatif", plan_id, *changes, "--language", language)
    assert {"th": "ไม่ได้บันทึก", "en": "Nothing was saved"}[language] in shown
    assert {"th": "ใช้คะแนนของแผนแรก", "en": "points of the first plan"}[language] in shown
    assert sorted(keeping.saved(home / DocumentKind.PLANS)) == before


def test_a_unit_that_is_put_in_drives_another_one_out(
    capsys: Captured, plan_id: str, home: Path
) -> None:
    units = keeping.load(home / DocumentKind.PLANS / plan_id).units
    first = units.loc[units["status"] == "reserve"].sort_values("place").iloc[0]
    shown = told(capsys, "whatif", plan_id, "--take", first["unit_code"], "--language", "en")
    assert "Enter: 1" in shown
    # Where the tie order would decide against it, a village lacks one point more than it costs.
    price = {first["points"], first["points"] - 1}
    assert any(f"total need falls by {points} points" in shown for points in price)


@pytest.mark.parametrize(
    ("language", "title"), [("th", "ไม่มีวิธีเลือกที่ครบทุกข้อ"), ("en", "No choice keeps every rule")]
)
def test_a_change_that_cannot_be_kept_says_which_rules_clash(
    capsys: Captured, plan_id: str, language: Language, title: str
) -> None:
    shown = told(capsys, "whatif", plan_id, "--allotment", f"{PROVINCE}=40", "--language", language)
    assert title in shown
    assert "3,398        0" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((), "--reading"),
        (("--weight", "no_such=3"), "registered_poor"),
        (("--weight", "poor=many"), "many"),
        (("--allotment", "4201=3"), "4201"),
        (("--reading", "cap=no_such"), "average"),
    ],
)
def test_a_change_that_means_nothing_is_refused(
    capsys: Captured, plan_id: str, arguments: tuple[str, ...], word: str, language: Language
) -> None:
    assert word in told(capsys, "whatif", plan_id, *arguments, "--language", language, code=2)


# -- compare and replay ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "word"),
    [("th", "การตีความข้อ target-households"), ("en", "Reading of target-households")],
)
def test_two_plans_are_compared(
    capsys: Captured, home: Path, plan_id: str, language: Language, word: str
) -> None:
    other = read_otherwise(home, plan_id)
    shown = told(capsys, "compare", plan_id, other, "--language", language)
    assert word in shown
    same = told(capsys, "compare", plan_id, plan_id, "--language", language)
    assert {"th": "ตรงกัน", "en": "say the same"}[language] in same


@pytest.mark.parametrize(("language", "word"), [("th", "ทุกไบต์"), ("en", "to the last byte")])
def test_a_plan_is_replayed_to_the_byte(
    capsys: Captured, plan_id: str, language: Language, word: str
) -> None:
    assert word in told(capsys, "replay", plan_id, "--language", language)


@pytest.mark.parametrize("command", ["whatif", "replay", "alternatives", "fairness", "reserve"])
def test_a_plan_that_is_not_there_is_told(capsys: Captured, command: str) -> None:
    change = ["--reading", "cap=average"] if command == "whatif" else []
    assert PACK in told(capsys, command, "no-such-plan", *change, code=2)


# -- alternatives, fairness, reserve ---------------------------------------------------------------


@pytest.mark.parametrize(("language", "sampled"), [("th", "มาจากตัวอย่าง"), ("en", "of a sample of")])
def test_the_best_choices_come_in_order_and_a_sample_says_so(
    capsys: Captured, plan_id: str, language: Language, sampled: str
) -> None:
    shown = told(capsys, "alternatives", plan_id, "--count", "2", "--language", language)
    needs = [int(n.replace(",", "")) for n in re.findall(r"^ +[12] +([\d,]+) ", shown, re.M)]
    assert len(needs) == 2
    assert needs == sorted(needs, reverse=True)
    assert sampled in shown


@pytest.mark.parametrize(("language", "word"), [("th", "ตกหล่น"), ("en", "Exclusion error")])
def test_fairness_shows_the_poor_beside_the_budget(
    capsys: Captured, plan_id: str, language: Language, word: str
) -> None:
    shown = told(capsys, "fairness", plan_id, "--language", language)
    assert word in shown
    assert "9.1%" in shown


def test_counts_of_few_people_are_hidden_with_what_gives_them_back() -> None:
    table = pd.DataFrame(
        {
            "amphoe_code": ["4201", "4202", "4203", "4204"],
            "target_poor": [100, 50, 60, 70],
            "in_chosen": [3, 48, 20, 0],
        }
    )
    poor = table["target_poor"]
    table = table.assign(coverage=table["in_chosen"] / poor, share_of_poor=poor / poor.sum())
    shown = hide_counts(table)
    # 3 is small; 48 of 50 leaves 2.
    assert shown["in_chosen"].isna().tolist()[:2] == [True, True]
    assert shown.loc[shown["in_chosen"].isna(), "coverage"].isna().all()
    assert shown["target_poor"].notna().all()


def test_one_small_count_alone_is_not_given_back_by_the_total() -> None:
    table = pd.DataFrame(
        {
            "amphoe_code": ["4201", "4202", "4203"],
            "target_poor": [100] * 3,
            "in_chosen": [2, 30, 40],
        }
    ).assign(coverage=0.1, share_of_poor=0.1)
    assert hide_counts(table)["in_chosen"].isna().sum() >= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reserve_names_who_takes_the_place_of_whom(
    capsys: Captured, home: Path, plan_id: str, language: Language
) -> None:
    listed = told(capsys, "reserve", plan_id, "--language", language)
    units = keeping.load(home / DocumentKind.PLANS / plan_id).units.set_index("unit_code")
    code = chosen_in(home, plan_id)[0]
    entering = str(units.loc[code, "replaces"]).split()
    assert all(one in listed for one in entering)
    shown = told(capsys, "reserve", plan_id, "--withdraw", code, "--language", language)
    assert all(one in shown for one in entering)
    both = chosen_in(home, plan_id)[:2]
    asked = ("--withdraw", both[0], "--withdraw", both[1], "--language", language)
    together = told(capsys, "reserve", plan_id, *asked)
    assert {"th": "ออก: 2", "en": "Leave: 2"}[language] in together
    assert "points of the first plan" not in together


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_unit_that_is_not_chosen_cannot_withdraw(
    capsys: Captured, home: Path, plan_id: str, language: Language
) -> None:
    units = keeping.load(home / DocumentKind.PLANS / plan_id).units
    code = str(units.loc[units["status"] != "chosen", "unit_code"].iloc[0])
    said = told(capsys, "reserve", plan_id, "--withdraw", code, "--language", language, code=2)
    assert code in said


# -- a planner's table -----------------------------------------------------------------------------


def write_villages(home: Path, path: Path, **cells: str) -> list[str]:
    codes = [str(c) for c in Workspace.open(home).table("villages")["village_code"].head(12)]
    rows = [
        {"village_code": c, "เป็นหมู่บ้าน กข.คจ.": "ใช่", "has_savings_group": "ไม่มี", "funded_2566": f}
        for c, f in zip(codes, ["ใช่"] * 4 + ["ไม่ใช่"] * 8, strict=True)
    ]
    rows[2].update(cells)
    table = pd.DataFrame(rows)
    if path.suffix == ".xlsx":
        table.to_excel(path, index=False)
    else:
        table.to_csv(path, index=False)
    return codes


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_plan_on_a_table_of_units_is_verified_and_replayed(
    capsys: Captured, home: Path, suffix: str
) -> None:
    path = Path(f"villages{suffix}")
    codes = write_villages(home, path)
    shown = told(
        capsys, "choose", SAVINGS, "--province", PROVINCE, "--units", str(path), "--language", "en"
    )
    assert "6 / 6" in shown
    found = re.search(rf"{SAVINGS}-{PROVINCE}-[0-9a-f]{{8}}", shown)
    assert found
    path.unlink()
    assert set(codes[:4]) <= set(chosen_in(home, found.group()))
    assert "stands" in told(capsys, "verify", found.group(), "--language", "en")
    assert "to the last byte" in told(capsys, "replay", found.group(), "--language", "en")

    kept = home / DocumentKind.PLANS / found.group() / KEPT
    whole = kept.read_text("utf-8")
    kept.write_text(whole.replace("True,False,True", "True,False,False", 1), "utf-8")
    verify = ("verify", found.group(), "--language", "en")
    assert "the table of units" in told(capsys, *verify, code=ExitCode.FALLS)
    kept.write_text(whole, "utf-8")


@pytest.mark.parametrize(("language", "row"), [("th", "แถวที่ 4"), ("en", "row 4")])
def test_an_error_in_a_table_of_units_names_file_row_and_column(
    capsys: Captured, home: Path, language: Language, row: str
) -> None:
    head = "เป็นหมู่บ้าน กข.คจ."
    write_villages(home, Path("wrong.csv"), **{head: "perhaps"})
    said = told(
        capsys, "choose", SAVINGS, "--province", PROVINCE, "--units", "wrong.csv",
        "--language", language, code=2,
    )  # fmt: skip
    for word in ("wrong.csv", row, head, "perhaps"):
        assert word in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pack_of_other_units_asks_for_their_table(capsys: Captured, language: Language) -> None:
    asked = ("choose", "markets-2563", "--province", PROVINCE, "--language", language)
    assert "--units" in told(capsys, *asked, code=2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_units_that_are_no_villages_are_chosen_explained_and_verified(
    capsys: Captured, language: Language
) -> None:
    rows = [
        {"unit_code": "P-1", "name_th": "ผ้าขาวม้า", "amphoe_code": "4201"},
        {"unit_code": "P-2", "name_th": "กระติบ", "amphoe_code": "4202"},
    ]
    pd.DataFrame(rows).to_csv("products.csv", index=False)
    asked = ("--province", PROVINCE, "--units", "products.csv", "--language", language)
    shown = told(capsys, "choose", "kbo-results-2563", *asked)
    found = re.search(rf"kbo-results-2563-{PROVINCE}-[0-9a-f]{{8}}", shown)
    assert found
    assert "P-2" in told(capsys, "explain", found.group(), "P-2", "--language", language)
    assert "P-9" in told(capsys, "explain", found.group(), "P-9", "--language", language, code=2)
    told(capsys, "verify", found.group(), "--language", language)
    assert "products.zip" in told(capsys, "export", found.group(), "--language", language)


def test_households_in_a_table_keep_neither_number_nor_name(capsys: Captured, home: Path) -> None:
    rows = [{"unit_code": "42010101001", "name_th": "นายสมมติ", "village_code": "42010101"}]
    pd.DataFrame(rows).to_csv("households.csv", index=False)
    asked = ("--province", PROVINCE, "--units", "households.csv")
    shown = told(capsys, "choose", "sufficiency-households-2563", *asked)
    found = re.search(rf"sufficiency-households-2563-{PROVINCE}-[0-9a-f]{{8}}", shown)
    assert found
    assert "นายสมมติ" not in shown
    assert "ครัวเรือน" in told(capsys, "explain", found.group(), "42010101001")
    for path in (home / DocumentKind.PLANS / found.group()).iterdir():
        text = path.read_text("utf-8")
        assert "42010101001" not in text
        assert "นายสมมติ" not in text


# -- provinces that cannot be filled ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "title", "change"),
    [
        ("th", "ไม่มีวิธีเลือกที่ครบทุกข้อ", "ทางที่เปลี่ยนน้อยที่สุด"),
        ("en", "No choice keeps every rule", "The smallest changes"),
    ],
)
def test_a_province_that_cannot_be_filled_says_which_rules_clash(
    capsys: Captured, home: Path, plan_id: str, language: Language, title: str, change: str
) -> None:
    units = keeping.load(home / DocumentKind.PLANS / plan_id).units
    met = units[units["verdict"] == "met"]
    amphoe = met["amphoe_code"].value_counts().index[0]
    four = met.loc[met["amphoe_code"] == amphoe, "unit_code"].head(4).tolist()
    taken = [part for code in four for part in ("--take", code)]
    why = ("--reason", "ประชุม", "--decided-by", "คณะกรรมการ", "--language", language)
    shown = told(capsys, "choose", PACK, "--province", PROVINCE, *taken, *why)
    found = re.findall(rf"{PACK}-{PROVINCE}-[0-9a-f]{{8}}", shown)
    try:
        for text in (shown, told(capsys, "explain", found[0], four[0], "--language", language)):
            assert title in text
            assert change in text
        none = told(capsys, "alternatives", found[0], "--language", language)
        assert title in none
    finally:
        shutil.rmtree(home / DocumentKind.PLANS / found[0])


@pytest.mark.parametrize(("language", "word"), [("th", "ขาด 4388"), ("en", "4388 missing")])
def test_an_amphoe_that_is_not_filled_says_how_many_are_missing(
    capsys: Captured, home: Path, language: Language, word: str
) -> None:
    folder = home / "packs"
    folder.mkdir(exist_ok=True)
    table = folder / "community_funds_2563_poverty_allotment.csv"
    table.write_text("amphoe_code,funds\n4201,2\n4202,4398\n", "utf-8")
    rows = [
        {"unit_code": f"F-{n}", "amphoe_code": "4201" if n < 4 else "4202", "level": "1"}
        for n in range(14)
    ]
    pd.DataFrame(rows).to_csv("funds.csv", index=False)
    asked = ("--province", PROVINCE, "--units", "funds.csv", "--language", language)
    shown = told(capsys, "choose", "community-funds-2563-poverty", *asked)
    assert word in shown


@pytest.mark.parametrize(
    ("language", "word"), [("th", "ต้องมีเหตุผลเป็นลายลักษณ์อักษร"), ("en", "written reason")]
)
def test_taking_class_a_while_class_b_remains_asks_for_reasons_of_those_passed_over(
    capsys: Captured, home: Path, language: Language, word: str
) -> None:
    folder = home / "packs"
    folder.mkdir(exist_ok=True)
    table = folder / "otop_nawatwithi_2563_allotment.csv"
    table.write_text("province_code,communities\n42,1\n46,299\n", "utf-8")
    rows = [
        {"unit_code": "a", "village_code": "42010201", "class": "A", "developed_products": 20},
        {"unit_code": "b", "village_code": "42010202", "class": "B", "developed_products": 5},
    ]
    pd.DataFrame(rows).to_csv("communities.csv", index=False)
    pack = ("choose", "otop-nawatwithi-2563", "--province", PROVINCE, "--language", language)
    freely = (*pack, "--units", "communities.csv", "--reading")
    freely = (*freely, "no-tourism-village-2562=as-imported")
    assert word not in told(capsys, *freely)
    decided = ("--take", "a", "--reason", "ชุมชนพร้อมกว่า", "--decided-by", "สพจ.เลย")
    shown = told(capsys, *freely, *decided)
    asked = next(line for line in shown.splitlines() if word in line)
    assert asked.rstrip().endswith(" b")


def test_the_weights_at_which_a_village_stays_chosen_hold_when_tried(
    plan_id: str, home: Path, tmp_path: Path, capsys: Captured
) -> None:
    assert main(["weights", plan_id, "--to", "weights.csv", "--language", "en"]) == 0
    assert "Stays from" in capsys.readouterr().out
    ranges = pd.read_csv(tmp_path / "weights.csv", dtype={"unit_code": str})
    assert set(ranges["unit_code"]) == set(chosen_in(home, plan_id))
    assert (ranges["lowest"] <= ranges["weight"]).all()
    assert (ranges["weight"] <= ranges["highest"]).all()
    least = ranges[ranges["highest"] < 100].iloc[0]
    for weight, stays in ((least["highest"], True), (least["highest"] + 1, False)):
        assert main(["whatif", plan_id, "--weight", f"{least['part']}={weight}"]) == 0
        assert (least["unit_code"] not in capsys.readouterr().out) is stays
