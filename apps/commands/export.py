"""``phaenthi export`` and ``phaenthi layer export``: files to take away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from phaenthi.apps.commands.screen import show_banner, show_lines, show_table, working
from phaenthi.apps.commands.spoken import (
    Session,
    SpokenCommand,
    SpokenGroup,
    session_of,
    workspace_option,
)
from phaenthi.apps.exports.layers import export_layer
from phaenthi.apps.exports.plan_files import Exported, export_plan
from phaenthi.apps.exports.plan_map import export_plan_as
from phaenthi.apps.exports.takeaway import Written, truncated_lines
from phaenthi.apps.planning.plans import open_plan
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.geo.places.gazetteer import find_province
from phaenthi.geo.vectors.formats import FORMATS
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording.hints import short_path

OUTPUTS = "outputs"
EXPORT_STEPS = 4
LAYERS_FOLDER = "layers"
CUT_SHOWN = 10
USUAL_FORMAT = "gpkg"


def _file_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what a person chooses of a map file: coordinate system and encoding."""
    crs = click.option("--crs", metavar="EPSG", default=None, help="cli.options.crs")
    encoding = click.option("--encoding", metavar="NAME", default=None, help="cli.options.encoding")
    return crs(encoding(command))


@click.command(cls=SpokenCommand, help="cli.export")
@click.argument("plan_name", metavar="PLAN", help="cli.options.plan")
@click.option("--to", "folder", metavar="DIR", default=None, help="cli.options.to")
@click.option("--format", "kind", metavar="NAME", default=None, help="cli.options.format")
@_file_options
@workspace_option()
@click.pass_context
def export(
    context: click.Context,
    plan_name: str,
    folder: str | None,
    kind: str | None,
    crs: str | None,
    encoding: str | None,
    workspace_folder: str,
) -> None:
    """Write the papers of a plan, or its units as one map file."""
    session = session_of(context)
    plan, workspace = open_plan(plan_name, workspace_folder)
    publication = Publication.of(plan, workspace)
    target = Path(folder) if folder else Path(OUTPUTS) / plan.id
    if kind is None and crs is None and encoding is None:
        with working(EXPORT_STEPS) as begin:
            papers = export_plan(publication, target, session.language, begin)
        for warning in publication.warnings(session.language):
            show_banner(warning)
        show_exported(session, papers)
        return
    with working(1) as begin:
        begin(session.say("cli.layer.export.working"))
        written = export_plan_as(
            publication,
            target,
            format=kind or "shapefile",
            crs=crs,
            encoding=encoding,
            language=session.language,
        )
    show_written(session, [written])


@click.group(cls=SpokenGroup, help="cli.layer")
def layer() -> None:
    """Hand over the layers of a workspace."""


@layer.command("export", cls=SpokenCommand, help="cli.layer.export")
@click.argument("layer_name", metavar="LAYER", help="cli.options.layer")
@click.option(
    "--province",
    "provinces",
    metavar="PROVINCE",
    multiple=True,
    help="cli.options.export_province",
)
@click.option(
    "--format",
    "kind",
    metavar="NAME",
    default=USUAL_FORMAT,
    help="cli.options.layer_format",
)
@_file_options
@click.option(
    "--column", "columns", metavar="NAME", multiple=True, help="cli.options.export_column"
)
@click.option("--to", "folder", metavar="DIR", default=None, help="cli.options.layer_to")
@workspace_option()
@click.pass_context
def export_a_layer(  # noqa: PLR0913, PLR0917 - one an option
    context: click.Context,
    layer_name: str,
    provinces: Sequence[str],
    kind: str,
    crs: str | None,
    encoding: str | None,
    columns: Sequence[str],
    folder: str | None,
    workspace_folder: str,
) -> None:
    """Write a layer as a map file."""
    session = session_of(context)
    workspace = Workspace.open(Path(workspace_folder))
    with working(1) as begin:
        begin(session.say("cli.layer.export.working"))
        written = export_layer(
            workspace,
            layer_name,
            [find_province(text) for text in provinces],
            folder=Path(folder) if folder else Path(OUTPUTS) / LAYERS_FOLDER,
            format=kind,
            crs=crs,
            encoding=encoding,
            language=session.language,
            columns=list(columns) or None,
        )
    show_written(session, [written])


def show_written(session: Session, files: Sequence[Written]) -> None:
    """Show which files were written, what stands beside them, and what a reader must know."""
    for written in files:
        titles = {f".{name}": one.title for name, one in FORMATS.items()} | {".zip": "Shapefile"}
        rows = [(short_path(written.path), titles.get(written.path.suffix, ""))]
        rows += [
            (short_path(path), session.say(f"cli.layer.export.beside.{path.suffix[1:]}"))
            for path in written.report.beside
        ]
        show_table([session.say("cli.export.file"), session.say("cli.export.what")], rows)
        show_lines([session.say("cli.layer.export.rows", count=f"{written.report.rows:,}")])
        show_lines(written.lines(session.language))
        cut = written.report.truncated
        show_lines(truncated_lines(cut.head(CUT_SHOWN), session.language))


def show_exported(session: Session, written: Exported) -> None:
    """Show which files were written and what a reader must know of them."""
    rows = [
        (short_path(path), session.say(f"cli.export.{name}"))
        for name, path in written.files.items()
    ]
    show_table([session.say("cli.export.file"), session.say("cli.export.what")], rows)
    notes = {
        "unplaced": written.villages - written.placed,
        "hidden": written.hidden,
        "truncated": written.truncated,
    }
    show_lines(
        session.say(f"cli.export.{name}", count=f"{count:,}")
        for name, count in notes.items()
        if count
    )
