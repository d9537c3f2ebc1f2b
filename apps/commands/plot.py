"""``phaenthi plot``: check plots, divide one, move it through its states, replace one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
import geopandas as gpd
import pandas as pd

from phaenthi.apps.commands.layer_screen import tell_source, write_list
from phaenthi.apps.commands.plot_states import open_plots, replace, status
from phaenthi.apps.commands.screen import show_lines, show_table, working
from phaenthi.apps.commands.spoken import (
    Session,
    SpokenCommand,
    SpokenGroup,
    read_pairs,
    session_of,
    workspace_option,
)
from phaenthi.apps.dates import told_date
from phaenthi.apps.papers.plot_sheet import sketch_lines, write_sketch
from phaenthi.geo.places.codes import level_of
from phaenthi.geo.places.gazetteer import find_province, name_of
from phaenthi.geo.shapes.crs import land_area
from phaenthi.layers.contracts.plots import CONTRACT, PONDS
from phaenthi.layers.plots.parameters import land_titles
from phaenthi.layers.plots.sketch import sketch_plot
from phaenthi.layers.plots.words import STATUSES
from phaenthi.targeting.judging.plots import (
    PACK,
    PlotChecks,
    check_words,
    checked_plots,
    clause_words,
    finding_sentence,
    plot_row,
    setback_asked,
    told_value,
)
from phaenthi.targeting.programme.programme import load
from phaenthi.wording import Problem
from phaenthi.wording.hints import short_path

OUTPUTS = Path("outputs")


@click.group(cls=SpokenGroup, help="cli.plot")
def plot() -> None:
    """Look at the plots of โคก หนอง นา."""


plot.add_command(status)
plot.add_command(replace)


@plot.command(cls=SpokenCommand, help="cli.plot.check")
@click.argument("plot_id", metavar="[PLOT]", required=False, help="cli.options.plot_optional")
@click.option("--province", default=None, metavar="NAME", help="cli.options.one_province")
@click.option("--target", "targets", multiple=True, metavar="CODE", help="cli.options.plot_target")
@click.option(
    "--reading", "readings", multiple=True, metavar="RULE=READING", help="cli.options.plot_reading"
)
@click.option("--to", "target_file", default=None, metavar="CSV", help="cli.options.plot_list")
@workspace_option()
@click.pass_context
def check(
    context: click.Context,
    *,
    plot_id: str | None,
    province: str | None,
    targets: Sequence[str],
    readings: Sequence[str],
    target_file: str | None,
    workspace_folder: str,
) -> None:
    """Check plots of a province, or one of them with every clause."""
    session, opened = session_of(context), open_plots(workspace_folder)
    for code in targets:
        level_of(code)
    with working(1) as begin:
        begin(session.say("cli.plot.check.working"))
        checks = checked_plots(
            opened,
            find_province(province) if province else None,
            targets=list(targets) or None,
            readings=read_pairs("--reading", readings) or None,
        )
    tell_source(opened, CONTRACT.name, session)
    if plot_id is not None:
        _show_plot(checks, plot_id, session)
        return
    _show_counts(checks, session)
    if target_file:
        write_list(_list_of(checks, session), target_file, session)


def _show_plot(checks: PlotChecks, plot_id: str, session: Session) -> None:
    row = plot_row(checks, plot_id)
    place = _place_of(row, session)
    verdict = session.say(f"verdict.{row['verdict']}")
    show_lines([session.say("cli.plot.check.one", plot=plot_id, place=place, verdict=verdict)])
    show_lines(_areas(row, session))
    found = checks.findings[checks.findings["plot_id"] == plot_id]
    language = session.language
    for finding in found.to_dict("records"):
        clause = clause_words(checks, str(finding["check"]), language)
        force = session.say(f"cli.plot.force.{finding['force']}")
        words, limit = "clause", ""
        if finding["check"] in checks.parameters.checks and finding["limit"]:
            words = "clause_and_limit"
            limit = told_value(checks, str(finding["check"]), str(finding["limit"]), language)
        told = session.say(f"cli.plot.check.{words}", clause=clause, force=force, limit=limit)
        show_lines([f"· {finding_sentence(checks, finding, language)}", told])
    if pd.notna(row["judged_by"]) and pd.notna(row["judged_on"]):
        day = told_date(date.fromisoformat(str(row["judged_on"])), language)
        role = session.say(f"layers.plot_role.{row['judged_by']}")
        show_lines([session.say("cli.plot.check.judged", role=role, day=day)])
    _show_agency(row, session)
    if pd.notna(row.get("learning_place_id", pd.NA)):
        kilometres = f"{float(row['learning_place_metres']) / 1000:,.1f}"
        where = "inside" if row["learning_place_in_province"] else "outside"
        values = {"place": row["learning_place_id"], "kilometres": kilometres}
        show_lines([session.say(f"cli.plot.check.learning_{where}", **values)])


def _place_of(row: pd.Series, session: Session) -> str:
    code = row["tambon_code"]
    return name_of(str(code), session.language) if pd.notna(code) else "–"


def _areas(row: pd.Series, session: Session) -> list[str]:
    """Return the area as stated and as measured, in ไร่-งาน-ตารางวา."""
    lines = []
    for name in ("area_square_metres", "measured_square_metres"):
        if pd.notna(row[name]):
            area = land_area(float(row[name])).sentence(session.language)
            lines.append(session.say(f"cli.plot.check.{name}", area=area))
    return lines


def _show_agency(row: pd.Series, session: Session) -> None:
    told = "" if pd.isna(row["title_type"]) else str(row["title_type"])
    title = next((one for one in land_titles().titles if one.id == told), None)
    if title is not None and title.agency is not None:
        agency = title.agency.say(session.language)
        show_lines(
            [
                session.say(
                    "cli.plot.check.agency", title=title.words.say(session.language), agency=agency
                )
            ]
        )


def _show_counts(checks: PlotChecks, session: Session) -> None:
    plots = checks.plots
    counts = plots["verdict"].value_counts()
    words = {name: int(counts.get(name, 0)) for name in ("met", "not_met", "unknown")}
    show_lines([session.say("cli.plot.check.counts", plots=len(plots), **words)])
    counted = pd.crosstab(checks.findings["check"], checks.findings["verdict"])
    table = counted.reindex(checks.findings["check"].unique())
    heads = [session.say(f"cli.plot.check.{name}") for name in ("check", "force")]
    heads += [session.say(f"verdict.{name}") for name in words]
    first = checks.findings.drop_duplicates("check")
    force = dict(zip(first["check"], first["force"], strict=True))
    rows = [
        (
            check_words(checks, str(name), session.language),
            session.say(f"cli.plot.force.{force[str(name)]}"),
            *(int(row.get(verdict, 0)) for verdict in words),
        )
        for name, row in table.iterrows()
    ]
    show_table(heads, rows, numbers=[2, 3, 4])


def _list_of(checks: PlotChecks, session: Session) -> pd.DataFrame:
    """Return the plots as a list without shapes and owners' addresses, headed in words."""
    plots = checks.plots
    shown = {
        "plot_id": plots["plot_id"],
        "village_code": plots["village_code"],
        "tambon_code": plots["tambon_code"],
        "status": plots["status"].map(
            {one: session.say(f"layers.plot_status.{one}") for one in STATUSES}
        ),
    }
    table = pd.DataFrame({session.say(f"layers.columns.{name}"): shown[name] for name in shown})
    table[session.say("cli.plot.check.land")] = plots["land_square_metres"].round(1)
    table[session.say("cli.plot.check.verdict")] = [
        session.say(f"verdict.{one}") for one in plots["verdict"]
    ]
    for name in ("not_met", "unknown", "to_look_at"):
        told = {
            ids: "; ".join(check_words(checks, one, session.language) for one in ids.split("; "))
            for ids in plots[name].unique()
            if ids
        }
        table[session.say(f"cli.plot.check.{name}")] = plots[name].map(told).fillna("")
    return table


@plot.command(cls=SpokenCommand, help="cli.plot.sketch")
@click.argument("plot_id", metavar="PLOT", help="cli.options.plot")
@click.option("--to", "folder", default=None, metavar="DIR", help="cli.options.sketch_to")
@click.option(
    "--water-towards",
    type=click.FloatRange(0, 360),
    default=None,
    metavar="DEGREES",
    help="cli.options.water_towards",
)
@click.option(
    "--pond-depth",
    type=click.FloatRange(0),
    default=None,
    metavar="METRES",
    help="cli.options.pond_depth",
)
@workspace_option()
@click.pass_context
def sketch(
    context: click.Context,
    *,
    plot_id: str,
    folder: str | None,
    water_towards: float | None,
    pond_depth: float | None,
    workspace_folder: str,
) -> None:
    """Divide a plot into water, rice, garden and forest, and dwelling."""
    session, opened = session_of(context), open_plots(workspace_folder)
    plots = opened.table(CONTRACT.name)
    row = _row_of(plots, plot_id)
    stated = None if pd.isna(row["area_square_metres"]) else float(row["area_square_metres"])
    setback = None if pond_depth is None else setback_asked(load(PACK), pond_depth)
    made = sketch_plot(row["geometry"], stated, water_towards=water_towards, setback_metres=setback)
    tell_source(opened, CONTRACT.name, session)
    whole = (
        "–"
        if made.square_metres is None
        else land_area(made.square_metres).sentence(session.language)
    )
    show_lines([session.say("cli.plot.sketch.whole", plot=plot_id, area=whole)])
    heads = [session.say(f"cli.plot.sketch.{name}") for name in ("part", "percent", "area")]
    show_table(heads, sketch_lines(made, session.language), numbers=[1])
    provenance = opened.provenance(CONTRACT.name)
    ponds = opened.table(PONDS.name)
    own = gpd.GeoSeries(ponds[ponds["plot_id"] == plot_id].geometry)
    written = write_sketch(
        made,
        plot_id,
        Path(folder) if folder else OUTPUTS,
        session.language,
        ponds=own,
        made_up=provenance is not None and provenance.made_up,
    )
    if not written:
        show_lines([session.say("cli.plot.sketch.numbers_alone")])
    if setback is not None and written and made.pond_room is None:
        show_lines([session.say("cli.plot.sketch.no_room", metres=f"{setback:g}")])
    show_lines(session.say("cli.plot.sketch.written", file=short_path(path)) for path in written)


def _row_of(plots: pd.DataFrame, plot_id: str) -> pd.Series:
    found = plots[plots["plot_id"] == plot_id]
    if found.empty:
        raise Problem("layers.plot_unknown", found=plot_id)
    row: pd.Series = found.iloc[0]
    return row
