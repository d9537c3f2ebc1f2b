"""The demo: honest, whole, the same from the same seed, and rich enough to try everything on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely

from phaenthi.apps.demo import build as demo
from phaenthi.apps.demo.villages import POVERTY_LINE
from phaenthi.geo.boundaries.embedded import read_embedded
from phaenthi.geo.places.codes import Level, is_municipal, parent_code
from phaenthi.geo.places.gazetteer import areas
from phaenthi.layers.contracts.boundaries import layer_name
from phaenthi.layers.workspace.folder import Workspace
from phaenthi.targeting.choice.solve import solve
from phaenthi.targeting.judging import evidence
from phaenthi.targeting.judging import judge as eligibility
from phaenthi.targeting.limits import pose
from phaenthi.targeting.programme import programme
from phaenthi.wording import Problem


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return demo.build(tmp_path_factory.mktemp("demo"))


def test_the_boundaries_are_the_embedded_ones_of_its_provinces(workspace: Workspace) -> None:
    counts = workspace.boundaries(Level.TAMBON)["code"].str[:2].value_counts().to_dict()
    assert counts == {"31": 189, "42": 90, "46": 135, "83": 17}
    embedded = read_embedded(Level.TAMBON, demo.PROVINCES).geometry
    assert workspace.boundaries(Level.TAMBON).geometry.geom_equals(embedded).all()


def test_amphoe_and_provinces_are_exactly_the_union_of_their_tambons(
    workspace: Workspace,
) -> None:
    tambons = workspace.boundaries(Level.TAMBON)
    for level in (Level.AMPHOE, Level.PROVINCE):
        upper = workspace.boundaries(level).set_index("code").geometry
        codes = parent_code(tambons["code"], level)
        assert sorted(upper.index) == sorted(codes.unique())
        parts = shapely.area(tambons.geometry.to_numpy()).sum()
        assert shapely.area(upper.to_numpy()).sum() == pytest.approx(parts, rel=1e-12)
        assert upper.reindex(codes).covers(tambons.geometry, align=False).all()


def test_every_layer_says_that_it_is_made_up_and_boundaries_that_they_are_approximate(
    workspace: Workspace,
) -> None:
    assert workspace.made_up
    for layer in demo.LAYERS:
        provenance = workspace.provenance(layer)
        assert provenance is not None
        assert provenance.made_up
        assert "จำลอง" in provenance.source
    for level in (Level.TAMBON, Level.AMPHOE, Level.PROVINCE):
        provenance = workspace.provenance(layer_name(level))
        assert provenance is not None
        assert provenance.approximate
        assert "Natural Earth" in provenance.credit
        assert workspace.boundaries(level)["approximate"].all()
    assert workspace.table("villages")["name_th"].str.contains("จำลอง").all()


def test_the_same_seed_gives_the_same_rows_and_another_seed_gives_others(tmp_path: Path) -> None:
    first = demo.build(tmp_path / "first", ("83",))
    again = demo.build(tmp_path / "again", ("83",))
    other = demo.build(tmp_path / "other", ("83",), seed=2564)
    assert first.digest(demo.LAYERS) == again.digest(demo.LAYERS)
    assert not set(first.digest(demo.LAYERS).values()) & set(other.digest(demo.LAYERS).values())


def test_a_province_is_the_same_alone_and_among_others(
    workspace: Workspace, tmp_path: Path
) -> None:
    alone = demo.build(tmp_path, ("42",))
    for layer in demo.LAYERS:
        among = workspace.scan(layer).filter(pl.col("village_code").str.starts_with("42")).collect()
        assert among.equals(alone.scan(layer).collect())


def test_villages_lie_in_their_tambon_but_for_a_few_without_a_place(workspace: Workspace) -> None:
    villages = workspace.table("villages")
    tambons = workspace.boundaries(Level.TAMBON).set_index("code").geometry
    located = villages[villages["longitude"].notna()]
    home = tambons.reindex(parent_code(located["village_code"], Level.TAMBON)).to_numpy()
    assert shapely.intersects_xy(
        home, located["longitude"].to_numpy(float), located["latitude"].to_numpy(float)
    ).all()
    assert 0 < len(villages) - len(located) < 0.05 * len(villages)


def test_the_inner_city_has_no_village_and_its_houses_stand_in_a_municipal_area(
    workspace: Workspace,
) -> None:
    villages = set(workspace.table("villages")["village_code"])
    assert not any(code[2:6] == "0101" for code in villages)
    surveyed = workspace.scan("households").select("village_code").unique().collect()
    outside = {code for code in surveyed["village_code"] if code not in villages}
    assert len(outside) == len(demo.PROVINCES)
    assert all(is_municipal(code) for code in outside)


def test_incomes_are_skewed_some_unknown_and_some_exactly_on_a_line(workspace: Workspace) -> None:
    column = workspace.scan("households").select("income_per_person").collect().to_series()
    income = column.drop_nulls().to_numpy()
    assert np.mean(income) > np.median(income)
    assert 0.02 < column.null_count() / column.len() < 0.15
    assert {38_000.0, 100_000.0} <= set(income)


def test_every_poor_household_of_the_survey_is_in_the_register_with_or_without_a_card(
    workspace: Workspace,
) -> None:
    poor = workspace.scan("households").filter(pl.col("income_per_person") < POVERTY_LINE)
    register = workspace.scan("poverty")
    assert poor.join(register, on="household_id", how="anti").collect().is_empty()
    cards = register.select(pl.col("registered_for_welfare").value_counts()).collect()
    answers = {row["registered_for_welfare"] for row in cards.to_series()}
    assert answers == {True, False, None}


@pytest.mark.parametrize(("province", "villages"), [("31", 3), ("42", 3), ("46", 3)])
def test_every_kind_of_prior_target_occurs(
    workspace: Workspace, province: str, villages: int
) -> None:
    in_province = pl.col("village_code").str.starts_with(province)
    target = ["village_code", "programme", "fiscal_year"]
    history = workspace.scan("history").filter(in_province).collect()
    lists = workspace.scan("beneficiaries").filter(in_province).group_by(target).len().collect()
    sizes = workspace.scan("households").filter(in_province).group_by("village_code").len()
    listed = history.join(lists, on=target, how="left").join(
        sizes.rename({"len": "households"}).collect(), on="village_code", how="left"
    )
    for slug, fiscal_year in (
        ("sammachip", 2562),
        ("sufficiency-village", 2562),
        ("sufficiency-village", 2563),
        ("ne-poverty", 2562),
    ):
        of_year = listed.filter(programme=slug, fiscal_year=fiscal_year)
        assert of_year.height >= villages
        assert of_year["len"].null_count() >= 1
    sammachip = listed.filter(programme="sammachip", fiscal_year=2562)
    left = (sammachip["households"] - sammachip["len"]).drop_nulls()
    assert (left >= 20).any()
    assert (left < 20).any()


def test_a_beneficiary_is_a_surveyed_household_of_a_village_in_the_history(
    workspace: Workspace,
) -> None:
    named = workspace.scan("beneficiaries")
    target = ["village_code", "programme", "fiscal_year"]
    home = ["household_id", "village_code"]
    assert named.join(workspace.scan("history"), on=target, how="anti").collect().is_empty()
    assert named.join(workspace.scan("households"), on=home, how="anti").collect().is_empty()


def test_phuket_was_never_a_target_of_the_north_eastern_programme(workspace: Workspace) -> None:
    history = workspace.table("history")
    ours = history[history["village_code"].str.startswith("83")]
    assert len(ours)
    assert "ne-poverty" not in set(ours["programme"])


@pytest.mark.parametrize(
    ("province", "villages", "amphoe"), [("31", 66, 22), ("46", 18, 14), ("42", 11, 11)]
)
def test_the_north_eastern_programme_finds_its_villages_among_open_and_forbidden_ones(
    workspace: Workspace, province: str, villages: int, amphoe: int
) -> None:
    pack = programme.load("ne-poverty-2563")
    units = eligibility.judge(pack, evidence.gather(workspace, [province]), province).units
    assert set(units["verdict"]) == {"met", "not_met", "unknown"}
    assert set(units["overlap"]) == {"clear", "usable", "blocked", "list_needed"}
    usable = units[units["verdict"] == "met"]
    answer = solve(pose.pose(pack, usable, [province]))
    assert len(answer.chosen) == villages
    assert len({code[:4] for code in answer.chosen}) == amphoe


@pytest.mark.parametrize("province", ["96", "57", "38"])
def test_data_can_be_made_up_for_any_province_that_has_villages(
    tmp_path: Path, province: str
) -> None:
    made = demo.build(tmp_path / "demo", (province,))
    present = areas(Level.TAMBON)["code"]
    assert len(made.boundaries(Level.TAMBON)) == present.str.startswith(province).sum()
    villages = made.table("villages")
    assert villages["village_code"].str.startswith(province).all()
    tambons = set(parent_code(villages["village_code"], Level.TAMBON))
    assert tambons == set(present[present.str.startswith(province)]) - {f"{province}0101"}
    assert set(demo.LAYERS) <= set(made.layers)


def test_what_is_told_of_a_village_does_not_hang_on_how_its_tambon_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = demo.build(tmp_path / "drawn", ("83",))
    elsewhere = read_embedded(Level.TAMBON, ["83"])
    shrunk = elsewhere.set_geometry(elsewhere.geometry.scale(0.5, 0.5))
    monkeypatch.setattr(demo, "read_embedded", lambda level, provinces: shrunk)
    otherwise = demo.build(tmp_path / "otherwise", ("83",))
    same = [layer for layer in demo.LAYERS if layer != "villages"]
    assert drawn.digest(same) == otherwise.digest(same)
    assert drawn.digest(["villages"]) != otherwise.digest(["villages"])


@pytest.mark.parametrize("province", ["10", "99"])
def test_a_province_without_villages_is_refused_before_anything_is_written(
    tmp_path: Path, province: str
) -> None:
    with pytest.raises(Problem) as caught:
        demo.build(tmp_path / "demo", ("46", province))
    assert caught.value.message_id == "demo.province_without_villages"
    assert not (tmp_path / "demo").exists()
