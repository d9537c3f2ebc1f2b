"""Plots of โคก หนอง นา (HLM/CLM): a plot a row, a point or a parcel, from map files and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import polars as pl

from phaenthi.geo.land.parcels import as_parcels
from phaenthi.geo.notes import Note
from phaenthi.geo.places.codes import Level, parent_code, read_codes_expr
from phaenthi.geo.shapes.crs import GEOGRAPHIC
from phaenthi.geo.vectors import files as vectorfile
from phaenthi.geo.vectors.gpx_reading import SUFFIX as GPX
from phaenthi.geo.vectors.gpx_reading import read_gpx
from phaenthi.layers.contracts.contract import Column, Contract, Kind
from phaenthi.layers.contracts.plots import CONTRACT, LOG, PONDS
from phaenthi.layers.contracts.positions import MARKERS, NAMES
from phaenthi.layers.plots.village_of_plot import place_plots
from phaenthi.layers.plots.words import (
    PERSON,
    SQUARE_METRES_A_NGAN,
    SQUARE_METRES_A_RAI,
    SQUARE_METRES_A_WA,
    roles_of,
    square_metres,
    statuses_of,
    titles_of,
)
from phaenthi.layers.registers import coordinates
from phaenthi.layers.registers.incoming import IncomingRows, Reading
from phaenthi.layers.registers.reading import finish, read_rows
from phaenthi.layers.tables.map_files import is_map
from phaenthi.layers.tables.table_file import ROW, TableFile
from phaenthi.layers.tables.thai_dates import read_date
from phaenthi.layers.workspace.folder import Workspace

_LAND = (
    Column("rai", Kind.AMOUNT, aliases=("ไร่", "เนื้อที่ไร่", "จำนวนไร่", "rai")),
    Column("ngan", Kind.AMOUNT, aliases=("งาน", "เนื้อที่งาน", "ngan")),
    Column(
        "square_wa", Kind.AMOUNT, aliases=("ตารางวา", "ตรว", "วา", "เนื้อที่ตารางวา", "square_wa", "wa")
    ),
    Column("land", Kind.TEXT, aliases=("เนื้อที่", "ขนาดแปลง", "พื้นที่", "ขนาดพื้นที่", "เนื้อที่แปลง", "area")),
)
_TAMBON_CODES = ("tambon_code", "stated_tambon_code", "owner_tambon_code")


__all__ = ["CONTRACT", "PONDS", "read", "read_ponds"]


def read(
    path: Path,
    workspace: Workspace,
    *,
    sheet: str | None = None,
    constants: Mapping[str, str] | None = None,
) -> Reading:
    """Read plots from a map file (also KML and GPX), or from a table with positions.

    ``village_code`` and ``tambon_code`` become those of the plot's own place, worked out from
    the workspace's tambon boundaries and village points; what the register states is kept in
    ``stated_village_code`` and ``stated_tambon_code``. The address of the owner plays no part.
    A plot without a position stays, with what the register states. Where the workspace has a
    log of a plot, the log's last state goes before the file's.

    Parameters
    ----------
    path
        See :func:`phaenthi.geo.vectors.files.read` and
        ``phaenthi.layers.tables.table_file.open_table``;
        a table gives latitude and longitude, UTM easting, northing and zone, or well-known text.
    workspace, sheet, constants
        See ``phaenthi.layers.registers.reading.read_rows``.

    Raises
    ------
    Problem
        As ``read_rows`` and ``finish``; ``layers.plot_id_is_person``,
        ``layers.coordinates_swapped``, ``layers.wkt_unreadable``, ``geo.code_unreadable``.
    """
    source, shapes, notes = _opened(path)
    markers = _LAND if shapes is not None else (*_LAND, *MARKERS)
    incoming = read_rows(
        _without_shape(CONTRACT),
        source,
        workspace,
        sheet=sheet,
        constants=constants,
        markers=markers,
    )
    incoming = replace(incoming, contract=CONTRACT, notes=(*notes, *incoming.notes))
    _refuse_persons(incoming)
    incoming = _with_tambon_codes(_with_every_column(incoming))
    incoming = _with_words(_with_land(incoming))
    incoming = _with_places(incoming, shapes, workspace)
    incoming = _with_logged_status(incoming, workspace)
    unwanted = [column.name for column in (*_LAND, *MARKERS)]
    kept = [name for name in incoming.rows.columns if name not in unwanted]
    return finish(incoming.with_rows(incoming.rows.select(kept)), workspace)


def read_ponds(
    path: Path,
    workspace: Workspace,
    *,
    sheet: str | None = None,
    constants: Mapping[str, str] | None = None,
) -> Reading:
    """Read ponds drawn as polygons: a map file, or a table with well-known text.

    A pond without a polygon is set aside. See ``read`` for the parameters.
    """
    source, shapes, notes = _opened(path)
    markers = () if shapes is not None else MARKERS
    incoming = read_rows(
        _without_shape(PONDS),
        source,
        workspace,
        sheet=sheet,
        constants=constants,
        markers=markers,
    )
    incoming = replace(incoming, contract=PONDS, notes=(*notes, *incoming.notes))
    if shapes is None:
        nowhere = pd.Series(pd.NA, index=range(incoming.rows.height), dtype="string")
        found, incoming = coordinates.read_positions(incoming, nowhere)
    else:
        found = shapes.reindex(incoming.rows[ROW].to_list())
    found = as_parcels(found.reset_index(drop=True))
    found = found.where(found.geom_type.isin(["Polygon", "MultiPolygon"]), None)
    rows = incoming.rows.drop(*NAMES, strict=False)
    incoming = incoming.with_rows(
        rows.with_columns(geometry=pl.Series(found.to_wkb().to_list(), dtype=pl.Binary))
    )
    incoming = incoming.without(
        incoming.rows.filter(pl.col("geometry").is_null()), "pond_id", "no_polygon"
    )
    return finish(incoming, workspace)


def _without_shape(contract: Contract) -> Contract:
    """Return a contract as a table of text can keep it: its shape is read in other ways."""
    columns = tuple(column for column in contract.columns if column.kind is not Kind.GEOMETRY)
    return replace(contract, columns=columns)


def _opened(path: Path) -> tuple[Path | TableFile, gpd.GeoSeries | None, tuple[Note, ...]]:
    """Return a table, and for a map file its shapes in degrees by record number from 1."""
    notes: tuple[Note, ...] = ()
    if path.suffix.lower() == GPX:
        table = read_gpx(path)
    elif is_map(path):
        file = vectorfile.read(path)
        table, notes = file.table, file.notes
    else:
        return path, None, ()
    shapes = gpd.GeoSeries(table.geometry).to_crs(GEOGRAPHIC)
    shapes.index = pd.RangeIndex(1, len(shapes) + 1)
    plain = pd.DataFrame(table.drop(columns=table.geometry.name)).astype("string")
    frame = pl.from_pandas(plain).with_row_index(ROW, offset=1)
    return TableFile(frame.lazy(), path, None, None, 0), shapes, notes


def _refuse_persons(incoming: IncomingRows) -> None:
    """Refuse a register whose plots go by the names of persons."""
    named = incoming.rows.filter(pl.col("plot_id").str.contains(PERSON)).sort(ROW)
    if not named.is_empty():
        raise incoming.problem("layers.plot_id_is_person", named[ROW][0], "plot_id")


def _with_every_column(incoming: IncomingRows) -> IncomingRows:
    absent = [
        pl.lit(None, dtype=kind).alias(name)
        for name, kind in incoming.contract.stored_types.items()
        if name not in incoming.rows.columns
    ]
    return incoming.with_rows(incoming.rows.with_columns(absent))


def _with_tambon_codes(incoming: IncomingRows) -> IncomingRows:
    for name in _TAMBON_CODES:
        read_code = incoming.rows.with_columns(read_codes_expr(name, Level.TAMBON).alias("code"))
        bad = read_code.filter(pl.col("code").is_null() & pl.col(name).is_not_null()).sort(ROW)
        if not bad.is_empty():
            found = "" if incoming.contract.column(name).personal else bad[name][0]
            raise incoming.problem(
                "geo.code_unreadable", bad[ROW][0], name, found=found, digits=Level.TAMBON.digits
            )
        incoming = incoming.with_rows(
            read_code.with_columns(pl.col("code").alias(name)).drop("code")
        )
    return incoming


def _with_land(incoming: IncomingRows) -> IncomingRows:
    """Return the rows with the stated area in square metres, however the file writes it."""
    rows, parts = incoming.rows, list[pl.Expr]()
    units = {
        "rai": SQUARE_METRES_A_RAI,
        "ngan": SQUARE_METRES_A_NGAN,
        "square_wa": SQUARE_METRES_A_WA,
    }
    here = [pl.col(name) * unit for name, unit in units.items() if name in rows.columns]
    if here:
        any_said = pl.any_horizontal(part.is_not_null() for part in here)
        parts.append(pl.when(any_said).then(pl.sum_horizontal(part.fill_null(0) for part in here)))
    if "land" in rows.columns:
        header = incoming.headers.get("land", "").replace(".", "").replace(" ", "")
        in_metres = any(word in header.casefold() for word in ("ตรม", "ตารางเมตร", "sqm", "m2"))
        parts.append(square_metres("land", whole_in=1.0 if in_metres else SQUARE_METRES_A_RAI))
    stated = pl.coalesce("area_square_metres", *parts)
    # Nothing is as large as nothing: an area of 0 was not filled in.
    made = rows.with_columns(pl.when(stated > 0).then(stated).alias("area_square_metres"))
    unread = 0
    if "land" in rows.columns:
        unread = made.filter(
            pl.col("land").is_not_null() & pl.col("area_square_metres").is_null()
        ).height
    incoming = incoming.with_rows(made)
    return incoming.noting("plot_areas_unread", count=unread) if unread else incoming


def _with_words(incoming: IncomingRows) -> IncomingRows:
    """Return the rows with words turned into ids, days into ISO; what is unknown is told."""
    rows = incoming.rows
    days = pl.Series([_iso(text) for text in rows["judged_on"].to_list()], dtype=pl.String)
    made = {
        "title_type": titles_of(rows["title_type"]),
        "status": statuses_of(rows["status"]),
        "judged_by": roles_of(rows["judged_by"]),
        "judged_on": days,
    }
    for name, values in made.items():
        lost = rows.filter(rows[name].is_not_null() & values.is_null())
        rows = rows.with_columns(values.alias(name))
        if lost.height:
            shown = "" if name == "judged_by" else ", ".join(sorted(set(lost[name]))[:5])
            incoming = incoming.noting(f"plot_{name}_unknown", count=lost.height, found=shown)
    return incoming.with_rows(rows)


def _iso(text: str | None) -> str | None:
    day = read_date(text) if text else None
    return None if day is None else day.isoformat()


def _with_places(
    incoming: IncomingRows, shapes: gpd.GeoSeries | None, workspace: Workspace
) -> IncomingRows:
    rows = incoming.rows
    village = pl.col(
        "stated_village_code" if "stated_village_code" in incoming.headers else "village_code"
    )
    tambon = pl.col(
        "stated_tambon_code" if "stated_tambon_code" in incoming.headers else "tambon_code"
    )
    rows = rows.with_columns(stated_village_code=village, stated_tambon_code=tambon)
    stated = pd.Series(rows["stated_village_code"].to_list(), dtype="string")
    of_village = parent_code(stated, Level.TAMBON)
    stated_tambon = of_village.fillna(
        pd.Series(rows["stated_tambon_code"].to_list(), dtype="string")
    )
    incoming = incoming.with_rows(
        rows.with_columns(_text_column("stated_tambon_code", stated_tambon))
    )
    if shapes is None:
        found, incoming = coordinates.read_positions(incoming, stated_tambon)
    else:
        found = shapes.reindex(incoming.rows[ROW].to_list()).reset_index(drop=True)
        outside = coordinates.outside_country(found.to_numpy())
        if outside.any():
            first = int(incoming.rows[ROW].to_numpy()[outside].min())
            incoming = incoming.noting("plot_outside_thailand", count=int(outside.sum()), row=first)
            found = found.mask(outside)
    parcels = as_parcels(found)
    lost = int((found.notna() & parcels.isna()).sum())
    if lost:
        incoming = incoming.noting("plot_shapes_lost", count=lost)
    if parcels.isna().any():
        incoming = incoming.noting("plots_without_place", count=int(parcels.isna().sum()))
    table = gpd.GeoDataFrame(
        {"stated_village_code": stated, "stated_tambon_code": stated_tambon},
        geometry=parcels,
        crs=GEOGRAPHIC,
    )
    tambons = workspace.boundaries(Level.TAMBON)
    if not len(tambons):
        incoming = incoming.noting("plots_without_boundaries")
    villages = workspace.scan("villages").select("village_code", "longitude", "latitude")
    placed = place_plots(table, tambons, villages.collect().to_pandas())
    moved = (placed["tambon_code"] != stated_tambon).fillna(value=False)
    if moved.any():
        incoming = incoming.noting("plots_elsewhere", count=int(moved.sum()))
    return incoming.with_rows(
        incoming.rows.with_columns(
            _text_column("village_code", placed["village_code"]),
            _text_column("tambon_code", placed["tambon_code"]),
            pl.Series("geometry", parcels.to_wkb().to_list(), dtype=pl.Binary),
        )
    )


def _text_column(name: str, values: pd.Series) -> pl.Series:
    texts = values.astype("object").where(values.notna(), None)
    return pl.Series(name, list(texts), dtype=pl.String)


def _with_logged_status(incoming: IncomingRows, workspace: Workspace) -> IncomingRows:
    """Return the incoming rows with the last state of the log where a plot has one."""
    last = (
        workspace.scan(LOG.name)
        .sort("plot_id", "step")
        .group_by("plot_id", maintain_order=True)
        .agg(pl.col("status").last().alias("logged"))
        .collect()
    )
    rows = incoming.rows.join(last, on="plot_id", how="left", maintain_order="left")
    differing = rows.filter(
        pl.col("logged").is_not_null() & pl.col("logged").ne_missing(pl.col("status"))
    )
    rows = rows.with_columns(status=pl.coalesce("logged", "status")).drop("logged")
    incoming = incoming.with_rows(rows)
    return (
        incoming.noting("plot_status_from_log", count=differing.height)
        if differing.height
        else incoming
    )
