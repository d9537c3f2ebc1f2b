"""``phaenthi readback``: an edited register comes back as decisions with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from phaenthi.apps.commands.plans import show_plan
from phaenthi.apps.commands.screen import show_lines, working
from phaenthi.apps.commands.spoken import SpokenCommand, read_pairs, session_of, workspace_option
from phaenthi.apps.intake.returned_register import as_overrides, departure_lines, read_back
from phaenthi.apps.planning.plans import make_plan, open_plan
from phaenthi.apps.publication.published_plan import Publication


@click.command(cls=SpokenCommand, help="cli.readback")
@click.argument("plan_name", metavar="PLAN", help="cli.options.plan")
@click.argument("register", metavar="REGISTER.xlsx", help="cli.options.register_back")
@click.option(
    "--reason", "reasons", metavar="VILLAGE=REASON", multiple=True, help="cli.options.reason_back"
)
@click.option("--decided-by", default="", metavar="WHO", help="cli.options.decided_by")
@workspace_option()
@click.pass_context
def readback(
    context: click.Context,
    plan_name: str,
    register: str,
    reasons: Sequence[str],
    decided_by: str,
    workspace_folder: str,
) -> None:
    """Tell what an edited register changes, and make the plan again once all has its reason."""
    session = session_of(context)
    plan, workspace = open_plan(plan_name, workspace_folder)
    publication = Publication.of(plan, workspace)
    found = read_back(publication, Path(register))
    if not found.departures:
        show_lines([session.say("returned.same", plan=plan.id, villages=found.listed)])
        return
    show_lines(
        [
            session.say("returned.differs", plan=plan.id, count=len(found.departures)),
            *departure_lines(found.departures, session.language),
        ]
    )
    overrides = as_overrides(publication, found, read_pairs("--reason", reasons), decided_by)
    with working(3) as begin:
        made = make_plan(
            workspace,
            plan.programme_id,
            plan.provinces,
            readings=plan.readings,
            overrides=overrides,
            numbers=plan.numbers,
            begin=lambda step: begin(session.say(f"cli.choose.{step}")),
        )
    show_plan(session, Publication.of(made, workspace))
