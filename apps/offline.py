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

from wording import Problem

OWN_ASSETS = Path(__file__).with_name("assets")
STATIC_FOLDER = Path(__file__).with_name("static")
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
    Asset("leaflet_css", Path(leaflet.BASE_DIR) / "leaflet.css"),
    Asset("phaenthi_map_css", OWN_ASSETS / "phaenthi_map.css"),
)
DAYS_KEPT = 7
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
def asset_folder() -> str:
    """Return the name of the folder of assets under the static folder.

    It changes with their content, so that a browser never keeps an old script after an update.
    """
    digest = hashlib.sha256()
    for asset in ASSETS:
        digest.update(asset.file.read_bytes())
    return f"map-{digest.hexdigest()[:12]}"


def prepare_static_folder(folder: Path = STATIC_FOLDER) -> Path:
    """Copy the assets out of their packages to where Streamlit serves files from.

    Parameters
    ----------
    folder
        The ``static`` folder beside the app's main script.

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
    target = folder / asset_folder()
    for asset in ASSETS:
        write_once(target / asset.file.name, asset.file.read_bytes())
    for image in sorted(IMAGES.glob("*.png")):
        write_once(target / "images" / image.name, image.read_bytes())
    return target


def publish(content: bytes, suffix: str, folder: Path = STATIC_FOLDER) -> str:
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
    write_once(folder / "areas" / name, content)
    return f"{FROM_MAP_FRAME}/areas/{name}"


def sweep(folder: Path = STATIC_FOLDER, *, days: float = DAYS_KEPT) -> list[Path]:
    """Remove what nobody has published for some days, and return what was removed.

    A map in use publishes its areas again each day, so what another running app shows stays.
    """
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
    links = [(a, f"{FROM_MAP_FRAME}/{asset_folder()}/{a.file.name}") for a in ASSETS]
    scripts = [(asset.name, address) for asset, address in links if not asset.is_style]
    styles = [(asset.name, address) for asset, address in links if asset.is_style]
    return scripts, styles


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
    scripts, styles = (dict(links) for links in served_links())
    if isinstance(element, JSCSSMixin):
        wanted_scripts = [name for name, _ in element.default_js if name not in NOT_NEEDED]
        wanted_styles = [name for name, _ in element.default_css if name not in NOT_NEEDED]
        missing = [n for n in wanted_scripts if n not in scripts]
        missing += [n for n in wanted_styles if n not in styles]
        if missing:
            raise LookupError(f"no local copy of {missing} for {type(element).__name__}")
        # On the element, not on its class: other users of folium keep their links.
        element.default_js = [(name, scripts[name]) for name in wanted_scripts]
        element.default_css = [(name, styles[name]) for name in wanted_styles]
    for child in element._children.values():
        keep_local(child)


class OfflineMap(folium.Map):
    """A folium map without tiles whose scripts and styles are on this machine."""

    def __init__(self, **options: Any) -> None:
        super().__init__(tiles=None, attribution_control=False, **options)
        self._name = "Map"
        self.default_js, self.default_css = served_links()


def saved_page(drawn: folium.Map, title: str, language: str) -> str:
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
    page: str = drawn.get_root().render()
    # The catalogue's names are for the frame; a page written to disk carries the content itself.
    by_address = {address: name for links in served_links() for name, address in links}
    by_name = {asset.name: asset for asset in ASSETS}

    def script(found: re.Match[str]) -> str:
        content = by_name[by_address[found["address"]]].file.read_text(encoding="utf-8")
        # The end of the script must not be found inside it, nor a map of its source be asked for.
        content = re.sub(r"//# sourceMappingURL=.*", "", content).replace("</script", r"<\/script")
        return f"<script>{content}</script>"

    def style(found: re.Match[str]) -> str:
        content = by_name[by_address[found["address"]]].file.read_text(encoding="utf-8")
        return f"<style>{_with_images(content)}</style>"

    page = re.sub(r'<script src="(?P<address>[^"]+)"></script>', script, page)
    page = re.sub(r'<link rel="stylesheet" href="(?P<address>[^"]+)"/>', style, page)
    head = f'<head><meta charset="utf-8"><title>{_escape(title)}</title>'
    page = page.replace("<head>", head, 1)
    return page.replace("<html>", f'<html lang="{language}">', 1)


def _with_images(style: str) -> str:
    """Return a style sheet with its pictures written into it."""

    def picture(found: re.Match[str]) -> str:
        content = base64.b64encode((IMAGES / found["name"]).read_bytes()).decode("ascii")
        return f"url(data:image/png;base64,{content})"

    return re.sub(r"url\(images/(?P<name>[\w.-]+)\)", picture, style)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
