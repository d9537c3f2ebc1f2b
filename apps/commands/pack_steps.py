"""``phaenthi pack steps``: the order of a programme's steps, and whether dates keep it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from phaenthi.apps.commands.pack_folder import packs_option
from phaenthi.apps.commands.screen import show_lines, show_table
from phaenthi.apps.commands.spoken import Session, SpokenCommand, read_pairs, session_of
from phaenthi.apps.dates import told_date
from phaenthi.layers.tables.thai_dates import read_date
from phaenthi.targeting.programme import programme as programmes
from phaenthi.targeting.programme.steps import Dates, check_dates
from phaenthi.targeting.rules.rule import OrderRule
from phaenthi.wording import Problem

TO = ".."


@click.command("steps", cls=SpokenCommand, help="cli.pack.steps")
@click.argument("name", metavar="PACK", help="cli.options.pack")
@click.option("--date", "dates", metavar="STEP=DAY", multiple=True, help="cli.options.step_dates")
@packs_option()
@click.pass_context
def steps(context: click.Context, name: str, dates: Sequence[str], own_folder: Path) -> None:
    """Show the steps in their order, and what is wrong with the dates given."""
    session = session_of(context)
    found = programmes.load(name, (own_folder,))
    rules = found.all_of(OrderRule)
    if not rules:
        raise Problem("cli.no_steps", pack=found.id)
    given = {step: read_days(text) for step, text in read_pairs("--date", dates).items()}
    known = [step.id for rule in rules for step in rule.steps]
    strange = sorted(set(given) - set(known))
    if strange:
        raise Problem("cli.step_unknown", found=", ".join(strange), known=", ".join(known))
    for rule in rules:
        _show(session, rule, {step: days for step, days in given.items() if step in known})


def read_days(text: str) -> Dates:
    """Read ``19/3/2568`` or ``19/3/2568..21/3/2568`` as a first and a last day."""
    days = tuple(map(read_date, text.split(TO)))
    first, last = days[0], days[-1]
    if len(days) > 2 or first is None or last is None or first > last:
        raise Problem("cli.days_unreadable", found=text)
    return first, last


def _show(session: Session, rule: OrderRule, dates: dict[str, Dates]) -> None:
    show_lines([rule.words.say(session.language)])
    rows = []
    for number, step in enumerate(rule.steps, start=1):
        told = [told_date(day, session.language) for day in dict.fromkeys(dates.get(step.id, ()))]
        says, by = step.words.say(session.language), step.by.say(session.language)
        rows.append((number, step.id, says, by, " – ".join(told) or None))
    heads = [session.say(f"cli.pack.steps.{one}") for one in ("number", "id", "says", "by", "days")]
    show_table(heads, rows, numbers=(0,))
    if dates:
        wrong = [
            one.sentence(rule, session.language)
            for one in check_dates(
                rule, {step.id: dates[step.id] for step in rule.steps if step.id in dates}
            )
        ]
        show_lines(wrong or [session.say("cli.pack.steps.fine")])
