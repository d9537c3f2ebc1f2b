"""A map of areas filled by one figure, with its legend below; a click tells the area."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from streamlit_folium import st_folium

from phaenthi.apps.maps import legends
from phaenthi.apps.maps import view as map_view
from phaenthi.apps.maps.elements import Group
from phaenthi.apps.maps.legends import Classes
from phaenthi.apps.maps.view import Places
from phaenthi.apps.screens import furniture, map_sources, page_words, workspace_tables
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.map_sources import AreaSource
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.places.codes import Level
from phaenthi.geo.shapes.crs import THAILAND_BOUNDS
from phaenthi.geo.texts import html

MAP_HEIGHT = 385
# From here on the tambons of a country are more than a grey veil over its villages.
NEAR_ZOOM = 8.5
# Where the link past the map leads to; a page puts it before its table.
TABLE_ANCHOR = "areas_table"


@dataclass(frozen=True)
class Figure:
    """What fills the areas.

    Attributes
    ----------
    values
        Number by code; missing where hidden or not known.
    hidden
        Whether a missing value is a hidden one, by code.
    title, unit
        What is counted, in words.
    form
        Format of a number, such as ``,.0f``.
    """

    values: pd.Series[float]
    hidden: pd.Series[bool]
    title: str
    unit: str
    form: str

    def of(self, codes: Sequence[str]) -> Figure:
        """Return the figure of some areas, in their order."""
        index = pd.Index(list(codes), dtype="object")
        # Looked up once for both, among plain texts: of the villages of a country it shows.
        place = pd.Index(self.values.index.tolist(), dtype="object").get_indexer(index)
        numbers = self.values.astype("Float64").to_numpy(float, na_value=np.nan)
        concealed = self.hidden.reindex(self.values.index, fill_value=False).to_numpy(bool)
        # An area without a figure stands at -1: at what is put last.
        values = pd.Series(np.append(numbers, np.nan)[place], index=index)
        hidden = pd.Series(np.append(concealed, False)[place], index=index)
        return Figure(values, hidden, self.title, self.unit, self.form)

    def say_all(self) -> list[str]:
        """Return the value of each area in words."""
        without = {True: tell("map.hidden"), False: tell("map.missing")}
        return [
            without[bool(hidden)] if math.isnan(value) else f"{value:{self.form}} {self.unit}"
            for value, hidden in zip(self.values, self.hidden, strict=True)
        ]


def show(
    place: tuple[str, int],
    level: Level,
    prefix: str,
    figure: Figure,
    *,
    key: str,
    chosen: str | None,
    on_click: Callable[[], None],
) -> None:
    """Show the map.

    Parameters
    ----------
    place
        Folder and generation of the workspace.
    level
        Whose areas. The villages of the whole country are dots.
    prefix
        What the codes begin with; empty for the whole country.
    figure
        What fills them.
    key
        Name of the map in this session; :func:`clicked` reads it.
    chosen
        Area to be outlined.
    on_click
        Called after a click.
    """
    as_dots = level is Level.VILLAGE and not prefix
    # Over the whole country any nearer edges would be a black web.
    wider = (level.parent if prefix else None) or Level.PROVINCE
    edges = map_sources.area_source(*place, wider, prefix[: wider.digits])
    draw = _village_dots if as_dots else _areas
    drawn = draw(place, level, prefix, figure, chosen, (wider, edges))
    if drawn is None:
        st.info(tell("map.no_boundaries"))
        return
    furniture.show_way_past(TABLE_ANCHOR)
    st_folium(
        # Always the same, whatever it shows: the browser keeps it as it stands.
        map_view.base_map(THAILAND_BOUNDS),
        key=key,
        height=MAP_HEIGHT,
        use_container_width=True,
        returned_objects=["last_active_drawing", "last_object_clicked_count"],
        feature_group_to_add=[*drawn.layers, map_view.frame_layer(drawn.bounds)],
        on_change=on_click,
    )
    # Beside the map, not on it, where it would hide an amphoe.
    title = f"{figure.title} ({figure.unit})"
    legend = legends.class_legend(title, drawn.classes, figure.form, page_words.language())
    st.html(html.fill('<div class="ph-below">{}</div>', legend))


@dataclass(frozen=True)
class _Drawn:
    """What is put on the map, where it lies, and what its colours mean."""

    layers: list[Group]
    bounds: tuple[float, float, float, float]
    classes: Classes


def _areas(
    place: tuple[str, int],
    level: Level,
    prefix: str,
    figure: Figure,
    chosen: str | None,
    above: tuple[Level, AreaSource | None],
) -> _Drawn | None:
    wider, edges = above
    source = map_sources.area_source(*place, level, prefix)
    if source is None:
        return None
    language = page_words.language()
    shown = figure.of(source.codes)
    classes = legends.classify(shown.values, shown.hidden)
    over = edges.address if edges is not None and edges != source else None
    names: dict[str, Places] = {level: source.names[language]}
    if edges is not None and edges != source and len(edges.codes) > 1:
        names[wider] = edges.names[language]
    layers = [
        map_view.choropleth_layer(
            source.address, source.codes, classes, shown.say_all(), language, over
        ),
        map_view.name_layer(names),
    ]
    if chosen in source.codes:
        layers.append(map_view.area_highlight_layer(source.address, str(chosen)))
    return _Drawn(layers, source.bounds, classes)


def _village_dots(
    place: tuple[str, int],
    level: Level,
    prefix: str,
    figure: Figure,
    chosen: str | None,
    above: tuple[Level, AreaSource | None],
) -> _Drawn | None:
    wider, edges = above
    language = page_words.language()
    source = map_sources.village_source(*place, prefix, language)
    if source is None:
        return None
    shown = figure.of(source.codes)
    classes = legends.classify(shown.values, shown.hidden)
    labels = legends.class_labels(classes, figure.form, language)
    told = {
        colour: f"{label} {figure.unit}" if colour in classes.colours else label
        for colour, label in labels.items()
    }
    layers = [map_view.village_value_layer(source.address, source.codes, classes, told, language)]
    if edges is not None:
        names: dict[str, Places] = {wider: edges.names[language]}
        sources = {str(wider): edges.address}
        tambons = map_sources.area_source(*place, Level.TAMBON, prefix)
        if tambons is not None:
            sources[Level.TAMBON] = tambons.address
        layers.append(map_view.outline_layer(sources, names, from_zoom={"tambon": NEAR_ZOOM}))
    if chosen in source.codes:
        [name] = workspace_tables.area_names(*place, [str(chosen)], level)
        point = workspace_tables.village_points(*place)[chosen]
        layers.append(map_view.highlight_layer(point, name))
    return _Drawn(layers, source.bounds, classes)


def clicked(key: str) -> str | None:
    """Return the code of the area clicked last on a map."""
    _, properties = map_view.clicked_properties(st.session_state.get(key))
    return properties.get("code") or properties.get("village_code")
