"""Layers over the villages as a map draws them: lettered points, filled shapes, lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import polars as pl

from phaenthi.apps.maps.elements import Group
from phaenthi.apps.maps.files import (
    VILLAGE_GRID,
    pack_areas,
    pack_marks,
    pack_values,
    pack_villages,
)
from phaenthi.apps.maps.legends import Classes
from phaenthi.apps.maps.view import Rows
from phaenthi.wording import Language

MOST_POINTS = 6_000
"""More points than these are drawn together, near ones as one."""
MOST_SHAPES = 4_000
# Symbols: large enough for a letter while they are few.
RADII = ((400, 8.5), (1_500, 6.5))
SMALLEST_RADIUS = 4.2


@dataclass(frozen=True)
class Kind:
    """How one kind of a layer is drawn and told.

    Parameters
    ----------
    id
        Value in the table.
    colour
        Of the symbol.
    letter
        In the symbol, so that colour is not all that tells it.
    label
        In words.
    radius
        Pixels, where a symbol must hold more than a letter.
    """

    id: str
    colour: str
    letter: str
    label: str
    radius: float | None = None

    @property
    def ink(self) -> str:
        """A colour that can be read on the symbol."""
        red, green, blue = (int(self.colour[place : place + 2], 16) for place in (1, 3, 5))
        return "#ffffff" if 0.299 * red + 0.587 * green + 0.114 * blue < 150 else "#111111"


@dataclass(frozen=True)
class Points:
    """Points of a layer.

    Parameters
    ----------
    layer
        Its name, which a click tells with the id.
    shape
        Of its symbols: each layer has its own.
    kinds
        In the order of the legend.
    table
        id, longitude, latitude, kind (id of a kind), title, where; rows without a position are
        left out.
    radius
        Pixels; by how many there are unless given.
    """

    layer: str
    shape: str
    kinds: tuple[Kind, ...]
    table: pd.DataFrame
    radius: float | None = None

    @property
    def placed(self) -> pd.DataFrame:
        """The rows that have a position."""
        table = self.table
        return table[table["longitude"].notna() & table["latitude"].notna()]


def drawn_together(points: pd.DataFrame, most: int = MOST_POINTS) -> tuple[pd.DataFrame, float]:
    """Return points, near ones of a kind as one, so that there are not too many.

    Parameters
    ----------
    points
        As :attr:`Points.placed`.
    most
        How many symbols there may be.

    Returns
    -------
    tuple of pandas.DataFrame and float
        The table with ``count`` (points in one symbol) at the middle of those points, and the
        side in degrees of the squares inside which points were put together; 0 where all stand
        alone. Of several the id and title are those of the first.
    """
    if len(points) <= most:
        return points.assign(count=1), 0.0
    rows = pl.from_pandas(points.reset_index(drop=True)).with_row_index("row")
    side = 0.0025
    while True:
        x, y = ((pl.col(name) / side).floor() for name in ("longitude", "latitude"))
        cells = rows.group_by(x.alias("x"), y.alias("y"), "kind")
        together = cells.agg(
            pl.col("id").first(),
            pl.col("longitude").mean(),
            pl.col("latitude").mean(),
            pl.col("title").first(),
            pl.col("where").first(),
            pl.len().cast(pl.Int64).alias("count"),
            pl.col("row").first(),
        )
        if together.height <= most or side > 2:
            return together.sort("row").drop("row", "x", "y").to_pandas(), side
        side *= 1.6


def point_layer(points: Points, together: pd.DataFrame, several: str) -> Group:
    """Return the symbols of a layer; a click tells ``layer:id``.

    Parameters
    ----------
    points
        Its kinds and shape.
    together
        From :func:`drawn_together`.
    several
        Words for several points in one symbol, with ``{count}``.
    """
    together = together.sort_values("id", kind="stable")
    size = len(together)
    usual = next((radius for most, radius in RADII if size <= most), SMALLEST_RADIUS)
    radius = points.radius or usual
    place = {kind.id: number for number, kind in enumerate(points.kinds)}
    looks = [
        {
            "shape": points.shape,
            "radius": kind.radius or radius,
            "color": "#ffffff",
            "weight": 1.2 if radius > SMALLEST_RADIUS else 0.7,
            "opacity": 1,
            "fill": True,
            "fillColor": kind.colour,
            "fillOpacity": 0.95,
            "label": kind.label,
            "letter": kind.letter,
            "letterColor": kind.ink,
        }
        for kind in points.kinds
    ]
    counts = together["count"].to_numpy()
    titles = [
        title if count == 1 else several.replace("{count}", f"{count:,}")
        for title, count in zip(together["title"], counts, strict=True)
    ]
    wheres = [
        where if count == 1 else "" for where, count in zip(together["where"], counts, strict=True)
    ]
    at = gpd.points_from_xy(together["longitude"], together["latitude"])
    codes = [f"{points.layer}:{one}" for one in together["id"]]
    file = pack_villages(codes, np.asarray(at, dtype=object), titles, wheres)
    marks = pack_marks([place[kind] for kind in together["kind"]])
    group = Group()
    group.add_child(Rows("villages", file, looks, [marks]))
    return group


def shape_layer(
    shapes: gpd.GeoDataFrame,
    colours: Sequence[str],
    texts: Sequence[str],
    language: Language,
    *,
    opacity: float = 0.45,
    line: str = "#33474f",
    weight: float = 1.4,
) -> Group:
    """Return filled shapes with a text each; a click tells the code.

    Parameters
    ----------
    shapes
        code, name_th, name_en, geometry (polygons, EPSG:4326).
    colours, texts
        Of each, in order.
    """
    codes = shapes["code"].tolist()
    classes = Classes(
        tuple(dict.fromkeys(colours)),
        (),
        dict(zip(codes, colours, strict=True)),
        any_hidden=False,
        any_missing=False,
    )
    look = {
        "line": {"color": line, "weight": weight, "fillOpacity": opacity},
        "rank": 2,
        "language": language,
    }
    packed = pack_areas(shapes, VILLAGE_GRID)
    group = Group()
    group.add_child(Rows("areas", packed, look, pack_values(codes, classes, texts)))
    return group


def line_layer(lines: Sequence[Mapping[str, object]]) -> Group:
    """Return lines.

    Parameters
    ----------
    lines
        Each with corners ([latitude, longitude]) and color; dash and label, or None.
    """
    group = Group()
    group.add_child(Rows("lines", [dict(line) for line in lines]))
    return group
