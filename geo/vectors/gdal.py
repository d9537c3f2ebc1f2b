"""Layers written and read again by GDAL: shapefile, GeoPackage, GeoJSON, FlatGeobuf."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
import pyogrio.raw
import pyproj
import shapely

from phaenthi.geo.vectors.dbf import THAI, mark_thai
from phaenthi.geo.vectors.field_dictionary import Field
from phaenthi.geo.vectors.fitting import byte_lengths, kinds_of_shapes
from phaenthi.geo.vectors.formats import Format
from phaenthi.geo.vectors.records import Records, Shapes

_GEOMETRY = "geom"
_WKB = {"ARROW:extension:name": "geoarrow.wkb"}
_MULTI: Mapping[str, Callable[..., Shapes]] = {
    "Point": shapely.multipoints,
    "LineString": shapely.multilinestrings,
    "Polygon": shapely.multipolygons,
}


@dataclass(frozen=True)
class Heading:
    """What is said of a layer in the file itself.

    Attributes
    ----------
    name
        Name of the layer, Thai or English.
    about
        What a reader must know of it; empty for nothing.
    """

    name: str
    about: str = ""


def write_layer(
    records: Records,
    path: Path,
    kind: Format,
    *,
    encoding: str,
    heading: Heading,
    fields: Sequence[Field],
) -> None:
    """Write records as one layer; a GeoPackage that is there gets one more.

    Parameters
    ----------
    records
        Fitted to the format, under the names of the file.
    fields
        One a column, in the same order; their Thai and English go into files that keep them.
    """
    shapes, geometry_type = _of_one_type(records, kind)
    geometry = geometry_name(records)
    pyogrio.write_arrow(
        _with_meanings(records, shapes, geometry, kind, encoding, fields),
        path,
        layer=heading.name,
        driver=kind.driver,
        geometry_name=geometry,
        geometry_type=geometry_type,
        crs=records.crs.to_wkt() if records.crs is not None else None,
        encoding=encoding if len(kind.encodings) > 1 else None,
        layer_options=_options(kind, heading, records.names, geometry),
        # Of QGIS and ArcGIS as offices have them; later ones are read with a warning, or not.
        dataset_options={"VERSION": "1.2"} if kind.driver == "GPKG" and not path.exists() else None,
    )
    if kind.short_names:
        # GDAL, QGIS and pyshp know "CP874"; "OEM 874" GDAL does not know, "874" pyshp does not.
        path.with_suffix(".cpg").write_text(encoding.upper())
        if encoding == THAI:
            mark_thai(path.with_suffix(".dbf"))


def geometry_name(records: Records) -> str:
    """Return the name of the geometry in a GeoPackage: ``geom`` unless a field has it."""
    return _free_name(_GEOMETRY, records.names)


def reopen_layer(path: Path | str, kind: Format, layer: str) -> Records:
    """Read a layer as any program would: nothing is told of it but its name."""
    options = {"DATE_AS_STRING": "YES"} if kind.driver == "GeoJSON" else {}
    with _sound_flatgeobuf():
        meta, table = pyogrio.raw.read_arrow(path, layer=layer, **options)
    # GDAL names the geometry of a file that has no name for it.
    geometry = meta["geometry_name"] or "wkb_geometry"
    shapes = shapely.from_wkb(table.column(geometry).to_numpy(zero_copy_only=False))
    crs = pyproj.CRS(meta["crs"]) if meta["crs"] else None
    return Records(table.drop_columns([geometry]), shapes, crs)


@contextmanager
def _sound_flatgeobuf() -> Iterator[None]:
    """Read FlatGeobuf record by record: GDAL 3.12 miscounts batches with missing shapes."""
    option = "OGR_FLATGEOBUF_STREAM_BASE_IMPL"
    before = pyogrio.get_gdal_config_option(option)
    pyogrio.set_gdal_config_options({option: "YES"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({option: before})


def _of_one_type(records: Records, kind: Format) -> tuple[Shapes, str]:
    """Return the shapes and the geometry type that a layer of them declares."""
    kinds = kinds_of_shapes(records)
    if not kinds:  # no record has a place yet
        return records.shapes, "Point"
    if len(kinds) == 1:
        return records.shapes, kinds.pop()
    single = {name.removeprefix("Multi") for name in kinds}
    if len(single) > 1 or not kind.driver or "GeometryCollection" in single:
        return records.shapes, "Unknown"
    base = single.pop()
    shapes = records.shapes.copy()
    alone = np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType[base.upper()])
    shapes[alone] = _MULTI[base](shapes[alone], indices=np.arange(len(alone)))
    return shapes, f"Multi{base}"


def _with_meanings(
    records: Records,
    shapes: Shapes,
    geometry: str,
    kind: Format,
    encoding: str,
    fields: Sequence[Field],
) -> pa.Table:
    """Return one table of columns and WKB with what GDAL is to know of each field."""
    schema: list[pa.Field] = []
    for field, values, name in zip(fields, records.columns.columns, records.names, strict=True):
        told: dict[str, str] = {}
        if kind.text_bytes and pa.types.is_string(values.type):
            # Without it every text takes 80 bytes a record, and growing it writes all anew.
            told["GDAL:OGR:width"] = str(
                max(pc.max(byte_lengths(values, encoding)).as_py() or 1, 1)
            )
        elif not kind.short_names:
            told |= {"GDAL:OGR:alternative_name": field.th, "GDAL:OGR:comment": field.en}
        schema.append(pa.field(name, values.type, metadata=told))
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    encoded = np.full(len(shapes), None, dtype=object)
    encoded[there] = shapely.to_wkb(shapes[there])
    schema.append(pa.field(geometry, pa.binary(), metadata=_WKB))
    arrays = [*records.columns.columns, pa.chunked_array([pa.array(encoded, type=pa.binary())])]
    return pa.Table.from_arrays(arrays, schema=pa.schema(schema))


def _options(kind: Format, heading: Heading, names: Sequence[str], geometry: str) -> dict[str, str]:
    options = dict(kind.options)
    if kind.driver == "GPKG":
        options |= {"GEOMETRY_NAME": geometry, "FID": _free_name("fid", names)}
        options["IDENTIFIER"] = heading.name
    if kind.driver == "FlatGeobuf":
        options["TITLE"] = heading.name
    if heading.about and kind.driver in {"GPKG", "FlatGeobuf", "GeoJSON"}:
        options["DESCRIPTION"] = heading.about
    return options


def _free_name(name: str, taken: Sequence[str]) -> str:
    """Return a name that no column has, whatever the capitals."""
    lower = {one.casefold() for one in taken}
    while name.casefold() in lower:
        name += "_"
    return name
