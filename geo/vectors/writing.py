"""Vector files written whole, with dictionary and style, and read again before they are offered."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from phaenthi.geo.files import atomic_write
from phaenthi.geo.notes import Note
from phaenthi.geo.shapes.crs import INDIAN_1975_NOTE, in_crs, is_indian_1975
from phaenthi.geo.vectors import gdal as gdalfiles
from phaenthi.geo.vectors import gpx, kml, wktcsv
from phaenthi.geo.vectors import parquet as parquetfile
from phaenthi.geo.vectors.field_dictionary import (
    DICTIONARY,
    Field,
    check_fields,
    dictionary_csv,
    dictionary_table,
)
from phaenthi.geo.vectors.fitting import (
    Fitted,
    fit_records,
    kinds_of_shapes,
    unfit_letters,
)
from phaenthi.geo.vectors.formats import (
    CSV,
    GEOPACKAGE,
    GEOPARQUET,
    GPX,
    KML,
    KMZ,
    SHAPEFILE,
    UTF_8,
    Format,
    crs_for,
    encoding_for,
    format_of,
)
from phaenthi.geo.vectors.records import Records, records_of
from phaenthi.geo.vectors.reopening import first_difference
from phaenthi.geo.vectors.styles import Drawn, Style, qml, sld
from phaenthi.wording import Problem

ABOUT = "about.txt"
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_KML_INSIDE = "doc.kml"
_DBF_DECIMALS = 15
_STYLES_TABLE = "layer_styles"
# Readers of GPX know no style, those of KML find it in the file.
_WITHOUT_STYLE_FILES = ("kml", "kmz", "gpx")


@dataclass(frozen=True)
class Layer:
    """A table to be written.

    Attributes
    ----------
    name
        Name of the layer, Thai or English.
    table
        Records with a CRS; columns without a field stay behind.
    fields
        The fields in their order.
    style
        How it is drawn.
    """

    name: str
    table: gpd.GeoDataFrame
    fields: Sequence[Field]
    style: Style | None = None


@dataclass(frozen=True)
class WriteReport:
    """What was written.

    Attributes
    ----------
    path
        The file.
    rows
        Records in it.
    truncated
        row (record number from 1), column, bytes (of the whole text): texts that were cut
        between letters, because the format holds no longer ones.
    notes
        What the format does not keep of the table, each with its count.
    beside
        Dictionary, style and remarks, where they cannot be in the file itself.
    """

    path: Path
    rows: int
    truncated: pd.DataFrame
    notes: tuple[Note, ...] = ()
    beside: tuple[Path, ...] = ()


def write_vector(  # noqa: PLR0913 - what a person chooses of a file
    table: gpd.GeoDataFrame,
    path: Path,
    fields: Sequence[Field],
    *,
    format: str | Format,  # noqa: A002 - the word that people use
    crs: str | None = None,
    encoding: str | None = None,
    style: Style | None = None,
    layer: str = "",
    about: str = "",
) -> WriteReport:
    """Write a table as a vector file of any format, and see that it reads back the same.

    Parameters
    ----------
    table
        Records with a CRS; columns without a field stay behind.
    path
        The file to write; replaced as a whole or left as it was.
    fields
        The fields in their order. In a shapefile they have their short names.
    format
        See ``phaenthi.geo.vectors.formats.FORMATS``.
    crs
        Coordinate system of the file: ``EPSG:32648``; that of the table unless given, or
        EPSG:4326 where the format allows no other.
    encoding
        ``utf-8``, or ``cp874`` for old programs; of shapefiles and CSV only.
    style
        How it is drawn; written as ``.qml`` and ``.sld``, in a GeoPackage as its default style.
    layer
        Name of the layer; that of the file unless given.
    about
        What a reader must know of it: made-up data, hidden counts, sources.

    Returns
    -------
    WriteReport
        With every text that was cut and everything else that the format does not keep.

    Raises
    ------
    Problem
        ``geo.format_not_offered``, ``geo.crs_not_offered``, ``geo.format_is_geographic``,
        ``geo.encoding_not_offered``, ``geo.nothing_to_export``, ``geo.crs_missing``,
        ``geo.mixed_geometry``, ``geo.shapes_not_in_format``, ``geo.nothing_with_a_place``,
        ``geo.text_not_in_encoding`` and ``geo.text_not_in_format`` with record and column,
        ``geo.export_differs`` if the file does not read back the same.
    """
    whole = Layer(layer or Path(path).stem, table, fields, style)
    return write_layers([whole], path, format=format, crs=crs, encoding=encoding, about=about)


def write_layers(
    layers: Sequence[Layer],
    path: Path,
    *,
    format: str | Format,  # noqa: A002 - as above
    crs: str | None = None,
    encoding: str | None = None,
    about: str = "",
) -> WriteReport:
    """Write several tables into one file, such as the lines of a route and its stops.

    Parameters and problems are those of ``write_vector``; ``ValueError`` if the format holds
    one layer only or two layers have the same name.
    """
    path, kind = Path(path), format if isinstance(format, Format) else format_of(format)
    if len(layers) != 1 and not kind.layers:
        raise ValueError(f"{kind.title} holds one layer")
    if len({one.name.casefold() for one in layers}) < len(layers):
        raise ValueError("two layers have the same name")
    encoding = encoding_for(encoding, kind)
    ready = [_prepare(one, kind, crs, encoding, path) for one in layers]
    with atomic_write(path) as temporary:
        found = _WRITERS[kind.name](_Work(temporary, kind, encoding, ready, about, path.stem))
        for one, records in zip(ready, found, strict=True):
            _compare(one, records, kind, path)
        beside = _write_beside(path, kind, ready, about)
    notes = dict.fromkeys(str(note.message_id) for one in ready for note in one.fitted.notes)
    cut = [one.fitted.truncated for one in ready]
    return WriteReport(
        path,
        sum(len(one.records.shapes) for one in ready),
        pd.concat(cut, ignore_index=True) if len(cut) > 1 else cut[0],
        tuple(
            n for name in notes for one in ready for n in one.fitted.notes if n.message_id == name
        ),
        beside,
    )


def letters_not_held(
    table: gpd.GeoDataFrame,
    fields: Sequence[Field],
    *,
    format: str | Format,  # noqa: A002 - as above
    encoding: str | None = None,
) -> pd.DataFrame:
    """Return every text with letters that a format or its encoding cannot hold.

    Returns
    -------
    pandas.DataFrame
        row (record number from 1), column, letters; empty where ``write_vector`` would not
        complain.
    """
    kind = format if isinstance(format, Format) else format_of(format)
    columns = [field.column for field in fields]
    return unfit_letters(records_of(table, columns), kind, encoding_for(encoding, kind))


# -- getting ready ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Ready:
    """A layer as it will be in the file: ``records`` under the file's names."""

    layer: Layer
    fitted: Fitted
    records: Records
    drawn: Drawn


@dataclass(frozen=True)
class _Work:
    """What a writer needs: where to, in which format and encoding, and the layers."""

    path: Path
    kind: Format
    encoding: str
    ready: Sequence[_Ready]
    about: str
    title: str


def _prepare(layer: Layer, kind: Format, crs: str | None, encoding: str, path: Path) -> _Ready:
    check_fields(layer.fields, list(layer.table.columns))
    if layer.table.empty:
        raise Problem("geo.nothing_to_export", file=path)
    if layer.table.crs is None:
        raise Problem("geo.crs_missing", file=path)
    target = crs_for(crs or "4326", kind) if crs or kind.geographic else layer.table.crs
    table = in_crs(layer.table, target)
    records = _flat(_records(table, layer.fields, path))
    fitted = fit_records(records, kind, encoding, path)
    if kind is GPX:
        fitted = replace(fitted, records=gpx.in_order(fitted.records))
    if is_indian_1975(target):
        fitted = replace(fitted, notes=(*fitted.notes, Note(INDIAN_1975_NOTE)))
    if kind is GPX:
        names = [gpx.element_name(field) for field in layer.fields]
    else:
        names = [field.name(short=kind.short_names) for field in layer.fields]
    columns = fitted.records.columns.rename_columns(names)
    kinds = kinds_of_shapes(fitted.records)
    is_area = any("Polygon" in name for name in kinds)
    drawn: Drawn = "area" if is_area else "line" if any("Line" in n for n in kinds) else "point"
    return _Ready(layer, fitted, replace(fitted.records, columns=columns), drawn)


def _records(table: gpd.GeoDataFrame, fields: Sequence[Field], path: Path) -> Records:
    try:
        return records_of(table, [field.column for field in fields])
    except UnicodeEncodeError:  # half a surrogate pair, which no encoding holds
        for field in fields:
            for row, value in enumerate(table[field.column], 1):
                if isinstance(value, str) and not value.isascii() and _halved(value):
                    raise Problem(
                        "geo.text_not_in_encoding",
                        file=path,
                        row=row,
                        column=field.column,
                        encoding=UTF_8,
                        letters=_halved(value),
                        count=1,
                    ) from None
        raise


def _halved(text: str) -> str:
    return next((f"U+{ord(one):04X}" for one in text if "\ud800" <= one <= "\udfff"), "")


def _flat(records: Records) -> Records:
    """Return records whose shapes have no heights and are missing where they are empty."""
    shapes = shapely.force_2d(records.shapes)
    shapes[shapely.is_empty(shapes)] = None
    return replace(records, shapes=shapes)


def _compare(one: _Ready, found: Records, kind: Format, path: Path) -> None:
    decimals = _DBF_DECIMALS if kind.holds == "dbf" else None
    difference = first_difference(one.records, found, decimals=decimals)
    if difference is not None:
        raise Problem(
            "geo.export_differs",
            file=path,
            row=difference.row,
            column=difference.column,
            found=difference.what,
        )


# -- writing and reading again ---------------------------------------------------------------------


def _shapefile(work: _Work) -> list[Records]:
    alone = len(work.ready) == 1
    with tempfile.TemporaryDirectory(dir=work.path.parent) as name:
        folder, stems = Path(name), []
        for number, one in enumerate(work.ready, 1):
            wanted = work.title if alone else one.layer.name
            stems.append(wanted if wanted.isascii() else "layer" if alone else f"layer_{number}")
            shp = folder / f"{stems[-1]}.shp"
            _gdal_layer(work, one, shp)
            for suffix, style in _style_files(one, work.kind).items():
                shp.with_suffix(suffix).write_text(style, encoding="utf-8")
        (folder / f"{DICTIONARY}.csv").write_bytes(dictionary_csv(_all_fields(work.ready)))
        if work.about:
            (folder / ABOUT).write_text(work.about, encoding="utf-8-sig")
        _pack(work.path, {part.name: part for part in sorted(folder.iterdir())})
    return [
        gdalfiles.reopen_layer(f"/vsizip/{{{work.path.absolute()}}}/{stem}.shp", work.kind, stem)
        for stem in stems
    ]


def _geopackage(work: _Work) -> list[Records]:
    for one in work.ready:
        _gdal_layer(work, one, work.path)
    dictionary = dictionary_table(_all_fields(work.ready))
    pyogrio.write_dataframe(dictionary, work.path, layer=DICTIONARY, driver="GPKG")
    styles = pd.DataFrame([row for one in work.ready for row in _style_rows(one)])
    if len(styles):
        pyogrio.write_dataframe(
            styles, work.path, layer=_STYLES_TABLE, driver="GPKG", layer_options={"FID": "id"}
        )
    return [gdalfiles.reopen_layer(work.path, work.kind, one.layer.name) for one in work.ready]


def _one_gdal_layer(work: _Work) -> list[Records]:
    (one,) = work.ready
    _gdal_layer(work, one, work.path)
    (name, _), *_ = pyogrio.list_layers(work.path)
    return [gdalfiles.reopen_layer(work.path, work.kind, name)]


def _gdal_layer(work: _Work, one: _Ready, path: Path) -> None:
    heading = gdalfiles.Heading(one.layer.name, work.about)
    gdalfiles.write_layer(
        one.records,
        path,
        work.kind,
        encoding=work.encoding,
        heading=replace(heading, name=path.stem) if work.kind.short_names else heading,
        fields=one.layer.fields,
    )


def _parquet(work: _Work) -> list[Records]:
    (one,) = work.ready
    fields = dictionary_table(one.layer.fields).to_dict("records")
    about = {"layer": one.layer.name, DICTIONARY: fields, "about": work.about}
    parquetfile.write_parquet(one.records, work.path, about)
    return [parquetfile.reopen_parquet(work.path)]


def _csv(work: _Work) -> list[Records]:
    (one,) = work.ready
    crs = one.records.crs
    if crs is None:
        raise ValueError("records without a CRS")
    wktcsv.write_csv(one.records, work.path, work.encoding)
    return [wktcsv.reopen_csv(work.path, crs, work.encoding)]


def _kml(work: _Work) -> list[Records]:
    kml.write_kml(_folders(work.ready), work.path, work.title, work.about)
    return kml.reopen_kml(work.path.read_bytes())


def _kmz(work: _Work) -> list[Records]:
    with tempfile.TemporaryDirectory(dir=work.path.parent) as name:
        inside = Path(name) / _KML_INSIDE
        kml.write_kml(_folders(work.ready), inside, work.title, work.about)
        dictionary = Path(name) / f"{DICTIONARY}.csv"
        dictionary.write_bytes(dictionary_csv(_all_fields(work.ready)))
        # Google Earth opens the first KML of the archive.
        _pack(work.path, {part.name: part for part in (inside, dictionary)})
    with zipfile.ZipFile(work.path) as archive:
        return kml.reopen_kml(archive.read(_KML_INSIDE))


def _folders(ready: Sequence[_Ready]) -> list[kml.Folder]:
    return [
        kml.Folder(one.layer.name, one.records, one.layer.fields, one.layer.style) for one in ready
    ]


def _gpx(work: _Work) -> list[Records]:
    parts = [
        gpx.Part(
            one.layer.name,
            one.records,
            one.layer.fields,
            one.layer.style.label if one.layer.style else None,
        )
        for one in work.ready
    ]
    gpx.write_gpx(parts, work.path, work.title, work.about)
    return gpx.reopen_gpx(work.path)


_WRITERS: Mapping[str, Callable[[_Work], list[Records]]] = {
    SHAPEFILE.name: _shapefile,
    GEOPACKAGE.name: _geopackage,
    GEOPARQUET.name: _parquet,
    CSV.name: _csv,
    KML.name: _kml,
    KMZ.name: _kmz,
    GPX.name: _gpx,
    "geojson": _one_gdal_layer,
    "fgb": _one_gdal_layer,
}


# -- dictionary, style and remarks -----------------------------------------------------------------


def _all_fields(ready: Sequence[_Ready]) -> list[Field]:
    """Return the fields of every layer, those that several have but once."""
    return list(dict.fromkeys(field for one in ready for field in one.layer.fields))


def _style_files(one: _Ready, kind: Format) -> dict[str, str]:
    """Return the texts of the style by suffix."""
    style = one.layer.style
    if style is None or kind.name in _WITHOUT_STYLE_FILES:
        return {}
    return {
        f".{make.__name__}": make(style, one.drawn, one.layer.fields, short=kind.short_names)
        for make in (qml, sld)
    }


def _style_rows(one: _Ready) -> list[dict[str, object]]:
    """Return the row of QGIS's table of styles that makes a style the layer's own."""
    style = one.layer.style
    if style is None:
        return []
    texts = _style_files(one, GEOPACKAGE)
    geometry = gdalfiles.geometry_name(one.records)
    return [
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": one.layer.name,
            "f_geometry_column": geometry,
            "styleName": style.name,
            "styleQML": texts[".qml"],
            "styleSLD": texts[".sld"],
            "useAsDefault": True,
            "description": style.name,
            "owner": "",
            "ui": None,
            # Without it QGIS cannot tell which of two default styles is the newer.
            "update_time": pd.Timestamp("1980-01-01", tz="UTC"),
        }
    ]


def _write_beside(
    path: Path, kind: Format, ready: Sequence[_Ready], about: str
) -> tuple[Path, ...]:
    """Write what cannot be in the file itself, each file whole or not at all."""
    parts: dict[str, bytes] = {}
    if kind in (SHAPEFILE, GEOPACKAGE, KMZ):
        return ()
    for one in ready:
        parts |= {
            suffix: style.encode("utf-8") for suffix, style in _style_files(one, kind).items()
        }
        if kind is CSV:
            crs = one.records.crs
            types = records_of(one.layer.table, [field.column for field in one.layer.fields])
            parts[".csvt"] = wktcsv.types_beside(types.columns).encode("ascii")
            parts[".prj"] = ("" if crs is None else crs.to_wkt("WKT1_GDAL")).encode("ascii")
    parts[f".{DICTIONARY}.csv"] = dictionary_csv(_all_fields(ready))
    if about:
        parts[".txt"] = about.encode("utf-8-sig")
    written = []
    for suffix, content in parts.items():
        written.append(path.with_name(path.stem + suffix))
        with atomic_write(written[-1]) as temporary:
            temporary.write_bytes(content)
    return tuple(written)


def _pack(path_zip: Path, parts: Mapping[str, Path]) -> None:
    with zipfile.ZipFile(path_zip, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            # Without today's date, so that the same export has the same bytes.
            member = zipfile.ZipInfo(name, _ZIP_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(member, "w") as inside, part.open("rb") as file:
                while chunk := file.read(1 << 20):
                    inside.write(chunk)
