"""``phaenthi papers``: letters, forms, summaries and pictures of a plan."""

from __future__ import annotations

from pathlib import Path

import click

from phaenthi.apps.commands.export import OUTPUTS
from phaenthi.apps.commands.screen import show_banner, show_table, working
from phaenthi.apps.commands.spoken import Decorator, SpokenCommand, session_of, workspace_option
from phaenthi.apps.papers.tasks import DRAWN, KINDS, _households, tasks_of
from phaenthi.apps.planning.plans import open_plan
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.geo.extras import require
from phaenthi.wording import Problem
from phaenthi.wording.hints import short_path


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
    if DRAWN & set(kinds):
        require("pictures")
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
