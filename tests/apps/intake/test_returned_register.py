"""A register that an office edited comes back, and each change asks for its reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from phaenthi.apps.intake.returned_register import as_overrides, read_back
from phaenthi.apps.papers.register import write_register
from phaenthi.targeting.judging.evidence import gather
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.programme import programme as programmes
from phaenthi.wording import Language, Problem, say
from tests.apps.demo_plan import PROVINCE, demo_publication, demo_workspace


@pytest.fixture(scope="module", params=["th", "en"])
def register(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    language: Language = request.param
    path = tmp_path_factory.mktemp("register") / "register.xlsx"
    write_register(demo_publication(), path, language)
    return path


def edited(register: Path, folder: Path, *, off: int = 0, onto: tuple[str, ...] = ()) -> Path:
    """Take the last rows off the list of target villages and write codes below it."""
    book = openpyxl.load_workbook(register)
    titles = {say("documents.sheet.chosen", language) for language in ("th", "en")}
    (sheet,) = (one for one in book.worksheets if one.title in titles)
    head = next(row for row in sheet.iter_rows() if any(is_code_head(c.value) for c in row))
    column = next(cell.column for cell in head if is_code_head(cell.value))
    last = max(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, column).value)
    for row in range(last, last - off, -1):
        sheet.delete_rows(row)
    for place, code in enumerate(onto, start=last - off + 1):
        sheet.cell(place, column).value = code
    path = folder / "edited.xlsx"
    book.save(path)
    return path


def is_code_head(value: object) -> bool:
    return value in {say("documents.column.village_code", language) for language in ("th", "en")}


def of_status(status: str) -> list[str]:
    units = demo_publication().plan.units
    return sorted(units.loc[units["status"] == status, "village_code"])


def test_a_register_that_nobody_edited_changes_nothing(register: Path) -> None:
    returned = read_back(demo_publication(), register)
    assert returned.departures == ()
    assert returned.listed == len(of_status("chosen"))


def test_a_swap_comes_back_as_two_decisions_that_each_need_a_reason(
    register: Path, tmp_path: Path
) -> None:
    publication = demo_publication()
    came = of_status("reserve")[0]
    returned = read_back(publication, edited(register, tmp_path, off=1, onto=(came,)))
    went = next(one.village_code for one in returned.departures if one.action == "out")
    assert {(one.village_code, one.action) for one in returned.departures} == {
        (came, "in"),
        (went, "out"),
    }
    with pytest.raises(Problem) as raised:
        as_overrides(publication, returned, {came: "ผู้นำขอเข้าร่วม"}, "ศจพ.จ.เลย")
    assert raised.value.message_id == "returned.reasons_missing"
    assert went in raised.value.sentence("th")


def test_the_plan_made_again_holds_the_departures_and_their_reasons(
    register: Path, tmp_path: Path
) -> None:
    publication = demo_publication()
    chosen = publication.plan.units[publication.plan.units["status"] == "chosen"]
    returned = read_back(publication, edited(register, tmp_path, off=1))
    (went,) = (one.village_code for one in returned.departures)
    overrides = as_overrides(publication, returned, {went: "ราษฎรขอถอนตัว"}, "ศจพ.จ.เลย")
    made = plans.make(
        programmes.load(publication.plan.programme_id),
        gather(demo_workspace(), [PROVINCE]),
        [PROVINCE],
        decided_on=date(2019, 12, 3),
        overrides=overrides,
    )
    taken = set(made.units.loc[made.units["status"] == "chosen", "village_code"])
    assert went not in taken
    assert len(taken) == len(chosen)
    (kept,) = made.overrides
    assert (kept.action, kept.reason) == ("out", "ราษฎรขอถอนตัว")


def test_a_village_that_a_rule_keeps_out_is_named_with_the_rule(
    register: Path, tmp_path: Path
) -> None:
    publication = demo_publication()
    barred = of_status("excluded")[0]
    returned = read_back(publication, edited(register, tmp_path, onto=(barred,)))
    (one,) = returned.departures
    assert one.forbidden_by
    with pytest.raises(Problem) as raised:
        as_overrides(publication, returned, {barred: "x"}, "y")
    assert raised.value.message_id == "returned.forbidden"


@pytest.mark.parametrize(
    ("onto", "message"),
    [
        (("4201",), "returned.village_unreadable"),
        (("46010101",), "returned.village_unknown"),
        (("42010201", "42010201"), "returned.village_twice"),
    ],
)
def test_a_row_that_cannot_be_trusted_is_told_with_its_place(
    register: Path, tmp_path: Path, onto: tuple[str, ...], message: str
) -> None:
    with pytest.raises(Problem) as raised:
        read_back(demo_publication(), edited(register, tmp_path, onto=onto))
    assert raised.value.message_id == message
    assert raised.value.row is not None
    assert raised.value.sheet is not None


def test_a_workbook_of_something_else_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.save(tmp_path / "other.xlsx")
    with pytest.raises(Problem) as raised:
        read_back(demo_publication(), tmp_path / "other.xlsx")
    assert raised.value.message_id == "returned.sheet_missing"
