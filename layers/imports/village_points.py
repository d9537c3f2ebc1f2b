"""Points of villages without codes, matched to the village list that has no positions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import geopandas
import pandas as pd
import polars as pl

from phaenthi.geo.files import sha256
from phaenthi.geo.notes import Note
from phaenthi.geo.places.codes import Level, read_codes
from phaenthi.geo.places.locate import locate
from phaenthi.geo.shapes.crs import GEOGRAPHIC, outside_thailand
from phaenthi.layers.contracts.matches import DECISIONS, VILLAGE_POINTS
from phaenthi.layers.contracts.provenance import Provenance, nothing_set_aside
from phaenthi.layers.imports.by_place import MatchedImport, evidence
from phaenthi.layers.matching.match_decisions import apply_decisions, places_of
from phaenthi.layers.matching.parents import with_parents
from phaenthi.layers.matching.villages import Matches, match_villages
from phaenthi.layers.registers.mapping import ColumnMapping, open_mapped, renamed
from phaenthi.layers.registers.place_columns import columns_wanted, plain_name
from phaenthi.layers.registers.reading import find_headers
from phaenthi.layers.tables.map_files import is_map, points_as_table
from phaenthi.layers.tables.table_file import ROW, TableFile
from phaenthi.layers.workspace.folder import Part, Workspace
from phaenthi.wording import Problem

_JOINED = " + "


def import_points(
    workspace: Workspace,
    path: str | Path,
    *,
    mapping: ColumnMapping | None = None,
    source: str = "",
    made_up: bool = False,
    credit: str = "",
    begin: Callable[[str], None] = lambda _: None,
) -> MatchedImport:
    """Give the villages of the list their positions from a file of points.

    A point that carries a village code and a compatible name is of that village. One without
    is placed in its tambon (``phaenthi.geo.places.locate``) and matched by name; no two points get
    one village. Villages that no point is matched to keep the position that they had, or none:
    never a made-up one. Points that could not be matched for sure wait in ``village_points`` with
    their candidates.

    Parameters
    ----------
    workspace
        With the village list and the tambon boundaries.
    path
        Map file of points, or table with longitude and latitude.
    mapping, source, made_up, credit, begin
        As for ``phaenthi.layers.imports.by_place.import_matched``.

    Raises
    ------
    Problem
        ``layers.villages_first``, ``layers.tambons_first``, ``layers.points_without_names``,
        and what reading the file raises.
    """
    path = Path(path)
    source = source or (mapping.source if mapping else VILLAGE_POINTS.name)
    with workspace.writing():
        if not workspace.has("villages"):
            raise Problem("layers.villages_first", file=path)
        if not workspace.has("boundaries_tambon"):
            raise Problem("layers.tambons_first", file=path)
        begin("reading")
        points = _read_points(path, mapping)
        begin("matching")
        tambons = workspace.boundaries(Level.TAMBON)
        villages = workspace.table("villages")
        matches = match_points(points, pd.DataFrame(villages), tambons)
        decisions = pd.DataFrame(workspace.table(DECISIONS.name))
        decisions = decisions[decisions["source"] == source]
        matches = apply_decisions(matches, places_of(points), decisions, pd.DataFrame(villages))
        provenance = Provenance(
            source=path.name,
            sha256=sha256(path),
            imported_at=datetime.now(UTC),
            rows_read=len(points),
            made_up=made_up,
            credit=credit,
        )
        begin("writing")
        report = workspace.put_together(
            [
                Part(VILLAGE_POINTS.name, _as_layer(points, matches), provenance),
                _positioned(workspace, points, matches, provenance),
                evidence(points, matches, VILLAGE_POINTS, workspace, provenance),
            ]
        )[0]
    told = points.assign(
        matched_code=matches.table["village_code"],
        how=matches.table["how"],
        confidence=matches.table["confidence"],
        since=matches.table["since"],
    )
    waiting = told["matched_code"].isna() & (told["how"] != "decided_none")
    done = int(told["matched_code"].notna().sum())
    notes = [Note("layers.notes.matched", {"places": done, "count": done})]
    if waiting.any():
        count = int(waiting.sum())
        notes.append(Note("layers.notes.waiting", {"places": count, "count": count}))
    return MatchedImport(replace(report, notes=tuple(notes)), told, matches, source)


def match_points(
    points: pd.DataFrame, villages: pd.DataFrame, tambons: geopandas.GeoDataFrame
) -> Matches:
    """Match points to villages, each to another one.

    Parameters
    ----------
    points
        longitude, latitude and any of the columns that ``match_villages`` and
        ``find_parents`` take; the index names the points.
    villages
        village_code, name_th.
    tambons
        code, geometry (EPSG:4326).
    """
    rows = in_their_tambons(points, tambons)
    return match_villages(rows, villages, tambons=tambons, one_each=True)


def in_their_tambons(points: pd.DataFrame, tambons: geopandas.GeoDataFrame) -> pd.DataFrame:
    """Return points with the codes of the tambon, amphoe and province that they lie in.

    Of one that lies in no tambon the codes that its names tell; see ``match_points``.
    """
    places = geopandas.GeoSeries(
        geopandas.points_from_xy(points["longitude"], points["latitude"]),
        index=points.index,
        crs=GEOGRAPHIC,
    )
    located = locate(places, tambons)["code"]
    # The tambon that a file names may be one of then; the one that a point lies in is of today.
    named = with_parents(points)
    rows = named.assign(tambon_code=located.fillna(named["tambon_code"]))
    for level in (Level.AMPHOE, Level.PROVINCE):
        rows[level.column] = located.str[: level.digits].fillna(named[level.column])
    return rows


def _read_points(path: Path, mapping: ColumnMapping | None) -> pd.DataFrame:
    """Return the points of a file: row, rows, longitude, latitude and its place columns."""
    if is_map(path):
        table = points_as_table(path)
        return _point_columns(renamed(table, VILLAGE_POINTS, mapping), path)
    with open_mapped(path, VILLAGE_POINTS, mapping) as table:
        return _point_columns(table, path)


def _point_columns(table: TableFile, path: Path) -> pd.DataFrame:
    wanted = [c for c in columns_wanted(VILLAGE_POINTS) if c.name not in ("row", "how")]
    wanted = [c for c in wanted if c.name not in ("name", "confidence", "tambon_code")]
    headers = find_headers(wanted, table.headers)
    if "place_name" not in headers:
        # A file of points calls the village's name just a name.
        plain = {header.casefold(): header for header in table.headers}
        name = next((plain[word] for word in ("name_th", "name", "ชื่อ") if word in plain), None)
        if name:
            headers["place_name"] = name
    if not {"place_name", "village_code"} & set(headers):
        raise Problem("layers.points_without_names", file=path, found=", ".join(table.headers))
    for name in ("longitude", "latitude"):
        if name not in headers:
            raise Problem(
                "layers.column_missing", file=path, expected=name, found=", ".join(table.headers)
            )
    read = table.frame.select(
        pl.col(ROW).cast(pl.Int64).alias("row"),
        *(pl.col(header).alias(plain_name(name)) for name, header in headers.items()),
    ).collect()
    points = read.to_pandas().assign(rows=1)
    for name in ("longitude", "latitude"):
        points[name] = pd.to_numeric(points[name], errors="coerce")
    places = geopandas.GeoSeries(
        geopandas.points_from_xy(points["longitude"], points["latitude"]), crs=GEOGRAPHIC
    )
    beyond = pd.Series(outside_thailand(places)).to_numpy(dtype=bool)
    points.loc[beyond, ["longitude", "latitude"]] = float("nan")
    if "village_code" in points:
        points["village_code"] = read_codes(points["village_code"], Level.VILLAGE)
    return points


def _as_layer(points: pd.DataFrame, matches: Matches) -> pd.DataFrame:
    table = matches.table
    name = points["name"] if "name" in points else pd.Series(pd.NA, index=points.index)
    return pd.DataFrame(
        {
            "row": points["row"],
            "name": name.astype("string"),
            "longitude": points["longitude"].astype("Float64"),
            "latitude": points["latitude"].astype("Float64"),
            "tambon_code": table["village_code"].str[: Level.TAMBON.digits],
            "village_code": table["village_code"],
            "how": table["how"],
            "confidence": table["confidence"],
        }
    )


def _positioned(
    workspace: Workspace, points: pd.DataFrame, matches: Matches, provenance: Provenance
) -> Part:
    """Return the village list with the positions of the points that were matched."""
    codes = matches.table["village_code"].dropna()
    places = pl.DataFrame(
        {
            "village_code": codes.to_list(),
            "x": points.loc[codes.index, "longitude"].to_list(),
            "y": points.loc[codes.index, "latitude"].to_list(),
        },
        schema={"village_code": pl.String(), "x": pl.Float64(), "y": pl.Float64()},
    )
    places = places.filter(pl.col("x").is_not_nan(), pl.col("y").is_not_nan())
    table = (
        workspace.scan("villages")
        .join(places.unique("village_code").lazy(), on="village_code", how="left")
        .with_columns(
            pl.coalesce("x", "longitude").alias("longitude"),
            pl.coalesce("y", "latitude").alias("latitude"),
        )
        .drop("x", "y")
        .collect()
    )
    old = workspace.provenance("villages")
    if old is None:
        raise ValueError("positions need a village list")
    names = dict.fromkeys([*old.source.split(_JOINED), provenance.source])
    owners = dict.fromkeys(filter(None, [*old.credit.split(_JOINED), provenance.credit]))
    aside = workspace.set_aside("villages")
    both = replace(
        old,
        source=_JOINED.join(names),
        credit=_JOINED.join(owners),
        imported_at=provenance.imported_at,
        made_up=old.made_up or provenance.made_up,
    )
    return Part("villages", table, both, aside if len(aside) else nothing_set_aside())
