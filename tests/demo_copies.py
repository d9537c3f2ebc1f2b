"""Copies of the demo's workspace: each set of provinces is made up once in a run of the tests."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from phaenthi.apps.demo import build as demo
from phaenthi.layers.workspace.folder import Workspace

FOLDER = "PHAENTHI_TEST_DEMOS"
"""Names the folder that all processes of a run share; ``tests/conftest.py`` makes and clears it."""


def copy_demo(folder: Path, provinces: Sequence[str] = demo.PROVINCES) -> Workspace:
    """Put the demo of some provinces into a folder, for a test to change."""
    shutil.copytree(_made_once(sorted(provinces)), folder, dirs_exist_ok=True)
    return Workspace.open(folder)


def _made_once(provinces: Sequence[str]) -> Path:
    kept = Path(os.environ[FOLDER]) / "-".join(provinces)
    if not kept.exists():
        beside = Path(tempfile.mkdtemp(dir=kept.parent))
        demo.build(beside / "demo", provinces=provinces)
        try:
            (beside / "demo").rename(kept)
        except OSError:  # another process was first
            shutil.rmtree(beside)
    return kept
