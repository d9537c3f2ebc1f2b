"""What only one feature needs may be missing: that feature says so, and all others go on."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from importlib import import_module, metadata  # noqa: TID251 - each module of an extra, by its name
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from packaging.requirements import Requirement
from promise import PROJECT
from shapely import box

from phaenthi.apps.papers import fonts
from phaenthi.apps.papers.page_picture import Drawing
from phaenthi.apps.papers.typesetting import typeset
from phaenthi.geo.extras import EXTRAS, Extra, command_for, is_installed, require
from phaenthi.layers.otop.hot_spots import find_hot_spots
from phaenthi.wording import Problem

# What the extras alone make possible; everything else loads without them.
OF_EXTRAS = {
    "phaenthi.geo.tours.circuit",
    "phaenthi.geo.tours.roads",
    "phaenthi.targeting.choice.integer_programme",
    "phaenthi.targeting.clash.conflict",
    "phaenthi.targeting.clash.relaxing",
}


@pytest.fixture
def without(monkeypatch) -> Callable[[Extra], None]:
    """Return what hides an extra, as if it were not installed."""

    def hide(extra: Extra) -> None:
        for name in [one for one in sys.modules if one.partition(".")[0] in EXTRAS[extra]]:
            monkeypatch.delitem(sys.modules, name)
        for name in EXTRAS[extra]:
            monkeypatch.setitem(sys.modules, name, None)
        for name in OF_EXTRAS:
            monkeypatch.delitem(sys.modules, name, raising=False)

    return hide


def set_a_page() -> None:
    typeset("page", Path("page.png"), date(2026, 1, 1))


def look_for_typefaces() -> None:
    fonts.installed_families.cache_clear()
    fonts.installed_families()


def look_for_hot_spots(statistic) -> Callable[[], object]:
    codes = pd.Series([f"46010{n}" for n in range(1, 10)], dtype="string")
    shapes = [box(n % 3, n // 3, n % 3 + 1, n // 3 + 1) for n in range(9)]
    areas = gpd.GeoDataFrame({"code": codes}, geometry=shapes, crs=4326)
    values = pd.DataFrame({"code": codes, "value": np.arange(9.0)})
    return lambda: find_hot_spots(values, areas, statistic=statistic, permutations=9)


@pytest.mark.parametrize(
    ("extra", "work"),
    [
        ("pictures", set_a_page),
        ("pictures", look_for_typefaces),
        ("hotspots", look_for_hot_spots("gi_star")),
        ("hotspots", look_for_hot_spots("local_moran")),
        *[
            ("roads" if name.endswith("roads") else "solver", lambda name=name: import_module(name))
            for name in sorted(OF_EXTRAS)
        ],
    ],
)
def test_a_feature_whose_extra_is_missing_says_what_to_install(extra, work, without):
    without(extra)
    with pytest.raises(Problem) as told:
        work()
    assert told.value.message_id == f"extras.{extra}"
    for language in ("th", "en"):
        assert f'-m pip install "phaenthi[{extra}]"' in told.value.sentence(language)


def test_work_that_needs_an_extra_can_be_refused_before_it_begins(without):
    require("pictures")
    without("pictures")
    assert not is_installed("pictures")
    with pytest.raises(Problem, match="pictures"):
        require("pictures")


def test_a_letter_is_shown_in_words_where_pictures_are_not_installed(without):
    without("pictures")
    drawing = Drawing(b"a Word file")
    assert list(drawing.go_on()) == []
    assert drawing.picture is None


def test_the_printed_command_installs_into_the_python_that_runs(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "my office" / "python"))
    assert command_for("roads").startswith('"my office')
    monkeypatch.setattr(sys, "executable", "/elsewhere/python")
    assert command_for("roads") == '/elsewhere/python -m pip install "phaenthi[roads]"'


def test_the_extras_are_those_of_the_project_and_bring_what_is_imported():
    declared = {
        name: {Requirement(line).name for line in lines}
        for name, lines in PROJECT["optional-dependencies"].items()
        if name not in {"all", "dev", "docs"}
    }
    brought = metadata.packages_distributions()
    assert declared == {
        extra: {one for name in names for one in brought[name]} for extra, names in EXTRAS.items()
    }
    (everything,) = PROJECT["optional-dependencies"]["all"]
    assert set(Requirement(everything).extras) == set(EXTRAS)


def test_whatever_is_no_part_of_an_extra_loads_without_any():
    names = sorted(name for names in EXTRAS.values() for name in names)
    code = f"""
import pkgutil, sys
sys.modules |= dict.fromkeys({names!r})
import phaenthi.apps, phaenthi.geo, phaenthi.layers, phaenthi.targeting
from importlib import import_module
floors = (phaenthi.apps, phaenthi.geo, phaenthi.layers, phaenthi.targeting)
for floor in floors:
    for module in pkgutil.walk_packages(floor.__path__, floor.__name__ + "."):
        if module.name not in {OF_EXTRAS!r} and not module.name.endswith("streamlit_app"):
            import_module(module.name)
            print(module.name)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    assert len(re.findall(r"^phaenthi\.", done.stdout, re.MULTILINE)) > 200
