"""``phaenthi workspace``: make a workspace, lay files into it, see what lies there, step back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pandas as pd
from click.core import ParameterSource

from phaenthi.apps.commands.screen import (
    show_banner,
    show_hints,
    show_json,
    show_lines,
    show_table,
    working,
)
from phaenthi.apps.commands.spoken import (
    Session,
    SpokenCommand,
    SpokenGroup,
    json_option,
    read_pairs,
    session_of,
    workspace_option,
)
from phaenthi.apps.dates import told_date
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.layers.contracts.catalogue import contract_of
from phaenthi.layers.contracts.provenance import ImportReport
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.villages.shown import lacking_provinces
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Problem
from phaenthi.wording.hints import short_path

ROWS_SHOWN = 5
_CREATE = ("workspace", "create")


@click.group(cls=SpokenGroup, help="cli.workspace")
def workspace() -> None:
    """Keep the folder that holds a province's layers."""


@workspace.command(cls=SpokenCommand, help="cli.workspace.create")
@click.argument("folder", metavar="[DIR]", required=False, help="cli.options.new_folder")
@workspace_option()
@click.option("--made-up", is_flag=True, help="cli.options.made_up")
@click.pass_context
def create(
    context: click.Context, folder: str | None, workspace_folder: str, *, made_up: bool
) -> None:
    """Make an empty workspace."""
    session = session_of(context)
    source = context.get_parameter_source("workspace_folder")
    if folder is None and source is ParameterSource.DEFAULT:
        # The usual folder is the demo's: nobody's own data begin there by a slip.
        raise Problem("cli.parameter_missing", name="DIR", command=session.typed(*_CREATE))
    made = Workspace.create(Path(folder or workspace_folder), made_up=made_up)
    shown = short_path(Path(made.address))
    show_lines([session.say("cli.workspace.create.done", folder=shown)])
    look = session.typed("workspace", "status", workspace=made.address)
    show_hints([session.say("cli.next.title"), session.say("cli.next.status", command=look)])


@workspace.command("import", cls=SpokenCommand, help="cli.workspace.import")
@click.argument("layer", metavar="LAYER", help="cli.options.layer")
@click.argument("file", metavar="FILE", help="cli.options.file")
@workspace_option()
@click.option("--sheet", metavar="NAME", default=None, help="cli.options.sheet")
@click.option(
    "--set", "constants", metavar="COLUMN=VALUE", multiple=True, help="cli.options.constants"
)
@click.option("--credit", default="", metavar="TEXT", help="cli.options.credit")
@click.option("--approximate", is_flag=True, help="cli.options.approximate")
@click.option("--made-up", is_flag=True, help="cli.options.made_up")
@click.pass_context
def import_layer(  # noqa: PLR0913 - one an option
    context: click.Context,
    layer: str,
    file: str,
    *,
    workspace_folder: str,
    sheet: str | None,
    constants: Sequence[str],
    credit: str,
    approximate: bool,
    made_up: bool,
) -> None:
    """Lay a file into the workspace."""
    session = session_of(context)
    contract_of(layer)
    opened = Workspace.open(Path(workspace_folder))
    with working(1) as begin:
        begin(session.say("cli.workspace.import.working", file=Path(file).name))
        report = import_file(
            opened,
            layer,
            Path(file),
            made_up=made_up,
            approximate=approximate,
            credit=credit,
            sheet=sheet,
            constants=read_pairs("--set", constants),
        )
    _show_import(report, session)


def _show_import(report: ImportReport, session: Session) -> None:
    counts = report.provenance
    show_lines(
        [
            session.say(
                "cli.workspace.import.done",
                layer=contract_of(report.layer).label(session.language),
                read=f"{counts.rows_read:,}",
                kept=f"{counts.rows_kept:,}",
                aside=f"{counts.rows_set_aside:,}",
            ),
            *(f"· {note.sentence(session.language)}" for note in report.notes),
        ]
    )
    if not report.set_aside.empty:
        _show_set_aside(report.set_aside, session)


def _show_set_aside(aside: pd.DataFrame, session: Session) -> None:
    """Show how many rows were set aside for what, and where the first ones stand.

    What was found there stays out: it may be somebody's number.
    """
    rows = []
    for reason, those in aside.groupby("reason", sort=True):
        first = ", ".join(f"{row:,}" for row in sorted(set(those["row"]))[:ROWS_SHOWN])
        more = " …" if those["row"].nunique() > ROWS_SHOWN else ""
        words = session.say(str(reason))
        rows.append((words, int(those["row"].nunique()), f"{first}{more}"))
    heads = [session.say(f"cli.workspace.import.{name}") for name in ("reason", "count", "rows")]
    show_table(heads, rows, numbers=[1])


@workspace.command(cls=SpokenCommand, help="cli.workspace.status")
@workspace_option()
@json_option()
@click.pass_context
def status(context: click.Context, workspace_folder: str) -> None:
    """Show the layers of the workspace and where each came from."""
    session = session_of(context)
    opened = Workspace.open(Path(workspace_folder))
    if session.as_json:
        show_json(_status_answer(opened, session))
        return
    if opened.made_up:
        show_banner(session.say("cli.made_up"))
    rows = [
        (
            contract_of(str(layer["layer"])).label(session.language),
            str(layer["layer"]),
            int(layer["rows"]),
            int(layer["set_aside"]),
            str(layer["source"]),
            told_date(layer["imported_at"], session.language),
            bool(layer["made_up"]),
        )
        for layer in opened.status().to_dict("records")
    ]
    names = ("layer", "name", "rows", "set_aside", "source", "date", "made_up")
    heads = [session.say(f"cli.workspace.status.{name}") for name in names]
    show_table(heads, rows, title=short_path(Path(opened.address)), numbers=[2, 3])
    if provinces := lacking_provinces(opened, Level.TAMBON):
        told = ", ".join(name_of(code, session.language) for code in provinces)
        show_lines([session.say("cli.workspace.status.embedded", provinces=told)])


def _status_answer(workspace: Workspace, session: Session) -> dict[str, Any]:
    return {
        "workspace": workspace.address,
        "made_up": bool(workspace.made_up),
        "layers": [
            {
                "layer": str(row["layer"]),
                "label": contract_of(str(row["layer"])).label(session.language),
                "rows": int(row["rows"]),
                "set_aside": int(row["set_aside"]),
                "source": str(row["source"]),
                "sha256": str(row["sha256"]),
                "imported_at": row["imported_at"].isoformat(),
                "made_up": bool(row["made_up"]),
            }
            for row in workspace.status().to_dict("records")
        ],
    }


@workspace.command(cls=SpokenCommand, help="cli.workspace.undo")
@workspace_option()
@click.pass_context
def undo(context: click.Context, workspace_folder: str) -> None:
    """Take back the last import."""
    session = session_of(context)
    layer = Workspace.open(Path(workspace_folder)).undo()
    label = contract_of(layer).label(session.language)
    show_lines([session.say("cli.workspace.undo.done", layer=label)])
