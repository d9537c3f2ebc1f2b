"""Kleene's three-valued logic: one verdict, many, and whole columns."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phaenthi.targeting.judging.verdict import (
    Verdict,
    all_of,
    all_of_columns,
    any_of,
    any_of_columns,
    at_least,
    at_least_column,
    opposite,
)

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
some_verdicts = st.lists(st.sampled_from(list(Verdict)), max_size=6)


def possible_truths(verdict: Verdict) -> list[bool]:
    """What a verdict may turn out to be once everything is known."""
    return {MET: [True], NOT_MET: [False], UNKNOWN: [True, False]}[verdict]


def verdict_of(truths: set[bool]) -> Verdict:
    return UNKNOWN if len(truths) == 2 else (MET if True in truths else NOT_MET)


@settings(deadline=None)
@given(some_verdicts)
def test_a_verdict_is_unknown_exactly_when_what_is_missing_could_turn_it(
    verdicts: list[Verdict],
) -> None:
    worlds = list(product(*(possible_truths(verdict) for verdict in verdicts)))
    assert all_of(verdicts) == verdict_of({all(world) for world in worlds})
    assert any_of(verdicts) == verdict_of({any(world) for world in worlds})


@settings(deadline=None)
@given(some_verdicts)
def test_de_morgan_holds_with_unknowns(verdicts: list[Verdict]) -> None:
    assert opposite(all_of(verdicts)) == any_of(opposite(one) for one in verdicts)


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.sampled_from(list(Verdict))] * 3), min_size=1, max_size=20))
def test_columns_are_judged_as_single_verdicts_are(rows: list[tuple[Verdict, ...]]) -> None:
    index = pd.Index([f"v{n}" for n in range(len(rows))])
    columns = [pd.Series([row[n].value for row in rows], index, dtype="string") for n in range(3)]
    assert all_of_columns(columns).tolist() == [all_of(row) for row in rows]
    assert any_of_columns(columns).tolist() == [any_of(row) for row in rows]
    assert all_of_columns(columns).index.equals(index)


def test_a_column_with_anything_else_is_refused() -> None:
    with pytest.raises(ValueError, match="maybe"):
        all_of_columns([pd.Series(["met", "maybe"])])
    with pytest.raises(ValueError, match="not a verdict"):
        any_of_columns([pd.Series(["met", None], dtype="string")])


@settings(deadline=None)
@given(st.integers(0, 30), st.one_of(st.none(), st.integers(0, 30)), st.integers(1, 30))
def test_a_count_known_as_an_interval_is_judged_by_every_count_that_it_can_be(
    certain: int, more: int | None, limit: int
) -> None:
    possible = None if more is None else certain + more
    counts = range(certain, (possible if possible is not None else max(certain, limit)) + 1)
    expected = verdict_of({count >= limit for count in counts})
    assert at_least(certain, possible, limit) == expected
    column = at_least_column(pd.Series([certain]), pd.Series([possible], dtype="Int64"), limit)
    assert column.tolist() == [expected]
