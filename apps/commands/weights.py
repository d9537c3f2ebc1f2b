"""``phaenthi weights``: over which weights of need each chosen unit stays chosen."""

from __future__ import annotations

from collections.abc import Callable

import click
import pandas as pd

from phaenthi.apps.commands.layer_screen import write_list
from phaenthi.apps.commands.plan_words import made_up_banner
from phaenthi.apps.commands.screen import show_banner, show_lines, show_table, working
from phaenthi.apps.commands.spoken import Session, SpokenCommand, session_of, workspace_option
from phaenthi.apps.planning.plans import open_plan
from phaenthi.apps.planning.units import programme_of
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.targeting.plan.numbers import read_as
from phaenthi.targeting.plan.record import Plan
from phaenthi.targeting.plan.whatif import weight_ranges
from phaenthi.targeting.programme.programme import Programme
from phaenthi.wording import Problem

LONGEST_LIST = 40
MOST = 100


@click.command(cls=SpokenCommand, help="cli.weights")
@click.argument("plan_name", metavar="PLAN", help="cli.options.plan")
@click.option("--to", "target", metavar="CSV", default=None, help="cli.options.list_to")
@workspace_option()
@click.pass_context
def weights(
    context: click.Context, plan_name: str, target: str | None, workspace_folder: str
) -> None:
    """Show the range of each weight over which each chosen unit stays chosen."""
    session = session_of(context)
    plan, workspace = open_plan(plan_name, workspace_folder)
    own = programme_of(plan, workspace)
    read = read_as(plan, own)
    rule = read.need()
    if rule is None or not any(part.weight for part in rule.parts):
        raise Problem("cli.no_weights", plan=plan.id)
    for warning in made_up_banner(session, plan, workspace):
        show_banner(warning)
    with working(len(plan.provinces)) as begin:
        tables = [_of_province(session, plan, read, province, begin) for province in plan.provinces]
    table = pd.concat(tables, ignore_index=True).sort_values(["room", "unit_code", "part"])
    show_lines([session.say("cli.weights.lead", plan=plan.id, most=MOST)])
    words = {part.id: part.words.say(session.language) for part in rule.parts}
    columns = ["unit_code", "part", "weight", "lowest", "highest"]
    rows = [
        (code, words[part], weight, lowest, _highest(session, highest))
        for code, part, weight, lowest, highest in table[columns].head(LONGEST_LIST).to_numpy()
    ]
    heads = [session.say(f"cli.weights.{head}") for head in _HEADS]
    show_table(heads, rows, numbers=(2, 3, 4))
    if len(table) > LONGEST_LIST:
        show_lines([session.say("cli.weights.more", count=f"{len(table) - LONGEST_LIST:,}")])
    if target:
        write_list(table.drop(columns="room"), target, session)


_HEADS = ("unit", "part", "weight", "lowest", "highest")


def _of_province(
    session: Session, plan: Plan, programme: Programme, province: str, begin: Callable[[str], None]
) -> pd.DataFrame:
    """Return the ranges of a province; ``room`` is the smallest change that would turn it out."""
    begin(session.say("cli.weights.working", province=name_of(province, session.language)))
    locks = {one.unit_code: one.action == "in" for one in plan.overrides}
    ranges = weight_ranges(programme, plan.units, province, locks=locks, most=MOST)
    below = ranges["weight"] - ranges["lowest"] + 1
    above = (ranges["highest"] - ranges["weight"] + 1).where(ranges["highest"] < MOST)
    below = below.where(ranges["lowest"] > 0)
    nearest = pd.concat([below, above], axis=1).min(axis=1).fillna(MOST + 1).astype("int64")
    return ranges.assign(room=nearest)


def _highest(session: Session, weight: int) -> str:
    return session.say("cli.weights.or_more", weight=weight) if weight >= MOST else str(weight)
