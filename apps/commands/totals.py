"""``phaenthi register totals``: a household file counted by area without being imported."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import pandas as pd

from phaenthi.apps.commands.screen import show_lines, show_table, working
from phaenthi.apps.commands.spoken import (
    Session,
    SpokenCommand,
    read_pairs,
    session_of,
    workspace_option,
)
from phaenthi.geo.files import atomic_write
from phaenthi.geo.texts.csv import csv_bytes
from phaenthi.layers.imports.file_totals import FileTotals, totals_of_file
from phaenthi.layers.workspace.folder import Workspace


@click.command(cls=SpokenCommand, help="cli.register.totals")
@click.argument("file", metavar="FILE", help="cli.options.file")
@click.option("--to", "folder", metavar="FOLDER", required=True, help="cli.options.totals_to")
@workspace_option("cli.options.totals_list", None)
@click.option(
    "--set", "constants", metavar="COLUMN=VALUE", multiple=True, help="cli.options.constants"
)
@click.pass_context
def totals(
    context: click.Context,
    file: str,
    *,
    folder: str,
    workspace_folder: str | None,
    constants: Sequence[str],
) -> None:
    """Count a household file by village, tambon, amphoe and province."""
    session = session_of(context)
    listed = None
    if workspace_folder:
        villages = Workspace.open(Path(workspace_folder)).scan("villages")
        listed = villages.select("village_code").collect()["village_code"].to_list()
    with working(1) as begin:
        begin(session.say("cli.register.totals.working", file=Path(file).name))
        found = totals_of_file(file, listed=listed, constants=read_pairs("--set", constants))
    Path(folder).mkdir(parents=True, exist_ok=True)
    for level, table in found.tables.items():
        with atomic_write(Path(folder) / f"{level}.csv") as draft:
            draft.write_bytes(csv_bytes(table))
    _show(found, folder, session)


def _show(found: FileTotals, folder: str, session: Session) -> None:
    names = ("level", "areas", "households", "members")
    rows = [
        (
            session.say(f"cli.register.totals.{level}"),
            len(table),
            int(table["households"].sum()),
            int(table["members"].sum()),
        )
        for level, table in found.tables.items()
    ]
    heads = [session.say(f"cli.register.totals.{name}") for name in names]
    show_table(heads, rows, numbers=[1, 2, 3])
    lines = [
        session.say(
            "cli.register.totals.read",
            rows=f"{found.rows_read:,}",
            earlier=f"{found.earlier_rows:,}",
        )
    ]
    for row in found.told.to_dict("records"):
        words = {
            "reason": session.say(f"layers.file_totals.{row['reason']}"),
            "rows": f"{row['rows']:,}",
            "column": row["column"] or "–",
            "first": "–" if pd.isna(row["first_row"]) else f"{int(row['first_row']):,}",
        }
        told = "told_counted" if row["counted"] else "told"
        lines.append("· " + session.say(f"cli.register.totals.{told}", **words))
    show_lines([*lines, session.say("cli.register.totals.written", folder=folder)])
