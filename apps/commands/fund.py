"""``phaenthi fund``: how the funds of a province fare, who has none, what would help."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from phaenthi.apps.commands.layer_screen import plain_rows, tell_source, write_list
from phaenthi.apps.commands.screen import show_lines, show_table
from phaenthi.apps.commands.spoken import (
    Session,
    SpokenCommand,
    SpokenGroup,
    session_of,
    workspace_option,
)
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.places.gazetteer import find_province, name_of
from phaenthi.layers.funds.coverage import ANY, coverage_of_poor, villages_without
from phaenthi.layers.funds.levels import UNKNOWN, areas_without_count, of_year, printed_table
from phaenthi.layers.funds.remedies import remedies, remedy_counts, source_of_remedies
from phaenthi.layers.funds.summary import levels_of_funds, summary_by_amphoe
from phaenthi.layers.funds.types import find_fund_type, fund_type, fund_types
from phaenthi.layers.villages import table as village_layer
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem


@click.group(cls=SpokenGroup, help="cli.fund")
def fund() -> None:
    """Look at community funds."""


@fund.command(cls=SpokenCommand, help="cli.fund.summary")
@click.option("--province", required=True, metavar="NAME", help="cli.options.one_province")
@workspace_option()
@click.pass_context
def summary(context: click.Context, province: str, workspace_folder: str) -> None:
    """Show the funds of each amphoe by kind and level, and their money."""
    session, code, opened = session_of(context), find_province(province), _open(workspace_folder)
    levels, source = _levels(opened, code)
    if levels.empty:
        raise Problem("cli.no_funds", province=name_of(code, session.language))
    table = printed_table(levels, language=session.language)
    tell_source(opened, source, session)
    heads = [session.say("cli.fund.amphoe"), *(_head(name, session) for name in table.columns[2:])]
    rows = [tuple(row) for row in plain_rows(table.drop(columns="area_code"))]
    show_table(heads, rows, numbers=range(1, len(heads)))
    show_lines([session.say("cli.fund.level_words")])
    untold = areas_without_count(levels, [code])["code"]
    if len(untold):
        names = ", ".join(name_of(area, session.language) for area in untold)
        show_lines([session.say("cli.fund.untold", count=len(untold), names=names)])
    funds = _funds(opened, code)
    if funds.empty:
        return
    tell_source(opened, "funds", session)
    money = ("members", "capital_baht", "loans_baht", "overdue_baht")
    by_amphoe = summary_by_amphoe(funds, session.language)
    shown = by_amphoe[["name", "villages", "funds", *money, "overdue_percent"]].copy()
    shown[list(money)] = shown[list(money)].round().astype("Int64")
    shown["overdue_percent"] = shown["overdue_percent"].round(1)
    heads = [
        session.say(f"cli.fund.{name}")
        for name in ("amphoe", "villages", "funds", *money, "overdue_percent")
    ]
    show_table(heads, [tuple(row) for row in plain_rows(shown)], numbers=range(1, len(heads)))


@fund.command(cls=SpokenCommand, help="cli.fund.gaps")
@click.option("--province", required=True, metavar="NAME", help="cli.options.one_province")
@click.option("--kind", default="", metavar="NAME", help="cli.options.fund_kind")
@click.option("--to", "target", metavar="CSV", default=None, help="cli.options.list_to")
@workspace_option()
@click.pass_context
def gaps(
    context: click.Context, province: str, kind: str, target: str | None, workspace_folder: str
) -> None:
    """Show who has no fund, and how many of the poor live there."""
    session, code, opened = session_of(context), find_province(province), _open(workspace_folder)
    funds = _funds(opened, code)
    if funds.empty:
        raise Problem("cli.no_funds", province=name_of(code, session.language))
    villages = pd.DataFrame(village_layer.build(opened, province=code).drop(columns="geometry"))
    villages = villages[~villages["municipal"].fillna(value=False).astype(bool)]
    wanted = [_kind(kind)] if kind else [one.id for one in fund_types()]
    missing = villages_without(funds, villages, wanted)
    certain = missing[missing["without"].fillna(value=False).astype(bool)]
    counts = certain.groupby("fund_type").size()
    unknown = missing[missing["without"].isna()].groupby("fund_type").size()
    tell_source(opened, "funds", session)
    rows = [
        (
            fund_type(one).name(session.language),
            len(villages),
            int(counts.get(one, 0)),
            int(unknown.get(one, 0)),
        )
        for one in wanted
    ]
    names = ("kind", "villages", "without", "cannot_say")
    show_table([session.say(f"cli.fund.{name}") for name in names], rows, numbers=(1, 2, 3))
    covered = coverage_of_poor(
        funds, villages, wanted[0] if kind else ANY, language=session.language
    )
    covered["name"] = covered["name"].mask(covered["code"] == "", session.say("cli.fund.all"))
    covered["percent_covered"] = covered["percent_covered"].round(1)
    shown = ("name", "villages_with", "villages_without", "poor", "poor_with", "poor_without")
    columns = [*shown, "percent_covered"]
    heads = [session.say(f"cli.fund.{name}") for name in ("amphoe", *columns[1:])]
    show_table(heads, [tuple(row) for row in plain_rows(covered[columns])], numbers=range(1, 7))
    if covered["hidden"].any():
        show_lines([session.say("cli.fund.small_hidden")])
    if target:
        names_of_kinds = {one.id: one.name(session.language) for one in fund_types()}
        write_list(missing.assign(kind=missing["fund_type"].map(names_of_kinds)), target, session)


@fund.command("remedies", cls=SpokenCommand, help="cli.fund.remedies")
@click.option("--province", required=True, metavar="NAME", help="cli.options.one_province")
@click.option("--to", "target", metavar="CSV", default=None, help="cli.options.list_to")
@workspace_option()
@click.pass_context
def show_remedies(
    context: click.Context, province: str, target: str | None, workspace_folder: str
) -> None:
    """Show which principle failed and what would help."""
    session, code, opened = session_of(context), find_province(province), _open(workspace_folder)
    funds = _funds(opened, code)
    if funds.empty:
        raise Problem("cli.no_funds", province=name_of(code, session.language))
    tell_source(opened, "funds", session)
    counts = remedy_counts(funds, session.language)
    heads = [
        session.say(f"cli.fund.{name}") for name in ("principle", "funds", "amphoe_count", "remedy")
    ]
    columns = ["principle_name", "funds", "amphoe", "remedy"]
    show_table(heads, [tuple(row) for row in plain_rows(counts[columns])], numbers=(1, 2))
    show_lines([session.say("cli.fund.remedy_source", source=source_of_remedies(session.language))])
    if target:
        write_list(remedies(funds, session.language), target, session)


def _open(folder: str) -> Workspace:
    return Workspace.open(Path(folder))


def _funds(workspace: Workspace, province: str) -> pd.DataFrame:
    """Return the funds of a province, each of its latest year."""
    rows = pd.DataFrame(workspace.table("funds"))
    here = rows[parent_code(rows["village_code"].astype("string"), Level.PROVINCE) == province]
    last = here.sort_values(["fund_id", "year"]).drop_duplicates("fund_id", keep="last")
    return last.reset_index(drop=True)


def _levels(workspace: Workspace, province: str) -> tuple[pd.DataFrame, str]:
    """Return the counts by level of a province: from the table of it, else from the funds."""
    table = pd.DataFrame(workspace.table("fund_levels"))
    here = table[parent_code(table["area_code"].astype("string"), Level.PROVINCE) == province]
    if len(here):
        return of_year(here), "fund_levels"
    return levels_of_funds(_funds(workspace, province)), "funds"


def _kind(text: str) -> str:
    found = find_fund_type(text)
    if found is None:
        known = ", ".join(one.id for one in fund_types())
        raise Problem("cli.fund_kind_unknown", found=text, known=known)
    return found


def _head(column: str, session: Session) -> str:
    kind = next(one for one in fund_types() if column.startswith(f"{one.id}_"))
    level = column.removeprefix(f"{kind.id}_")
    if level == "total":
        return session.say(f"cli.fund.short_names.{kind.id}")
    return session.say("cli.fund.no_level") if level == UNKNOWN else level
