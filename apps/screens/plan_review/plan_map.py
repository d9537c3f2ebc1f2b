"""The map of a plan: units by status, targets of earlier years, the selection, what was drawn."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd
from streamlit_folium import st_folium

from phaenthi.apps.maps import view as map_view
from phaenthi.apps.maps.elements import Group
from phaenthi.apps.screens import furniture, kept_choices, map_sources, page_words, workspace_tables
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.page_words import tell
from phaenthi.apps.screens.plan_review import filters, plan_table, selection
from phaenthi.apps.screens.plan_review.filters import Filtered
from phaenthi.geo.places.codes import Level
from phaenthi.geo.shapes.crs import THAILAND_BOUNDS
from phaenthi.layers.registers.programme_names import programmes
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Language

MAP_HEIGHT = 430
KEY = "plan_map"
# ColorBrewer PuRd without its palest, from the year that is longest ago.
YEAR_COLOURS = ("#d4b9da", "#c994c7", "#df65b0", "#e7298a", "#ce1256", "#91003f")
YEAR_RADII = (6.0, 7.6, 9.2, 10.8, 12.4, 14.0)


def show(desk: Desk, filtered: Filtered) -> None:
    """Show the units on their areas; a click on one selects it, a line around some lists them."""
    language = page_words.language()
    folder, generation = desk.workspace.address, desk.workspace.generation
    found = {
        level: source
        for level in (Level.PROVINCE, Level.AMPHOE, Level.TAMBON)
        if (source := map_sources.area_source(folder, generation, level, desk.province)) is not None
    }
    if not found:
        st.info(tell("map.no_boundaries"))
    years = kept_years(desk)
    widest = next(iter(found.values())).bounds if found else desk.points.total_bounds
    shown = filtered.units.assign(village_code=filtered.units["unit_code"])
    layers = [
        map_view.outline_layer(
            {level: source.address for level, source in found.items()},
            {
                level: source.names[language]
                for level, source in found.items()
                if level is not Level.PROVINCE
            },
        ),
        map_view.village_layer(shown, desk.points, language),
        map_view.frame_layer(_bounds(desk.workspace, filtered.amphoe) or widest),
        map_view.lasso_layer(language),
    ]
    if years:
        layers.append(years_layer(desk, years))
    chosen = st.session_state.get("village")
    if chosen in desk.points.index:
        unit = desk.unit(chosen)
        title = "" if unit is None else str(unit["title"])
        layers.append(map_view.highlight_layer(desk.points[chosen], title))
    furniture.show_way_past(plan_table.ANCHOR)
    st_folium(
        map_view.base_map(THAILAND_BOUNDS),
        key=KEY,
        height=MAP_HEIGHT,
        use_container_width=True,
        returned_objects=["last_active_drawing", "last_object_clicked_count", "all_drawings"],
        feature_group_to_add=layers,
        on_change=lambda: take_answer(desk),
    )
    unplaced = int((~shown["unit_code"].isin(desk.points.index)).sum())
    notes = [tell("planner.map.hint", unit=desk.noun)]
    if unplaced:
        notes.append(tell("planner.map.unplaced", count=f"{unplaced:,}", unit=desk.noun))
    st.caption(" · ".join(notes))
    ask_years(desk)


def take_answer(desk: Desk) -> None:
    """Take what was clicked or drawn on the map."""
    answer = st.session_state.get(KEY)
    drawn = map_view.drawn_area(answer)
    outline = "" if drawn is None else drawn.wkb_hex
    if outline != st.session_state.get("drawn_outline", ""):
        st.session_state["drawn_outline"] = outline
        selection.keep([] if drawn is None else selection.inside(desk, drawn))
        return
    _, properties = map_view.clicked_properties(answer)
    if properties.get("village_code"):
        filters.select(str(properties["village_code"]))


def _bounds(workspace: Workspace, amphoe: str) -> tuple[float, float, float, float] | None:
    areas = workspace_tables.boundaries(workspace.address, workspace.generation, Level.AMPHOE)
    one = areas[areas["code"] == amphoe]
    if one.empty:
        return None
    west, south, east, north = one.total_bounds
    return float(west), float(south), float(east), float(north)


# -- targets of earlier years ----------------------------------------------------------------------


def kept_years(desk: Desk) -> list[int]:
    """Return the earlier years whose targets are ringed; none are at first."""
    table = earlier_targets(desk.workspace.address, desk.workspace.generation, desk.province)
    wanted = st.session_state.get("kept_years", [])
    return [
        year for year in sorted(int(y) for y in table["fiscal_year"].unique()) if year in wanted
    ]


def ask_years(desk: Desk) -> None:
    """Ask which earlier years' targets are ringed."""
    table = earlier_targets(desk.workspace.address, desk.workspace.generation, desk.province)
    years = sorted(int(year) for year in table["fiscal_year"].unique())
    if not years:
        return
    counts = table.groupby("fiscal_year")["village_code"].nunique()
    key = kept_choices.widget_key("earlier_years")
    st.session_state[key] = [y for y in years if y in st.session_state.get("kept_years", [])]

    def take() -> None:
        st.session_state["kept_years"] = list(st.session_state[key])

    st.pills(
        tell("planner.map.years"),
        years,
        selection_mode="multi",
        format_func=lambda year: tell("planner.map.year", year=year, count=f"{counts[year]:,}"),
        key=key,
        on_change=take,
        help=tell("planner.map.years_help"),
    )


@st.cache_data(show_spinner=False, max_entries=12)
def earlier_targets(folder: str, generation: int, province: str) -> pd.DataFrame:
    """Return the target villages of earlier years: village_code, programme, fiscal_year."""
    del generation
    workspace = Workspace.open(folder)
    if not workspace.has("history"):
        columns = ["village_code", "programme", "fiscal_year"]
        return pd.DataFrame(columns=columns)
    table = workspace.table("history")
    here = table["village_code"].astype(str).str.startswith(province)
    return pd.DataFrame(table.loc[here, ["village_code", "programme", "fiscal_year"]])


def years_layer(desk: Desk, years: Sequence[int]) -> Group:
    """Return rings around the villages that were targets in some earlier years."""
    language = page_words.language()
    table = earlier_targets(desk.workspace.address, desk.workspace.generation, desk.province)
    every = sorted(int(year) for year in table["fiscal_year"].unique())
    points = _village_points(desk)
    names = {one["slug"]: one[f"name_{language}"] for one in programmes()}
    looks, rows = [], []
    for year in years:
        place = min(len(every) - every.index(year) - 1, len(YEAR_COLOURS) - 1)
        looks.append(_ring(year, place, language))
        here = table[table["fiscal_year"] == year]
        told = here.groupby("village_code")["programme"].agg(
            lambda slugs: ", ".join(sorted(names.get(one, one) for one in slugs))
        )
        rows += [
            [code, round(points[code].y, 5), round(points[code].x, 5), len(looks) - 1, words, code]
            for code, words in told.items()
            if code in points.index
        ]
    group = Group()
    group.add_child(map_view.Rows("villages", rows, looks))
    return group


def _ring(year: int, place: int, language: Language) -> dict[str, object]:
    del language
    return {
        "shape": "circle",
        "radius": YEAR_RADII[place],
        "color": YEAR_COLOURS[len(YEAR_COLOURS) - 1 - place],
        "weight": 1.5,
        "opacity": 0.95,
        "fill": False,
        "label": tell("planner.map.year_label", year=year),
    }


def _village_points(desk: Desk) -> gpd.GeoSeries:
    table = workspace_tables.village_table(desk.workspace.address, desk.workspace.generation)
    points = table.set_index("village_code").geometry
    return points[points.notna()]
