"""Tourism communities (ชุมชนท่องเที่ยว OTOP นวัตวิถี), their hands-on programmes, attractions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import geopandas
import pandas as pd
import polars as pl
import shapely

from phaenthi.geo.places.codes import Level, read_codes_expr
from phaenthi.geo.places.locate import locate
from phaenthi.layers.contracts.positions import MARKERS, NAMES
from phaenthi.layers.contracts.tourism import ATTRACTIONS, CLASSES, COMMUNITIES, PROGRAMMES
from phaenthi.layers.registers.clock import (
    read_clock,
    read_days,
    read_hours,
    read_length,
    with_reading,
)
from phaenthi.layers.registers.coordinates import read_positions
from phaenthi.layers.registers.incoming import IncomingRows, Reading
from phaenthi.layers.registers.reading import finish, read_rows
from phaenthi.layers.tables.map_files import is_map, points_as_table
from phaenthi.layers.tables.table_file import ROW, TableFile
from phaenthi.layers.workspace.folder import Workspace

_POSITION = ("longitude", "latitude")
_OTHER_POSITIONS = tuple(column for column in MARKERS if column.name not in _POSITION)


def read_communities(
    path: Path,
    workspace: Workspace,
    *,
    sheet: str | None = None,
    constants: Mapping[str, str] | None = None,
) -> Reading:
    """Read the register of tourism communities, a table or a map file.

    See ``phaenthi.layers.registers.reading.read_rows`` for the parameters; raises what it,
    :func:`understand_communities` and ``phaenthi.layers.registers.reading.finish`` raise. Owners'
    names, addresses and telephones are never kept.
    """
    incoming = read_rows(
        COMMUNITIES,
        points_as_table(path) if is_map(path) else path,
        workspace,
        sheet=sheet,
        constants=constants,
        markers=_OTHER_POSITIONS,
    )
    return finish(understand_communities(incoming), workspace)


def understand_communities(incoming: IncomingRows) -> IncomingRows:
    """Read classes and positions.

    Raises
    ------
    Problem
        ``layers.class_unreadable`` and ``layers.coordinates_swapped`` with the row.
    """
    classed = with_reading(
        incoming, "class_th", "class_th", _read_class, pl.String(), "layers.class_unreadable"
    )
    codes = pd.Series(classed.rows["village_code"].to_list(), dtype="string")
    return _with_positions(classed, codes)


def _read_class(text: str) -> str | None:
    thai = {"เอ": "A", "บี": "B", "ซี": "C", "ดี": "D"}
    plain = text.replace(" ", "").removeprefix("ประเภท").removeprefix("กลุ่ม").removeprefix("ชุมชน")
    plain = plain.casefold().removeprefix("class").strip(".").upper()
    found = thai.get(plain, plain)
    return found if found in CLASSES else None


def read_programmes(
    path: Path,
    workspace: Workspace,
    *,
    sheet: str | None = None,
    constants: Mapping[str, str] | None = None,
) -> Reading:
    """Read hands-on programmes (D-HOPE programme cards), a row each.

    A row of a community that the workspace does not hold is kept and told: the register of
    communities may come later. See ``registers.reading.read_rows`` for the parameters;
    raises what it, :func:`understand_times` and ``phaenthi.layers.registers.reading.finish`` raise.
    """
    incoming = read_rows(PROGRAMMES, path, workspace, sheet=sheet, constants=constants)
    incoming = understand_times(incoming)
    held = workspace.scan(COMMUNITIES.name).select("community_id").collect()
    strange = incoming.rows.join(held, on="community_id", how="anti").height
    incoming = (
        incoming.noting("programmes_without_community", count=strange) if strange else incoming
    )
    return finish(incoming, workspace)


def understand_times(incoming: IncomingRows) -> IncomingRows:
    """Read lengths, times of day and days of the week.

    Raises
    ------
    Problem
        ``layers.time_unreadable``, ``layers.length_unreadable``, ``layers.days_unreadable`` or
        ``layers.closes_before_opens``, with the row.
    """
    incoming = with_reading(
        incoming, "duration", "minutes", read_length, pl.Int64(), "layers.length_unreadable"
    )
    for name in ("opens", "closes"):
        incoming = with_reading(
            incoming, name, name, read_clock, pl.String(), "layers.time_unreadable"
        )
    incoming = _with_hours(incoming)
    incoming = with_reading(
        incoming, "days", "days", read_days, pl.String(), "layers.days_unreadable"
    )
    _refuse_closing_first(incoming)
    return incoming.with_rows(incoming.rows.drop("duration", "open_hours", strict=False))


def _with_hours(incoming: IncomingRows) -> IncomingRows:
    """Read ``09.00–12.00`` into opening and closing times; a single time is when it begins."""
    for part, name in enumerate(("opens", "closes")):

        def side(text: str, part: int = part) -> str | None:
            ends = read_hours(text)
            if ends is not None:
                return ends[part]
            begins = read_clock(text)
            return None if begins is None else (begins, "")[part]

        incoming = with_reading(
            incoming, "open_hours", name, side, pl.String(), "layers.time_unreadable"
        )
        if name in incoming.rows.columns:
            known = pl.when(pl.col(name) != "").then(pl.col(name)).alias(name)
            incoming = incoming.with_rows(incoming.rows.with_columns(known))
    return incoming


def _refuse_closing_first(incoming: IncomingRows) -> None:
    if not {"opens", "closes"} <= set(incoming.rows.columns):
        return
    both = incoming.rows.filter(pl.col("opens").is_not_null() & pl.col("closes").is_not_null())
    for opens, closes in both.select("opens", "closes").unique().sort("opens", "closes").rows():
        rounds = list(zip(opens.split(";"), closes.split(";"), strict=False))
        # HH:MM sorts as it runs.
        if opens.count(";") != closes.count(";") or any(last <= first for first, last in rounds):
            wrong = both.filter((pl.col("opens") == opens) & (pl.col("closes") == closes)).sort(ROW)
            found = f"{opens} – {closes}"
            raise incoming.problem(
                "layers.closes_before_opens", wrong[ROW][0], "closes", found=found
            )


def read_attractions(
    path: Path,
    workspace: Workspace,
    *,
    sheet: str | None = None,
    constants: Mapping[str, str] | None = None,
) -> Reading:
    """Read attractions, from a table or a map file.

    A row without a code takes that of the tambon it lies in, where the workspace holds
    boundaries. See ``registers.reading.read_rows`` for the parameters; raises what it,
    :func:`understand_times` and ``phaenthi.layers.registers.reading.finish`` raise, and
    ``layers.area_code_unreadable``, ``layers.city_class_unreadable``.
    """
    source: Path | TableFile = points_as_table(path) if is_map(path) else path
    incoming = read_rows(
        ATTRACTIONS, source, workspace, sheet=sheet, constants=constants, markers=_OTHER_POSITIONS
    )
    incoming = with_reading(
        incoming,
        "city_class",
        "city_class",
        _read_city,
        pl.String(),
        "layers.city_class_unreadable",
    )
    incoming = _with_area_codes(understand_times(incoming))
    incoming = _with_positions(
        incoming, pd.Series(incoming.rows["area_code"].to_list(), dtype="string")
    )
    return finish(_with_codes_by_place(incoming, workspace), workspace)


def _read_city(text: str) -> str | None:
    plain = text.replace(" ", "").casefold()
    if plain in ("เมืองหลัก", "หลัก", "main", "maincity"):
        return "main"
    return "secondary" if plain in ("เมืองรอง", "รอง", "secondary", "secondarycity") else None


def _with_area_codes(incoming: IncomingRows) -> IncomingRows:
    if "area_code" not in incoming.rows.columns:
        empty = pl.lit(None, dtype=pl.String).alias("area_code")
        return incoming.with_rows(incoming.rows.with_columns(empty))
    levels = (Level.TAMBON, Level.AMPHOE, Level.PROVINCE)
    read = pl.coalesce(read_codes_expr("area_code", level) for level in levels)
    codes = incoming.rows.with_columns(told=pl.col("area_code"), area_code=read)
    unread = codes.filter(pl.col("told").is_not_null() & pl.col("area_code").is_null()).sort(ROW)
    if not unread.is_empty():
        row, found = unread.select(ROW, "told").row(0)
        raise incoming.problem("layers.area_code_unreadable", row, "area_code", found=found)
    return incoming.with_rows(codes.drop("told"))


def _with_positions(incoming: IncomingRows, codes: pd.Series) -> IncomingRows:
    """Read positions however the file writes them; one outside Thailand counts as none."""
    points, incoming = read_positions(incoming, codes)
    # An area in the file is shown at a point inside it.
    inner = shapely.point_on_surface(points.to_numpy())
    places = {"longitude": shapely.get_x(inner), "latitude": shapely.get_y(inner)}
    columns = [
        pl.Series(name, values, dtype=pl.Float64, nan_to_null=True)
        for name, values in places.items()
    ]
    rows = incoming.rows.drop([name for name in NAMES if name not in _POSITION], strict=False)
    return incoming.with_rows(rows.with_columns(columns))


def _with_codes_by_place(incoming: IncomingRows, workspace: Workspace) -> IncomingRows:
    areas = workspace.boundaries(Level.TAMBON)
    lost = incoming.rows.filter(pl.col("area_code").is_null() & pl.col("longitude").is_not_null())
    if lost.is_empty() or areas.empty:
        return incoming
    points = geopandas.GeoSeries.from_xy(lost["longitude"], lost["latitude"], crs="EPSG:4326")
    codes = locate(points, areas)["code"]
    found = pl.DataFrame({ROW: lost[ROW], "by place": codes.astype("object").to_list()}).cast(
        {"by place": pl.String}
    )
    rows = incoming.rows.join(found, on=ROW, how="left", maintain_order="left")
    rows = rows.with_columns(pl.coalesce("area_code", "by place").alias("area_code"))
    count = int(found["by place"].is_not_null().sum())
    incoming = incoming.with_rows(rows.drop("by place"))
    return incoming.noting("attractions_placed", count=count) if count else incoming
