"""The command ``phaenthi plot`` on a small office: checks, sketches, states, replacements."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from phaenthi.apps.cli import main
from phaenthi.apps.demo.plots import make_plots
from phaenthi.apps.demo.spots import make_places
from phaenthi.apps.papers.plot_sheet import draw_sketch
from phaenthi.geo.shapes.crs import GEOGRAPHIC
from phaenthi.layers.contracts.contract import check
from phaenthi.layers.contracts.plots import CONTRACT, LOG, PONDS
from phaenthi.layers.contracts.spots import SPOTS_CONTRACT as PLACES
from phaenthi.layers.plots.sketch import sketch_plot
from phaenthi.layers.workspace.folder import Workspace
from tests.layers.plots_by_hand import (
    TAMBONS,
    VILLAGES,
    open_plot_office,
    parcel,
    plots_table,
    source,
)

LAND = parcel(103.43, 16.45, 100, 80)


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    workspace = open_plot_office(tmp_path)
    rows = plots_table(
        {"plot_id": "A", "geometry": LAND, "status": "selected"},
        {
            "plot_id": "B",
            "geometry": shapely.Point(103.46, 16.45),
            "status": "reserve",
            "reserve_place": 2,
        },
        {
            "plot_id": "C",
            "geometry": shapely.Point(103.47, 16.46),
            "status": "reserve",
            "reserve_place": 1,
            "owner_consent": False,
        },
        {
            "plot_id": "D",
            "geometry": shapely.Point(103.44, 16.47),
            "status": "province_checked",
            "title_type": "land_reform",
        },
    )
    workspace.put("plots", rows, source())
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(workspace.folder))
    monkeypatch.chdir(tmp_path)
    return workspace.folder


def run(capsys, *arguments: str) -> tuple[int, str]:
    code = main(["plot", *arguments])
    told = capsys.readouterr()
    return code, told.out + told.err


def test_the_plots_are_counted_by_check_and_the_made_up_say_so(folder, capsys):
    code, told = run(capsys, "check", "--target", "460102", "--language", "en")
    assert code == 0
    assert "4 plots: 3 met, 1 not met, 0 not known" in told
    assert "made-up data" in told


def test_one_plot_is_told_with_clauses_areas_and_whom_to_ask(folder, capsys):
    code, told = run(capsys, "check", "A", "--target", "460102")
    assert code == 0
    assert "PK68 · โคก หนอง นา · การรับสมัคร" in told
    assert "เนื้อที่ที่วัดจากรูปแปลง" in told
    assert "19 มีนาคม 2568" in told
    assert "สปก" in run(capsys, "check", "D")[1].replace(".", "")
    assert "สำนักงานการปฏิรูปที่ดินเพื่อเกษตรกรรม" in run(capsys, "check", "D")[1]


def test_a_plot_whose_land_title_is_not_known_is_told_all_the_same(folder, capsys):
    rows = plots_table({"plot_id": "A", "geometry": LAND, "title_type": None})
    Workspace.open(folder).put("plots", rows, source())
    code, told = run(capsys, "check", "A")
    assert code == 0
    assert "เนื้อที่ที่วัดจากรูปแปลง" in told
    assert "<NA>" not in told


def test_the_list_has_no_shapes_and_no_owners(folder, capsys, tmp_path):
    code, _ = run(capsys, "check", "--province", "46", "--to", "list.csv")
    assert code == 0
    table = pd.read_csv(tmp_path / "list.csv", dtype="string")
    assert len(table) == 4
    assert not [head for head in table if re.search("เจ้าของ$|ที่อยู่", head)]


def test_a_sketch_is_written_as_a_drawing_and_as_shapes(folder, capsys, tmp_path):
    code, told = run(capsys, "sketch", "A", "--to", "out", "--pond-depth", "4")
    assert code == 0
    assert "ไร่" in told
    ET.fromstring((tmp_path / "out/sketch-A.svg").read_text(encoding="utf-8"))
    shapes = json.loads((tmp_path / "out/sketch-A.geojson").read_text(encoding="utf-8"))
    parts = [one["properties"]["part"] for one in shapes["features"]]
    assert parts == ["water", "rice", "garden", "dwelling"]
    assert all(one["properties"]["made_up"] for one in shapes["features"])


def test_a_point_gives_numbers_alone(folder, capsys, tmp_path):
    code, told = run(capsys, "sketch", "B", "--to", "out", "--language", "en")
    assert code == 0
    assert "numbers alone" in told
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("language", ["th", "en"])
def test_a_drawing_escapes_what_a_register_may_hold(language):
    sketch = sketch_plot(LAND, setback_metres=8.0)
    pond = gpd.GeoSeries([parcel(103.4302, 16.4502, 20, 20)], crs=GEOGRAPHIC)
    text = draw_sketch(sketch, '<b>"&</b>', language, ponds=pond, made_up=True)
    assert "<b>" not in text
    root = ET.fromstring(text)
    assert len(root.findall("{http://www.w3.org/2000/svg}path")) == 4 + 1 + 1 + 2
    with pytest.raises(ValueError, match="point"):
        draw_sketch(sketch_plot(shapely.Point(1, 1), 1600.0), "P", language)


def test_states_are_counted_by_amphoe_and_a_record_is_kept(folder, capsys):
    assert run(capsys, "status", "--province", "46")[0] == 0
    code, told = run(
        capsys, "status", "D", "--to", "selected", "--target", "460102", "--on", "1/6/2568"
    )
    assert code == 0
    assert "1 มิถุนายน 2568" in told
    workspace = Workspace.open(folder)
    assert workspace.table("plots").set_index("plot_id")["status"]["D"] == "selected"
    assert workspace.table(LOG.name)["decided_by"].tolist() == ["committee"]
    assert workspace.provenance("plots").made_up


def test_a_plot_that_is_not_met_is_selected_only_with_a_reason(folder, capsys):
    code, told = run(capsys, "status", "C", "--to", "selected", "--target", "460102")
    assert code == 2
    assert "เจ้าของแปลงยินยอม" in told
    reason = ("--reason", "committee_decision")
    assert run(capsys, "status", "C", "--to", "selected", *reason)[0] == 0


def test_the_reserve_comes_in_and_one_that_is_not_met_is_passed_over(folder, capsys):
    code, told = run(capsys, "replace", "A", "--target", "460102", "--language", "en")
    assert code == 0
    assert "is B, the next reserve" in told
    assert "Passed over" in told
    assert "C" in told
    assert not Workspace.open(folder).has(LOG.name)
    done = run(
        capsys, "replace", "A", "--confirm", "--reason", "owner_withdrew", "--on", "2/6/2568"
    )
    assert done[0] == 0
    states = Workspace.open(folder).table("plots").set_index("plot_id")["status"]
    assert (states["A"], states["B"], states["C"]) == ("withdrawn", "selected", "reserve")
    Workspace.open(folder).undo()
    states = Workspace.open(folder).table("plots").set_index("plot_id")["status"]
    assert (states["A"], states["B"]) == ("selected", "reserve")


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "nothing"),
        ("sketch", "nothing"),
        ("status", "nothing"),
        ("status", "A", "--to", "applied"),
        ("status", "D", "--to", "withdrawn"),
        ("status", "D", "--to", "selected", "--on", "some day"),
        ("replace", "A", "--confirm"),
        ("replace", "B"),
        ("check", "--target", "12345"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(folder, capsys, arguments):
    before = Workspace.open(folder).generation
    code, told = run(capsys, *arguments)
    assert code == 2
    assert "Traceback" not in told
    assert Workspace.open(folder).generation == before


def test_a_workspace_without_plots_says_what_to_do(tmp_path, capsys, monkeypatch):
    workspace = open_plot_office(tmp_path)
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(workspace.folder))
    code, told = run(capsys, "check", "--language", "en")
    assert code == 2
    assert "workspace import plots" in told


# -- made up ---------------------------------------------------------------------------------


def villages_of(rows: int) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    return pd.DataFrame(
        {
            "village_code": [
                f"4601{2 + number % 2:02d}{number // 2:02d}" for number in range(rows)
            ],
            "name_th": [f"บ้าน {number}" for number in range(rows)],
            "longitude": rng.uniform(103.41, 103.59, rows),
            "latitude": rng.uniform(16.41, 16.49, rows),
        }
    )


@pytest.mark.parametrize("rows", [0, 1, 100])
def test_made_up_rows_keep_to_the_contracts_and_are_the_same_again(rows):
    made = [
        make_plots(villages_of(rows), "46", np.random.default_rng(5), TAMBONS) for _ in range(2)
    ]
    for contract, one, again in (
        (CONTRACT, made[0].plots, made[1].plots),
        (PONDS, made[0].ponds, made[1].ponds),
        (LOG, made[0].log, made[1].log),
    ):
        assert check(contract, one).equals(check(contract, again))
    places = make_places(villages_of(rows), "46", np.random.default_rng(5))
    check(PLACES, places)
    assert made[0].plots.height == (0 if not rows else max(1, round(0.12 * rows)))


def test_villages_without_positions_have_no_plots():
    lost = VILLAGES.assign(longitude=np.nan, latitude=np.nan)
    made = make_plots(lost, "46", np.random.default_rng(5), TAMBONS)
    assert made.plots.is_empty()
    assert make_places(lost, "46", np.random.default_rng(5)).is_empty()
