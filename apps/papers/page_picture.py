"""The first page of a Word file as a picture, where an office suite that draws it is installed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from phaenthi.geo.extras import from_extra, is_installed

PROGRAMS = ("soffice", "libreoffice")
LONGEST_SECONDS = 90.0
DOTS_PER_INCH = 130.0
_PLACES = (
    Path("C:/Program Files/LibreOffice/program/soffice.exe"),
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
)


@cache
def office_suite() -> str | None:
    """Return the path of LibreOffice on this machine, or None."""
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    return found or next((str(path) for path in _PLACES if path.is_file()), None)


class Drawing:
    """The picture of the first page of a Word file, being drawn.

    Attributes
    ----------
    picture
        A PNG; None until it is drawn, and after if the suite could not draw it.
    """

    def __init__(self, content: bytes) -> None:
        self.picture: bytes | None = None
        self._content = content

    def go_on(self, every: float = 0.2) -> Iterator[float]:
        """Yield the seconds that it has taken so far, until it is drawn or cannot be.

        Whoever leaves off ends the suite at once; nothing of the file stays on the disk.
        """
        program = office_suite()
        if program is None or not is_installed("pictures"):
            return
        with tempfile.TemporaryDirectory(prefix="phaenthi-") as name:
            folder = Path(name)
            (folder / "page.docx").write_bytes(self._content)
            began = time.monotonic()
            process = _start(program, folder)
            try:
                while process.poll() is None:
                    seconds = time.monotonic() - began
                    if seconds > LONGEST_SECONDS:
                        return
                    yield seconds
                    time.sleep(every)
            finally:
                _end(process)
            if (folder / "page.pdf").is_file():
                self.picture = _first_page(folder)


def _start(program: str, folder: Path) -> subprocess.Popen[bytes]:
    command = [
        program,
        # Its own settings: a suite that the reader has open does not take the work over.
        f"-env:UserInstallation={(folder / 'settings').as_uri()}",
        *("--headless", "--norestore", "--convert-to", "pdf"),
        *("--outdir", str(folder), str(folder / "page.docx")),
    ]
    return subprocess.Popen(  # noqa: S603 - our own words and a program that was found by name
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _first_page(folder: Path) -> bytes:
    """Return the first page of ``page.pdf`` as a PNG; Typst takes a page of a PDF as a picture."""
    with from_extra("pictures"):
        import typst  # noqa: PLC0415
    source = folder / "page.typ"
    source.write_text(
        '#set page(width: auto, height: auto, margin: 0pt)\n#image("page.pdf", page: 1)\n',
        encoding="utf-8",
    )
    drawn = typst.compile(str(source), root=str(folder), format="png", ppi=DOTS_PER_INCH)
    return drawn if isinstance(drawn, bytes) else bytes(drawn[0])


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the suite with what it started; a process that is done stays done."""
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        # On Windows the program that was started has started the one that works.
        command = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
        subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - our own words
    process.wait(timeout=10)
