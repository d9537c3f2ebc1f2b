"""Vector files: reading with the encoding found out, writing so that Thai reopens intact."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd

from phaenthi.geo.vectors.field_dictionary import DICTIONARY, Field
from phaenthi.geo.vectors.formats import GEOPACKAGE, SHAPEFILE
from phaenthi.geo.vectors.reading import VectorFile, list_layers, read
from phaenthi.geo.vectors.writing import (
    Layer,
    WriteReport,
    letters_not_held,
    write_layers,
    write_vector,
)

__all__ = [
    "DICTIONARY",
    "Field",
    "Layer",
    "VectorFile",
    "WriteReport",
    "letters_not_held",
    "list_layers",
    "read",
    "write_geopackage",
    "write_layers",
    "write_shapefile",
    "write_vector",
]


def write_shapefile(
    table: gpd.GeoDataFrame,
    path_zip: Path,
    fields: Sequence[Field],
    *,
    encoding: str = "utf-8",
) -> WriteReport:
    """Write a shapefile with its ``.cpg`` and bilingual dictionary into one ``.zip``.

    A shapefile knows no difference between an empty text and none, no true/false (1/0 are
    written), no time of day (dates and times are written as ISO text) and no spaces at the
    ends. See :func:`phaenthi.geo.vectors.writing.write_vector` for the parameters and problems.
    """
    return write_vector(table, path_zip, fields, format=SHAPEFILE, encoding=encoding)


def write_geopackage(
    table: gpd.GeoDataFrame, path: Path, layer_name: str, fields: Sequence[Field]
) -> WriteReport:
    """Write a GeoPackage of one layer, with the bilingual dictionary as table ``fields``.

    See :func:`phaenthi.geo.vectors.writing.write_vector` for the parameters and problems.
    """
    return write_vector(table, path, fields, format=GEOPACKAGE, layer=layer_name)
