"""``phaenthi verify``: the check of a plan, or of a package by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from phaenthi.apps.commands.exit_codes import ExitCode
from phaenthi.apps.commands.screen import show_banner, show_json, show_lines, working
from phaenthi.apps.commands.spoken import (
    Session,
    SpokenCommand,
    json_option,
    session_of,
    workspace_option,
)
from phaenthi.apps.exports.sealed_package import Edition, check_package, say_failure
from phaenthi.apps.planning.plans import open_plan
from phaenthi.apps.planning.units import evidence_of, load_programme
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.targeting.plan import certificate
from phaenthi.targeting.plan.certificate import Outcome
from phaenthi.targeting.proof.verdict import Failure
from phaenthi.wording import Problem

# A record whose parts are not what it says of them is no file to mend: it has been altered.
_ALTERED = "targeting.plan_damaged"

EXIT_CODES: Mapping[Outcome, ExitCode] = MappingProxyType(
    {"stands": ExitCode.DONE, "open": ExitCode.OPEN, "falls": ExitCode.FALLS}
)


@dataclass(frozen=True)
class Verified:
    """A check and what it rests on.

    Attributes
    ----------
    edition
        Of a package; ``None`` for a plan in its workspace.
    optimum_proved
        Whether it was counted again that no choice is better.
    against_inputs
        Whether the layers themselves were at hand, so that the plan was made again from them.
    failures
        What does not hold: id and sentence.
    said
        Sentences of the answer; what is wrong where it falls.
    banners
        What must not be overlooked besides.
    """

    plan_id: str
    edition: Edition | None
    outcome: Outcome
    optimum_proved: bool
    against_inputs: bool
    made_up: bool
    failures: tuple[dict[str, str], ...]
    said: tuple[str, ...]
    banners: tuple[str, ...] = ()

    def answer(self) -> dict[str, Any]:
        """Return what a script is told."""
        return {
            "plan": self.plan_id,
            "edition": self.edition,
            "outcome": self.outcome,
            "optimum_proved": self.optimum_proved,
            "against_inputs": self.against_inputs,
            "made_up": self.made_up,
            "failures": list(self.failures),
        }


@click.command(cls=SpokenCommand, help="cli.verify")
@click.argument("plan_name", metavar="PLAN", help="cli.options.plan_or_package")
@workspace_option()
@json_option()
@click.pass_context
def verify(context: click.Context, plan_name: str, workspace_folder: str) -> None:
    """Check a plan against its rules and inputs, or a package by itself."""
    session = session_of(context)
    if plan_name.lower().endswith(".zip"):
        found = _of_package(session, Path(plan_name))
    else:
        found = _of_plan(session, plan_name, workspace_folder)
    if session.as_json:
        show_json(found.answer())
    else:
        show_lines(found.said, errors=found.outcome == "falls")
        for banner in found.banners:
            show_banner(banner)
    context.exit(EXIT_CODES[found.outcome])


def _of_package(session: Session, path: Path) -> Verified:
    with working(1) as begin:
        begin(session.say("cli.verify.working"))
        found = check_package(path)
    said = [
        session.say("package.stands", plan=found.plan_id),
        session.say(f"package.optimum_{found.optimum}"),
        session.say(f"package.edition.{found.edition}"),
    ]
    outcome: Outcome = "open" if found.optimum == "open" else "stands"
    if not found.stands:
        outcome, said = "falls", [found.problem(path, session.language).sentence(session.language)]
    return Verified(
        plan_id=found.plan_id,
        edition=found.edition,
        outcome=outcome,
        optimum_proved=found.optimum_proved,
        against_inputs=False,
        made_up=found.made_up,
        failures=_told(found.failures, session),
        said=tuple(said),
        banners=(session.say("export.made_up"),) if found.made_up else (),
    )


def _of_plan(session: Session, name: str, workspace_folder: str) -> Verified:
    try:
        plan, workspace = open_plan(name, workspace_folder)
    except Problem as problem:
        if problem.message_id != _ALTERED:
            raise
        return _altered(problem, session)
    publication = Publication.of(plan, workspace)
    with working(1) as begin:
        begin(session.say("cli.verify.working"))
        evidence = evidence_of(plan, workspace)
        own = load_programme(workspace, plan.programme_id)
        report = certificate.check(plan, own, evidence)
    if report.stands:
        stands = session.say(f"cli.verify.{report.outcome}", plan=plan.id)
        said = (stands, *publication.proofs(session.language))
    else:
        failures = " · ".join(say_failure(one, session.language) for one in report.failures)
        fallen = Problem("cli.plan_does_not_stand", plan=plan.id, failures=failures)
        said = (fallen.sentence(session.language),)
    return Verified(
        plan_id=plan.id,
        edition=None,
        outcome=report.outcome,
        optimum_proved=report.outcome == "stands",
        against_inputs=report.against_inputs,
        made_up=publication.made_up,
        failures=_told(report.failures, session),
        said=said,
        banners=tuple(publication.warnings(session.language)),
    )


def _altered(problem: Problem, session: Session) -> Verified:
    """Return the check of a plan whose files are not those that it was saved with."""
    said = problem.sentence(session.language)
    return Verified(
        plan_id=str(problem.values["plan"]),
        edition=None,
        outcome="falls",
        optimum_proved=False,
        against_inputs=False,
        made_up=False,
        failures=({"id": problem.message_id, "sentence": said},),
        said=(said,),
    )


def _told(failures: Iterable[Failure], session: Session) -> tuple[dict[str, str], ...]:
    return tuple(
        {"id": one.wording, "sentence": say_failure(one, session.language)} for one in failures
    )
