"""Every map of the house: areas, villages, choropleths, clicks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import geopandas as gpd
import pandas as pd
import shapely
from folium.template import Template
from markupsafe import Markup

from phaenthi.apps.maps.elements import Group, Once
from phaenthi.apps.maps.files import as_bytes, pack_marks, pack_values, pack_villages
from phaenthi.apps.maps.legends import FAULT_COLOURS, STATUS_LOOKS, Classes
from phaenthi.apps.maps.offline import OfflineMap, publish, tiles
from phaenthi.geo.places.codes import moo
from phaenthi.wording import Language, say

# What ``pack_areas`` gives, or the address that it is served under.
AreaFile: TypeAlias = str | Mapping[str, object]
# [latitude, longitude, name] each, or {"of": file, "language": …}: the names of a file of areas.
Places: TypeAlias = Sequence[Sequence[object]] | Mapping[str, object]

OUTLINES: Mapping[str, dict[str, object]] = {
    "province": {"color": "#4c6670", "weight": 2.2, "fill": False},
    "amphoe": {"color": "#647c86", "weight": 1.8, "fill": True, "fillColor": "#ffffff"},
    "tambon": {"color": "#c5cfd3", "weight": 0.7, "fill": False},
}
# Where base-map tiles lie below, areas let them through.
OVER_TILES = 0.25
FILLED, FILLED_OVER_TILES = 0.92, 0.65
CHOSEN_LINE: Mapping[str, object] = {"color": "#D55E00", "weight": 3, "fill": False}
FAULT_RING: dict[str, object] = {
    "shape": "circle",
    "radius": 9,
    "weight": 2,
    "opacity": 1,
    "fill": False,
}
LASSO_BUTTONS = ("title", "draw", "view", "clear")
NAMES_FROM_ZOOM: Mapping[str, float] = {
    "province": 6.5,
    "amphoe": 8,
    "tambon": 10.5,
    "village": 13,
}
MOST_ZOOM = 16
MANY_AREAS = 1_000
# What is longer than this is fetched once and not told again at every rerun.
MOST_BYTES_TOLD = 2_000


class Rows(Once):
    """Something drawn by one call of our script: areas, villages, names, a panel.

    What is large is not told again at every rerun: the browser fetches it once by its address. A
    page that is to be saved holds it all (see :func:`phaenthi.apps.maps.offline.saved_page`).
    """

    _template = Template(
        """{% macro script(this, kwargs) %}
        phaenthi.{{ this.verb }}({{ this._parent.get_name() }}
            {%- for value in this.told() %}, {{ value|tojson }}{% endfor %});
        {% endmacro %}"""
    )

    def __init__(self, verb: str, *values: object) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca carries no types
        self._name = "Rows"
        self.verb, self.arguments = verb, values
        self.whole = False

    def told(self) -> tuple[object, ...]:
        """Return the arguments as the page is given them."""
        return self.arguments if self.whole else tuple(map(_short, self.arguments))


def _short(value: object) -> object:
    if not isinstance(value, list | dict):
        return value
    content = as_bytes(value)
    return {"at": publish(content, ".json")} if len(content) > MOST_BYTES_TOLD else value


def _file(source: AreaFile) -> object:
    return {"at": source} if isinstance(source, str) else dict(source)


def base_map(bounds: Sequence[float], *, saved: bool = False) -> OfflineMap:
    """Return an empty map about some bounds; :func:`frame_layer` fits it to them.

    The same bounds give the same map to the letter, and Streamlit then keeps it as it stands.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees.
    saved
        Whether the map is for a page that is saved: it never has tiles.
    """
    west, south, east, north = (round(float(value), 3) for value in bounds)
    below = None if saved else tiles()
    drawn = OfflineMap(
        location=[round((south + north) / 2, 3), round((west + east) / 2, 3)],
        zoom_start=9,
        min_zoom=4,
        max_zoom=MOST_ZOOM,
        prefer_canvas=True,
        zoom_snap=0.25,
        zoom_delta=0.75,
        attribution_control=below is not None,
    )
    # Folium keeps these two for tiles alone; without tiles a wheel would go on to bare ground.
    drawn.options |= {"min_zoom": 4, "max_zoom": MOST_ZOOM}
    if below is not None:
        drawn.add_child(Rows("tiles", below.address, below.credit, MOST_ZOOM))
    drawn.add_child(Rows("scale"))
    return drawn


def outline_layer(
    sources: Mapping[str, AreaFile],
    names: Mapping[str, Places],
    *,
    from_zoom: Mapping[str, float] | None = None,
) -> Group:
    """Return the outlines that villages are shown on: tambon, amphoe, province.

    Parameters
    ----------
    sources
        Level → areas.
    names
        Level → places of its names.
    from_zoom
        Level → zoom from which it shows; until then the browser does not even fetch it.
    """
    late = from_zoom or {}
    group = Group()
    # Rank 0 lies at the back: the amphoe are filled.
    for rank, level in enumerate(("amphoe", "tambon", "province")):
        if level in sources:
            line = OUTLINES[level] | {"fillOpacity": 1 if tiles() is None else OVER_TILES}
            look = {"line": line, "rank": rank}
            if level in late:
                look["from_zoom"] = late[level]
            group.add_child(Rows("areas", _file(sources[level]), look))
    _add_names(group, names)
    return group


def name_layer(names: Mapping[str, Places]) -> Group:
    """Return names of areas alone; see :func:`outline_layer`."""
    group = Group()
    _add_names(group, names)
    return group


def names_in(source: AreaFile, language: Language) -> dict[str, object]:
    """Return the places of the names that a file of areas holds."""
    return {"of": _file(source), "language": language}


def _add_names(group: Group, names: Mapping[str, Places]) -> None:
    # The names of larger areas come first: they stay where there is no room for all.
    order = {level: place for place, level in enumerate(NAMES_FROM_ZOOM)}
    for level in sorted(names, key=lambda one: order[one]):
        places = names[level]
        told = dict(places) if isinstance(places, Mapping) else list(places)
        group.add_child(Rows("names", told, {"rank": level, "from_zoom": NAMES_FROM_ZOOM[level]}))


def frame_layer(bounds: Sequence[float]) -> Group:
    """Return what moves the map to some bounds, once, and then leaves it to the reader.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees.
    """
    west, south, east, north = (round(float(value), 4) for value in bounds)
    group = Group()
    group.add_child(Rows("frame", [[south, west], [north, east]]))
    return group


def village_layer(units: pd.DataFrame, points: gpd.GeoSeries, language: Language) -> Group:
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
    # In the order of their codes, so that a filter or another plan of the same villages differs
    # in the marks alone.
    units = units.sort_values("village_code", kind="stable")
    at = points.reindex(units["village_code"].to_numpy()).to_numpy()
    placed = ~shapely.is_missing(at)
    units = units[placed]
    file = pack_villages(
        units["village_code"].tolist(), at[placed], units["title"].tolist(), units["where"].tolist()
    )
    kinds = units["status"].map(statuses.index).tolist()
    group = Group()
    group.add_child(Rows("describe", say("app.map.keys", language)))
    group.add_child(Rows("villages", file, looks, [pack_marks(kinds)]))
    return group


def highlight_layer(point: shapely.Point, title: str) -> Group:
    """Return a ring and a name around one village; the map moves if it lies out of sight."""
    group = Group()
    group.add_child(Rows("highlight", [round(point.y, 5), round(point.x, 5)], title))
    return group


def choropleth_layer(
    source: AreaFile,
    codes: Sequence[str],
    classes: Classes,
    texts: Sequence[str],
    language: Language,
    edges: AreaFile | None = None,
) -> Group:
    """Return areas filled by class; a click on one tells its code.

    Parameters
    ----------
    source
        Areas.
    codes
        Theirs, in the order of the file.
    classes
        From :func:`phaenthi.apps.maps.legends.classify`.
    texts
        What to tell over each area below its name, in the same order.
    language
        Language of the names.
    edges
        Areas one level up, drawn as lines over the fill.
    """
    group = Group()
    group.add_child(Rows("describe", say("app.map.keys", language)))
    if edges is not None:
        line: dict[str, object] = {"color": "#33474f", "weight": 1.6, "fill": False}
        group.add_child(Rows("areas", _file(edges), {"line": line, "rank": 1}))
    # Thousands of white edges would hide what they part.
    line = {
        "color": "#ffffff",
        "weight": 0.9 if len(codes) <= MANY_AREAS else 0.35,
        "fillOpacity": FILLED if tiles() is None else FILLED_OVER_TILES,
    }
    look = {"line": line, "rank": 0, "language": language}
    values = pack_values(codes, classes, texts)
    group.add_child(Rows("areas", _file(source), look, values))
    return group


def village_value_layer(
    file: AreaFile,
    codes: Sequence[str],
    classes: Classes,
    labels: Mapping[str, str],
    language: Language,
) -> Group:
    """Return villages as dots coloured by class; a click on one tells its code.

    Parameters
    ----------
    file
        What :func:`phaenthi.apps.maps.files.pack_villages` gives, or its address.
    codes
        The villages, in the order of the file.
    classes
        From :func:`phaenthi.apps.maps.legends.classify`.
    labels
        What each colour means, in words.
    language
        Language of the page.
    """
    # The highest class lies on top; what is not known lies below.
    colours = [*reversed(classes.colours), *(c for c in labels if c not in classes.colours)]
    looks = [
        {
            "shape": "circle",
            "radius": 4.2,
            "color": "#44565d",
            "weight": 0.5,
            "opacity": 0.8,
            "fill": True,
            "fillColor": colour,
            "fillOpacity": 1,
            "label": labels[colour],
        }
        for colour in colours
    ]
    place = {colour: index for index, colour in enumerate(colours)}
    marks = pack_marks([place[classes.colour_of[code]] for code in codes])
    group = Group()
    group.add_child(Rows("describe", say("app.map.keys", language)))
    group.add_child(Rows("villages", _file(file), looks, [marks]))
    return group


def area_highlight_layer(source: AreaFile, code: str) -> Group:
    """Return a strong outline around one area of a file."""
    group = Group()
    group.add_child(Rows("chosen", _file(source), code, dict(CHOSEN_LINE)))
    return group


def lasso_layer(language: Language) -> Group:
    """Return buttons to draw around villages; :func:`drawn_area` reads what was drawn.

    The map must return ``all_drawings`` (or ``last_active_drawing``, which the next click takes).
    """
    words = {name: say(f"app.map.lasso.{name}", language) for name in LASSO_BUTTONS}
    group = Group()
    group.add_child(Rows("lasso", words))
    return group


def drawn_area(answer: Mapping[str, Any] | None) -> shapely.Polygon | shapely.MultiPolygon | None:
    """Return the area (EPSG:4326) that stands drawn on a map; None where none does.

    Parameters
    ----------
    answer
        What ``st_folium`` returned, or the map's key in the session. A line that crosses itself
        gives every part that it encloses.
    """
    answer = answer or {}
    drawings = answer.get("all_drawings")
    if drawings is None:
        drawings = [answer.get("last_active_drawing")]
    shapes = [one["geometry"] for one in drawings if one and one.get("geometry")]
    if not shapes or shapes[-1]["type"] != "Polygon":
        return None
    outline = shapely.linestrings(shapes[-1]["coordinates"][0])
    area = shapely.union_all(shapely.get_parts(shapely.polygonize([shapely.node(outline)])))
    if not isinstance(area, shapely.Polygon | shapely.MultiPolygon) or area.is_empty:
        return None
    return area


def fault_layer(faults: gpd.GeoDataFrame, language: Language) -> Group:
    """Return what is wrong with a boundary set: its shape, and a ring where that is too small.

    Parameters
    ----------
    faults
        ``kind``, ``code``, ``square_kilometres`` and ``geometry`` (EPSG:4326).
    language
        Language of the labels.
    """
    group = Group()
    for kind, rows in faults.groupby("kind", sort=False):
        colour = FAULT_COLOURS[str(kind)]
        style = {"color": colour, "weight": 2.5, "fillColor": colour, "fillOpacity": 0.6}
        shapes = json.loads(rows[["geometry"]].to_json(drop_id=True))
        group.add_child(Rows("shapes", shapes, style))
    kinds = list(FAULT_COLOURS)
    looks = [FAULT_RING | {"color": FAULT_COLOURS[kind]} for kind in kinds]
    titles = [_fault_title(row, language) for row in faults.itertuples()]
    places = [""] * len(titles)
    inside = faults.geometry.representative_point().to_numpy()
    file = pack_villages(faults["code"].astype(str).tolist(), inside, titles, places)
    marks = pack_marks([kinds.index(kind) for kind in faults["kind"]])
    group.add_child(Rows("villages", file, looks, [marks]))
    return group


def _fault_title(fault: Any, language: Language) -> str:
    title = f"{say(f'app.fault.{fault.kind}', language)} {fault.code}"
    size = fault.square_kilometres
    return title if pd.isna(size) else f"{title} · {size:,.4f} km²"


def panel_layer(content: Markup) -> Group:
    """Return a panel in the lower left corner, such as a legend; it takes the place of the last.

    Parameters
    ----------
    content
        Made by ``phaenthi.geo.texts.html``.
    """
    group = Group()
    group.add_child(Rows("panel", "bottomleft", str(content)))
    return group


def clicked_properties(answer: Mapping[str, Any] | None) -> tuple[int, dict[str, str]]:
    """Return how many clicks a map has counted, and the properties of what was clicked last."""
    answer = answer or {}
    drawing = answer.get("last_active_drawing") or {}
    return int(answer.get("last_object_clicked_count") or 0), dict(drawing.get("properties") or {})


# -- words on a map --------------------------------------------------------------------------------


def with_titles(table: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return villages with the two lines that name each on a map or card.

    Parameters
    ----------
    table
        Columns ``village_code``, ``name_th``, ``tambon_th``, ``amphoe_th``; in English also
        ``name_en``, where the register of villages has one.

    Returns
    -------
    DataFrame
        The same rows with ``title`` and ``where`` added. In English a village without an English
        name keeps its Thai one: a spelling of our own would be found on no map.
    """
    numbers = moo(table["village_code"])
    if language == "en":
        told = table["name_en"] if "name_en" in table else pd.Series(pd.NA, index=table.index)
        title = [
            _english_title(name, name_th, number)
            for name, name_th, number in zip(told, table["name_th"], numbers, strict=True)
        ]
    else:
        pattern = say("app.village.title", language, name="{name}", moo="{moo}")
        title = [
            _village_title(name, number, pattern)
            for name, number in zip(table["name_th"], numbers, strict=True)
        ]
    pairs = pd.MultiIndex.from_frame(table[["tambon_th", "amphoe_th"]])
    place, different = pairs.factorize()
    lines = [say("app.village.place", language, tambon=t, amphoe=a) for t, a in different]
    return table.assign(title=title, where=[lines[number] for number in place])


def _english_title(name: str | None, name_th: str, number: int) -> str:
    """Return "Ban Non Sung, Moo 3", or the Thai name with the number where there is no other."""
    if name is None or pd.isna(name) or not name.strip():
        pattern = say("app.village.title_in_thai", "en", name="{name}", moo="{moo}")
        return _village_title(name_th, number, pattern)
    told, prefix = name.strip(), "ban "
    if "moo " in told.lower():
        return told
    bare = told[len(prefix) :] if told.lower().startswith(prefix) else told
    return say("app.village.title", "en", name=bare, moo=number)


def _village_title(name: str, number: int, pattern: str) -> str:
    """Return "บ้านโนนสูง หมู่ที่ 3" from a register's name, which may hold either word already."""
    prefix, numbered = "บ้าน", "หมู่ที่"
    if numbered in name:
        return name
    return pattern.replace("{moo}", str(number)).replace("{name}", name.removeprefix(prefix))
