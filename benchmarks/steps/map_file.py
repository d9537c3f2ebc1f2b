"""75,000 villages as a shapefile: written, packed, read again and compared."""

from __future__ import annotations

import tempfile
from pathlib import Path

import geopandas as gpd

from apps.fields import PLAN_FIELDS
from apps.map_styles import status_style
from benchmarks.shapefile import villages
from geo.formats import FORMATS
from geo.vectorfile import write_vector

TITLE = "shapefile of 75,000 villages, written, reopened and compared"
BASELINE = "bare `to_file`: unpacked, nothing looked at"
REPEATS = {"ours": 3, "baseline": 3}
MOST_TIMES = 3.0
LIMIT = "one core: GDAL writes and reads text fields one by one"
SMALL_ROWS = 500


def load(folder: Path, small: bool) -> gpd.GeoDataFrame:  # noqa: ARG001
    """Make the villages of a plan up."""
    return villages().head(SMALL_ROWS) if small else villages()


def ours(table: gpd.GeoDataFrame) -> int:
    """Write with dictionary and style, reopen and compare."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "villages.zip"
        report = write_vector(
            table, path, PLAN_FIELDS, format=FORMATS["shapefile"], style=status_style("th")
        )
    return int(report.rows)


def baseline(table: gpd.GeoDataFrame) -> int:
    """Write only."""
    short = {field.column: field.short_name for field in PLAN_FIELDS}
    with tempfile.TemporaryDirectory() as folder:
        table.rename(columns=short).to_file(Path(folder) / "bare.shp", encoding="utf-8")
    return len(table)


def compared(answer: int) -> int:
    """Return the rows written."""
    return answer
