"""A map of areas filled by one figure, with its legend below; a click tells the area."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from apps import legends, map_view
from apps.screens import parts
from apps.screens.parts import tell
from geo.codes import Level

MAP_HEIGHT = 385


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

    def say(self, code: str) -> str:
        """Return the value of an area in words."""
        value = float(self.values[code])
        if not math.isnan(value):
            return f"{format(value, self.form)} {self.unit}"
        return tell("map.hidden") if self.hidden[code] else tell("map.missing")


def show(
    place: tuple[str, int],
    level: Level,
    province: str,
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
        Whose areas.
    province
        What the codes begin with.
    key
        Name of the map in this session; :func:`clicked` reads it.
    chosen
        Area to be outlined.
    on_click
        Called after a click.
    """
    source = parts.area_source(*place, level, province)
    if source is None:
        st.info(tell("map.no_boundaries"))
        return
    above = level.parent or Level.PROVINCE
    edges = parts.area_source(*place, above, province)
    areas = parts.boundaries(*place, level)
    areas = areas[areas["code"].str.startswith(province)].reset_index(drop=True)
    codes = areas["code"].tolist()
    shown = Figure(
        figure.values.reindex(codes).astype("Float64").astype(float),  # noqa: PD011 - no pandas
        figure.hidden.reindex(codes, fill_value=False),
        figure.title,
        figure.unit,
        figure.form,
    )
    classes = legends.classify(shown.values, shown.hidden)
    titles = areas[f"name_{parts.language()}"]
    notes = {code: [str(name), shown.say(code)] for code, name in zip(codes, titles, strict=True)}
    names: dict[str, list[list[object]]] = {level: source.names[parts.language()]}
    if level is not Level.AMPHOE and edges is not None:
        names = {above: edges.names[parts.language()], **names}
    layers = [
        map_view.choropleth_layer(
            source.address, classes, notes, edges.address if edges is not None else None
        ),
        map_view.name_layer(names),
        map_view.frame_layer(source.bounds),
    ]
    if chosen in codes:
        layers.append(map_view.area_highlight_layer(areas.geometry[codes.index(str(chosen))]))
    st_folium(
        map_view.base_map(source.bounds),
        key=key,
        height=MAP_HEIGHT,
        use_container_width=True,
        returned_objects=["last_active_drawing", "last_object_clicked_count"],
        feature_group_to_add=layers,
        on_change=on_click,
    )
    # Beside the map, not on it, where it would hide an amphoe.
    title = f"{figure.title} ({figure.unit})"
    legend = legends.class_legend(title, classes, figure.form, parts.language())
    st.html(f'<div class="ph-below">{legend}</div>')


def clicked(key: str) -> str | None:
    """Return the code of the area clicked last on a map."""
    _, properties = map_view.clicked_properties(st.session_state.get(key))
    return properties.get("code")
