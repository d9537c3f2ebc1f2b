"""Every pin can be installed on every Python and system that is promised, says the index itself.

Without the index these tests are left out; where ``PHAENTHI_REQUIRE_INDEX`` is set they fail.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import canonicalize_name, parse_wheel_filename
from promise import minors, releases
from pypi_simple import PYPI_SIMPLE_ENDPOINT, DistributionPackage, PyPISimple
from requests import RequestException

ROOT = Path(__file__).resolve().parents[1]
SYSTEMS: Mapping[str, list[str]] = {
    "Windows": ["win_amd64"],
    "macOS on Apple processors": [*mac_platforms((14, 0), "arm64")],
    "macOS on Intel processors": [*mac_platforms((14, 0), "x86_64")],
    # Debian 12 has glibc 2.36.
    "Linux": [
        *(f"manylinux_2_{n}_x86_64" for n in range(36, 4, -1)),
        *(f"manylinux{year}_x86_64" for year in (2014, 2010, 1)),
    ],
}
WITHOUT_WHEEL: Mapping[tuple[str, str], str] = {
    ("pytauargus", "macOS on Intel processors"): (
        "only compares our suppression with tau-Argus in the tests, which are left out without it"
    ),
}


def pinned() -> list[tuple[str, str]]:
    lines = [
        line
        for path in ROOT.glob("requirements*.txt")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    lines += tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"][
        "requires"
    ]
    found = [re.match(r"([\w.-]+)==([^ ;]+)", line) for line in lines]
    return [(canonicalize_name(pin[1]), pin[2]) for pin in found if pin]


def index_of_this_machine() -> str:
    """Return the index that pip is told to use, or the one that everybody has."""
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return os.environ.get("PIP_INDEX_URL") or asked.stdout.strip() or PYPI_SIMPLE_ENDPOINT


@pytest.fixture(scope="module")
def files() -> dict[tuple[str, str], list[DistributionPackage]]:
    """Return the files that the index has of each pin."""
    with PyPISimple(index_of_this_machine()) as index, ThreadPoolExecutor(16) as threads:

        def asked(pin: tuple[str, str]) -> list[DistributionPackage]:
            packages = index.get_project_page(pin[0], timeout=60).packages
            return [one for one in packages if one.version == pin[1]]

        pins = pinned()
        try:
            return dict(zip(pins, threads.map(asked, pins), strict=True))
        except RequestException as error:
            said = f"the index did not answer, so the pins were not held against it: {error}"
            if os.environ.get("PHAENTHI_REQUIRE_INDEX"):
                pytest.fail(said)
            pytest.skip(said)


def test_every_pin_admits_every_python_that_is_promised(files):
    promised = releases()
    narrower = {
        f"{name}=={version}": file.requires_python
        for (name, version), found in files.items()
        for file in found
        if file.requires_python
        and any(r not in SpecifierSet(file.requires_python) for r in promised)
    }
    assert not narrower


def test_every_pin_has_a_wheel_for_every_system_and_every_python_that_is_promised(files):
    lacking = {
        (name, system)
        for (name, version), found in files.items()
        for system, platforms in SYSTEMS.items()
        for minor in minors()
        if not tags_of(found) & fitting(minor, platforms)
    }
    assert lacking == set(WITHOUT_WHEEL)


def tags_of(found: Iterable[DistributionPackage]) -> set[Tag]:
    wheels = [parse_wheel_filename(one.filename) for one in found if one.package_type == "wheel"]
    return {tag for *_, tags in wheels for tag in tags}


def fitting(minor: int, platforms: list[str]) -> set[Tag]:
    version = (3, minor)
    return {
        *cpython_tags(version, platforms=platforms),
        *compatible_tags(version, f"cp3{minor}", platforms),
    }
