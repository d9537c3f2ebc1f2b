"""The map of the overview as a picture: a sheet to take away, or a part of the printed page."""

from __future__ import annotations

import base64
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
from markupsafe import Markup

from phaenthi.apps.dates import today, told_date
from phaenthi.apps.maps import legends
from phaenthi.apps.maps.shapes import COUNTRY_DEGREES
from phaenthi.apps.papers.area_picture import AreaPicture, write_area_picture, write_inset
from phaenthi.apps.screens import page_words, workspace_tables
from phaenthi.apps.screens import show as st
from phaenthi.apps.screens.overview.asked import OF_REGISTER, View, say_path
from phaenthi.apps.screens.overview.counted import counts_of
from phaenthi.apps.screens.overview.ranking import figure_of
from phaenthi.apps.screens.page_words import tell
from phaenthi.geo.boundaries.reading import simplify
from phaenthi.geo.boundaries.village_cells import draw_cells
from phaenthi.geo.extras import command_for, is_installed
from phaenthi.geo.places.codes import Level
from phaenthi.geo.texts import html
from phaenthi.layers.contracts.provenance import Provenance
from phaenthi.layers.villages.shown import shown_boundaries, shown_origins, shows_approximate
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import Language, Problem, say

SOURCES = ("villages", "poverty", "households", "history")


def picture_of(view: View) -> AreaPicture | None:
    """Return what the picture of a view shows and says; None where there is nothing to draw."""
    areas = areas_of(view)
    if areas is None:
        return None
    counts = counts_of(*view.place).now
    inside = counts[(counts["level"] == view.level) & counts["code"].str.startswith(view.area)]
    figure = figure_of(inside, view.indicator).of(areas["code"].tolist())
    classes = legends.classify(figure.values, figure.hidden)
    language = page_words.language()
    return AreaPicture(
        areas=areas,
        edges=_edges(view),
        colours=classes.colour_of,
        legend=legends.class_labels(classes, figure.form, language),
        legend_title=f"{figure.title} ({figure.unit})",
        title=f"{figure.title} {say_level(view)}",
        subtitle=say_path(view.area),
        notes=notes_of(view),
        warnings=warnings_of(Workspace.open(view.folder), language),
        day=today(),
    )


def say_level(view: View) -> str:
    """Return by which areas the map is drawn, in words."""
    return tell("overview.by_level", level=tell(f"overview.{view.level}").lower())


def areas_of(view: View) -> gpd.GeoDataFrame | None:
    """Return the areas of a view; None without boundaries, and for villages of everywhere."""
    workspace = Workspace.open(view.folder)
    if view.level is not Level.VILLAGE:
        return _stored(workspace, view.level, view.area)
    tambons = _stored(workspace, Level.TAMBON, view.area[: Level.TAMBON.digits])
    table = workspace_tables.village_table(*view.place)
    here = table[table["village_code"].str.startswith(view.area)]
    # The villages of the whole country are dots on the map, of which paper would show a blot.
    if tambons is None or here.empty or not view.area:
        return None
    cells = draw_cells(here.rename(columns={"village_code": "code"}), tambons).table
    names = here.set_index("village_code")["name_th"]
    known = cells["code"].map(names).fillna(cells["code"])
    return cells.assign(name_th=known, name_en=known) if len(cells) else None


def _stored(workspace: Workspace, level: Level, prefix: str) -> gpd.GeoDataFrame | None:
    areas = shown_boundaries(workspace, level, prefix)
    if areas.empty:
        return None
    # Corners that no pen draws would keep the reader waiting.
    return areas if prefix else simplify(areas, COUNTRY_DEGREES[level])


def _edges(view: View) -> gpd.GeoDataFrame | None:
    above = view.level.parent if view.area else Level.PROVINCE
    if above is None or above is view.level:
        return None
    return _stored(Workspace.open(view.folder), above, view.area[: above.digits])


def notes_of(view: View) -> list[str]:
    """Return what must be said under the map: hidden counts, approximate cells, sources, day."""
    language = page_words.language()
    notes = []
    if view.indicator in OF_REGISTER:
        notes.append(tell("overview.hidden_note"))
    if view.level is Level.VILLAGE:
        notes.append(tell("overview.cells_short"))
    notes.append(say("papers.map.sources", language, sources=sources_of(view)))
    notes.append(tell("overview.made_on", day=told_date(today(), language)))
    return notes


def sources_of(view: View) -> str:
    """Return where the figures and the boundaries came from, and when they were imported."""
    workspace = Workspace.open(view.folder)
    origins = [*shown_origins(workspace, Level.TAMBON), *map(workspace.provenance, SOURCES)]
    language = page_words.language()
    told = (_told(origin, language) for origin in origins if origin is not None)
    return " · ".join(dict.fromkeys(told)) or "–"


def _told(origin: Provenance, language: Language) -> str:
    day = told_date(origin.imported_at, language)
    return tell("overview.source", source=origin.credit or origin.source, day=day)


def warnings_of(workspace: Workspace, language: Language) -> list[str]:
    """Return what must be said on every paper: made-up data, approximate boundaries."""
    found = (("made_up", workspace.made_up), ("approximate", shows_approximate(workspace)))
    return [say(f"export.{name}", language) for name, applies in found if applies]


@st.cache_data(show_spinner=False, max_entries=12)
def sheet(_view: View, identity: str) -> bytes:
    """Return the sheet as a PNG; the same view on the same day is drawn once."""
    del identity
    return _drawn(_view, "map.png")


@st.cache_data(show_spinner=False, max_entries=12)
def inset(_view: View, identity: str) -> Markup:
    """Return the picture inside the printed page as HTML; empty where there is nothing to draw."""
    del identity
    content = _drawn(_view, "map.svg")
    if not content:
        return Markup()
    label = tell(f"overview.show.{_view.indicator}")
    encoded = base64.b64encode(content).decode("ascii")
    return html.fill(
        '<img class="ph-inset" alt="{}" src="data:image/svg+xml;base64,{}">', label, encoded
    )


def _drawn(view: View, name: str) -> bytes:
    picture = picture_of(view) if is_installed("pictures") else None
    if picture is None:
        return b""
    write = write_inset if name.endswith(".svg") else write_area_picture
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / name
        write(picture, path, page_words.language())
        return path.read_bytes()


def identity_of(view: View) -> str:
    """Return what a picture of a view depends on."""
    asked = (
        *view.place,
        view.area,
        view.level.value,
        view.indicator,
        page_words.language(),
        today(),
    )
    return repr(asked)


def file_name(view: View) -> str:
    """Return a name for the sheet that any system can keep."""
    return f"map-{view.area or 'all'}-{view.level}-{view.indicator}.png".replace("_", "-")


def can_draw(view: View) -> bool:
    """Tell whether there is a picture of a view, without drawing it."""
    workspace = Workspace.open(view.folder)
    of_villages = view.level is Level.VILLAGE
    level = Level.TAMBON if of_villages else view.level
    return bool(shown_origins(workspace, level)) and bool(view.area or not of_villages)


def _why_no_picture(view: View) -> str | None:
    if not is_installed("pictures"):
        missing = Problem("extras.pictures", command=command_for("pictures"))
        return missing.sentence(page_words.language())
    return None if can_draw(view) else tell("overview.no_picture")


def offer_sheet(view: View) -> None:
    """Show the button that takes the map away as a picture."""
    st.download_button(
        tell("overview.take_map"),
        lambda: sheet(view, identity_of(view)),
        file_name=file_name(view),
        mime="image/png",
        icon=":material/image:",
        key="overview_png",
        disabled=not can_draw(view) or not is_installed("pictures"),
        help=_why_no_picture(view),
        on_click="ignore",
    )
