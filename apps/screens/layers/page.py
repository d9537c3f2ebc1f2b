"""The layers page: an area, any layers on one map, and a section for each layer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pandas as pd

from phaenthi.apps.screens import (
    address,
    first_steps,
    furniture,
    kept_choices,
    page_words,
    workspace_tables,
)
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.layers import drawing, funds, groups, otop, own_file, plots, tourism
from phaenthi.apps.screens.layers.asked import Asked, village_names
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.texts import html, markdown
from phaenthi.layers.contracts.catalogue import contract_of
from phaenthi.layers.contracts.contract import Kind
from phaenthi.wording import Problem, has, say

IN_ADDRESS = ("layers", "at", "section")
SECTIONS: dict[str, Callable[[Asked], None]] = {
    "funds": funds.show,
    "groups": groups.show,
    "otop": otop.show,
    "tourism": tourism.show,
    "plots": plots.show,
}
OWN = "own"
EVERYWHERE = "all"
BESIDE = "beside-the-map"
FIRST_SHOWN = ("funds", "groups")
# Of which layer and column a point's id is.
ID_OF = {
    "groups": ("groups", "group_id", "village_code"),
    "otop": ("otop", "producer_id", "village_code"),
    "plots": ("plots", "plot_id", "tambon_code"),
    "places": ("places", "place_id", "tambon_code"),
    "tourism_communities": ("tourism_communities", "community_id", "village_code"),
}
NOT_TOLD = ("longitude", "latitude")
NAMED = "name_th"
# The card says the name of an area, not its code alone.
AREA_WORDS = {"village_code": "village", "tambon_code": "tambon"}
IN_WORDS = {
    ("otop", "category"): "app.layers.otop.category",
    ("places", "kind"): "layers.place_kind",
}
LAYERS_OF = {
    "funds": ("funds",),
    "groups": ("groups",),
    "otop": ("otop", "clusters", "hot_spots"),
    "tourism": ("tourism", "route"),
    "plots": ("plots",),
    OWN: ("own",),
}


def show() -> None:
    """Draw the page."""
    workspace = first_steps.open_workspace()
    furniture.show_heading(tell("layers.title"), workspace)
    if workspace is None:
        return
    with st.spinner(tell("layers.reading"), show_time=True):
        # Of a whole country this takes seconds, once.
        areas(workspace.address, workspace.generation)
    asked = ask_area(workspace.address, workspace.generation)
    shown_at = st.container()
    map_at, legend_at = st.columns([1.5, 1], gap="medium")
    section = ask_section()
    offered_at = st.container()
    try:
        if section == OWN:
            own_file.show()
        else:
            with st.spinner(tell("layers.reading"), show_time=True):
                SECTIONS[section](asked)
    except Problem as problem:
        st.error(problem.sentence(page_words.language()), icon=":material/error:")
    # The map comes after the sections, whose settings it shows, and stands above them.
    with shown_at:
        shown = ask_layers(asked)
    with offered_at:
        offer_layer(asked, section, shown)
    address.write(IN_ADDRESS)
    with legend_at:
        made = drawing.draw(asked, shown, _working)
    with map_at:
        furniture.show_way_past(BESIDE)
        drawing.show(asked, made, _take_click)
    with legend_at:
        furniture.show_anchor(BESIDE)
        show_legend(made)
        show_clicked(asked)


def _working(layer: str) -> AbstractContextManager[None]:
    """Tell which layer is being drawn, where it takes longer than a moment."""
    name = tell(f"layers.layer.{layer}")
    return st.spinner(tell("layers.drawing", layer=name), show_time=True)


# -- what the reader asks --------------------------------------------------------------------------


@st.cache_resource(show_spinner=False, max_entries=6)
def areas(folder: str, generation: int) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Return the provinces of a workspace and the amphoe of each."""
    codes = workspace_tables.village_table(folder, generation)["amphoe_code"]
    boundaries = workspace_tables.boundaries(folder, generation, Level.AMPHOE)["code"]
    levels = Asked(folder, generation, "").rows("fund_levels", "area_code")["area_code"]
    known = pd.concat([codes, boundaries, levels]).dropna().astype("string")
    known = known[known.str.len() == Level.AMPHOE.digits]
    amphoe = sorted(set(known.tolist()))
    inside: dict[str, list[str]] = {}
    for code in amphoe:
        inside.setdefault(str(parent_code(code, Level.PROVINCE)), []).append(code)
    return tuple(inside), {province: tuple(codes) for province, codes in inside.items()}


def ask_area(folder: str, generation: int) -> Asked:
    """Show the choices of province and amphoe."""
    provinces, inside = areas(folder, generation)
    area = str(st.session_state.get("kept_layers_area") or "")
    last = kept_choices.recall("province", provinces, provinces[0] if provinces else "")
    province = area[: Level.PROVINCE.digits] or (
        EVERYWHERE if area == "" and "kept_layers_area" in st.session_state else last
    )
    options = [*provinces, EVERYWHERE]
    province = province if province in options else options[0]
    st.session_state["kept_layers_province"] = province
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        province_key, amphoe_key = (
            kept_choices.widget_key(f"layers_{one}") for one in ("province", "amphoe")
        )
        st.session_state[province_key] = province
        chosen = st.selectbox(
            tell("layers.province"),
            options,
            format_func=_say_area,
            key=province_key,
            width=220,
            on_change=lambda: _go(st.session_state[province_key]),
        )
        of_province = inside.get(str(chosen), ())
        amphoe_options = [EVERYWHERE, *of_province]
        st.session_state[amphoe_key] = area if area in of_province else EVERYWHERE
        st.selectbox(
            tell("layers.amphoe"),
            amphoe_options,
            format_func=lambda one: (
                tell("layers.all_amphoe") if one == EVERYWHERE else _say_area(one)
            ),
            key=amphoe_key,
            width=220,
            disabled=not of_province,
            on_change=lambda: _go(
                province
                if st.session_state[amphoe_key] == EVERYWHERE
                else st.session_state[amphoe_key]
            ),
        )
    at = st.session_state[amphoe_key]
    code = at if at != EVERYWHERE else "" if chosen == EVERYWHERE else str(chosen)
    return Asked(folder, generation, code)


def _say_area(code: str) -> str:
    return (
        tell("overview.country")
        if code == EVERYWHERE
        else page_words.area_name(code, page_words.language())
    )


def _go(code: str) -> None:
    st.session_state["kept_layers_area"] = "" if code == EVERYWHERE else code
    st.session_state["layers_clicked"] = None


def ask_layers(asked: Asked) -> list[str]:
    """Show which layers are on the map and return them in the order of the legend."""
    options = drawing.available(asked)
    if not options:
        st.info(tell("layers.none_held"))
        return []
    kept = st.session_state.get("kept_layers_shown")
    wanted = list(FIRST_SHOWN) if kept is None else str(kept).split(".")
    # What was just made or sent is what the reader wants to see.
    for made in ("route", "own"):
        if made in options and not st.session_state.get(f"layers_seen_{made}"):
            st.session_state[f"layers_seen_{made}"] = True
            wanted.append(made)
    key = kept_choices.widget_key("layers_shown")
    st.session_state[key] = [one for one in options if one in wanted]

    def take() -> None:
        st.session_state["kept_layers_shown"] = ".".join(st.session_state[key]) or "-"

    st.pills(
        tell("layers.on_map"),
        options,
        selection_mode="multi",
        format_func=lambda one: tell(f"layers.layer.{one}"),
        key=key,
        on_change=take,
    )
    chosen = [one for one in options if one in (st.session_state[key] or [])]
    st.session_state["kept_layers_shown"] = ".".join(chosen) or "-"
    return chosen


def offer_layer(asked: Asked, section: str, shown: list[str]) -> None:
    """Offer to put the layer of the section on the map where none of it is there."""
    held = drawing.available(asked)
    own = [one for one in LAYERS_OF[section] if one in held]
    if not own or set(own) & set(shown):
        return
    name = tell(f"layers.layer.{own[0]}")

    def put() -> None:
        chosen = [one for one in held if one in (*shown, own[0])]
        st.session_state["kept_layers_shown"] = ".".join(chosen)

    st.button(
        tell("layers.put_on_map", layer=name),
        icon=":material/add_location_alt:",
        on_click=put,
        type="tertiary",
        key="layers_put",
    )


def ask_section() -> str:
    """Show the sections and return the one to read."""
    options = [*SECTIONS, OWN]
    section, key, take = kept_choices.remembered("layers_section", options)
    st.segmented_control(
        tell("layers.section"),
        options,
        format_func=lambda one: tell(f"layers.section_of.{one}"),
        key=key,
        required=True,
        on_change=take,
        width="stretch",
    )
    return section


# -- beside the map --------------------------------------------------------------------------------


def show_legend(made: drawing.Drawing) -> None:
    """Show what the map's signs mean, and what it puts together or leaves out."""
    if made.legend:
        st.html(html.fill('<div class="ph-layers">{}</div>', html.join(made.legend)))
    else:
        st.caption(tell("layers.nothing_on_map"))
    for note in made.notes:
        st.caption(markdown.fill(":material/info: {}", note))


def _take_click() -> None:
    st.session_state["layers_clicked"] = drawing.clicked()


def show_clicked(asked: Asked) -> None:
    """Show the card of what was clicked."""
    code = st.session_state.get("layers_clicked")
    if not code:
        st.caption(tell("layers.click_hint"))
        return
    layer, _, name = str(code).partition(":")
    if not name:
        _show_area(asked, str(code))
    elif layer in ID_OF:
        _show_row(asked, layer, name)
    elif layer == "cluster":
        _show_cluster(asked, name)
    else:
        st.caption(tell("layers.click_hint"))


def _show_area(asked: Asked, code: str) -> None:
    with st.container(border=True):
        st.markdown(markdown.bold(_say_area(code)))
        if len(code) == Level.AMPHOE.digits and code != asked.area:
            st.button(
                tell("layers.look_inside", area=_say_area(code)),
                icon=":material/zoom_in_map:",
                on_click=_go,
                args=(code,),
                key="layers_enter",
            )


def _show_cluster(asked: Asked, name: str) -> None:
    register = otop.clusters(asked)
    if register is None:
        return
    found = register.clusters[register.clusters["cluster_id"].astype(str) == name]
    if found.empty:
        return
    row = found.iloc[0]
    kilometres = f"{row['span_metres'] / 1000:,.1f}"
    with st.container(border=True, gap="xsmall"):
        st.caption(tell("layers.layer.clusters"))
        st.markdown(markdown.bold(str(row[f"name_{asked.language}"])))
        st.markdown(tell("layers.otop.cluster.tip", members=f"{row['members']:,}", km=kilometres))


def _show_row(asked: Asked, layer: str, name: str) -> None:
    of, key, column = ID_OF[layer]
    rows = asked.rows(of, column)
    found = rows[rows[key] == name]
    if found.empty:
        return
    contract = contract_of(of)
    language = page_words.language()
    lines = []
    for one in contract.columns:
        if one.kind in (Kind.GEOMETRY, Kind.YES_NO) or one.personal or one.name in NOT_TOLD:
            continue
        if one.name == NAMED:
            continue
        values = found[one.name].dropna().astype(str).unique()
        if len(values):
            more = " …" if len(values) > 3 else ""
            told = "; ".join(_told(asked, of, one.name, value) for value in values[:3])
            label = tell(f"layers.{AREA_WORDS[one.name]}") if one.name in AREA_WORDS else ""
            lines.append(f"{label or one.label(language)}: {told}{more}")
    names = found[NAMED].dropna() if NAMED in found else pd.Series(dtype="string")
    with st.container(border=True, height=230, gap="xsmall"):
        st.caption(page_words.layer_label(of))
        st.markdown(markdown.bold(str(names.iloc[0]) if len(names) else name))
        st.markdown(markdown.bullets(lines))


def _told(asked: Asked, layer: str, column: str, value: str) -> str:
    """Return a value in words where it is an id of ours."""
    language = page_words.language()
    if column == "village_code":
        village = village_names(asked, pd.Series([value]))[0]
        return value if village == "–" else f"{village} ({value})"
    if (layer, column) in IN_WORDS and has(f"{IN_WORDS[layer, column]}.{value}"):
        return say(f"{IN_WORDS[layer, column]}.{value}", language)
    if (layer, column) == ("plots", "title_type"):
        return plots.title_words(value)
    if (layer, column) == ("plots", "status"):
        return tell_status(value)
    if column.endswith("_code") and len(value) in (4, 6):
        return page_words.area_name(value, page_words.language())
    return value


def tell_status(value: str) -> str:
    """Return a plot's state in words."""
    names = {kind.id: kind.label for kind in plots.kinds(page_words.language())}
    return names.get(value, value)
