"""The country that benchmarks and browser tests are run on."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.made_up_country import make_boundaries
from benchmarks.national_workspace import FEWEST, MOST, share_villages
from phaenthi.geo.boundaries.reading import dissolve
from phaenthi.geo.places.codes import Level
from phaenthi.geo.places.gazetteer import areas


@settings(max_examples=15)
@given(st.integers(15_000, 170_000), st.integers(0, 2600))
def test_every_village_finds_a_tambon_outside_bangkok(villages: int, seed: int) -> None:
    shared = share_villages(villages, seed)
    assert int(shared["villages"].sum()) == villages
    assert shared["villages"].between(FEWEST, MOST).all()
    assert not shared["code"].str.startswith("10").any()


def test_more_villages_than_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        share_villages(1_000_000, 1)


def test_made_up_areas_have_every_code_and_fit_together() -> None:
    made = make_boundaries()
    for level, table in made.items():
        assert table["code"].tolist() == sorted(areas(level)["code"])
        assert shapely.is_valid(table.geometry.to_numpy()).all()
    tambons = made[Level.TAMBON]
    assert shapely.coverage_is_valid(tambons.geometry.to_numpy())
    whole = dissolve(tambons, Level.PROVINCE).geometry.to_numpy()
    assert shapely.equals_exact(whole, made[Level.PROVINCE].geometry.to_numpy()).all()
