"""A plan leaves in every format: villages with points, other units with the shape they have."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from phaenthi.apps.cli import main
from phaenthi.apps.exports.plan_files import export_plan
from phaenthi.apps.exports.plan_map import (
    UNIT_COLUMNS,
    export_plan_as,
    plan_takeaway,
    publish_units,
)
from phaenthi.apps.maps.legends import HIDDEN_COLOUR, SEQUENTIAL, STATUS_LOOKS
from phaenthi.apps.maps.styles import count_style, status_style
from phaenthi.apps.publication.exported_fields import PLAN_FIELDS
from phaenthi.apps.publication.published_plan import Publication
from phaenthi.geo.vectors.formats import FORMATS
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.evidence import gather
from phaenthi.targeting.judging.unit_table import with_units
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.programme import programme as programmes
from phaenthi.wording import LANGUAGES, Problem
from tests.apps.demo_plan import PROVINCE, demo_publication, demo_workspace

DAY = date(2020, 1, 6)


@pytest.fixture(scope="module")
def products() -> Publication:
    """A plan of products, one of them placed in a village."""
    workspace, programme = demo_workspace(), programmes.load("kbo-results-2563")
    villages = workspace.table("villages")
    village = str(villages.loc[villages.geometry.notna(), "village_code"].iloc[0])
    table = pd.DataFrame(
        {
            "unit_code": ["P-1", "P-2"],
            "name_th": ["ผ้าขาวม้า", "กระติบ"],
            "village_code": [village, None],
            "amphoe_code": [village[:4], "4202"],
        }
    )
    evidence = with_units(gather(workspace, [PROVINCE]), programme, table)
    plan = plans.make(programme, evidence, [PROVINCE], decided_on=DAY)
    return Publication.of(plan, workspace)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_villages_of_a_plan_leave_in_every_format(kind: str, tmp_path: Path) -> None:
    publication = demo_publication()
    written = export_plan_as(publication, tmp_path, format=kind)
    placed = int(publication.villages.geometry.notna().sum())
    assert written.report.rows == (placed if kind == "gpx" else len(publication.villages))
    assert written.path.name == f"villages{FORMATS[kind].suffix}"
    if kind == "parquet":
        found = pd.DataFrame(gpd.read_parquet(written.path))
    elif kind == "gpx":
        found = pyogrio.read_dataframe(written.path, layer="waypoints")
        found.columns = [name.removeprefix("phaenthi_") for name in found.columns]
    else:
        found = pyogrio.read_dataframe(written.path)
    name = "STATUS" if kind == "shapefile" else "status"
    chosen = publication.villages["status"].eq("chosen").sum()
    assert found[name].eq("chosen").sum() == chosen > 0


def test_no_small_count_and_no_household_is_in_any_file_of_a_plan(tmp_path: Path) -> None:
    publication = demo_publication()
    members = publication.plan.members["household_id"]
    small = publication.plan.units.set_index("unit_code")["target_households"].between(1, 4)
    for kind in FORMATS:
        export_plan_as(publication, tmp_path, format=kind)
        for path in tmp_path.iterdir():
            content = path.read_bytes()
            assert not any(one.encode() in content for one in members), path.name
    found = pyogrio.read_dataframe(tmp_path / "villages.gpkg").set_index("village_code")
    assert found.loc[small.index[small], ["target_households", "need"]].isna().all(axis=None)


def test_units_of_other_kinds_have_the_point_of_their_village(
    products: Publication, tmp_path: Path
) -> None:
    table = publish_units(products).set_index("unit_code")
    assert table.geometry.notna().to_dict() == {"P-1": True, "P-2": False}
    assert table["unit"].unique().tolist() == ["ผลิตภัณฑ์"]
    assert list(table.reset_index().columns.drop("geometry")) == list(UNIT_COLUMNS)
    for kind in FORMATS:
        written = export_plan_as(products, tmp_path, format=kind)
        assert written.path.name == f"products{FORMATS[kind].suffix}"
    exported = export_plan(products, tmp_path / "papers")
    assert set(exported.files) == {"shapefile", "geopackage", "dictionary"}
    assert all(path.is_file() for path in exported.files.values())


def test_units_that_have_a_shape_of_their_own_keep_it(
    products: Publication, tmp_path: Path
) -> None:
    """A fund, a group or a plot lies where its layer says, not where its village does."""
    village = publish_units(products).set_index("unit_code").loc["P-1"]
    workspace = Workspace.create(tmp_path / "workspace", salt="x")
    source = demo_workspace()
    origin = source.provenance("villages")
    assert origin is not None
    workspace.put("villages", source.table("villages"), origin)
    otop = pd.DataFrame(
        {
            "producer_id": ["G-1"],
            "product_id": ["P-1"],
            "village_code": [village["village_code"]],
            "longitude": [101.5],
            "latitude": [17.25],
        }
    )
    workspace.put("otop", otop, origin)
    moved = Publication(products.plan, products.programme, workspace)
    table = publish_units(moved).set_index("unit_code")
    assert (table.geometry["P-1"].x, table.geometry["P-1"].y) == (101.5, 17.25)


def test_plans_of_households_leave_in_no_map_file(products: Publication) -> None:
    programme = programmes.load("village-record-check")
    assert programme.unit == "household"
    publication = Publication(products.plan, programme, products.workspace)
    with pytest.raises(Problem, match="household"):
        plan_takeaway(publication)
    with pytest.raises(Problem, match="household"):
        export_plan(publication, Path("nowhere"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_line_writes_one_file_of_the_kind_asked_for(
    language: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = str(demo_workspace().folder)
    assert main(["choose", "ne-poverty-2563", "--province", PROVINCE, "--workspace", folder]) == 0
    found = re.search(r"ne-poverty-2563-[0-9x]+-[0-9a-f]{8}", capsys.readouterr().out)
    assert found
    asked = ["export", found.group(), "--workspace", folder, "--language", language, "--to", "out"]
    options = ["--format", "shapefile", "--crs", "24047", "--encoding", "cp874"]
    assert main([*asked, *options]) == 0
    said = capsys.readouterr().out
    assert [one.name for one in Path("out").iterdir()] == ["villages.zip"]
    assert "EPSG:1304" in said
    with zipfile.ZipFile("out/villages.zip") as archive:
        assert archive.read("villages.cpg") == b"CP874"
    assert pyogrio.read_info("out/villages.zip")["crs"] == "EPSG:24047"
    assert main([*asked, "--format", "kml", "--crs", "32647"]) == 2
    assert "EPSG:4326" in capsys.readouterr().err


# -- styles ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_styles_have_the_shapes_and_colours_of_the_app(language: str) -> None:
    style = status_style(language)  # type: ignore[arg-type]
    for one, (status, look) in zip(style.classes, STATUS_LOOKS.items(), strict=True):
        assert (one.value, one.symbol.colour, one.symbol.shape) == (status, look.colour, look.shape)


def test_a_count_is_drawn_in_classes_and_hidden_ones_in_grey() -> None:
    table = pd.DataFrame(
        {
            "n": pd.array([5, 6, 7, 20, 30, 40, 50, None, None], dtype="Int64"),
            "hid": [False] * 7 + [True, False],
        }
    )
    style = count_style(table, "n", "ครัวเรือน", "th", "hid")
    assert all(one.symbol.colour in SEQUENTIAL for one in style.classes[:-1])
    assert style.classes[-1].symbol.colour == HIDDEN_COLOUR
    assert style.classes[-1].low is None
    shown = table["n"].dropna()
    for one in style.classes[:-1]:
        assert shown.between(one.low, one.high).any()
    held = sum(shown.between(one.low, one.high).sum() for one in style.classes[:-1])
    assert held == len(shown)
    nothing = count_style(table.iloc[[7]], "n", "ครัวเรือน", "th", "hid")
    assert len(nothing.classes) == 1


def test_the_fields_of_a_plan_are_those_of_its_table() -> None:
    assert [field.column for field in PLAN_FIELDS] == list(
        demo_publication().villages.columns.drop("geometry")
    )
