"""Every map of the house: areas, villages by status, choropleths, the saved page."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from folium.template import Template

from apps.legends import STATUS_LOOKS, Classes, status_legend
from apps.offline import OfflineMap, saved_page
from geo.codes import moo
from wording import Language, say

OUTLINES: Mapping[str, dict[str, object]] = {
    "province": {"color": "#4c6670", "weight": 2.2, "fill": False},
    "amphoe": {"color": "#647c86", "weight": 1.8, "fill": True, "fillColor": "#ffffff"},
    "tambon": {"color": "#c5cfd3", "weight": 0.7, "fill": False},
}
# Okabe and Ito's palette, safe for colour-blind eyes.
FAULT_COLOURS: Mapping[str, str] = {
    "invalid": "#D55E00",
    "overlap": "#CC79A7",
    "gap": "#0072B2",
    "edge": "#E69F00",
    "sliver": "#56B4E9",
    "nesting": "#009E73",
}
NAMES_FROM_ZOOM: Mapping[str, int] = {
    "province": 5,
    "amphoe": 8,
    "tambon": 11,
    "village": 13,
}


class Areas(folium.MacroElement):
    """Areas from a GeoJSON address or collection, filled by code."""

    _template = Template(
        """{% macro script(this, kwargs) %}
        var {{ this.get_name() }} = phaenthi.areas(
            {{ this._parent.get_name() }}, {{ this.source|tojson }}, {{ this.look|tojson }});
        {% endmacro %}"""
    )

    def __init__(self, source: str | dict[str, object], look: dict[str, object]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca carries no types
        self._name = "Areas"
        self.source, self.look = source, look


class Rows(folium.MacroElement):
    """Something small drawn by one call: names, villages, the highlight, a panel."""

    _template = Template(
        """{% macro script(this, kwargs) %}
        phaenthi.{{ this.verb }}({{ this._parent.get_name() }}
            {%- for value in this.arguments %}, {{ value|tojson }}{% endfor %});
        {% endmacro %}"""
    )

    def __init__(self, verb: str, *values: object) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca carries no types
        self._name = "Rows"
        self.verb, self.arguments = verb, values


def area_json(areas: gpd.GeoDataFrame) -> bytes:
    """Return areas as GeoJSON with nothing but code and shape.

    Parameters
    ----------
    areas
        Columns ``code`` and ``geometry`` (EPSG:4326).

    Returns
    -------
    bytes
        Coordinates to four decimals, about 11 metres; neighbours keep their shared edge.
    """
    shapes = shapely.set_precision(areas.geometry.to_numpy(), 1e-4, mode="pointwise")
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": json.loads(shape)}
        for code, shape in zip(areas["code"], shapely.to_geojson(shapes), strict=True)
        if shape is not None
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, separators=(",", ":")).encode("ascii")


def name_places(areas: gpd.GeoDataFrame, language: Language) -> list[list[object]]:
    """Return [latitude, longitude, name] for a name inside each area, the widest areas first."""
    west, _, east, _ = areas.geometry.bounds.to_numpy().T
    areas = areas.iloc[np.argsort(west - east, kind="stable")]
    points = areas.geometry.representative_point()
    return [
        [round(point.y, 4), round(point.x, 4), name]
        for point, name in zip(points, areas[f"name_{language}"], strict=True)
    ]


def base_map(bounds: Sequence[float]) -> OfflineMap:
    """Return an empty map about some bounds; :func:`frame_layer` fits it to them.

    The same bounds give the same map to the letter, and Streamlit then keeps it as it stands.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees.
    """
    west, south, east, north = (round(float(value), 3) for value in bounds)
    drawn = OfflineMap(
        location=[round((south + north) / 2, 3), round((west + east) / 2, 3)],
        zoom_start=9,
        min_zoom=5,
        max_zoom=16,
        prefer_canvas=True,
        zoom_snap=0.25,
        zoom_delta=0.75,
    )
    drawn.add_child(Rows("scale"))
    return drawn


def outline_layer(
    sources: Mapping[str, str | dict[str, object]],
    names: Mapping[str, list[list[object]]],
) -> folium.FeatureGroup:
    """Return the outlines that villages are shown on: tambon, amphoe, province.

    Parameters
    ----------
    sources
        Level → address or collection of GeoJSON with ``code``.
    names
        Level → what :func:`name_places` gives.
    """
    group = folium.FeatureGroup()
    # Rank 0 lies at the back: the amphoe are filled.
    for rank, level in enumerate(("amphoe", "tambon", "province")):
        if level in sources:
            line = OUTLINES[level] | {"fillOpacity": 1}
            look: dict[str, object] = {"line": line, "rank": rank, "interactive": False}
            group.add_child(Areas(sources[level], look))
    _add_names(group, names)
    return group


def name_layer(names: Mapping[str, list[list[object]]]) -> folium.FeatureGroup:
    """Return names of areas alone; see :func:`outline_layer`."""
    group = folium.FeatureGroup()
    _add_names(group, names)
    return group


def _add_names(group: folium.FeatureGroup, names: Mapping[str, list[list[object]]]) -> None:
    for level, places in names.items():
        shown = {"rank": level, "from_zoom": NAMES_FROM_ZOOM[level]}
        group.add_child(Rows("names", places, shown))


def frame_layer(bounds: Sequence[float]) -> folium.FeatureGroup:
    """Return what moves the map to some bounds, once, and then leaves it to the reader.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees.
    """
    west, south, east, north = (round(float(value), 4) for value in bounds)
    group = folium.FeatureGroup()
    group.add_child(Rows("frame", [[south, west], [north, east]]))
    return group


def village_layer(
    units: pd.DataFrame, points: gpd.GeoSeries, language: Language
) -> folium.FeatureGroup:
    """Return the villages of a plan by status; a click on one tells its code.

    Parameters
    ----------
    units
        Columns ``village_code``, ``status``, ``title`` and ``where`` (texts to show). A village
        that has no point is left out.
    points
        Points (EPSG:4326) by village code.
    language
        Language of the labels.
    """
    statuses = list(STATUS_LOOKS)
    looks = [STATUS_LOOKS[s].options(say(f"app.status.{s}", language)) for s in statuses]
    placed = units.assign(point=units["village_code"].map(points))
    placed = placed[placed["point"].notna()]
    # What is to be seen first is drawn last, and lies on top.
    placed = placed.assign(order=placed["status"].map({s: -i for i, s in enumerate(statuses)}))
    placed = placed.sort_values(["order", "village_code"], kind="stable")
    position = {status: index for index, status in enumerate(statuses)}
    rows = [
        [code, round(point.y, 5), round(point.x, 5), position[status], title, where]
        for code, point, status, title, where in zip(
            placed["village_code"],
            placed["point"],
            placed["status"],
            placed["title"],
            placed["where"],
            strict=True,
        )
    ]
    group = folium.FeatureGroup()
    group.add_child(Rows("villages", rows, looks))
    return group


def highlight_layer(point: shapely.Point, title: str) -> folium.FeatureGroup:
    """Return a ring and a name around one village; the map moves if it lies out of sight."""
    group = folium.FeatureGroup()
    group.add_child(Rows("highlight", [round(point.y, 5), round(point.x, 5)], title))
    return group


def choropleth_layer(
    source: str | dict[str, object],
    classes: Classes,
    notes: Mapping[str, Sequence[str]],
    edges: str | dict[str, object] | None = None,
) -> folium.FeatureGroup:
    """Return areas filled by class; a click on one tells its code.

    Parameters
    ----------
    source
        GeoJSON of the areas, by address or embedded.
    classes
        From :func:`classify`.
    notes
        Lines of text to show over an area, by code.
    edges
        GeoJSON of the areas one level up, drawn as lines over the fill.
    """
    group = folium.FeatureGroup()
    if edges is not None:
        line = {"color": "#33474f", "weight": 1.6, "fill": False}
        group.add_child(Areas(edges, {"line": line, "rank": 1, "interactive": False}))
    look = {
        "line": {"color": "#ffffff", "weight": 0.9, "fillOpacity": 0.92},
        "fills": classes.colour_of,
        "notes": {code: list(lines) for code, lines in notes.items()},
        "interactive": True,
    }
    group.add_child(Areas(source, look))
    return group


def area_highlight_layer(area: shapely.Geometry) -> folium.FeatureGroup:
    """Return a strong outline around one area."""
    group = folium.FeatureGroup()
    one = gpd.GeoDataFrame({"code": ["chosen"]}, geometry=[area], crs="EPSG:4326")
    line = {"color": "#D55E00", "weight": 3, "fill": False}
    look: dict[str, object] = {"line": line, "interactive": False, "front": True}
    group.add_child(Areas(json.loads(area_json(one)), look))
    return group


def panel_layer(content: str) -> folium.FeatureGroup:
    """Return a panel in the lower left corner, such as a legend; it takes the place of the last.

    Parameters
    ----------
    content
        HTML.
    """
    group = folium.FeatureGroup()
    group.add_child(Rows("panel", "bottomleft", content))
    return group


# -- words on a map --------------------------------------------------------------------------------


def with_titles(table: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return villages with the two lines that name each on a map or card.

    Parameters
    ----------
    table
        Columns ``village_code``, ``name_th``, ``tambon_th``, ``amphoe_th``.

    Returns
    -------
    DataFrame
        The same rows with ``title`` and ``where`` added.
    """
    title = [
        _village_title(name, number, language)
        for name, number in zip(table["name_th"], moo(table["village_code"]), strict=True)
    ]
    where = [
        say("app.village.place", language, tambon=tambon, amphoe=amphoe)
        for tambon, amphoe in zip(table["tambon_th"], table["amphoe_th"], strict=True)
    ]
    return table.assign(title=title, where=where)


def _village_title(name: str, number: int, language: Language) -> str:
    """Return "บ้านโนนสูง หมู่ที่ 3" from a register's name, which may hold either word already."""
    prefix, numbered = "บ้าน", "หมู่ที่"
    if numbered in name:
        return name
    return say("app.village.title", language, name=name.removeprefix(prefix), moo=number)


# -- the page that opens without this program ------------------------------------------------------


def plan_page(
    units: pd.DataFrame,
    points: gpd.GeoSeries,
    boundaries: Mapping[str, gpd.GeoDataFrame],
    *,
    title: str,
    notes: Sequence[str],
    language: Language,
) -> str:
    """Return the map of a plan as one HTML page that needs no other file and no network.

    Parameters
    ----------
    units
        As in :func:`village_layer`.
    points
        Points (EPSG:4326) by village code.
    boundaries
        Level → areas with ``code``, ``name_th``, ``name_en`` and ``geometry``.
    title
        Heading of the page.
    notes
        Sentences under the heading: proof, source, date, whether the data are made up.
    language
        Language of the labels.
    """
    widest = boundaries.get("province", next(iter(boundaries.values())))
    drawn = base_map(widest.total_bounds)
    drawn.add_child(frame_layer(widest.total_bounds))
    sources: dict[str, str | dict[str, object]] = {
        level: json.loads(area_json(areas)) for level, areas in boundaries.items()
    }
    names = {
        level: name_places(areas, language)
        for level, areas in boundaries.items()
        if level != "province"
    }
    drawn.add_child(outline_layer(sources, names))
    drawn.add_child(village_layer(units, points, language))
    counts = {str(status): int(number) for status, number in units["status"].value_counts().items()}
    lines = "".join(f"<p>{html.escape(note)}</p>" for note in notes)
    panel = f"<h1>{html.escape(title)}</h1>{lines}{status_legend(counts, language)}"
    drawn.add_child(panel_layer(panel))
    return saved_page(drawn, title, language)


def faults_page(
    areas: gpd.GeoDataFrame,
    faults: gpd.GeoDataFrame,
    *,
    title: str,
    notes: Sequence[str],
    language: Language,
) -> str:
    """Return a picture of what is wrong with a boundary set, as one page that needs no network.

    Parameters
    ----------
    areas
        ``code``, ``name_th``, ``name_en`` and ``geometry`` of the boundary set.
    faults
        ``kind``, ``code``, ``square_kilometres`` and ``geometry``; a place too small to see is
        marked by a ring as well.
    title, notes, language
        As for :func:`plan_page`.
    """
    drawn = base_map(areas.total_bounds)
    drawn.add_child(frame_layer(areas.total_bounds))
    names = {"amphoe": name_places(areas, language)}
    drawn.add_child(outline_layer({"amphoe": json.loads(area_json(areas))}, names))
    for kind, rows in faults.groupby("kind", sort=False):
        colour = FAULT_COLOURS[str(kind)]
        shapes = json.loads(rows[["geometry"]].to_json())
        style = {"color": colour, "weight": 2.5, "fillColor": colour, "fillOpacity": 0.6}
        drawn.add_child(folium.GeoJson(shapes, style_function=lambda _, style=style: style))
        for row in rows.itertuples():
            place = row.geometry.representative_point()
            words = say(f"app.fault.{kind}", language)
            size = "" if pd.isna(row.square_kilometres) else f" · {row.square_kilometres:,.4f} km²"
            ring = folium.CircleMarker(
                [place.y, place.x], radius=9, color=colour, weight=2, fill=False
            )
            folium.Tooltip(f"{words} {row.code}{size}").add_to(ring)
            ring.add_to(drawn)
    counts = faults["kind"].value_counts()
    legend = "".join(
        f'<p><span style="color:{FAULT_COLOURS[str(kind)]}">◯</span> '
        f"{html.escape(say(f'app.fault.{kind}', language))}: {count:,}</p>"
        for kind, count in counts.items()
    )
    lines = "".join(f"<p>{html.escape(note)}</p>" for note in notes)
    drawn.add_child(panel_layer(f"<h1>{html.escape(title)}</h1>{lines}{legend}"))
    return saved_page(drawn, title, language)


def clicked_properties(answer: Mapping[str, Any] | None) -> tuple[int, dict[str, str]]:
    """Return how many clicks a map has counted, and the properties of what was clicked last."""
    answer = answer or {}
    drawing = answer.get("last_active_drawing") or {}
    return int(answer.get("last_object_clicked_count") or 0), dict(drawing.get("properties") or {})
