"""What LibreOffice makes of the papers: pages, nothing over the margins, heads on every page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from phaenthi.apps.papers.annex import LYING, STANDING, write_annex
from phaenthi.apps.papers.budget import write_budget
from phaenthi.apps.papers.letter import write_letter, write_memo
from phaenthi.apps.papers.progress_form import forms_of, write_progress
from phaenthi.apps.papers.summary import WORD_MARGINS, write_summary
from phaenthi.apps.papers.word import Margins
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.targeting.judging.evidence import gather
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.programme import programme as programmes
from tests.apps.papers.office_suite import (
    Page,
    convert,
    needs_libreoffice,
    outside,
    read_pages,
    squeeze,
)
from tests.demo_copies import copy_demo

pytestmark = needs_libreoffice
BURI_RAM = "31"
LETTER = Margins()
_HOME = TemporaryDirectory(prefix="phaenthi-tests-")


@cache
def large_publication() -> Publication:
    """Return the plan of Buri Ram: 66 villages in 22 amphoe, which fill several pages."""
    workspace = copy_demo(Path(_HOME.name) / "demo", provinces=(BURI_RAM,))
    programme = programmes.load("ne-poverty-2563")
    evidence = gather(workspace, [BURI_RAM])
    plan = plans.make(programme, evidence, [BURI_RAM], decided_on=date(2019, 12, 2))
    return Publication.of(plan, workspace)


def write_two_forms(publication: Publication, path: Path) -> None:
    write_progress(forms_of(publication, BURI_RAM)[:2], path, publication)


@dataclass(frozen=True)
class Paper:
    write: Callable[[Publication, Path], None]
    pages: range
    margins: Margins
    told: tuple[str, ...]


PAPERS = {
    "memo": Paper(write_memo, range(2, 3), LETTER, ("ผู้ว่าราชการจังหวัดบุรีรัมย์", "๖๖")),
    "letter": Paper(write_letter, range(2, 3), LETTER, ("ขอแสดงความนับถือ", "๘,๒๗๖,๔๐๐")),
    "annex": Paper(write_annex, range(8, 15), LYING, ("เฉลิมพระเกียรติ", "การตีความที่ใช้")),
    "budget": Paper(write_budget, range(1, 3), STANDING, ("๘,๒๗๖,๔๐๐", "บาทถ้วน")),
    "progress": Paper(write_two_forms, range(4, 5), LYING, ("เมืองบุรีรัมย์", "คูเมือง")),
    "summary": Paper(write_summary, range(1, 2), WORD_MARGINS, ("๖๖", "๘,๒๗๖,๔๐๐")),
}


@cache
def pages_of(name: str) -> tuple[Page, ...]:
    folder = Path(_HOME.name)
    path = folder / f"{name}.docx"
    PAPERS[name].write(large_publication(), path)
    return tuple(read_pages(convert(path, folder)))


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_has_the_pages_that_it_should(name):
    assert len(pages_of(name)) in PAPERS[name].pages
    assert all(page.words for page in pages_of(name))


@pytest.mark.parametrize("name", PAPERS)
def test_nothing_stands_outside_the_margins(name):
    margins = PAPERS[name].margins
    for page in pages_of(name):
        # The head of a page stands above its upper margin.
        over = outside(
            page, left=margins.left, right=margins.right, top=0.7, bottom=margins.bottom - 0.1
        )
        assert not over


@pytest.mark.parametrize("name", PAPERS)
def test_what_a_paper_says_is_on_its_pages(name):
    text = "".join(page.text for page in pages_of(name))
    for told in PAPERS[name].told:
        assert squeeze(told) in text


@pytest.mark.parametrize("name", PAPERS)
def test_every_page_says_that_the_data_are_made_up(name):
    assert all(squeeze("ข้อมูลจำลอง") in page.text for page in pages_of(name))


def test_the_heads_of_the_annex_stand_on_every_page_of_its_tables():
    heads = squeeze("ชื่อหมู่บ้าน")
    with_villages = [page for page in pages_of("annex") if "ต." in page.text]
    assert len(with_villages) > 5
    assert all(heads in page.text for page in with_villages)


def test_the_lines_of_a_letter_break_at_words():
    # No line begins with a letter that never begins a word.
    never = tuple("ะาำๅๆฯ") + tuple(chr(code) for code in (0x0E31, *range(0x0E34, 0x0E3B)))
    for name in ("memo", "letter"):
        for page in pages_of(name):
            starts: dict[int, tuple[float, str]] = {}
            for word in page.words:
                line = round(word.bottom)
                starts[line] = min(starts.get(line, (1e9, "")), (word.left, word.text))
            assert not [text for _, text in starts.values() if text.startswith(never)]
