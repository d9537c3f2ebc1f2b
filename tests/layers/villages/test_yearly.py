"""Registers and surveys by village and year."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from phaenthi.layers.contracts.catalogue import contract_of
from phaenthi.layers.contracts.provenance import Provenance
from phaenthi.layers.villages.by_year import helped_by_year, poor_by_year, surveyed_by_year
from phaenthi.layers.workspace.folder import Workspace

VILLAGE = "46010101"


def put(workspace: Workspace, layer: str, rows: list[dict[str, object]]) -> None:
    contract = contract_of(layer)
    empty = workspace.scan(layer).collect()
    table = pl.DataFrame([dict.fromkeys(contract.names) | row for row in rows], schema=empty.schema)
    workspace.put(layer, table, Provenance("test", "", datetime.now(UTC)))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "yearly")


def poor(household: str, year: int, **told: object) -> dict[str, object]:
    row = {"household_id": household * 20, "village_code": VILLAGE, "register_year": year}
    return row | {"registered_for_welfare": True, "poor_income": True} | told


def surveyed(household: str, year: int, members: int | None) -> dict[str, object]:
    key = {"household_id": household * 20, "village_code": VILLAGE, "survey_year": year}
    return key | {"members": members}


def test_each_year_of_the_register_is_counted_by_itself(workspace: Workspace) -> None:
    rows = [poor("a", 2561), poor("b", 2561, registered_for_welfare=None), poor("a", 2562)]
    put(workspace, "poverty", [*rows, poor("c", 2562, poor_income=False)])
    told = poor_by_year(workspace).set_index("year")
    assert told["poor_households"].to_dict() == {2561: 2, 2562: 1}
    assert told["target_poor_households"].to_dict() == {2561: 1, 2562: 1}


def test_people_are_counted_by_the_survey_of_the_same_year_and_unknown_ones_are_told(
    workspace: Workspace,
) -> None:
    put(workspace, "poverty", [poor("a", 2561), poor("a", 2562), poor("b", 2562)])
    put(workspace, "households", [surveyed("a", 2562, 4), surveyed("b", 2562, None)])
    told = poor_by_year(workspace).set_index("year")
    assert told["poor_persons"].isna().to_dict() == {2561: True, 2562: False}
    assert told.loc[2562, "poor_persons"] == 4
    assert told["persons_unknown"].to_dict() == {2561: 1, 2562: 1}


def test_surveys_and_targets_are_told_year_by_year(workspace: Workspace) -> None:
    put(workspace, "households", [surveyed("a", 2561, 4), surveyed("b", 2562, 2)])
    target = {"village_code": VILLAGE, "programme": "sammachip"}
    put(workspace, "history", [target | {"fiscal_year": year} for year in (2562, 2561)])
    assert surveyed_by_year(workspace)["households"].tolist() == [1, 1]
    assert helped_by_year(workspace)["year"].tolist() == [2561, 2562]


def test_a_workspace_without_these_layers_has_empty_tables(workspace: Workspace) -> None:
    for table in (poor_by_year(workspace), surveyed_by_year(workspace), helped_by_year(workspace)):
        assert table.empty
        assert {"village_code", "year"} <= set(table.columns)
