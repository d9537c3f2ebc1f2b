"""Styles for QGIS (``.qml``), other programs (``.sld``) and Google Earth, from one description."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from phaenthi.geo.vectors.field_dictionary import Field
from phaenthi.geo.vectors.xml import attribute, text

Drawn = Literal["point", "line", "area"]
FONT = "TH Sarabun New"
LABELS_FROM = 60_000
"""Names are drawn from the scale 1:60,000 on, where those of villages have room."""
_QGIS_SHAPES = {"cross": "cross2"}
# SLD names no diamond: a square on its corner.
_SLD_SHAPES = {"diamond": ("square", 45), "cross": ("x", 0)}
_ORDER = 'symbollevels="1" enableorderby="0"'
_LINE = "#ffffff"
_AREA_LINE = "#647c86"
_DEGREES_OF_ALPHA = 255
# Of QGIS: around a point, along a line, over the middle of an area.
_PLACEMENTS: dict[Drawn, int] = {"point": 0, "line": 2, "area": 1}


@dataclass(frozen=True)
class Symbol:
    """How a record is drawn.

    Attributes
    ----------
    colour
        ``#0072B2``.
    shape
        ``circle``, ``diamond``, ``triangle``, ``square`` or ``cross``, of points.
    size
        Width of a point or a line in millimetres on paper.
    """

    colour: str
    shape: str = "circle"
    size: float = 3.0


PLAIN = Symbol("#0072B2")
"""Of records that nothing tells apart."""


@dataclass(frozen=True)
class StyleClass:
    """Records that are drawn alike, and their line in the legend.

    Attributes
    ----------
    label
        The line in the legend.
    value
        The value of the style's column; ``None`` for classes of a range.
    low, high
        Smallest and largest value; ``None`` for what no other class holds.
    """

    label: str
    symbol: Symbol
    value: str | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Style:
    """How a layer is drawn.

    Attributes
    ----------
    name
        Shown in QGIS's list of styles.
    classes
        From the first to the last line of the legend; the last may hold all the rest.
    column
        Column that the classes go by; ``None`` where all records look alike.
    label
        Column whose text is written beside each record, if any.
    """

    name: str
    classes: tuple[StyleClass, ...]
    column: str | None = None
    label: str | None = None


def by_category(style: Style) -> bool:
    """Tell whether the classes of a style go by values rather than by ranges."""
    return any(one.value is not None for one in style.classes)


def classes_of(style: Style, columns: pa.Table) -> list[int]:
    """Return the number of the class of each record; what no class holds is of the last one."""
    places = np.full(columns.num_rows, len(style.classes) - 1)
    if style.column is None or style.column not in columns.column_names:
        return [int(place) for place in places]
    values = columns.column(style.column)
    for number in range(len(style.classes) - 1, -1, -1):
        one = style.classes[number]
        if one.value is not None:
            inside = pc.equal(values.cast(pa.string()), one.value)
        elif one.low is not None and one.high is not None:
            numbers = values.cast(pa.float64())
            inside = pc.and_(pc.greater_equal(numbers, one.low), pc.less_equal(numbers, one.high))
        else:
            continue
        places[pc.fill_null(inside, fill_value=False).to_numpy()] = number
    return [int(place) for place in places]


# -- QGIS ------------------------------------------------------------------------------------------


def qml(style: Style, drawn: Drawn, fields: Sequence[Field], *, short: bool = False) -> str:
    """Return a style as QGIS 3 reads it, with the Thai names of the fields for its tables.

    Parameters
    ----------
    drawn
        What the layer holds.
    fields
        The fields of the file.
    short
        Whether the file has the short names.
    """
    names = {field.column: field.name(short=short) for field in fields}
    aliases = "".join(
        f'<alias index="{place}" field="{attribute(names[field.column])}" '
        f'name="{attribute(field.th)}"/>'
        for place, field in enumerate(fields)
    )
    label = names.get(style.label or "")
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        '<qgis version="3.22.0" styleCategories="Symbology|Labeling|Fields" '
        f'labelsEnabled="{int(label is not None)}">\n'
        f"{_renderer(style, drawn, names)}\n{_labelling(label, drawn) if label else ''}"
        f"<aliases>{aliases}</aliases>\n</qgis>\n"
    )


def _renderer(style: Style, drawn: Drawn, names: Mapping[str, str]) -> str:
    # What the legend names first is drawn last, over the rest.
    symbols = "".join(
        _qgis_symbol(one.symbol, drawn, number, len(style.classes) - number)
        for number, one in enumerate(style.classes)
    )
    symbols = f"<symbols>{symbols}</symbols>"
    column = names.get(style.column or "")
    if column is None:
        return f'<renderer-v2 type="singleSymbol" {_ORDER}>{symbols}</renderer-v2>'
    if by_category(style):
        categories = "".join(
            f'<category render="true" symbol="{number}" value="{attribute(one.value or "")}" '
            f'label="{attribute(one.label)}"/>'
            for number, one in enumerate(style.classes)
        )
        return (
            f'<renderer-v2 type="categorizedSymbol" attr="{attribute(column)}" '
            f"{_ORDER}><categories>{categories}</categories>{symbols}</renderer-v2>"
        )
    # QGIS's graduated renderer draws no missing value, and a hidden count is one.
    rules = "".join(
        f'<rule key="{{{number:08d}-0000-4000-8000-000000000000}}" symbol="{number}" '
        f'filter="{attribute(_expression(one, column))}" label="{attribute(one.label)}"/>'
        for number, one in enumerate(style.classes)
    )
    root = "{99999999-0000-4000-8000-000000000000}"
    return (
        f'<renderer-v2 type="RuleRenderer" {_ORDER}>'
        f'<rules key="{root}">{rules}</rules>{symbols}</renderer-v2>'
    )


def _expression(one: StyleClass, column: str) -> str:
    if one.low is None or one.high is None:
        return "ELSE"
    name = '"' + column.replace('"', '""') + '"'
    return f"{name} >= {one.low!r} AND {name} <= {one.high!r}"


def _qgis_symbol(symbol: Symbol, drawn: Drawn, number: int, turn: int) -> str:
    kind, layer, settings = _QGIS_LAYERS[drawn](symbol)
    options = "".join(
        f'<Option type="QString" name="{name}" value="{attribute(value)}"/>'
        for name, value in settings.items()
    )
    return (
        f'<symbol type="{kind}" name="{number}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{layer}" enabled="1" locked="0" pass="{turn}">'
        f'<Option type="Map">{options}</Option></layer></symbol>'
    )


def _marker(symbol: Symbol) -> tuple[str, str, dict[str, str]]:
    line = symbol.shape == "cross"
    return (
        "marker",
        "SimpleMarker",
        {
            "name": _QGIS_SHAPES.get(symbol.shape, symbol.shape),
            "color": _rgba(symbol.colour),
            "outline_color": _rgba(symbol.colour if line else _LINE),
            "outline_style": "solid",
            "outline_width": "0.5" if line else "0.2",
            "outline_width_unit": "MM",
            "size": f"{symbol.size:g}",
            "size_unit": "MM",
        },
    )


def _stroke(symbol: Symbol) -> tuple[str, str, dict[str, str]]:
    settings = {
        "line_color": _rgba(symbol.colour),
        "line_style": "solid",
        "line_width": f"{symbol.size / 3:g}",
        "line_width_unit": "MM",
    }
    return "line", "SimpleLine", settings


def _fill(symbol: Symbol) -> tuple[str, str, dict[str, str]]:
    settings = {
        "color": _rgba(symbol.colour),
        "style": "solid",
        "outline_color": _rgba(_AREA_LINE),
        "outline_style": "solid",
        "outline_width": "0.2",
        "outline_width_unit": "MM",
    }
    return "fill", "SimpleFill", settings


_QGIS_LAYERS = {"point": _marker, "line": _stroke, "area": _fill}


def _rgba(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{_DEGREES_OF_ALPHA}"


def _labelling(label: str, drawn: Drawn) -> str:
    return (
        '<labeling type="simple"><settings calloutType="simple">'
        f'<text-style fieldName="{attribute(label)}" isExpression="0" fontFamily="{FONT}" '
        'fontSize="14" fontSizeUnit="Point" textColor="31,41,51,255" textOpacity="1">'
        '<text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM" '
        'bufferColor="255,255,255,255" bufferOpacity="1" bufferNoFill="1"/></text-style>'
        f'<placement placement="{_PLACEMENTS[drawn]}" dist="1" distUnits="MM"/>'
        # Else the names of points inside an area give way to it.
        f'<rendering scaleVisibility="1" scaleMin="0" scaleMax="{LABELS_FROM}" drawLabels="1" '
        f'obstacle="{int(drawn == "point")}"/>'
        "</settings></labeling>\n"
    )


# -- other programs --------------------------------------------------------------------------------


def sld(style: Style, drawn: Drawn, fields: Sequence[Field], *, short: bool = False) -> str:
    """Return a style as a Styled Layer Descriptor 1.0.0; parameters as for ``qml``."""
    names = {field.column: field.name(short=short) for field in fields}
    column = names.get(style.column or "")
    rules = "".join(
        f"<Rule><Name>{text(one.label)}</Name><Title>{text(one.label)}</Title>"
        f"{_filter(one, column)}{_sld_symbol(one.symbol, drawn)}</Rule>\n"
        for one in style.classes
    )
    label = names.get(style.label or "")
    if label:
        rules += (
            f"<Rule><MaxScaleDenominator>{LABELS_FROM}</MaxScaleDenominator><TextSymbolizer>"
            f"<Label><ogc:PropertyName>{text(label)}</ogc:PropertyName></Label><Font>"
            f'<CssParameter name="font-family">{FONT}</CssParameter>'
            '<CssParameter name="font-size">14</CssParameter></Font>'
            '<Halo><Radius>1</Radius><Fill><CssParameter name="fill">#ffffff</CssParameter></Fill>'
            '</Halo><Fill><CssParameter name="fill">#1f2933</CssParameter></Fill>'
            "</TextSymbolizer></Rule>\n"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld" '
        'xmlns:ogc="http://www.opengis.net/ogc">\n'
        f"<NamedLayer><Name>{text(style.name)}</Name><UserStyle><Name>{text(style.name)}</Name>"
        f"<FeatureTypeStyle>\n{rules}</FeatureTypeStyle></UserStyle></NamedLayer>\n"
        "</StyledLayerDescriptor>\n"
    )


def _filter(one: StyleClass, column: str | None) -> str:
    if column is None:
        return ""
    name = f"<ogc:PropertyName>{text(column)}</ogc:PropertyName>"
    if one.value is not None:
        inside = f"{name}<ogc:Literal>{text(one.value)}</ogc:Literal>"
        return f"<ogc:Filter><ogc:PropertyIsEqualTo>{inside}</ogc:PropertyIsEqualTo></ogc:Filter>"
    if one.low is None or one.high is None:
        return "<ElseFilter/>"
    between = (
        f"{name}<ogc:LowerBoundary><ogc:Literal>{one.low!r}</ogc:Literal></ogc:LowerBoundary>"
        f"<ogc:UpperBoundary><ogc:Literal>{one.high!r}</ogc:Literal></ogc:UpperBoundary>"
    )
    return f"<ogc:Filter><ogc:PropertyIsBetween>{between}</ogc:PropertyIsBetween></ogc:Filter>"


def _sld_symbol(symbol: Symbol, drawn: Drawn) -> str:
    fill = f'<Fill><CssParameter name="fill">{symbol.colour}</CssParameter></Fill>'
    if drawn == "line":
        return f"<LineSymbolizer>{_sld_stroke(symbol.colour, symbol.size)}</LineSymbolizer>"
    if drawn == "area":
        return f"<PolygonSymbolizer>{fill}{_sld_stroke(_AREA_LINE, 0.8)}</PolygonSymbolizer>"
    shape, turned = _SLD_SHAPES.get(symbol.shape, (symbol.shape, 0))
    edge = symbol.colour if symbol.shape == "cross" else _LINE
    turn = f"<Rotation>{turned}</Rotation>" if turned else ""
    # SLD measures in pixels of 0.28 mm.
    size = f"<Size>{symbol.size / 0.28:.1f}</Size>"
    mark = f"<Mark><WellKnownName>{shape}</WellKnownName>{fill}{_sld_stroke(edge, 1)}</Mark>"
    return f"<PointSymbolizer><Graphic>{mark}{size}{turn}</Graphic></PointSymbolizer>"


def _sld_stroke(colour: str, width: float) -> str:
    return (
        f'<Stroke><CssParameter name="stroke">{colour}</CssParameter>'
        f'<CssParameter name="stroke-width">{width:g}</CssParameter></Stroke>'
    )


def kml_style(name: str, symbol: Symbol, balloon: str) -> str:
    """Return a style of a KML document, with the HTML of what opens at a click.

    KML writes colours as opacity, blue, green, red.
    """
    blue_first = "".join(symbol.colour[at : at + 2] for at in (5, 3, 1)).lower()
    return (
        f'<Style id="{attribute(name)}"><IconStyle><color>ff{blue_first}</color>'
        f"<scale>{symbol.size / 3:.2g}</scale></IconStyle>"
        f"<LabelStyle><scale>0.8</scale></LabelStyle>"
        f"<LineStyle><color>ff{blue_first}</color><width>{symbol.size:g}</width></LineStyle>"
        f"<PolyStyle><color>cc{blue_first}</color></PolyStyle>"
        f"<BalloonStyle><text>{text(balloon)}</text></BalloonStyle></Style>"
    )
