"""``phaenthi package`` and ``verify``: a plan in one file, and the check of it or of a plan."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from phaenthi.apps.commands.export import OUTPUTS
from phaenthi.apps.commands.screen import short_path, show_lines, working
from phaenthi.apps.commands.spoken import Session, SpokenCommand, session_of, workspace_option
from phaenthi.apps.exports.sealed_package import (
    Checked,
    Edition,
    check_package,
    package_papers,
    say_failure,
    write_package,
)
from phaenthi.apps.planning.plans import open_plan
from phaenthi.apps.planning.units import evidence_of, load_programme
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.geo.extras import command_for, is_installed
from phaenthi.targeting.plan import certificate
from phaenthi.wording import Problem

_BYTES = 1_000_000
# The exit code where a plan keeps the rules and it stays open whether another is better.
EXIT_OPEN = 3


@click.command(cls=SpokenCommand, help="cli.package")
@click.argument("plan_name", metavar="PLAN", help="cli.options.plan")
@click.option("--office", is_flag=True, help="cli.options.office")
@click.option("--to", "folder", metavar="DIR", default=None, help="cli.options.to")
@workspace_option()
@click.pass_context
def package(
    context: click.Context, plan_name: str, office: bool, folder: str | None, workspace_folder: str
) -> None:
    """Write the package of a plan, checked before it is handed over."""
    session = session_of(context)
    plan, workspace = open_plan(plan_name, workspace_folder)
    publication = Publication.of(plan, workspace)
    edition: Edition = "office" if office else "public"
    path = Path(folder) if folder else Path(OUTPUTS)
    path = path / f"{plan.id}-{edition}.zip"
    with working(2) as begin, tempfile.TemporaryDirectory(prefix="phaenthi-") as scratch:
        begin(session.say("package.step"))
        papers = package_papers(publication, Path(scratch), session.language)
        write_package(publication, papers, path, edition=edition)
    size = f"{path.stat().st_size / _BYTES:,.1f} MB"
    told = {"plan": plan.id, "file": short_path(path), "files": len(papers), "size": size}
    show_lines([session.say("package.written", **told)])
    show_lines([session.say(f"package.edition.{edition}"), *publication.warnings(session.language)])
    if not is_installed("pictures"):
        show_lines([session.say("package.no_picture", command=command_for("pictures"))])


def verify_package(session: Session, path: Path) -> Checked:
    """Check a package without any workspace, tell and return what was found.

    Raises
    ------
    Problem
        ``package.does_not_stand``, ``package.unreadable``.
    """
    found = check_package(path)
    if not found.stands:
        raise found.problem(path, session.language)
    show_lines(
        [
            session.say("package.stands", plan=found.plan_id),
            session.say(f"package.optimum_{found.optimum}"),
            session.say(f"package.edition.{found.edition}"),
            *([session.say("export.made_up")] if found.made_up else []),
        ]
    )
    return found


@click.command(cls=SpokenCommand, help="cli.verify")
@click.argument("plan_name", metavar="PLAN", help="cli.options.plan")
@workspace_option()
@click.pass_context
def verify(context: click.Context, plan_name: str, workspace_folder: str) -> None:
    """Check a plan against its rules and inputs, or a package by itself."""
    session = session_of(context)
    if plan_name.lower().endswith(".zip"):
        if verify_package(session, Path(plan_name)).optimum == "open":
            context.exit(EXIT_OPEN)
        return
    plan, workspace = open_plan(plan_name, workspace_folder)
    publication = Publication.of(plan, workspace)
    with working(1) as begin:
        begin(session.say("cli.verify.working"))
        evidence = evidence_of(plan, workspace)
        own = load_programme(workspace, plan.programme_id)
        report = certificate.check(plan, own, evidence)
    if not report.stands:
        failures = " · ".join(say_failure(one, session.language) for one in report.failures)
        raise Problem("cli.plan_does_not_stand", plan=plan.id, failures=failures)
    show_lines(
        [
            session.say(f"cli.verify.{report.outcome}", plan=plan.id),
            *publication.proofs(session.language),
            *publication.warnings(session.language),
        ]
    )
    if report.outcome == "open":
        context.exit(EXIT_OPEN)
