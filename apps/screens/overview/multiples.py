"""Small maps, one a year, on one scale of classes and colours."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from markupsafe import Markup

from phaenthi.apps.maps import legends
from phaenthi.apps.maps.legends import HIDDEN_COLOUR, MISSING_COLOUR, Classes
from phaenthi.apps.publication.counts_by_area import hidden_in
from phaenthi.apps.screens import page_words, workspace_tables
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.overview.asked import OF_REGISTER, View
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.boundaries.reading import simplify
from phaenthi.geo.boundaries.village_cells import draw_cells
from phaenthi.geo.places.codes import Level
from phaenthi.geo.texts import html
from phaenthi.layers.villages.shown import shown_boundaries
from phaenthi.layers.workspace.folder import Workspace

# More areas than these are too small to be told apart in a small map.
MOST_AREAS = 1_000
WIDTH, HEIGHT, SMALLEST = 220.0, 240.0, 1.0
YEARLY = (*OF_REGISTER, "prior_villages")


@dataclass(frozen=True)
class Outlines:
    """Areas as lines of a small picture.

    Attributes
    ----------
    paths
        SVG path by code.
    width, height
        Of the picture, in its own units.
    """

    paths: dict[str, str]
    width: float
    height: float


@dataclass(frozen=True)
class Panel:
    """One year: colour by code, and the figure of the whole area in words."""

    year: int
    colours: dict[str, str]
    told: str


def level_of_panels(view: View, shown: pd.DataFrame) -> Level:
    """Return the level of the small maps: that of the large one while its areas can be seen."""
    level, count = view.level, len(shown)
    while count > MOST_AREAS and level.parent is not None and level.parent.digits > len(view.area):
        level = level.parent
        count = shown["code"].str[: level.digits].nunique()
    return level


def yearly_indicator(indicator: str) -> str:
    """Return what the years are told of: of the village list, which has none, the targets."""
    return indicator if indicator in YEARLY else "prior_villages"


def years_of(by_year: pd.DataFrame, level: Level, area: str, indicator: str) -> pd.DataFrame:
    """Return the figures of the years that anything is known of, or hidden in.

    Returns
    -------
    DataFrame
        code, year, value (missing where hidden or not known), hidden; sorted by year and code.
    """
    rows = by_year[(by_year["level"] == level) & by_year["code"].str.startswith(area)]
    told = pd.DataFrame(
        {
            "code": rows["code"],
            "year": rows["year"].astype(int),
            "value": rows[indicator].astype("Float64"),
            "hidden": hidden_in(rows, indicator),
        }
    )
    known = told[told["value"].notna() | told["hidden"]]
    return known.sort_values(["year", "code"], ignore_index=True)


def filled_years(
    told: pd.DataFrame, codes: Sequence[str], indicator: str, known_provinces: pd.DataFrame
) -> pd.DataFrame:
    """Return a row for each area and year; an area that no programme reached counts 0.

    Parameters
    ----------
    told
        From :func:`years_of`.
    codes
        Every area.
    known_provinces
        code (province) and year in which the register of targets names any village.
    """
    years = sorted(told["year"].unique())
    every = pd.MultiIndex.from_product([years, list(codes)], names=["year", "code"])
    whole = told.set_index(["year", "code"]).reindex(every).reset_index()
    whole["hidden"] = whole["hidden"].fillna(value=False).astype(bool)
    if indicator == "prior_villages":
        named = set(zip(known_provinces["code"], known_provinces["year"].astype(int), strict=True))
        here = [
            (code[: Level.PROVINCE.digits], year) in named
            for code, year in zip(whole["code"], whole["year"], strict=True)
        ]
        none = whole["value"].isna() & pd.Series(here, index=whole.index)
        whole["value"] = whole["value"].mask(none, 0)
    return whole


def panels_of(whole: pd.DataFrame, form: str, unit: str) -> tuple[list[Panel], Classes]:
    """Return a panel a year and the classes that all of them share."""
    keys = whole["code"] + "@" + whole["year"].astype(str)
    values = pd.Series(whole["value"].astype(float).to_numpy(), index=keys)
    hidden = pd.Series(whole["hidden"].to_numpy(), index=keys)
    classes = legends.classify(values, hidden)
    panels = []
    for year in sorted(set(whole["year"].astype(int))):
        rows = whole[whole["year"] == year]
        colours = {code: classes.colour_of[f"{code}@{year}"] for code in rows["code"]}
        panels.append(Panel(year, colours, _told_total(rows, form, unit)))
    return panels, classes


def _told_total(rows: pd.DataFrame, form: str, unit: str) -> str:
    """Return the range of a year's areas in words; a sum might give a hidden count back."""
    known = rows["value"].dropna()
    if known.empty:
        return tell("map.hidden") if rows["hidden"].any() else tell("map.missing")
    low, high = (format(float(one), form) for one in (known.min(), known.max()))
    return tell("overview.years.range", low=low, high=high, unit=unit)


@st.cache_resource(show_spinner=False, max_entries=24)
def outlines(folder: str, generation: int, level: Level, prefix: str) -> Outlines | None:
    """Return the areas of a level as a small picture draws them; None without boundaries."""
    workspace = Workspace.open(folder)
    if level is Level.VILLAGE:
        tambons = shown_boundaries(workspace, Level.TAMBON, prefix[: Level.TAMBON.digits])
        table = workspace_tables.village_table(folder, generation)
        here = table[table["village_code"].str.startswith(prefix)]
        if tambons.empty or here.empty:
            return None
        areas = draw_cells(here.rename(columns={"village_code": "code"}), tambons).table
    else:
        areas = shown_boundaries(workspace, level, prefix)
    return draw_outlines(areas) if len(areas) else None


def draw_outlines(areas: gpd.GeoDataFrame) -> Outlines:
    """Return areas (EPSG:4326: code, geometry) as paths that fit into a small picture."""
    west, south, east, north = areas.total_bounds
    narrow = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * narrow, 1e-6), max(north - south, 1e-6)
    scale = min(WIDTH / wide, HEIGHT / high)
    drawn = simplify(areas, 0.7 / scale)
    shift, factor = np.array([west, north]), np.array([narrow * scale, -scale])
    shapes = shapely.transform(drawn.geometry.to_numpy(), lambda points: (points - shift) * factor)
    paths = {str(code): _path(shape) for code, shape in zip(drawn["code"], shapes, strict=True)}
    return Outlines(paths, round(wide * scale, 1), round(high * scale, 1))


def _path(shape: shapely.Geometry) -> str:
    rings = shapely.get_rings(shapely.get_parts(shape))
    largest = rings[shapely.area(shapely.polygons(rings)).argmax()] if len(rings) else None
    lines = []
    for ring in rings:
        points = np.round(shapely.get_coordinates(ring)[:-1], 1)
        # Islets that no eye sees are left out, unless there is nothing else.
        if ring is not largest and np.ptp(points, axis=0).max() < SMALLEST:
            continue
        if len(points) > 2:
            lines.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z")
    return "".join(lines)


def panel_html(panel: Panel, drawn: Outlines, title: str) -> Markup:
    """Return one small map as a figure of HTML."""
    by_colour: dict[str, list[str]] = {}
    for code, path in drawn.paths.items():
        by_colour.setdefault(panel.colours.get(code, MISSING_COLOUR), []).append(path)
    line = "#ffffff" if len(drawn.paths) <= 200 else "none"
    shapes = html.join(
        html.fill(
            '<path fill="{}" stroke="{}" stroke-width="0.5" fill-rule="evenodd" d="{}"/>',
            colour,
            _stroke(colour, line),
            "".join(paths),
        )
        for colour, paths in by_colour.items()
    )
    # Streamlit takes pictures that are written out away from a page, not those that it shows.
    drawing = html.fill(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 {:g} {:g}">{}</svg>',
        drawn.width + 2,
        drawn.height + 2,
        shapes,
    )
    encoded = base64.b64encode(drawing.encode("ascii")).decode("ascii")
    label = f"{title} {panel.year}: {panel.told}"
    return html.fill(
        '<figure class="ph-small-map"><img alt="{}" '
        'src="data:image/svg+xml;base64,{}"><figcaption><b>{}</b>'
        "<span>{}</span></figcaption></figure>",
        label,
        encoded,
        panel.year,
        panel.told,
    )


def _stroke(colour: str, line: str) -> str:
    """Return the colour of the edges: white areas need a line of their own."""
    return "#b6c2c7" if colour in (MISSING_COLOUR, HIDDEN_COLOUR) else line


def small_maps(view: View, shown: pd.DataFrame, by_year: pd.DataFrame) -> tuple[Markup, list[str]]:
    """Return the small maps as HTML (empty where there are none), and what must be said of them."""
    indicator = yearly_indicator(view.indicator)
    title = tell(
        "overview.show.helped" if indicator == "prior_villages" else f"overview.show.{indicator}"
    )
    unit = tell(f"overview.unit.{indicator}")
    form = ",.1f" if indicator == "poor_share" else ",.0f"
    level = level_of_panels(view, shown)
    told = years_of(by_year, level, view.area, indicator)
    if told.empty:
        return Markup(), [tell("overview.no_years", figure=title)]
    drawn = outlines(*view.place, level, view.area)
    if drawn is None:
        return Markup(), [tell("map.no_boundaries")]
    provinces = by_year[(by_year["level"] == Level.PROVINCE) & by_year["prior_villages"].notna()]
    whole = filled_years(told, list(drawn.paths), indicator, provinces)
    panels, classes = panels_of(whole, form, unit)
    legend = legends.class_legend(f"{title} ({unit})", classes, form, page_words.language())
    maps = html.join(panel_html(panel, drawn, title) for panel in panels)
    notes = []
    if view.indicator not in YEARLY:
        notes.append(tell("overview.years.of_targets"))
    if level is not view.level:
        notes.append(tell("overview.years.wider", level=tell(f"overview.{level}").lower()))
    if len(panels) == 1:
        notes.append(tell("overview.years.one", year=panels[0].year, figure=title))
    return html.fill(
        '<div class="ph-below">{}</div><div class="ph-small-maps">{}</div>', legend, maps
    ), notes


def show(view: View, shown: pd.DataFrame, by_year: pd.DataFrame) -> None:
    """Show the small maps."""
    st.subheader(tell("overview.years.title"), anchor=False)
    maps, notes = small_maps(view, shown, by_year)
    if maps:
        st.html(maps)
        notes.append(tell("overview.years.note"))
    if notes:
        st.caption(" · ".join(notes))
