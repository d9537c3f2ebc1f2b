"""Places and the nearest of them: in the own province first, then outside it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from phaenthi.geo.shapes.crs import ELLIPSOID, GEOGRAPHIC
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.spots.summary import nearest_learning_places, summary_by_village
from tests.layers.office import write
from tests.layers.plots_by_hand import open_plot_office, plots_table

FILE = """รหัสสถานที่,ประเภท,ชื่อสถานที่,รหัสหมู่บ้าน,ละติจูด,ลองจิจูด
L-1,ศูนย์เรียนรู้ชุมชน,ศูนย์เรียนรู้บ้านหนึ่ง,46010201,16.45,103.42
M-1,ตลาดประชารัฐ,ตลาดสอง,46010301,16.45,103.55
X-1,อะไรไม่รู้,ที่ไหนสักแห่ง,,,
"""


def places(*rows):
    table = pd.DataFrame(
        [row[:3] for row in rows], columns=["place_id", "kind", "tambon_code"], dtype="string"
    )
    shapes = [None if row[3] is None else shapely.Point(row[3]) for row in rows]
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, crs=GEOGRAPHIC), crs=GEOGRAPHIC)


def test_places_are_read_with_their_kinds_and_one_without_a_position_is_kept(tmp_path):
    workspace = open_plot_office(tmp_path)
    report = import_file(workspace, "places", write(tmp_path, "places.csv", FILE))
    table = workspace.table("places").set_index("place_id")
    assert table["kind"].to_dict() == {"L-1": "learning_centre", "M-1": "market", "X-1": "other"}
    assert table["tambon_code"].fillna("").tolist() == ["460102", "460103", ""]
    assert table.geometry.isna().tolist() == [False, False, True]
    assert any(note.message_id.endswith("place_kinds_unknown") for note in report.notes)
    counted = summary_by_village(workspace.scan("places").collect())
    assert counted.rows() == [("46010201", 1, 1, 0), ("46010301", 1, 0, 1)]


def test_a_place_of_the_own_province_goes_before_a_nearer_one_outside():
    plots = plots_table(
        {"plot_id": "A", "geometry": shapely.Point(103.0, 16.0)},
        {"plot_id": "B", "geometry": shapely.Point(103.0, 16.0)},
        {"plot_id": "C", "geometry": None},
        {"plot_id": "D", "geometry": shapely.box(103.0, 16.0, 103.001, 16.001)},
    )
    plots["tambon_code"] = pd.array(["460102", "420101", "460102", pd.NA], dtype="string")
    learning = places(
        ("far inside", "learning_centre", "460201", (103.5, 16.0)),
        ("near outside", "sammachip_village", "310101", (103.01, 16.0)),
        ("market", "market", "460102", (103.0, 16.0)),
        ("nowhere", "learning_centre", "460102", None),
    )
    found = nearest_learning_places(plots, learning)
    assert found["place_id"].fillna("").tolist() == [
        "far inside",
        "near outside",
        "",
        "near outside",
    ]
    assert found["in_province"].isna().tolist()[2]
    assert found["in_province"].tolist()[:2] == [True, False]
    assert found["nearer_id"].iloc[0] == "near outside"
    metres = ELLIPSOID.inv(103.0, 16.0, 103.5, 16.0)[2]
    assert found["metres"].iloc[0] == pytest.approx(metres, rel=3e-3)


def test_a_hundred_thousand_plots_find_their_learning_places():
    rng = np.random.default_rng(3)
    x, y = rng.uniform(98, 105, 100_000), rng.uniform(6, 20, 100_000)
    codes = pd.Series(rng.choice(["310101", "420101", "460101"], 100_000), dtype="string")
    plots = gpd.GeoDataFrame(
        {"tambon_code": codes}, geometry=gpd.points_from_xy(x, y), crs=GEOGRAPHIC
    )
    where = ["310101", "420101", "990101"] * 100
    table = places(
        *((f"P{at}", "learning_centre", code, (98 + at / 50, 10)) for at, code in enumerate(where))
    )
    found = nearest_learning_places(plots, table)
    assert found["place_id"].notna().all()
    assert not found.loc[(codes == "460101").to_numpy(), "in_province"].any()


@pytest.mark.parametrize("rows", [0, 1])
def test_without_places_or_plots_there_is_no_nearest(rows):
    plots = plots_table(*({"plot_id": "A", "geometry": None} for _ in range(rows)))
    plots["tambon_code"] = pd.Series(["460102"] * rows, dtype="string")
    assert nearest_learning_places(plots, places())["place_id"].isna().sum() == rows
