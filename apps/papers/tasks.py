"""Which papers there are of a plan, and how each is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from phaenthi.apps.papers.annex import write_annex
from phaenthi.apps.papers.budget import write_budget, write_budget_workbook
from phaenthi.apps.papers.charts import write_chart, write_small_multiples
from phaenthi.apps.papers.household_list import write_household_list
from phaenthi.apps.papers.letter import write_letter, write_memo
from phaenthi.apps.papers.map_picture import write_map
from phaenthi.apps.papers.progress_form import forms_of, write_progress
from phaenthi.apps.papers.register import write_register
from phaenthi.apps.papers.summary import write_summary, write_summary_pdf
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.wording import Language

KINDS = ("letter", "annex", "summary", "map", "chart", "progress", "budget", "register")
DRAWN = frozenset({"summary", "map", "chart"})
"""Kinds that hold a drawing, which the extra ``pictures`` makes."""


@dataclass(frozen=True)
class Task:
    """One file to write: what it is called to the user, and what writes it."""

    name: str
    path: Path
    write: Callable[[Path], object]


def tasks_of(kind: str, publication: Publication, folder: Path, language: Language) -> list[Task]:
    """Return the files of one kind of paper; a plan of several provinces has one set for each.

    Parameters
    ----------
    kind
        One of :data:`KINDS`.
    """
    match kind:
        case "map":
            return [
                Task(
                    "map",
                    folder / f"map_{paper}{ending}",
                    lambda path, paper=paper: write_map(publication, path, language, paper=paper),  # type: ignore[misc]
                )
                for paper, ending in (("A4", ".png"), ("A4", ".svg"), ("A3", ".png"))
            ]
        case "register":
            path = folder / "register_thai_digits.xlsx"
            return [
                Task(
                    "register",
                    path,
                    lambda path: write_register(publication, path, language, thai_digits=True),
                )
            ]
        case _:
            provinces = publication.plan.provinces
            return [
                task
                for province in provinces
                for task in _of_province(
                    kind,
                    publication,
                    folder,
                    language,
                    province,
                    f"_{province}" if len(provinces) > 1 else "",
                )
            ]


def _of_province(
    kind: str,
    publication: Publication,
    folder: Path,
    language: Language,
    province: str,
    mark: str,
) -> list[Task]:
    files: dict[str, tuple[tuple[str, str, Callable[..., None]], ...]] = {
        "letter": (("memo", "memo.docx", write_memo), ("letter", "letter.docx", write_letter)),
        "annex": (("annex", "annex.docx", write_annex),),
        "summary": (
            ("summary", "summary.docx", write_summary),
            ("summary", "summary.pdf", write_summary_pdf),
        ),
        "chart": tuple(
            (name, f"{stem}{ending}", write)
            for name, stem, write in (
                ("chart", "chart", write_chart),
                ("multiples", "chart_by_result", write_small_multiples),
            )
            for ending in (".png", ".svg")
        ),
        "progress": (("progress", "progress.docx", _write_forms),),
        "budget": (
            ("budget", "budget.docx", write_budget),
            ("budget", "budget.xlsx", write_budget_workbook),
        ),
    }
    tasks = []
    for name, file_name, write in files[kind]:
        stem, dot, ending = file_name.rpartition(".")
        path = folder / f"{stem}{mark}{dot}{ending}"
        tasks.append(
            Task(
                name,
                path,
                lambda path, write=write: write(publication, path, language, province=province),  # type: ignore[misc]
            )
        )
    return tasks


def _write_forms(
    publication: Publication, path: Path, language: Language, *, province: str
) -> None:
    write_progress(forms_of(publication, province, language), path, publication, language)


def _households(publication: Publication, folder: Path, language: Language) -> Task:
    return Task(
        "households",
        folder / "households.xlsx",
        lambda path: write_household_list(publication, path, language, for_office=True),
    )
