"""Points without codes, old codes and TPMAP's tables: the real registers, matched and counted."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from phaenthi.geo.places import gazetteer
from phaenthi.geo.places.codes import Level
from phaenthi.layers.imports.by_code import import_file
from phaenthi.layers.imports.by_place import MatchedImport, import_matched
from phaenthi.layers.imports.village_points import import_points
from phaenthi.layers.people.area_counts import area_counts, import_area_counts
from phaenthi.layers.workspace.folder import Workspace

pytestmark = pytest.mark.real_data
DERIVED = ["tambon_code_by_location", "match", "village_code", "candidates"]


@pytest.fixture(scope="module")
def truth(real_data: Path) -> pd.DataFrame:
    """What the folder says of each point, its own work included."""
    return gpd.read_parquet(real_data / "country" / "village_points_2012.parquet")


@pytest.fixture(scope="module")
def country(
    real_data: Path, truth: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Workspace, MatchedImport]:
    """The whole village list, and the points without their codes laid on it."""
    folder = tmp_path_factory.mktemp("country")
    listed = pd.read_parquet(real_data / "tables" / "village_names_8digit.parquet")
    listed.drop(columns="obsolete").to_parquet(folder / "villages.parquet")
    truth.drop(columns=DERIVED).to_parquet(folder / "points.parquet")
    workspace = Workspace.create(folder / "workspace")
    import_file(workspace, "villages", folder / "villages.parquet")
    import_file(workspace, "boundaries_tambon", real_data / "country" / "tambon.parquet")
    return workspace, import_points(workspace, folder / "points.parquet")


def test_points_without_codes_find_as_many_villages_as_by_hand(
    country: tuple[Workspace, MatchedImport],
) -> None:
    workspace, result = country
    codes = result.places["matched_code"].dropna()
    assert codes.is_unique
    assert len(codes) >= 45_009
    assert workspace.table("villages")["longitude"].notna().sum() == len(codes)


def test_no_automatic_match_contradicts_an_exact_one(
    country: tuple[Workspace, MatchedImport], truth: pd.DataFrame
) -> None:
    _, result = country
    found = result.places["matched_code"].astype("object").to_numpy()
    exact = (truth["match"] == "exact").to_numpy()
    told = truth["village_code"].to_numpy()
    sure = exact & result.places["matched_code"].notna().to_numpy()
    assert (found[sure] == told[sure]).all()  # precision 1
    assert sure.sum() / exact.sum() > 0.999  # recall
    # Nor does another point get the code of an exact one.
    assert not set(found[~exact & ~pd.isna(found)]) & set(told[exact])


def test_villages_of_one_name_wait_with_all_their_candidates(
    country: tuple[Workspace, MatchedImport], truth: pd.DataFrame
) -> None:
    _, result = country
    many = np.flatnonzero((truth["match"] == "many_codes").to_numpy())
    waiting = [row for row in many if pd.isna(result.places["matched_code"].iloc[row])]
    assert len(waiting) / len(many) > 0.97
    shown = result.matches.candidates
    shown = shown[shown["row"].isin(waiting)]
    sets: dict[object, set[object]] = {}
    for row, code in zip(shown["row"], shown["village_code"], strict=True):
        sets.setdefault(row, set()).add(code)
    whole = [
        set(truth["candidates"].iloc[row].split(",")) <= sets.get(row, set()) for row in waiting
    ]
    assert sum(whole) / len(whole) > 0.985


def test_a_register_of_nong_khai_of_2553_finds_the_villages_of_bueng_kan(
    country: tuple[Workspace, MatchedImport], tmp_path: Path
) -> None:
    workspace, _ = country
    villages = pd.DataFrame(workspace.table("villages"))[["village_code", "name_th"]]
    former = gazetteer.abolished()
    former = former[(former["level"] == "tambon") & former["code"].str.startswith("43")]
    pairs = [
        (str(area.code), str(area.successors[0]))
        for area in former.itertuples()
        if len(area.successors) == 1 and str(area.successors[0]).startswith("38")
    ]
    old = pd.DataFrame(pairs, columns=["old", "new"])
    here = villages[villages["village_code"].str.startswith("38")]
    here = here.assign(new=here["village_code"].str[:6]).merge(old, on="new")
    here = here.assign(code=here["old"] + here["village_code"].str[6:])
    register = pd.DataFrame(
        {
            "รหัสหมู่บ้าน": here["code"],
            "ชื่อหมู่บ้าน": here["name_th"],
            "โครงการ": "สัมมาชีพชุมชน",
            "ปีงบประมาณ": 2553,
        }
    )
    path = tmp_path / "register.csv"
    register.to_csv(path, index=False)
    result = import_matched(workspace, "history", path)
    places = result.places.assign(new=here["village_code"].to_numpy())
    sure = places[places["matched_code"].notna()]
    assert (sure["matched_code"] == sure["new"]).all()
    assert len(sure) / len(places) > 0.98
    assert sure["since"].notna().all()
    assert sure["how"].str.startswith("successor").mean() > 0.99


def test_the_tables_of_tpmap_2561_import_with_their_printed_totals(
    real_data: Path, tmp_path: Path
) -> None:
    workspace = Workspace.create(tmp_path / "workspace")
    folder = real_data / "tpmap_2561"
    for name, level, areas in (
        ("tambol_common", Level.TAMBON, 7_588),
        ("amphur_common", Level.AMPHOE, 878),
        ("province_common", Level.PROVINCE, 76),
    ):
        report = import_area_counts(workspace, folder / f"{name}.parquet", 2561)
        assert report.level is level
        assert report.report.provenance.rows_read == areas
        assert report.totals["households"] == 12_935_866
        assert report.totals["members"] == 36_647_817
        assert report.municipal == (593 if level is Level.TAMBON else 0)
    poor = import_area_counts(workspace, folder / "amphur_11111.parquet", 2561)
    assert poor.totals["target_poor"] == 1_032_987
    table = area_counts(workspace, Level.AMPHOE, 2561)
    # The second table of a level joins the first one and does not replace it.
    assert table["households"].sum() == 12_935_866
    assert table["target_poor"].sum() == 1_032_987
    tambons = area_counts(workspace, Level.TAMBON, 2561)
    assert tambons["municipal"].sum() == 593
