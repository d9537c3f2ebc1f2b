"""The cold start of the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TITLE = "`phaenthi --help`"
BASELINE = ""
REPEATS = {"ours": 5}
MOST_SECONDS = 0.4
LIMIT = "the start of Python"


def load(folder: Path, small: bool) -> None:
    """Need nothing."""


def ours(inputs: None) -> str:  # noqa: ARG001
    """Show the help."""
    asked = [sys.executable, "-m", "phaenthi.apps.cli", "--help"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout  # noqa: S603


def compared(answer: str) -> bool:
    """Return whether commands are listed."""
    return "choose" in answer
