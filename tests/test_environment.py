"""The lists of what is installed say the same: pyproject, the pins, the conda file, the README."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pins import applies, extras
from promise import PROJECT, minors

ROOT = Path(__file__).resolve().parents[1]
FILES = tuple(f"requirements{part}.txt" for part in ("", "-extras", "-docs", "-dev"))
# What conda-forge calls otherwise than the index of Python packages does.
CONDA_NAMES = {"ortools": "ortools-python", "osmium": "pyosmium", "typst": "typst-py"}


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in requirements}


def pins(*file_names: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for file_name in file_names:
        lines = (ROOT / file_name).read_text(encoding="utf-8").splitlines()
        for line in (line for line in lines if not line.startswith(("#", "-r "))):
            pin = re.fullmatch(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.]+)( ; sys_platform .+)?", line)
            assert pin, f"{file_name}: {line}"
            found[canonicalize_name(pin[1])] = pin[2]
    return found


def conda() -> tuple[dict[str, str], dict[str, str]]:
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    from_conda = [entry for entry in listed if isinstance(entry, str)]
    from_pip = next(entry["pip"] for entry in listed if isinstance(entry, dict))
    apart = [re.fullmatch(r"([a-z0-9-]+)\s*(.*)", entry) for entry in from_conda]
    return (
        {entry[1]: entry[2] for entry in apart if entry},
        {canonicalize_name(e.split("==")[0]): e.partition("==")[2] for e in from_pip},
    )


def test_everything_the_project_needs_is_pinned_to_one_version():
    assert names(PROJECT["dependencies"]) <= set(pins("requirements.txt"))
    # What an extra or the tests need may be there already because the product leads to it.
    assert names(extras("all")) <= set(pins(*FILES[:2]))
    assert names(extras("docs")) <= set(pins("requirements.txt", "requirements-docs.txt"))
    assert names(extras("dev")) <= set(pins(*FILES))


def test_no_package_is_pinned_in_two_files():
    assert len(pins(*FILES)) == sum(len(pins(file_name)) for file_name in FILES)


def test_what_only_an_extra_needs_is_not_installed_by_default():
    assert not names(extras("all")) & set(pins("requirements.txt"))


@pytest.mark.parametrize("files", [FILES[:1], FILES[:2], (FILES[0], FILES[2]), FILES])
def test_whatever_a_pinned_package_needs_on_any_promised_system_is_pinned_too(files):
    pinned = pins(*files)
    unpinned = {
        canonicalize_name(further.name)
        for name in pinned
        if is_installed(name)
        for further in map(Requirement, metadata.distribution(name).requires or [])
        if applies(further)
    } - set(pinned)
    assert not unpinned


def is_installed(name: str) -> bool:
    # A pin may be meant for another system alone.
    return next(metadata.Distribution.discover(name=name), None) is not None


def test_the_conda_file_lists_what_the_project_and_its_extras_need_and_nothing_else():
    from_conda, from_pip = conda()
    assert f"python {from_conda.pop('python')}" == f"python {PROJECT['requires-python']}"
    from_conda.pop("pip")
    needed = names(PROJECT["dependencies"]) | names(extras("all"))
    assert set(CONDA_NAMES) <= needed
    assert set(from_conda) == {CONDA_NAMES.get(name, name) for name in needed - set(from_pip)}
    assert set(from_pip) <= needed


def test_what_the_conda_file_takes_from_pip_has_the_pinned_version():
    _, from_pip = conda()
    pinned = pins(*FILES)
    assert from_pip == {name: pinned[name] for name in from_pip}


def test_the_readme_names_the_pythons_that_are_promised_in_both_languages():
    lowest, highest = (f"3.{minor}" for minor in (min(minors()), max(minors())))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"Python {lowest} ถึง {highest}" in readme
    assert f"Python {lowest} to {highest}" in readme


def test_make_refuses_a_python_that_is_too_old_or_too_new_and_says_so_in_both_languages(tmp_path):
    for version, thai, english in (
        ((3, min(minors()) - 1), "เก่าเกินไป", "is too old"),
        ((3, max(minors()) + 1), "ใหม่กว่าที่ทดสอบแล้ว", "is newer than what was tried"),
    ):
        told = examined_as(version)
        assert told.returncode == 1
        assert thai in told.stderr
        assert english in told.stderr
    for minor in minors():
        assert examined_as((3, minor)).returncode == 0


def examined_as(version: tuple[int, int]) -> subprocess.CompletedProcess[str]:
    """Run the check of the interpreter as if this Python were another one."""
    code = (
        f"import sys; sys.version_info = ({version[0]}, {version[1]}, 0);"
        "import python_fits; sys.exit(python_fits.main())"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT / ".ci",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


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
