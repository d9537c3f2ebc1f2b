"""Areas as they are drawn: made once, kept until other boundaries come, shared edges and all."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from phaenthi.apps.maps import shapes as map_shapes
from phaenthi.apps.maps.shapes import drawn_areas
from phaenthi.geo.places.codes import Level
from phaenthi.layers.contracts.boundaries import layer_name
from phaenthi.layers.contracts.provenance import Provenance
from phaenthi.layers.villages import table as villages
from phaenthi.layers.villages.shown import shown_boundaries
from phaenthi.layers.workspace.documents import DocumentKind
from phaenthi.layers.workspace.folder import Workspace


def provenance(number: int = 0) -> Provenance:
    return Provenance(f"{number}", "", datetime(2026, 1, 1, number, tzinfo=UTC), made_up=True)


def tambons(east: float = 103.2) -> gpd.GeoDataFrame:
    codes = ["460101", "460102", "460201", "310101"]
    boxes = [
        shapely.box(103.0, 16.0, 103.1, 16.1),
        shapely.box(103.1, 16.0, east, 16.1),
        shapely.box(103.0, 16.1, 103.1, 16.2),
        shapely.box(102.0, 15.0, 102.1, 15.1),
    ]
    return gpd.GeoDataFrame(
        {"code": codes, "name_th": codes, "name_en": codes}, geometry=boxes, crs="EPSG:4326"
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "office", made_up=True, salt="x")
    made.put(layer_name(Level.TAMBON), tambons(), provenance())
    points = pd.DataFrame(
        {
            "village_code": ["46010101", "46010102", "46010103"],
            "name_th": ["ก", "ข", None],
            "name_en": [None, None, None],
            "longitude": [103.02, 103.08, None],
            "latitude": [16.05, 16.05, None],
        }
    )
    made.put("villages", points, provenance())
    return made


def kept(workspace: Workspace) -> list[Path]:
    return sorted((workspace.folder / DocumentKind.COMPUTED).glob("*"))


def test_only_the_areas_that_were_asked_for_are_drawn(workspace: Workspace) -> None:
    drawn = drawn_areas(workspace, Level.TAMBON, "4601")
    assert drawn is not None
    assert drawn.codes == ("460101", "460102")
    assert drawn.bounds == (103.0, 16.0, 103.2, 16.1)
    assert json.loads(drawn.content)["codes"] == list(drawn.codes)


def test_nothing_is_drawn_where_there_are_no_areas(workspace: Workspace) -> None:
    assert drawn_areas(workspace, Level.TAMBON, "83") is None
    assert drawn_areas(workspace, Level.AMPHOE, "83") is None
    assert not kept(workspace)


def test_amphoe_that_were_not_imported_are_drawn_from_their_tambons(workspace: Workspace) -> None:
    drawn = drawn_areas(workspace, Level.AMPHOE, "46")
    assert drawn is not None
    assert drawn.codes == ("4601", "4602")
    assert drawn.bounds == (103.0, 16.0, 103.2, 16.2)


def test_an_office_without_boundaries_sees_those_of_the_system_and_anew_for_other_villages(
    tmp_path: Path,
) -> None:
    office = Workspace.create(tmp_path / "first minute")
    listed = pd.DataFrame({"village_code": ["96010201"], "name_th": ["ก"]})
    office.put("villages", listed, provenance())
    drawn = drawn_areas(office, Level.AMPHOE, "")
    assert drawn is not None
    assert len(drawn.codes) == 13
    more = pd.DataFrame({"village_code": ["57010201", "96010201"], "name_th": ["ก", "ข"]})
    office.put("villages", more, provenance(1))
    both = drawn_areas(office, Level.AMPHOE, "")
    assert both is not None
    assert {code[:2] for code in both.codes} == {"57", "96"}


def test_what_was_drawn_is_kept_until_other_boundaries_are_imported(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = drawn_areas(workspace, Level.TAMBON, "46")
    monkeypatch.setattr(map_shapes, "shown_boundaries", None)
    assert drawn_areas(workspace, Level.TAMBON, "46") == first
    monkeypatch.undo()
    workspace.put(layer_name(Level.TAMBON), tambons(east=103.3), provenance(1))
    after = drawn_areas(workspace, Level.TAMBON, "46")
    assert after is not None
    assert after.bounds[2] == 103.3
    assert len(kept(workspace)) == 1


def test_a_folder_that_may_not_be_written_is_no_reason_not_to_draw(workspace: Workspace) -> None:
    (workspace.folder / DocumentKind.COMPUTED).write_text("a file where the folder should be")
    assert drawn_areas(workspace, Level.TAMBON, "46") is not None


def test_villages_have_the_ground_around_their_points(workspace: Workspace) -> None:
    drawn = drawn_areas(workspace, Level.VILLAGE, "4601", villages.build(workspace))
    assert drawn is not None
    assert drawn.codes == ("46010101", "46010102")
    assert json.loads(drawn.content)["th"] == ["ก", "ข"]


def test_a_part_of_the_boundaries_is_read_without_the_rest(workspace: Workspace) -> None:
    assert shown_boundaries(workspace, Level.TAMBON, "31")["code"].tolist() == ["310101"]


def test_a_view_with_too_many_corners_is_drawn_with_fewer_and_edges_still_meet(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_shapes, "MOST_CORNERS", 100)
    wavy = tambons()
    edge = [(103.1 + 0.002 * (number % 2), 16 + number / 2000) for number in range(201)]
    wavy.loc[0, "geometry"] = shapely.Polygon([(103.0, 16.1), (103.0, 16.0), *edge])
    wavy.loc[1, "geometry"] = shapely.Polygon([(103.2, 16.0), (103.2, 16.1), *edge[::-1]])
    workspace.put(layer_name(Level.TAMBON), wavy, provenance(2))
    drawn = drawn_areas(workspace, Level.TAMBON, "4601")
    assert drawn is not None
    packed = json.loads(drawn.content)
    corners = [sum(len(ring) // 2 for ring in rings) for rings in packed["shapes"]]
    assert sum(corners) < 200
