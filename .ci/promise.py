"""What pyproject.toml promises: on which Pythons and systems the product is installed."""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.markers import default_environment
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
_PATCHES = range(40)
_SYSTEMS = (
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
)


def minors() -> list[int]:
    """Return N of each Python 3.N that is promised."""
    promised = SpecifierSet(PROJECT["requires-python"])
    return [minor for minor in range(40) if f"3.{minor}.0" in promised]


def releases() -> list[str]:
    """Return every release of the promised Pythons, those to come as well."""
    return [f"3.{minor}.{patch}" for minor in minors() for patch in _PATCHES]


def environments() -> list[dict[str, str]]:
    """Return what markers such as ``sys_platform == "win32"`` are held against, for each kind."""
    here = {name: str(value) for name, value in default_environment().items()}
    return [
        here
        | system
        | {
            "python_version": f"3.{minor}",
            "python_full_version": f"3.{minor}.0",
            "implementation_version": f"3.{minor}.0",
            "extra": "",
        }
        for minor in minors()
        for system in _SYSTEMS
    ]
