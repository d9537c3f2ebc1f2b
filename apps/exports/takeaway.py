"""A table ready to be handed over, and the file of it: name, fields, style, and what is said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from phaenthi.geo.vectors.field_dictionary import Field
from phaenthi.geo.vectors.formats import Format, format_of
from phaenthi.geo.vectors.styles import Style
from phaenthi.geo.vectors.writing import Layer, WriteReport, write_layers
from phaenthi.wording import Language, say


@dataclass(frozen=True)
class Takeaway:
    """A table ready to be handed over.

    Attributes
    ----------
    name
        Begin of the file's name: ASCII, without spaces.
    title
        What it is, in words; the name of the layer.
    table
        Records in EPSG:4326; nothing in it is private.
    fields
        The fields in their order.
    style
        How it is drawn.
    statement
        What a reader must know: made-up data, hidden counts, columns left out, sources.
    """

    name: str
    title: str
    table: gpd.GeoDataFrame
    fields: tuple[Field, ...]
    style: Style
    statement: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """A file that was written, read again and found to be the same.

    Attributes
    ----------
    path
        The file.
    report
        What the format does not keep, texts that were cut, and files beside it.
    statement
        What a reader must know of it.
    """

    path: Path
    report: WriteReport
    statement: tuple[str, ...] = ()

    def lines(self, language: Language) -> list[str]:
        """Return everything that a person should know of the file, a sentence each."""
        return [*self.statement, *(note.sentence(language) for note in self.report.notes)]


def write_takeaway(
    parts: Sequence[Takeaway],
    folder: Path,
    *,
    format: str | Format,  # noqa: A002 - the word that people use
    crs: str | None = None,
    encoding: str | None = None,
    name: str = "",
) -> tuple[Written, ...]:
    """Write tables into one file where the format holds several, else into one each.

    Parameters
    ----------
    parts
        One table, or those that belong together: the lines and the stops of a route.
    folder
        Made if need be.
    name
        Name of the file without its suffix; that of the first table unless given.

    Raises
    ------
    Problem
        Those of ``phaenthi.geo.vectors.writing.write_vector``.
    """
    kind = format if isinstance(format, Format) else format_of(format)
    together = [list(parts)] if kind.layers else [[part] for part in parts]
    written = []
    for group in together:
        stem = group[0].name if len(together) > 1 or not name else name
        layers = [_layer(part, kind) for part in group]
        statement = tuple(dict.fromkeys(line for part in group for line in part.statement))
        report = write_layers(
            layers,
            folder / f"{stem}{kind.suffix}",
            format=kind,
            crs=crs,
            encoding=encoding,
            about="\n".join([group[0].title, *statement]),
        )
        written.append(Written(report.path, report, statement))
    return tuple(written)


def _layer(part: Takeaway, kind: Format) -> Layer:
    # The parts of a shapefile are files, and old programs open none with a Thai name.
    name = part.name if kind.short_names else part.title
    table = part.table
    if not kind.mixed:
        table = table.set_geometry(of_one_kind(table.geometry))
    return Layer(name, table, part.fields, part.style)


def of_one_kind(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return shapes of one kind: where points and areas are mixed, a point inside each area."""
    kinds = {kind.removeprefix("Multi") for kind in shapes.geom_type.dropna()}
    if len(kinds) < 2:
        return shapes
    points = shapely.point_on_surface(shapes.to_numpy())
    return gpd.GeoSeries(points, index=shapes.index, crs=shapes.crs)


def file_name(text: str) -> str:
    """Return a text as the begin of a file's name: ASCII letters, digits and hyphens."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-") or "layer"


def left_out_line(columns: Sequence[str], language: Language) -> list[str]:
    """Return the sentence that tells which columns stay in the office."""
    if not columns:
        return []
    return [say("export.left_out", language, columns=", ".join(columns))]


def truncated_lines(truncated: pd.DataFrame, language: Language) -> list[str]:
    """Return a sentence for each text that was cut: record, column, bytes of the whole text."""
    return [
        say("export.cut", language, row=f"{row.row:,}", column=row.column, bytes=f"{row.bytes:,}")
        for row in truncated.itertuples()
    ]
