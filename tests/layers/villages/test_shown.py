"""What a map shows: an office's own boundaries, or else the approximate ones of the system."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from phaenthi.geo.boundaries.embedded import read_embedded
from phaenthi.geo.places.codes import Level
from phaenthi.layers.contracts.boundaries import LEVELS, layer_name
from phaenthi.layers.contracts.provenance import Provenance
from phaenthi.layers.villages.shown import (
    lacking_provinces,
    shown_boundaries,
    shown_origins,
    shows_approximate,
)
from phaenthi.layers.workspace.folder import Workspace

OWN = Provenance("ตำบล.zip", "", datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An office of Narathiwat in its first minute: a village list and nothing else."""
    made = Workspace.create(tmp_path / "office")
    listed = pd.DataFrame(
        {"village_code": ["96010201", "96030102"], "name_th": ["บ้านหนึ่ง", "บ้านสอง"]}
    )
    made.put("villages", listed, OWN)
    return made


def own_tambons() -> gpd.GeoDataFrame:
    return read_embedded(Level.TAMBON, ["96"])[["code", "name_th", "name_en", "geometry"]]


def test_an_office_without_a_boundary_file_sees_its_province_marked_approximate(
    workspace: Workspace,
) -> None:
    counts = {Level.PROVINCE: 1, Level.AMPHOE: 13, Level.TAMBON: 77}
    for level, count in counts.items():
        shown = shown_boundaries(workspace, level)
        assert len(shown) == count
        assert shown["code"].str.startswith("96").all()
        [origin] = shown_origins(workspace, level)
        assert origin.approximate
        assert "Natural Earth" in origin.credit
        assert lacking_provinces(workspace, level) == ("96",)
    assert shows_approximate(workspace)


def test_what_is_shown_is_no_layer_of_the_workspace_and_nothing_is_judged_by_it(
    workspace: Workspace,
) -> None:
    for level in LEVELS:
        assert not workspace.has(layer_name(level))
        assert workspace.provenance(layer_name(level)) is None
        assert workspace.boundaries(level).empty


def test_the_part_asked_for_is_shown_alone(workspace: Workspace) -> None:
    assert set(shown_boundaries(workspace, Level.TAMBON, "9603")["code"].str[:4]) == {"9603"}
    assert shown_boundaries(workspace, Level.TAMBON, "46").empty


def test_an_own_file_takes_their_place_and_its_unions_that_of_the_levels_above(
    workspace: Workspace,
) -> None:
    own = own_tambons()
    # Half a degree to the north, so that one set cannot be taken for the other.
    own = own.set_geometry(own.geometry.translate(yoff=0.5))
    workspace.put(layer_name(Level.TAMBON), own, OWN)
    for level in LEVELS:
        shown = shown_boundaries(workspace, level)
        assert shown.total_bounds[1] == pytest.approx(own.total_bounds[1])
        assert shapely.area(shown.geometry.to_numpy()).sum() == pytest.approx(
            shapely.area(own.geometry.to_numpy()).sum()
        )
        [origin] = shown_origins(workspace, level)
        assert origin.source == OWN.source
        assert lacking_provinces(workspace, level) == ()
    assert not shows_approximate(workspace)


def test_below_an_own_file_of_amphoe_the_tambons_stay_approximate(workspace: Workspace) -> None:
    own = read_embedded(Level.AMPHOE, ["96"])
    workspace.put(layer_name(Level.AMPHOE), own, OWN)
    lacking = [level for level in LEVELS if lacking_provinces(workspace, level)]
    assert lacking == [Level.TAMBON]
    assert len(shown_boundaries(workspace, Level.TAMBON)) == 77


def test_a_province_that_an_own_file_leaves_out_is_shown_beside_it(workspace: Workspace) -> None:
    listed = pd.DataFrame(
        {"village_code": ["46010201", "96010201"], "name_th": ["บ้านหนึ่ง", "บ้านสอง"]}
    )
    workspace.put("villages", listed, OWN)
    workspace.put(layer_name(Level.TAMBON), own_tambons(), OWN)
    shown = shown_boundaries(workspace, Level.TAMBON)
    assert shown["code"].is_monotonic_increasing
    assert shown["code"].str[:2].value_counts().to_dict() == {"46": 135, "96": 77}
    assert shown.crs == own_tambons().crs
    own, embedded = shown_origins(workspace, Level.TAMBON)
    assert (own.source, own.approximate, embedded.approximate) == (OWN.source, False, True)
    assert shows_approximate(workspace)
    assert lacking_provinces(workspace, Level.TAMBON) == ("46",)


def test_without_a_village_list_nobody_knows_which_province_to_show(tmp_path: Path) -> None:
    empty = Workspace.create(tmp_path / "empty")
    for level in LEVELS:
        assert shown_boundaries(empty, level).empty
        assert shown_origins(empty, level) == ()
    assert not shows_approximate(empty)
