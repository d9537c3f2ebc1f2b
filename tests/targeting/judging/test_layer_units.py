"""Units from the layers of the workspace: funds of the demo by level, groups of the allotment."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.layer_units import gather_units, units_in_layer
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.programme import programme
from tests.demo_copies import copy_demo
from tests.layers.office import open_office, write

GROUPS = "occupational-groups-2561-buriram"


@pytest.fixture(scope="module")
def loei(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return copy_demo(tmp_path_factory.mktemp("loei"), ("42",))


@pytest.fixture(scope="module")
def buriram(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return copy_demo(tmp_path_factory.mktemp("buriram"), ("31",))


def chosen_of(workspace: Workspace, pack: programme.Programme, province: str) -> pd.DataFrame:
    evidence = gather_units(workspace, pack, [province])
    units = plans.make(pack, evidence, [province], decided_on=None).units
    return units[units["status"] == "chosen"]


@pytest.mark.parametrize(
    ("pack", "number", "amphoe", "of_level_1"),
    [("community-funds-2563-savings", 70, 14, 64), ("community-funds-2563-poverty", 36, 10, 4)],
)
def test_funds_of_loei_are_taken_level_1_first_then_2_and_never_3(
    loei: Workspace, pack: str, number: int, amphoe: int, of_level_1: int
) -> None:
    loaded = programme.load(pack).with_readings({"allotment": "five-an-amphoe"})
    chosen = chosen_of(loei, loaded, "42")
    assert len(chosen) == number
    assert chosen["amphoe_code"].nunique() == amphoe
    held = units_in_layer(loaded, loei, ["42"])
    assert held is not None
    level = held.table.set_index("unit_code")["level"].reindex(chosen["unit_code"])
    assert set(level) <= {"1", "2"}
    # Level 2 fills up only where an amphoe has fewer than five of level 1.
    official = pd.DataFrame(loei.table("fund_levels"))
    kind = "savings" if "savings" in pack else "poverty_fund"
    first = official[(official["fund_type"] == kind) & (official["level"] == "1")]
    assert (level == "1").sum() == first["funds"].clip(upper=5).sum()
    assert (level == "1").sum() == of_level_1


def test_28_groups_of_buri_ram_are_chosen_by_the_official_allotment(buriram: Workspace) -> None:
    pack = programme.load(GROUPS)
    chosen = chosen_of(buriram, pack, "31")
    assert len(chosen) == 28
    by_amphoe = chosen.groupby("amphoe_code").size()
    assert len(by_amphoe) == 23
    assert by_amphoe[by_amphoe == 2].index.tolist() == ["3101", "3104", "3107", "3110", "3111"]
    history = pd.DataFrame(buriram.table("history"))
    for slug in ("sammachip", "thai-niyom"):
        here = history[(history["programme"] == slug) & (history["fiscal_year"] == 2561)]
        assert chosen["village_code"].isin(here["village_code"]).all()


def test_the_workshop_takes_both_kinds_under_the_names_of_the_pack(loei: Workspace) -> None:
    held = units_in_layer(programme.load("community-funds-2563-workshop"), loei, ["42"])
    assert held is not None
    assert held.table["fund_type"].value_counts().to_dict() == {"savings": 508, "poverty": 456}
    assert held.not_held == ()
    assert held.years == (2567,)
    assert held.made_up


def test_a_fund_is_judged_by_its_latest_assessment(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    rows = (
        "รหัสกองทุน,รหัสหมู่บ้าน,ประเภทกองทุน,ปี,ระดับ\na,46010201,ออมทรัพย์,2566,1\n"
        "a,46010201,ออมทรัพย์,2567,3\nb,46010202,ออมทรัพย์,2566,2\nc,46010202,กขคจ,2566,1\n"
    )
    import_file(workspace, "funds", write(tmp_path, "f.csv", rows))
    held = units_in_layer(programme.load("community-funds-2563-savings"), workspace, ["46"])
    assert held is not None
    assert held.table[["unit_code", "level"]].to_numpy().tolist() == [["a", "3"], ["b", "2"]]
    assert held.years == (2566, 2567)
    assert (
        units_in_layer(programme.load("community-funds-2563-savings"), workspace, ["42"])
        is not None
    )


def test_units_that_no_layer_registers_are_left_to_the_planner(tmp_path: Path) -> None:
    workspace = open_office(tmp_path)
    pack = programme.load("khok-nong-na-hlm")
    assert units_in_layer(pack, workspace, ["46"]) is None
    assert gather_units(workspace, pack, ["46"]).units is None
    assert units_in_layer(programme.load(GROUPS), workspace, ["46"]) is None


def test_made_up_funds_of_loei_add_up_to_the_official_table(loei: Workspace) -> None:
    provenance = loei.provenance("fund_levels")
    assert provenance is not None
    assert not provenance.made_up
    assert provenance.source == "loei_fund_levels_2567_by_amphoe.csv"
    made_up = loei.provenance("funds")
    assert made_up is not None
    assert made_up.made_up
    official = loei.scan("fund_levels").filter(pl.col("funds") > 0).collect()
    funds = loei.scan("funds").collect()
    counted = (
        funds.with_columns(
            pl.col("village_code").str.slice(0, 4).alias("area_code"),
            pl.coalesce(pl.col("governance_level").cast(pl.String), "grade").alias("level"),
        )
        .filter(pl.col("fund_type").is_in(official["fund_type"].unique().to_list()))
        .group_by("area_code", "fund_type", "level")
        .len("funds")
    )
    keys = ["area_code", "fund_type", "level"]
    expected = official.select(*keys, "funds").sort(keys)
    assert counted.with_columns(pl.col("funds").cast(pl.Int64)).sort(keys).equals(expected)
