"""The overview: who is poor where, and what earlier programmes have reached."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from apps.screens import address, area_map, parts
from apps.screens.area_map import Figure
from apps.screens.parts import tell
from geo.codes import Level, is_municipal, parent_code
from geo.gazetteer import name_of
from layers.disclosure import hide_small_counts
from layers.villages import municipal_areas
from layers.workspace import Workspace

# Which figures may give a household away, and so are hidden when small.
PERSONAL = ("poor_households", "target_poor_households")
COUNTED = ("villages", "households", "prior_villages", *PERSONAL)
INDICATORS = (
    "poor_households",
    "poor_share",
    "target_poor_households",
    "prior_villages",
    "villages",
)
EVERYWHERE = "all"
IN_ADDRESS = ("area", "level", "indicator")
SHOWN_LEVELS = (Level.AMPHOE, Level.TAMBON, Level.VILLAGE)
TABLE_HEIGHT = 420


@dataclass(frozen=True)
class View:
    """What the reader asked to see.

    Attributes
    ----------
    province
        Its code; empty, which every code begins with, for all of them.
    """

    province: str
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
    inside = counts[counts["code"].str.startswith(view.province)]
    show_headline(inside)
    shown = inside[inside["level"] == view.level].reset_index(drop=True)
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        show_map(folder, generation, shown, view)
    with right:
        show_table(folder, generation, shown, view)
    if view.level is Level.VILLAGE:
        drawn = parts.boundaries(folder, generation, Level.VILLAGE)["code"]
        without = len(shown) - int(shown["code"].isin(drawn).sum())
        st.caption(tell("overview.cells_note", count=f"{without:,}"))
    st.caption(f"{tell('overview.hint')} · {tell('overview.hidden_note')}")
    towns, households = municipal_areas_without_shape(inside)
    if towns:
        st.caption(tell("overview.municipal_note", count=towns, households=f"{households:,}"))
    parts.show_about(workspace)
    address.write(IN_ADDRESS)


# -- figures ---------------------------------------------------------------------------------------


@st.cache_data(show_spinner=False, max_entries=4)
def area_counts(folder: str, generation: int) -> pd.DataFrame:
    """Return counts of every area of each level with the small ones hidden.

    Returns
    -------
    DataFrame
        level, code, the columns of ``COUNTED`` (the personal ones missing where hidden), hidden,
        income_unknown, poor_share (per cent; missing where its count is).
    """
    towns = municipal_areas(Workspace.open(folder))
    return count_areas(parts.village_table(folder, generation), towns)


def count_areas(table: pd.DataFrame, towns: pd.DataFrame | None = None) -> pd.DataFrame:
    """Count villages and households by province, amphoe, tambon and village.

    Parameters
    ----------
    table
        The village table.
    towns
        Municipal areas that surveys know and no village list does; they count in their amphoe.

    Returns
    -------
    DataFrame
        As of :func:`area_counts`.
    """
    table = table.assign(villages=1)
    if towns is not None and not towns.empty:
        table = pd.concat([table, towns.assign(villages=0)], ignore_index=True)
    rows = pd.DataFrame(
        {
            "villages": table["villages"],
            "households": table["households"],
            "income_unknown": table["households"] - table["households_income_known"],
            "poor_households": table["poor_households"],
            "target_poor_households": table["target_poor_households"],
            "prior_villages": table["prior_targets"].fillna("").ne("").astype(int),
        }
    )
    levels = []
    for level in (Level.PROVINCE, *SHOWN_LEVELS):
        codes = table[level.column].rename("code")
        summed = rows.groupby(codes).sum(min_count=1).reset_index()
        levels.append(summed.assign(level=level))
    counts = pd.concat(levels, ignore_index=True)
    hidden = counts["code"].isin(codes_to_hide(counts))
    for name in PERSONAL:
        counts[name] = counts[name].astype("Int64").mask(hidden)
    share = 100 * counts["poor_households"].astype("Float64") / counts["households"]
    return counts.assign(hidden=hidden, poor_share=share.where(counts["households"] > 0))


def codes_to_hide(counts: pd.DataFrame) -> set[str]:
    """Return the areas whose personal counts must not be shown.

    The target poor are a part of the poor, so their difference is a count too. Where any of the
    three would be hidden by itself all are: each then has at least the protection that it would
    have alone, because the other two, hidden in the same areas, add nothing to what is known.
    """
    poor, target = counts["poor_households"], counts["target_poor_households"]
    hidden: set[str] = set()
    for count in (poor, target, poor - target):
        answer = hide_small_counts(pd.DataFrame({"code": counts["code"], "count": count}))
        hidden.update(answer.loc[answer["hidden"], "code"])
    return hidden


def municipal_areas_without_shape(inside: pd.DataFrame) -> tuple[int, int]:
    """Return how many municipal areas there are, which have no shape, and their households."""
    tambons = inside[inside["level"] == Level.TAMBON]
    towns = tambons[is_municipal(tambons["code"].astype("string"))]
    return len(towns), int(towns["households"].sum())


# -- what the reader asks --------------------------------------------------------------------------


def ask_view(counts: pd.DataFrame) -> View:
    """Show the choices of area, level and indicator."""
    language = parts.language()
    provinces = counts.loc[counts["level"] == Level.PROVINCE, "code"].tolist()
    last = parts.recall("province", provinces, provinces[0])
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        province = parts.choose_one(
            tell("overview.area"),
            [EVERYWHERE, *provinces],
            "overview_province",
            lambda code: (
                tell("overview.every_province") if code == EVERYWHERE else name_of(code, language)
            ),
            default=last,
            width=240,
        )
        # The villages of many provinces at once would be specks.
        levels = SHOWN_LEVELS[:-1] if province == EVERYWHERE else SHOWN_LEVELS
        level = st.segmented_control(
            tell("overview.level"),
            levels,
            default=parts.recall("overview_level", levels, Level.AMPHOE),
            format_func=lambda one: tell(f"overview.{one}"),
            key=parts.widget_key(f"overview_level_{len(levels)}"),
            required=True,
        )
        indicator = parts.choose_one(
            tell("overview.indicator"),
            INDICATORS,
            "overview_indicator",
            lambda name: tell(f"overview.show.{name}"),
            width=260,
        )
    shown = parts.keep("overview_level", Level(level or Level.AMPHOE))
    return View("" if province == EVERYWHERE else province, shown, indicator)


# -- what the page shows ---------------------------------------------------------------------------


def show_headline(inside: pd.DataFrame) -> None:
    """Show the figures of the whole area that was asked for."""
    total = inside[inside["level"] == Level.PROVINCE]
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
                tell("overview.figure.villages_note", amphoe=amphoe, tambon=tambon),
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
        view.province,
        figure,
        key="overview_map",
        chosen=st.session_state.get("overview_chosen"),
        on_click=_take_click,
    )


def _take_click() -> None:
    code = area_map.clicked("overview_map")
    if code is not None:
        st.session_state["overview_chosen"] = code
        st.session_state["overview_by_map"] = code


def show_table(folder: str, generation: int, shown: pd.DataFrame, view: View) -> None:
    """Show the areas ranked by the indicator; a row selected shows on the map."""
    language = parts.language()
    ranked = shown.sort_values([view.indicator, "code"], ascending=[False, True])
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
    key = f"areas_{view.level}_{view.province}_{view.indicator}_{by_map}"
    st.session_state["overview_codes"] = (key, codes)
    chosen = st.session_state.get("overview_chosen")
    st.dataframe(
        table,
        hide_index=True,
        height=TABLE_HEIGHT,
        column_config={
            "parent": tell("overview.table.parent")
            if view.level is not Level.AMPHOE or not view.province
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
