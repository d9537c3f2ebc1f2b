"""KML and KMZ: every field as data with its Thai name, one folder a layer, coloured by class."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pyarrow as pa
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry, BaseMultipartGeometry

from phaenthi.geo.shapes.crs import GEOGRAPHIC
from phaenthi.geo.texts import html
from phaenthi.geo.vectors.field_dictionary import Field
from phaenthi.geo.vectors.records import Records
from phaenthi.geo.vectors.styles import PLAIN, Style, Symbol, classes_of, kml_style
from phaenthi.geo.vectors.xml import attribute, elements, places, text

NAMESPACE = "http://www.opengis.net/kml/2.2"
_TAG = f"{{{NAMESPACE}}}"
# What Google Earth takes for a tag, a letter by its name, or another field in a balloon.
_A_PAGE = re.compile(r"&lt;|&amp;|\$\[")


@dataclass(frozen=True)
class Folder:
    """One layer of a KML file.

    Attributes
    ----------
    records
        Columns of text, EPSG:4326.
    fields
        One a column, in the same order.
    """

    name: str
    records: Records
    fields: Sequence[Field]
    style: Style | None = None


def write_kml(folders: Sequence[Folder], path: Path, title: str, about: str) -> None:
    """Write layers as one KML document; a missing value has no element, an empty one has."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(_lines(folders, title, about))


def _lines(folders: Sequence[Folder], title: str, about: str) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="{NAMESPACE}"><Document>'
    # A description is a page to Google Earth.
    described = text(html.text(about))
    yield f"<name>{text(title)}</name><description>{described}</description>\n"
    for number, folder in enumerate(folders):
        balloon = _balloon(folder.fields)
        for place, symbol in enumerate(_symbols(folder.style)):
            yield kml_style(f"s{number}-{place}", symbol, balloon) + "\n"
    for number, folder in enumerate(folders):
        yield f"<Folder><name>{text(folder.name)}</name><ExtendedData>\n"
        for field in folder.fields:
            name = f"<displayName>{text(field.th)}</displayName><value>{text(field.en)}</value>"
            yield f'<Data name="{attribute(field.column)}">{name}</Data>\n'
        yield "</ExtendedData>\n"
        yield from _placemarks(folder, number)
        yield "</Folder>\n"
    yield "</Document></kml>\n"


def _symbols(style: Style | None) -> list[Symbol]:
    return [one.symbol for one in style.classes] if style else [PLAIN]


def _balloon(fields: Sequence[Field]) -> str:
    """Return what Google Earth shows of a record: the Thai names of its fields and the values."""
    rows = "".join(
        f"<tr><td>{text(field.th)}</td><td>$[{text(field.column)}]</td></tr>" for field in fields
    )
    return f"<h3>$[name]</h3><table>{rows}</table>"


def _told_otherwise(fields: Sequence[Field], name: str, values: Mapping[str, str | None]) -> str:
    """Return the balloon of a record whose own words Google Earth would take for a page."""
    rows = html.join(
        html.fill("<tr><td>{}</td><td>{}</td></tr>", field.th, values[field.column] or "")
        for field in fields
    )
    balloon = html.fill("<h3>{}</h3><table>{}</table>", name, rows).replace("$", html.own("&#36;"))
    return f"<Style><BalloonStyle><text>{text(balloon)}</text></BalloonStyle></Style>"


def _placemarks(folder: Folder, number: int) -> Iterator[str]:
    columns = folder.records.columns
    # GDAL finds the fields of a KMZ so; with a schema it finds none.
    end = "</value></Data>"
    tags = [(f'<Data name="{attribute(one.column)}"><value>', end) for one in folder.fields]
    label = folder.style.label if folder.style else None
    names = columns.column(label).to_pylist() if label in columns.column_names else None
    classes = classes_of(folder.style, columns) if folder.style else [0] * columns.num_rows
    data = elements(columns, tags)
    for row, (shape, told) in enumerate(zip(folder.records.shapes, data, strict=True)):
        name = f"<name>{text(names[row] or '')}</name>" if names else ""
        style = f"<styleUrl>#s{number}-{classes[row]}</styleUrl>"
        if _A_PAGE.search(name + told):
            values = {one: columns.column(one)[row].as_py() for one in columns.column_names}
            style += _told_otherwise(folder.fields, (names[row] if names else "") or "", values)
        drawn = "" if shape is None else _shape(shape)
        yield f"<Placemark>{name}{style}<ExtendedData>{told}</ExtendedData>{drawn}</Placemark>\n"


def _shape(shape: BaseGeometry) -> str:
    if isinstance(shape, BaseMultipartGeometry):
        return f"<MultiGeometry>{''.join(_shape(part) for part in shape.geoms)}</MultiGeometry>"
    if not isinstance(shape, shapely.Polygon):
        return f"<{shape.geom_type}>{_coordinates(shape)}</{shape.geom_type}>"
    inner = [_boundary("inner", ring) for ring in shape.interiors]
    return f"<Polygon>{_boundary('outer', shape.exterior)}{''.join(inner)}</Polygon>"


def _boundary(side: str, ring: shapely.LinearRing) -> str:
    tag = f"{side}BoundaryIs"
    return f"<{tag}><LinearRing>{_coordinates(ring)}</LinearRing></{tag}>"


def _coordinates(shape: shapely.Geometry) -> str:
    return f"<coordinates>{' '.join(f'{x},{y}' for x, y in places(shape))}</coordinates>"


# -- reading it again ------------------------------------------------------------------------------


def reopen_kml(content: bytes) -> list[Records]:
    """Read the layers of a KML file that was written here, columns as its folders list them."""
    root = ET.fromstring(content)  # noqa: S314 - it was written a moment ago
    return [_folder(folder) for folder in root.iter(f"{_TAG}Folder")]


def _folder(folder: ET.Element) -> Records:
    listed = folder.findall(f"{_TAG}ExtendedData/{_TAG}Data")
    names = [str(data.get("name")) for data in listed]
    rows, shapes = [], []
    for placemark in folder.iter(f"{_TAG}Placemark"):
        extended = placemark.find(f"{_TAG}ExtendedData")
        told = {} if extended is None else {one.get("name"): one[0].text or "" for one in extended}
        rows.append([told.get(name) for name in names])
        drawn = [_read(child) for child in placemark if child.tag in _READ]
        shapes.append(drawn[0] if drawn else None)
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    arrays = {
        name: pa.array(column, type=pa.string())
        for name, column in zip(names, columns, strict=True)
    }
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    table = pa.table(arrays) if arrays else pa.table({"": pa.nulls(len(shapes))}).select([])
    return Records(table, found, pyproj.CRS(GEOGRAPHIC))


def _read(element: ET.Element) -> BaseGeometry:
    kind = element.tag.removeprefix(_TAG)
    if kind == "MultiGeometry":
        parts = [_read(child) for child in element]
        kinds = {part.geom_type for part in parts}
        make = _MULTI.get(kinds.pop()) if len(kinds) == 1 else None
        return (make or shapely.GeometryCollection)(parts)
    rings = [_points(ring) for ring in element.iter(f"{_TAG}coordinates")]
    if kind == "Point":
        return shapely.Point(rings[0][0])
    if kind == "Polygon":
        return shapely.Polygon(rings[0], rings[1:])
    return shapely.LineString(rings[0])


def _points(element: ET.Element) -> list[tuple[float, ...]]:
    return [tuple(float(one) for one in place.split(",")) for place in (element.text or "").split()]


_READ = {f"{_TAG}{kind}" for kind in ("Point", "LineString", "Polygon", "MultiGeometry")}
_MULTI: Mapping[str, Callable[[Any], BaseGeometry]] = {
    "Point": shapely.MultiPoint,
    "LineString": shapely.MultiLineString,
    "Polygon": shapely.MultiPolygon,
}
