"""The workspace keeps layers and where they came from; an import is whole or has not happened."""

from __future__ import annotations

import hmac
import json
import os
from pathlib import Path
from threading import Thread

import geopandas as gpd
import numpy as np
import pandas as pd
import polars as pl
import pytest
import shapely
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from phaenthi.geo.places.codes import Level
from phaenthi.layers.contracts.catalogue import LAYERS
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.workspace import folder as workspaces
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.layers.workspace.household_ids import hash_ids
from phaenthi.layers.workspace.manifest import MANIFEST_FILE
from phaenthi.wording import Problem
from tests.layers.office import (
    HOUSEHOLDS,
    made_up_source,
    open_office,
    state,
    villages_table,
    write,
)


def test_a_new_workspace_holds_every_layer_empty_with_its_columns(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "new")
    for name in LAYERS:
        assert not workspace.has(name)
        assert workspace.provenance(name) is None
        assert workspace.table(name).empty
        assert set(workspace.scan(name).collect_schema().names()) <= set(workspace.table(name))
    assert workspace.status().empty
    assert list(workspace.boundaries(Level.TAMBON)) == [
        "code",
        "name_th",
        "name_en",
        "geometry",
        "approximate",
    ]


def test_a_folder_that_is_no_workspace_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(Problem) as raised:
        Workspace.open(tmp_path)
    assert raised.value.message_id == "layers.workspace_missing"


def test_a_workspace_is_not_created_over_another(tmp_path: Path) -> None:
    Workspace.create(tmp_path)
    with pytest.raises(Problem) as raised:
        Workspace.create(tmp_path)
    assert raised.value.message_id == "layers.workspace_exists"


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "layers.workspace_unreadable"), ("later", "layers.workspace_too_new")],
)
def test_a_manifest_that_cannot_be_used_is_told_so(tmp_path: Path, text: str, message: str) -> None:
    Workspace.create(tmp_path)
    manifest = tmp_path / MANIFEST_FILE
    if text == "later":
        text = json.dumps({**json.loads(manifest.read_text("utf-8")), "format": 99})
    manifest.write_text(text, encoding="utf-8")
    with pytest.raises(Problem) as raised:
        Workspace.open(tmp_path)
    assert raised.value.message_id == message


def test_what_is_put_is_what_is_there_after_opening_again(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path)
    report = workspace.put("villages", villages_table(), made_up_source())
    again = Workspace.open(tmp_path)
    table = again.table("villages")
    assert isinstance(table, gpd.GeoDataFrame)
    assert table["name_th"].tolist() == villages_table()["name_th"].tolist()
    assert table.geometry.isna().all()
    assert again.digest(["villages", "households"]) == {"villages": report.digest}
    assert again.provenance("villages") == report.provenance
    assert again.status()["rows"].tolist() == [3]
    assert again.made_up


def test_points_of_a_geodataframe_become_longitude_and_latitude(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path)
    points = [shapely.Point(103.5, 16.4), None, shapely.Point()]
    table = gpd.GeoDataFrame(villages_table(), geometry=points, crs=4326)
    workspace.put("villages", table, made_up_source())
    back = workspace.table("villages")
    assert back["longitude"].tolist()[0] == 103.5
    assert back["longitude"].isna().tolist() == [False, True, True]
    assert back.geometry.iloc[0].equals(points[0])
    assert back.geometry.isna().tolist() == [False, True, True]


def test_a_geometry_in_metres_is_refused(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path)
    points = [shapely.Point(338_000, 1_814_000)] * 3
    table = gpd.GeoDataFrame(villages_table(), geometry=points, crs=32648)
    with pytest.raises(Problem) as raised:
        workspace.put("villages", table, made_up_source())
    assert raised.value.message_id == "layers.not_geographic"


def test_boundaries_say_whether_they_are_approximate(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path)
    table = gpd.GeoDataFrame(
        {"code": ["460102"], "name_th": ["หลุบ"]},
        geometry=[shapely.box(103, 16, 104, 17)],
        crs=4326,
    )
    source = made_up_source()
    workspace.put("boundaries_tambon", table, source)
    assert not workspace.boundaries(Level.TAMBON)["approximate"].any()
    roughly = type(source)("x", "", source.imported_at, approximate=True)
    workspace.put("boundaries_tambon", table, roughly)
    boundaries = workspace.boundaries(Level.TAMBON)
    assert boundaries["approximate"].all()
    assert boundaries.geometry.iloc[0].equals(table.geometry.iloc[0])
    assert boundaries.crs.to_epsg() == 4326


def test_undo_brings_back_the_state_before_the_last_import(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    before = state(workspace)
    import_file(workspace, "households", write(tmp_path, "h.csv", HOUSEHOLDS))
    assert workspace.has("households")
    assert workspace.undo() == "households"
    after = state(Workspace.open(workspace.folder))
    assert {**after, "generation": None} == {**before, "generation": None}
    assert after["generation"] != before["generation"]
    assert workspace.undo() == "villages"
    with pytest.raises(Problem) as raised:
        workspace.undo()
    assert raised.value.message_id == "layers.nothing_to_undo"


def test_rows_taken_back_leave_the_disk(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    import_file(workspace, "households", write(tmp_path, "h.csv", HOUSEHOLDS))
    workspace.undo()
    assert not list((workspace.folder / "layers").glob("households*"))


def test_only_a_few_earlier_states_are_kept(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path)
    for number in range(1, 12):
        codes = tuple(f"460102{moo:02d}" for moo in range(1, number + 1))
        workspace.put("villages", villages_table(codes), made_up_source())
    assert len(list((tmp_path / "layers").iterdir())) <= 7
    assert len(workspace.table("villages")) == 11


def test_an_open_workspace_is_not_disturbed_by_another_import(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    reader = Workspace.open(workspace.folder)
    before = state(reader)
    workspace.put("villages", villages_table(("46010201",)), made_up_source())
    assert state(reader) == before
    assert len(Workspace.open(workspace.folder).table("villages")) == 1


def test_an_import_builds_on_what_another_process_imported_before(tmp_path: Path) -> None:
    first = open_office(tmp_path)
    second = Workspace.open(first.folder)
    import_file(first, "households", write(tmp_path, "h.csv", HOUSEHOLDS))
    second.put("villages", villages_table(), made_up_source())
    assert Workspace.open(first.folder).layers == ("villages", "households")


def test_imports_at_the_same_time_wait_for_each_other(tmp_path: Path) -> None:
    Workspace.create(tmp_path)
    levels = ("province", "amphoe", "tambon")

    def put(level: str) -> None:
        table = gpd.GeoDataFrame(
            {"code": ["46"]}, geometry=[shapely.box(103, 16, 104, 17)], crs=4326
        )
        Workspace.open(tmp_path).put(f"boundaries_{level}", table, made_up_source())

    writers = [Thread(target=put, args=(level,)) for level in levels]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(Workspace.open(tmp_path).layers) == 3


def test_an_import_that_does_not_end_is_told_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspaces, "_SECONDS_TO_WAIT", 0.05)
    workspace = Workspace.create(tmp_path)
    with FileLock(tmp_path / ".workspace.lock"), pytest.raises(Problem) as raised:
        workspace.put("villages", villages_table(), made_up_source())
    assert raised.value.message_id == "layers.workspace_busy"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"village_code": ["4601020", "46010202", "46010301"]}, "layers.contract_broken"),
        ({"village_code": ["46010202", "46010202", "46010301"]}, "layers.key_repeated"),
        ({"village_code": [None, "46010202", "46010301"]}, "layers.contract_broken"),
        ({"colour": ["a", "b", "c"]}, "layers.column_of_no_contract"),
        ({"latitude": ["north", "", ""]}, "layers.types_differ"),
    ],
)
def test_a_table_that_breaks_its_contract_is_refused_and_nothing_changes(
    tmp_path: Path, change: dict[str, list[str]], message: str
) -> None:
    workspace = open_office(tmp_path)
    before = state(workspace)
    with pytest.raises(Problem) as raised:
        workspace.put("villages", villages_table().assign(**change), made_up_source())
    assert raised.value.message_id == message
    assert state(Workspace.open(workspace.folder)) == before


@pytest.mark.parametrize(
    "change",
    [
        {"income_per_person": [-1.0]},
        {"household_id": ["1-2345-67890-12-3"]},
        {"survey_year": [2019]},
        {"members": [2.5]},
        {"relief_only": [2]},
    ],
)
def test_household_rows_that_cannot_be_right_are_refused(
    tmp_path: Path, change: dict[str, list[object]]
) -> None:
    workspace = open_office(tmp_path)
    row = {
        "household_id": workspace.household_ids(pl.Series(["1"])).to_list(),
        "village_code": ["46010201"],
        "survey_year": [2562],
    }
    workspace.put("households", pd.DataFrame(row), made_up_source())
    with pytest.raises(Problem) as raised:
        workspace.put("households", pd.DataFrame({**row, **change}), made_up_source())
    assert raised.value.message_id in {"layers.contract_broken", "layers.types_differ"}


def test_missing_yes_or_no_stays_unknown_and_is_never_no(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    table = pd.DataFrame(
        {
            "household_id": workspace.household_ids(pl.Series(["1", "2", "3"])).to_list(),
            "village_code": "46010201",
            "survey_year": 2562,
            "income_per_person": [np.nan, 0.0, -0.0],
            "relief_only": pd.array([None, True, False], dtype="boolean"),
        }
    )
    workspace.put("households", table, made_up_source())
    ids = table["household_id"]
    back = workspace.table("households").set_index("household_id").loc[ids]
    assert back["relief_only"].isna().tolist() == [True, False, False]
    assert back["relief_only"].tolist()[1:] == [True, False]
    assert back["income_per_person"].isna().tolist() == [True, False, False]
    assert back["moved_or_died"].isna().all()


def test_the_same_household_has_the_same_id_in_every_register_of_a_workspace(
    tmp_path: Path,
) -> None:
    ours = Workspace.create(tmp_path / "ours", salt="a")
    theirs = Workspace.create(tmp_path / "theirs", salt="b")
    spellings = pl.Series(
        ["1-1001-12345-67-8", "1100112345678", "๑๑๐๐๑๑๒๓๔๕๖๗๘", "1100112345678.0"]
    )
    ids = ours.household_ids(spellings)
    assert ids.n_unique() == 1
    assert ids.str.contains("^[0-9a-f]{20}$").all()
    assert theirs.household_ids(spellings)[0] != ids[0]
    assert ours.household_ids(pl.Series([None, ""], dtype=pl.String)).to_list() == [None, None]


@given(
    st.text("0123456789ABC-", min_size=1).filter(lambda text: text.strip("-")), st.text(max_size=99)
)
def test_the_id_is_the_beginning_of_hmac_sha_256(text: str, salt: str) -> None:
    said = text.replace("-", "")
    expected = hmac.digest(salt.encode(), said.encode(), "sha256").hex()[:20]
    assert hash_ids(pl.Series([text]), salt.encode()).to_list() == [expected]


def test_a_lost_salt_is_told_instead_of_replaced(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path)
    (tmp_path / "household-salt").unlink()
    with pytest.raises(Problem) as raised:
        workspace.household_ids(pl.Series(["1"]))
    assert raised.value.message_id == "layers.salt_missing"


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions elsewhere")
def test_the_salt_is_for_its_owner_only(tmp_path: Path) -> None:
    Workspace.create(tmp_path)
    assert (tmp_path / "household-salt").stat().st_mode & 0o077 == 0


def test_a_stored_file_changed_by_hand_shows_in_the_digest_and_is_healed_by_importing_again(
    tmp_path: Path,
) -> None:
    workspace = open_office(tmp_path)
    before = workspace.digest(["villages"])
    stored = next((workspace.folder / "layers").glob("villages*.parquet"))
    rows = gpd.read_parquet(stored)
    rows.loc[0, "name_th"] = "บ้านอื่น"
    rows.to_parquet(stored)
    assert workspace.digest(["villages"]) != before
    import_file(workspace, "villages", tmp_path / "villages.csv")
    assert workspace.digest(["villages"]) == before
