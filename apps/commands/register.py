"""``phaenthi register``: lay any register on the places, ask what is unsure, say what was done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import pandas as pd

from phaenthi.apps.commands.boundaries import boundaries
from phaenthi.apps.commands.layer_screen import plain_rows
from phaenthi.apps.commands.placement import placement
from phaenthi.apps.commands.screen import show_json, show_lines, show_table, working
from phaenthi.apps.commands.spoken import (
    Session,
    SpokenCommand,
    SpokenGroup,
    json_option,
    read_pairs,
    session_of,
    workspace_option,
)
from phaenthi.apps.commands.succession import successor
from phaenthi.apps.commands.totals import totals
from phaenthi.apps.intake import kept_mappings
from phaenthi.geo.files import atomic_write
from phaenthi.geo.texts.csv import csv_bytes
from phaenthi.layers.contracts.catalogue import contract_of
from phaenthi.layers.contracts.provenance import ImportReport
from phaenthi.layers.imports.by_place import MatchedImport, import_matched
from phaenthi.layers.imports.folder_survey import inspect_files
from phaenthi.layers.imports.report import compare_layers, missing_by_amphoe, write_import_report
from phaenthi.layers.imports.village_points import import_points
from phaenthi.layers.matching.match_decisions import keep_decisions
from phaenthi.layers.people.area_counts import import_area_counts
from phaenthi.layers.people.surveys import import_survey
from phaenthi.layers.registers.mapping import (
    ColumnMapping,
    correct,
    load_mapping,
    open_mapped,
    propose,
    save_mapping,
)
from phaenthi.layers.workspace.folder import Workspace


@click.group(cls=SpokenGroup, help="cli.register")
def register() -> None:
    """Lay registers on the places."""


register.add_command(boundaries)
register.add_command(placement)
register.add_command(totals)
register.add_command(successor)


@register.command(cls=SpokenCommand, help="cli.register.columns")
@click.argument("layer", metavar="LAYER", help="cli.options.layer")
@click.argument("file", metavar="FILE", help="cli.options.file")
@click.option("--save", metavar="YAML", default=None, help="cli.options.save_mapping")
@click.option("--column", metavar="COLUMN=HEADER", multiple=True, help="cli.options.column")
@click.option("--source", metavar="NAME", default="", help="cli.options.source")
@click.pass_context
def columns(
    context: click.Context,
    layer: str,
    file: str,
    *,
    save: str | None,
    column: Sequence[str],
    source: str,
) -> None:
    """Propose which column is which, and remember it."""
    session, contract = session_of(context), contract_of(layer)
    proposal = propose(Path(file), contract, source=source)
    mapping = correct(proposal.mapping, contract, columns=read_pairs("--column", column))
    names = {header: name for name, header in mapping.columns.items()}
    rows = [
        (str(line["header"]), names.get(str(line["header"]), ""), str(line["samples"]))
        for line in proposal.columns.to_dict("records")
    ]
    heads = [session.say(f"cli.register.columns.{name}") for name in ("header", "column", "sample")]
    show_table(heads, rows)
    if save:
        save_mapping(mapping, Path(save))
        show_lines([session.say("cli.register.columns.saved", file=Path(save).name)])


@register.command(cls=SpokenCommand, help="cli.register.inspect")
@click.argument("folder", metavar="FOLDER", help="cli.options.folder_to_inspect")
@click.option("--to", "target", metavar="CSV", default=None, help="cli.options.inspect_to")
@json_option()
@click.pass_context
def inspect(context: click.Context, folder: str, *, target: str | None) -> None:
    """Tell of every file of a folder what it is, how it was read, or why not."""
    session = session_of(context)
    with working(1) as begin:
        begin(session.say("cli.register.inspect.working", folder=folder))
        found = inspect_files(Path(folder), session.language)
    if session.as_json:
        _write_inspected(found, target)
        show_json({"folder": folder, "files": _records(found.astype({"rows": "Int64"}))})
        return
    shown = ("file", "outcome", "encoding", "crs", "rows", "level")
    heads = [session.say(f"cli.register.inspect.{name}") for name in shown]
    rows = [
        (
            row["file"],
            session.say(f"cli.register.inspect.outcome_{row['outcome']}"),
            *(None if pd.isna(row[name]) else row[name] for name in shown[2:]),
        )
        for row in found.to_dict("records")
    ]
    show_table(heads, rows, numbers=[4])
    told = found["refusal"].fillna(found["notes"]).fillna("")
    show_lines(f"{file}: {line}" for file, line in zip(found["file"], told, strict=True) if line)
    if target:
        _write_inspected(found, target)
        show_lines([session.say("cli.register.inspect.written", file=Path(target).name)])


def _write_inspected(found: pd.DataFrame, target: str | None) -> None:
    if target:
        with atomic_write(Path(target)) as draft:
            draft.write_bytes(csv_bytes(found))


def _records(table: pd.DataFrame) -> list[dict[str, object]]:
    names = [str(name) for name in table]
    return [dict(zip(names, row, strict=True)) for row in plain_rows(table)]


@register.command("import", cls=SpokenCommand, help="cli.register.import")
@click.argument("layer", metavar="LAYER", help="cli.options.layer")
@click.argument("file", metavar="FILE", help="cli.options.file")
@workspace_option()
@click.option("--mapping", metavar="YAML", default=None, help="cli.options.mapping")
@click.option("--queue", metavar="CSV", default=None, help="cli.options.queue")
@click.option("--report", "workbook", metavar="XLSX", default=None, help="cli.options.report")
@click.option(
    "--set", "constants", metavar="COLUMN=VALUE", multiple=True, help="cli.options.constants"
)
@click.option("--made-up", is_flag=True, help="cli.options.made_up")
@click.pass_context
def import_register(  # noqa: PLR0913 - one an option
    context: click.Context,
    layer: str,
    file: str,
    *,
    workspace_folder: str,
    mapping: str | None,
    queue: str | None,
    workbook: str | None,
    constants: Sequence[str],
    made_up: bool,
) -> None:
    """Import a register by codes of then, or by names."""
    session = session_of(context)
    opened = Workspace.open(Path(workspace_folder))
    source = opened.provenance(layer)
    before = opened.scan(layer)
    given = load_mapping(Path(mapping)) if mapping else None
    with open_mapped(Path(file), contract_of(layer), None) as table:
        headers = table.headers
    said = given or _remembered(opened, layer, headers)
    if said and not given:
        show_lines([session.say("cli.register.remembered")])
    with working(1) as begin:
        begin(session.say("cli.register.working", file=Path(file).name))
        result = import_matched(
            opened,
            layer,
            Path(file),
            mapping=said,
            constants=read_pairs("--set", constants),
            made_up=made_up,
        )
    if given:
        kept_mappings.keep(opened, given, headers)
    if workbook:
        changes = compare_layers(layer, before, opened.scan(layer), source.source if source else "")
        write_import_report(
            Path(workbook),
            result.report,
            changes=changes,
            places=result.places,
            language=session.language,
        )
    _show(result.report, session)
    _write_queue(result, queue, session)


@register.command(cls=SpokenCommand, help="cli.register.points")
@click.argument("file", metavar="FILE", help="cli.options.file")
@workspace_option()
@click.option("--queue", metavar="CSV", default=None, help="cli.options.queue")
@click.option("--credit", default="", metavar="TEXT", help="cli.options.credit")
@click.pass_context
def points(
    context: click.Context, file: str, *, workspace_folder: str, queue: str | None, credit: str
) -> None:
    """Give villages their positions from points without codes."""
    session = session_of(context)
    opened = Workspace.open(Path(workspace_folder))
    with working(1) as begin:
        begin(session.say("cli.register.working", file=Path(file).name))
        result = import_points(opened, Path(file), credit=credit)
    _show(result.report, session)
    _write_queue(result, queue, session)


@register.command(cls=SpokenCommand, help="cli.register.decide")
@click.argument("file", metavar="CSV", help="cli.options.queue_filled")
@workspace_option()
@click.pass_context
def decide(context: click.Context, file: str, *, workspace_folder: str) -> None:
    """Keep what a person decided."""
    _show(keep_decisions(Workspace.open(Path(workspace_folder)), Path(file)), session_of(context))


@register.command(cls=SpokenCommand, help="cli.register.survey")
@click.argument("file", metavar="FILE", help="cli.options.file")
@click.argument("year", metavar="YEAR", type=int, help="cli.options.year")
@workspace_option()
@click.pass_context
def survey(context: click.Context, file: str, year: int, *, workspace_folder: str) -> None:
    """Import a household survey with its indicators."""
    session = session_of(context)
    opened = Workspace.open(Path(workspace_folder))
    with working(1) as begin:
        begin(session.say("cli.register.working", file=Path(file).name))
        report = import_survey(opened, Path(file), year)
    _show(report, session)


@register.command(cls=SpokenCommand, help="cli.register.areas")
@click.argument("file", metavar="FILE", help="cli.options.file")
@click.argument("year", metavar="YEAR", type=int, help="cli.options.year")
@workspace_option()
@click.pass_context
def areas(context: click.Context, file: str, year: int, *, workspace_folder: str) -> None:
    """Import counts by area."""
    opened = Workspace.open(Path(workspace_folder))
    _show(import_area_counts(opened, Path(file), year).report, session_of(context))


@register.command(cls=SpokenCommand, help="cli.register.missing")
@workspace_option()
@click.pass_context
def missing(context: click.Context, *, workspace_folder: str) -> None:
    """Show what is missing, amphoe by amphoe."""
    session = session_of(context)
    table = missing_by_amphoe(Workspace.open(Path(workspace_folder)))
    names = [str(name) for name in table if name not in ("amphoe_code", "province_th")]
    rows = [
        tuple("–" if value is None else value for value in row)
        for row in table[names].astype("object").where(table[names].notna(), None).to_numpy()
    ]
    heads = [session.say(f"cli.register.missing.{name}") for name in names]
    show_table(heads, rows, numbers=range(1, len(names)))


def _remembered(workspace: Workspace, layer: str, headers: tuple[str, ...]) -> ColumnMapping | None:
    """Return which column is which in files of these headers, without that file's year or sheet."""
    kept = kept_mappings.recall(workspace, layer, headers)
    return kept.model_copy(update={"sheet": None, "constants": {}}) if kept else None


def _show(report: ImportReport, session: Session) -> None:
    counts = report.provenance
    done = session.say(
        "cli.workspace.import.done",
        layer=contract_of(report.layer).label(session.language),
        read=f"{counts.rows_read:,}",
        kept=f"{counts.rows_kept:,}",
        aside=f"{counts.rows_set_aside:,}",
    )
    show_lines([done, *(f"· {note.sentence(session.language)}" for note in report.notes)])


def _write_queue(result: MatchedImport, queue: str | None, session: Session) -> None:
    if queue:
        count = result.write_queue(Path(queue), language=session.language)
        values = {"count": f"{count:,}", "file": Path(queue).name}
        show_lines([session.say("cli.register.queue", **values)])
