"""``phaenthi plot status`` and ``replace``: the states of plots, dated and without names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import click
import pandas as pd
import polars as pl

from phaenthi.apps.commands.layer_screen import plain_rows, tell_source
from phaenthi.apps.commands.screen import show_lines, show_table
from phaenthi.apps.commands.spoken import Session, SpokenCommand, session_of, workspace_option
from phaenthi.apps.dates import today, told_date
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.places.gazetteer import find_province, name_of
from phaenthi.layers.contracts.plots import CONTRACT, LOG
from phaenthi.layers.contracts.provenance import Provenance
from phaenthi.layers.plots.states import (
    DECIDED_BY,
    MAY_BECOME,
    REASON_NEEDED,
    Decision,
    decide,
    replace_plot,
    replacement_for,
    status_of,
)
from phaenthi.layers.plots.summary import summary
from phaenthi.layers.plots.words import REASONS, ROLES, STATUSES
from phaenthi.layers.tables.thai_dates import read_date
from phaenthi.layers.workspace.folder import Part, Workspace
from phaenthi.targeting.judging.plots import check_words, checked_plots, plot_row
from phaenthi.wording import Language, Problem


def open_plots(folder: str) -> Workspace:
    """Open a workspace that holds plots.

    Raises
    ------
    Problem
        ``cli.no_plots``.
    """
    workspace = Workspace.open(Path(folder))
    if not workspace.has(CONTRACT.name):
        raise Problem("cli.no_plots")
    return workspace


@click.command("status", cls=SpokenCommand, help="cli.plot.status")
@click.argument("plot_id", metavar="[PLOT]", required=False, help="cli.options.plot_optional")
@click.option("--province", default=None, metavar="NAME", help="cli.options.one_province")
@click.option("--to", "wanted", default=None, metavar="STATUS", help="cli.options.plot_status")
@click.option("--by", default=None, metavar="ROLE", help="cli.options.plot_role")
@click.option("--on", default=None, metavar="DAY", help="cli.options.plot_day")
@click.option("--reason", default=None, metavar="REASON", help="cli.options.plot_reason")
@click.option("--target", "targets", multiple=True, metavar="CODE", help="cli.options.plot_target")
@workspace_option()
@click.pass_context
def status(  # noqa: PLR0913 - one an option
    context: click.Context,
    *,
    plot_id: str | None,
    province: str | None,
    wanted: str | None,
    by: str | None,
    on: str | None,
    reason: str | None,
    targets: Sequence[str],
    workspace_folder: str,
) -> None:
    """Count plots by state, show the record of one, or move it on."""
    session, opened = session_of(context), open_plots(workspace_folder)
    if plot_id is None:
        tell_source(opened, CONTRACT.name, session)
        _show_states(opened, find_province(province) if province else None, session)
        return
    if wanted is not None:
        decision = Decision(plot_id, wanted, by or _only_role(wanted), _day(on), reason)
        _refuse_unmet(opened, decision, targets, session.language)
        with opened.writing():
            plots, log = (opened.scan(one.name).collect() for one in (CONTRACT, LOG))
            _write(opened, *decide(plots, log, [decision]))
    _show_record(opened, plot_id, session)


def _only_role(wanted: str) -> str:
    roles = DECIDED_BY.get(wanted, ())
    if len(roles) == 1:
        return roles[0]
    raise Problem("cli.plot_role_needed", known=", ".join(roles or ROLES))


def _day(text: str | None) -> date:
    if text is None:
        return today()
    day = read_date(text)
    if day is None:
        raise Problem("cli.day_unreadable", found=text)
    return day


def _refuse_unmet(
    workspace: Workspace, decision: Decision, targets: Sequence[str], language: Language
) -> None:
    """Ask for a reason where a plot is selected that does not meet every check that must be."""
    if decision.status != "selected" or decision.reason is not None:
        return
    checks = checked_plots(workspace, targets=list(targets) or None)
    row = plot_row(checks, decision.plot_id)
    if row["verdict"] == "met":
        return
    names = [name for text in (row["not_met"], row["unknown"]) for name in text.split("; ") if name]
    open_ = "; ".join(check_words(checks, name, language) for name in names)
    raise Problem("cli.plot_not_met", plot=decision.plot_id, checks=open_, known=", ".join(REASONS))


def _write(workspace: Workspace, plots: pl.DataFrame, log: pl.DataFrame) -> None:
    """Put plots and record back as one change; where they came from is kept."""
    before = workspace.provenance(CONTRACT.name)
    if before is None:
        raise Problem("cli.no_plots")
    record = workspace.provenance(LOG.name) or Provenance(
        source=before.source, sha256="", imported_at=datetime.now(UTC), made_up=before.made_up
    )
    aside = workspace.set_aside(CONTRACT.name)
    workspace.put_together(
        [
            Part(CONTRACT.name, plots, before, aside),
            Part(LOG.name, log, record),
        ]
    )


def _show_states(workspace: Workspace, province: str | None, session: Session) -> None:
    plots = pd.DataFrame(workspace.table(CONTRACT.name).drop(columns="geometry"))
    counted = summary(plots, Level.AMPHOE)
    if province is not None:
        counted = counted[parent_code(counted["code"], Level.PROVINCE) == province]
    names = ["plots", *(f"plots_{one}" for one in STATUSES), "plots_status_unknown"]
    table = counted[["code", *names, "land_rai", "pond_cubic_metres"]].copy()
    table["code"] = [name_of(str(code), session.language) for code in table["code"]]
    table["land_rai"] = table["land_rai"].round(1)
    table["pond_cubic_metres"] = table["pond_cubic_metres"].round(0).astype("Int64")
    heads = [session.say("cli.plot.status.amphoe"), session.say("cli.plot.status.plots")]
    heads += [session.say(f"layers.plot_status_short.{one}") for one in (*STATUSES, "unknown")]
    heads += [session.say(f"cli.plot.status.{name}") for name in ("land_rai", "water")]
    rows = [tuple(row) for row in plain_rows(table)]
    show_table(heads, rows, numbers=range(1, len(heads)))


def _show_record(workspace: Workspace, plot_id: str, session: Session) -> None:
    plots = workspace.scan(CONTRACT.name).collect()
    now = status_of(plots, plot_id)
    told = session.say(f"layers.plot_status.{now}")
    show_lines([session.say("cli.plot.status.now", plot=plot_id, status=told)])
    log = workspace.scan(LOG.name).filter(pl.col("plot_id") == plot_id).sort("step").collect()
    heads = [
        session.say(f"cli.plot.status.{name}")
        for name in ("day", "state", "by", "reason", "replaces")
    ]
    rows = [
        (
            told_date(date.fromisoformat(entry["decided_on"]), session.language),
            session.say(f"layers.plot_status.{entry['status']}"),
            session.say(f"layers.plot_role.{entry['decided_by']}"),
            session.say(f"layers.plot_reason.{entry['reason']}") if entry["reason"] else None,
            entry["replaces"],
        )
        for entry in log.to_dicts()
    ]
    if rows:
        show_table(heads, rows)
    following = ", ".join(
        f"{session.say(f'layers.plot_status.{one}')} ({one})" for one in MAY_BECOME[now]
    )
    show_lines([session.say("cli.plot.status.next", states=following or "–")])


@click.command("replace", cls=SpokenCommand, help="cli.plot.replace")
@click.argument("plot_id", metavar="PLOT", help="cli.options.plot")
@click.option(
    "--level",
    type=click.Choice([level.value for level in (Level.PROVINCE, Level.AMPHOE, Level.TAMBON)]),
    default=Level.AMPHOE.value,
    help="cli.options.replace_level",
)
@click.option("--reason", default=None, metavar="REASON", help="cli.options.plot_reason")
@click.option("--by", default="owner", metavar="ROLE", help="cli.options.plot_role")
@click.option("--on", default=None, metavar="DAY", help="cli.options.plot_day")
@click.option("--confirm", is_flag=True, help="cli.options.replace_confirm")
@click.option("--target", "targets", multiple=True, metavar="CODE", help="cli.options.plot_target")
@workspace_option()
@click.pass_context
def replace(  # noqa: PLR0913 - one an option
    context: click.Context,
    *,
    plot_id: str,
    level: str,
    reason: str | None,
    by: str,
    on: str | None,
    confirm: bool,
    targets: Sequence[str],
    workspace_folder: str,
) -> None:
    """Show which reserve plot takes the place of one that drops out, or record it."""
    session, opened = session_of(context), open_plots(workspace_folder)
    if confirm and reason is None:
        raise Problem(
            "layers.plot_reason_needed", wanted=REASON_NEEDED[0], known=", ".join(REASONS)
        )
    tell_source(opened, CONTRACT.name, session)
    checks = checked_plots(opened, targets=list(targets) or None)
    failing = set(checks.plots.loc[checks.plots["verdict"] == "not_met", "plot_id"])
    with opened.writing():
        plots, log = (opened.scan(one.name).collect() for one in (CONTRACT, LOG))
        # By the places that were measured just now, should boundaries have changed.
        measured = pl.from_pandas(pd.DataFrame(checks.plots[["plot_id", "tambon_code"]]))
        asked = plots.drop("tambon_code").join(measured, on="plot_id", how="left")
        found = replacement_for(asked, plot_id, level=Level(level), not_ready=failing)
        before = status_of(plots, plot_id)
        if confirm and reason is not None:
            after = replace_plot(
                plots, log, found, decided_on=_day(on), reason=reason, withdrawn_by=by
            )
            _write(opened, *after)
    area = "–" if found.area_code is None else name_of(found.area_code, session.language)
    values = {"plot": plot_id, "area": area, "status": session.say(f"layers.plot_status.{before}")}
    if found.entering is None:
        show_lines([session.say("cli.plot.replace.nobody", **values)])
    else:
        show_lines([session.say("cli.plot.replace.entering", entering=found.entering, **values)])
        rest = ", ".join(found.waiting[1:])
        if rest:
            show_lines([session.say("cli.plot.replace.waiting", plots=rest)])
    if found.passed_over:
        show_lines([session.say("cli.plot.replace.passed", plots=", ".join(found.passed_over))])
    show_lines([session.say("cli.plot.replace." + ("done" if confirm else "not_saved"))])
