"""``phaenthi app``: the app on this machine."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from pathlib import Path

import click
from platformdirs import user_cache_path

from phaenthi.apps.commands.screen import show_banner, show_lines
from phaenthi.apps.commands.spoken import SpokenCommand, session_of, workspace_option
from phaenthi.data import shipped
from phaenthi.wording.hints import DEFAULT_WORKSPACE, WORKSPACE_VARIABLE

APP = shipped("phaenthi.apps", "streamlit_app.py")
SECONDS_FOR_FIRST_PAGE = 6


@click.command(cls=SpokenCommand, help="cli.app")
@workspace_option()
@click.option("--port", type=click.IntRange(1, 65535), default=8501, help="cli.options.port")
@click.pass_context
def app(context: click.Context, workspace_folder: str, port: int) -> None:
    """Serve the app on this machine."""
    # What follows takes seconds to import: whoever asks for help alone need not wait for it.
    from streamlit.web import cli as streamlit  # noqa: PLC0415

    from phaenthi.layers.workspace.folder import Workspace  # noqa: PLC0415

    session = session_of(context)
    folder = Path(workspace_folder)
    if not Workspace.is_at(folder) and workspace_folder == DEFAULT_WORKSPACE:
        from phaenthi.apps.commands.demo import DEMO_PROVINCE, demo  # noqa: PLC0415

        context.invoke(demo, province=DEMO_PROVINCE, folder=None, workspace_folder=workspace_folder)
    if Workspace.open(folder).made_up:
        show_banner(session.say("export.made_up"))
    os.environ[WORKSPACE_VARIABLE] = str(folder.resolve())
    script = find_script()
    threading.Thread(target=_read_ahead, daemon=True).start()
    show_lines([session.say("cli.app.serving", address=f"http://127.0.0.1:{port}")])
    options = ["--server.address", "127.0.0.1", "--server.port", str(port)]
    streamlit.main(["run", str(script), *options], standalone_mode=False)


def find_script(own: Path | None = None) -> Path:
    """Return the script that Streamlit is to run, beside a ``static`` folder that can be written.

    A program that an administrator installed lies where its users write nothing: their own cache
    then holds the folder, with the settings and a script that leads to the app.

    Parameters
    ----------
    own
        The user's folder of caches; the system's usual one unless given.
    """
    from phaenthi.apps.maps.offline import STATIC_VARIABLE  # noqa: PLC0415 - brings folium

    # Streamlit serves from this folder only if it is there when the server starts.
    static = APP.with_name("static")
    with suppress(OSError):
        static.mkdir(exist_ok=True)
    if static.is_dir() and os.access(static, os.W_OK):
        return APP
    home = (own or user_cache_path("phaenthi", appauthor=False)) / "app"
    (home / "static").mkdir(parents=True, exist_ok=True)
    (home / ".streamlit").mkdir(exist_ok=True)
    settings = APP.parent / ".streamlit" / "config.toml"
    (home / ".streamlit" / "config.toml").write_bytes(settings.read_bytes())
    script = home / APP.name
    script.write_text("from phaenthi.apps.streamlit_app import main\n\nmain()\n", encoding="utf-8")
    os.environ[STATIC_VARIABLE] = str(home / "static")
    return script


def _read_ahead() -> None:
    """Import what the pages stand on while the server starts and the browser opens.

    Not the pages: Streamlit serves a component only if a session was the first to import it.
    """
    from phaenthi.apps.maps import view as map_view  # noqa: F401, PLC0415

    # The classes of the overview take a second: not while the first page is being drawn.
    time.sleep(SECONDS_FOR_FIRST_PAGE)
    import mapclassify  # noqa: F401, PLC0415
