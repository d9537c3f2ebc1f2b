"""What the pages share: language, workspace, cached tables and areas, furniture of a page."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, TypeVar

import geopandas as gpd
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from phaenthi.apps.dates import told_date
from phaenthi.apps.demo import first_run
from phaenthi.apps.maps import offline
from phaenthi.apps.maps import view as map_view
from phaenthi.apps.maps.files import as_bytes, pack_villages
from phaenthi.apps.maps.shapes import drawn_areas
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import exists, name_of
from phaenthi.layers.contracts.catalogue import contract_of
from phaenthi.layers.villages import reading as villages
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import LANGUAGES, Language, say

WORKSPACE_VARIABLE = "PHAENTHI_WORKSPACE"
DEFAULT_WORKSPACE = Path("workspaces/demo")

Option = TypeVar("Option", bound=str)


# -- language --------------------------------------------------------------------------------------


def language() -> Language:
    """Return the language of this session: Thai unless the reader or the address says English."""
    return "en" if st.session_state.get("language") == "en" else "th"


def choose_language() -> None:
    """Show the switch of language and keep the choice in the address."""
    names = {"th": "ไทย", "en": "English"}
    key = f"language_switch_{language()}"

    def take_choice() -> None:
        st.session_state["language"] = st.session_state[key]

    st.segmented_control(
        say("app.language", language()),
        LANGUAGES,
        default=language(),
        format_func=names.__getitem__,
        key=key,
        label_visibility="collapsed",
        required=True,
        on_change=take_choice,
    )


# A widget forgets its value on another page, and mixes its options up in another language: what
# the reader chose is kept beside it, and each language has a widget of its own.


def recall(name: str, options: Sequence[Option], default: Option) -> Option:
    """Return what the reader chose last under a name, if it can still be chosen."""
    kept = st.session_state.get(f"kept_{name}", default)
    return kept if kept in options else default


def keep(name: str, value: Option) -> Option:
    """Keep what the reader chose under a name, and return it."""
    st.session_state[f"kept_{name}"] = value
    return value


def widget_key(name: str) -> str:
    """Return the key of a widget in the language of this session."""
    return f"{name}_{language()}"


def choose_one(
    label: str,
    options: Sequence[Option],
    name: str,
    say_option: Callable[[Option], str],
    *,
    default: Option | None = None,
    width: int | Literal["stretch"] = "stretch",
    label_visibility: Literal["visible", "collapsed"] = "visible",
) -> Option:
    """Show a box of options and return the chosen one; it is kept under ``name``."""
    value = recall(name, options, options[0] if default is None else default)
    if st.session_state.get(widget_key(name), value) not in options:
        del st.session_state[widget_key(name)]
    chosen = st.selectbox(
        label,
        options,
        index=options.index(value),
        format_func=say_option,
        key=widget_key(name),
        width=width,
        label_visibility=label_visibility,
    )
    return keep(name, value if chosen is None else chosen)


def tell(message_id: str, **values: object) -> str:
    """Return a sentence of ``app`` in the language of this session."""
    return say(f"app.{message_id}", language(), **values)


def layer_label(name: str) -> str:
    """Return what people call a layer, in the language of this session."""
    label = contract_of(name).label(language())
    return label[:1].upper() + label[1:]


def plain(text: str) -> str:
    """Return what a person wrote so that Markdown leaves it as it stands."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-!|~$:])", r"\\\1", text)


def cells(columns: int, gap: Literal["small", "medium"]) -> Iterator[DeltaGenerator]:
    """Yield places row by row, so that on a narrow screen they come in the same order."""
    while True:
        yield from st.columns(columns, gap=gap)


# -- workspace -------------------------------------------------------------------------------------


def workspace_folder() -> Path:
    """Return the folder that the app works on."""
    return Path(os.environ.get(WORKSPACE_VARIABLE) or DEFAULT_WORKSPACE)


def open_workspace() -> Workspace | None:
    """Return the workspace, or None after telling how to make one."""
    folder = workspace_folder()
    if not (folder / "workspace.json").exists():
        show_first_run(folder)
        return None
    return Workspace.open(folder)


def show_first_run(folder: Path) -> None:
    """Tell a newcomer that there is no workspace, and make one: the demo, or an empty one."""
    with st.container(border=True):
        st.subheader(tell("first_run.title"))
        st.write(tell("first_run.where", folder=f"`{folder}`"))
        left, right = st.columns(2, gap="large")
        with left:
            st.write(tell("first_run.demo"))
            demo = st.button(
                tell("first_run.demo_button"),
                type="primary",
                key="first_demo",
                icon=":material/science:",
            )
        with right:
            st.write(tell("first_run.own"))
            empty = st.button(
                tell("first_run.own_button"), key="first_empty", icon=":material/create_new_folder:"
            )
        with st.expander(tell("first_run.by_hand"), icon=":material/terminal:"):
            st.code("phaenthi demo", language=None)
            st.code(
                "phaenthi workspace create\n"
                "phaenthi workspace import boundaries_tambon tambon.zip\n"
                "phaenthi workspace import villages villages.xlsx",
                language=None,
            )
            st.caption(tell("first_run.then"))
            st.button(tell("first_run.again"))
    if demo:
        with st.spinner(tell("first_run.building"), show_time=True):
            first_run.build_demo(folder)
        st.session_state["told_next"] = tell("first_run.demo_made")
        st.rerun()
    if empty:
        Workspace.create(folder)
        st.session_state["kept_data_part"] = "import"
        st.session_state["told_next"] = tell("first_run.empty_made")
        st.rerun()


def show_no_register() -> None:
    """Say that nothing can be shown without villages, and lead to where they are imported."""
    st.info(tell("overview.nothing"))
    address = f"data?part=import&lang={language()}"
    st.html(f'<a class="ph-link" href="{address}" target="_self">{tell("overview.begin")} →</a>')


# Cached by folder and generation: an import gives a new generation, and with it new tables.


# Shared, not copied for every rerun: nobody changes them.


@st.cache_resource(show_spinner=False, max_entries=6)
def village_table(folder: str, generation: int) -> gpd.GeoDataFrame:
    """Return the village table of a workspace; see ``layers.villages.build``. Do not change it."""
    del generation
    return villages.build(Workspace.open(folder))


@st.cache_resource(show_spinner=False, max_entries=12)
def boundaries(folder: str, generation: int, level: Level) -> gpd.GeoDataFrame:
    """Return the boundaries of one level of a workspace. Do not change them."""
    del generation
    return Workspace.open(folder).boundaries(level)


@st.cache_resource(show_spinner=False, max_entries=6)
def village_points(folder: str, generation: int) -> gpd.GeoSeries:
    """Return the points of the villages that have one, by village code. Do not change them."""
    table = village_table(folder, generation)
    points = table[table["located"]].set_index("village_code").geometry
    return gpd.GeoSeries(points)


@st.cache_resource(show_spinner=False, max_entries=6)
def village_names(folder: str, generation: int) -> pd.Series:
    """Return the names of the villages that have one, by village code. Do not change them."""
    names = village_table(folder, generation).set_index("village_code")["name_th"]
    return pd.Series(names[names.fillna("") != ""])


@st.cache_resource(show_spinner=False, max_entries=6)
def village_names_in_english(folder: str, generation: int) -> pd.Series:
    """Return the English names that the register of villages holds, by code. Do not change them."""
    del generation
    register = Workspace.open(folder).table("villages")
    names = register.set_index("village_code")["name_en"].astype("string")
    return pd.Series(names[names.str.strip().fillna("") != ""])


@dataclass(frozen=True)
class AreaSource:
    """Areas that the browser fetches from this machine.

    Parameters
    ----------
    address
        Where the areas are served; the same content has the same address.
    codes
        The areas, in the order of the file.
    bounds
        West, south, east, north in degrees.
    names
        Places of the names, by language, as :func:`phaenthi.apps.maps.view.name_layer` takes them.
    """

    address: str
    codes: tuple[str, ...]
    bounds: tuple[float, float, float, float]
    names: dict[Language, dict[str, object]]


# Once a day a source in use is published anew, so that nobody sweeps it away as a leftover.
@st.cache_resource(show_spinner=False, max_entries=256, ttl=timedelta(days=1))
def area_source(folder: str, generation: int, level: Level, prefix: str) -> AreaSource | None:
    """Return the areas of a level whose codes begin so; None where there are none.

    Of villages approximate areas around their points; one without a point of its own has none.
    """
    table = village_table(folder, generation) if level is Level.VILLAGE else None
    drawn = drawn_areas(Workspace.open(folder), level, prefix, table)
    if drawn is None:
        return None
    address = offline.publish(drawn.content, ".json")
    names = {language: map_view.names_in(address, language) for language in LANGUAGES}
    return AreaSource(address, drawn.codes, drawn.bounds, names)


@dataclass(frozen=True)
class VillageSource:
    """Villages that the browser fetches from this machine.

    Parameters
    ----------
    address
        Where they are served.
    codes
        The villages that have a point, in the order of the file.
    bounds
        West, south, east, north in degrees.
    """

    address: str
    codes: tuple[str, ...]
    bounds: tuple[float, float, float, float]


@st.cache_resource(show_spinner=False, max_entries=16, ttl=timedelta(days=1))
def village_source(
    folder: str, generation: int, prefix: str, language: Language
) -> VillageSource | None:
    """Return the villages whose codes begin so, with their names; None where none has a point."""
    table = village_table(folder, generation)
    here = table[table["located"] & table["village_code"].str.startswith(prefix)]
    if here.empty:
        return None
    if language == "en":
        here = here.assign(
            tambon_th=_in_english(here["tambon_code"]),
            amphoe_th=_in_english(here["amphoe_code"]),
            name_en=here["village_code"].map(village_names_in_english(folder, generation)),
        )
    titled = map_view.with_titles(here.assign(name_th=here["name_th"].fillna("")), language)
    codes = here["village_code"].tolist()
    packed = pack_villages(
        codes, here.geometry.to_numpy(), titled["title"].tolist(), titled["where"].tolist()
    )
    packed["words"] = {"at": offline.publish(as_bytes(packed["words"]), ".json")}
    west, south, east, north = (float(value) for value in here.total_bounds)
    address = offline.publish(as_bytes(packed), ".json")
    return VillageSource(address, tuple(codes), (west, south, east, north))


def _in_english(codes: pd.Series) -> pd.Series:
    return codes.map({code: area_name(code, "en") for code in codes.unique()})


def area_name(code: str, language: Language) -> str:
    """Return the name of an area; a municipal code, which has none, is told as it is."""
    return name_of(code, language) if exists(code) else tell("overview.municipal", code=code)


def area_names(folder: str, generation: int, codes: Sequence[str], level: Level) -> list[str]:
    """Return the names of areas of one level; of villages those of the village list."""
    if level is not Level.VILLAGE:
        return [area_name(code, language()) for code in codes]
    names = village_names(folder, generation).reindex(list(codes))
    return [
        tell("overview.municipal", code=code) if pd.isna(name) else str(name)
        for code, name in names.items()
    ]


# -- furniture -------------------------------------------------------------------------------------


def show_heading(title: str, workspace: Workspace | None) -> None:
    """Show the title of a page with its badges, and the switch of language."""
    if "told_next" in st.session_state:
        st.toast(st.session_state.pop("told_next"), icon=":material/save:")
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key="heading",
    ):
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            st.header(title, anchor=False, width="content")
            if workspace is not None and workspace.made_up:
                st.badge(
                    tell("made_up"),
                    icon=":material/science:",
                    color="orange",
                    help=tell("made_up_help"),
                )
            if workspace is not None and _approximate(workspace):
                st.badge(
                    tell("approximate"),
                    icon=":material/border_style:",
                    color="gray",
                    help=tell("approximate_help"),
                )
        choose_language()


def _approximate(workspace: Workspace) -> bool:
    origins = (workspace.provenance(f"boundaries_{level}") for level in ("tambon", "amphoe"))
    return any(origin is not None and origin.approximate for origin in origins)


def show_about(workspace: Workspace) -> None:
    """Show where the data came from: one line, and a row a layer for those who ask."""
    status = workspace.status()
    if status.empty:
        return
    sources = ", ".join(dict.fromkeys(status["source"]))
    latest = max(status["imported_at"], default=datetime.now(UTC))
    rows = int(status.loc[status["layer"] == "villages", "rows"].sum())
    st.caption(
        tell("about.line", sources=sources, date=told_date(latest, language()), rows=f"{rows:,}")
    )
    with st.expander(tell("about.title"), icon=":material/database:"):
        table = pd.DataFrame(
            {
                tell("about.layer"): [layer_label(name) for name in status["layer"]],
                tell("about.source"): status["source"],
                tell("about.date"): [told_date(when, language()) for when in status["imported_at"]],
                tell("about.rows"): status["rows"],
                tell("about.set_aside"): status["set_aside"],
                tell("about.made_up"): [tell("about.yes") if m else "–" for m in status["made_up"]],
            }
        )
        st.dataframe(table, hide_index=True, width="stretch")


def show_way_past(anchor: str) -> None:
    """Show a link past a map, which only who comes to it by the keyboard sees."""
    words = html.escape(tell("map.past"))
    st.html(f'<a class="ph-skip" href="#{anchor}">{words}</a>')


def show_anchor(anchor: str) -> None:
    """Put a place on the page that a link leads to."""
    st.html(f'<span class="ph-anchor" id="{anchor}" tabindex="-1"></span>')


def show_figures(figures: list[tuple[str, str, str]]) -> None:
    """Show headline figures that fold into rows on a narrow screen.

    Parameters
    ----------
    figures
        Label, value, note.
    """
    cells = "".join(
        f'<div class="ph-figure"><div class="ph-figure-label">{html.escape(label)}</div>'
        f'<div class="ph-figure-value">{html.escape(value)}</div>'
        f'<div class="ph-figure-note">{html.escape(note)}</div></div>'
        for label, value, note in figures
    )
    st.html(f'<div class="ph-figures">{cells}</div>')


# Streamlit has the words of its upload box in English alone.
_UPLOAD_STYLE = """
[data-testid="stFileUploaderDropzoneInstructions"] { display: none; }
[data-testid="stFileUploaderDropzone"] button p { font-size: 0; }
[data-testid="stFileUploaderDropzone"] button p::after { content: "%s"; font-size: 0.95rem; }
"""


def style_upload() -> None:
    """Put the words of the upload boxes of a page into the language of this session."""
    st.html(f"<style>{_UPLOAD_STYLE % tell('data.browse')}</style>")
