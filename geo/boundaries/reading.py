"""Boundary sets of any naming brought to one shape: read, repair, dissolve, simplify, compare."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from phaenthi.geo.notes import Note
from phaenthi.geo.places import gazetteer
from phaenthi.geo.places.code_columns import KNOWN, find_codes, find_names
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.shapes.crs import GEOGRAPHIC, area_square_metres
from phaenthi.geo.vectors.files import VectorFile, read
from phaenthi.wording import Language, Problem

SNAPPING_DEGREES = 1e-9
"""A tenth of a millimetre: what rounding does to a corner that two shapes share."""
_COLUMNS = ["code", "name_th", "name_en", "geometry"]


@dataclass(frozen=True)
class BoundaryReport:
    """What happened to the records of a boundary file.

    Attributes
    ----------
    level
        Level of the areas.
    rows_read, rows_kept
        Records in the file, and those that are part of the table.
    set_aside
        row (record number from 1), column, found, reason (message id): records left out.
    repaired
        code, reason (of GEOS), square_metres_before, square_metres_after: shapes that crossed
        themselves.
    merged
        code, rows, names: areas that came in several records, joined into one.
    unknown
        code, name_th, abolished_on, successors: codes not in today's gazetteer; they are kept
        in the table.
    notes
        Remarks on how the file was read.
    """

    level: Level
    rows_read: int
    rows_kept: int
    set_aside: pd.DataFrame
    repaired: pd.DataFrame
    merged: pd.DataFrame
    unknown: pd.DataFrame
    notes: tuple[Note, ...]

    def lines(self, language: Language = "th") -> list[str]:
        """Return the report in sentences."""
        counts = [
            ("geo.report.set_aside", self.set_aside, "row"),
            ("geo.report.repaired", self.repaired, "code"),
            ("geo.report.merged", self.merged, "code"),
            ("geo.report.unknown", self.unknown, "code"),
        ]
        lines = [Note("geo.report.kept", {"read": self.rows_read, "kept": self.rows_kept})]
        for message, table, column in counts:
            if len(table):
                found = ", ".join(table[column].astype(str))
                lines.append(Note(message, {"count": len(table), "list": found}))
        return [note.sentence(language) for note in (*lines, *self.notes)]


@dataclass(frozen=True)
class BoundaryReading:
    """A boundary set and the report of its reading.

    Attributes
    ----------
    table
        code, name_th, name_en, geometry (Polygon or MultiPolygon, EPSG:4326, valid); one row
        a code, sorted by code, index 0, 1, 2 …
    report
        What was set aside, repaired, merged.
    """

    table: gpd.GeoDataFrame
    report: BoundaryReport


def read_boundaries(
    path: Path, level: Level | None = None, *, layer: str | None = None, crs: str | None = None
) -> BoundaryReading:
    """Read a boundary file of COD-AB, GADM, DOPA or OpenGISData naming, or our own.

    Parameters
    ----------
    path
        A file that ``vectorfile.read`` reads.
    level
        Level wanted; the lowest for which the file holds codes if not given.
    layer, crs
        As of ``vectorfile.read``.

    Raises
    ------
    Problem
        What ``vectorfile.read`` and ``boundaries_of`` raise.
    """
    return boundaries_of(read(path, layer=layer, crs=crs), level)


def boundaries_of(file: VectorFile, level: Level | None = None) -> BoundaryReading:
    """Bring the records of a file that was read to the shape of boundaries.

    Parameters
    ----------
    file
        Records of any naming.
    level
        Level wanted; the lowest for which the file holds codes if not given.

    Raises
    ------
    Problem
        ``geo.boundary_without_codes`` if no known column holds codes of the level;
        ``geo.boundary_without_areas`` if no record with a code is a polygon.
    """
    level, column, codes = _find_level(file, level)
    kinds = file.table.geometry.geom_type
    reasons = pd.Series(pd.NA, index=codes.index, dtype="string")
    reasons[~kinds.isin(["Polygon", "MultiPolygon", "GeometryCollection"])] = "geo.reason.no_area"
    reasons[codes.isna()] = "geo.reason.code_unreadable"
    kept = reasons.isna()
    if not kept.any():
        raise Problem("geo.boundary_without_areas", file=file.path)
    table = find_names(file.table, level).assign(code=codes)[kept]
    table = gpd.GeoDataFrame(table, geometry=file.table.geometry[kept]).to_crs(GEOGRAPHIC)
    table = table.set_geometry(shapely.force_2d(table.geometry.to_numpy()), crs=GEOGRAPHIC)
    table, repaired = _repaired(table)
    table, merged = _merged(table)
    table = _named(table)
    report = BoundaryReport(
        level=level,
        rows_read=len(file.table),
        rows_kept=int(kept.sum()),
        set_aside=_set_aside(file.table[column], reasons),
        repaired=repaired,
        merged=merged,
        unknown=_unknown(table),
        notes=file.notes,
    )
    return BoundaryReading(table, report)


def _find_level(file: VectorFile, level: Level | None) -> tuple[Level, str, pd.Series]:
    wanted = [level] if level else [Level.TAMBON, Level.AMPHOE, Level.PROVINCE]
    for candidate in wanted:
        found = find_codes(file.table, candidate) if candidate in KNOWN else None
        if found is not None:
            return candidate, *found
    columns = ", ".join(str(name) for name in file.table.columns.drop(file.table.geometry.name))
    raise Problem("geo.boundary_without_codes", file=file.path, columns=columns or "–")


def _set_aside(found: pd.Series, reasons: pd.Series) -> pd.DataFrame:
    left_out = reasons.notna()
    return pd.DataFrame(
        {
            "row": found.index[left_out] + 1,
            "column": found.name,
            "found": found[left_out].astype("string"),
            "reason": reasons[left_out],
        }
    ).reset_index(drop=True)


def _repaired(table: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return the table with every shape valid and polygonal, and the list of repairs."""
    shapes = table.geometry.to_numpy()
    broken = ~shapely.is_valid(shapes)
    collections = table.geometry.geom_type.eq("GeometryCollection").to_numpy()
    mended = shapes.copy()
    # "structure" keeps areas as areas where "linework" may leave lines beside them.
    mended[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    mended[collections] = [_areas_of(shape) for shape in mended[collections]]
    after = table.set_geometry(mended, crs=table.crs)
    repairs = pd.DataFrame(
        {
            "code": table["code"][broken],
            "reason": shapely.is_valid_reason(shapes[broken]),
            "square_metres_before": area_square_metres(table[broken]),
            "square_metres_after": area_square_metres(after[broken]),
        }
    )
    return after, repairs.sort_values("code", ignore_index=True)


def _areas_of(shape: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def _merged(table: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return one row a code, sorted by code, and the codes that came in several records."""
    groups = table.groupby("code", sort=True)
    names = groups["name_th"].agg(lambda values: " / ".join(values.dropna().unique()))
    rows = groups.size()
    one_row = groups[["name_th", "name_en"]].first()
    first = table.drop_duplicates("code").set_index("code").geometry.reindex(one_row.index)
    several = rows.index[rows > 1]
    repeated = table[table["code"].isin(several)]
    unions = {
        code: shapely.union_all(shapes.to_numpy())
        for code, shapes in repeated.groupby("code").geometry
    }
    shapes = [unions.get(code, shape) for code, shape in first.items()]
    merged = gpd.GeoDataFrame(one_row, geometry=shapes, crs=table.crs).reset_index()
    report = pd.DataFrame({"code": several, "rows": rows[several], "names": names[several]})
    return merged, report.reset_index(drop=True)


def _named(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the table with the gazetteer's names where the file has none."""
    known = gazetteer.names_of(table["code"])
    filled = {name: table[name].fillna(known[name]) for name in ("name_th", "name_en")}
    return table.assign(**filled)[_COLUMNS]


def _unknown(table: gpd.GeoDataFrame) -> pd.DataFrame:
    unknown = table.loc[~table["code"].map(gazetteer.exists).astype(bool), ["code", "name_th"]]
    past = gazetteer.abolished()[["code", "abolished_on", "successors"]]
    return pd.DataFrame(unknown).merge(past, on="code", how="left")


def dissolve(table: gpd.GeoDataFrame, level: Level) -> gpd.GeoDataFrame:
    """Join areas into those of a higher level.

    Parameters
    ----------
    table
        code, geometry, as ``BoundaryReading.table``.
    level
        Level of the result, not below that of the table.

    Returns
    -------
    geopandas.GeoDataFrame
        Of the same shape; names are the gazetteer's. Gaps between areas stay as holes.
    """
    shapes = table.geometry.groupby(parent_code(table["code"], level), sort=True)
    unions = {code: shapely.union_all(group.to_numpy()) for code, group in shapes}
    codes = pd.Series(list(unions), dtype="string", name="code")
    names = gazetteer.names_of(codes)
    joined = gpd.GeoDataFrame(names, geometry=list(unions.values()), crs=table.crs)
    return joined.assign(code=codes)[_COLUMNS]


def simplify(table: gpd.GeoDataFrame, tolerance_degrees: float) -> gpd.GeoDataFrame:
    """Return the areas with fewer corners.

    Parameters
    ----------
    table
        Areas with geometry in EPSG:4326.
    tolerance_degrees
        As in ``shapely.coverage_simplify``: the square root of the area in square degrees of
        the triangles that may go; 0.002 keeps a province readable on a screen.

    Returns
    -------
    geopandas.GeoDataFrame
        Neighbours still share their edges. Where the areas overlap or their corners do not
        match, that is put right first (a place that two claim goes to the one with the longer
        common edge); an area that lies wholly in others stays beside them as it is.
    """
    shapes = table.geometry.to_numpy()
    if not shapely.coverage_is_valid(shapes):
        cleaned = clean_coverage(shapes)
        shapes = np.where(shapely.is_empty(cleaned), shapes, cleaned)
    simple = shapely.coverage_simplify(shapes, tolerance_degrees)
    return table.set_geometry(gpd.GeoSeries(simple, index=table.index, crs=table.crs))


def clean_coverage(
    shapes: npt.NDArray[np.object_], gap_degrees: float = 0.0
) -> npt.NDArray[np.object_]:
    """Return valid shapes fitted together: no overlaps, no gaps up to a width, edges shared.

    GEOS coverage cleaning (shapely 2.2): what two shapes claim goes to the one with the longer
    common edge, corners nearer than ``SNAPPING_DEGREES`` become one. A shape that lies wholly in
    others comes out empty.
    """
    clean = cast("Any", shapely).coverage_clean  # the stubs of shapely do not know it yet
    cleaned = clean(shapes, gap_width=gap_degrees, snapping_distance=SNAPPING_DEGREES)
    return np.asarray(cleaned, dtype=object)


@dataclass(frozen=True)
class GazetteerComparison:
    """Where a boundary set and today's gazetteer differ.

    Attributes
    ----------
    missing
        code, name_th, name_en, parent_code: areas of today without a polygon.
    abolished
        code, name_th, abolished_on, successors: polygons of areas that are no more.
    unknown
        code, name_th: polygons of codes that never were.
    """

    missing: pd.DataFrame
    abolished: pd.DataFrame
    unknown: pd.DataFrame


def compare_with_gazetteer(
    table: gpd.GeoDataFrame, level: Level, province: str | None = None
) -> GazetteerComparison:
    """Compare the codes of a boundary set with the areas that exist today.

    Parameters
    ----------
    table
        code, name_th, as ``BoundaryReading.table``.
    level
        Its level.
    province
        Code of the province to look at; the country if not given.
    """
    today, codes = gazetteer.areas(level), table
    if province is not None:
        today = today[parent_code(today["code"], Level.PROVINCE) == province]
        codes = table[parent_code(table["code"], Level.PROVINCE) == province]
    unknown = _unknown(codes)
    gone = unknown["abolished_on"].notna()
    return GazetteerComparison(
        missing=today[~today["code"].isin(codes["code"])].reset_index(drop=True),
        abolished=unknown[gone].reset_index(drop=True),
        unknown=unknown.loc[~gone, ["code", "name_th"]].reset_index(drop=True),
    )
