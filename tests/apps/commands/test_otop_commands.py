"""OTOP at the command line, and the cluster register of 28 groups in Buri Ram checked by hand."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
from sklearn.cluster import DBSCAN

from phaenthi.apps.cli import main
from phaenthi.apps.commands.otop_clusters import WITHIN_KM_OF_A_PLAN
from phaenthi.data import ALLOTMENTS
from phaenthi.geo.places.codes import Level, parent_code
from phaenthi.geo.shapes.sphere import EARTH_RADIUS_METRES
from phaenthi.layers.otop.cluster_register import earlier_register
from phaenthi.layers.otop.clusters import (
    ClusterRegister,
    ClusterRule,
    find_clusters,
    groups_as_members,
)
from phaenthi.layers.otop.product_links import pools, read_links
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.judging.candidates import candidates
from phaenthi.targeting.judging.judge import judge
from phaenthi.targeting.judging.layer_units import gather_units
from phaenthi.targeting.plan import making as plans
from phaenthi.targeting.programme import programme as programmes
from tests.demo_copies import copy_demo

GROUPS_PACK, KBO = "occupational-groups-2561-buriram", "kbo-2563"
ALLOTMENT = ALLOTMENTS / "buriram_occupational_groups_2561_allotment.csv"
RULE = ClusterRule(within_metres=WITHIN_KM_OF_A_PLAN * 1000)
Captured = pytest.CaptureFixture[str]


@dataclass(frozen=True)
class BuriRam:
    workspace: Workspace
    members: pd.DataFrame
    villages: pd.DataFrame
    register: ClusterRegister


@pytest.fixture(scope="module")
def buri_ram(tmp_path_factory: pytest.TempPathFactory) -> BuriRam:
    """Return the groups that the official allotment chooses, and their clusters."""
    workspace = copy_demo(tmp_path_factory.mktemp("demo") / "workspace", provinces=("31",))
    programme = programmes.load(GROUPS_PACK)
    plan = plans.make(
        programme, gather_units(workspace, programme, ["31"]), ["31"], decided_on=None
    )
    chosen = plan.units.loc[plan.units["status"] == "chosen", "unit_code"]
    groups = pd.DataFrame(workspace.table("groups"))
    members = groups_as_members(groups[groups["group_id"].isin(chosen)])
    villages = pd.DataFrame(workspace.table("villages"))[["village_code", "longitude", "latitude"]]
    register = find_clusters(members, RULE, villages=villages)
    return BuriRam(workspace, members, villages, register)


@pytest.fixture
def at_home(buri_ram: BuriRam, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a copy of the demo, so that what a test keeps is not there for the next one."""
    monkeypatch.delenv("PHAENTHI_LANGUAGE", raising=False)
    folder = tmp_path / "workspace"
    shutil.copytree(buri_ram.workspace.folder, folder)
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


def test_the_groups_are_those_of_the_official_allotment(buri_ram: BuriRam) -> None:
    table = pd.read_csv(ALLOTMENT, dtype={"amphoe_code": "string"})
    amphoe = parent_code(buri_ram.members["village_code"].astype("string"), Level.AMPHOE)
    assert len(buri_ram.members) == 28
    assert amphoe.value_counts().to_dict() == dict(
        zip(table["amphoe_code"], table["groups"], strict=True)
    )


def test_every_group_is_in_a_cluster_or_said_to_be_in_none(buri_ram: BuriRam) -> None:
    register = buri_ram.register
    assert len(register.members) + len(register.outside) == 28
    assert len(register.clusters) >= 3
    assert register.clusters["name_th"].is_unique
    assert register.members["member_id"].is_unique


def test_the_clusters_are_those_of_dbscan_by_haversine(buri_ram: BuriRam) -> None:
    register = buri_ram.register
    table = pd.concat([register.members, register.outside[register.outside["why"] == "alone"]])
    pool = table["product_family"].map(pools(read_links()))
    for _, rows in table.groupby(pool):
        model = DBSCAN(RULE.within_metres / EARTH_RADIUS_METRES, min_samples=2, metric="haversine")
        theirs = model.fit(np.radians(rows[["latitude", "longitude"]].to_numpy())).labels_
        ours = rows["cluster_id"].fillna("-").tolist()
        pairs = set(zip(ours, theirs.tolist(), strict=True))
        assert len(pairs) == len({one for one, _ in pairs}) == len({one for _, one in pairs})


def test_distances_are_those_measured_on_the_map(buri_ram: BuriRam) -> None:
    register, geod = (
        buri_ram.register,
        pyproj.Geod(ellps="sphere", a=EARTH_RADIUS_METRES, b=EARTH_RADIUS_METRES),
    )
    for cluster, rows in register.members.groupby("cluster_id"):
        x, y = rows["longitude"].to_numpy(), rows["latitude"].to_numpy()
        count = len(rows)
        one, other = (side.ravel() for side in np.meshgrid(range(count), range(count)))
        metres = geod.inv(x[one], y[one], x[other], y[other])[2].reshape(count, count)
        whole = register.clusters.set_index("cluster_id").loc[cluster]
        assert whole["span_metres"] == pytest.approx(metres.max(), abs=0.2)
        np.fill_diagonal(metres, np.inf)
        assert rows["nearest_metres"].tolist() == pytest.approx(
            metres.min(axis=1).tolist(), abs=0.2
        )
        assert (rows["nearest_metres"] <= RULE.within_metres).all()
        assert whole["members"] == count


def test_ids_stay_when_rows_are_shuffled_or_ten_groups_are_added(buri_ram: BuriRam) -> None:
    register = buri_ram.register
    shuffled = find_clusters(
        buri_ram.members.sample(frac=1, random_state=7), RULE, villages=buri_ram.villages
    )
    pd.testing.assert_frame_equal(register.members, shuffled.members)
    groups = pd.DataFrame(buri_ram.workspace.table("groups"))
    others = groups_as_members(groups[~groups["group_id"].isin(buri_ram.members["member_id"])])
    for seed in range(10):
        ten = others.sample(10, random_state=seed)
        more = find_clusters(
            pd.concat([buri_ram.members, ten]),
            RULE,
            villages=buri_ram.villages,
            earlier=register.members,
        )
        now = more.members.set_index("member_id")["cluster_id"]
        merged = set(more.changes.loc[more.changes["change"] == "ended", "cluster_id"])
        was = register.members[~register.members["cluster_id"].isin(merged)]
        assert (was["member_id"].map(now) == was["cluster_id"]).all()
        # Only two clusters that the ten have joined become one, which bears the name of either.
        into = more.changes.set_index("cluster_id")["into"].dropna()
        assert set(into.index) == merged
        assert set(into) <= set(register.clusters["cluster_id"])


def test_candidates_are_judged_as_the_guideline_says(buri_ram: BuriRam) -> None:
    programme = programmes.load(KBO)
    judged = judge(programme, gather_units(buri_ram.workspace, programme, ["31"]), "31")
    table = candidates(programme, judged).set_index("unit_code")
    rows = pd.DataFrame(buri_ram.workspace.table("otop")).set_index("product_id")
    assert set(table.index) == set(rows.index)
    assert table["verdict"].tolist() == sorted(
        table["verdict"], key=["met", "unknown", "not_met"].index
    )
    for code, row in rows.iterrows():
        low = None if pd.isna(row["stars"]) else row["stars"] <= 3
        d_known = not pd.isna(row["quadrant"])
        is_d = row["quadrant"] == "D" if d_known else None
        potential = None if pd.isna(row["has_potential"]) else bool(row["has_potential"])
        apart = None if pd.isna(row["in_other_project"]) else not row["in_other_project"]
        year = 2557 <= row["registration_year"] <= 2562
        good = kleene_or(kleene_and(is_d, potential), low)
        whole = kleene_and(good, year, row["producer_type"] == "community", apart)
        expected = {True: "met", False: "not_met", None: "unknown"}[whole]
        assert table.loc[code, "verdict"] == expected
        assert (table.loc[code, "why"] is pd.NA) == (expected == "met")


def kleene_and(*parts: bool | None) -> bool | None:
    if any(part is not None and not part for part in parts):
        return False
    return None if None in parts else True


def kleene_or(*parts: bool | None) -> bool | None:
    if any(part for part in parts):
        return True
    return None if None in parts else False


def test_the_register_is_shown_kept_and_written(at_home: Path, capsys: Captured) -> None:
    assert main(["choose", GROUPS_PACK, "--province", "31"]) == 0
    plan = re.search(rf"{GROUPS_PACK}-31-[0-9a-f]{{8}}", capsys.readouterr().out)
    assert plan
    asked = ["otop", "clusters", "--from", "groups", "--plan", plan.group()]
    files = ["--to", "register.csv", "--map", "clusters.gpkg"]
    assert main([*asked, "--keep", *files]) == 0
    shown = capsys.readouterr().out
    assert "ข้อมูลจำลอง" in shown
    assert "ผลิตภัณฑ์เดียวกัน" in shown
    table = pd.read_csv("register.csv")
    assert table["made_up"].all()
    points = gpd.read_file("clusters.gpkg", layer="clusters")
    assert len(points) == table["members"].sum()
    kept = earlier_register(Workspace.open(at_home), "groups")
    assert kept is not None
    assert set(kept["cluster_id"]) == set(table["cluster_id"])
    assert main([*asked, "--within", "60", "--language", "en"]) == 0
    assert re.search(r"against the register that was kept: [1-9]", capsys.readouterr().out)


def test_clusters_of_producers_are_shown_without_a_distance(
    at_home: Path, capsys: Captured
) -> None:
    assert at_home.is_dir()
    assert main(["otop", "clusters", "--natural", "--at-least", "5", "--language", "en"]) == 0
    assert "no distance set" in capsys.readouterr().out


def test_hot_spots_say_what_was_tested(at_home: Path, capsys: Captured) -> None:
    asked = ["otop", "hotspots", "--province", "บุรีรัมย์", "--to", "tambons.csv"]
    assert main(asked) == 0
    shown = capsys.readouterr().out
    assert "กระจุกตัวสูง" in shown
    assert "9,999" in shown
    table = pd.read_csv(at_home.parent / "tambons.csv")
    assert table["kind"].value_counts().to_dict().get("hot", 0) > 0


def test_candidates_are_listed_and_written(at_home: Path, capsys: Captured) -> None:
    assert main(["otop", "candidates", "--province", "31", "--to", "candidates.csv"]) == 0
    assert "เข้าเกณฑ์" in capsys.readouterr().out
    table = pd.read_csv(at_home.parent / "candidates.csv")
    assert {"met", "unknown", "not_met"} == set(table["verdict"])
    assert (table["verdict"] == "met").sum() >= 20


def test_a_province_without_a_register_is_told(at_home: Path, capsys: Captured) -> None:
    assert at_home.is_dir()
    assert main(["otop", "clusters", "--province", "46", "--language", "en"]) == 2
    assert "There is no such row" in capsys.readouterr().err
