"""Leaflet and its relatives from this machine: served beside the app, or inside a saved page."""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import os
import re
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import folium
from folium.elements import JSCSSMixin
from xstatic.pkg import jquery, leaflet

from phaenthi.apps.maps.elements import Once, Page
from phaenthi.data import shipped
from phaenthi.geo.texts import html
from phaenthi.wording import Problem

OWN_ASSETS = shipped("phaenthi.apps", "assets")
STATIC_VARIABLE = "PHAENTHI_STATIC"
# A map is drawn in a frame under /component/<name>/, two steps below the app's own address.
FROM_MAP_FRAME = "../../app/static"


@dataclass(frozen=True)
class Asset:
    """One script or style that a map needs.

    Parameters
    ----------
    name
        The name under which folium links it.
    file
        Where the installed package keeps it.
    """

    name: str
    file: Path

    @property
    def is_style(self) -> bool:
        """Tell a style sheet from a script."""
        return self.file.suffix == ".css"


ASSETS = (
    Asset("leaflet", Path(leaflet.BASE_DIR) / "leaflet.js"),
    Asset("jquery", Path(jquery.BASE_DIR) / "jquery.min.js"),
    Asset("phaenthi_map", OWN_ASSETS / "phaenthi_map.js"),
    Asset("phaenthi_areas", OWN_ASSETS / "phaenthi_areas.js"),
    Asset("phaenthi_villages", OWN_ASSETS / "phaenthi_villages.js"),
    Asset("phaenthi_lines", OWN_ASSETS / "phaenthi_lines.js"),
    Asset("phaenthi_lasso", OWN_ASSETS / "phaenthi_lasso.js"),
    Asset("leaflet_css", Path(leaflet.BASE_DIR) / "leaflet.css"),
    Asset("phaenthi_map_css", OWN_ASSETS / "phaenthi_map.css"),
)
BUNDLES = ("map.js", "map.css")
DAYS_KEPT = 7
# No tiles unless an office names its own server, such as https://tiles.office/{z}/{x}/{y}.png.
TILES_VARIABLE, TILES_CREDIT_VARIABLE = "PHAENTHI_TILES", "PHAENTHI_TILES_CREDIT"
IMAGES = Path(leaflet.BASE_DIR) / "images"

# What folium links to decorate markers that no map of ours draws.
NOT_NEEDED = frozenset(
    {
        "bootstrap",
        "bootstrap_css",
        "awesome_markers",
        "awesome_markers_css",
        "awesome_markers_font_css",
        "awesome_rotate_css",
        "glyphicons_css",
    }
)


@cache
def bundle(name: str) -> str:
    """Return all scripts or all styles as one file: a browser waits for each file that it asks for.

    Parameters
    ----------
    name
        One of ``BUNDLES``.
    """
    files = [asset.file for asset in ASSETS if asset.is_style == name.endswith(".css")]
    texts = [file.read_text(encoding="utf-8") for file in files]
    # Nobody holds the map of a source that a package was made from.
    return "\n".join(re.sub(r"//# sourceMappingURL=.*", "", text) for text in texts)


@cache
def asset_folder() -> str:
    """Return the name of the folder of assets under the static folder.

    It changes with their content, so that a browser never keeps an old script after an update.
    """
    digest = hashlib.sha256()
    for name in BUNDLES:
        digest.update(bundle(name).encode())
    return f"map-{digest.hexdigest()[:12]}"


def static_folder() -> Path:
    """Return the folder that Streamlit serves files from: ``static`` beside the script it runs."""
    return Path(os.environ.get(STATIC_VARIABLE) or shipped("phaenthi.apps", "static"))


def prepare_static_folder(folder: Path | None = None) -> Path:
    """Copy the assets out of their packages to where Streamlit serves files from.

    Parameters
    ----------
    folder
        Another folder than :func:`static_folder`.

    Returns
    -------
    Path
        The folder that now holds the assets.

    Raises
    ------
    Problem
        ``app.static_folder_closed`` if the folder cannot be written.
    """
    # A Windows registry may call scripts text/plain, and browsers then refuse them.
    mimetypes.add_type("text/javascript", ".js")
    mimetypes.add_type("text/css", ".css")
    target = (folder or static_folder()) / asset_folder()
    for name in BUNDLES:
        write_once(target / name, bundle(name).encode())
    for image in sorted(IMAGES.glob("*.png")):
        write_once(target / "images" / image.name, image.read_bytes())
    return target


def publish(content: bytes, suffix: str, folder: Path | None = None) -> str:
    """Put bytes where the browser can fetch and keep them, under the name of their content.

    Parameters
    ----------
    content
        What to serve; the same bytes get the same address.
    suffix
        Ending of the file name, such as ``.json``.

    Returns
    -------
    str
        The address, relative to the frame that a map is drawn in.
    """
    name = f"{hashlib.sha256(content).hexdigest()[:24]}{suffix}"
    write_once((folder or static_folder()) / "areas" / name, content)
    return f"{FROM_MAP_FRAME}/areas/{name}"


def sweep(folder: Path | None = None, *, days: float = DAYS_KEPT) -> list[Path]:
    """Remove what nobody has published for some days, and return what was removed.

    A map in use publishes its areas again each day, so what another running app shows stays.
    """
    folder = folder or static_folder()
    oldest = time.time() - days * 24 * 3600
    assets = [path for path in folder.glob("map-*/*") if path.is_file()]
    images = list(folder.glob("map-*/images/*"))
    removed = []
    for path in (*folder.glob("areas/*"), *assets, *images):
        # Windows does not let go of a file that somebody reads: it goes the next time.
        with suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()
                removed.append(path)
    for emptied in (*folder.glob("map-*/images"), *folder.glob("map-*")):
        with suppress(OSError):
            emptied.rmdir()
    return removed


def write_once(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; one that is there already is marked as used."""
    if path.exists() and path.stat().st_size == len(content):
        with suppress(OSError):
            path.touch()
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).replace(path)
    except OSError as error:
        raise Problem("app.static_folder_closed", file=path) from error


def served_links() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return (name, address) of scripts and of styles as the served app links them."""
    script, style = ((name, f"{FROM_MAP_FRAME}/{asset_folder()}/{name}") for name in BUNDLES)
    return [script], [style]


def keep_local(element: Any) -> None:
    """Make a map and everything on it link to this machine only.

    Parameters
    ----------
    element
        A folium element; it and all its children are changed.

    Raises
    ------
    LookupError
        If a plug-in needs a script or style that no installed package holds.
    """
    held = {asset.name for asset in ASSETS} | set(BUNDLES)
    if isinstance(element, JSCSSMixin):
        links = [name for name, _ in (*element.default_js, *element.default_css)]
        wanted = [name for name in links if name not in NOT_NEEDED]
        missing = [name for name in wanted if name not in held]
        if missing:
            raise LookupError(f"no local copy of {missing} for {type(element).__name__}")
        # On the element, not on its class: other users of folium keep their links.
        element.default_js, element.default_css = served_links() if wanted else ([], [])
    for child in element._children.values():
        keep_local(child)


def hold_all(element: Any) -> None:
    """Make everything on a map hold what it draws, where the served app would fetch it."""
    if hasattr(element, "whole"):
        element.whole = True
    for child in element._children.values():
        hold_all(child)


@dataclass(frozen=True)
class Tiles:
    """A base map below our areas, from a server that the office has chosen.

    Parameters
    ----------
    address
        With ``{z}``, ``{x}`` and ``{y}`` in it.
    credit
        Whose map it is, shown in its corner.
    """

    address: str
    credit: str


def tiles() -> Tiles | None:
    """Return the base map that the settings name; by default there is none."""
    address = os.environ.get(TILES_VARIABLE, "").strip()
    return Tiles(address, os.environ.get(TILES_CREDIT_VARIABLE, " ")) if address else None


class OfflineMap(folium.Map, Once):
    """A folium map without tiles whose scripts and styles are on this machine."""

    def __init__(self, *, attribution_control: bool = False, **options: Any) -> None:
        super().__init__(tiles=None, attribution_control=attribution_control, **options)
        self._name = "Map"
        Page().add_child(self)
        self.default_js, self.default_css = served_links()


def saved_page(drawn: OfflineMap, title: str, language: str) -> str:
    """Return a map as one page of HTML that opens without any other file.

    Parameters
    ----------
    drawn
        The map; its areas must be embedded, not fetched.
    title
        Title of the page.
    language
        ``th`` or ``en``, for the ``lang`` of the page.

    Raises
    ------
    LookupError
        If something on the map links to what cannot be written into the page.
    """
    keep_local(drawn)
    hold_all(drawn)
    page: str = drawn.get_root().render()
    # The end of a script must not be found inside it.
    script = bundle("map.js").replace("</script", r"<\/script")
    style = _with_images(bundle("map.css"))
    for pattern, content in (
        (r'<script src="[^"]*/map\.js"></script>', f"<script>{script}</script>"),
        (r'<link rel="stylesheet" href="[^"]*/map\.css"/>', f"<style>{style}</style>"),
    ):
        before, after = re.split(pattern, page, maxsplit=1)
        page = before + content + after
    head = html.fill('<head><meta charset="utf-8"><title>{}</title>', title)
    page = page.replace("<head>", str(head), 1)
    return page.replace("<html>", str(html.fill('<html lang="{}">', language)), 1)


def _with_images(style: str) -> str:
    """Return a style sheet with its pictures written into it."""

    def picture(found: re.Match[str]) -> str:
        content = base64.b64encode((IMAGES / found["name"]).read_bytes()).decode("ascii")
        return f"url(data:image/png;base64,{content})"

    return re.sub(r"url\(images/(?P<name>[\w.-]+)\)", picture, style)
