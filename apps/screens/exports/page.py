"""The exports page: what to take of which plan, layer or route, and the way back in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from phaenthi.apps.exports.cluster_sets import SOURCES
from phaenthi.apps.exports.export_choice import Choice, kinds_of
from phaenthi.apps.exports.sealed_package import Edition
from phaenthi.apps.planning.saved_routes import list_routes
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.apps.screens import (
    address,
    cluster_rule,
    first_steps,
    furniture,
    glossary,
    kept_choices,
    page_words,
    workspace_tables,
)
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.exports import checking, results, returning, which_plan
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.places.gazetteer import name_of
from phaenthi.geo.vectors.formats import FORMATS, GPX, OFFERED_CRS
from phaenthi.layers.contracts.catalogue import LAYERS
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.programme.programme import HOUSEHOLD, VILLAGE

IN_ADDRESS = ("do", "of", "take", "layer")
PARTS = ("plan", "layer", "clusters", "route", "register", "check")
FIRST_LAYER = "villages"
EDITIONS: tuple[Edition, ...] = ("public", "office")
LEFT_AND_RIGHT = (1, 1.75)
TERMS = ("hidden_counts", "reserve", "need", "certificate")


def show() -> None:
    """Draw the page."""
    workspace = first_steps.open_workspace()
    furniture.show_heading(tell("exports.title"), workspace)
    if workspace is None:
        return
    furniture.style_upload()
    routes = list_routes(workspace)
    held = {"route": bool(routes), "clusters": any(workspace.has(one) for one in SOURCES)}
    options = [part for part in PARTS if held.get(part, True)]
    part = _ask_part(options)
    shows: dict[str, Callable[[Workspace], None]] = {
        "plan": show_plan,
        "layer": show_layer,
        "clusters": show_clusters,
        "route": show_route,
        "register": returning.show,
        "check": checking.show,
    }
    shows[part](workspace)
    glossary.show_terms(TERMS)
    address.write(IN_ADDRESS)


def _words(section: str, options: Sequence[str]) -> Callable[[str], str]:
    """Return what says each option in the language of this session."""
    return {one: tell(f"{section}.{one}") for one in options}.__getitem__


def _ask_part(options: list[str]) -> str:
    part, key, take = kept_choices.remembered("exports_part", options)
    st.segmented_control(
        tell("exports.part_label"),
        options,
        format_func=_words("exports.part", options),
        key=key,
        required=True,
        on_change=take,
        label_visibility="collapsed",
    )
    return part


# -- a plan ----------------------------------------------------------------------------------------


def show_plan(workspace: Workspace) -> None:
    """Show what can be taken of a plan, and what was made."""
    left, right = st.columns(LEFT_AND_RIGHT, gap="large")
    with left:
        publication = which_plan.ask_plan(workspace)
        kind = None if publication is None else ask_kind(publication)
    if publication is None or kind is None:
        return
    with right:
        choice = ask_details(publication.plan.id, kind)
        if choice is not None:
            results.show(choice, workspace)


def ask_kind(publication: Publication) -> str | None:
    """Show what can be taken of a plan and return the choice; None where nothing can."""
    kinds = kinds_of(publication)
    if not kinds:
        st.info(tell("exports.nothing_of_people"))
        return None
    if publication.programme.unit not in (VILLAGE, HOUSEHOLD):
        st.caption(tell("exports.villages_only"))
    kind, key, take = kept_choices.remembered("exports_kind", kinds)
    st.radio(
        tell("exports.take"),
        kinds,
        format_func=_words("exports.kind", kinds),
        key=key,
        on_change=take,
    )
    st.caption(tell(f"exports.about.{kind}"))
    return kind


def ask_details(plan_id: str, kind: str) -> Choice | None:
    """Show what else is to be chosen of a kind of file; None while something is open."""
    if kind == "vector":
        return Choice("plan", plan_id, kind, *ask_format())
    if kind == "package":
        edition = kept_choices.choose_one(
            tell("exports.edition_label"),
            EDITIONS,
            "exports_edition",
            _words("exports.edition", EDITIONS),
            width=320,
        )
        return Choice("plan", plan_id, kind, edition=edition)
    if kind == "households" and not st.checkbox(
        tell("exports.for_office"), key=kept_choices.widget_key("exports_for_office")
    ):
        return None
    return Choice("plan", plan_id, kind)


def ask_format(*, lines: bool = False) -> tuple[str, str, str]:
    """Show the boxes of format, coordinates and letters, and return what was chosen.

    Parameters
    ----------
    lines
        Whether GPX, which holds nothing but points and lines with a place, is offered.
    """
    names = [name for name in FORMATS if lines or name != GPX.name]
    format_at, crs_at, encoding_at = st.columns(3)
    with format_at:
        chosen = kept_choices.choose_one(
            tell("exports.format"),
            names,
            "exports_format",
            _words("exports.format_of", names),
            default="gpkg",
        )
    kind = FORMATS[chosen]
    offered = OFFERED_CRS[:1] if kind.geographic else OFFERED_CRS
    numbers = [text.removeprefix("EPSG:") for text in offered]
    with crs_at:
        crs = kept_choices.choose_one(
            tell("exports.crs"),
            numbers,
            "exports_crs",
            _words("exports.crs_of", numbers),
        )
    if len(kind.encodings) < 2:
        return chosen, f"EPSG:{crs}", ""
    with encoding_at:
        encoding = kept_choices.choose_one(
            tell("exports.encoding"),
            kind.encodings,
            "exports_encoding",
            {
                name: tell(f"exports.encoding_of.{name.replace('-', '')}")
                for name in kind.encodings
            }.__getitem__,
        )
    return chosen, f"EPSG:{crs}", encoding


# -- a layer, a route ------------------------------------------------------------------------------


def show_layer(workspace: Workspace) -> None:
    """Show what can be taken of a layer, and what was made."""
    held = [name for name in workspace.status()["layer"] if name in LAYERS]
    if not held:
        st.info(tell("exports.no_layer"))
        return
    left, right = st.columns(LEFT_AND_RIGHT, gap="large")
    with left:
        layer = kept_choices.choose_one(
            tell("exports.layer"),
            held,
            "exports_layer",
            {name: page_words.layer_label(name) for name in held}.__getitem__,
            default=FIRST_LAYER if FIRST_LAYER in held else held[0],
        )
        provinces = ask_provinces(workspace)
    with right:
        asked = ask_format(lines=True)
        choice = Choice("layer", layer, "vector", *asked, provinces=provinces)
        results.show(choice, workspace)


def ask_provinces(workspace: Workspace) -> tuple[str, ...]:
    """Show the box of provinces and return those chosen; none is all of them."""
    language = page_words.language()
    provinces = _provinces(workspace.address, workspace.generation)
    chosen = st.multiselect(
        tell("exports.provinces"),
        provinces,
        default=st.session_state.get("kept_exports_provinces", []),
        format_func={code: name_of(code, language) for code in provinces}.__getitem__,
        key=kept_choices.widget_key("exports_provinces"),
        placeholder=tell("exports.every_province"),
    )
    st.session_state["kept_exports_provinces"] = chosen
    return tuple(sorted(chosen))


@st.cache_data(show_spinner=False, max_entries=6)
def _provinces(folder: str, generation: int) -> list[str]:
    codes = workspace_tables.village_table(folder, generation)["province_code"]
    return sorted({str(code) for code in codes.dropna()})


def show_clusters(workspace: Workspace) -> None:
    """Show what can be taken of the clusters of producers or groups, and what was made."""
    left, right = st.columns(LEFT_AND_RIGHT, gap="large")
    with left:
        held = [name for name in SOURCES if workspace.has(name)]
        source = kept_choices.choose_one(
            tell("exports.clusters.of"),
            held,
            "exports_cluster_source",
            {name: page_words.layer_label(name) for name in held}.__getitem__,
        )
        provinces = ask_provinces(workspace)
        rule = cluster_rule.ask_rule()
        st.caption(tell("exports.clusters.about"))
    with right:
        choice = Choice(
            "clusters",
            source,
            "vector",
            *ask_format(lines=True),
            provinces=provinces,
            within_metres=rule.within_metres,
            at_least=rule.at_least,
        )
        results.show(choice, workspace)


def show_route(workspace: Workspace) -> None:
    """Show what can be taken of a route, and what was made."""
    left, right = st.columns(LEFT_AND_RIGHT, gap="large")
    with left:
        route = kept_choices.choose_one(
            tell("exports.route"), list_routes(workspace), "exports_route", str
        )
        names = list(FORMATS)
        chosen = kept_choices.choose_one(
            tell("exports.format"),
            names,
            "exports_route_format",
            _words("exports.format_of", names),
            default="gpx",
        )
    with right:
        results.show(Choice("route", route, "vector", chosen), workspace)
