"""Small counts are hidden so that no reader can subtract them back."""

from __future__ import annotations

from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from phaenthi.layers.people.disclosure import hide_small_counts
from phaenthi.wording import Problem

LEVELS = (0, 2, 4, 6, 8)
# Mostly small numbers, where the danger is, and now and then a large one.
counts = st.one_of(st.integers(0, 7), st.integers(0, 7), st.integers(8, 300))


@st.composite
def published_trees(draw: st.DrawFn) -> pd.DataFrame:
    """Draw counts of villages with all their totals; some totals hold more than their parts."""
    villages: dict[str, int] = {}
    for province in range(draw(st.integers(1, 2))):
        for amphoe in range(1, draw(st.integers(1, 3)) + 1):
            for tambon in range(1, draw(st.integers(1, 3)) + 1):
                for moo in range(1, draw(st.integers(1, 4)) + 1):
                    villages[f"4{province}{amphoe:02d}{tambon:02d}{moo:02d}"] = draw(counts)
    rows = dict(villages)
    for digits in LEVELS[-2::-1]:
        below = {code: count for code, count in rows.items() if len(code) == digits + 2}
        for code in sorted({code[:digits] for code in below}):
            rest = draw(st.sampled_from([0, 0, 0, 0, 1, 3, 9]))
            rows[code] = sum(n for c, n in below.items() if c.startswith(code)) + rest
    return pd.DataFrame({"code": [*rows], "count": [*rows.values()]})


def what_a_reader_can_work_out(shown: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Return lowest and highest value of each hidden count that fits all that is published.

    The reader solves linear equations: each total is the sum of its parts and of a rest that no
    row shows. The reader may know that rest from elsewhere, unless it is a small count itself or
    all that the total holds. Hidden counts are 1 or more.
    """
    true = dict(zip(truth["code"], truth["count"], strict=True))
    known = {row.code: row.count for row in truth[~shown["hidden"]].itertuples()}
    hidden = [code for code in true if code not in known]
    equations: list[dict[str, float]] = []
    sums: list[float] = []
    for total in [code for code in true if len(code) < LEVELS[-1]]:
        parts = [code for code in true if len(code) == len(total) + 2 and code.startswith(total)]
        listed = sum(true[part] for part in parts)
        rest = true[total] - listed
        row = {part: 1.0 for part in parts if part not in known}
        right = -sum(known[part] for part in parts if part in known)
        if 1 <= rest < 5 or not listed:
            row[total + "~"] = 1.0
        else:
            right -= rest
        if total in known:
            right += known[total]
        else:
            row[total] = -1.0
        equations.append(row)
        sums.append(float(right))
    names = sorted({*hidden, *(name for row in equations for name in row)})
    matrix = np.array([[row.get(name, 0.0) for name in names] for row in equations])
    lowest_of = [0.0 if name.endswith("~") and not true[name[:-1]] else 1.0 for name in names]
    given_bounds = {
        code: (least, most)
        for code, least, most in zip(
            truth["code"],
            truth.get("at_least", truth["count"] * 0),
            truth.get("at_most", truth["count"] * 0),
            strict=True,
        )
    }
    bounds = [
        (max(lowest, given_bounds.get(name, (0, 0))[0]), given_bounds.get(name, (0, 0))[1] or None)
        for name, lowest in zip(names, lowest_of, strict=True)
    ]
    found = []
    for name in hidden:
        cost = np.array([float(other == name) for other in names])
        least = linprog(cost, A_eq=matrix, b_eq=sums, bounds=bounds)
        most = linprog(-cost, A_eq=matrix, b_eq=sums, bounds=bounds)
        assert least.status == 0, least.message
        found.append((name, true[name], least.fun, -most.fun if most.status == 0 else np.inf))
    return pd.DataFrame(found, columns=["code", "true", "lowest", "highest"])


@settings(max_examples=150)
@given(published_trees())
def test_what_is_published_leaves_four_values_open_for_every_hidden_count(
    table: pd.DataFrame,
) -> None:
    shown = hide_small_counts(table)
    ranges = what_a_reader_can_work_out(shown, table)
    assert (ranges["highest"] - ranges["lowest"] > 3 - 1e-6).all(), ranges


@settings(max_examples=150)
@given(published_trees(), st.integers(6, 12))
def test_a_rule_that_tells_how_many_at_least_opens_no_hidden_count(
    table: pd.DataFrame, limit: int
) -> None:
    villages = table["code"].str.len() == LEVELS[-1]
    met = villages & (table["count"] >= limit)
    table = table.assign(
        at_least=met.astype(int) * limit, at_most=(villages & ~met).astype(int) * (limit - 1)
    )
    told = table.astype({"at_most": "Int64"})
    told["at_most"] = told["at_most"].mask(told["at_most"] == 0)
    shown = hide_small_counts(told)
    ranges = what_a_reader_can_work_out(shown, table)
    assert (ranges["highest"] - ranges["lowest"] > 3 - 1e-6).all(), ranges


@settings(max_examples=150)
@given(published_trees(), st.randoms())
def test_small_counts_are_hidden_and_zero_never_is(table: pd.DataFrame, random: Random) -> None:
    order = random.sample(range(len(table)), len(table))
    shown = hide_small_counts(table.iloc[order]).loc[table.index]
    assert shown["hidden"][table["count"].between(1, 4)].all()
    assert not shown["hidden"][table["count"] == 0].any()
    assert shown["count"].isna().tolist() == shown["hidden"].tolist()
    kept = ~shown["hidden"]
    assert shown["count"][kept].tolist() == table["count"][kept].tolist()
    pd.testing.assert_series_equal(shown["hidden"], hide_small_counts(table)["hidden"])


def codes_hidden(counts: dict[str, int | None], smallest_shown: int = 5) -> set[str]:
    table = pd.DataFrame({"code": [*counts], "count": pd.array([*counts.values()], dtype="Int64")})
    shown = hide_small_counts(table, smallest_shown)
    return set(shown["code"][shown["hidden"]])


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    assert codes_hidden({"46010201": 5, "46010202": 0, "460102": 5, "4601": 5}) == set()


def test_a_lone_small_count_takes_its_smallest_neighbour_with_it() -> None:
    counts = {"46010201": 3, "46010202": 40, "46010203": 20, "46010204": 0, "460102": 63}
    assert codes_hidden(counts) == {"46010201", "46010203"}


def test_totals_that_nobody_listed_are_taken_as_published() -> None:
    assert codes_hidden({"46010201": 3, "46010202": 40}) == {"46010201", "46010202"}


def test_counts_that_only_ones_can_add_up_to_hide_their_total_too() -> None:
    ones = {f"460102{moo:02d}": 1 for moo in range(1, 6)}
    counts = {**ones, "46010301": 9, "460102": 5, "460103": 9, "4601": 14, "46": 14, "": 14}
    assert codes_hidden(counts) == {*ones, "460102", "460103", "46010301"}


def test_what_a_total_holds_beyond_its_parts_is_protected_too() -> None:
    counts = {"46010201": 30, "46010202": 40, "460102": 72}
    assert codes_hidden(counts) == {"46010201"}


def test_a_small_whole_is_hidden_as_well() -> None:
    assert codes_hidden({"46010201": 2, "460102": 2, "4601": 2, "46": 2, "": 2}) == {
        "46010201",
        "460102",
        "4601",
        "46",
        "",
    }


def test_a_missing_count_stays_missing_and_is_not_called_hidden() -> None:
    table = pd.DataFrame(
        {"code": ["46010201", "46010202"], "count": pd.array([None, 9], dtype="Int64")}
    )
    shown = hide_small_counts(table)
    assert shown["count"].isna().tolist() == [True, False]
    assert shown["hidden"].tolist() == [False, False]


def test_another_limit_may_be_set() -> None:
    counts = {"46010201": 9, "46010202": 40, "46010203": 20}
    assert codes_hidden(counts, smallest_shown=10) == {"46010201", "46010203"}
    assert codes_hidden({"46010201": 1, "46010202": 40}, smallest_shown=1) == set()


def test_a_total_below_the_sum_of_its_parts_is_told() -> None:
    with pytest.raises(Problem) as raised:
        codes_hidden({"46010201": 9, "460102": 8})
    assert raised.value.message_id == "layers.counts_do_not_add"
    assert "460102" in str(raised.value)


def test_the_table_given_is_not_changed() -> None:
    table = pd.DataFrame({"code": ["46010201"], "count": [3], "name": ["ก"]})
    shown = hide_small_counts(table)
    assert table["count"].tolist() == [3]
    assert shown["name"].tolist() == ["ก"]
