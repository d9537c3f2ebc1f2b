"""The nearest place, in the province first, against the plain search through all."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phaenthi.geo.shapes.nearest import COLUMNS, nearest_places
from phaenthi.geo.shapes.sphere import sphere_metres
from phaenthi.wording import Problem

MARKETS = pd.DataFrame(
    {
        "place_id": ["m1", "m2", "m3"],
        "kind": "market",
        "name_th": ["ตลาดเมือง", "ตลาดสตึก", "ตลาดสุรินทร์"],
        "longitude": [103.10, 103.30, 103.21],
        "latitude": [15.00, 15.30, 15.00],
        "province_code": ["31", "31", "32"],
    }
)


def table(rows: int, seed: int, provinces: list[str | None]) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "longitude": rng.choice([102.5, 102.6, 103.0, 103.7], rows)
            + rng.integers(0, 3, rows) * 0.9,
            "latitude": rng.choice([14.5, 14.6, 15.2], rows),
            "province_code": pd.array(rng.choice(provinces, rows), dtype="string"),
        }
    )


def by_looking_at_all(point: pd.Series, places: pd.DataFrame) -> tuple[str, float]:
    metres = sphere_metres(
        point["longitude"], point["latitude"], places["longitude"], places["latitude"]
    )
    near = places[metres <= metres.min() * (1 + 1e-9)]
    return str(near["place_id"].min()), float(metres.min())


@settings(max_examples=60, deadline=None)
@given(points=st.integers(1, 12), places=st.integers(1, 12), seed=st.integers(0, 9999))
def test_it_is_the_place_that_looking_at_all_finds(points: int, places: int, seed: int) -> None:
    producers = table(points, seed, ["31", "32", "33"])
    markets = table(places, seed + 1, ["31", "32"])
    markets["place_id"] = [f"m{number:02d}" for number in range(places)]
    markets["longitude"] += np.random.default_rng(seed).choice([0, 0.01], places)
    found = nearest_places(producers, markets)
    for (_, point), (_, answer) in zip(producers.iterrows(), found.iterrows(), strict=True):
        own = markets[markets["province_code"] == point["province_code"]]
        expected, metres = by_looking_at_all(point, own if len(own) else markets)
        assert answer["place_id"] == expected
        assert answer["metres"] == pytest.approx(metres, abs=1e-3)
        assert answer["in_province"] == bool(len(own))
        anywhere, nearer = by_looking_at_all(point, markets)
        if nearer < metres - 1e-3:
            assert (answer["nearer_id"], bool(answer["in_province"])) == (anywhere, True)


def test_a_market_of_the_province_comes_before_a_nearer_one_outside_which_is_told() -> None:
    producer = pd.DataFrame({"longitude": [103.2], "latitude": [15.0], "province_code": ["31"]})
    found = nearest_places(producer, MARKETS).iloc[0]
    assert found["name_th"] == "ตลาดเมือง"
    assert found["in_province"]
    assert found["nearer_id"] == "m3"
    assert found["nearer_metres"] < found["metres"]


def test_without_one_in_the_province_the_nearest_outside_is_taken() -> None:
    producer = pd.DataFrame({"longitude": [103.2], "latitude": [15.0], "province_code": ["33"]})
    found = nearest_places(producer, MARKETS).iloc[0]
    assert found["place_id"] == "m3"
    assert not found["in_province"]
    assert pd.isna(found["nearer_id"])


def test_a_producer_without_a_place_or_a_land_without_markets_has_no_answer() -> None:
    producers = pd.DataFrame(
        {"longitude": [np.nan, 103.2], "latitude": [15.0, 15.0], "province_code": ["31", None]},
        index=["a", "b"],
    )
    found = nearest_places(producers, MARKETS)
    assert list(found.columns) == list(COLUMNS)
    assert pd.isna(found.loc["a", "place_id"])
    assert found.loc["b", "place_id"] == "m3"
    assert nearest_places(producers, MARKETS[:0])["place_id"].isna().all()
    assert nearest_places(producers[:0], MARKETS).empty


def test_a_hundred_thousand_producers_are_answered() -> None:
    rng = np.random.default_rng(4)
    producers = pd.DataFrame(
        {
            "longitude": rng.uniform(98, 105, 100_000),
            "latitude": rng.uniform(6, 20, 100_000),
            "province_code": rng.choice(["31", "32", "99"], 100_000),
        }
    )
    found = nearest_places(producers, MARKETS)
    assert found["place_id"].notna().all()
    assert (found["in_province"] == producers["province_code"].isin(["31", "32"])).all()


def test_swapped_markets_are_refused() -> None:
    swapped = MARKETS.rename(columns={"longitude": "latitude", "latitude": "longitude"})
    producer = pd.DataFrame({"longitude": [103.2], "latitude": [15.0], "province_code": ["31"]})
    with pytest.raises(Problem) as refused:
        nearest_places(producer, swapped)
    assert refused.value.message_id == "geo.places_swapped"
