"""``phaenthi papers``: letters, forms, summaries and pictures of a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from phaenthi.apps.commands.export import OUTPUTS
from phaenthi.apps.commands.plans import open_plan
from phaenthi.apps.commands.screen import short_path, show_banner, show_table, working
from phaenthi.apps.commands.spoken import Decorator, SpokenCommand, session_of, workspace_option
from phaenthi.apps.documents import write_register
from phaenthi.apps.papers.annex import write_annex
from phaenthi.apps.papers.budget import write_budget, write_budget_workbook
from phaenthi.apps.papers.charts import write_chart, write_small_multiples
from phaenthi.apps.papers.household_list import write_household_list
from phaenthi.apps.papers.letter import write_letter, write_memo
from phaenthi.apps.papers.map_picture import write_map
from phaenthi.apps.papers.progress_form import forms_of, write_progress
from phaenthi.apps.papers.summary import write_summary, write_summary_pdf
from phaenthi.apps.publication import Publication
from phaenthi.wording import Language, Problem

KINDS = ("letter", "annex", "summary", "map", "chart", "progress", "budget", "register")


@dataclass(frozen=True)
class Task:
    """One file to write: what it is called to the user, and what writes it."""

    name: str
    path: Path
    write: Callable[[Path], object]


def _option(kind: str) -> Decorator:
    return click.option(f"--{kind}", is_flag=True, help=f"cli.options.paper_{kind}")


@click.command(cls=SpokenCommand, help="cli.papers")
@click.argument("plan_name", metavar="PLAN", help="cli.options.plan")
@_option("letter")
@_option("annex")
@_option("summary")
@_option("map")
@_option("chart")
@_option("progress")
@_option("budget")
@_option("register")
@_option("all")
@click.option("--for-office", is_flag=True, help="cli.options.for_office")
@click.option("--to", "folder", metavar="DIR", default=None, help="cli.options.to")
@workspace_option()
@click.pass_context
def papers(
    context: click.Context,
    /,
    plan_name: str,
    folder: str | None,
    workspace_folder: str,
    **wanted: bool,
) -> None:
    """Write the papers of a plan that are asked for."""
    session = session_of(context)
    kinds = [kind for kind in KINDS if wanted[kind] or wanted["all"]]
    if not kinds and not wanted["for_office"]:
        raise Problem("papers.nothing_asked")
    plan, workspace = open_plan(plan_name, workspace_folder)
    publication = Publication.of(plan, workspace)
    target = Path(folder) if folder else Path(OUTPUTS) / plan.id
    tasks = [
        task for kind in kinds for task in tasks_of(kind, publication, target, session.language)
    ]
    if wanted["for_office"]:
        tasks.append(_households(publication, target, session.language))
    rows = []
    with working(len(tasks)) as begin:
        for task in tasks:
            told = session.say(f"cli.papers.{task.name}")
            begin(session.say("cli.papers.working", what=told))
            written = task.write(task.path)
            path = written if isinstance(written, Path) else task.path
            rows.append((short_path(path), told))
    for warning in publication.warnings(session.language):
        show_banner(warning)
    show_table([session.say("cli.export.file"), session.say("cli.export.what")], rows)


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
