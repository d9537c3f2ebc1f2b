"""GPX 1.1: points as waypoints, lines as routes, lines of several parts as tracks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pyarrow as pa
import pyproj
import shapely

from phaenthi.geo.shapes.crs import GEOGRAPHIC
from phaenthi.geo.vectors.field_dictionary import Field
from phaenthi.geo.vectors.records import Records
from phaenthi.geo.vectors.xml import attribute, elements, places, text

NAMESPACE = "http://www.topografix.com/GPX/1/1"
OWN_NAMESPACE = "urn:phaenthi:fields"
"""Of the elements that hold the fields, ``<phaenthi:village_code>``, and their dictionary."""
_TAG, _OWN = f"{{{NAMESPACE}}}", f"{{{OWN_NAMESPACE}}}"
# GPX wants all waypoints before all routes before all tracks.
_ORDER = {"Point": 0, "LineString": 1, "MultiLineString": 2}
_TAGS = ("wpt", "rte", "trk")


@dataclass(frozen=True)
class Part:
    """One layer of a GPX file: its records (text, EPSG:4326), fields, and the column of names."""

    name: str
    records: Records
    fields: Sequence[Field]
    label: str | None = None


def in_order(records: Records) -> Records:
    """Return records in the order in which a GPX file holds them: points, lines, broken lines."""
    ranks = np.array([_ORDER[shape.geom_type] for shape in records.shapes], dtype=np.int64)
    return records.take(np.argsort(ranks, kind="stable"))


def element_name(field: Field) -> str:
    """Return the element of a field: its column where XML allows that, else its short name."""
    plain = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", field.column)
    return field.column if plain else field.short_name


def write_gpx(parts: Sequence[Part], path: Path, title: str, about: str) -> None:
    """Write layers as one GPX file; each record says in ``type`` of which layer it is."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(
            f'<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="phaenthi" '
            f'xmlns="{NAMESPACE}" xmlns:phaenthi="{OWN_NAMESPACE}">\n<metadata>'
            f"<name>{text(title)}</name><desc>{text(about)}</desc><extensions>\n"
        )
        for part in parts:
            file.writelines(_dictionary(part))
        file.write("</extensions></metadata>\n")
        for rank, tag in enumerate(_TAGS):
            for part in parts:
                file.writelines(_elements(part, tag, rank))
        file.write("</gpx>\n")


def _dictionary(part: Part) -> Iterator[str]:
    for field in part.fields:
        yield (
            f'<phaenthi:field layer="{attribute(part.name)}" name="{element_name(field)}" '
            f'th="{attribute(field.th)}" en="{attribute(field.en)}" '
            f'unit="{attribute(field.unit)}"/>\n'
        )


def _elements(part: Part, tag: str, rank: int) -> Iterator[str]:
    ranks = np.array([_ORDER[shape.geom_type] for shape in part.records.shapes])
    records = part.records.take(np.flatnonzero(ranks == rank))
    columns = records.columns
    fields = [f"phaenthi:{element_name(field)}" for field in part.fields]
    data = elements(columns, [(f"<{name}>", f"</{name}>") for name in fields])
    names = columns.column(part.label).to_pylist() if part.label in columns.column_names else None
    for row, (shape, told) in enumerate(zip(records.shapes, data, strict=True)):
        name = f"<name>{text(names[row] or '')}</name>" if names else ""
        about = f"{name}<type>{text(part.name)}</type><extensions>{told}</extensions>"
        if tag == "wpt":
            yield f"{_point('wpt', places(shape)[0], about)}\n"
        elif tag == "rte":
            yield f"<rte>{about}{_points('rtept', shape)}</rte>\n"
        else:
            segments = "".join(f"<trkseg>{_points('trkpt', line)}</trkseg>" for line in shape.geoms)
            yield f"<trk>{about}{segments}</trk>\n"


def _points(tag: str, shape: shapely.Geometry) -> str:
    return "".join(_point(tag, place, "") for place in places(shape))


def _point(tag: str, place: tuple[str, str], inside: str) -> str:
    longitude, latitude = place
    return f'<{tag} lat="{latitude}" lon="{longitude}">{inside}</{tag}>'


def reopen_gpx(path: Path) -> list[Records]:
    """Read the layers of a GPX file that was written here, columns as its dictionary lists them."""
    root = ET.parse(path).getroot()  # noqa: S314 - it was written a moment ago
    names: dict[str, list[str]] = {}
    for field in root.iter(f"{_OWN}field"):
        names.setdefault(str(field.get("layer")), []).append(str(field.get("name")))
    found: dict[str, list[tuple[list[str | None], shapely.Geometry]]] = {key: [] for key in names}
    for element in root:
        if element.tag.removeprefix(_TAG) not in _TAGS:
            continue
        layer = element.findtext(f"{_TAG}type") or ""
        told = {
            one.tag.removeprefix(_OWN): one.text or ""
            for one in element.findall(f"{_TAG}extensions/*")
        }
        found[layer].append(([told.get(name) for name in names[layer]], _shape(element)))
    return [_records(names[layer], rows) for layer, rows in found.items()]


def _records(names: list[str], rows: list[tuple[list[str | None], shapely.Geometry]]) -> Records:
    columns = zip(*(values for values, _ in rows), strict=True) if rows else [()] * len(names)
    arrays = {n: pa.array(c, type=pa.string()) for n, c in zip(names, columns, strict=True)}
    shapes = np.empty(len(rows), dtype=object)
    shapes[:] = [shape for _, shape in rows]
    return Records(pa.table(arrays), shapes, pyproj.CRS(GEOGRAPHIC))


def _shape(element: ET.Element) -> shapely.Geometry:
    kind = element.tag.removeprefix(_TAG)
    if kind == "wpt":
        return shapely.Point(_place(element))
    if kind == "rte":
        return shapely.LineString([_place(one) for one in element.iter(f"{_TAG}rtept")])
    segments = element.iter(f"{_TAG}trkseg")
    return shapely.MultiLineString([[_place(one) for one in segment] for segment in segments])


def _place(element: ET.Element) -> tuple[float, float]:
    return float(element.get("lon", "nan")), float(element.get("lat", "nan"))
