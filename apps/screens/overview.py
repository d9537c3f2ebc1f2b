"""The overview: who is poor where, and what earlier programmes have reached."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from apps.screens import address, area_map, parts
from apps.screens.area_counts import LEVELS, PERSONAL, area_counts
from apps.screens.area_map import Figure
from apps.screens.parts import tell
from geo.codes import Level, is_municipal, level_of, parent_code
from geo.gazetteer import name_of

INDICATORS = (
    "poor_households",
    "poor_share",
    "target_poor_households",
    "prior_villages",
    "villages",
)
EVERYWHERE = "all"
IN_ADDRESS = ("area", "inside", "level", "indicator")
# With more provinces than these a newcomer sees them all first.
FEW_PROVINCES = 4
TABLE_HEIGHT = 420
# Who wants to read more rows than these looks inside an area.
MOST_ROWS = 1_000


@dataclass(frozen=True)
class View:
    """What the reader asked to see.

    Attributes
    ----------
    area
        Code of the province, amphoe or tambon to look inside; empty, which every code begins
        with, for the whole country.
    level
        Of the areas that are shown.
    """

    area: str
    level: Level
    indicator: str


def show() -> None:
    """Draw the page."""
    workspace = parts.open_workspace()
    parts.show_heading(tell("overview.title"), workspace)
    if workspace is None:
        return
    if not workspace.has("villages"):
        st.info(tell("overview.nothing"))
        return
    folder, generation = str(workspace.folder), workspace.generation
    counts = area_counts(folder, generation)
    view = ask_view(counts)
    inside = counts[counts["code"].str.startswith(view.area)]
    show_headline(inside, view)
    show_crumbs(folder, generation, view)
    shown = inside[inside["level"] == view.level].reset_index(drop=True)
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        show_map(folder, generation, shown, view)
    with right:
        show_table(folder, generation, shown, view)
    if view.level is Level.VILLAGE:
        source = parts.area_source(folder, generation, view.level, view.area) if view.area else None
        if source is not None:
            without = len(shown) - int(shown["code"].isin(source.codes).sum())
            st.caption(tell("overview.cells_note", count=f"{without:,}"))
    if len(shown) > MOST_ROWS:
        rows, more = f"{MOST_ROWS:,}", f"{len(shown):,}"
        st.caption(tell("overview.most_rows", rows=rows, count=more))
    st.caption(f"{tell('overview.hint')} · {tell('overview.hidden_note')}")
    towns, households = municipal_areas_without_shape(inside)
    if towns:
        st.caption(tell("overview.municipal_note", count=towns, households=f"{households:,}"))
    parts.show_about(workspace)
    address.write(IN_ADDRESS)


def municipal_areas_without_shape(inside: pd.DataFrame) -> tuple[int, int]:
    """Return how many municipal areas there are, which have no shape, and their households."""
    tambons = inside[inside["level"] == Level.TAMBON]
    towns = tambons[is_municipal(tambons["code"].astype("string"))]
    return len(towns), int(towns["households"].sum())


# -- what the reader asks --------------------------------------------------------------------------


def ask_view(counts: pd.DataFrame) -> View:
    """Show the choices of area, level and indicator."""
    area = shown_area(counts)
    levels = LEVELS[LEVELS.index(level_of(area)) + 1 :] if area else LEVELS
    level = parts.recall("overview_level", levels, levels[0])
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        ask_province(counts, area)
        level_key = parts.widget_key(f"overview_level_{len(levels)}")
        st.session_state[level_key] = level

        def take_level() -> None:
            st.session_state["kept_overview_level"] = st.session_state[level_key] or level

        st.segmented_control(
            tell("overview.level"),
            levels,
            format_func=lambda one: tell(f"overview.{one}"),
            key=level_key,
            required=True,
            on_change=take_level,
        )
        indicator = parts.choose_one(
            tell("overview.indicator"),
            INDICATORS,
            "overview_indicator",
            lambda name: tell(f"overview.show.{name}"),
            width=260,
        )
    return View(area, parts.keep("overview_level", Level(level)), indicator)


def shown_area(counts: pd.DataFrame) -> str:
    """Return the code of the area that the reader looks inside, empty for the whole country."""
    provinces = counts.loc[counts["level"] == Level.PROVINCE, "code"].tolist()
    few = len(provinces) <= FEW_PROVINCES
    last = parts.recall("province", provinces, provinces[0] if few else EVERYWHERE)
    province = parts.recall("overview_province", [EVERYWHERE, *provinces], last)
    parts.keep("overview_province", province)
    if province == EVERYWHERE:
        return ""
    inside = str(st.session_state.get("overview_inside") or "")
    known = inside.startswith(province) and (counts["code"] == inside).any()
    return inside if known and len(inside) <= Level.TAMBON.digits else province


def ask_province(counts: pd.DataFrame, area: str) -> None:
    """Show the box of provinces."""
    provinces = counts.loc[counts["level"] == Level.PROVINCE, "code"].tolist()
    key = parts.widget_key("overview_province")
    st.session_state[key] = area[: Level.PROVINCE.digits] or EVERYWHERE

    def take_province() -> None:
        code = st.session_state[key]
        level = st.session_state.get("kept_overview_level")
        go_to("" if code == EVERYWHERE else code)
        # Who compares provinces wants to see the same of the next one.
        st.session_state["kept_overview_level"] = level

    st.selectbox(
        tell("overview.area"),
        [EVERYWHERE, *provinces],
        format_func=lambda code: (
            tell("overview.every_province")
            if code == EVERYWHERE
            else name_of(code, parts.language())
        ),
        key=key,
        width=240,
        on_change=take_province,
    )


def go_to(area: str) -> None:
    """Look inside an area, by the areas one level below it; empty for the whole country."""
    level = level_of(area).child if area else Level.PROVINCE
    st.session_state["kept_overview_province"] = area[: Level.PROVINCE.digits] or EVERYWHERE
    st.session_state["overview_inside"] = area
    st.session_state["kept_overview_level"] = level
    st.session_state["overview_chosen"] = None
    st.session_state["overview_by_map"] = None


# -- what the page shows ---------------------------------------------------------------------------


def show_crumbs(folder: str, generation: int, view: View) -> None:
    """Show where the reader is, the way back, and the way into the area that is chosen."""
    above = [level for level in LEVELS[:-1] if level.digits <= len(view.area)]
    steps = ["", *(view.area[: level.digits] for level in above)]
    chosen = st.session_state.get("overview_chosen")
    with st.container(
        horizontal=True, vertical_alignment="center", gap="xxsmall", key="overview_crumbs"
    ):
        for place, code in enumerate(steps):
            name = say_area(code)
            if place:
                st.markdown(":gray[›]", width="content")
            if code == view.area:
                st.markdown(f"**{parts.plain(name)}**", width="content")
            else:
                st.button(
                    name,
                    key=f"overview_to_{code or EVERYWHERE}",
                    type="tertiary",
                    on_click=go_to,
                    args=(code,),
                )
        if chosen and chosen.startswith(view.area) and can_enter(chosen):
            [name] = parts.area_names(folder, generation, [chosen], level_of(chosen))
            st.button(
                tell("overview.enter", area=name),
                key="overview_enter",
                icon=":material/zoom_in_map:",
                on_click=go_to,
                args=(chosen,),
            )


def say_area(code: str) -> str:
    """Return the name of an area, or of the whole country."""
    return parts.area_name(code, parts.language()) if code else tell("overview.country")


def can_enter(code: str) -> bool:
    """Tell whether an area has others inside that can be shown."""
    return len(code) <= Level.TAMBON.digits and not is_municipal(code)


def show_headline(inside: pd.DataFrame, view: View) -> None:
    """Show the figures of the whole area that was asked for."""
    total = inside[inside["level"] == (level_of(view.area) if view.area else Level.PROVINCE)]
    amphoe = int((inside["level"] == Level.AMPHOE).sum())
    towns, _ = municipal_areas_without_shape(inside)
    tambon = int((inside["level"] == Level.TAMBON).sum()) - towns
    villages = int(total["villages"].sum())
    households = int(total["households"].sum())

    def counted(name: str) -> str:
        known = total[name]
        return tell("overview.table.hidden") if known.isna().any() else f"{int(known.sum()):,}"

    poor = total["poor_households"]
    share = "–" if poor.isna().any() or not households else f"{100 * poor.sum() / households:.1f}"
    prior = int(total["prior_villages"].sum())
    parts.show_figures(
        [
            (
                tell("overview.figure.villages"),
                f"{villages:,}",
                tell("overview.figure.villages_note", amphoe=f"{amphoe:,}", tambon=f"{tambon:,}"),
            ),
            (
                tell("overview.figure.households"),
                f"{households:,}",
                tell(
                    "overview.figure.households_note",
                    unknown=f"{int(total['income_unknown'].sum()):,}",
                ),
            ),
            (
                tell("overview.figure.poor"),
                counted("poor_households"),
                tell("overview.figure.poor_note", share=share),
            ),
            (
                tell("overview.figure.target_poor"),
                counted("target_poor_households"),
                tell("overview.figure.target_poor_note"),
            ),
            (
                tell("overview.figure.prior"),
                f"{prior:,}",
                tell(
                    "overview.figure.prior_note",
                    share=f"{100 * prior / villages:.1f}" if villages else "–",
                ),
            ),
        ]
    )


def show_map(folder: str, generation: int, shown: pd.DataFrame, view: View) -> None:
    """Show the choropleth with its legend."""
    by_code = shown.set_index("code")
    personal = view.indicator in (*PERSONAL, "poor_share")
    figure = Figure(
        values=by_code[view.indicator],
        hidden=by_code["hidden"] & personal,
        title=tell(f"overview.show.{view.indicator}"),
        unit=tell(f"overview.unit.{view.indicator}"),
        form=",.1f" if view.indicator == "poor_share" else ",.0f",
    )
    area_map.show(
        (folder, generation),
        view.level,
        view.area,
        figure,
        key="overview_map",
        chosen=st.session_state.get("overview_chosen"),
        on_click=_take_click,
    )


def _take_click() -> None:
    """Choose the area that was clicked; a second click on it looks inside."""
    code = area_map.clicked("overview_map")
    if code is None:
        return
    if code == st.session_state.get("overview_chosen") and can_enter(code):
        go_to(code)
        return
    st.session_state["overview_chosen"] = code
    st.session_state["overview_by_map"] = code


def show_table(folder: str, generation: int, shown: pd.DataFrame, view: View) -> None:
    """Show the areas ranked by the indicator; a row selected shows on the map."""
    language = parts.language()
    ranked = shown.sort_values([view.indicator, "code"], ascending=[False, True])
    ranked = ranked.head(MOST_ROWS)
    codes = ranked["code"].tolist()
    above = view.level.parent or Level.PROVINCE
    table = pd.DataFrame(
        {
            "name": parts.area_names(folder, generation, codes, view.level),
            "parent": [parts.area_name(parent_code(code, above), language) for code in codes],
            view.indicator: ranked[view.indicator],
            **{name: ranked[name] for name in INDICATORS if name != view.indicator},
            "households": ranked["households"],
        }
    )
    numbers = {
        name: st.column_config.NumberColumn(
            tell(f"overview.table.{name}"),
            format="%.1f" if name == "poor_share" else "localized",
        )
        for name in table.columns[2:]
    }
    # A selection made elsewhere needs a table of its own to be shown in.
    by_map = st.session_state.get("overview_by_map")
    key = f"areas_{view.level}_{view.area}_{view.indicator}_{by_map}"
    st.session_state["overview_codes"] = (key, codes)
    chosen = st.session_state.get("overview_chosen")
    parts.show_anchor(area_map.TABLE_ANCHOR)
    st.dataframe(
        table,
        hide_index=True,
        height=TABLE_HEIGHT,
        column_config={
            "parent": tell("overview.table.parent")
            if above is not view.level and above.digits > len(view.area)
            else None,
            "name": st.column_config.TextColumn(tell("overview.table.name"), pinned=True),
            **numbers,
        },
        placeholder=tell("overview.table.hidden"),
        key=key,
        on_select=_take_row,
        selection_mode="single-row",
        selection_default={"selection": {"rows": [codes.index(chosen)] if chosen in codes else []}},
    )


def _take_row() -> None:
    key, codes = st.session_state["overview_codes"]
    rows = st.session_state[key]["selection"]["rows"]
    st.session_state["overview_chosen"] = codes[rows[0]] if rows else None
