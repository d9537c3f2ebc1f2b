"""Reading an exported file by a library that did not write it: names and values as it sees them."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import gpxpy
import polars as pl
import pyarrow.parquet
import shapefile
from lxml import etree

from phaenthi.geo.texts.csv import as_meant

Rows = list[dict[str, object]]
KML = "{http://www.opengis.net/kml/2.2}"


def by_pyshp(path: Path) -> Rows:
    with zipfile.ZipFile(path) as archive:
        (cpg,) = (name for name in archive.namelist() if name.endswith(".cpg"))
        encoding = archive.read(cpg).decode()
    with shapefile.Reader(str(path), encoding=encoding) as reader:
        return [{**record.as_dict()} for record in reader.records()]


def by_sqlite(path: Path) -> Rows:
    with sqlite3.connect(path) as base:
        (table,) = base.execute(
            "SELECT table_name FROM gpkg_contents WHERE data_type = 'features'"
        ).fetchone()
        (geometry,) = base.execute("SELECT column_name FROM gpkg_geometry_columns").fetchone()
        found = base.execute(f'SELECT * FROM "{table}" ORDER BY 1')
        names = [one[0] for one in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found]
    key = names[0]
    return [{n: v for n, v in row.items() if n not in (key, geometry)} for row in rows]


def by_json(path: Path) -> Rows:
    collection = json.loads(path.read_bytes())
    assert "crs" not in collection
    return [feature["properties"] for feature in collection["features"]]


def by_pyarrow(path: Path) -> Rows:
    table = pyarrow.parquet.read_table(path)
    geometry = json.loads(table.schema.metadata[b"geo"])["primary_column"]
    return list(table.drop_columns([geometry]).to_pylist())


def by_ogr2ogr(path: Path) -> Rows:
    base = path.with_suffix(".sqlite")
    base.unlink(missing_ok=True)
    command = ["ogr2ogr", "-f", "SQLite", "-lco", "LAUNDER=NO", "-nln", "found", base, path]
    subprocess.run(command, check=True, capture_output=True)
    with sqlite3.connect(base) as connection:
        found = connection.execute("SELECT * FROM found ORDER BY ogc_fid")
        names = [one[0] for one in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found]
    left_out = {"OGC_FID", "GEOMETRY"}
    return [{n: v for n, v in row.items() if n not in left_out} for row in rows]


def by_lxml(path: Path) -> Rows:
    content = path.read_bytes()
    if path.suffix == ".kmz":
        with zipfile.ZipFile(path) as archive:
            content = archive.read(archive.namelist()[0])
    root = etree.fromstring(content)
    names = root.xpath("//*[local-name()='Folder']/*/*[local-name()='Data']/@name")
    rows = []
    for placemark in root.iter(f"{KML}Placemark"):
        told = {d.get("name"): d.findtext(f"{KML}value") for d in placemark.iter(f"{KML}Data")}
        rows.append({name: told.get(name) for name in names})
    return rows


def by_gpxpy(path: Path) -> Rows:
    found = gpxpy.parse(path.read_text(encoding="utf-8"))
    names = [one.get("name") for extension in found.metadata_extensions for one in extension.iter()]
    rows = []
    for record in [*found.waypoints, *found.routes, *found.tracks]:
        told = {one.tag.rpartition("}")[2]: one.text or "" for one in record.extensions}
        rows.append({name: told.get(name) for name in names})
    return rows


def by_polars(path: Path) -> Rows:
    table = pl.read_csv(path, infer_schema=False)
    # The apostrophe that keeps a spreadsheet from running a text is not part of it.
    return [
        {name: as_meant(text) if text else text for name, text in row.items()}
        for row in table.drop("WKT").rows(named=True)
    ]


SECOND: dict[str, Callable[[Path], Rows]] = {
    "shapefile": by_pyshp,
    "gpkg": by_sqlite,
    "geojson": by_json,
    "parquet": by_pyarrow,
    "fgb": by_ogr2ogr,
    "kml": by_lxml,
    "kmz": by_lxml,
    "gpx": by_gpxpy,
    "csv": by_polars,
}
