"""The rule pack: what it says, how it is read otherwise, and how its errors are told."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from phaenthi.geo.places.codes import Level
from phaenthi.layers.registers.programme_names import programmes
from phaenthi.targeting.programme.programme import PACK_FOLDER, TABLE_FOLDER, Cap, load, packs
from phaenthi.wording import Problem

PACK = "ne-poverty-2563"
TABLE = "ne_poverty_2563_allotment.csv"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return the folder of an officer's own copy of the pack and its table."""
    shutil.copy(PACK_FOLDER / f"{PACK}.yaml", tmp_path)
    shutil.copy(TABLE_FOLDER / TABLE, tmp_path)
    return tmp_path


def change(folder: Path, old: str, new: str, name: str = f"{PACK}.yaml") -> Path:
    """Change the first place where a text stands in a file."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder / f"{PACK}.yaml"


def line_of(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(n for n, line in enumerate(lines, 1) if text in line)


def test_the_official_table_gives_274_amphoe_and_500_villages_in_20_provinces() -> None:
    programme = load(PACK)
    allotments = [programme.allotment(province) for province in programme.provinces()]
    assert len(allotments) == 20
    assert sum(a.units for a in allotments) == 500
    assert sum(a.areas or 0 for a in allotments) == 274


@pytest.mark.parametrize(
    ("province", "villages", "amphoe"), [("31", 66, 22), ("46", 18, 14), ("42", 11, 11)]
)
def test_a_province_gets_what_its_row_says(province: str, villages: int, amphoe: int) -> None:
    allotment = load(PACK).allotment(province)
    assert (allotment.units, allotment.areas) == (villages, amphoe)


def test_phuket_is_not_in_the_scope_of_a_programme_of_the_north_east() -> None:
    with pytest.raises(Problem) as caught:
        load(PACK).allotment("83")
    assert caught.value.message_id == "targeting.province_not_in_scope"
    assert "83" in caught.value.sentence("th")


def test_the_cap_is_read_as_each_amphoe_unless_the_planner_reads_it_as_an_average() -> None:
    programme = load(PACK)
    assert programme.cap() == Cap(Level.AMPHOE, 3, "each")
    assert programme.with_readings({"cap": "average"}).cap() == Cap(Level.AMPHOE, 3, "average")
    assert programme.cap() == Cap(Level.AMPHOE, 3, "each")


def test_every_rule_cites_its_clause_and_speaks_thai_and_english() -> None:
    for rule in load(PACK).rules:
        assert rule.clause.document == "G63"
        assert rule.clause.item
        assert rule.words.th != rule.words.en


def test_every_reading_of_every_rule_can_be_chosen_and_shows_in_the_digest() -> None:
    programme = load(PACK)
    digests = {programme.digest()}
    tried = 0
    for rule in programme.rules:
        for reading in set(rule.readings) - {rule.reading}:
            tried += 1
            read = programme.with_readings({rule.id: reading})
            assert read.readings[rule.id] == reading
            digests.add(read.digest())
    assert tried == 6
    assert len(digests) == 1 + tried


def test_choosing_the_default_reading_changes_nothing() -> None:
    programme = load(PACK)
    assert programme.with_readings(programme.readings).digest() == programme.digest()
    back = programme.with_readings({"cap": "average"}).with_readings({"cap": "each"})
    assert back.digest() == programme.digest()


def test_a_reading_that_the_rule_does_not_list_is_refused_with_those_that_it_does() -> None:
    with pytest.raises(Problem, match="each, average"):
        load(PACK).with_readings({"cap": "median"})
    with pytest.raises(Problem, match="no rule “caps”"):
        load(PACK).with_readings({"caps": "each"})


def test_the_budget_of_the_villages_leaves_what_activities_2_and_6_take() -> None:
    budget = load(PACK).rule("budget")
    assert budget is not None
    assert budget.kind == "budget"
    assert budget.baht_per_unit == 125_400
    assert budget.total - 500 * budget.baht_per_unit == 2_300_000
    assert {item.id: item.origin for item in budget.items} == {
        "occupations": "stated",
        "visits": "inferred",
        "training": "inferred",
    }


def test_a_users_own_pack_comes_before_the_projects(copy: Path) -> None:
    change(copy, "at_most: 3", "at_most: 4")
    cap = load(PACK, [copy]).cap()
    assert cap is not None
    assert cap.at_most == 4
    assert [entry.path.parent for entry in packs([copy]) if entry.id == PACK] == [copy]


def test_a_changed_threshold_or_cell_changes_the_digest(copy: Path) -> None:
    before = load(copy / f"{PACK}.yaml").digest()
    assert before == load(PACK).digest()
    changed = change(copy, "below: 38000", "below: 32000")
    assert load(changed).digest() != before


def test_a_control_character_in_a_pack_is_refused_at_its_line(copy: Path) -> None:
    path = change(copy, "id: cap\n", 'id: "cap\\x00"\n')
    with pytest.raises(Problem) as caught:
        load(path)
    assert caught.value.message_id == "geo.stray_character"
    assert caught.value.row == line_of(path, "cap\\x00")


def test_an_unknown_pack_is_told_with_those_that_there_are() -> None:
    with pytest.raises(Problem, match=PACK):
        load("ne-poverty-2499")


ERRORS = [
    ("at_most: 3\n", "at_most: three\n", "at_most: three", "at_most", "pack_invalid"),
    ("at_most: 3\n", "at_most: 0\n", "at_most: 0", "at_most", "pack_invalid"),
    ("at_most: 3\n", 'at_most: "3"\n', 'at_most: "3"', "at_most", "pack_invalid"),
    ("at_most: 3\n", "at_mots: 3\n", "at_mots", "at_mots", "pack_field_unknown"),
    ("kind: cap\n", "kind: limit\n", "kind: limit", "kind", "pack_kind_unknown"),
    ("    kind: cap\n", "", "id: cap", "kind", "pack_kind_missing"),
    ("reading: each\n", "reading: every\n", "id: cap", "", "pack_reading_unknown"),
    ("set: {mode: average}", "set: {mode: mean}", "mode: mean", "mode", "pack_invalid"),
    ("set: {mode: average}", "set: {mood: average}", "mood", "mood", "pack_field_unknown"),
    ("force: should\n", "force: shall\n", "force: shall", "force", "pack_invalid"),
    ("id: cap\n", "id: allotment # again\n", "# again", "id", "pack_id_twice"),
    ("{source: bmn, column: relief_only,", "{source: gbv, column: relief_only,", "gbv", "source",
     "pack_reference_unknown"),
    ("{definition: developable}", "{definition: willing}", "willing", "definition",
     "pack_reference_unknown"),
    ("income_per_person, below: 38000}", "income_per_person}", "income_per_person}", "all",
     "pack_condition_unclear"),
    ("income_per_person, below: 38000}", "income_per_person, below: 38000, at_most: 1}",
     "at_most: 1}", "all", "pack_condition_unclear"),
    ("tier: registered-poor", "tier: rich", "tier: rich", "tier", "pack_reference_unknown"),
    ("enough_for: target-households", "enough_for: target-house", "target-house}", "enough_for",
     "pack_reference_unknown"),
    ("    force: must\n", "    force: must\n    force: should\n", "force: should", "force",
     "pack_field_twice"),
    ("unit: village", "unit: [village", "documents:", "", "pack_unreadable"),
    ("table: ne_poverty_2563_allotment.csv", "table: other.csv", "table: other.csv", "table",
     "table_missing"),
    ("column: villages", "column: village", "column: village", "column", "table_column_missing"),
    (f"id: {PACK}", "id: ne-poverty-2564", "id: ne-poverty-2564", "id", "pack_id_not_file"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "where", "field", "message_id"), ERRORS)
def test_an_error_in_a_pack_names_the_file_the_line_and_the_field(
    copy: Path, old: str, new: str, where: str, field: str, message_id: str
) -> None:
    path = change(copy, old, new)
    with pytest.raises(Problem) as caught:
        load(path)
    problem = caught.value
    assert problem.message_id == f"targeting.{message_id}"
    assert problem.file == path.name
    assert problem.row == line_of(path, where)
    assert field in str(problem.values.get("field", ""))
    for language in ("th", "en"):
        assert problem.sentence(language)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "row", "message_id"),
    [
        ("46,กาฬสินธุ์,14,18", "46,กาฬสินธุ์,14,19", None, "table_sum_differs"),
        ("46,กาฬสินธุ์,14,18", "46,กาฬสินธุ์,14,18.0", 18, "table_count_unreadable"),
        ("46,กาฬสินธุ์,14,18", "46,กาฬสินธุ์,14,", 18, "table_count_unreadable"),
        ("46,กาฬสินธุ์,14,18", "99,กาฬสินธุ์,14,18", 18, "table_area_unreadable"),
        ("46,กาฬสินธุ์,14,18", "47,สกลนคร,14,18", 18, "table_area_twice"),
        ("41,อุดรธานี,20,46", "41,อุตรดิตถ์,20,46", 13, "table_area_name_differs"),
        ("41,อุดรธานี,20,46", "53,อุตรดิตถ์,20,46", None, None),
    ],
)
def test_an_error_in_an_official_table_names_its_row(
    copy: Path, old: str, new: str, row: int | None, message_id: str | None
) -> None:
    path = change(copy, old, new, TABLE)
    if message_id is None:
        # Another real province under its own code: the scope then has one without a row.
        changed = load(copy / f"{PACK}.yaml")
        with pytest.raises(Problem, match="41"):
            changed.allotment("41")
        return
    with pytest.raises(Problem) as caught:
        load(path)
    assert caught.value.message_id == f"targeting.{message_id}"
    assert caught.value.row == row
    assert caught.value.file == TABLE


def test_a_table_that_the_document_itself_adds_up_wrongly_is_taken_when_the_pack_says_so(
    copy: Path,
) -> None:
    change(copy, "46,กาฬสินธุ์,14,18", "46,กาฬสินธุ์,14,16", TABLE)
    path = change(copy, "total: 500", "total: 500\n      sums_to: 498")
    assert load(path).allotment("46").units == 16


@pytest.mark.parametrize("entry", packs(), ids=lambda entry: entry.id)
def test_every_programme_that_a_pack_names_is_one_that_the_history_knows(entry) -> None:
    known = {one["slug"] for one in programmes()}
    text = entry.path.read_text("utf-8")
    named = set(re.findall(r"programme: ([a-z0-9-]+)", text))
    assert named <= known
