"""The nearest market of a producer or cluster, among places of every kind."""

from __future__ import annotations

import numpy as np
import pandas as pd

from phaenthi.layers.otop.markets import nearest_markets

PLACES = pd.DataFrame(
    {
        "place_id": ["s1", "m1", "m2", "m3"],
        "kind": ["school", "market", "market", "market"],
        "name_th": ["โรงเรียน", "ตลาดไกล", "ตลาดต่างจังหวัด", "ตลาดไม่ทราบที่"],
        "tambon_code": ["310101", "310201", "320101", None],
        "longitude": [103.0, 103.4, 103.01, np.nan],
        "latitude": [15.0, 15.0, 15.0, np.nan],
    }
)


def test_only_markets_count_and_the_own_province_comes_first() -> None:
    producers = pd.DataFrame(
        {
            "village_code": ["31010101", "33010101", "31010101"],
            "longitude": [103.0, 103.0, np.nan],
            "latitude": [15.0, 15.0, np.nan],
        }
    )
    found = nearest_markets(producers, PLACES)
    assert found["place_id"].fillna("-").tolist() == ["m1", "m2", "-"]
    assert found["nearer_id"].fillna("-").tolist() == ["m2", "-", "-"]
    assert found["in_province"].tolist()[:2] == [True, False]


def test_a_cluster_says_its_province_itself_and_no_market_is_no_answer() -> None:
    cluster = pd.DataFrame({"province_code": ["31"], "longitude": [103.0], "latitude": [15.0]})
    assert nearest_markets(cluster, PLACES)["place_id"].tolist() == ["m1"]
    assert nearest_markets(cluster, PLACES[:1])["place_id"].isna().all()
    assert nearest_markets(cluster[:0], PLACES).empty
