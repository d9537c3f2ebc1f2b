"""Clusters and routes as files to take away: outlines, centres and members; lines and stops."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from phaenthi.apps.exports.takeaway import Takeaway, Written, write_takeaway
from phaenthi.apps.maps.styles import simple_style
from phaenthi.apps.publication.exported_fields import fields_of
from phaenthi.geo.shapes.crs import GEOGRAPHIC
from phaenthi.geo.shapes.outlines import group_centres, group_outlines, lines_through
from phaenthi.geo.vectors.formats import Format, format_of
from phaenthi.wording import Language, say

NOISE = -1
"""Number of a place that is in no cluster."""


def cluster_takeaways(
    members: gpd.GeoDataFrame,
    language: Language = "th",
    *,
    by: str = "cluster",
    made_up: bool = False,
    statement: Sequence[str] = (),
    about: pd.DataFrame | None = None,
) -> tuple[Takeaway, Takeaway, Takeaway]:
    """Return outlines, centres and members of clusters ready to be handed over.

    Parameters
    ----------
    members
        Points with a CRS and nothing private; column ``by`` is the number of the cluster,
        -1 or missing for none.
    statement
        What else a reader must know: how they were found.
    about
        What else is told of each cluster, by its number: its name, what joins it.
    """
    numbers = members[by].astype("Int64")
    grouped = members.assign(**{by: numbers.mask(numbers == NOISE)}).to_crs(GEOGRAPHIC)
    parts = (
        ("cluster_outlines", "hulls", group_outlines(grouped, by)),
        ("cluster_centres", "centres", group_centres(grouped, by)),
        ("cluster_members", "cluster_members", grouped),
    )
    told = pd.DataFrame(index=pd.Index([], dtype="Int64")) if about is None else about
    outlines, centres, rows = (
        _takeaway(
            name,
            words,
            table.merge(told, how="left", left_on=by, right_index=True),
            language,
            made_up=made_up,
            statement=statement,
        )
        for name, words, table in parts
    )
    return outlines, centres, rows


def route_takeaways(
    stops: gpd.GeoDataFrame,
    language: Language = "th",
    *,
    by: str = "day",
    order: str = "order",
    lines: gpd.GeoDataFrame | None = None,
    made_up: bool = False,
    statement: Sequence[str] = (),
) -> tuple[Takeaway, Takeaway]:
    """Return the lines and the stops of routes ready to be handed over.

    Parameters
    ----------
    stops
        Points with a CRS and nothing private, with the columns ``by`` (day or route) and
        ``order``.
    lines
        The roads taken, a row a route; straight lines between the stops unless given.
    """
    stops = stops.to_crs(GEOGRAPHIC).sort_values([by, order], ignore_index=True)
    drawn = lines_through(stops, by, order) if lines is None else lines.to_crs(GEOGRAPHIC)
    return (
        _takeaway(
            "route_lines", "route_lines", drawn, language, made_up=made_up, statement=statement
        ),
        _takeaway(
            "route_stops", "route_stops", stops, language, made_up=made_up, statement=statement
        ),
    )


def export_parts(
    parts: Sequence[Takeaway],
    folder: Path,
    name: str,
    *,
    format: str | Format,  # noqa: A002 - the word that people use
    crs: str | None = None,
    encoding: str | None = None,
) -> tuple[Written, ...]:
    """Write clusters or routes; one file where the format holds several layers, else one each.

    Parts that are empty, or whose shapes the format does not hold (outlines in GPX), are left
    out; see :func:`phaenthi.geo.vectors.writing.write_vector` for the rest.
    """
    kind = format if isinstance(format, Format) else format_of(format)
    held = [part for part in parts if len(part.table) and _holds(kind, part)]
    return write_takeaway(
        held or list(parts), folder, format=kind, crs=crs, encoding=encoding, name=name
    )


def _holds(kind: Format, part: Takeaway) -> bool:
    return not kind.shapes or set(part.table.geom_type.dropna()) <= set(kind.shapes)


def _takeaway(
    name: str,
    words: str,
    table: gpd.GeoDataFrame,
    language: Language,
    *,
    made_up: bool,
    statement: Sequence[str],
) -> Takeaway:
    title = say(f"export.{words}", language)
    table = table.assign(made_up=made_up).reset_index(drop=True)
    columns = [str(column) for column in table.columns.drop(table.geometry.name)]
    warning = [say("export.made_up", language)] if made_up else []
    return Takeaway(
        name=name,
        title=title,
        table=table,
        fields=fields_of(columns),
        style=simple_style(title, areas=bool(table.geom_type.str.contains("Polygon").any())),
        statement=(*warning, *statement),
    )
