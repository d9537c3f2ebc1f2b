"""A plan on the page: figures, proof, map with reasons, and the table in step with it."""

from __future__ import annotations

import html

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from apps import map_view
from apps.legends import STATUS_LOOKS
from apps.screens import decisions, drafts, parts, reason_card
from apps.screens.decisions import Desk
from apps.screens.parts import tell
from geo.codes import Level
from layers.workspace import Workspace
from targeting import explain
from targeting import plan as plans
from targeting.certificate import Report, check
from targeting.plan import Plan
from targeting.programme import Programme
from wording import say

EVERY_AMPHOE = ""
MAP_HEIGHT = 440
TABLE_HEIGHT = 420
# Names of Streamlit's colours, which the theme sets to those of the map.
STATUS_COLOURS = {
    "chosen": "blue",
    "reserve": "orange",
    "eligible": "green",
    "unknown": "violet",
    "excluded": "gray",
}


def show_plan(workspace: Workspace, plan: Plan, programme: Programme, province: str) -> None:
    """Show a plan: figures, proof, warnings, map with reasons, table."""
    units = units_with_places(workspace, plan)
    desk = Desk.of(workspace, plan, programme, province, units)
    show_figures(plan, province)
    show_proof(workspace, plan, province)
    # Always there, so that the map below keeps its place on the page and is not drawn anew.
    with st.container():
        decisions.show_list(desk)
    shown, amphoe = ask_filters(units)
    left, right = st.columns([1.9, 1], gap="medium")
    with left:
        show_map(workspace, province, units, shown, amphoe)
    with right:
        ask_village(units)
        chosen = units[units["village_code"] == st.session_state.get("village")]
        if chosen.empty:
            st.session_state["village"] = None
            reason_card.show_empty()
        else:
            reason_card.show_card(chosen.iloc[0], desk)
        show_warnings(workspace, plan, expanded=chosen.empty)
    show_table(plan, shown)
    decisions.show_question(desk)


def units_with_places(workspace: Workspace, plan: Plan) -> pd.DataFrame:
    """Return a plan's villages with the names of their areas and the lines that name them."""
    table = parts.village_table(str(workspace.folder), workspace.generation)
    names = table[["village_code", "tambon_th", "amphoe_th"]]
    if parts.language() == "en":
        names = names.assign(
            tambon_th=[_name(code) for code in table["tambon_code"]],
            amphoe_th=[_name(code) for code in table["amphoe_code"]],
        )
    joined = plan.units.merge(names, on="village_code", how="left")
    joined = joined.fillna({"tambon_th": "", "amphoe_th": ""})
    titled = map_view.with_titles(joined, parts.language())
    order = {status: place for place, status in enumerate(STATUS_LOOKS)}
    titled = titled.assign(order=titled["status"].map(order))
    return titled.sort_values(
        ["order", "place", "need", "village_code"],
        ascending=[True, True, False, True],
        ignore_index=True,
    )


def _name(code: str) -> str:
    return parts.area_name(code, parts.language())


def show_figures(plan: Plan, province: str) -> None:
    """Show the headline figures of the plan."""
    summary = plan.summary
    row = summary[summary["province_code"] == province].to_dict("records")[0]
    result = plan.result(province)
    gain = result.need - result.sort_and_take_need
    if len(result.sort_and_take) < len(result.chosen):
        compared = tell("targeting.figure.need_greedy_fails")
    elif gain > 0:
        compared = tell("targeting.figure.need_gain", gain=f"{gain:,}")
    else:
        compared = tell("targeting.figure.need_same")
    allotted = tell("targeting.figure.chosen_of", allotted=f"{int(row['allotted']):,}")
    areas = result.demand.areas
    parts.show_figures(
        [
            (tell("targeting.figure.chosen"), f"{int(row['chosen']):,}", allotted),
            (
                tell("targeting.figure.areas"),
                f"{int(row['areas_used']):,}",
                "" if areas is None else tell("targeting.figure.areas_of", allotted=areas),
            ),
            (
                tell("targeting.figure.households"),
                f"{result.target_households:,}",
                tell("targeting.figure.households_per"),
            ),
            (tell("targeting.figure.need"), f"{result.need:,}", compared),
        ]
    )


def show_proof(workspace: Workspace, plan: Plan, province: str) -> None:
    """Show in one sentence how good the plan provably is, or why there is none."""
    result = plan.result(province)
    if result.shortage is not None:
        st.error(
            f"{tell('targeting.shortage')}: "
            f"{explain.say_shortage(result.shortage, parts.language())}",
            icon=":material/block:",
        )
        return
    report = checked(str(workspace.folder / plans.FOLDER / plan.id))
    found = next(p for p in report.proofs if p.province_code == province)
    need = f"{found.need:,}"
    if not report.stands:
        failures = " · ".join(
            say(failure.wording, parts.language(), **failure.numbers) for failure in report.failures
        )
        st.html(_proof(tell("targeting.proof.failed", failures=failures), "✕", "ph-bad"))
        return
    if found.gap == 0:
        sentence = tell("targeting.proof.closed", need=need)
    else:
        sentence = tell("targeting.proof.counted", need=need, ceiling=found.ceiling)
    if plan.overrides:
        sentence = f"{sentence} {tell('targeting.proof.decided', count=len(plan.overrides))}"
    st.html(_proof(sentence, "✓", ""))


def _proof(sentence: str, mark: str, kind: str) -> str:
    return f'<div class="ph-proof {kind}"><b>{mark}</b><span>{html.escape(sentence)}</span></div>'


@st.cache_resource(show_spinner=False, max_entries=8)
def checked(folder: str) -> Report:
    """Return the certificate of a saved plan, checked without what chose it."""
    return check(drafts.saved_plan(folder))


def show_warnings(workspace: Workspace, plan: Plan, *, expanded: bool) -> None:
    """Show what the planner must know before trusting the plan: unmatched and prior years."""
    changed = [
        parts.layer_label(name)
        for name, digest in workspace.digest(plan.inputs).items()
        if digest != plan.inputs[name]
    ]
    warnings = []
    if changed:
        warnings.append(tell("targeting.warning.input_changed", layers=", ".join(changed)))
    ties = sum(result.tied_places for result in plan.results)
    if ties:
        warnings.append(tell("targeting.proof.ties", count=ties))
    warnings += [
        tell("targeting.warning.missing_layer", layer=parts.layer_label(name))
        for name in plan.missing_layers
    ]
    if plan.unmatched_history:
        count = f"{plan.unmatched_history:,}"
        warnings.append(tell("targeting.warning.unmatched", count=count))
    overlaps = plan.units["overlap"].value_counts()
    for overlap in ("list_needed", "match_needed", "register_needed", "usable"):
        if overlaps.get(overlap, 0):
            sentence = tell(f"targeting.warning.{overlap}", count=f"{overlaps[overlap]:,}")
            warnings.append(sentence)
    if warnings:
        title = tell("targeting.warning.title", count=len(warnings))
        with st.expander(title, expanded=expanded, icon=":material/info:"):
            st.markdown("\n".join(f"- {sentence}" for sentence in warnings))


# -- filters, map, table ---------------------------------------------------------------------------


def ask_filters(units: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Show the filters, which are also the legend.

    Returns
    -------
    tuple
        The villages that pass, and the code of the amphoe chosen or ``EVERY_AMPHOE``.
    """
    counts = units["status"].value_counts()
    statuses = [status for status in STATUS_LOOKS if counts.get(status, 0)]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        kept = st.session_state.get("kept_statuses", statuses)
        wanted = st.pills(
            tell("targeting.filter.status"),
            statuses,
            selection_mode="multi",
            default=[status for status in statuses if status in kept],
            format_func=lambda status: (
                f":{STATUS_COLOURS[status]}[{STATUS_LOOKS[status].symbol}] "
                f"{tell(f'status_short.{status}')} {counts[status]:,}"
            ),
            wrap=True,
            key=parts.widget_key(f"statuses_{units['province_code'].iloc[0]}"),
            label_visibility="collapsed",
        )
        st.session_state["kept_statuses"] = wanted
        amphoe = parts.choose_one(
            tell("targeting.filter.amphoe"),
            [EVERY_AMPHOE, *sorted(units["amphoe_code"].unique())],
            "amphoe",
            lambda code: _name(code) if code else tell("targeting.filter.all_amphoe"),
            width=190,
            label_visibility="collapsed",
        )
    shown = units[units["status"].isin(wanted)]
    return (shown[shown["amphoe_code"] == amphoe] if amphoe else shown), amphoe


def ask_village(units: pd.DataFrame) -> None:
    """Show the box that finds a village by its name or code, whatever the filters."""
    lines = {
        code: f"{title} {where} {code}"
        for code, title, where in zip(
            units["village_code"], units["title"], units["where"], strict=True
        )
    }
    key = parts.widget_key(f"find_{units['province_code'].iloc[0]}")
    chosen = st.session_state.get("village")
    st.session_state[key] = chosen if chosen in lines else None

    def take_village() -> None:
        st.session_state["village"] = st.session_state[key]
        st.session_state["village_by_map"] = st.session_state[key]

    st.selectbox(
        tell("targeting.filter.find"),
        sorted(lines),
        index=None,
        format_func=lines.__getitem__,
        placeholder=tell("targeting.filter.find_example"),
        key=key,
        label_visibility="collapsed",
        on_change=take_village,
    )


def show_map(
    workspace: Workspace, province: str, units: pd.DataFrame, shown: pd.DataFrame, amphoe: str
) -> None:
    """Show the villages on their areas; a click on one selects it."""
    folder, generation = str(workspace.folder), workspace.generation
    language = parts.language()
    points = parts.village_table(folder, generation).set_index("village_code").geometry
    found = {
        level: source
        for level in (Level.PROVINCE, Level.AMPHOE, Level.TAMBON)
        if (source := parts.area_source(folder, generation, level, province)) is not None
    }
    if not found:
        st.info(tell("map.no_boundaries"))
    here = points.reindex(units["village_code"]).dropna()
    widest = next(iter(found.values())).bounds if found else here.total_bounds
    layers = [
        map_view.outline_layer(
            {level: source.address for level, source in found.items()},
            {
                level: source.names[language]
                for level, source in found.items()
                if level is not Level.PROVINCE
            },
        ),
        map_view.village_layer(shown, points, language),
        map_view.frame_layer(_bounds(workspace, amphoe) or widest),
    ]
    chosen = st.session_state.get("village")
    if chosen in here.index:
        title = units.loc[units["village_code"] == chosen, "title"].iloc[0]
        layers.append(map_view.highlight_layer(here[chosen], str(title)))
    st_folium(
        map_view.base_map(widest),
        key="plan_map",
        height=MAP_HEIGHT,
        use_container_width=True,
        returned_objects=["last_active_drawing", "last_object_clicked_count"],
        feature_group_to_add=layers,
        on_change=_take_click,
    )
    unplaced = int((~shown["village_code"].isin(here.index)).sum())
    notes = [tell("map.hint")]
    if unplaced:
        notes.append(tell("map.unplaced", count=f"{unplaced:,}"))
    st.caption(" · ".join(notes))


def _bounds(workspace: Workspace, amphoe: str) -> tuple[float, float, float, float] | None:
    areas = parts.boundaries(str(workspace.folder), workspace.generation, Level.AMPHOE)
    one = areas[areas["code"] == amphoe]
    if one.empty:
        return None
    west, south, east, north = one.total_bounds
    return float(west), float(south), float(east), float(north)


def _take_click() -> None:
    _, properties = map_view.clicked_properties(st.session_state.get("plan_map"))
    if "village_code" in properties:
        st.session_state["village"] = properties["village_code"]
        st.session_state["village_by_map"] = properties["village_code"]


def show_table(plan: Plan, shown: pd.DataFrame) -> None:
    """Show the villages as a table; a row selected shows on the map."""
    st.subheader(tell("targeting.table.title", count=f"{len(shown):,}"), anchor=False)
    if shown.empty:
        st.info(tell("targeting.empty_table"))
        return
    codes = shown["village_code"].tolist()
    decided = {one.village_code for one in plan.overrides}
    table = pd.DataFrame(
        {
            "status": [
                f"{STATUS_LOOKS[status].symbol} {tell(f'status_short.{status}')}"
                f"{' ✎' if code in decided else ''}"
                for status, code in zip(shown["status"], codes, strict=True)
            ],
            "place": shown["place"],
            "village": shown["title"],
            "tambon": shown["tambon_th"],
            "amphoe": shown["amphoe_th"],
            "need": shown["need"],
            "households": shown["target_households"],
            "reason": shown[f"reason_{parts.language()}"],
            "code": shown["village_code"],
        }
    )
    filters = hash((tuple(codes), parts.language())) & 0xFFFFFF
    # A selection made elsewhere needs a table of its own to be shown in.
    key = f"villages_{plan.id}_{filters}_{st.session_state.get('village_by_map')}"
    st.session_state["village_rows"] = (key, codes)
    chosen = st.session_state.get("village")
    small = st.column_config.NumberColumn
    st.dataframe(
        table,
        hide_index=True,
        height=TABLE_HEIGHT,
        column_config={
            "status": st.column_config.TextColumn(
                tell("targeting.table.status"), pinned=True, width=135
            ),
            "place": small(tell("targeting.table.place"), width="small"),
            "village": st.column_config.TextColumn(
                tell("targeting.table.village"), pinned=True, width=215
            ),
            "tambon": tell("targeting.table.tambon"),
            "amphoe": tell("targeting.table.amphoe"),
            "need": small(
                tell("targeting.table.need"),
                help=tell("targeting.table.need_help"),
                format="localized",
                width="small",
            ),
            "households": small(
                tell("targeting.table.households"),
                help=tell("targeting.table.households_help"),
                format="localized",
                width="small",
            ),
            "reason": st.column_config.TextColumn(tell("targeting.table.reason"), width="large"),
            "code": tell("targeting.table.code"),
        },
        placeholder="–",
        key=key,
        on_select=_take_row,
        selection_mode="single-row",
        selection_default={"selection": {"rows": [codes.index(chosen)] if chosen in codes else []}},
    )


def _take_row() -> None:
    key, codes = st.session_state["village_rows"]
    rows = st.session_state[key]["selection"]["rows"]
    st.session_state["village"] = codes[rows[0]] if rows else None
