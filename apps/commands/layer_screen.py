"""What commands about one layer share: its source, its rows, its list as a file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from phaenthi.apps.commands.screen import show_lines
from phaenthi.apps.commands.spoken import Session
from phaenthi.geo.files import atomic_write
from phaenthi.geo.texts.csv import csv_bytes
from phaenthi.layers.workspace.folder import Workspace


def tell_source(workspace: Workspace, layer: str, session: Session) -> None:
    """Say where a layer came from, loudly where it is made up; it belongs to what is told."""
    provenance = workspace.provenance(layer)
    if provenance is None:
        return
    words = "cli.fund.source_made_up" if provenance.made_up else "cli.fund.source"
    line = session.say(words, layer=session.say(f"layers.names.{layer}"), source=provenance.source)
    show_lines([line], loud=provenance.made_up)


def plain_rows(table: pd.DataFrame) -> list[list[object]]:
    """Return rows as plain values, None where nothing is known."""
    return [
        [None if pd.isna(value) else value for value in row]
        for row in table.astype("object").itertuples(index=False)
    ]


def write_list(table: pd.DataFrame, target: str, session: Session) -> None:
    """Write a list as a CSV file that a spreadsheet opens with its Thai letters."""
    with atomic_write(Path(target)) as draft:
        draft.write_bytes(csv_bytes(table))
    show_lines([session.say("cli.list_written", count=f"{len(table):,}", file=Path(target).name)])
