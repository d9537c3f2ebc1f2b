"""``phaenthi group``: the register of occupational groups and how ready they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import pandas as pd

from phaenthi.apps.commands.layer_screen import plain_rows, tell_source, write_list
from phaenthi.apps.commands.plan_words import chosen_units
from phaenthi.apps.commands.screen import show_lines, show_table
from phaenthi.apps.commands.spoken import SpokenCommand, SpokenGroup, session_of, workspace_option
from phaenthi.apps.planning.plans import open_plan
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.places.gazetteer import find_province, name_of
from phaenthi.layers.contracts.groups import FIVE_K
from phaenthi.layers.groups.readiness import (
    checked_by_hand,
    checklist,
    five_k,
    grades,
    otop_readiness,
)
from phaenthi.layers.groups.register import FORM, group_register
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Language, Problem

SHOWN = 40


@click.group(cls=SpokenGroup, help="cli.group")
def group() -> None:
    """Look at occupational groups."""


@group.command(cls=SpokenCommand, help="cli.group.register")
@click.option("--province", default="", metavar="NAME", help="cli.options.one_province")
@click.option("--plan", "plan_id", default="", metavar="PLAN", help="cli.options.plan_of_groups")
@click.option("--to", "target", metavar="CSV", default=None, help="cli.options.list_to")
@workspace_option()
@click.pass_context
def register(
    context: click.Context,
    province: str,
    plan_id: str,
    target: str | None,
    workspace_folder: str,
) -> None:
    """Show the register of groups, all or those that a plan chose."""
    session, opened = session_of(context), Workspace.open(Path(workspace_folder))
    groups = _groups(opened, province, session.language)
    codes: Sequence[str] | None = None
    if plan_id:
        codes = chosen_units(open_plan(plan_id, workspace_folder)[0])
    villages = pd.DataFrame(opened.table("villages"))[["village_code", "name_th"]]
    table = group_register(groups, villages, codes, session.language)
    tell_source(opened, "groups", session)
    heads = [session.say(f"cli.group.form.{name}") for name in FORM]
    shown = table[list(FORM)].head(SHOWN)
    show_table(heads, [tuple(row) for row in plain_rows(shown)], numbers=(0, 4))
    if len(table) > SHOWN:
        show_lines([session.say("cli.group.more", count=f"{len(table) - SHOWN:,}")])
    if target:
        write_list(table, target, session)


@group.command(cls=SpokenCommand, help="cli.group.readiness")
@click.option("--province", default="", metavar="NAME", help="cli.options.one_province")
@click.option("--to", "target", metavar="CSV", default=None, help="cli.options.list_to")
@workspace_option()
@click.pass_context
def readiness(
    context: click.Context, province: str, target: str | None, workspace_folder: str
) -> None:
    """Show 5ก, grades of potential and the checklist before OTOP."""
    session, opened = session_of(context), Workspace.open(Path(workspace_folder))
    groups = _groups(opened, province, session.language)
    five, ready = five_k(groups), otop_readiness(groups, session.language)
    tell_source(opened, "groups", session)
    answers = [
        *((session.say(f"layers.columns.{name}"), five[name]) for name in FIVE_K),
        (session.say("cli.group.complete"), five["complete"]),
        *((item.say(session.language), ready[item.id]) for item in checklist()),
        (session.say("cli.group.ready"), ready["ready"]),
    ]
    rows = [
        (
            words,
            int(values.fillna(value=False).sum()),
            int((~values).fillna(value=False).sum()),
            int(values.isna().sum()),
        )
        for words, values in answers
    ]
    heads = [
        session.say(f"cli.group.{name}")
        for name in ("asked", "answered_yes", "answered_no", "unknown")
    ]
    show_table(heads, rows, numbers=(1, 2, 3))
    graded = five["potential"].value_counts()
    lines = [
        session.say(
            "cli.group.grade",
            grade=one.id,
            words=one.say(session.language),
            count=f"{int(graded.get(one.id, 0)):,}",
        )
        for one in grades()
    ]
    by_hand = session.say("cli.group.by_hand", items="; ".join(checked_by_hand(session.language)))
    show_lines([*lines, session.say("cli.group.grades_assumed"), by_hand])
    if target:
        write_list(five.merge(ready, on="group_id"), target, session)


def _groups(workspace: Workspace, province: str, language: Language) -> pd.DataFrame:
    groups = pd.DataFrame(workspace.table("groups"))
    groups = groups.drop(columns=[name for name in ("geometry",) if name in groups])
    if province:
        code = find_province(province)
        inside = parent_code(groups["village_code"].astype("string"), Level.PROVINCE) == code
        groups = groups[inside].reset_index(drop=True)
    if groups.empty:
        where = name_of(find_province(province), language) if province else ""
        raise Problem("cli.no_groups", province=where)
    return groups
