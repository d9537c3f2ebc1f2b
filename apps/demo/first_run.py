"""The demo workspace made from the app: whole, or not there at all."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path


def build_demo(folder: Path, province: str = "") -> None:
    """Build the demo workspace in a folder that is no workspace yet.

    It is built beside the folder and moved there when it is whole, so that a demo that was
    broken off is not taken for a workspace.

    Parameters
    ----------
    province
        Code of the one province to make data up for; the four of the demo where empty.

    Raises
    ------
    Problem
        As ``phaenthi.apps.demo.build``.
    """
    # What makes data up is needed once, not at every start.
    from phaenthi.apps.demo import build as demo  # noqa: PLC0415

    provinces = (province,) if province else demo.PROVINCES
    folder = folder.absolute()
    if folder.exists() and any(folder.iterdir()):
        demo.build(folder, provinces)
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
        made = Path(beside) / folder.name
        demo.build(made, provinces)
        if folder.exists():
            folder.rmdir()
        shutil.move(made, folder)
