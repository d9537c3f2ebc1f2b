"""``phaenthi package``: a plan in one file that anyone can check."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from phaenthi.apps.commands.export import OUTPUTS
from phaenthi.apps.commands.screen import show_banner, show_hints, show_lines, working
from phaenthi.apps.commands.spoken import SpokenCommand, session_of, workspace_option
from phaenthi.apps.exports.sealed_package import Edition, package_papers, write_package
from phaenthi.apps.planning.plans import open_plan
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.geo.extras import command_for, is_installed
from phaenthi.wording.hints import short_path

_BYTES = 1_000_000
# The exit code where a plan keeps the rules and it stays open whether another is better.
EXIT_OPEN = 3


@click.command(cls=SpokenCommand, help="cli.package")
@click.argument("plan_name", metavar="PLAN", help="cli.options.plan")
@click.option("--office", is_flag=True, help="cli.options.office")
@click.option("--to", "target", metavar="DIR", default=None, help="cli.options.package_to")
@workspace_option()
@click.pass_context
def package(
    context: click.Context, plan_name: str, office: bool, target: str | None, workspace_folder: str
) -> None:
    """Write the package of a plan, checked before it is handed over."""
    session = session_of(context)
    plan, workspace = open_plan(plan_name, workspace_folder)
    publication = Publication.of(plan, workspace)
    edition: Edition = "office" if office else "public"
    path = Path(target or OUTPUTS)
    if path.suffix.lower() != ".zip":
        path /= f"{plan.id}-{edition}.zip"
    with working(2) as begin, tempfile.TemporaryDirectory(prefix="phaenthi-") as scratch:
        begin(session.say("package.step"))
        papers = package_papers(publication, Path(scratch), session.language)
        write_package(publication, papers, path, edition=edition)
    size = f"{path.stat().st_size / _BYTES:,.1f} MB"
    told = {"plan": plan.id, "file": short_path(path), "files": len(papers), "size": size}
    show_lines([session.say("package.written", **told)])
    show_lines([session.say(f"package.edition.{edition}")])
    for warning in publication.warnings(session.language):
        show_banner(warning)
    if not is_installed("pictures"):
        show_hints([session.say("package.no_picture", command=command_for("pictures"))])
    check = session.typed("verify", short_path(path))
    show_hints([session.say("cli.next.title"), session.say("cli.next.verify", command=check)])
