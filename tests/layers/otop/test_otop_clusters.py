"""Clusters of producers and groups: who joins whom, what they are called, ids that stay."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN

from phaenthi.geo.shapes.sphere import EARTH_RADIUS_METRES, sphere_metres
from phaenthi.layers.otop.clusters import (
    MEMBER_COLUMNS,
    REGISTER_COLUMNS,
    ClusterRule,
    find_clusters,
    register_table,
    why_counts,
)
from phaenthi.layers.otop.product_links import read_links
from phaenthi.wording import Problem

# Satuek (3111) and Khaen Dong (3122) are neighbours; Nang Rong (3104) is far to the south.
ROWS = [
    ("G01", "กลุ่มทอผ้าไหมบ้านหนึ่ง", "silk_weaving", "31110101", 103.30, 15.30),
    ("G02", "กลุ่มย้อมสีธรรมชาติบ้านสอง", "natural_dye", "31110102", 103.31, 15.30),
    ("G03", "กลุ่มทอผ้าไหมบ้านสาม", "silk_weaving", "31220101", 103.40, 15.30),
    ("G04", "กลุ่มข้าวอินทรีย์", "organic_rice", "31110201", 103.30, 15.31),
    ("G05", "กลุ่มปุ๋ยหมัก", "compost", "31110201", 103.31, 15.31),
    ("G06", "กลุ่มข้าวไรซ์เบอร์รี่", "riceberry", "31110202", 103.32, 15.31),
    ("G07", "กลุ่มปุ๋ยหมักนางรอง", "compost", "31040201", 102.80, 14.60),
    ("G08", "กลุ่มข้าวอินทรีย์นางรอง", "organic_rice", "31040202", 102.81, 14.60),
    ("G09", "กลุ่มจักสาน", "basketry", "31110101", 103.30, 15.30),
    ("G10", "กลุ่มไม่ทราบชนิด", None, "31110101", 103.30, 15.30),
    ("G11", "กลุ่มไม่ทราบที่", "silk_weaving", "31110103", None, None),
]
LINK = "th: ก, en: x, origin: assumed, document: {th: ก, en: x}"


def members(rows: list[tuple[object, ...]] | None = None) -> pd.DataFrame:
    return pd.DataFrame(ROWS if rows is None else rows, columns=list(MEMBER_COLUMNS))


def many(count: int, seed: int, *, prefix: str = "P") -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    families = ["silk_weaving", "cotton_weaving", "organic_rice", "compost", "basketry", "sweets"]
    centres = np.column_stack([rng.uniform(102.5, 103.7, 40), rng.uniform(14.3, 15.7, 40)])
    places = centres[rng.integers(0, 40, count)] + rng.normal(0, 0.05, (count, 2))
    amphoe = rng.integers(1, 24, count)
    return pd.DataFrame(
        {
            "member_id": [f"{prefix}{number:06d}" for number in range(count)],
            "name_th": "กลุ่ม",
            "product_family": rng.choice(families, count),
            "village_code": [f"31{one:02d}0101" for one in amphoe],
            "longitude": places[:, 0],
            "latitude": places[:, 1],
        }
    )


def test_the_same_and_linked_products_near_each_other_make_the_clusters_of_the_letter() -> None:
    register = find_clusters(members(), ClusterRule(within_metres=15_000))
    clusters = register.clusters.set_index("cluster_id")
    assert clusters["joined_by"].to_dict() == {
        "cloth-G01": "same",
        "safe_rice-G04": "same_and_linked",
        "safe_rice-G07": "linked",
    }
    assert clusters["name_th"].to_dict() == {
        "cloth-G01": "คลัสเตอร์ผ้า อำเภอสตึก–แคนดง",
        "safe_rice-G04": "คลัสเตอร์ข้าวปลอดภัย ตำบลนิคม อำเภอสตึก",
        "safe_rice-G07": "คลัสเตอร์ข้าวปลอดภัย อำเภอนางรอง",
    }
    assert clusters["level"].to_dict() == {
        "cloth-G01": "province",
        "safe_rice-G04": "amphoe",
        "safe_rice-G07": "amphoe",
    }
    of = register.members.groupby("cluster_id")["member_id"].agg(list).to_dict()
    assert of == {
        "cloth-G01": ["G01", "G02", "G03"],
        "safe_rice-G04": ["G04", "G05", "G06"],
        "safe_rice-G07": ["G07", "G08"],
    }
    assert why_counts(register) == {"alone": 1, "no_family": 1, "no_place": 1}


def test_without_declared_links_a_family_joins_only_its_own() -> None:
    register = find_clusters(members(), ClusterRule(within_metres=15_000), links=())
    assert register.clusters["cluster_id"].tolist() == ["silk_weaving-G01"]
    assert set(register.clusters["name_en"]) == {"silk weaving cluster, amphoe Satuek–Khaen Dong"}


def test_at_amphoe_level_no_cluster_crosses_an_amphoe() -> None:
    register = find_clusters(members(), ClusterRule(within_metres=15_000, level="amphoe"))
    assert set(register.clusters["level"]) == {"amphoe"}
    of = register.members.groupby("cluster_id")["member_id"].agg(list).to_dict()
    assert of["cloth-G01"] == ["G01", "G02"]


def test_distances_can_be_checked_by_hand() -> None:
    register = find_clusters(members(), ClusterRule(within_metres=15_000))
    rows = register.members.set_index("member_id")
    expected = float(sphere_metres(103.31, 15.30, 103.40, 15.30))
    assert rows.loc["G03", "nearest_id"] == "G02"
    assert rows.loc["G03", "nearest_metres"] == pytest.approx(expected, abs=0.1)
    cloth = register.clusters.set_index("cluster_id").loc["cloth-G01"]
    whole = float(sphere_metres(103.30, 15.30, 103.40, 15.30))
    assert cloth["span_metres"] == pytest.approx(whole, abs=0.1)
    assert cloth["widest_gap_metres"] == pytest.approx(expected, abs=0.1)
    assert cloth["longitude"] == pytest.approx((103.30 + 103.31 + 103.40) / 3, abs=1e-4)
    assert cloth.geometry.geom_type in ("LineString", "Polygon")


def test_a_member_without_a_position_stands_at_its_village() -> None:
    villages = pd.DataFrame(
        {"village_code": ["31110103"], "longitude": [103.305], "latitude": [15.3]}
    )
    register = find_clusters(members(), ClusterRule(within_metres=15_000), villages=villages)
    rows = register.members.set_index("member_id")
    assert rows.loc["G11", "placed_by"] == "village"
    assert rows.loc["G01", "placed_by"] == "own"
    assert "no_place" not in why_counts(register)


def test_the_register_has_the_columns_of_the_form_and_names_its_members() -> None:
    register = find_clusters(members(), ClusterRule(within_metres=15_000))
    table = register_table(register, "th")
    assert tuple(table.columns) == REGISTER_COLUMNS
    assert table["number"].tolist() == [1, 2, 3]
    first = table.iloc[0]
    assert first["member_names"].count(";") == 2
    assert first["joined_by"] == "ผลิตภัณฑ์เดียวกัน: ผ้าไหม, ย้อมสีธรรมชาติ"
    assert first["amphoe"] == "สตึก, แคนดง"
    english = register_table(register, "en")
    assert english["joined_by"].iloc[1] == (
        "the same product and linked ones: organic and safe rice, riceberry, compost"
    )


def test_clusters_of_each_pool_are_those_of_dbscan_by_haversine() -> None:
    table = many(3_000, seed=7)
    register = find_clusters(table, ClusterRule(within_metres=4_000, at_least=4))
    label = dict(zip(register.members["member_id"], register.members["cluster_id"], strict=True))
    pool = {"silk_weaving": "cloth", "cotton_weaving": "cloth"}
    pool |= {"organic_rice": "safe_rice", "compost": "safe_rice"}
    for _, rows in table.groupby(table["product_family"].replace(pool)):
        places = np.radians(rows[["latitude", "longitude"]].to_numpy())
        model = DBSCAN(eps=4_000 / EARTH_RADIUS_METRES, min_samples=4, metric="haversine")
        theirs = model.fit(places).labels_
        ours = [label.get(member, "-") for member in rows["member_id"]]
        pairs = set(zip(ours, theirs.tolist(), strict=True))
        assert len(pairs) == len({one for one, _ in pairs}) == len({one for _, one in pairs})
        assert [one == "-" for one in ours] == (theirs == -1).tolist()


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 9999))
def test_shuffled_rows_give_the_same_register(seed: int) -> None:
    table = many(300, seed=seed % 7)
    rule = ClusterRule(within_metres=5_000, at_least=3)
    one = find_clusters(table, rule)
    other = find_clusters(table.sample(frac=1, random_state=seed), rule)
    pd.testing.assert_frame_equal(one.members, other.members)
    pd.testing.assert_frame_equal(register_table(one), register_table(other))


def grown_of(table: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([table, more], ignore_index=True)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 9999), prefix=st.sampled_from(["Z", "A"]))
def test_ids_stay_when_ten_are_added(seed: int, prefix: str) -> None:
    table, rule = many(300, seed=seed % 11), ClusterRule(within_metres=5_000, at_least=3)
    before = find_clusters(table, rule)
    grown = grown_of(table, many(10, seed=seed, prefix=prefix))
    after = find_clusters(grown, rule, earlier=before.members)
    now = after.members.set_index("member_id")["cluster_id"]
    followers = before.members.assign(now=before.members["member_id"].map(now))
    here = followers[followers["core"]].groupby("cluster_id")["now"].agg(["nunique", "first"])
    # More members never break a cluster up; two may only grow together, under one of their ids.
    assert (here["nunique"] == 1).all()
    for cluster, rows in here.groupby("first"):
        assert cluster in rows.index


def test_ten_more_that_touch_nothing_change_no_id_at_all() -> None:
    table, rule = many(300, seed=3), ClusterRule(within_metres=3_000, at_least=3)
    before = find_clusters(table, rule)
    far = members(
        [(f"A{n}", "กลุ่ม", "basketry", "31010101", 105.0 + n / 1000, 15.5) for n in range(10)]
    )
    after = find_clusters(grown_of(table, far), rule)
    assert set(before.clusters["cluster_id"]) < set(after.clusters["cluster_id"])
    assert set(after.clusters["cluster_id"]) - set(before.clusters["cluster_id"]) == {"basketry-A0"}


def test_of_two_clusters_that_grow_together_the_larger_lives_on() -> None:
    silk = [("B", 103.00), ("C", 103.01), ("D", 103.02), ("A", 103.30), ("E", 103.31)]
    rows = [(name, "กลุ่ม", "silk_weaving", "31110101", x, 15.3) for name, x in silk]
    rule = ClusterRule(within_metres=12_000)
    before = find_clusters(members(rows), rule)
    assert set(before.clusters["cluster_id"]) == {"cloth-B", "cloth-A"}
    bridge = [("F", 103.1), ("G", 103.2)]
    rows += [(name, "กลุ่ม", "silk_weaving", "31110101", x, 15.3) for name, x in bridge]
    after = find_clusters(members(rows), rule, earlier=before.members)
    assert after.clusters["cluster_id"].tolist() == ["cloth-B"]
    changes = after.changes.set_index("cluster_id")
    assert changes["change"].to_dict() == {"cloth-A": "ended", "cloth-B": "kept"}
    assert changes.loc["cloth-A", "into"] == "cloth-B"
    assert changes.loc["cloth-B", "joined"] == 4


def test_a_cluster_that_falls_apart_leaves_its_id_to_the_greater_part() -> None:
    silk = [("A", 103.0), ("B", 103.1), ("C", 103.2), ("D", 103.3), ("E", 103.4)]
    rows = [(name, "กลุ่ม", "silk_weaving", "31110101", x, 15.3) for name, x in silk]
    rule = ClusterRule(within_metres=12_000)
    before = find_clusters(members(rows), rule)
    without_b = [row for row in rows if row[0] != "B"] + [
        ("F", "กลุ่ม", "silk_weaving", "31110101", 102.99, 15.3)
    ]
    after = find_clusters(members(without_b), rule, earlier=before.members)
    of = after.members.groupby("cluster_id")["member_id"].agg(list).to_dict()
    # A named the earlier cluster; its id stays with C, D, E and is not given a second time.
    assert of == {"cloth-A": ["C", "D", "E"], "cloth-A-2": ["A", "F"]}


def test_clusters_without_a_distance_are_formed_of_each_pool_and_province() -> None:
    table = many(600, seed=5)
    register = find_clusters(table, ClusterRule(within_metres=None, at_least=5))
    assert len(register.clusters) > 3
    assert (register.clusters["members"] >= 5).all()
    assert re.fullmatch(r"[a-z_]+-P\d{6}", register.clusters["cluster_id"].iloc[0])


@pytest.mark.parametrize("rule", [ClusterRule(), ClusterRule(within_metres=None)])
def test_nothing_one_group_and_groups_of_which_nothing_is_known_are_answered(
    rule: ClusterRule,
) -> None:
    blank = [(f"G{n}", None, None, None, None, None) for n in range(3)]
    for rows in ([], ROWS[:1], blank):
        register = find_clusters(members(rows), rule)
        assert register.clusters.empty
        assert len(register.outside) == len(rows)
        assert list(register_table(register).columns) == list(REGISTER_COLUMNS)


def test_a_hundred_thousand_producers_are_answered() -> None:
    rng = np.random.default_rng(1)
    table = many(100_000, seed=1)
    table["longitude"] = rng.uniform(98, 105.5, 100_000)
    table["latitude"] = rng.uniform(6, 20, 100_000)
    register = find_clusters(table, ClusterRule(within_metres=4_000))
    assert len(register.members) + len(register.outside) == 100_000
    assert len(register_table(register)) == len(register.clusters) > 1_000


def test_two_groups_of_one_id_are_refused() -> None:
    with pytest.raises(Problem) as refused:
        find_clusters(members([ROWS[0], ROWS[0]]))
    assert refused.value.message_id == "layers.member_twice"


def test_swapped_coordinates_are_refused() -> None:
    table = members().rename(columns={"longitude": "latitude", "latitude": "longitude"})
    with pytest.raises(Problem) as refused:
        find_clusters(table)
    assert refused.value.message_id == "geo.places_swapped"


def test_declared_links_name_known_families_once_and_their_source() -> None:
    links = read_links()
    assert [link.id for link in links] == ["cloth", "safe_rice"]
    assert all(link.document.th and link.item for link in links)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"- {{id: x, {LINK}, same: [nonsense]}}", "nonsense"),
        ("- {id: x, th: ก, en: x}", "origin"),
        ("- [", "while parsing"),
    ],
)
def test_a_file_of_links_that_cannot_be_used_is_refused(tmp_path, text: str, told: str) -> None:
    path = tmp_path / "links.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Problem) as refused:
        read_links(path)
    assert refused.value.message_id == "layers.product_links_invalid"
    assert told in str(refused.value)


def test_a_family_in_two_links_is_refused(tmp_path) -> None:
    path = tmp_path / "links.yaml"
    twice = "".join(f"- {{id: {name}, {LINK}, same: [silk_weaving]}}\n" for name in "ab")
    path.write_text(twice, encoding="utf-8")
    with pytest.raises(Problem) as refused:
        read_links(path)
    assert "silk_weaving" in str(refused.value)
