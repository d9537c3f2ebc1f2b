"""Any layer can be taken away; people only as counts, and no count that gives a household away."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import polars as pl
import pyogrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box

from phaenthi.apps.cli import main
from phaenthi.apps.exports.clusters_and_routes import (
    cluster_takeaways,
    export_parts,
    route_takeaways,
)
from phaenthi.apps.exports.layers import (
    audience,
    export_layer,
    layer_takeaway,
    measures_side_by_side,
)
from phaenthi.geo.vectors.formats import FORMATS
from phaenthi.layers.contracts.catalogue import CONTRACTS, contract_of
from phaenthi.layers.contracts.poverty import DIMENSIONS
from phaenthi.layers.contracts.provenance import Provenance
from phaenthi.layers.people.counts import HIDDEN, HOUSEHOLDS, is_of_people, people_by_village
from phaenthi.layers.people.disclosure import hide_small_counts
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.wording import LANGUAGES, Problem
from tests.apps.demo_plan import demo_workspace

HERE = demo_workspace().layers
PEOPLE = [name for name in HERE if is_of_people(contract_of(name))]


@pytest.mark.parametrize("layer", HERE)
@pytest.mark.parametrize("kind", ["shapefile", "gpkg", "geojson", "csv"])
def test_every_layer_of_the_demo_can_be_taken_away(layer: str, kind: str, tmp_path: Path) -> None:
    written = export_layer(demo_workspace(), layer, ["42"], folder=tmp_path, format=kind)
    assert written.path.name.startswith(f"{layer}-42.")
    assert written.report.rows > 0
    found = pyogrio.read_dataframe(written.path)
    assert "made_up" in {str(name).lower() for name in found.columns}
    origin = demo_workspace().provenance(layer)
    assert origin is not None
    says_so = any("จำลอง" in line for line in written.statement)
    assert says_so or not origin.made_up


@pytest.mark.parametrize("kind", FORMATS)
def test_households_leave_in_no_format(kind: str, tmp_path: Path) -> None:
    workspace = demo_workspace()
    hashed = workspace.table("poverty")["household_id"]
    for layer in PEOPLE:
        export_layer(workspace, layer, folder=tmp_path, format=kind)
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        assert not any(one.encode() in content for one in hashed.head(200)), path.name


@pytest.mark.parametrize("layer", PEOPLE)
def test_no_count_of_one_to_four_households_leaves(layer: str) -> None:
    counted = people_by_village(demo_workspace(), layer)
    part = layer_takeaway(demo_workspace(), layer)
    shown = part.table[list(counted.measures)]
    assert not shown.isin([1, 2, 3, 4]).any(axis=None)
    assert (part.table[HIDDEN] == shown.isna().any(axis=1)).all()
    names = set(part.table.columns)
    for column in contract_of(layer).columns:
        if column.personal and column.name not in counted.measures:
            assert column.name not in names


def test_a_hidden_count_is_not_given_back_by_its_neighbours_and_their_total() -> None:
    workspace = demo_workspace()
    counted = people_by_village(workspace, "poverty")
    rows = workspace.table("poverty")
    latest = rows[
        rows["register_year"] == rows.groupby("village_code")["register_year"].transform("max")
    ]
    poor = latest[list(DIMENSIONS)].any(axis=1).fillna(value=False)
    true = poor.groupby(latest["village_code"]).sum().astype("int64")
    table = counted.table.set_index("village_code")
    assert (table["poor_households"].dropna() == true[table["poor_households"].notna()]).all()
    # What the overview shows of tambons, amphoe and provinces may be subtracted as well.
    levels = [true.groupby(true.index.str[:digits]).sum() for digits in (2, 4, 6)]
    tree = pd.concat([*levels, true]).rename_axis("code").rename("count").reset_index()
    shown = hide_small_counts(tree).set_index("code")
    hidden = table["poor_households"].isna()
    assert hidden[shown["hidden"].reindex(table.index).fillna(value=False).astype(bool)].all()


def test_a_count_of_nearly_all_households_is_hidden_like_the_few_that_it_leaves(
    tmp_path: Path,
) -> None:
    workspace = workspace_of_villages(tmp_path, {"46010101": 30, "46010102": 30, "46010103": 30})
    poor = {"46010101": 28, "46010102": 15, "46010103": 0}
    put_poverty(workspace, poor)
    table = people_by_village(workspace, "poverty").table.set_index("village_code")
    assert table[HOUSEHOLDS].to_list() == [30, 30, 30]
    assert pd.isna(table.loc["46010101", "poor_households"])
    assert table["poor_households"].isna().sum() >= 2


counts = st.dictionaries(
    st.sampled_from([f"4601{t:02d}{v:02d}" for t in (1, 2) for v in range(1, 6)]),
    st.integers(0, 30),
    min_size=1,
)


@settings(deadline=None, max_examples=25)
@given(counts)
def test_whatever_the_counts_no_small_one_and_no_small_rest_is_shown(poor: dict[str, int]) -> None:
    codes = pd.Series(sorted(poor), dtype="string")
    yes = pd.Series([poor[code] for code in codes], dtype="Int64")
    rest = 30 - yes
    hidden = (
        hide_small_counts(pd.DataFrame({"code": codes, "count": yes}))["hidden"]
        | hide_small_counts(pd.DataFrame({"code": codes, "count": rest}))["hidden"]
    )
    shown = yes[~hidden]
    assert not shown.between(1, 4).any()
    assert not (30 - shown).between(1, 4).any()


def workspace_of_villages(folder: Path, villages: dict[str, int]) -> Workspace:
    workspace = Workspace.create(folder / "workspace", made_up=True, salt="x")
    table = pd.DataFrame(
        {
            "village_code": list(villages),
            "name_th": [f"บ้าน {code}" for code in villages],
            "longitude": np.linspace(103, 103.4, len(villages)),
            "latitude": 16.4,
        }
    )
    workspace.put("villages", table, provenance())
    return workspace


def provenance(*, made_up: bool = False) -> Provenance:
    now = datetime(2020, 1, 31, tzinfo=UTC)
    return Provenance(
        source="ทะเบียน.csv", sha256="0" * 64, imported_at=now, rows_read=0, made_up=made_up
    )


def put_poverty(workspace: Workspace, poor: dict[str, int], households: int = 30) -> None:
    codes = [code for code in poor for _ in range(households)]
    ids = workspace.household_ids(pl.Series([f"{n:011d}" for n in range(len(codes))]))
    is_poor = [number < poor[code] for code in poor for number in range(households)]
    table = pl.DataFrame({"household_id": ids, "village_code": codes}).with_columns(
        pl.lit(2562, pl.Int16).alias("register_year"),
        pl.lit(value=False).alias("registered_for_welfare"),
        *(pl.Series(name, is_poor) for name in DIMENSIONS[:1]),
        *(pl.lit(value=False).alias(name) for name in DIMENSIONS[1:]),
    )
    workspace.put("poverty", table, provenance())


def test_personal_columns_are_refused_by_name() -> None:
    with pytest.raises(Problem, match="personal"):
        layer_takeaway(demo_workspace(), "households", columns=["income_per_person"])
    with pytest.raises(Problem, match="personal"):
        layer_takeaway(demo_workspace(), "beneficiaries", columns=["household_id"])
    with pytest.raises(Problem, match="absent"):
        layer_takeaway(demo_workspace(), "villages", columns=["absent"])
    part = layer_takeaway(demo_workspace(), "villages", columns=["village_code"])
    assert list(part.table.columns) == ["village_code", "made_up", "geometry"]


def test_a_layer_that_is_not_there_or_has_nothing_there_is_told(tmp_path: Path) -> None:
    workspace = workspace_of_villages(tmp_path, {"46010101": 30})
    with pytest.raises(Problem, match="no layer"):
        layer_takeaway(workspace, "history")
    with pytest.raises(Problem, match="has nothing of"):
        layer_takeaway(workspace, "villages", ["42"])
    with pytest.raises(Problem, match="absent"):
        layer_takeaway(workspace, "absent")


def test_rows_without_a_shape_of_their_own_get_that_of_their_village_or_area(
    tmp_path: Path,
) -> None:
    workspace = workspace_of_villages(tmp_path, {"46010101": 30, "46010102": 30})
    history = pd.DataFrame(
        {
            "village_code": ["46010101", "46010102"],
            "programme": "sammachip",
            "fiscal_year": [2562, 2562],
        }
    )
    workspace.put("history", history, provenance())
    points = layer_takeaway(workspace, "history").table
    assert points.geometry.to_list() == [Point(103, 16.4), Point(103.4, 16.4)]
    area = gpd.GeoDataFrame(
        {"code": ["460101"], "name_th": ["ก"], "name_en": ["k"]},
        geometry=[box(103, 16, 104, 17)],
        crs="EPSG:4326",
    )
    workspace.put("boundaries_tambon", area, provenance())
    rows = pd.DataFrame(
        {
            "level": ["tambon", "tambon"],
            "code": ["460101", "460102"],
            "register_year": [2561, 2561],
            "measure": ["poor_people", "poor_people"],
            "count": [40, 50],
        }
    )
    workspace.put("area_counts", rows, provenance())
    counted = layer_takeaway(workspace, "area_counts").table
    assert counted["poor_people"].to_list() == [40, 50]
    assert counted.geometry.to_list() == [area.geometry[0], None]
    assert not counted["made_up"].any()


def test_counts_of_areas_stand_side_by_side_with_the_small_ones_hidden() -> None:
    rows = [
        ("tambon", "460101", "poor_people", 3),
        ("tambon", "460102", "poor_people", 50),
        ("tambon", "460103", "poor_people", 60),
        ("amphoe", "4601", "poor_people", 100),  # less than its parts: another table
        ("tambon", "460101", "elderly", 9),
    ]
    table = pd.DataFrame(rows, columns=["level", "code", "measure", "count"])
    wide, hidden = measures_side_by_side(table.assign(register_year=2561))
    shown = wide.set_index("code")
    assert pd.isna(shown.loc["460101", "poor_people"])
    assert shown["poor_people"].isna().sum() >= 2
    assert shown.loc["460101", "elderly"] == 9
    assert int(hidden.to_numpy().sum()) == shown["poor_people"].isna().sum()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_layer_is_exported_from_the_command_line(
    language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [
        "layer", "export", "poverty", "--province", "เลย", "--format", "gpkg", "--crs", "32647",
        "--to", str(tmp_path), "--workspace", str(demo_workspace().folder),
    ]  # fmt: skip
    assert main([*asked, "--language", language]) == 0
    said = capsys.readouterr().out
    assert "poverty-42.gpkg" in said
    assert {"th": "ปกปิด", "en": "hidden"}[language] in said
    assert pyogrio.read_info(tmp_path / "poverty-42.gpkg", layer=0)["crs"] == "EPSG:32647"
    with sqlite3.connect(tmp_path / "poverty-42.gpkg") as base:
        (style,) = base.execute("SELECT styleQML FROM layer_styles").fetchone()
    assert "RuleRenderer" in style
    wrong = [*asked[:-1], "nowhere", "--language", language]
    assert main(wrong) == 2
    assert main([*asked, "--format", "dxf", "--language", language]) == 2
    assert "dxf" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-8", "cp874"])
def test_texts_that_were_cut_are_told_with_row_column_and_bytes(
    encoding: str, tmp_path: Path
) -> None:
    workspace = Workspace.create(tmp_path / "workspace", salt="x")
    table = pd.DataFrame(
        {"village_code": ["46010101"], "name_th": ["ก้" * 200], "longitude": 103, "latitude": 16}
    )
    workspace.put("villages", table, provenance())
    written = export_layer(
        workspace, "villages", folder=tmp_path, format="shapefile", encoding=encoding
    )
    size = len(("ก้" * 200).encode(encoding))
    assert written.report.truncated.to_numpy().tolist() == [[1, "name_th", size]]
    assert any("254" in line for line in written.lines("th"))


# -- clusters and routes ---------------------------------------------------------------------------


@pytest.fixture
def members() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"name_th": ["ก", "ข", "ค", "ง"], "cluster": [0, 0, 1, -1]},
        geometry=[Point(103, 16), Point(103.01, 16), Point(103.5, 16.5), Point(104, 17)],
        crs="EPSG:4326",
    )


@pytest.mark.parametrize("kind", FORMATS)
def test_clusters_leave_as_outlines_centres_and_members(
    members: gpd.GeoDataFrame, kind: str, tmp_path: Path
) -> None:
    parts = cluster_takeaways(members, made_up=True)
    written = export_parts(parts, tmp_path, "clusters", format=kind)
    rows = sum(one.report.rows for one in written)
    assert rows == (2 + 4 if kind == "gpx" else 2 + 2 + 4)
    assert len(written) == (1 if FORMATS[kind].layers else 3)
    if kind == "shapefile":
        layers = {name for name, _ in pyogrio.list_layers(f"/vsizip/{written[0].path}")}
        assert {"cluster_outlines", "cluster_centres", "cluster_members"} <= layers
    assert parts[0].table["members"].to_list() == [2, 1]
    assert parts[2].table["cluster"].isna().to_list() == [False, False, False, True]


@pytest.mark.parametrize("kind", FORMATS)
def test_routes_leave_as_lines_and_stops(kind: str, tmp_path: Path) -> None:
    stops = gpd.GeoDataFrame(
        {"day": [2, 1, 1], "order": [1, 2, 1], "name_th": ["ค", "ข", "ก"]},
        geometry=[Point(103.5, 16.5), Point(103.01, 16), Point(103, 16)],
        crs="EPSG:4326",
    )
    written = export_parts(route_takeaways(stops), tmp_path, "route", format=kind)
    assert sum(one.report.rows for one in written) == 1 + 3
    lines, ordered = route_takeaways(stops)
    assert ordered.table["name_th"].to_list() == ["ก", "ข", "ค"]
    assert list(lines.table.geometry[0].coords) == [(103, 16), (103.01, 16)]
    assert all(a <= b for a, b in pairwise(ordered.table["day"]))


def test_a_file_of_persons_land_says_that_it_is_for_the_office() -> None:
    for layer in ("plots", "plot_ponds", "plot_log"):
        assert audience(contract_of(layer)) == "for_office"
    assert audience(contract_of("villages")) == "for_outsiders"
    assert audience(contract_of("poverty")) == "for_outsiders"


def test_every_layer_of_people_is_known_as_one() -> None:
    named = {contract.name for contract in CONTRACTS if is_of_people(contract)}
    assert {"households", "poverty", "beneficiaries", "indicators"} <= named
