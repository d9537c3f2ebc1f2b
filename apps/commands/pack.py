"""``phaenthi pack``: which rule packs there are, what they say, and how a new one is begun."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from phaenthi.apps.commands.exit_codes import ExitCode
from phaenthi.apps.commands.pack_folder import packs_option
from phaenthi.apps.commands.pack_steps import steps
from phaenthi.apps.commands.screen import (
    show_banner,
    show_hints,
    show_json,
    show_lines,
    show_table,
)
from phaenthi.apps.commands.spoken import (
    Session,
    SpokenCommand,
    SpokenGroup,
    json_option,
    session_of,
)
from phaenthi.targeting.programme import programme as programmes
from phaenthi.targeting.programme.packcopy import copy_for
from phaenthi.targeting.programme.programme import Programme
from phaenthi.targeting.programme.table_checks import Check, check_programme
from phaenthi.targeting.rules.rule import Rule
from phaenthi.wording import Problem
from phaenthi.wording.hints import short_path

LONGEST_LIST = 30


@click.group(cls=SpokenGroup, help="cli.pack")
def pack() -> None:
    """Read, check and copy rule packs."""


pack.add_command(steps)


@pack.command("list", cls=SpokenCommand, help="cli.pack.list")
@packs_option()
@click.pass_context
def list_packs(context: click.Context, own_folder: Path) -> None:
    """Show the packs that there are."""
    session = session_of(context)
    rows: list[tuple[str, str | None, str, str]] = []
    for entry in programmes.packs((own_folder,)):
        try:
            found = programmes.load(entry.path)
        except Problem as problem:
            rows.append((entry.id, None, "–", problem.sentence(session.language)))
            continue
        unit = session.say(f"packpage.unit.{found.unit}")
        rows.append((found.id, str(found.pack.fiscal_year), unit, found.name(session.language)))
    heads = ("id", "fiscal_year", "unit_label", "name")
    show_table([session.say(f"packpage.{head}") for head in heads], rows)


@pack.command(cls=SpokenCommand, help="cli.pack.show")
@click.argument("name", metavar="PACK", help="cli.options.pack")
@packs_option()
@click.pass_context
def show(context: click.Context, name: str, own_folder: Path) -> None:
    """Show every rule of a pack with its reading, reference and origin."""
    session = session_of(context)
    found = programmes.load(name, (own_folder,))
    show_lines([found.name(session.language)])
    show_lines(f"{short}: {words.say(session.language)}" for short, words in found.document.items())
    rows = [_rule_row(session, rule) for rule in found.rules]
    heads = ("rule", "says", "reference", "origin")
    show_table([session.say(f"cli.pack.show.{head}") for head in heads], rows)
    show_lines(_notes(session, found))


def _rule_row(session: Session, rule: Rule) -> tuple[str, str, str, str]:
    language = session.language
    says = rule.words.say(language)
    if rule.reading is not None:
        others = ", ".join(name for name in rule.readings if name != rule.reading)
        says += "\n" + session.say("cli.pack.show.reading", chosen=rule.reading, others=others)
    origin = f"{session.say(f'force.{rule.force}')} · {session.say(f'origin.{rule.origin}')}"
    return f"{rule.id}\n{rule.kind}", says, f"{rule.clause.document} · {rule.clause.item}", origin


def _notes(session: Session, found: Programme) -> list[str]:
    notes = [check for check in check_programme(found) if check.severity != "fine"]
    return [_told(session, check) for check in notes]


def _told(session: Session, check: Check) -> str:
    mark = session.say(f"check.severity.{check.severity}")
    return f"{mark}: {check.sentence(session.language)}"


@pack.command(cls=SpokenCommand, help="cli.pack.check")
@click.argument("name", metavar="PACK", help="cli.options.pack")
@packs_option()
@json_option()
@click.pass_context
def check(context: click.Context, name: str, own_folder: Path) -> None:
    """Check a pack and its tables; the first error names file, line and field."""
    session = session_of(context)
    found = programmes.load(name, (own_folder,))
    checks = check_programme(found)
    wrong = [one for one in checks if one.severity == "wrong"]
    if session.as_json:
        show_json(_check_answer(session, found, checks))
        context.exit(ExitCode.TO_MEND if wrong else ExitCode.DONE)
    show_lines(_told(session, one) for one in checks)
    if wrong:
        said = " · ".join(one.sentence(session.language) for one in wrong)
        raise Problem("cli.pack_wrong", file=found.file.path, found=said)
    count = len(found.rules)
    show_lines([session.say("cli.pack.check.fine", pack=found.id, count=count)])


def _check_answer(session: Session, found: Programme, checks: Sequence[Check]) -> dict[str, Any]:
    return {
        "pack": found.id,
        "file": str(found.file.path),
        "fiscal_year": found.pack.fiscal_year,
        "unit": found.unit,
        "rules": len(found.rules),
        "fine": all(one.severity != "wrong" for one in checks),
        "checks": [
            {
                "severity": one.severity,
                "id": one.wording,
                "sentence": one.sentence(session.language),
            }
            for one in checks
        ],
    }


@pack.command(cls=SpokenCommand, help="cli.pack.new")
@click.argument("name", metavar="PACK", help="cli.options.pack")
@click.argument("fiscal_year", metavar="YEAR", type=int, help="cli.options.fiscal_year")
@click.option("--to", "folder", metavar="DIR", default=None, help="cli.options.pack_folder")
@packs_option()
@click.pass_context
def new(
    context: click.Context, name: str, fiscal_year: int, folder: str | None, own_folder: Path
) -> None:
    """Begin next year's pack from this year's."""
    session = session_of(context)
    found = programmes.load(name, (own_folder,))
    copied = copy_for(found, fiscal_year, Path(folder) if folder else own_folder)
    show_lines([session.say("cli.pack.new.written", file=short_path(copied.path))])
    rows = [(change.row, change.before, change.after) for change in copied.changes[:LONGEST_LIST]]
    heads = [session.say(f"cli.pack.new.{head}") for head in ("row", "before", "after")]
    show_table(heads, rows, numbers=[0])
    if len(copied.changes) > LONGEST_LIST:
        rest = len(copied.changes) - LONGEST_LIST
        show_lines([session.say("cli.pack.new.more", count=rest)])
    show_banner(session.say("cli.pack.new.review"))
    show_lines(f"  ☐ {one}" for one in copied.sentences(session.language))
    command = session.typed("pack", "check", short_path(copied.path))
    show_hints([session.say("cli.pack.new.then", command=command)])
