"""Two plans side by side: in figures, in words, as lists, and on one map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd
from streamlit_folium import st_folium

from phaenthi.apps.maps import view as map_view
from phaenthi.apps.maps.elements import Group
from phaenthi.apps.screens import furniture, map_sources, page_words
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.decisions.desk import Desk
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.places.codes import Level
from phaenthi.geo.shapes.crs import THAILAND_BOUNDS
from phaenthi.geo.texts import markdown
from phaenthi.targeting.plan.compare import Comparison, compare
from phaenthi.targeting.plan.explain import say_shortage
from phaenthi.targeting.plan.number_words import say_number
from phaenthi.targeting.plan.record import Plan

MAP_HEIGHT = 360
LONGEST_LIST = 200
# Degrees.
MARGIN = 0.02
# Shapes tell the sides apart as well as colours; these are of Okabe and Ito's palette.
SIDES = {
    "both": ("circle", "#0072B2", 6.5),
    "first": ("square", "#D55E00", 7.5),
    "second": ("triangle", "#009E73", 8.5),
}
SYMBOLS = {"both": "●", "first": "■", "second": "▲"}


def show(desk: Desk, before: Plan, after: Plan, key: str, names: tuple[str, str]) -> None:
    """Show what is different between two plans of the province.

    Parameters
    ----------
    names
        What the first and the second plan are called.
    """
    shortage = after.result(desk.province).shortage
    if shortage is not None:
        st.error(say_shortage(shortage, page_words.language()), icon=":material/block:")
        return
    found = compare(before, after)
    old, new = before.result(desk.province), after.result(desk.province)
    same = len(set(old.chosen) & set(new.chosen))
    furniture.show_figures(
        [
            (tell("planner.differences.same", unit=desk.noun), f"{same:,}", ""),
            (tell("planner.differences.second"), f"{len(found.entering):,}", names[1]),
            (tell("planner.differences.first"), f"{len(found.leaving):,}", names[0]),
            (
                tell("targeting.figure.need"),
                f"{old.need:,} → {new.need:,}",
                _say_points(before, after, found, new.need - old.need),
            ),
        ]
    )
    lines = list(say_asked(desk, found))
    if lines:
        st.markdown(markdown.bullets(lines))
    if not found.entering and not found.leaving:
        st.success(tell("planner.differences.none", unit=desk.noun), icon=":material/check:")
        return
    left, right = st.columns([1.4, 1], gap="medium")
    with left:
        show_map(desk, found, set(old.chosen) & set(new.chosen), key)
    with right:
        for side, codes in (("second", found.entering), ("first", found.leaving)):
            show_list(desk, side, codes)


def _say_points(before: Plan, after: Plan, found: Comparison, more: int) -> str:
    """Say by how much the total need changes, if both plans count alike."""
    old, new = (one.units.set_index("unit_code")["need"].astype("int64") for one in (before, after))
    both = old.index.intersection(new.index)
    if not old.loc[both].equals(new.loc[both]):
        return tell("planner.differences.counted_otherwise")
    del found
    side = "same" if not more else "more" if more > 0 else "less"
    return tell(f"planner.differences.points_{side}", points=f"{abs(more):,}")


def say_asked(desk: Desk, found: Comparison) -> Iterator[str]:
    """Say what the two plans were asked otherwise: readings, numbers, data, decisions."""
    language = page_words.language()
    for rule_id, (old, new) in found.readings.items():
        rule = desk.programme.rule_by_id(rule_id)
        readings = [
            rule.readings[one].say(language) if one in rule.readings else "–" for one in (old, new)
        ]
        words = rule.words.say(language)
        yield tell("planner.differences.reading", rule=words, before=readings[0], after=readings[1])
    for first, second in found.numbers:
        sides = [
            "" if one is None else say_number(desk.programme, one, language)
            for one in (first, second)
        ]
        side = "second" if first is None else "first" if second is None else "both"
        told = {"number": sides[0] or sides[1], "first": sides[0], "second": sides[1]}
        yield tell(f"planner.differences.number_{side}", **told)
    if not found.same_rules and not found.readings and not found.numbers:
        yield tell("planner.differences.rules")
    for layer in found.inputs:
        name = tell("planner.data.units", unit=desk.noun)
        yield tell(
            "planner.differences.input",
            layer=name if layer == "units" else page_words.layer_label(layer),
        )
    if found.decisions:
        yield tell("planner.differences.decisions", units=desk.say_units(found.decisions))


def show_list(desk: Desk, side: str, codes: Sequence[str]) -> None:
    """Show the units that one of the plans alone has chosen."""
    title = f"{SYMBOLS[side]} {tell(f'planner.differences.{side}')} ({len(codes):,})"
    st.markdown(markdown.bold(title))
    if not codes:
        st.caption("–")
        return
    units = desk.units.set_index("unit_code").reindex(list(codes)[:LONGEST_LIST])
    st.dataframe(
        pd.DataFrame(
            {
                "title": units["title"],
                "where": units["where"],
                "need": units["need"],
                "code": units.index,
            }
        ),
        hide_index=True,
        height=min(180, 40 + 35 * len(units)),
        column_config={
            "title": tell("planner.table.unit", unit=desk.noun),
            "where": tell("planner.selection.where"),
            "need": st.column_config.NumberColumn(tell("targeting.table.need"), width=70),
            "code": tell("targeting.table.code"),
        },
    )


def show_map(desk: Desk, found: Comparison, both: set[str], key: str) -> None:
    """Show the units of both plans on one map."""
    language = page_words.language()
    place = (desk.workspace.address, desk.workspace.generation)
    sources = {
        level: source
        for level in (Level.PROVINCE, Level.AMPHOE)
        if (source := map_sources.area_source(*place, level, desk.province)) is not None
    }
    widest = next(iter(sources.values())).bounds if sources else desk.points.total_bounds
    layers = [
        map_view.outline_layer(
            {level: source.address for level, source in sources.items()},
            {Level.AMPHOE: sources[Level.AMPHOE].names[language]}
            if Level.AMPHOE in sources
            else {},
        ),
        sides_layer(desk, {"both": sorted(both), "first": found.leaving, "second": found.entering}),
        map_view.frame_layer(_own(widest)),
    ]
    st_folium(
        map_view.base_map(THAILAND_BOUNDS),
        key=key,
        height=MAP_HEIGHT,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=layers,
    )
    st.caption(
        " · ".join(
            f"{SYMBOLS[side]} {tell(f'planner.differences.{side}_legend')}" for side in SIDES
        )
    )


def _own(bounds: Sequence[float]) -> tuple[float, float, float, float]:
    """Return bounds a little wider, so that this map keeps a view of its own."""
    west, south, east, north = (float(value) for value in bounds)
    return west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN


def sides_layer(desk: Desk, codes: dict[str, Sequence[str]]) -> Group:
    """Return the units chosen by both plans or by one of them, told apart."""
    titles = desk.titles
    where = dict(zip(desk.units["unit_code"], desk.units["where"], strict=True))
    looks = [
        {
            "shape": shape,
            "radius": radius,
            "color": "#ffffff",
            "weight": 1.2,
            "opacity": 1,
            "fill": True,
            "fillColor": colour,
            "fillOpacity": 0.95,
            "label": tell(f"planner.differences.{side}_legend"),
        }
        for side, (shape, colour, radius) in SIDES.items()
    ]
    rows = [
        [
            code,
            round(desk.points[code].y, 5),
            round(desk.points[code].x, 5),
            place,
            titles.get(code, ""),
            where.get(code, ""),
        ]
        for place, side in enumerate(SIDES)
        for code in codes[side]
        if code in desk.points.index
    ]
    group = Group()
    group.add_child(map_view.Rows("villages", rows, looks))
    return group
