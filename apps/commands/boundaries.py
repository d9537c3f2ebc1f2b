"""``phaenthi register boundaries``: how a boundary set fits together, its picture, its repair."""

from __future__ import annotations

from pathlib import Path

import click

from phaenthi.apps.commands.screen import show_lines, working
from phaenthi.apps.commands.spoken import SpokenCommand, session_of
from phaenthi.apps.maps.pages import faults_page
from phaenthi.geo.boundaries.care import examine
from phaenthi.geo.boundaries.reading import read_boundaries
from phaenthi.geo.boundaries.repair import repair
from phaenthi.geo.files import atomic_write
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.vectors.files import Field, write_geopackage

# A picture shows the worst; the report counts them all.
FAULTS_DRAWN = 2_000
_FIELDS = tuple(Field(name, name, name, name) for name in ("code", "name_th", "name_en"))


@click.command(cls=SpokenCommand, help="cli.register.boundaries")
@click.argument("file", metavar="FILE", help="cli.options.file")
@click.option("--above", metavar="FILE", default=None, help="cli.options.above")
@click.option("--picture", metavar="HTML", default=None, help="cli.options.picture")
@click.option("--repaired", metavar="GPKG", default=None, help="cli.options.repaired")
@click.pass_context
def boundaries(
    context: click.Context,
    file: str,
    *,
    above: str | None,
    picture: str | None,
    repaired: str | None,
) -> None:
    """Examine a boundary set, draw what is wrong, and write it repaired."""
    session = session_of(context)
    with working(1) as begin:
        begin(session.say("cli.register.boundaries.working", file=Path(file).name))
        reading = read_boundaries(Path(file))
        whole = read_boundaries(Path(above)).table if above else None
        inside = {parent_code(code, Level.PROVINCE) for code in reading.table["code"]}
        # A file of one province is complete when that province is.
        province = inside.pop() if len(inside) == 1 else None
        care = examine(reading.table, above=whole, province=province)
    lines = [*reading.report.lines(session.language), *care.lines(session.language)]
    show_lines(lines)
    if picture:
        page = faults_page(
            reading.table,
            care.faults.head(FAULTS_DRAWN),
            title=session.say("cli.register.boundaries.title", file=Path(file).name),
            notes=care.lines(session.language),
            language=session.language,
        )
        with atomic_write(Path(picture)) as draft:
            draft.write_text(page, encoding="utf-8")
        show_lines([session.say("cli.register.boundaries.drawn", file=Path(picture).name)])
    if repaired:
        mended = repair(reading.table)
        write_geopackage(mended.table, Path(repaired), "boundaries", _FIELDS)
        show_lines(mended.lines(session.language))
        show_lines([session.say("cli.register.boundaries.mended", file=Path(repaired).name)])
