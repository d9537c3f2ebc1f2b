"""75,000 villages as a shapefile: written, packed, read again and compared."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from phaenthi.apps.maps.styles import status_style
from phaenthi.apps.publication.exported_fields import PLAN_COLUMNS, PLAN_FIELDS
from phaenthi.geo.vectors.files import write_vector
from phaenthi.geo.vectors.formats import FORMATS

TITLE = "shapefile of 75,000 villages, written, reopened and compared"
BASELINE = "bare `to_file`: unpacked, nothing looked at"
REPEATS = {"ours": 3, "baseline": 3}
MOST_TIMES = 3.0
LIMIT = "one core: GDAL writes and reads text fields one by one"
SMALL_ROWS = 500
VILLAGES = 75_000
SEED = 2563


def load(folder: Path, small: bool) -> gpd.GeoDataFrame:  # noqa: ARG001
    """Make the villages of a plan up."""
    return villages(SMALL_ROWS if small else VILLAGES)


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
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # It cuts long texts where the bytes end, and says so.
        warnings.simplefilter("ignore", RuntimeWarning)
        table.rename(columns=short).to_file(Path(folder) / "bare.shp", encoding="utf-8")
    return len(table)


def compared(answer: int) -> int:
    """Return the rows written."""
    return answer


def villages(rows: int) -> gpd.GeoDataFrame:
    """Return made-up villages with the 26 fields of a plan, reasons beyond 254 bytes among them."""
    rng = np.random.default_rng(SEED)
    number = np.arange(rows)
    name = pd.Series(rng.choice(["บ้านน้ำเกลี้ยง", "บ้านโคกสูง", "หนองบัวลำภู", "ท่าลี่"], rows))
    status = rng.choice(["chosen", "reserve", "eligible", "excluded", "unknown"], rows)
    reasons = np.array(["ไม่ผ่านเกณฑ์: " + "หมู่บ้านซ้ำกับโครงการที่ได้รับงบประมาณแล้ว " * n for n in range(4)])
    text = {
        "village_code": pd.Series(10_000_000 + number).astype("string"),
        "name_th": name + " " + pd.Series(number).astype("string"),
        "tambon_code": pd.Series(100_000 + number // 10).astype("string"),
        "amphoe_code": pd.Series(1_000 + number // 100).astype("string"),
        "province_code": pd.Series(10 + number // 1_000).astype("string"),
        "status": pd.Series(status, dtype="string"),
        "reason_th": pd.Series(rng.choice(reasons, rows), dtype="string"),
        "reason_en": pd.Series(rng.choice(["Chosen.", "Does not meet: " + "a rule " * 20], rows)),
    }
    numbers = {"moo", "fiscal_year", "place", "need", "points", "target_households"}
    columns = {
        column: text.get(column, pd.Series(["กาฬสินธุ์"] * rows, dtype="string"))
        for column in PLAN_COLUMNS
    }
    for column in numbers:
        values = pd.Series(rng.integers(0, 3_000, rows), dtype="Int64")
        columns[column] = values.mask(rng.random(rows) < 0.1)
    for column in ("made_up", "counts_hidden"):
        columns[column] = pd.Series(rng.random(rows) < 0.5)
    places = np.array(shapely.points([98, 8] + rng.random((rows, 2)) * [7, 11]))
    places[rng.random(rows) < 0.01] = None
    return gpd.GeoDataFrame(columns, geometry=places, crs="EPSG:4326")
