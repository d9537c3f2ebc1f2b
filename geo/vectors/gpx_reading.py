"""GPX files of phones and receivers: waypoints as points, routes and tracks as lines."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pyogrio.errors

from phaenthi.geo.shapes.crs import GEOGRAPHIC
from phaenthi.geo.texts.stray import table_without_stray
from phaenthi.wording import Problem

SUFFIX = ".gpx"
_LAYERS = ("waypoints", "routes", "tracks")
_KEPT = ("name", "desc", "cmt")
_HEAD_BYTES = 4096
# What begins otherwise is not opened: the library would take it for what it is.
_IS_GPX = re.compile(rb"^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:\w+:)?gpx[\s>]", re.DOTALL)


def read_gpx(path: Path) -> gpd.GeoDataFrame:
    """Read a GPX file.

    Returns
    -------
    geopandas.GeoDataFrame
        name, desc, cmt (text, as far as the file has them), geometry (EPSG:4326): waypoints
        first, then routes and tracks in the order of the file, each track one shape.

    Raises
    ------
    Problem
        ``geo.file_missing``, ``geo.content_unknown``, ``geo.file_damaged``,
        ``geo.no_records``.
    """
    if not path.is_file():
        raise Problem("geo.file_missing", file=path)
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES).removeprefix(codecs.BOM_UTF8)
    if not _IS_GPX.match(head):
        raise Problem("geo.content_unknown", file=path, suffix=SUFFIX)
    try:
        tables = [pyogrio.read_dataframe(path, layer=layer) for layer in _LAYERS]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        detail = str(error).splitlines()[0].replace(str(path), path.name)
        raise Problem("geo.file_damaged", file=path, detail=detail) from error
    kept = [
        table[[*(n for n in _KEPT if n in table), "geometry"]] for table in tables if len(table)
    ]
    if not kept:
        raise Problem("geo.no_records", file=path)
    table, _ = table_without_stray(pd.concat(kept, ignore_index=True))
    return gpd.GeoDataFrame(table, geometry="geometry", crs=GEOGRAPHIC)
