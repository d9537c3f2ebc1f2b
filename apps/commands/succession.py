"""``phaenthi register successor``: what became of an abolished area, step by step."""

from __future__ import annotations

import click

from phaenthi.apps.commands.screen import show_lines, show_table
from phaenthi.apps.commands.spoken import SpokenCommand, session_of
from phaenthi.apps.dates import told_date
from phaenthi.geo.places.codes import Level, level_of, parent_code
from phaenthi.geo.places.gazetteer import exists, name_of
from phaenthi.geo.places.succession import successor_chain
from phaenthi.wording import Language, Problem


@click.command("successor", cls=SpokenCommand, help="cli.register.successor")
@click.argument("code", metavar="CODE", help="cli.options.old_code")
@click.pass_context
def successor(context: click.Context, code: str) -> None:
    """Show what became of a code: when it ended, on what ground, and its codes of today."""
    session = session_of(context)
    known = code if code.isdigit() and len(code) in {level.digits for level in Level} else ""
    if not known:
        raise Problem("cli.old_code_unreadable", found=code)
    ends = successor_chain(known)
    if not ends:
        area = parent_code(known, Level.TAMBON) if level_of(known) is Level.VILLAGE else known
        if not exists(area):
            raise Problem("cli.old_code_unknown", found=code)
        show_lines([session.say("cli.register.successor.in_use", code=code)])
        return
    rows = [
        (
            end.code,
            end.name_th,
            told_date(end.ended_on, session.language),
            ", ".join(_named(one, session.language) for one in end.successors) or None,
            session.say(f"cli.register.successor.basis_{end.basis or 'none'}"),
            end.source,
        )
        for end in ends
    ]
    heads = ("code", "name", "ended", "went_to", "basis", "source")
    show_table([session.say(f"cli.register.successor.{head}") for head in heads], rows)


def _named(code: str, language: Language) -> str:
    level = level_of(code)
    return code if level is Level.VILLAGE else f"{code} {name_of(code, language)}"
