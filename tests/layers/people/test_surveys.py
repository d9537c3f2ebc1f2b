"""A survey of any year with its indicators; counts by area; what an import did, as a workbook."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from phaenthi.geo.places.codes import Level
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.imports.by_place import import_matched
from phaenthi.layers.imports.report import (
    age_of_layers,
    compare_layers,
    missing_by_amphoe,
    write_import_report,
)
from phaenthi.layers.people.area_counts import area_counts, import_area_counts
from phaenthi.layers.people.indicator_sets import indicator_sets, indicators_of, passed
from phaenthi.layers.people.surveys import failures, import_survey
from phaenthi.layers.registers import long_files as by_parts
from phaenthi.wording import LANGUAGES, Problem
from tests.layers.office import HOUSEHOLDS, open_office, write

SURVEY = """รหัสครัวเรือน,รหัสหมู่บ้าน,รายได้เฉลี่ยต่อคนต่อปี,จำนวนสมาชิก,ตัวชี้วัดที่ 1,ตัวชี้วัดที่ 22,ind31
46010000001,46010201,37999,4,1,0,1
46010000002,46010201,38000,3,,1,0
46010000003,46010202,,2,1,1,
"""


def test_each_plan_has_its_own_number_of_indicators() -> None:
    assert [len(one.indicators) for one in indicator_sets()] == [31, 38]
    assert len(indicators_of(2562).groups) == 5
    assert indicators_of(2562).numbers_of("income") == (20, 21, 22, 23)
    with pytest.raises(Problem) as raised:
        indicators_of(2540)
    assert raised.value.message_id == "layers.indicator_set_unknown"


def test_a_survey_becomes_households_and_what_they_passed(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    report = import_survey(workspace, write(tmp_path, "s.csv", SURVEY), 2562)
    assert report.provenance.rows_kept == 3
    assert workspace.table("households")["survey_year"].tolist() == [2562] * 3
    rows = workspace.scan("indicators").with_columns(
        passed(1).alias("one"), passed(22).alias("income"), passed(31).alias("last")
    )
    told = {tuple(row) for row in rows.select("one", "income", "last").collect().iter_rows()}
    assert told == {(True, False, True), (None, True, False), (True, True, None)}
    counts = failures(workspace, Level.VILLAGE, 2562).set_index(["code", "indicator"])
    assert counts.loc[("46010201", 22)].tolist() == [1, 1, 0]
    assert counts.loc[("46010202", 31)].tolist() == [0, 0, 1]
    assert workspace.undo() == "households"
    assert workspace.layers == ("villages",)


def test_a_survey_read_in_parts_is_the_survey_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = open_office(tmp_path)
    path = write(tmp_path, "s.csv", SURVEY)
    whole = import_survey(workspace, path, 2562)
    monkeypatch.setattr(by_parts, "_ROWS_AT_A_TIME", 1)
    parts = import_survey(workspace, path, 2562)
    assert parts.digest == whole.digest
    assert [note.sentence() for note in parts.notes] == [note.sentence() for note in whole.notes]


def test_a_household_that_comes_again_in_another_part_is_refused_with_both_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = open_office(tmp_path)
    monkeypatch.setattr(by_parts, "_ROWS_AT_A_TIME", 1)
    again = SURVEY + "46010000001,46010201,1,1,1,1,1\n"
    with pytest.raises(Problem) as raised:
        import_survey(workspace, write(tmp_path, "s.csv", again), 2562)
    assert raised.value.row == 5
    assert not workspace.has("households")


def test_counts_of_municipal_areas_are_kept_and_counted(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    text = "tumbol_ID,household.CNT,indicator1.CNT\n460102,100,3\n460151,50,\n"
    report = import_area_counts(workspace, write(tmp_path, "t.csv", text), 2561)
    assert (report.municipal, report.totals["households"]) == (1, 150)
    table = area_counts(workspace, Level.TAMBON, 2561).set_index("code")
    assert table["municipal"].tolist() == [False, True]
    assert table["failed_01"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("text", "message", "row"),
    [
        ("tumbol_ID,household.CNT\n460102,1\n46010,2\n", "geo.code_unreadable", 3),
        ("tumbol_ID,household.CNT\n460102,1\n460102,2\n", "layers.area_twice", 3),
        ("tumbol_ID,household.CNT\n460102,ก\n", "layers.number_unreadable", 2),
        ("tumbol_ID,household.CNT\n460102,-1\n", "layers.number_negative", 2),
    ],
)
def test_counts_that_cannot_be_trusted_are_refused_with_their_row(
    tmp_path: Path, text: str, message: str, row: int
) -> None:
    workspace = open_office(tmp_path)
    with pytest.raises(Problem) as raised:
        import_area_counts(workspace, write(tmp_path, "t.csv", text), 2561)
    assert (raised.value.message_id, raised.value.row) == (message, row)


def test_the_workbook_says_what_was_read_set_aside_matched_and_changed(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    text = (
        "ชื่อหมู่บ้าน,ตำบล,อำเภอ,จังหวัด,โครงการ,ปีงบประมาณ\n"
        "บ้านหนองไผ่,เหนือ,เมืองกาฬสินธุ์,กาฬสินธุ์,สัมมาชีพชุมชน,2562\n"
        "บ้านอื่น,เหนือ,เมืองกาฬสินธุ์,กาฬสินธุ์,สัมมาชีพชุมชน,2562\n"
    )
    first = write(tmp_path, "a.csv", text)
    import_matched(workspace, "history", first)
    before = workspace.scan("history").collect()
    result = import_matched(workspace, "history", first)
    changes = compare_layers("history", before, workspace.scan("history").collect(), "a.csv")
    assert (changes.added, changes.removed, changes.unchanged) == (0, 0, 1)
    for language in LANGUAGES:
        path = tmp_path / f"report-{language}.xlsx"
        write_import_report(
            path, result.report, changes=changes, places=result.places, language=language
        )
        book = openpyxl.load_workbook(path)
        assert len(book.sheetnames) == 4
        assert book.worksheets[1]["A2"].value == 3


def test_nothing_found_in_rows_of_people_is_in_the_workbook(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    strange = HOUSEHOLDS + "46010000009,46019999,2562,1,1\n"
    report = import_file(workspace, "households", write(tmp_path, "h.csv", strange))
    path = tmp_path / "report.xlsx"
    write_import_report(path, report, language="en")
    heads = [cell.value for cell in openpyxl.load_workbook(path).worksheets[1][1]]
    assert heads == ["row", "column", "reason"]


def test_what_is_missing_is_told_amphoe_by_amphoe(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    import_file(workspace, "households", write(tmp_path, "h.csv", HOUSEHOLDS))
    table = missing_by_amphoe(workspace)
    told = table.iloc[0]
    assert (told["amphoe_code"], told["villages"], told["without_point"]) == ("4601", 3, 1)
    assert told["without_households"] == 1
    assert table["without_poverty"].isna().all()
    ages = age_of_layers(workspace).set_index("layer")
    assert ages.loc["households", "days"] == 0
    assert not ages.loc["poverty", "here"]
