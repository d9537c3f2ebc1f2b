"""What every test may ask for: the folder of real registers, where an office has them."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings

from tests.demo_copies import FOLDER

# At a desk each run tries other examples; where a change is judged, the same ones every time.
settings.register_profile("desk", deadline=None)
settings.register_profile("judged", deadline=None, derandomize=True)
settings.load_profile("judged" if os.environ.get("CI") else "desk")


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main() -> Generator[None, object, object]:
    """Keep what all processes of a run share in one folder, and clear it at the end."""
    if FOLDER in os.environ:
        return (yield)
    with TemporaryDirectory(prefix="phaenthi-demos-") as folder:
        os.environ[FOLDER] = folder
        return (yield)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real boundaries and registers that ``PHAENTHI_REAL_DATA`` names."""
    folder = os.environ.get("PHAENTHI_REAL_DATA")
    if not folder:
        pytest.skip("PHAENTHI_REAL_DATA is not set: tests on real registers were left out")
    path = Path(folder)
    if not path.is_dir():
        pytest.fail(f"PHAENTHI_REAL_DATA names a folder that does not exist: {path}")
    return path
