"""The best few choices, and how often a unit is in those close to the best."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from phaenthi.targeting.choice import alternatives
from phaenthi.targeting.limits import recount as recheck
from phaenthi.targeting.limits.problem import ChoiceProblem
from tests.targeting import problems_by_hand as by_hand


def ranked(problem: ChoiceProblem) -> list[tuple[str, ...]]:
    return sorted(
        by_hand.choices(problem), key=lambda codes: recheck.rank(problem, codes), reverse=True
    )


@pytest.mark.parametrize("seeds", [range(s, s + 30) for s in range(7_000, 7_090, 30)], ids=str)
def test_the_best_choices_come_in_the_declared_order(seeds: range) -> None:
    for seed in seeds:
        problem = by_hand.problem(seed, 7)
        assert list(islice(alternatives.in_order(problem), 6)) == ranked(problem)[:6], seed


def test_every_choice_close_to_the_best_is_counted_where_there_are_few() -> None:
    for seed in range(7_100, 7_140):
        problem = by_hand.problem(seed, 6)
        every = ranked(problem)
        if not every:
            with pytest.raises(ValueError, match="no choice"):
                alternatives.how_often(problem)
            continue
        found = alternatives.how_often(problem, within_percent=20)
        best = recheck.totals(problem, every[0])
        close = [
            codes
            for codes in every
            if (totals := recheck.totals(problem, codes))[:-2] == best[:-2]
            and 100 * totals[-2] >= 80 * best[-2]
        ]
        assert found.exact
        assert found.choices == len(close), seed
        held = Counter(code for codes in close for code in codes)
        assert found.share == {code: held[code] / len(close) for code in held}


def test_a_sample_says_that_it_is_one_and_holds_only_choices_close_to_the_best() -> None:
    problem = by_hand.problem(7_204, 10)
    every = ranked(problem)
    assert len(every) == 5
    found = alternatives.how_often(problem, within_percent=50, exact_up_to=1, samples=20)
    assert not found.exact
    assert found.choices >= 1
    assert all(found.share[code] > 0 for code in every[0])
    assert all(0 < share <= 1 for share in found.share.values())
    again = alternatives.how_often(problem, within_percent=50, exact_up_to=1, samples=20)
    assert found == again
