"""The three lists of what is installed say the same: pyproject, the pins, the conda file."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINNED = ("requirements.txt", "requirements-docs.txt", "requirements-dev.txt")


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in requirements}


def pins(file_name: str) -> dict[str, str]:
    lines = (ROOT / file_name).read_text(encoding="utf-8").splitlines()
    plain = [line for line in lines if line and not line.startswith(("#", "-r "))]
    for line in plain:
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line), f"{file_name}: {line}"
    return {canonicalize_name(name): version for name, version in (p.split("==") for p in plain)}


def conda() -> tuple[dict[str, str], dict[str, str]]:
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    from_conda = [entry for entry in listed if isinstance(entry, str)]
    from_pip = next(entry["pip"] for entry in listed if isinstance(entry, dict))
    return (
        {canonicalize_name(e.split("=")[0]): e.partition("=")[2] for e in from_conda},
        {canonicalize_name(e.split("==")[0]): e.partition("==")[2] for e in from_pip},
    )


def test_everything_the_project_needs_is_pinned_to_one_version():
    assert names(PROJECT["dependencies"]) <= set(pins("requirements.txt"))
    # What the tests need may be there already because the product leads to it.
    every = {name for file_name in PINNED for name in pins(file_name)}
    for extra in ("docs", "dev"):
        assert names(PROJECT["optional-dependencies"][extra]) <= every


def test_no_package_is_pinned_in_two_files():
    pinned = [name for file_name in PINNED for name in pins(file_name)]
    assert len(pinned) == len(set(pinned))


def test_whatever_a_pinned_package_needs_is_pinned_too():
    pinned = {name for file_name in PINNED for name in pins(file_name)}
    unpinned = set()
    for name in pinned:
        for line in metadata.distribution(name).requires or []:
            further = Requirement(line)
            if further.marker is None or further.marker.evaluate({"extra": ""}):
                unpinned |= {canonicalize_name(further.name)} - pinned
    assert not unpinned


def test_the_conda_file_lists_what_the_project_needs_and_nothing_else():
    from_conda, from_pip = conda()
    assert from_conda.pop("python") == "3.11"
    from_conda.pop("pip")
    assert set(from_conda) | set(from_pip) == names(PROJECT["dependencies"])
    assert not set(from_conda) & set(from_pip)


def test_what_the_conda_file_takes_from_pip_has_the_pinned_version():
    _, from_pip = conda()
    pinned = pins("requirements.txt")
    assert from_pip == {name: pinned[name] for name in from_pip}


def test_the_packages_that_are_installed_are_those_with_an_init_file():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = set(declared["tool"]["setuptools"]["packages"])
    floors = ("data", "wording", "geo", "layers", "targeting", "apps")
    found = {
        ".".join(("phaenthi", *init.parent.relative_to(ROOT).parts))
        for floor in floors
        for init in (ROOT / floor).rglob("__init__.py")
    }
    assert listed == found
