"""GeoParquet written by geopandas and read again by Arrow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyproj
import shapely
from pyarrow import parquet

from phaenthi.geo.shapes.crs import GEOGRAPHIC
from phaenthi.geo.vectors.records import Records

_GEOMETRY = "geometry"


def write_parquet(records: Records, path: Path, about: Mapping[str, object]) -> None:
    """Write records as GeoParquet; ``about`` is kept among the file's key-value metadata."""
    plain = records.columns.to_pandas(types_mapper=pd.ArrowDtype)
    name = _GEOMETRY
    while name in plain.columns:
        name += "_"
    shapes = gpd.GeoSeries(records.shapes, crs=records.crs)
    table = gpd.GeoDataFrame(plain.assign(**{name: shapes}), geometry=name, crs=records.crs)
    table.attrs = dict(about)
    table.to_parquet(path, index=False, schema_version="1.1.0")


def reopen_parquet(path: Path) -> Records:
    """Read the records by the columns and the geometry that the file's metadata name."""
    table = parquet.read_table(path)
    told = json.loads(table.schema.metadata[b"geo"])
    name = told["primary_column"]
    # Without one the standard takes longitude and latitude of WGS 84.
    crs = told["columns"][name].get("crs", GEOGRAPHIC)
    shapes = shapely.from_wkb(table.column(name).to_numpy(zero_copy_only=False))
    return Records(table.drop_columns([name]), shapes, pyproj.CRS(crs) if crs else None)
