"""``phaenthi register placement``: is each record of a table where its code says."""

from __future__ import annotations

from pathlib import Path

import click
import geopandas as gpd
import pandas as pd

from phaenthi.apps.commands.screen import show_lines, working
from phaenthi.apps.commands.spoken import SpokenCommand, session_of
from phaenthi.geo.boundaries.reading import read_boundaries
from phaenthi.geo.files import atomic_write
from phaenthi.geo.places.codes import level_of, read_codes
from phaenthi.geo.places.placement import check_placement
from phaenthi.geo.shapes.crs import GEOGRAPHIC
from phaenthi.geo.texts.csv import csv_bytes
from phaenthi.layers.tables.table_file import ROW, read_table
from phaenthi.wording import Problem


@click.command(cls=SpokenCommand, help="cli.register.placement")
@click.argument("file", metavar="FILE", help="cli.options.file")
@click.option("--boundaries", required=True, metavar="FILE", help="cli.options.boundaries")
@click.option("--code", required=True, metavar="HEADER", help="cli.options.code_header")
@click.option("--longitude", required=True, metavar="HEADER", help="cli.options.longitude_header")
@click.option("--latitude", required=True, metavar="HEADER", help="cli.options.latitude_header")
@click.option("--to", "target", metavar="CSV", default=None, help="cli.options.placement_to")
@click.pass_context
def placement(
    context: click.Context,
    file: str,
    *,
    boundaries: str,
    code: str,
    longitude: str,
    latitude: str,
    target: str | None,
) -> None:
    """Count the records that lie in their own area, in another, or in none."""
    session = session_of(context)
    with working(1) as begin:
        begin(session.say("cli.register.placement.working", file=Path(file).name))
        table = read_table(Path(file), known=(code, longitude, latitude))
        for header in (code, longitude, latitude):
            if header not in table.headers:
                known = ", ".join(table.headers)
                raise Problem("cli.header_missing", file=file, column=header, known=known)
        rows = table.frame.collect().to_pandas().set_index(ROW)
        areas = read_boundaries(Path(boundaries)).table
        level = level_of(str(areas["code"].iloc[0]))
        x, y = (pd.to_numeric(rows[name], errors="coerce") for name in (longitude, latitude))
        points = gpd.GeoSeries(gpd.points_from_xy(x, y), index=rows.index, crs=GEOGRAPHIC)
        check = check_placement(points, read_codes(rows[code], level), areas)
    show_lines(check.lines(session.language))
    if target:
        with atomic_write(Path(target)) as draft:
            draft.write_bytes(csv_bytes(check.table, index=True, index_label="row"))
        show_lines([session.say("cli.register.placement.written", file=Path(target).name)])
