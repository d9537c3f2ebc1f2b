"""Files that ship with the system: official tables, boundaries, and how any of them is found."""

from __future__ import annotations

from importlib import resources
from pathlib import Path


def shipped(package: str, *parts: str) -> Path:
    """Return where a file or folder lies that ships inside a package.

    In a checkout and in an installed wheel alike: a wheel is unpacked where it is installed.

    Parameters
    ----------
    package
        Dotted name of the package that holds it.
    parts
        Folders and name below the package.
    """
    return Path(str(resources.files(package).joinpath(*parts)))


ALLOTMENTS = shipped(__name__, "allotments")
"""Official tables as printed: one CSV a table."""

BOUNDARIES = shipped(__name__, "boundaries")
"""Approximate boundaries, with their credits."""
