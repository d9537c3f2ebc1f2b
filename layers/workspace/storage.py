"""Tables between the formats that people use and the Parquet files of a workspace."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import polars as pl
import pyarrow.parquet

from phaenthi.geo.files import atomic_write
from phaenthi.geo.shapes.crs import GEOGRAPHIC
from phaenthi.layers.contracts.contract import STORED_AS, Contract, Kind
from phaenthi.layers.contracts.provenance import nothing_set_aside
from phaenthi.layers.workspace.digest import digest_rows
from phaenthi.wording import Problem

# A layer with these two columns is shown as points.
POINT_COLUMNS = ("longitude", "latitude")
_ROWS_IN_GROUP = 262_144
_TAGGED = pl.BaseExtension
_PANDAS_TYPES = {
    pl.String(): "string",
    pl.Int16(): "Int64",
    pl.Int64(): "Int64",
    pl.Float64(): "Float64",
    pl.Boolean(): "boolean",
}


def has_points(contract: Contract) -> bool:
    """Tell whether the rows of a layer are points given by longitude and latitude."""
    return set(POINT_COLUMNS) <= set(contract.names)


def as_rows(contract: Contract, table: pd.DataFrame | pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """Return any kind of table as a polars table with the contract's columns.

    A GeoDataFrame of points fills longitude and latitude of a layer of points; its geometry
    must be in EPSG:4326.

    Raises
    ------
    Problem
        ``layers.not_geographic`` if a geometry is in another coordinate system.
    """
    if isinstance(table, pl.LazyFrame):
        return table.collect()
    if isinstance(table, pl.DataFrame):
        return table
    plain = pd.DataFrame(table)
    if "geometry" in plain.columns:
        geometry = _geographic(contract, table)
        plain = plain.drop(columns="geometry")
        if contract.geometry:
            plain[contract.geometry] = geometry.to_wkb()
        elif has_points(contract):
            located = ~(geometry.isna() | geometry.is_empty)
            for name, value in zip(POINT_COLUMNS, (geometry.x, geometry.y), strict=True):
                plain[name] = value.where(located)
    return pl.from_pandas(plain.reset_index(drop=True))


def _geographic(contract: Contract, table: pd.DataFrame) -> geopandas.GeoSeries:
    geometry = geopandas.GeoSeries(table["geometry"])
    if geometry.crs is not None and geometry.crs != GEOGRAPHIC:
        raise Problem("layers.not_geographic", layer=contract.name, found=str(geometry.crs))
    return geometry


def write_rows(contract: Contract, pieces: Iterable[pl.DataFrame], path: Path) -> None:
    """Write checked rows, piece after piece, as Parquet or GeoParquet, whole or not at all."""
    with atomic_write(path) as temporary:
        if contract.geometry or has_points(contract):
            rows = pl.concat([pl.DataFrame(schema=contract.stored_types), *pieces])
            with_geometry(contract, rows).to_parquet(temporary, index=False)
        else:
            _write_parquet(contract, pieces, temporary)


def _write_parquet(contract: Contract, pieces: Iterable[pl.DataFrame], path: Path) -> None:
    def arrow(rows: pl.DataFrame) -> pyarrow.Table:
        return rows.to_arrow(compat_level=pl.CompatLevel.oldest())

    schema = arrow(pl.DataFrame(schema=contract.stored_types)).schema
    with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for piece in pieces:
            writer.write_table(arrow(piece), row_group_size=_ROWS_IN_GROUP)


def scan_rows(contract: Contract, path: Path) -> pl.LazyFrame:
    """Return the rows of a stored layer lazily, in the contract's columns and types.

    A column that the layer was given after the file was written is unknown throughout.
    """
    stored = pl.scan_parquet(path)
    here = stored.collect_schema()
    tagged = {name for name, kind in here.items() if isinstance(kind, _TAGGED)}

    def column(name: str) -> pl.Expr:
        if name not in here:
            return pl.lit(None).alias(name)
        # GeoParquet tags its binary column with a type of its own that polars will not cast.
        return pl.col(name).ext.storage() if name in tagged else pl.col(name)

    return stored.select(column(name).cast(kind) for name, kind in contract.stored_types.items())


def digest_of_file(contract: Contract, path: Path) -> str:
    """Return the digest of the rows that a stored layer holds now."""
    return digest_rows(contract, scan_rows(contract, path))


def as_table(contract: Contract, rows: pl.DataFrame) -> pd.DataFrame:
    """Return rows as a pandas table with missing values kept apart from False, 0 and ''.

    Returns
    -------
    pandas.DataFrame
        The contract's columns (``string``, ``Int64``, ``Float64``, ``boolean``); a
        GeoDataFrame in EPSG:4326 with ``geometry`` where the layer has any.
    """
    shown_on_map = contract.geometry or has_points(contract)
    table: pd.DataFrame = (with_geometry if shown_on_map else _plain)(contract, rows)
    return table


def with_geometry(contract: Contract, rows: pl.DataFrame) -> geopandas.GeoDataFrame:
    """Return rows as a GeoDataFrame: stored geometry, or points from longitude and latitude."""
    plain = _plain(contract, rows)
    if contract.geometry:
        geometry = geopandas.GeoSeries.from_wkb(rows[contract.geometry].to_list(), crs=GEOGRAPHIC)
    else:
        x, y = (rows[name].to_numpy() for name in POINT_COLUMNS)
        points = geopandas.GeoSeries(geopandas.points_from_xy(x, y), crs=GEOGRAPHIC)
        # A point of missing coordinates is no place: None says that better.
        geometry = points.where(~(np.isnan(x) | np.isnan(y)), None)
    return geopandas.GeoDataFrame(plain, geometry=geometry, crs=GEOGRAPHIC)


def _plain(contract: Contract, rows: pl.DataFrame) -> pd.DataFrame:
    columns = {
        column.name: _series(rows[column.name], STORED_AS[column.kind])
        for column in contract.columns
        if column.kind is not Kind.GEOMETRY
    }
    return pd.DataFrame(columns)


def _series(values: pl.Series, stored: pl.DataType) -> pd.Series:
    return pd.Series(
        values.to_pandas(use_pyarrow_extension_array=True), dtype=_PANDAS_TYPES[stored]
    )


def write_set_aside(set_aside: pd.DataFrame, path: Path) -> None:
    """Write the rows that were set aside, whole or not at all."""
    with atomic_write(path) as temporary:
        pd.DataFrame(set_aside).to_parquet(temporary, index=False)


def read_set_aside(path: Path) -> pd.DataFrame:
    """Read the rows that were set aside: row, column, found, reason."""
    kinds = nothing_set_aside().dtypes.to_dict()
    return pd.DataFrame(pd.read_parquet(path)).astype(kinds)
