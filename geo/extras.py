"""Packages that single features need and that are installed for these alone: the extras."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from phaenthi.wording import Problem

Extra = Literal["hotspots", "pictures", "roads", "solver"]
EXTRAS: Mapping[Extra, tuple[str, ...]] = {
    "hotspots": ("esda", "libpysal"),
    "pictures": ("typst",),
    "roads": ("osmium",),
    "solver": ("ortools",),
}
"""The packages at the top of each extra of ``pyproject.toml``, as they are imported."""


@contextmanager
def from_extra(extra: Extra) -> Iterator[None]:
    """Import inside what an extra brings.

    Raises
    ------
    Problem
        ``extras.<name>`` with the command that installs it, where it is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in EXTRAS[extra]:
            raise
        raise Problem(f"extras.{extra}", command=command_for(extra)) from missing


def is_installed(extra: Extra) -> bool:
    """Tell whether an extra is here, without loading it."""
    return all(find_spec(name) for name in EXTRAS[extra])


def require(extra: Extra) -> None:
    """Raise the problem of :func:`from_extra` before any work is begun that needs the extra."""
    if not is_installed(extra):
        raise Problem(f"extras.{extra}", command=command_for(extra))


def command_for(extra: Extra) -> str:
    """Return the command that installs an extra, as it can be typed in the present folder."""
    python, here = Path(sys.executable), Path.cwd()
    shown = str(python.relative_to(here) if python.is_relative_to(here) else python)
    quoted = f'"{shown}"' if " " in shown else shown
    return f'{quoted} -m pip install "phaenthi[{extra}]"'
