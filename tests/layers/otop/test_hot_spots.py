"""Hot spots against the formulas by hand, permutations of our own and areas that stand apart."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.stats import false_discovery_control

from phaenthi.layers.otop.hot_spots import find_hot_spots, values_of_tambons


def grid(side: int, *, gap: float = 0.0) -> gpd.GeoDataFrame:
    """Return square areas of a tenth of a degree, ``gap`` degrees apart."""
    boxes = [
        shapely.box(102 + x * 0.1, 14 + y * 0.1, 102.1 + x * 0.1 - gap, 14.1 + y * 0.1 - gap)
        for x in range(side)
        for y in range(side)
    ]
    codes = [f"{310101 + n:06d}" for n in range(len(boxes))]
    return gpd.GeoDataFrame({"code": codes}, geometry=boxes, crs="EPSG:4326")


def with_a_knot(areas: gpd.GeoDataFrame, side: int, seed: int = 0) -> pd.DataFrame:
    """Return small values everywhere but in the corner of four by four."""
    value = np.random.default_rng(seed).poisson(3, len(areas)).astype(float)
    x, y = np.divmod(np.arange(len(areas)), side)
    value[(x < 4) & (y < 4)] += 25
    return pd.DataFrame({"code": areas["code"], "value": value})


def weights(areas: gpd.GeoDataFrame) -> np.ndarray:
    shapes = areas.geometry.to_numpy()
    return np.array(
        [[one.distance(other) < 1e-3 for other in shapes] for one in shapes], dtype=float
    )


def test_gi_star_is_the_z_score_of_ord_and_getis() -> None:
    areas = grid(9)
    values = with_a_knot(areas, 9)
    found = find_hot_spots(values, areas, permutations=99).table
    w, x = weights(areas), values["value"].to_numpy()
    n, of = len(x), w.sum(axis=1)
    spread = np.sqrt((x**2).mean() - x.mean() ** 2)
    z = (w @ x - x.mean() * of) / (spread * np.sqrt((n * (w**2).sum(axis=1) - of**2) / (n - 1)))
    np.testing.assert_allclose(found["statistic"], z)
    assert found["neighbours"].tolist() == (of - 1).astype(int).tolist()


def test_p_is_that_of_dealing_out_the_other_values_anew() -> None:
    areas = grid(7)
    values = with_a_knot(areas, 7, seed=2)
    found = find_hot_spots(values, areas, permutations=4_999).table
    w, x = weights(areas), values["value"].to_numpy()
    rng = np.random.default_rng(11)
    for area in (0, 8, 24, 30, 45):
        near, others = int(w[area].sum()) - 1, np.delete(x, area)
        sums = [rng.permutation(others)[:near].sum() + x[area] for _ in range(4_000)]
        share = np.mean(np.asarray(sums) >= w[area] @ x)
        under = np.mean(np.asarray(sums) <= w[area] @ x)
        assert found["p"].iloc[area] == pytest.approx(min(1, 2 * min(share, under)), abs=0.05)


def test_among_many_zeros_a_lonely_product_is_not_cold() -> None:
    areas = grid(10)
    value = np.zeros(100)
    value[[44, 5, 8, 91]] = [1, 9, 7, 8]
    found = find_hot_spots(pd.DataFrame({"code": areas["code"], "value": value}), areas).table
    assert found["p"].iloc[44] == 1.0
    assert "cold" not in set(found["kind_by_p"])


def test_the_knot_is_hot_and_p_is_adjusted_for_the_number_of_areas() -> None:
    areas = grid(12)
    found = find_hot_spots(with_a_knot(areas, 12), areas)
    x, y = np.divmod(np.arange(144), 12)
    inner = (x > 0) & (x < 3) & (y > 0) & (y < 3)
    assert set(found.table.loc[inner, "kind"]) == {"hot"}
    assert set(found.table.loc[(x > 5) | (y > 5), "kind"]) <= {"none", "cold"}
    np.testing.assert_allclose(
        found.table["p_adjusted"], false_discovery_control(found.table["p"], method="bh")
    )
    assert (found.table["p_adjusted"] >= found.table["p"]).all()
    assert sum(found.counts.values()) == 144


def test_local_moran_tells_an_outlier_from_a_knot() -> None:
    areas = grid(12)
    values = with_a_knot(areas, 12)
    values.loc[7 * 12 + 7, "value"] = 40
    found = find_hot_spots(values, areas, statistic="moran")
    assert found.table["kind"].iloc[13] == "high_high"
    assert found.table["kind_by_p"].iloc[7 * 12 + 7] in ("high_low", "none")
    w, x = weights(areas) - np.eye(144), values["value"].to_numpy()
    z = x - x.mean()
    local = z / (z @ z / 143) * ((w / w.sum(axis=1)[:, None]) @ z)
    np.testing.assert_allclose(found.table["statistic"], local, rtol=1e-6)


def test_the_same_seed_finds_the_same_and_the_order_of_rows_does_not_matter() -> None:
    areas = grid(8)
    values = with_a_knot(areas, 8)
    one = find_hot_spots(values, areas)
    other = find_hot_spots(values.sample(frac=1, random_state=1), areas.sample(frac=1))
    pd.testing.assert_frame_equal(one.table, other.table)


def test_a_sliver_between_two_areas_does_not_part_them() -> None:
    found = find_hot_spots(with_a_knot(grid(5), 5), grid(5, gap=0.0003))
    assert found.table["neighbours"].max() == 8


def test_islands_and_areas_of_unknown_value_are_counted_apart_and_not_tested() -> None:
    areas = grid(6)
    island = gpd.GeoDataFrame(
        {"code": ["830101"]}, geometry=[shapely.box(98.3, 7.8, 98.4, 7.9)], crs="EPSG:4326"
    )
    whole = pd.concat([areas, island], ignore_index=True)
    values = pd.concat(
        [with_a_knot(areas, 6), pd.DataFrame({"code": ["830101", "999999"], "value": [900.0, 5]})]
    )
    values.loc[values["code"] == areas["code"].iloc[20], "value"] = np.nan
    found = find_hot_spots(values, whole)
    kinds = found.table.set_index("code")["kind"]
    assert kinds["830101"] == "no_neighbours"
    assert kinds[areas["code"].iloc[20]] == "unknown"
    assert found.counts["no_neighbours"] == found.counts["unknown"] == 1
    assert found.without_boundary == ("999999",)
    alone = find_hot_spots(values, areas)
    mainland = found.table[found.table["code"] != "830101"].reset_index(drop=True)
    pd.testing.assert_frame_equal(mainland, alone.table)


@pytest.mark.parametrize("statistic", ["gi_star", "moran"])
def test_no_area_one_area_equal_values_and_no_values_are_answered(statistic) -> None:
    areas = grid(3)
    blank = pd.DataFrame({"code": areas["code"], "value": np.nan})
    cases = [
        (blank, areas, {"unknown": 9}),
        (blank.assign(value=4.0), areas, {"none": 9}),
        (blank.assign(value=4.0), areas[:1], {"no_neighbours": 1}),
        (blank[:0], areas[:0], {}),
        (blank[:0], areas, {"unknown": 9}),
    ]
    for values, shapes, counts in cases:
        assert find_hot_spots(values, shapes, statistic=statistic).counts == counts


def test_as_many_areas_as_a_country_has_are_answered() -> None:
    areas = grid(90)
    areas["geometry"] = areas.scale(1, 1)
    found = find_hot_spots(with_a_knot(areas, 90), areas, permutations=99)
    assert len(found.table) == 8_100


def test_a_value_below_zero_is_refused() -> None:
    areas = grid(3)
    with pytest.raises(ValueError, match="below zero"):
        find_hot_spots(pd.DataFrame({"code": areas["code"], "value": -1.0}), areas)


def test_too_few_permutations_to_show_anything_are_told() -> None:
    areas = grid(12)
    values = with_a_knot(areas, 12)
    few = find_hot_spots(values, areas, permutations=99)
    assert few.permutations_needed is not None
    assert set(few.table["kind"]) == {"none"}
    enough = find_hot_spots(values, areas, permutations=few.permutations_needed * 2)
    assert enough.counts["hot"] > 0


def test_a_tambon_without_products_has_none_and_a_province_without_a_register_is_unknown() -> None:
    villages = pd.DataFrame({"village_code": ["31010101", "31010102", "31010201", "46010101"]})
    summary = pd.DataFrame({"village_code": ["31010101", "31010102"], "products": [3, 2]})
    found = values_of_tambons(summary, villages, "products")
    assert found.to_dict("list") == {"code": ["310101", "310102"], "value": [5.0, 0.0]}
    each = values_of_tambons(summary, villages, "products", per_village=True)
    assert each["value"].tolist() == [2.5, 0.0]
    assert values_of_tambons(summary[:0], villages, "products").empty
