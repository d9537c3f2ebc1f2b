"""Maps as one page of HTML that opens without this program and without a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import pandas as pd
from markupsafe import Markup

from phaenthi.apps.maps.files import name_places, pack_areas
from phaenthi.apps.maps.legends import FAULT_COLOURS, status_legend
from phaenthi.apps.maps.offline import saved_page
from phaenthi.apps.maps.view import (
    base_map,
    fault_layer,
    frame_layer,
    outline_layer,
    panel_layer,
    village_layer,
)
from phaenthi.geo.texts import html
from phaenthi.wording import Language, say


def plan_page(
    units: pd.DataFrame,
    points: gpd.GeoSeries,
    boundaries: Mapping[str, gpd.GeoDataFrame],
    *,
    title: str,
    notes: Sequence[str],
    language: Language,
    credit: str = "",
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
    credit
        Whose the boundaries are; folded away until a reader opens it.
    """
    # Where nothing is known of the areas, the villages alone are shown.
    widest = next(iter(boundaries.values()), points)
    drawn = base_map(widest.total_bounds, saved=True)
    drawn.add_child(frame_layer(widest.total_bounds))
    sources = {level: pack_areas(areas) for level, areas in boundaries.items()}
    names = {
        level: name_places(source, language)
        for level, source in sources.items()
        if level != "province"
    }
    drawn.add_child(outline_layer(sources, names))
    drawn.add_child(village_layer(units, points, language))
    counts = {str(status): int(number) for status, number in units["status"].value_counts().items()}
    lines = html.join(html.fill("<p>{}</p>", note) for note in notes)
    panel = html.fill("<h1>{}</h1>{}{}", title, lines, status_legend(counts, language))
    drawn.add_child(panel_layer(panel + _folded(credit, language)))
    return saved_page(drawn, title, language)


def _folded(credit: str, language: Language) -> Markup:
    if not credit:
        return Markup()
    title = say("app.map.credit", language)
    return html.fill("<details><summary>{}</summary>{}</details>", title, credit)


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
    drawn = base_map(areas.total_bounds, saved=True)
    drawn.add_child(frame_layer(areas.total_bounds))
    packed = pack_areas(areas)
    drawn.add_child(outline_layer({"amphoe": packed}, {"amphoe": name_places(packed, language)}))
    drawn.add_child(fault_layer(faults, language))
    counts = faults["kind"].value_counts()
    legend = html.join(
        html.fill(
            '<p><span style="color:{}">◯</span> {}: {:,}</p>',
            FAULT_COLOURS[str(kind)],
            say(f"app.fault.{kind}", language),
            count,
        )
        for kind, count in counts.items()
    )
    lines = html.join(html.fill("<p>{}</p>", note) for note in notes)
    drawn.add_child(panel_layer(html.fill("<h1>{}</h1>{}{}", title, lines, legend)))
    return saved_page(drawn, title, language)
