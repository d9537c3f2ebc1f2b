"""Map files of points taken as tables."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pandas as pd
import polars as pl
import pyarrow.parquet

from phaenthi.geo.shapes.crs import GEOGRAPHIC
from phaenthi.geo.vectors import files as vectorfile
from phaenthi.layers.tables.table_file import ROW, TABLE_SUFFIXES, TableFile


def is_map(path: Path) -> bool:
    """Tell whether a file holds shapes and not just a table."""
    if path.suffix.lower() == ".parquet" and path.is_file():
        try:
            return b"geo" in (pyarrow.parquet.read_schema(path).metadata or {})
        except pyarrow.ArrowException:
            return False
    return path.suffix.lower() not in TABLE_SUFFIXES


def points_as_table(path: Path) -> TableFile:
    """Return the records of a map file as text, with the position as two more columns."""
    file = vectorfile.read(path)
    table = file.table
    points = geopandas.GeoSeries(table.geometry).to_crs(GEOGRAPHIC)
    plain = pd.DataFrame(table.drop(columns=table.geometry.name))
    plain = plain.drop(columns=[n for n in plain if str(n).casefold() in ("longitude", "latitude")])
    # A village that comes as an area is shown at a point inside it.
    placed = points.where(points.geom_type == "Point", points.representative_point())
    plain["longitude"], plain["latitude"] = placed.x, placed.y
    frame = pl.from_pandas(plain.astype("string")).with_row_index(ROW, offset=1)
    return TableFile(frame.lazy(), path, None, None, 0, stray=file.stray)
