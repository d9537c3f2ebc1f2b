"""What the funds of villages come to: counts, money, who has none, how many of the poor."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phaenthi.layers.contracts.funds import FUNDS_CONTRACT
from phaenthi.layers.funds.coverage import ANY, coverage_of_poor, villages_without
from phaenthi.layers.funds.remedies import remedies, remedy_counts
from phaenthi.layers.funds.summary import (
    choropleth,
    figures,
    latest_funds,
    levels_of_funds,
    summary_by_amphoe,
    summary_by_village,
)
from phaenthi.layers.funds.types import fund_types
from tests.layers.funds_by_hand import funds

VILLAGES = ("42010101", "42010102", "42020101", "42020102", "31010101")
KINDS = [one.id for one in fund_types()]


def village_table(poor: dict[str, int | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "village_code": pd.array(list(poor), dtype="string"),
            "name_th": pd.array([f"บ้าน {code}" for code in poor], dtype="string"),
            "poor_households": pd.array(list(poor.values()), dtype="Int64"),
        }
    )


def test_a_fund_counts_in_its_latest_year_alone() -> None:
    table = funds(
        {"fund_id": "a", "village_code": "42010101", "year": 2566, "governance_level": 1},
        {"fund_id": "a", "village_code": "42010101", "year": 2567, "governance_level": 3},
    )
    assert latest_funds(table)["governance_level"].to_list() == [3]
    village = summary_by_village(table).row(0, named=True)
    assert (village["funds"], village["funds_level_1"], village["funds_level_3"]) == (1, 0, 1)
    assert levels_of_funds(table)["level"].tolist() == ["3"]


def test_money_that_nobody_states_is_missing_and_not_zero() -> None:
    table = funds(
        {"village_code": "42010101", "capital_baht": 100.0, "loans_baht": 80.0},
        {"village_code": "42010101"},
        {"village_code": "42010102"},
    )
    first, second = summary_by_village(table).rows(named=True)
    assert (first["capital_baht"], first["capital_baht_missing"]) == (100.0, 1)
    assert (second["capital_baht"], second["capital_baht_missing"]) == (None, 1)


def test_the_share_overdue_is_of_funds_that_state_both() -> None:
    table = funds(
        {"village_code": "42010101", "loans_baht": 100.0, "overdue_baht": 10.0},
        {"village_code": "42010102", "loans_baht": 300.0},
        {"village_code": "42010102", "overdue_baht": 5.0},
        {"village_code": "42020101", "loans_baht": 0.0, "overdue_baht": 0.0},
    )
    by_amphoe = summary_by_amphoe(table).set_index("code")
    assert by_amphoe["overdue_percent"]["4201"] == pytest.approx(10.0)
    assert pd.isna(by_amphoe["overdue_percent"]["4202"])
    assert by_amphoe["villages"].to_dict() == {"4201": 2, "4202": 1}
    assert by_amphoe["name"]["4201"] == "เมืองเลย"


fund_rows = st.lists(
    st.fixed_dictionaries(
        {
            "fund_id": st.sampled_from("abcdef"),
            "village_code": st.sampled_from(VILLAGES),
            "fund_type": st.sampled_from(KINDS),
            "year": st.integers(2565, 2567),
            "governance_level": st.none() | st.integers(1, 3),
            "members": st.none() | st.integers(0, 50),
            "loans_baht": st.none() | st.integers(0, 1000).map(float),
            "overdue_baht": st.none() | st.integers(0, 1000).map(float),
        }
    ),
    max_size=12,
    unique_by=lambda row: (row["fund_id"], row["year"]),
)


@given(fund_rows)
def test_summaries_count_what_counting_by_hand_counts(rows: list[dict[str, object]]) -> None:
    table = funds(*rows) if rows else pl.DataFrame(schema=FUNDS_CONTRACT.stored_types)
    latest: dict[object, dict[str, object]] = {}
    for row in sorted(rows, key=lambda row: int(str(row["year"]))):
        latest[row["fund_id"]] = row
    by_village = {row["village_code"]: row for row in summary_by_village(table).rows(named=True)}
    assert set(by_village) == {row["village_code"] for row in latest.values()}
    for code, told in by_village.items():
        here = [row for row in latest.values() if row["village_code"] == code]
        assert told["funds"] == len(here)
        for kind in KINDS:
            assert told[f"funds_{kind}"] == sum(row["fund_type"] == kind for row in here)
        for level in (1, 2, 3):
            counted = sum(row["governance_level"] == level for row in here)
            assert told[f"funds_level_{level}"] == counted
        stated = [int(str(row["members"])) for row in here if row["members"] is not None]
        assert told["members"] == (sum(stated) if stated else None)
        assert told["members_missing"] == len(here) - len(stated)
    levels = levels_of_funds(table)
    assert levels["funds"].sum() == len(latest)
    assert sum(one.funds for one in figures(levels)) == len(latest)
    for amphoe in summary_by_amphoe(table).to_dict("records"):
        here = [row for row in latest.values() if str(row["village_code"])[:4] == amphoe["code"]]
        both = [
            (float(str(row["loans_baht"])), float(str(row["overdue_baht"])))
            for row in here
            if row["loans_baht"] is not None and row["overdue_baht"] is not None
        ]
        lent = sum(loans for loans, _ in both)
        if lent:
            share = 100 * sum(late for _, late in both) / lent
            assert amphoe["overdue_percent"] == pytest.approx(share)
        else:
            assert pd.isna(amphoe["overdue_percent"])
    without = villages_without(table, village_table(dict.fromkeys(VILLAGES, 0)))
    having = {(row["village_code"], row["fund_type"]) for row in latest.values()}
    pairs = set(itertools.product(VILLAGES, KINDS)) - having
    assert set(zip(without["village_code"], without["fund_type"], strict=True)) == pairs


def test_nobody_can_say_who_has_no_fund_of_a_kind_that_the_register_does_not_hold() -> None:
    table = funds({"village_code": "42010101"}, {"village_code": "31010101", "fund_type": "women"})
    villages = village_table(dict.fromkeys(("42010101", "42010102", "31010102"), 0))
    told = villages_without(table, villages, ["savings"])
    assert told["village_code"].tolist() == ["31010102", "42010102"]
    assert told["without"].isna().tolist() == [True, False]
    assert bool(told["without"][1])


def test_the_poor_are_counted_where_there_is_a_fund_and_where_there_is_none() -> None:
    table = funds({"village_code": "42010101"}, {"village_code": "42020101", "fund_type": "women"})
    villages = village_table(
        {"42010101": 30, "42010102": 50, "42010103": None, "42020101": 20, "42020102": 0}
    )
    told = coverage_of_poor(table, villages, "savings").set_index("code")
    assert told.loc["4201", ["poor", "poor_with", "poor_without"]].tolist() == [80, 30, 50]
    assert told["villages_unknown"].to_dict() == {"4201": 1, "4202": 0, "": 1}
    assert told["percent_covered"]["4201"] == pytest.approx(37.5)
    assert told.loc["4202", ["poor_with", "poor_without"]].tolist() == [0, 20]
    assert told.loc["", ["poor", "poor_with", "poor_without"]].tolist() == [100, 30, 70]
    assert not told["hidden"].any()
    either = coverage_of_poor(table, villages, ANY).set_index("code")
    assert either.loc["", "poor_with"] == 50


def test_small_counts_are_hidden_with_what_would_give_them_back() -> None:
    table = funds({"village_code": "42010101"}, {"village_code": "42020101"})
    villages = village_table({"42010101": 3, "42010102": 50, "42020101": 30, "42020102": 40})
    told = coverage_of_poor(table, villages, "savings").set_index("code")
    assert pd.isna(told["poor_with"]["4201"])
    # The amphoe's total less the other part would be the hidden one.
    assert pd.isna(told["poor_without"]["4201"]) or pd.isna(told["poor"]["4201"])
    assert pd.isna(told["percent_covered"]["4201"])
    assert told["poor_with"]["4202"] == 30
    # So would the whole less the other amphoe.
    assert pd.isna(told["poor_with"][""])
    assert pd.isna(told["poor_without"][""])
    assert bool(told["hidden"]["4201"])


@given(
    st.dictionaries(
        st.sampled_from([f"42{a:02}01{m:02}" for a in (1, 2, 3) for m in (1, 2, 3)]),
        st.integers(0, 12),
        min_size=1,
    ),
    st.sets(st.sampled_from([f"42{a:02}01{m:02}" for a in (1, 2, 3) for m in (1, 2, 3)])),
)
def test_no_hidden_count_can_be_worked_out_from_what_is_shown(
    poor: dict[str, int], having: set[str]
) -> None:
    table = (
        funds(*({"village_code": code} for code in sorted(having)))
        if having
        else pl.DataFrame(schema=FUNDS_CONTRACT.stored_types)
    )
    told = coverage_of_poor(table, village_table(dict(poor)), "savings")
    rows = told.to_dict("records")
    amphoe, whole = rows[:-1], rows[-1]
    names = ("poor_with", "poor_without")
    for row in amphoe:
        shown = [row[name] for name in ("poor", *names)]
        assert not any(pd.notna(value) and 1 <= value <= 4 for value in shown)
        assert sum(pd.isna(value) for value in shown) != 1
    if any(row["hidden"] for row in amphoe):
        assert all(pd.isna(whole[name]) for name in names)
    totals = [row["poor"] for row in (*amphoe, whole)]
    assert sum(pd.isna(value) for value in totals) != 1


@pytest.mark.parametrize("rows", [0, 1, 100_000])
@pytest.mark.parametrize("missing", [False, True])
def test_nothing_one_row_or_a_hundred_thousand_funds_are_summed(rows: int, missing: bool) -> None:
    rng = np.random.default_rng(1)
    tambons = np.array([f"42{a:02}{t:02}" for a in range(1, 15) for t in range(1, 6)])
    codes = [
        f"{t}{m:02}"
        for t, m in zip(rng.choice(tambons, rows), rng.integers(1, 30, rows), strict=True)
    ]
    known: dict[str, object] = {
        "governance_level": rng.integers(1, 4, rows),
        "failed_principles": rng.choice(["rule_of_law", "virtue; transparency"], rows).tolist(),
        "members": rng.integers(1, 90, rows),
        "loans_baht": rng.random(rows) * 1e6,
        "overdue_baht": rng.random(rows) * 1e5,
    }
    types = FUNDS_CONTRACT.stored_types
    table = pl.DataFrame(
        {
            "fund_id": [f"f{n}" for n in range(rows)],
            "village_code": codes,
            "fund_type": rng.choice(KINDS, rows).tolist(),
            "year": np.full(rows, 2567),
        },
        schema={name: types[name] for name in ("fund_id", "village_code", "fund_type", "year")},
    ).with_columns(
        (pl.lit(None) if missing or name not in known else pl.Series(name, known[name]))
        .cast(kind)
        .alias(name)
        for name, kind in types.items()
        if name not in ("fund_id", "village_code", "fund_type", "year")
    )
    pandas = table.to_pandas()
    villages = village_table(dict.fromkeys(sorted(set(codes)), None if missing else 5))
    assert summary_by_village(table)["funds"].sum() == rows
    assert summary_by_amphoe(pandas)["funds"].sum() == rows
    levels = levels_of_funds(table)
    assert levels["funds"].sum() == rows
    for kind in KINDS:
        choropleth(levels, kind)
    assert remedy_counts(pandas)["funds"].sum() == len(remedies(pandas))
    assert villages_without(table, villages)["fund_type"].isin(KINDS).all()
    covered = coverage_of_poor(table, villages)
    assert covered["code"].tolist()[-1] == ""
