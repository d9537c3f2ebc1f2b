"""The list of households stays in the office: asked for by name, marked everywhere, no income."""

from __future__ import annotations

import openpyxl
import pytest

from phaenthi.apps.papers.household_list import write_household_list
from phaenthi.wording import Problem
from tests.apps.demo_plan import demo_publication

ONLY = "ใช้ภายในสำนักงานเท่านั้น"


def test_nobody_gets_it_by_accident(tmp_path):
    with pytest.raises(Problem) as refused:
        write_household_list(demo_publication(), tmp_path / "a.xlsx", for_office=False)
    assert refused.value.message_id == "papers.for_office_only"
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("households")
    return write_household_list(demo_publication(), folder / "a.xlsx", for_office=True)


def test_file_sheets_and_printed_pages_say_that_it_stays_in_the_office(written):
    assert written.name == f"{ONLY}-a.xlsx"
    for page in openpyxl.load_workbook(written):
        assert ONLY in str(page["A2"].value)
        assert page.oddHeader.center.text == ONLY


def test_it_lists_the_households_of_the_target_villages_and_no_others(written):
    plan = demo_publication().plan
    page = openpyxl.load_workbook(written)["บัญชีครัวเรือน"]
    first = int(str(page.print_title_rows).strip("$").split(":")[0])
    rows = list(page.iter_rows(min_row=first + 1, values_only=True))
    assert {row[6] for row in rows} == set(plan.members["household_id"])
    assert len(rows) == len(plan.members) == 11 * 20
    assert {row[0] for row in rows} == set(plan.result("42").chosen)


def test_no_income_is_in_it(written):
    heads = "".join(
        str(cell.value) for page in openpyxl.load_workbook(written) for row in page for cell in row
    )
    assert "income" not in heads
    assert "รายได้ต่อคน" not in heads


def test_the_same_plan_gives_the_same_bytes(written, tmp_path):
    again = write_household_list(demo_publication(), tmp_path / "a.xlsx", for_office=True)
    assert again.read_bytes() == written.read_bytes()
