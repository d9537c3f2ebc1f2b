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
from phaenthi.layers.registers.draft import Draft, Reading
from phaenthi.layers.registers.rows import finish, read_rows
from phaenthi.layers.tables.files import ROW, TableFile
from phaenthi.layers.tables.map_files import is_map, points_as_table
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

    See ``phaenthi.layers.registers.rows.read_rows`` for the parameters; raises what ``read_rows``,
    :func:`understand_communities` and ``phaenthi.layers.registers.rows.finish`` raise. Owners'
    names, addresses and telephones are never kept.
    """
    draft = read_rows(
        COMMUNITIES,
        points_as_table(path) if is_map(path) else path,
        workspace,
        sheet=sheet,
        constants=constants,
        markers=_OTHER_POSITIONS,
    )
    return finish(understand_communities(draft), workspace)


def understand_communities(draft: Draft) -> Draft:
    """Read classes and positions.

    Raises
    ------
    Problem
        ``layers.class_unreadable`` and ``layers.coordinates_swapped`` with the row.
    """
    classed = with_reading(
        draft, "class_th", "class_th", _read_class, pl.String(), "layers.class_unreadable"
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
    communities may come later. See ``phaenthi.layers.registers.rows.read_rows`` for the parameters;
    raises what it, :func:`understand_times` and ``phaenthi.layers.registers.rows.finish`` raise.
    """
    draft = read_rows(PROGRAMMES, path, workspace, sheet=sheet, constants=constants)
    draft = understand_times(draft)
    held = workspace.scan(COMMUNITIES.name).select("community_id").collect()
    strange = draft.rows.join(held, on="community_id", how="anti").height
    draft = draft.noting("programmes_without_community", count=strange) if strange else draft
    return finish(draft, workspace)


def understand_times(draft: Draft) -> Draft:
    """Read lengths, times of day and days of the week.

    Raises
    ------
    Problem
        ``layers.time_unreadable``, ``layers.length_unreadable``, ``layers.days_unreadable`` or
        ``layers.closes_before_opens``, with the row.
    """
    draft = with_reading(
        draft, "duration", "minutes", read_length, pl.Int64(), "layers.length_unreadable"
    )
    for name in ("opens", "closes"):
        draft = with_reading(draft, name, name, read_clock, pl.String(), "layers.time_unreadable")
    draft = _with_hours(draft)
    draft = with_reading(draft, "days", "days", read_days, pl.String(), "layers.days_unreadable")
    _refuse_closing_first(draft)
    return draft.with_rows(draft.rows.drop("duration", "open_hours", strict=False))


def _with_hours(draft: Draft) -> Draft:
    """Read ``09.00–12.00`` into opening and closing times; a single time is when it begins."""
    for part, name in enumerate(("opens", "closes")):

        def side(text: str, part: int = part) -> str | None:
            ends = read_hours(text)
            if ends is not None:
                return ends[part]
            begins = read_clock(text)
            return None if begins is None else (begins, "")[part]

        draft = with_reading(draft, "open_hours", name, side, pl.String(), "layers.time_unreadable")
        if name in draft.rows.columns:
            known = pl.when(pl.col(name) != "").then(pl.col(name)).alias(name)
            draft = draft.with_rows(draft.rows.with_columns(known))
    return draft


def _refuse_closing_first(draft: Draft) -> None:
    if not {"opens", "closes"} <= set(draft.rows.columns):
        return
    both = draft.rows.filter(pl.col("opens").is_not_null() & pl.col("closes").is_not_null())
    for opens, closes in both.select("opens", "closes").unique().sort("opens", "closes").rows():
        rounds = list(zip(opens.split(";"), closes.split(";"), strict=False))
        # HH:MM sorts as it runs.
        if opens.count(";") != closes.count(";") or any(last <= first for first, last in rounds):
            wrong = both.filter((pl.col("opens") == opens) & (pl.col("closes") == closes)).sort(ROW)
            found = f"{opens} – {closes}"
            raise draft.problem("layers.closes_before_opens", wrong[ROW][0], "closes", found=found)


def read_attractions(
    path: Path,
    workspace: Workspace,
    *,
    sheet: str | None = None,
    constants: Mapping[str, str] | None = None,
) -> Reading:
    """Read attractions, from a table or a map file.

    A row without a code takes that of the tambon it lies in, where the workspace holds
    boundaries. See ``phaenthi.layers.registers.rows.read_rows`` for the parameters; raises what it,
    :func:`understand_times` and ``phaenthi.layers.registers.rows.finish`` raise, and
    ``layers.area_code_unreadable``, ``layers.city_class_unreadable``.
    """
    source: Path | TableFile = points_as_table(path) if is_map(path) else path
    draft = read_rows(
        ATTRACTIONS, source, workspace, sheet=sheet, constants=constants, markers=_OTHER_POSITIONS
    )
    draft = with_reading(
        draft, "city_class", "city_class", _read_city, pl.String(), "layers.city_class_unreadable"
    )
    draft = _with_area_codes(understand_times(draft))
    draft = _with_positions(draft, pd.Series(draft.rows["area_code"].to_list(), dtype="string"))
    return finish(_with_codes_by_place(draft, workspace), workspace)


def _read_city(text: str) -> str | None:
    plain = text.replace(" ", "").casefold()
    if plain in ("เมืองหลัก", "หลัก", "main", "maincity"):
        return "main"
    return "secondary" if plain in ("เมืองรอง", "รอง", "secondary", "secondarycity") else None


def _with_area_codes(draft: Draft) -> Draft:
    if "area_code" not in draft.rows.columns:
        empty = pl.lit(None, dtype=pl.String).alias("area_code")
        return draft.with_rows(draft.rows.with_columns(empty))
    levels = (Level.TAMBON, Level.AMPHOE, Level.PROVINCE)
    read = pl.coalesce(read_codes_expr("area_code", level) for level in levels)
    codes = draft.rows.with_columns(told=pl.col("area_code"), area_code=read)
    unread = codes.filter(pl.col("told").is_not_null() & pl.col("area_code").is_null()).sort(ROW)
    if not unread.is_empty():
        row, found = unread.select(ROW, "told").row(0)
        raise draft.problem("layers.area_code_unreadable", row, "area_code", found=found)
    return draft.with_rows(codes.drop("told"))


def _with_positions(draft: Draft, codes: pd.Series) -> Draft:
    """Read positions however the file writes them; one outside Thailand counts as none."""
    points, draft = read_positions(draft, codes)
    # An area in the file is shown at a point inside it.
    inner = shapely.point_on_surface(points.to_numpy())
    places = {"longitude": shapely.get_x(inner), "latitude": shapely.get_y(inner)}
    columns = [
        pl.Series(name, values, dtype=pl.Float64, nan_to_null=True)
        for name, values in places.items()
    ]
    rows = draft.rows.drop([name for name in NAMES if name not in _POSITION], strict=False)
    return draft.with_rows(rows.with_columns(columns))


def _with_codes_by_place(draft: Draft, workspace: Workspace) -> Draft:
    areas = workspace.boundaries(Level.TAMBON)
    lost = draft.rows.filter(pl.col("area_code").is_null() & pl.col("longitude").is_not_null())
    if lost.is_empty() or areas.empty:
        return draft
    points = geopandas.GeoSeries.from_xy(lost["longitude"], lost["latitude"], crs="EPSG:4326")
    codes = locate(points, areas)["code"]
    found = pl.DataFrame({ROW: lost[ROW], "by place": codes.astype("object").to_list()}).cast(
        {"by place": pl.String}
    )
    rows = draft.rows.join(found, on=ROW, how="left", maintain_order="left")
    rows = rows.with_columns(pl.coalesce("area_code", "by place").alias("area_code"))
    count = int(found["by place"].is_not_null().sum())
    draft = draft.with_rows(rows.drop("by place"))
    return draft.noting("attractions_placed", count=count) if count else draft
