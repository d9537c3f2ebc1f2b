"""What the chosen layers put on the one map, and the legend that goes with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from urllib.parse import quote

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from markupsafe import Markup
from streamlit_folium import st_folium

from phaenthi.apps.maps import layers as map_layers
from phaenthi.apps.maps import legends
from phaenthi.apps.maps import view as map_view
from phaenthi.apps.maps.elements import Group
from phaenthi.apps.maps.layers import Kind, Points
from phaenthi.apps.screens import kept_choices, map_sources, page_words, workspace_tables
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.layers import funds, groups, otop, own_file, plots, spots, tourism
from phaenthi.apps.screens.layers.asked import Asked
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.places.codes import Level
from phaenthi.geo.shapes.crs import THAILAND_BOUNDS
from phaenthi.geo.texts import html
from phaenthi.wording import say

MAP = "layers_map"
MAP_HEIGHT = 460
# Degrees around what is drawn where no boundary frames it.
ROOM = 0.01
# And around a route or a file, so that names tell where it lies.
FOCUS_ROOM = 0.03
Bounds = tuple[float, float, float, float]
CHOICES = (
    *("funds", "groups", "otop", "clusters", "hot_spots", "tourism", "route", "plots", "places"),
    "own",
)
CLUSTER_COLOURS = ("#332288", "#117733", "#882255", "#44AA99", "#999933", "#AA4499")


@dataclass
class Drawing:
    """Layers of the map with what explains them; filled step by step.

    Attributes
    ----------
    layers
        In the order of drawing.
    legend
        HTML by layer.
    notes
        Sentences: what is put together, left out or without a place.
    bounds
        Of what is drawn, where the area has no boundary.
    titles
        What a click on a shape or point is called, by the code that it tells.
    focus
        What the reader just made or sent: the map moves there instead of to the area.
    """

    layers: list[Group] = field(default_factory=list)
    legend: list[Markup] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    bounds: list[Bounds] = field(default_factory=list)
    titles: dict[str, tuple[str, str]] = field(default_factory=dict)
    focus: Bounds | None = None

    def explain(self, title: str, body: Markup) -> None:
        """Add the legend of a layer."""
        self.legend.append(html.fill('<div class="ph-layer"><b>{}</b>{}</div>', title, body))


def available(asked: Asked) -> list[str]:
    """Return the layers that can be put on the map here."""
    held = {
        "funds": asked.has("funds") or asked.has("fund_levels"),
        "groups": asked.has("groups"),
        "otop": asked.has("otop"),
        "clusters": asked.has("otop") or asked.has("groups"),
        "hot_spots": asked.has("otop") and asked.has("boundaries_tambon"),
        "tourism": asked.has("tourism_communities"),
        "route": tourism.route(asked) is not None,
        "plots": asked.has("plots"),
        "places": asked.has("places"),
        "own": own_file.held() is not None,
    }
    return [one for one in CHOICES if held[one]]


def draw(
    asked: Asked,
    shown: Sequence[str],
    working: Callable[[str], AbstractContextManager[None]] = lambda _: nullcontext(),
) -> Drawing:
    """Return what the chosen layers put on the map.

    Parameters
    ----------
    working
        Entered with the name of each layer while it is drawn.
    """
    made = Drawing()
    if "funds" in shown:
        with working("funds"):
            _fill_funds(asked, made)
    else:
        _outline(asked, made)
    for one in shown:
        if one in _DRAWN:
            with working(one):
                _DRAWN[one](asked, made)
    return made


def show(asked: Asked, made: Drawing, on_click: Callable[[], None]) -> None:
    """Show the map."""
    bounds = _bounds(asked, made)
    st_folium(
        map_view.base_map(THAILAND_BOUNDS),
        key=MAP,
        height=MAP_HEIGHT,
        use_container_width=True,
        returned_objects=["last_active_drawing", "last_object_clicked_count"],
        feature_group_to_add=[*made.layers, map_view.frame_layer(bounds)],
        on_change=on_click,
    )


def clicked() -> str | None:
    """Return the code of what was clicked last."""
    _, properties = map_view.clicked_properties(st.session_state.get(MAP))
    return properties.get("code") or properties.get("village_code")


def _bounds(asked: Asked, made: Drawing) -> Bounds:
    if made.focus is not None:
        return _with_room(made.focus, FOCUS_ROOM)
    level = Level.AMPHOE if len(asked.area) == Level.AMPHOE.digits else Level.PROVINCE
    source = map_sources.area_source(*asked.place, level, asked.area)
    if source is not None:
        return source.bounds
    if not made.bounds:
        west, south, east, north = THAILAND_BOUNDS
        return west, south, east, north
    corners = np.asarray(made.bounds, dtype=float)
    low, high = corners[:, :2].min(axis=0), corners[:, 2:].max(axis=0)
    return _with_room((float(low[0]), float(low[1]), float(high[0]), float(high[1])))


def _with_room(bounds: Bounds, room: float = ROOM) -> Bounds:
    west, south, east, north = bounds
    return west - room, south - room, east + room, north + room


# -- the ground ------------------------------------------------------------------------------------


def _outline(asked: Asked, made: Drawing) -> None:
    whole = not asked.area
    levels = (
        (Level.PROVINCE, Level.AMPHOE) if whole else (Level.PROVINCE, Level.AMPHOE, Level.TAMBON)
    )
    sources, names = {}, {}
    for level in levels:
        source = map_sources.area_source(*asked.place, level, asked.area[: level.digits])
        if source is not None:
            sources[str(level)] = source.address
            if whole or level is not Level.PROVINCE:
                names[str(level)] = source.names[asked.language]
    group = map_view.outline_layer(sources, names)
    group.add_child(map_view.Rows("describe", say("app.map.keys", asked.language)))
    made.layers.append(group)


def _fill_funds(asked: Asked, made: Drawing) -> None:
    source = map_sources.area_source(*asked.place, Level.AMPHOE, asked.area)
    figure = funds.figure(asked)
    if source is None or figure is None:
        _outline(asked, made)
        nothing = tell("layers.nothing_here", layer=page_words.layer_label("funds"))
        made.notes.append(tell("map.no_boundaries") if source is None else nothing)
        return
    shown = figure.of(source.codes)
    classes = legends.classify(shown.values, shown.hidden)
    edges = map_sources.area_source(*asked.place, Level.PROVINCE, asked.province)
    made.layers.append(
        map_view.choropleth_layer(
            source.address,
            source.codes,
            classes,
            shown.say_all(),
            asked.language,
            edges.address if edges is not None else None,
        )
    )
    made.layers.append(map_view.name_layer({Level.AMPHOE: source.names[asked.language]}))
    title = f"{tell('layers.layer.funds')}: {figure.title} ({figure.unit})"
    body = legends.class_legend("", classes, figure.form, asked.language).removeprefix("<b></b>")
    made.explain(title, body)


# -- points ----------------------------------------------------------------------------------------


def _add_points(
    asked: Asked, made: Drawing, points: Points, title: str, listed: Sequence[Kind] = ()
) -> None:
    """Put points on the map; the legend counts each kind, or lists what is told one by one."""
    placed = points.placed
    lost = len(points.table) - len(placed)
    counts = points.table["kind"].value_counts()
    entries = [
        html.fill("<span>{}{}</span>", _symbol(points.shape, kind), kind.label) for kind in listed
    ] or [
        html.fill(
            "<span>{}{}&nbsp;<b>{:,}</b></span>",
            _symbol(points.shape, kind),
            kind.label,
            counts[kind.id],
        )
        for kind in points.kinds
        if counts.get(kind.id, 0)
    ]
    made.explain(
        f"{title} ({len(listed) or len(points.table):,})",
        html.fill('<div class="ph-legend">{}</div>', html.join(entries)),
    )
    if lost:
        made.notes.append(tell("layers.without_point", layer=title, count=f"{lost:,}"))
    if placed.empty:
        return
    together, side = _together(points.layer, asked.place, asked.area, asked.language, placed)
    if side:
        made.notes.append(
            tell(
                "layers.put_together",
                layer=title,
                count=f"{len(placed):,}",
                symbols=f"{len(together):,}",
                kilometres=f"{side * 111:.1f}",
            )
        )
    made.layers.append(
        map_layers.point_layer(points, together, tell("layers.several", count="{count}"))
    )
    made.bounds.append(
        (
            float(placed["longitude"].min()),
            float(placed["latitude"].min()),
            float(placed["longitude"].max()),
            float(placed["latitude"].max()),
        )
    )


@st.cache_resource(show_spinner=False, max_entries=24)
def _together(
    layer: str, place: tuple[str, int], area: str, language: str, _placed: pd.DataFrame
) -> tuple[pd.DataFrame, float]:
    del layer, place, area, language
    return map_layers.drawn_together(_placed)


def _symbol(shape: str, kind: Kind) -> Markup:
    """Return a symbol with its letter as a small picture."""
    shapes = {
        "circle": html.own('<circle cx="10" cy="10" r="8"/>'),
        "diamond": html.own('<path d="M10 1 19 10 10 19 1 10Z"/>'),
        "square": html.own('<rect x="2.5" y="2.5" width="15" height="15"/>'),
        "triangle": html.own('<path d="M10 1 19 17.5H1Z"/>'),
        "hexagon": html.own('<path d="M10 1 18 5.5V14.5L10 19 2 14.5V5.5Z"/>'),
    }
    drop = 16.2 if shape == "triangle" else 14
    size = 9 if shape == "triangle" else 11
    picture = html.fill(
        '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" '
        'viewBox="0 0 20 20"><g fill="{}" stroke="#5d7078" '
        'stroke-width="0.8">{}</g><text x="10" y="{}" font-size="{}" '
        'font-weight="600" text-anchor="middle" font-family="sans-serif" '
        'fill="{}">{}</text></svg>',
        kind.colour,
        shapes[shape],
        drop,
        size,
        kind.ink,
        kind.letter,
    )
    # As an image: Streamlit takes drawings out of the HTML of a page.
    return html.fill(
        '<img alt="" width="20" height="20" src="data:image/svg+xml,{}">', quote(picture)
    )


def _draw_groups(asked: Asked, made: Drawing) -> None:
    _add_points(asked, made, groups.points(asked), tell("layers.layer.groups"))


def _draw_otop(asked: Asked, made: Drawing) -> None:
    _add_points(asked, made, otop.points(asked), tell("layers.layer.otop"))


def _draw_places(asked: Asked, made: Drawing) -> None:
    _add_points(asked, made, spots.points(asked), tell("layers.layer.places"))


def _draw_tourism(asked: Asked, made: Drawing) -> None:
    _add_points(asked, made, tourism.points(asked), tell("layers.layer.tourism"))


def _draw_plots(asked: Asked, made: Drawing) -> None:
    parcels = plots.parcels(asked)
    if 0 < len(parcels) <= map_layers.MOST_SHAPES:
        colours = [plots.COLOURS[status] for status in parcels["status"]]
        texts = [
            say(f"layers.plot_status.{status}", asked.language) for status in parcels["status"]
        ]
        made.layers.append(
            map_layers.shape_layer(parcels, colours, texts, asked.language, opacity=0.6)
        )
    elif len(parcels):
        made.notes.append(tell("layers.parcels_as_points", count=f"{len(parcels):,}"))
    _add_points(asked, made, plots.points(asked), tell("layers.layer.plots"))


# -- shapes and lines ------------------------------------------------------------------------------


def _draw_clusters(asked: Asked, made: Drawing) -> None:
    register = otop.clusters(asked)
    if register is None or register.clusters.empty:
        made.notes.append(tell("layers.otop.cluster.none"))
        return
    shapes = otop.cluster_shapes(register)
    shapes = shapes[shapes.geometry.notna()].sort_values("members", ascending=False)
    if len(shapes) > map_layers.MOST_SHAPES:
        made.notes.append(
            tell(
                "layers.largest_clusters",
                shown=f"{map_layers.MOST_SHAPES:,}",
                count=f"{len(shapes):,}",
            )
        )
        shapes = shapes.head(map_layers.MOST_SHAPES)
    colours = [CLUSTER_COLOURS[row % len(CLUSTER_COLOURS)] for row in range(len(shapes))]
    texts = [
        tell(
            "layers.otop.cluster.tip",
            members=f"{row.members:,}",
            km=f"{row.span_metres / 1000:,.1f}",
        )
        for row in shapes.itertuples()
    ]
    made.layers.append(
        map_layers.shape_layer(shapes, colours, texts, asked.language, opacity=0.28, weight=1.8)
    )
    centres = Points(
        "cluster",
        "diamond",
        (Kind("centre", "#111111", "", tell("layers.otop.cluster.centre")),),
        pd.DataFrame(
            {
                "id": shapes["code"].str.removeprefix("cluster:"),
                "longitude": shapes["longitude"],
                "latitude": shapes["latitude"],
                "kind": "centre",
                "title": shapes[f"name_{asked.language}"],
                "where": texts,
            }
        ),
        radius=4.5,
    )
    source = otop.cluster_sources(asked)
    picked = kept_choices.recall("layers_cluster_source", source, source[0])
    title = tell("layers.layer.clusters_of", layer=page_words.layer_label(picked))
    _add_points(asked, made, centres, f"{title}")
    colour = CLUSTER_COLOURS[0]
    hull = html.fill(
        '<span><i class="ph-swatch" style="background:{}55;border-color:{}"></i>{}</span>',
        colour,
        colour,
        tell("layers.otop.cluster.hull"),
    )
    opening = html.own('<div class="ph-legend">')
    made.legend[-1] = made.legend[-1].replace(opening, opening + hull, 1)


def _draw_hot_spots(asked: Asked, made: Drawing) -> None:
    found = otop.hot_spots(asked)
    table = found.table if found is not None else None
    here = None if table is None else table[table["kind"].isin(list(otop.HOT_COLOURS))]
    if here is None or here.empty:
        made.notes.append(tell("layers.otop.hot.nobody"))
        return
    boundaries = workspace_tables.boundaries(*asked.place, Level.TAMBON)
    shapes = boundaries.merge(here[["code", "kind", "p_adjusted"]], on="code")
    colours = [otop.HOT_COLOURS[kind] for kind in shapes["kind"]]
    texts = [say(f"cli.otop.kind.{kind}", asked.language) for kind in shapes["kind"]]
    made.layers.append(
        map_layers.shape_layer(
            gpd.GeoDataFrame(shapes), colours, texts, asked.language, opacity=0.4, line="#111111"
        )
    )
    entries = [
        html.fill(
            '<span><i class="ph-swatch" style="background:{}99"></i>{}&nbsp;<b>{:,}</b></span>',
            colour,
            say(f"cli.otop.kind.{kind}", asked.language),
            int((shapes["kind"] == kind).sum()),
        )
        for kind, colour in otop.HOT_COLOURS.items()
    ]
    measure = kept_choices.recall("layers_hot_measure", otop.MEASURES, otop.MEASURES[0])
    title = (
        f"{tell('layers.layer.hot_spots')}: {say(f'cli.otop.measure.{measure}', asked.language)}"
    )
    made.explain(title, html.fill('<div class="ph-legend">{}</div>', html.join(entries)))


def _draw_route(asked: Asked, made: Drawing) -> None:
    route = tourism.route(asked)
    if route is None:
        return
    made.layers.append(map_layers.line_layer(tourism.route_lines(route)))
    stops = tourism.route_points(route)
    _add_points(asked, made, stops, tell("layers.layer.route"), listed=tourism.route_stops(route))
    if len(stops.placed):
        made.focus = made.bounds[-1]


def _draw_own(asked: Asked, made: Drawing) -> None:
    own = own_file.held()
    if own is None:
        return
    names = pd.Series(own.names(), index=own.table.index)
    kinds = own.table.geometry.geom_type
    drawn = own_file.drawable(own.table)
    is_area = drawn.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    surfaces = drawn[is_area]
    if len(surfaces):
        shapes = gpd.GeoDataFrame(
            {
                "code": [f"own:{row}" for row in surfaces.index],
                "name_th": names[surfaces.index],
                "name_en": names[surfaces.index],
            },
            geometry=surfaces.geometry,
            crs=own.table.crs,
        )
        made.layers.append(
            map_layers.shape_layer(
                shapes,
                [own_file.COLOUR] * len(shapes),
                [own.name] * len(shapes),
                asked.language,
                line="#882255",
            )
        )
    lines = drawn[~is_area]
    if len(lines):
        made.layers.append(map_layers.line_layer(_corners(gpd.GeoSeries(lines.geometry))))
    dots = own.table[kinds.isin(["Point", "MultiPoint"])]
    at = shapely.point_on_surface(dots.geometry.to_numpy())
    title = tell("layers.own.title", name=own.name)
    points = Points(
        "own",
        "diamond",
        (Kind("own", own_file.COLOUR, "", own.name),),
        pd.DataFrame(
            {
                "id": [str(row) for row in dots.index],
                "longitude": shapely.get_x(at),
                "latitude": shapely.get_y(at),
                "kind": "own",
                "title": names[dots.index].to_numpy(),
                "where": own.name,
            }
        ),
    )
    if len(dots):
        _add_points(asked, made, points, title)
    else:
        swatch = html.fill(
            '<span><i class="ph-swatch" style="background:{}"></i></span>', own_file.COLOUR
        )
        made.explain(
            f"{title} ({len(own.table):,})", html.fill('<div class="ph-legend">{}</div>', swatch)
        )
    if own.bounds is not None:
        made.bounds.append(own.bounds)
        made.focus = own.bounds


def _corners(lines: gpd.GeoSeries) -> list[dict[str, object]]:
    each = lines.explode(index_parts=False)
    return [
        {
            "corners": [[round(y, 5), round(x, 5)] for x, y in shapely.get_coordinates(line)],
            "color": "#882255",
            "dash": None,
            "label": None,
        }
        for line in each
        if line is not None and not line.is_empty and line.geom_type == "LineString"
    ]


_DRAWN: dict[str, Callable[[Asked, Drawing], None]] = {
    "groups": _draw_groups,
    "otop": _draw_otop,
    "clusters": _draw_clusters,
    "hot_spots": _draw_hot_spots,
    "tourism": _draw_tourism,
    "route": _draw_route,
    "plots": _draw_plots,
    "places": _draw_places,
    "own": _draw_own,
}
